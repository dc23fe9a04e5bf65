"""What is typed into the Formulas panel beside what the graph shows: undone first, never lost; its values its own."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Guard
from tests.browser.explorer import Explorer
from tests.browser.test_formulas import REFUSED, card, cell, field

PRODUCT = "f = (x + y) * z"
WRONG = "f = (x + y * z"
NEURON = "z = w @ x + b\na = 1 / (1 + exp(-z))\nC = (a - t)**2"


def expect_fault(explorer: Explorer) -> None:
    expect(explorer.page.locator(".formulas-faults li").first).to_contain_text("was never closed")


@pytest.mark.parametrize("way", ["buttons", "keys", "menu"])
def test_undo_takes_a_faulty_draft_back_before_any_deed(explorer: Explorer, guard: Guard, way: str) -> None:
    guard.allow(REFUSED)
    explorer.open("#example=neuron&panel=formulas")
    explorer.page.locator(".chooser select").select_option("product")
    expect(field(explorer)).to_have_value(PRODUCT)
    field(explorer).fill(WRONG)
    expect_fault(explorer)
    expect(explorer.page.locator(".formulas")).to_contain_text("The graph shows the text before this.")

    def go(name: str, keys: str) -> None:
        if way == "buttons":
            explorer.page.locator(".did").get_by_role("button", name=name).click()
        elif way == "keys":
            explorer.page.locator(".panel.formulas").focus()
            explorer.press(keys)
        else:
            explorer.command(name)

    go("Undo", "Control+z")
    expect(field(explorer)).to_have_value(PRODUCT)
    expect(explorer.page.locator(".formulas-faults .fine")).to_be_visible()
    expect(card(explorer, "f")).to_be_visible()
    go("Redo", "Control+Shift+z")
    expect(field(explorer)).to_have_value(WRONG)
    expect_fault(explorer)
    go("Undo", "Control+z")
    expect(field(explorer)).to_have_value(PRODUCT)
    go("Undo", "Control+z")
    expect(field(explorer)).to_have_value(NEURON)
    go("Redo", "Control+Shift+z")
    expect(field(explorer)).to_have_value(PRODUCT)
    go("Redo", "Control+Shift+z")
    expect(field(explorer)).to_have_value(WRONG)


def test_what_was_taken_back_is_had_again_after_a_reload(explorer: Explorer, guard: Guard) -> None:
    guard.allow(REFUSED)
    explorer.open("#example=product&panel=formulas")
    expect(explorer.page.locator(".did")).to_have_count(0)
    field(explorer).fill(WRONG)
    expect_fault(explorer)
    explorer.button("Go back to it").click()
    expect(field(explorer)).to_have_value(PRODUCT)
    explorer.page.reload()
    expect(field(explorer)).to_have_value(PRODUCT)
    explorer.button("Redo: what is typed").click()
    expect(field(explorer)).to_have_value(WRONG)
    expect_fault(explorer)


def test_beside_another_panel_undo_is_of_deeds_and_the_draft_can_be_had_back(explorer: Explorer, guard: Guard) -> None:
    guard.allow(REFUSED)
    explorer.open("#example=product&panel=formulas")
    field(explorer).fill("f = (x - y) * z")
    expect(explorer.button("Undo: the formulas")).to_be_visible()
    expect(explorer.page.locator(".formulas-faults .fine")).to_be_visible()
    field(explorer).fill(WRONG)
    expect_fault(explorer)
    explorer.page.get_by_role("button", name="What happens?").click()
    explorer.button("Undo: the formulas").click()
    expect(explorer.page.locator(".chooser select")).to_have_value("product")
    explorer.page.keyboard.press("y")
    expect(field(explorer)).to_have_value(PRODUCT)
    explorer.button("Bring it back").click()
    expect(field(explorer)).to_have_value(WRONG)


def test_a_step_beside_a_faulty_draft_is_not_undone_by_mending_it(explorer: Explorer, guard: Guard) -> None:
    guard.allow(REFUSED)
    explorer.open("#example=product&panel=formulas")
    field(explorer).fill(WRONG)
    expect_fault(explorer)
    explorer.button("Teach it one step").click()
    explorer.expect_iteration(1)
    moved = cell(explorer, "x[0,0]").get_attribute("data-tip")
    assert moved != "x = −1"
    expect(field(explorer)).to_have_value(WRONG)
    field(explorer).fill(PRODUCT)
    expect(explorer.page.locator(".formulas-faults .fine")).to_be_visible()
    explorer.expect_iteration(1)
    expect(cell(explorer, "x[0,0]")).to_have_attribute("data-tip", moved or "")


def test_another_text_has_values_of_its_own_and_the_old_are_one_press_away(explorer: Explorer) -> None:
    explorer.open("#example=neuron&panel=formulas")
    became = explorer.page.locator(".formulas-became")
    expect(became).to_have_text("")
    field(explorer).fill("m = mean(x)\ns = (x - m) / w\nL = sum(s * s) + b")
    expect(became).to_contain_text("w, b and x have new values.")
    expect(cell(explorer, "w[0,0]")).not_to_have_attribute("data-tip", "w[0] = 0.6")
    explorer.button("Keep the old").click()
    expect(became).to_contain_text("w, b and x kept their values.")
    expect(cell(explorer, "w[0,0]")).to_have_attribute("data-tip", re.compile(r"^w\[0\] = 0\.6\b"))
    explorer.button("New values").click()
    expect(became).to_contain_text("w, b and x have new values.")
    expect(cell(explorer, "w[0,0]")).not_to_have_attribute("data-tip", re.compile(r"^w\[0\] = 0\.6\b"))


def test_an_edited_text_keeps_its_values_says_so_and_makes_others(explorer: Explorer) -> None:
    explorer.open("#example=product&panel=formulas")
    field(explorer).fill("f = (x + y) * z + x")
    became = explorer.page.locator(".formulas-became")
    expect(became).to_contain_text("x, y and z kept their values.")
    expect(cell(explorer, "y[0,0]")).to_have_attribute("data-tip", "y = 4")
    explorer.button("New values").click()
    expect(cell(explorer, "y[0,0]")).not_to_have_attribute("data-tip", re.compile(r"^y = 4\b"))
    explorer.page.locator(".did").get_by_role("button", name="Undo").click()
    expect(cell(explorer, "y[0,0]")).to_have_attribute("data-tip", re.compile(r"^y = 4\b"))
    expect(became).to_have_text("")


RESIDUAL = """r = np.sqrt(np.mean(x**2, axis=-1, keepdims=True) + eps)
n = x / r * g
h = np.maximum(0, n @ W1 + b1)
y = x + h @ W2
C = np.mean((y - t)**2)"""


def test_a_layer_with_a_residual_is_typed_and_gets_its_values(explorer: Explorer, guard: Guard) -> None:
    guard.allow(REFUSED)
    explorer.open("#example=product&panel=formulas")
    field(explorer).press("Control+a")
    explorer.page.keyboard.type(RESIDUAL)
    missing = explorer.page.locator(".formulas-missing")
    expect(missing.locator("b")).to_have_text(["eps", "g", "W1", "b1", "W2", "t"])
    faults = explorer.page.locator(".formulas-faults")
    expect(faults).to_contain_text("eps, g, W1, b1, W2 and t have no value yet: give each one under Values.")
    expect(faults).to_contain_text("Mean along axis -1: a number has no axis")
    expect(explorer.page.locator(".formulas-notes li").nth(2)).to_contain_text("W1 has no value yet")
    shapes = {"x": "2 × 3", "g": "3", "W1": "3x4", "b1": "4", "W2": "4, 3", "t": "2 × 3", "eps": "number"}
    for name, shape in shapes.items():
        label = f"Shape of {name}" if name == "x" else f"Another shape for {name}"
        typed = explorer.page.get_by_label(label, exact=True)
        typed.fill(shape)
        typed.press("Enter")
        expect(missing.filter(has=explorer.page.get_by_text(name, exact=True))).to_have_count(0)
    expect(faults).to_have_text("✓ The graph shows these lines.")
    expect(explorer.page.locator(".chooser select option:checked")).to_have_text("Formulas of my own")
    expect(cell(explorer, "eps[0,0]")).to_have_attribute("data-tip", "eps = 0.00001")
    for constant in ("x", "t", "eps"):
        expect(explorer.page.locator(f'svg.graph .card.constant[data-walk="{constant}"]')).to_have_count(1)
    explorer.page.get_by_role("button", name="What happens?").click()
    expect(explorer.page.locator(".lines h2")).to_have_text("Formulas of my own")


def test_what_another_text_will_have_is_seen_while_it_is_typed(explorer: Explorer, guard: Guard) -> None:
    guard.allow(REFUSED)
    explorer.open("#example=neuron&panel=formulas")
    field(explorer).fill("q = x @ A @ w")
    expect(explorer.page.locator(".formulas-missing")).to_contain_text("A has no value yet")
    expect(explorer.page.locator(".formulas-became")).to_contain_text("This is another text: w and x have new values.")
    shape = explorer.page.get_by_label("Shape of w")
    shape.fill("3")
    shape.press("Enter")
    expect(explorer.page.locator(".formulas-became")).to_contain_text("w and x have new values.")
    explorer.page.locator(".formulas-missing").get_by_role("button", name="a matrix, 2 × 2").click()
    shape = explorer.page.get_by_label("Shape of A")
    shape.fill("2 × 3")
    shape.press("Enter")
    expect(card(explorer, "q")).to_be_visible()
    # The text as it was has its values again.
    explorer.page.locator(".did").get_by_role("button", name="Undo").click()
    expect(field(explorer)).to_have_value(NEURON)
    expect(cell(explorer, "w[0,0]")).to_have_attribute("data-tip", "w[0] = 0.6")
