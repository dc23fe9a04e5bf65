"""A real server and a watched browser for the tests of this folder.

`page.goto("/")` opens the app. Whatever the page prints to the console, throws, or asks of another host fails the test
that made it do so; a test that means to provoke a message says so with `guard.allow("part of it")`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, WebError, expect

from tests.browser.explorer import Explorer
from tests.tools import browser as system_browser
from tests.tools.serving import served

# How long to wait for what the page shall show, at most: no test is about time, and a slow machine is no fault.
expect.set_options(timeout=30_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder `browser`, and run them after all others: a fault in the numbers is told first."""
    here = [item for item in items if Path(__file__).parent in item.path.parents]
    for item in here:
        item.add_marker("browser")
    items[:] = [item for item in items if item not in here] + here


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    args = [*browser_type_launch_args.get("args", []), *system_browser.FLAGS]
    path = system_browser.find()
    return {**browser_type_launch_args, "args": args} | ({"executable_path": path} if path else {})


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The base URL of the app, served by a process of its own."""
    with served() as url:
        yield url


@pytest.fixture(scope="session")
def base_url(server: str) -> str:
    return server


@dataclass
class Guard:
    """What went wrong in the pages of one test, in the order in which it did."""

    host: str
    seen: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def allow(self, part: str) -> None:
        """Let messages that contain `part` pass, in this test only."""
        self.allowed.append(part)

    def watch(self, context: BrowserContext) -> None:
        context.on("console", self.on_console)
        context.on("weberror", self.on_error)
        context.on("request", self.on_request)

    def on_console(self, message: ConsoleMessage) -> None:
        self.seen.append(f"console {message.type}: {message.text} ({message.location['url']})")

    def on_error(self, error: WebError) -> None:
        self.seen.append(f"uncaught: {error.error}")

    def on_request(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme not in {"data", "blob"} and url.netloc != self.host:
            self.seen.append(f"request to another host: {request.method} {request.url}")

    @property
    def complaints(self) -> list[str]:
        return [line for line in self.seen if not any(part in line for part in self.allowed)]


@pytest.fixture(autouse=True)
def guard(base_url: str) -> Iterator[Guard]:
    watching = Guard(urlsplit(base_url).netloc)
    yield watching
    if watching.complaints:
        pytest.fail("\n".join(watching.complaints), pytrace=False)


@pytest.fixture
def new_context(new_context: Callable[..., BrowserContext], guard: Guard) -> Callable[..., BrowserContext]:
    """pytest-playwright's own, of which `context` and `page` are made; each context is watched from its start.

    Its reader wants less motion, unless a test says otherwise: a step is there at once, without its film.
    """

    def watched(**options: Any) -> BrowserContext:
        context = new_context(**{"reduced_motion": "reduce", **options})
        guard.watch(context)
        return context

    return watched


@pytest.fixture
def explorer(page: Page) -> Explorer:
    """The page, not opened yet, as a reader uses it."""
    return Explorer(page)
