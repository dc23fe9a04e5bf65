"""Names as long as a model's are: cut with an ellipsis wherever they are drawn, whole in the popover."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.explorer import Document, Explorer
from tests.browser.test_fit import faults_of
from tests.browser.test_formulas import card

KERNEL = "sequential_dense_MatMul_ReadVariableOp"
BIAS = "sequential_dense_BiasAdd_Read_bias"
RELU = "StatefulPartitionedCall_sequential_relu1"
MEAN = "StatefulPartitionedCall_sequential_gap1"
COST = "the_cost_of_it_all_in_the_end_as_it_is"
LINES = [
    f"{KERNEL}_x = inputs_of_the_first_layer @ {KERNEL}",
    f"sequential_dense_BiasAdd_ReadVariableOp2 = {KERNEL}_x + {BIAS}",
    f"{RELU} = relu(sequential_dense_BiasAdd_ReadVariableOp2)",
    f"{MEAN} = mean({RELU} ** 2 * scale_of_everything, axis=1)",
    f"{COST} = sum(({MEAN} - targets_of_it_all) ** 2)",
]
EXPERIMENT: Document = {
    "title": "Long names",
    "formulas": {
        "text": "\n".join(LINES),
        "parameters": {
            KERNEL: [[0.4, -0.6, 0.2], [0.3, 0.5, -0.7]],
            BIAS: [0.1, -0.2, 0.3],
            "scale_of_everything": 1.5,
        },
        "constants": {"inputs_of_the_first_layer": [[1, 0.5], [-0.5, 2]], "targets_of_it_all": [0.5, 0.2]},
    },
    "optimizer": {"name": "adam", "learning_rate": 0.1},
}
ENTRY = f"{KERNEL}[0,1]"
# Where no film of a beat lies over the graph: at the start, and where something is selected.
PLACES = [
    "#",
    "#layers=all",
    f"#beat=22&select={ENTRY}&panel=beat",
    f"#beat=22&select={ENTRY}",
    f"#beat=22&select={RELU}",
    f"#beat=22&select={KERNEL}_x>{KERNEL}",
    f"#beat=22&select={ENTRY}&panel=chain",
    f"#beat=22&select={ENTRY}&panel=chain&form=matrices",
    f"#beat=22&select={BIAS}[1]&panel=slope",
    f"#beat=22&select={BIAS}[1]&panel=cache",
    f"#beat=22&select={BIAS}[1]&panel=check",
    "#panel=formulas",
    "#panel=compare",
    "#view=table",
]


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1280, 720), (768, 1024), (390, 844), (320, 640)])
def test_no_name_runs_over_its_neighbours(explorer: Explorer, width: int, height: int) -> None:
    explorer.page.set_viewport_size({"width": width, "height": height})
    explorer.serve_as_lecture(EXPERIMENT)
    explorer.count_requests().open()
    faults = []
    for place in PLACES:
        explorer.visit(place)
        explorer.rest()
        faults += faults_of(explorer, place, width)
    assert not faults, "\n".join(faults)


def test_a_card_has_its_whole_name_for_the_keyboard_and_for_a_finger(explorer: Explorer) -> None:
    explorer.serve_as_lecture(EXPERIMENT)
    explorer.open()
    symbol = card(explorer, KERNEL).locator(".card-symbol")
    expect(symbol).to_have_text(re.compile("^sequ.*….*Op$"))
    expect(card(explorer, KERNEL)).to_have_attribute("data-tip", KERNEL)
    expect(card(explorer, KERNEL)).to_have_attribute("aria-label", re.compile(f"^{KERNEL}, 2 by 3"))
    tip = explorer.page.get_by_role("tooltip")
    card(explorer, KERNEL).locator(".card-shape-text").first.hover()
    expect(tip).to_have_text(KERNEL)
    explorer.page.mouse.move(5, 5)
    expect(tip).to_have_count(0)
    explorer.page.locator("svg.graph .card[tabindex='0']").focus()
    explorer.press("ArrowRight", "ArrowLeft")
    focused = explorer.page.locator("svg.graph .card:focus")
    expect(tip).to_have_text(focused.get_attribute("data-walk") or "")


def test_what_is_short_is_not_cut_and_has_no_popover_of_its_own(explorer: Explorer) -> None:
    explorer.open("#example=attention")
    for id in ("mask", "WQ", "C"):
        expect(card(explorer, id).locator(".card-symbol")).to_have_text(id)
        assert card(explorer, id).get_attribute("data-tip") is None


def test_cut_names_in_panels_have_the_whole_one_in_the_popover(explorer: Explorer) -> None:
    explorer.serve_as_lecture(EXPERIMENT)
    explorer.open(f"#beat=22&select={ENTRY}")
    name = explorer.page.locator(f'.inspector mi[data-tip="{KERNEL}"]').first
    expect(name).to_have_text(re.compile("^sequ.*….*Op$"))
    name.hover()
    expect(explorer.page.get_by_role("tooltip")).to_have_text(KERNEL)
    explorer.page.get_by_role("button", name="Which way?").click()
    expect(explorer.page.get_by_label("Parameter", exact=True)).to_have_attribute("data-tip", KERNEL)
    expect(explorer.page.locator("#chain-title")).to_contain_text(ENTRY)
    explorer.open("#panel=check")
    button = explorer.page.locator(f'.quotients button[data-tip="{ENTRY}"]')
    expect(button).to_have_text(re.compile(r"^sequ.*….*\[0,1\]$"))
    button.focus()
    explorer.press("Shift+Tab", "Tab")
    expect(explorer.page.get_by_role("tooltip")).to_have_text(ENTRY)
    expect(explorer.page.locator(".says-cost dt")).to_have_attribute("data-tip", COST)
