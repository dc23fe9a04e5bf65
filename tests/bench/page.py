"""What the first graph costs: requests and bytes on the wire, by a browser that has nothing yet, against a bound."""

from collections.abc import Iterator

from playwright.sync_api import expect, sync_playwright

from tests.bench.compare import Comparison
from tests.browser.test_budget import ENTRIES, MOST_BYTES, MOST_REQUESTS
from tests.tools import browser as system_browser
from tests.tools.serving import served


def comparisons() -> Iterator[Comparison]:
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system_browser.find(), args=system_browser.FLAGS)
        page = browser.new_page(base_url=address)
        page.goto("/", wait_until="networkidle")
        expect(page.locator(".card").first).to_be_visible()
        entries = page.evaluate(ENTRIES)
        browser.close()
    total = sum(entry["bytes"] for entry in entries)
    yield Comparison("bytes until the first graph: the bound", total, MOST_BYTES, 1.0, unit="bytes")
    yield Comparison("requests until the first graph: the bound", len(entries), MOST_REQUESTS, 1.0, unit="count")
