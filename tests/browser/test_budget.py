"""What the first graph costs: requests and bytes on the wire, all from this machine."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

STATIC = Path(__file__).parents[2] / "static"
MOST_REQUESTS = 32
MOST_BYTES = 120 * 1024
ENTRIES = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .filter(it => it.responseEnd > 0)
    .map(it => ({ name: new URL(it.name).pathname, bytes: it.encodedBodySize }))"""


def behind_the_first_picture() -> list[str]:
    """The modules that the page asks for once its first picture stands, as it names them itself."""
    listed = re.search(r"const BEHIND = \[(.*?)\];", (STATIC / "js/main.js").read_text("utf-8"), re.DOTALL)
    assert listed, "the page names no modules that come later"
    return re.findall(r'"([^"]+)"', listed[1])


@pytest.mark.parametrize("example", ["lecture", "xor"])
def test_first_graph_is_small(page: Page, example: str) -> None:
    """What comes behind the first picture is held back: the picture stands without it."""
    behind: list[Route] = []
    names = behind_the_first_picture()
    page.route(lambda url: any(url.endswith(f"/js/{name}.js") for name in names), lambda route: behind.append(route))
    page.goto(f"/#example={example}", wait_until="commit")
    expect(page.locator(".card").first).to_be_visible()
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    expect(page.locator(".panel math").first).to_be_visible()
    page.wait_for_function("() => document.fonts.status === 'loaded'")
    entries = page.evaluate(ENTRIES)
    total = sum(entry["bytes"] for entry in entries)
    listing = "\n".join(f"{entry['bytes']:7} {entry['name']}" for entry in entries)
    print(f"{len(entries)} requests, {total} bytes\n{listing}")
    assert total > 20 * 1024, "the sizes are not known"
    assert len(entries) <= MOST_REQUESTS, listing
    assert total <= MOST_BYTES, listing
    for route in behind:
        route.continue_()
    expect(page.locator(".chooser option")).to_have_count(len(page.request.get("/api/v1/examples").json()))


@pytest.mark.parametrize(("fragment", "example"), [("", "lecture"), ("#example=xor", "xor")])
def test_first_answers_do_not_wait_for_what_draws_them(page: Page, fragment: str, example: str) -> None:
    """What the picture shows is asked for while the page's modules are on their way, and only once."""
    held: list[Route] = []
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.partition("/api/v1")[2]))
    page.route("**/js/app/page-view.js", lambda route: held.append(route))
    with page.expect_response("**/api/v1/step?**"):
        page.goto(f"/{fragment}", wait_until="commit")
    expect(page.locator(".card")).to_have_count(0)
    held[0].continue_()
    expect(page.locator(".card").first).to_be_visible()
    expect(page.locator("[data-verdict]")).to_be_visible()
    assert [it for it in asked if it.startswith(("/examples/", "/step"))] == [f"/examples/{example}", "/step?lean=true"]


def test_documents_of_the_api_open_without_a_message(page: Page) -> None:
    page.goto("/docs", wait_until="networkidle")
    expect(page.get_by_text("/api/v1/step").first).to_be_visible()
