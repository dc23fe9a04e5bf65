"""The page in one of three engines, as far as a short test needs it: open, look, click, press a key.

Chromium comes by Playwright. Firefox is asked over WebDriver BiDi, at its own port: Debian has no driver for it.
WebKit is asked over WebDriver, on a screen that nobody sees.
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from playwright.sync_api import Browser
from selenium.webdriver import WebKitGTK
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.remote.websocket_connection import WebSocketConnection
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

from tests.tools import engines

WIDTH, HEIGHT = 1280, 720
MOST_SECONDS = 30
# The window's frame and bar, which WebKit's size includes, fit besides.
SCREEN = "1440x1024x24"
CENTRE = """(() => {
    const { left, top, width, height } = document.querySelector(%s).getBoundingClientRect();
    return JSON.stringify([left + width / 2, top + height / 2].map(Math.round));
})()"""
# The names of keys in the WebDriver standards.
KEYS = {"ArrowRight": "\ue014"}
# WebKit's driver does not tell what the console says: from the load on the page writes it down itself.
WRITE_DOWN = """window.complaints = [];
const { error } = console;
console.error = (...given) => { window.complaints.push(given.join(" ")); error(...given); };
addEventListener("error", it => window.complaints.push(it.message));
addEventListener("unhandledrejection", it => window.complaints.push(String(it.reason)));"""


class Engine(Protocol):
    """What the test does in each of them. A `script` is an expression; its value is a text, a number, true or false."""

    def open(self, url: str) -> None: ...
    def value(self, script: str) -> Any: ...
    def click(self, selector: str) -> None: ...
    def press(self, key: str) -> None: ...
    def complaints(self) -> list[str]: ...


class Chromium:
    def __init__(self, page: Any) -> None:
        self._page = page
        self._seen: list[str] = []
        page.on("console", lambda message: self._seen.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self._seen.append(str(error)))

    def open(self, url: str) -> None:
        self._page.goto(url)

    def value(self, script: str) -> Any:
        return self._page.evaluate(script)

    def click(self, selector: str) -> None:
        self._page.click(selector)

    def press(self, key: str) -> None:
        self._page.keyboard.press(key)

    def complaints(self) -> list[str]:
        return self._seen


class Firefox:
    def __init__(self, connection: WebSocketConnection) -> None:
        self._connection = connection
        self._seen: list[str] = []
        self._ask("session.new", capabilities={})
        self._ask("session.subscribe", events=["log.entryAdded"])
        connection.add_callback(_LogEntries, self._on_log)
        self._context = self._ask("browsingContext.getTree")["contexts"][0]["context"]
        self._here("browsingContext.setViewport", viewport={"width": WIDTH, "height": HEIGHT})

    def _ask(self, method: str, **parameters: Any) -> Any:
        answer = self._connection.send_cmd(method, parameters)
        if "result" not in answer:
            raise RuntimeError(f"{method}: {answer}")
        return answer["result"]

    def _here(self, method: str, **parameters: Any) -> Any:
        return self._ask(method, context=self._context, **parameters)

    def _on_log(self, entry: dict[str, Any]) -> None:
        if entry["level"] == "error":
            self._seen.append(entry["text"])

    def open(self, url: str) -> None:
        self._here("browsingContext.navigate", url=url, wait="complete")

    def value(self, script: str) -> Any:
        given = self._ask("script.evaluate", expression=script, target={"context": self._context}, awaitPromise=True)
        if given["type"] != "success":
            raise RuntimeError(f"{script}: {given}")
        return given["result"].get("value")

    def click(self, selector: str) -> None:
        x, y = centre(self, selector)
        move = {"type": "pointerMove", "x": x, "y": y}
        press = [{"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        self._here("input.performActions", actions=[{"type": "pointer", "id": "mouse", "actions": [move, *press]}])

    def press(self, key: str) -> None:
        keys = [{"type": kind, "value": KEYS.get(key, key)} for kind in ("keyDown", "keyUp")]
        self._here("input.performActions", actions=[{"type": "key", "id": "keyboard", "actions": keys}])

    def complaints(self) -> list[str]:
        return self._seen


class _LogEntries:
    event_class = "log.entryAdded"

    @staticmethod
    def from_json(entry: dict[str, Any]) -> dict[str, Any]:
        return entry


class WebKit:
    def __init__(self, driver: WebKitGTK) -> None:
        self._driver = driver
        driver.set_window_size(WIDTH, HEIGHT)

    def open(self, url: str) -> None:
        self._driver.get(url)
        self._driver.execute_script(WRITE_DOWN)

    def value(self, script: str) -> Any:
        return self._driver.execute_script(f"return {script}")

    def click(self, selector: str) -> None:
        actions = ActionBuilder(self._driver)
        actions.pointer_action.move_to_location(*centre(self, selector)).click()
        actions.perform()

    def press(self, key: str) -> None:
        ActionChains(self._driver).send_keys(KEYS.get(key, key)).perform()

    def complaints(self) -> list[str]:
        found: list[str] = self.value("window.complaints")
        return found


@contextmanager
def chromium(browser: Browser) -> Iterator[Engine]:
    page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, reduced_motion="reduce")
    yield Chromium(page)
    page.close()


@contextmanager
def firefox(path: str) -> Iterator[Engine]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        Path(profile, "user.js").write_text('user_pref("ui.prefersReducedMotion", 1);\n', encoding="utf-8")
        command = [path, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"]
        log = Path(profile, "log.txt")
        with log.open("w") as written:
            process = subprocess.Popen([*command, "about:blank"], stdout=subprocess.DEVNULL, stderr=written)
        try:
            found = soon(lambda: re.search(r"ws://\S+", log.read_text(encoding="utf-8")))
            yield Firefox(WebSocketConnection(f"{found[0]}/session", MOST_SECONDS, 0.02))
        finally:
            process.kill()  # it is gone at once; asked to close, it takes ten seconds
            process.wait()


@contextmanager
def webkit(driver: str, browser: str) -> Iterator[Engine]:
    options = Options()
    options.binary_location = browser
    options.add_argument("--automation")
    with _screen() as display:
        environment = os.environ | {"DISPLAY": display}
        service = Service(executable_path=driver, env=environment, log_output=subprocess.DEVNULL)
        opened = WebKitGTK(options=options, service=service)
        try:
            yield WebKit(opened)
        finally:
            opened.quit()


@contextmanager
def _screen() -> Iterator[str]:
    """The name of a screen that nobody sees, or of this machine's own where it has no Xvfb."""
    if not shutil.which("Xvfb"):
        yield os.environ["DISPLAY"]
        return
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", SCREEN, "-nolisten", "tcp"]
    process = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            yield f":{told.readline().strip()}"
    finally:
        process.terminate()
        process.wait()


def centre(engine: Engine, selector: str) -> list[int]:
    """Where its first element is: the drivers' own way does not find what is in an SVG."""
    found: list[int] = json.loads(engine.value(CENTRE % json.dumps(selector)))
    return found


def soon(look: Callable[[], Any]) -> Any:
    """What `look` finds as soon as it finds something; at last whatever it finds."""
    end = time.monotonic() + MOST_SECONDS
    while not (found := look()) and time.monotonic() < end:
        time.sleep(0.05)
    return found


# Each of Chromium's browser, which the other two do without; nothing where an engine is not there.
ENGINES: dict[str, Callable[[Browser], Any]] = {
    "chromium": chromium,
    "firefox": lambda _browser: (path := engines.firefox()) and firefox(path),
    "webkit": lambda _browser: (found := engines.webkit()) and webkit(*found),
}
