"""What is selected is explained beside it: nothing moves, nothing is hidden that is meant, and keys go on with time."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.explorer import Explorer

SIZES = [(2560, 1440), (1440, 900), (1280, 720), (1024, 768), (768, 1024), (720, 450), (390, 844), (320, 640)]
# Where every card stands, to a pixel.
CARDS = """() => [...document.querySelectorAll("svg.graph .card")].map(it => {
    const { x, y, width, height } = it.querySelector(".card-shape").getBoundingClientRect();
    return [x, y, width, height].map(Math.round).join(" ");
})"""

# Where the controls are not over it, on a phone.
SCROLL = "cell => scrollBy(0, cell.getBoundingClientRect().top - 150)"
IN_SIGHT = """entry => {
    const { left, right } = document.querySelector(`.board [data-entry="${entry}"]`).getBoundingClientRect();
    const board = document.querySelector(".board").getBoundingClientRect();
    return left >= board.left && right <= board.right;
}"""


def callout(explorer: Explorer) -> Locator:
    return explorer.page.locator(".callout")


def number(explorer: Explorer, entry: str) -> Locator:
    return explorer.page.locator(f'.board [data-entry="{entry}"]').first


def box(of: Locator) -> Any:
    found = of.bounding_box()
    assert found
    return found


def overlap(one: Any, other: Any) -> float:
    width: float = min(one["x"] + one["width"], other["x"] + other["width"]) - max(one["x"], other["x"])
    height: float = min(one["y"] + one["height"], other["y"] + other["height"]) - max(one["y"], other["y"])
    return max(0.0, width) * max(0.0, height)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_click_opens_it_beside_the_cell_and_moves_no_card(explorer: Explorer, width: int, height: int) -> None:
    explorer.page.set_viewport_size({"width": width, "height": height})
    explorer.page.emulate_media(reduced_motion="reduce")
    explorer.open("#beat=13")
    for entry in ("m0[0,1]", "W0[1,2]", "a1[0,1]"):
        number(explorer, entry).evaluate(SCROLL)
        if not explorer.page.evaluate(IN_SIGHT, entry):
            continue  # the part around the beat is shown
        before = explorer.page.evaluate(CARDS)
        number(explorer, entry).click()
        expect(callout(explorer)).to_contain_text(entry.partition("[")[2])
        explorer.settle()
        place = box(callout(explorer))
        assert min(place["x"], place["y"]) >= 0
        assert place["x"] + place["width"] <= width
        assert place["y"] + place["height"] <= height
        assert overlap(place, box(number(explorer, entry))) == 0
        assert explorer.page.evaluate(CARDS) == before
        expect(explorer.page.locator(".narration")).to_be_attached()
        explorer.press("Escape")
        expect(callout(explorer)).to_have_count(0)


def test_it_says_how_value_and_gradient_came_to_be(explorer: Explorer) -> None:
    explorer.open("#beat=13")
    number(explorer, "a0[0,2]").click()
    trace = explorer.step(explorer.example("lecture"))["trace"]
    node = next(it for it in trace["nodes"] if it["id"] == "a0")
    numbers = callout(explorer).locator("b")
    digits = [str(node[kind][0][2]).replace("-", "−") for kind in ("value", "gradient")]
    assert [it.get_attribute("data-tip") for it in numbers.all()] == digits
    expect(callout(explorer).locator(".equation")).to_have_count(2)
    for part in ("−0.2836", "0.2888", "−0.9"):
        expect(callout(explorer).locator(".gradient .row.numbers").filter(has_text=part).first).to_be_visible()
    expect(explorer.page.locator(".callout-slot [role=status]")).to_contain_text("a0[0,2] is 0.3870.")
    expect(explorer.page.get_by_role("dialog", name=re.compile("a.*0.3870"))).to_be_visible()


def test_a_weight_that_has_moved_says_by_what(explorer: Explorer) -> None:
    explorer.open("#beat=15")
    number(explorer, "W1[1,1]").click()
    expect(callout(explorer).locator("h2")).to_contain_text("−0.2758")
    for part in ("−0.2", "0.5", "0.1516"):
        expect(callout(explorer).locator(".value .row.numbers").filter(has_text=part).first).to_be_visible()


def test_the_panels_are_one_press_away(explorer: Explorer) -> None:
    explorer.open("#beat=13")
    number(explorer, "W0[1,2]").click()
    explorer.page.locator(".callout").get_by_role("button", name="Which way?").click()
    expect(explorer.page.locator("#chain-title")).to_be_visible()
    expect(callout(explorer)).to_have_count(0)
    number(explorer, "W0[0,0]").click()
    expect(explorer.page.locator("#chain-title")).to_have_text("Chain rule of W0[0,0]")
    expect(callout(explorer)).to_have_count(0)
    explorer.button("Close").click()
    number(explorer, "m0[0,0]").click()
    explorer.button("Open in full").click()
    expect(explorer.page.locator("#inspector-title .what")).to_contain_text("m")
    expect(callout(explorer)).to_have_count(0)


def test_another_panel_stays_as_it_is(explorer: Explorer) -> None:
    explorer.open("#beat=13&panel=check")
    checked = explorer.page.locator(".check tbody")
    expect(checked).to_be_visible()
    number(explorer, "m0[0,1]").click()
    expect(callout(explorer)).to_be_visible()
    expect(checked).to_be_visible()
    explorer.press("Escape")
    expect(callout(explorer)).to_have_count(0)
    expect(checked).to_be_visible()


def test_it_closes_on_its_cross_on_escape_and_on_a_click_elsewhere(explorer: Explorer) -> None:
    explorer.open("#beat=13")
    board = box(explorer.page.locator(".board"))
    closings: tuple[Callable[[], None], ...] = (
        lambda: callout(explorer).get_by_role("button", name="Close").click(),
        lambda: explorer.press("Escape"),
        lambda: explorer.page.mouse.click(6, board["y"] + 4),
        lambda: explorer.page.locator(".sentence").click(),
    )
    for close in closings:
        number(explorer, "m0[0,1]").click()
        expect(callout(explorer)).to_be_visible()
        close()
        expect(callout(explorer)).to_have_count(0)
    expect(explorer.page.locator(".card.selected")).to_have_count(0)


def test_time_goes_on_with_a_number_selected_and_the_callout_follows(explorer: Explorer) -> None:
    explorer.open()
    number(explorer, "m0[0,1]").click()
    expect(callout(explorer)).to_contain_text("is not computed yet")
    explorer.press("ArrowRight")
    explorer.expect_beat(1)
    expect(callout(explorer).locator("h2")).to_contain_text("0.1")
    explorer.press("ArrowRight", "ArrowLeft")
    explorer.expect_beat(1)
    expect(explorer.page.locator(".graph-keys")).to_be_hidden()
    expect(callout(explorer)).to_be_visible()


def test_the_arrows_move_in_the_graph_only_by_keys_and_it_says_so(explorer: Explorer) -> None:
    explorer.open("#beat=13")
    sign = explorer.page.locator(".graph-keys")
    number(explorer, "m0[0,0]").click()
    expect(sign).to_be_hidden()
    explorer.press("Enter")
    expect(sign).to_be_visible()
    expect(sign).to_have_text("Keyboard: arrows move, Enter selects, Esc leaves")
    explorer.press("ArrowRight")
    expect(callout(explorer).locator("h2")).to_contain_text("[0,1]")
    explorer.expect_beat(13)
    expect(explorer.card("m0")).to_be_focused()
    explorer.press("Escape")
    expect(callout(explorer)).to_have_count(0)
    expect(sign).to_be_visible()
    explorer.press("Escape")
    expect(sign).to_be_hidden()
    explorer.press("ArrowRight")
    explorer.expect_beat(14)


def test_in_the_table_and_among_the_neurons_too(explorer: Explorer) -> None:
    explorer.open("#beat=13&view=neurons")
    neuron = number(explorer, "a0[0,1]")
    neuron.click()
    expect(callout(explorer).locator("h2")).to_contain_text("0.5250")
    explorer.settle()
    assert overlap(box(callout(explorer)), box(neuron.locator("circle").first)) == 0
    explorer.press("3")
    cell = explorer.page.locator('td[data-entry="m1[0,1]"]').first
    cell.click()
    expect(callout(explorer).locator("h2")).to_contain_text("0.4203")
    explorer.settle()
    assert overlap(box(callout(explorer)), box(cell)) == 0
    expect(cell).to_have_class(re.compile("chosen"))


def test_it_follows_the_picture_as_it_is_moved(explorer: Explorer) -> None:
    explorer.open("#beat=13")
    number(explorer, "m0[0,1]").click()
    expect(callout(explorer)).to_be_visible()
    explorer.settle()
    # The card itself stays while it still stands well: its line goes to where the number is now.
    line = explorer.page.locator(".callout-leader").first
    before = line.get_attribute("style") or ""
    explorer.press("+")
    expect(explorer.page.locator(".zoomed")).to_be_attached()
    expect(line).not_to_have_attribute("style", before)
    explorer.settle()
    assert overlap(box(callout(explorer)), box(number(explorer, "m0[0,1]"))) == 0


def test_a_link_leads_to_it(explorer: Explorer) -> None:
    explorer.open("#beat=13")
    number(explorer, "m0[0,1]").click()
    expect(explorer.page).to_have_url(re.compile(r"select=m0\[0,1\]&panel=beat"))
    explorer.page.reload()
    expect(callout(explorer)).to_contain_text("0.1")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("abc", "abc is not a number, such as"),
        ("", "Nothing is typed"),
        ("NaN", "NaN is no number"),
        ("1e999", "1e999 is too large"),
        ("1/0", "1/0 divides by 0"),
    ],
)
def test_refused_input_says_why_beside_its_cell_and_is_not_lost(explorer: Explorer, typed: str, words: str) -> None:
    explorer.open()
    number(explorer, "W0[0,1]").dblclick()
    field = explorer.page.locator(".board .cell-editor")
    expect(field).to_be_focused()
    field.fill(typed)
    explorer.press("Enter")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile(re.escape(words)))
    expect(explorer.page.locator(".callout.refused")).to_contain_text(words)
    explorer.settle()
    assert overlap(box(explorer.page.locator(".callout.refused")), box(field)) == 0
    number(explorer, "m0[0,0]").click()
    expect(field).to_have_value(typed)
    field.fill("1/3")
    expect(explorer.page.locator(".callout.refused")).to_have_count(0)
    explorer.press("Enter")
    expect(field).to_have_count(0)
    expect(explorer.page.locator(".about")).to_contain_text("W0[0,1] −0.6 → 0.3333")
    explorer.settle()
    assert explorer.graph_numbers()["W0[0,1]"] == 1 / 3


def test_the_inspectors_and_builds_fields_say_why_too(explorer: Explorer) -> None:
    explorer.open("#select=W0[0,1]&panel=inspect")
    field = explorer.page.locator(".inspector .cell-editor")
    field.fill("abc")
    explorer.press("Enter")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("abc is not a number"))
    expect(field).to_have_value("abc")
    expect(explorer.page.locator(".board .cell-editor")).to_have_count(0)
    field.fill("0.5")
    expect(field).to_have_attribute("aria-invalid", "false")
    explorer.press("Enter")
    expect(explorer.page.locator(".about")).to_contain_text("W0[0,1] −0.6 → 0.5")
    explorer.open("#panel=build")
    seed = explorer.page.get_by_label("Seed", exact=True)
    seed.fill("1.5")
    explorer.press("Tab")
    expect(seed).to_have_attribute("aria-invalid", "true")
    expect(seed).to_have_accessible_description(re.compile("1.5 is not a whole number"))
