"""While the page loads over a slow line it keeps the places of what comes later: nothing jumps."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

SIZES = [(320, 640), (360, 740), (390, 844), (768, 1024), (1280, 720), (1440, 900)]
MOST = 0.02
SLOW_LINE = {"offline": False, "latency": 60, "downloadThroughput": 200 * 1024, "uploadThroughput": 200 * 1024}
OBSERVED = """window.shifts = [];
new PerformanceObserver(list => window.shifts.push(...list.getEntries().map(({ value, sources }) => [
    value, ...sources.map(({ node }) => node?.outerHTML?.slice(0, 80) ?? "a text"),
]))).observe({ type: "layout-shift", buffered: true });"""
# Once the shifts are larger than that; what is observed is told of later than the frame in which it was.
SEEN = """most => new Promise(done => {
    const sum = () => window.shifts.reduce((sum, [value]) => sum + value, 0);
    const look = () => sum() > most ? done() : requestAnimationFrame(look);
    look();
})"""
NARROW = 700


def loaded(new_context: Callable[..., BrowserContext], width: int, height: int) -> Page:
    is_phone = width < NARROW
    context = new_context(viewport={"width": width, "height": height}, is_mobile=is_phone, has_touch=is_phone)
    page = context.new_page()
    page.add_init_script(OBSERVED)
    context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW_LINE)
    page.goto("/", wait_until="networkidle")
    expect(page.locator(".chooser option").nth(1)).to_be_attached()
    expect(page.locator("[data-verdict]")).to_be_visible()
    return page


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_loading_shifts_nothing(new_context: Callable[..., BrowserContext], width: int, height: int) -> None:
    shifts: list[list[Any]] = loaded(new_context, width, height).evaluate("window.shifts")
    assert sum(value for value, *_ in shifts) < MOST, shifts


def test_a_shift_is_seen(new_context: Callable[..., BrowserContext]) -> None:
    page = loaded(new_context, 1280, 720)
    page.evaluate("() => { document.querySelector('.masthead').style.paddingTop = '200px'; }")
    page.evaluate(SEEN, MOST)
