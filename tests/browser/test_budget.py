"""What the first graph costs: requests and bytes on the wire, all from this machine."""

import pytest
from playwright.sync_api import Page, expect

MOST_REQUESTS = 32
MOST_BYTES = 120 * 1024
ENTRIES = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .map(it => ({ name: new URL(it.name).pathname, bytes: it.encodedBodySize }))"""


@pytest.mark.parametrize("example", ["lecture", "xor"])
def test_first_graph_is_small(page: Page, example: str) -> None:
    page.goto(f"/#example={example}", wait_until="networkidle")
    expect(page.locator(".card").first).to_be_visible()
    expect(page.locator(".chooser option")).to_have_count(8)
    entries = page.evaluate(ENTRIES)
    total = sum(entry["bytes"] for entry in entries)
    listing = "\n".join(f"{entry['bytes']:7} {entry['name']}" for entry in entries)
    print(f"{len(entries)} requests, {total} bytes\n{listing}")
    assert total > 20 * 1024, "the sizes are not known"
    assert len(entries) <= MOST_REQUESTS, listing
    assert total <= MOST_BYTES, listing


def test_documents_of_the_api_open_without_a_message(page: Page) -> None:
    page.goto("/docs", wait_until="networkidle")
    expect(page.get_by_text("/api/v1/step").first).to_be_visible()
