"""The four honest states of a number: not computed yet, computed, stale, exactly zero and why."""

import re

from playwright.sync_api import Locator, expect

from tests.browser.explorer import Explorer
from tests.tools.fixtures import SOFTMAX, ZEROS


def block(explorer: Explorer, node: str, which: str) -> Locator:
    return explorer.card(node).locator(f".block.{which}")


def has(state: str) -> re.Pattern[str]:
    return re.compile(rf"\b{state}\b")


def test_nothing_is_shown_before_it_is_computed(explorer: Explorer) -> None:
    explorer.open()
    for node in ("m0", "a0", "m1", "a1", "C"):
        expect(block(explorer, node, "value")).to_have_class(has("blank"))
        expect(block(explorer, node, "value").locator(".cell-text")).to_have_count(0)
        expect(explorer.card(node)).to_have_attribute("aria-label", re.compile("Value: not computed yet"))
    for node in ("x", "W0", "W1", "y"):
        expect(block(explorer, node, "value")).to_have_class(has("computed"))
        expect(block(explorer, node, "gradient")).to_have_class(has("blank"))


def test_each_beat_fills_in_what_it_computes_and_no_more(explorer: Explorer) -> None:
    explorer.open()
    order = ["m0", "a0", "m1", "a1", "C"]
    for beat, _ in enumerate(order, start=1):
        explorer.go(beat)
        for index, node in enumerate(order, start=1):
            state = "computed" if index <= beat else "blank"
            expect(block(explorer, node, "value")).to_have_class(has(state))


def test_after_the_update_what_was_computed_before_is_stale(explorer: Explorer) -> None:
    explorer.open("#beat=14")
    expect(explorer.card("W0")).to_have_class(has("moved"))
    expect(block(explorer, "W0", "value")).to_have_class(has("computed"))
    expect(block(explorer, "x", "value")).to_have_class(has("computed"))
    for node in ("m0", "a0", "m1", "a1", "C"):
        expect(block(explorer, node, "value")).to_have_class(has("stale"))
    for node in ("W0", "W1", "m0", "a1", "x"):
        expect(block(explorer, node, "gradient")).to_have_class(has("stale"))
        expect(block(explorer, node, "gradient").locator(".stale-veil")).to_have_count(1)
    explorer.card("m0").click()
    explorer.press("i")
    expect(explorer.page.locator(".inspector .state").first).to_have_text("stale: a parameter has moved since")


def test_an_exact_zero_says_why(explorer: Explorer) -> None:
    explorer.serve_as_lecture(ZEROS | {"iteration": 0})
    explorer.open("#beat=13")
    reasons = {
        "a1": "∂C/∂a1[0,0] = 0 because the output hits its target exactly",
        "m0": "∂C/∂m0[0,1] = 0 because the gate is closed: m0[0,1] = −2 is not above 0",
        "W0": "∂C/∂W0[1,0] = 0 because x[0,1] is 0",
        "m1": "∂C/∂m1[0,0] = 0 because what arrives, ∂C/∂a1[0,0], is 0: the output hits its target exactly",
        "x": "∂C/∂x[0,1] = 0 because the routes cancel: 1.5 via m0[0,0], −1.5 via m0[0,2] add up to 0",
    }
    for node, reason in reasons.items():
        cell = block(explorer, node, "gradient").locator(f'.cell[data-tip="{reason}"]')
        expect(cell).to_have_count(1)
        expect(cell.locator(".cell-text")).to_have_text("0")
        expect(cell.locator(".zero-mark")).to_have_count(1)
    marked = explorer.page.locator(".block.gradient .cell:has(.zero-mark)")
    zeros = [name for name, value in explorer.graph_numbers().items() if name.startswith("∂") and value == 0]
    expect(marked).to_have_count(len(zeros))


def test_the_inspector_tells_the_reason_of_a_zero(explorer: Explorer) -> None:
    explorer.serve_as_lecture(ZEROS | {"iteration": 0})
    explorer.open("#beat=13&select=m0")
    expect(explorer.page.locator(".inspector .reasons")).to_contain_text(
        "∂C/∂m0[0,1] is exactly 0: the gate is closed: m0[0,1] = −2 is not above 0."
    )


def test_zeros_in_every_row_of_a_batch_have_their_reason(explorer: Explorer) -> None:
    explorer.serve_as_lecture(SOFTMAX | {"iteration": 0})
    explorer.open("#beat=20")
    expect(explorer.page.locator(".narration")).to_be_visible()
    cell = block(explorer, "a1", "gradient").locator('.cell[data-entry="∂a1[1,0]"]')
    expect(cell).to_have_attribute("data-tip", "∂C/∂a1[1,0] = 0 because y[1,0] is 0")
