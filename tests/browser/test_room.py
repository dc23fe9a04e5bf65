"""Graph, panel and the words of the walk are in sight together, on every screen and when presenting; nothing is cut."""

from typing import Any

import pytest
from playwright.sync_api import Locator, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from tests.browser.explorer import Explorer

PHONE = {"width": 390, "height": 844}
TABLET = {"width": 1024, "height": 768}
LAPTOP = {"width": 1440, "height": 900}
# Of the screen: enough to read on from.
LEAST_SHARE = 0.2

# Whether the words of the walk are on the screen, and with a lens enough of its panel.
TOGETHER = """([lens, share]) => {
    const words = document.querySelector(".walk").getBoundingClientRect();
    const panel = document.querySelector(".desk > .panel")?.getBoundingClientRect();
    const shown = panel ? (Math.min(panel.bottom, innerHeight) - Math.max(panel.top, 0)) / innerHeight : 0;
    return words.top >= 0 && words.bottom <= innerHeight && (!lens || shown > share);
}"""
WHERE = """() => JSON.stringify(document.querySelector(".walk").getBoundingClientRect())"""
SIDEWAYS = """() => [...document.querySelectorAll(".panel table")]
    .filter(it => it.getBoundingClientRect().right > it.closest(".panel").getBoundingClientRect().right
        || it.parentElement.scrollWidth > it.parentElement.clientWidth + 1)
    .map(it => it.className)"""
SMALL = """() => [...document.querySelectorAll(".panel *, .walk *")]
    .filter(it => !it.closest("svg, .visually-hidden") && [...it.childNodes].some(node => node.nodeType === 3
        && node.textContent.trim()) && parseFloat(getComputedStyle(it).fontSize) < 11)
    .map(it => `${it.tagName} ${it.textContent}: ${getComputedStyle(it).fontSize}`)"""
STOPS = 13
LENSES = range(7, 13)
LENSES_WITH_AN_ANSWER = (10, 11, 12)


def seen(of: Locator) -> float:
    """What share of the screen's height shows it."""
    share: float = of.evaluate("""it => {
        const { top, bottom } = it.getBoundingClientRect();
        return (Math.min(bottom, innerHeight) - Math.max(top, 0)) / innerHeight;
    }""")
    return share


def open_at(explorer: Explorer, size: Any, fragment: str) -> Locator:
    explorer.page.set_viewport_size(size)
    explorer.page.emulate_media(reduced_motion="reduce")
    explorer.open(fragment)
    return explorer.page.locator(".desk > .panel")


@pytest.mark.parametrize("size", [LAPTOP, TABLET, PHONE])
def test_a_number_that_is_selected_is_explained_in_sight(explorer: Explorer, size: Any) -> None:
    panel = open_at(explorer, size, "#beat=11")
    explorer.page.locator('svg.graph [data-entry="W0[1,2]"]').click()
    expect(explorer.page.locator(".callout")).to_be_in_viewport(ratio=1)
    explorer.page.locator(".callout").get_by_role("button", name="Which way?").click()
    expect(panel.locator(".routes tfoot")).to_be_attached()
    explorer.settle()
    assert seen(panel) > LEAST_SHARE
    if size != PHONE:
        assert seen(explorer.page.locator("svg.graph")) > LEAST_SHARE


@pytest.mark.parametrize("size", [LAPTOP, TABLET, PHONE])
def test_the_walks_words_and_what_they_speak_of_are_in_sight_together(explorer: Explorer, size: Any) -> None:
    panel = open_at(explorer, size, "#")
    explorer.press("w")
    expect(explorer.page.locator("#walk-title")).to_be_visible()
    for stop in range(2, STOPS + 1):
        explorer.button("Next").click()
        expect(explorer.page.locator("#walk-title")).to_contain_text(f"The lecture, {stop} of {STOPS}")
        if stop in LENSES_WITH_AN_ANSWER:
            expect(panel).to_have_attribute("aria-busy", "false")
        explorer.settle()
        # A lens that is opened for the first time is loaded, and the page scrolls to it then.
        lens = stop in LENSES
        try:
            explorer.page.wait_for_function(TOGETHER, arg=[lens, LEAST_SHARE], timeout=5000)
        except PlaywrightTimeoutError:
            pytest.fail(f"stop {stop} of {STOPS}: {explorer.page.evaluate(WHERE)}, {seen(panel):.2f} of the panel")


def test_an_open_panel_takes_the_hall_and_is_larger_there(explorer: Explorer) -> None:
    panel = open_at(explorer, LAPTOP, "#beat=11&select=W0[1,2]&panel=chain&stop=10")
    product = panel.locator("td.product").first
    words = explorer.page.locator(".walk-words p").first
    expect(product).to_be_visible()
    expect(words).to_be_visible()
    before = [it.bounding_box() for it in (product, words)]
    explorer.press("p")
    expect(explorer.page.locator(".in-hall")).to_be_visible()
    expect(product).to_be_visible()
    explorer.settle()
    for old, it in zip(before, (product, words), strict=True):
        new = it.bounding_box()
        assert old
        assert new
        assert new["height"] > old["height"] * 1.2
    assert seen(panel) > 0.35
    explorer.button("Close").click()
    expect(explorer.page.locator(".desk")).to_have_count(0)
    expect(explorer.page.locator(".hall-board")).to_be_visible()


@pytest.mark.parametrize("size", [LAPTOP, TABLET, PHONE])
def test_no_column_is_out_of_view_and_no_index_is_tiny(explorer: Explorer, size: Any) -> None:
    faults: list[str] = []
    for fragment in (
        "#beat=11&select=W0[1,2]&panel=chain",
        "#beat=11&select=W0[1,2]&panel=cache",
        "#beat=8&select=W1[0,0]&panel=slope",
        "#example=xor&beat=11&select=W0[0,0]&panel=chain&stop=10",
    ):
        panel = open_at(explorer, size, fragment)
        expect(panel.locator("table").first).to_be_visible()
        faults += [f"{fragment}: {it}" for script in (SIDEWAYS, SMALL) for it in explorer.page.evaluate(script)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("panel", ["chain", "slope", "cache", "check", "build", "data", "compare"])
def test_a_link_to_a_panel_shows_it_on_a_phone(explorer: Explorer, panel: str) -> None:
    """Also where the page glides, to the panel and not to the card of the beat."""
    size: Any = PHONE
    explorer.page.set_viewport_size(size)
    explorer.open(f"#beat=4&select=W0[1,2]&panel={panel}")
    shown = explorer.page.locator(".desk > .panel:not([aria-busy=true])")
    expect(shown).to_be_in_viewport(ratio=0.4)
    explorer.settle()
    expect(shown).to_be_in_viewport(ratio=0.4)
