"""What is to be known of a number beyond what it shows: under the pointer, by keys and by touch."""

import re
from itertools import product

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.explorer import Explorer


def tip(explorer: Explorer) -> Locator:
    return explorer.page.locator(".tip")


def cell(explorer: Explorer, entry: str) -> Locator:
    return explorer.page.locator(f'.board .cell[data-entry="{entry}"]')


def test_all_digits_under_the_pointer(explorer: Explorer) -> None:
    explorer.open("#beat=5")
    value = explorer.step(explorer.example("lecture"))["trace"]["nodes"][2]["value"][0][1]
    cell(explorer, "m0[0,1]").hover()
    expect(tip(explorer)).to_be_visible()
    expect(tip(explorer)).to_have_text(f"m0[0,1] = {value}".replace("-", "−"))
    explorer.page.locator(".masthead h1").hover()
    expect(tip(explorer)).to_be_hidden()


def test_escape_closes_it_while_the_pointer_stays(explorer: Explorer) -> None:
    explorer.open("#beat=5")
    cell(explorer, "m0[0,1]").hover()
    expect(tip(explorer)).to_be_visible()
    explorer.press("Escape")
    expect(tip(explorer)).to_be_hidden()


def test_by_keys_it_is_shown_at_the_focus_and_escape_closes_it_before_the_panel(explorer: Explorer) -> None:
    explorer.open("#beat=11&panel=chain&select=W0[1,2]")
    factor = explorer.page.locator(".routes td.factor").first
    explorer.page.locator(".panel.chain .scroll").focus()
    explorer.press("Tab")
    expect(factor).to_be_focused()
    expect(tip(explorer)).to_contain_text("∂C/∂a1[0,0] = 2 · (a1[0,0] − y[0,0])")
    expect(factor).to_have_attribute("aria-describedby", "tip")
    explorer.press("Escape")
    expect(tip(explorer)).to_be_hidden()
    expect(factor).not_to_have_attribute("aria-describedby", re.compile("."))
    expect(explorer.page.locator(".panel.chain")).to_be_visible()
    explorer.press("Escape")
    expect(explorer.page.locator(".panel.chain")).to_have_count(0)


def test_by_touch_a_tap_shows_it_and_the_next_closes_it(browser: Browser, base_url: str) -> None:
    with browser.new_context(base_url=base_url, has_touch=True, viewport={"width": 1280, "height": 800}) as context:
        explorer = Explorer(context.new_page())
        explorer.open("#beat=11&panel=chain&select=W0[1,2]")
        explorer.page.locator(".routes td.factor").first.tap()
        expect(tip(explorer)).to_contain_text("∂C/∂a1[0,0] = ")
        explorer.page.locator(".masthead h1").tap()
        expect(tip(explorer)).to_be_hidden()


# Puts a thing with something to tell into a corner of the screen.
CORNER = """([place, words]) => {
    document.getElementById("thing")?.remove();
    const thing = Object.assign(document.createElement("b"), { id: "thing", textContent: "?" });
    thing.dataset.tip = words;
    Object.assign(thing.style, { position: "fixed", zIndex: 9 }, place);
    document.body.append(thing);
}"""


@pytest.mark.parametrize("width", [1280, 360])
def test_it_never_leaves_the_screen(explorer: Explorer, width: int) -> None:
    page = explorer.page
    page.set_viewport_size({"width": width, "height": 600})
    explorer.open()
    for side, end, words in product(("left", "right"), ("top", "bottom"), ("short", "on and on " * 30, "0.12345" * 30)):
        page.mouse.move(width / 2, 300)
        page.evaluate(CORNER, [{side: "0", end: "0"}, words.strip()])
        page.locator("#thing").hover()
        expect(tip(explorer)).to_have_text(words.strip())
        expect(tip(explorer)).to_be_visible()
        box = tip(explorer).bounding_box()
        assert box
        assert min(box["x"], box["y"]) >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= 600
