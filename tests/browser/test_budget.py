"""What the first graph costs: requests and bytes on the wire, all from this machine."""

import pytest
from playwright.sync_api import Page, Route, expect

MOST_REQUESTS = 32
MOST_BYTES = 120 * 1024
ENTRIES = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .filter(it => it.responseEnd > 0)
    .map(it => ({ name: new URL(it.name).pathname, bytes: it.encodedBodySize }))"""


@pytest.mark.parametrize("example", ["lecture", "xor"])
def test_first_graph_is_small(page: Page, example: str) -> None:
    """What comes behind the first picture is held back: the picture stands without it."""
    behind: list[Route] = []
    page.route("**/js/app/afterwards.js", lambda route: behind.append(route))
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
    behind[0].continue_()
    expect(page.locator(".chooser option")).to_have_count(len(page.request.get("/api/v1/examples").json()))


def test_documents_of_the_api_open_without_a_message(page: Page) -> None:
    page.goto("/docs", wait_until="networkidle")
    expect(page.get_by_text("/api/v1/step").first).to_be_visible()
