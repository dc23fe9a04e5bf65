"""Formulas on the page: any computation is walked, typed in, mended, trained and shared like a network."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Guard
from tests.browser.explorer import Explorer
from tests.browser.test_stage import OUTSIDE

EXAMPLES = [
    *("product", "neuron", "used-twice", "softmax", "layer-norm"),
    *("skip", "recurrent", "lstm", "convolution", "attention"),
]
REFUSED = "status of 422"  # what Chromium prints of an answer that says what is wrong

# What the field holds in the very moment in which it is there.
FIRST_SIGHT = """
new MutationObserver((_, it) => {
  const field = document.querySelector(".formulas-field");
  if (!field) return;
  window.firstSight = field.value;
  it.disconnect();
}).observe(document, { childList: true, subtree: true });
"""


def field(explorer: Explorer) -> Locator:
    return explorer.page.get_by_label("The formulas, a line each")


def card(explorer: Explorer, id: str) -> Locator:
    return explorer.page.locator(f'svg.graph .card[data-walk="{id}"]')


def cell(explorer: Explorer, entry: str) -> Locator:
    return explorer.page.locator(f'svg.graph [data-entry="{entry}"]')


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1280, 720), (1024, 768), (390, 844)])
def test_every_example_fits_its_pane(explorer: Explorer, width: int, height: int) -> None:
    explorer.page.set_viewport_size({"width": width, "height": height})
    explorer.open()
    faults = []
    for example in EXAMPLES:
        explorer.visit(f"#example={example}&beat=2")
        # The layout of any graph, and its folding, come with the first graph that needs them.
        explorer.page.evaluate("() => Promise.all([import('/js/layout/layered.js'), import('/js/graph/fold.js')])")
        explorer.settle()
        explorer.settle()
        found: list[str] = explorer.page.evaluate(OUTSIDE)
        faults += [f"{example}: {it}" for it in found]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("example", ["product", "attention", "recurrent"])
def test_every_beat_is_told_and_a_step_makes_the_last_line_smaller(explorer: Explorer, example: str) -> None:
    explorer.open(f"#example={example}")
    trace = explorer.step(explorer.example(example))["trace"]
    sentence = explorer.page.locator(".sentence")
    for beat in range(1, explorer.beats + 1):
        explorer.press("ArrowRight")
        explorer.expect_beat(beat)
        expect(sentence).not_to_be_empty()
    explorer.visit(f"#example={example}&beat=1")
    explorer.button("Teach it one step").click()
    explorer.expect_iteration(1)
    after = explorer.step(explorer.step(explorer.example(example))["experiment"])["trace"]
    assert after["cost"] < trace["cost"]
    expect(explorer.page.locator(".says-cost .was")).to_contain_text("was")


def test_what_is_about_layers_alone_is_not_there(explorer: Explorer) -> None:
    explorer.open("#example=neuron&panel=build&view=neurons")
    expect(explorer.page.locator(".panel.build")).to_have_count(0)
    expect(explorer.view.locator("option")).to_have_text(["Graph", "Table"])
    explorer.button("Menu").click()
    expect(explorer.page.locator(".menu-words").first).to_be_visible()
    words = explorer.page.locator(".menu-words").all_inner_texts()
    assert any(it.startswith("Formulas") for it in words)
    assert not any(it.startswith(("Build", "Data")) for it in words)


def test_the_graph_follows_what_is_typed(explorer: Explorer) -> None:
    explorer.open("#example=product&panel=formulas")
    expect(field(explorer)).to_have_value("f = (x + y) * z")
    field(explorer).fill("s = x + y\nf = s * z + x")
    expect(card(explorer, "s")).to_be_visible()
    expect(card(explorer, "f.1")).to_be_visible()
    expect(explorer.page.locator("[data-verdict]")).to_contain_text("f = −7")
    expect(explorer.page.locator(".formulas-faults .fine")).to_be_visible()
    explorer.page.get_by_role("button", name="Undo: the formulas").click()
    expect(field(explorer)).to_have_value("f = (x + y) * z")
    expect(card(explorer, "s")).to_have_count(0)


def test_a_fault_stands_at_its_line_and_nothing_is_lost(explorer: Explorer, guard: Guard) -> None:
    guard.allow(REFUSED)
    explorer.open("#example=neuron&panel=formulas")
    wrong = "z = w @ x + b\na = 1 / (1 + exp(-z)\nC = (a - t)^2"
    field(explorer).fill(wrong)
    expect(explorer.page.locator(".formulas-faults li").first).to_contain_text("Line 2")
    expect(explorer.page.locator(".formulas-notes li").nth(1)).to_contain_text("was never closed")
    expect(field(explorer)).to_have_attribute("aria-invalid", "true")
    expect(field(explorer)).to_have_value(wrong)
    field(explorer).fill(wrong.replace("exp(-z)", "exp(-z))"))
    expect(explorer.page.locator(".formulas-faults li").first).to_contain_text("is not a power here; write `**`")
    explorer.button("Line 3").click()
    expect(field(explorer)).to_be_focused()
    field(explorer).fill("z = w @ x + b\na = 1 / (1 + exp(-z))\nC = (a - t)**2")
    expect(explorer.page.locator(".formulas-faults .fine")).to_be_visible()


def test_a_new_name_gets_a_value_by_a_button(explorer: Explorer, guard: Guard) -> None:
    guard.allow(REFUSED)
    explorer.open("#example=neuron&panel=formulas")
    field(explorer).fill("z = w @ x + b\na = 1 / (1 + exp(-z))\nC = (a - t)**2 + k * sum(w * w)")
    missing = explorer.page.locator(".formulas-missing")
    expect(missing).to_contain_text("k has no value yet")
    missing.get_by_role("button", name="a number").click()
    expect(card(explorer, "k")).to_be_visible()
    leaf = explorer.page.locator(".formulas-leaf", has_text="k").last
    leaf.get_by_label("learned").uncheck()
    expect(explorer.page.locator('svg.graph .card.constant[data-walk="k"]')).to_be_visible()


def test_values_are_typed_into_small_matrices_and_resized(explorer: Explorer) -> None:
    explorer.open("#example=softmax&panel=formulas")
    entry = explorer.page.get_by_label("W[0,1]", exact=True)
    entry.fill("0.75")
    entry.press("Enter")
    expect(cell(explorer, "W[0,1]")).to_have_attribute("data-tip", "W[0,1] = 0.75 changed from −0.2")
    explorer.visit("#example=product&panel=formulas&beat=1")
    field(explorer).fill("f = sum((x + y) * z)")
    expect(card(explorer, "f.1")).to_be_visible()
    shape = explorer.page.get_by_label("Shape of x")
    shape.fill("2 x 3")
    shape.press("Enter")
    expect(cell(explorer, "x[1,2]")).to_be_visible()
    expect(cell(explorer, "f.1[1,2]")).to_be_visible()


def test_a_network_is_written_down_and_has_the_same_numbers(explorer: Explorer) -> None:
    explorer.open("#beat=5&panel=formulas")
    cost = explorer.page.locator(".says-cost dd").first.inner_text()
    explorer.button("Write this network down").click()
    expect(field(explorer)).to_have_value(
        "m0 = x @ W0\na0 = sigmoid(m0)\nm1 = a0 @ W1\na1 = sigmoid(m1)\nC = squared_error(a1, y)"
    )
    expect(explorer.page.locator(".says-cost dd").first).to_have_text(cost)
    explorer.button("Teach it one step").click()
    explorer.expect_iteration(1)
    expect(explorer.page.locator(".readout dd").nth(1)).to_have_text("0.6342")


def test_a_link_opens_formulas_again(explorer: Explorer) -> None:
    explorer.open("#example=product&panel=formulas")
    field(explorer).fill("f = (x - y) * z")
    expect(explorer.page.locator("[data-verdict]")).to_contain_text("f = 10")
    expect(explorer.page).to_have_url(re.compile("x="))
    explorer.page.reload()
    expect(explorer.page.locator("[data-verdict]")).to_contain_text("f = 10")
    expect(field(explorer)).to_have_value("f = (x - y) * z")


def test_the_chain_rule_of_a_shared_weight_has_a_route_for_each_time(explorer: Explorer) -> None:
    explorer.open("#example=recurrent&beat=46&panel=chain&select=W[0,1]")
    path = "/api/v1/chain?parameter=W&row=0&column=1"
    chain = explorer.page.request.post(path, data=explorer.example("recurrent")).json()
    assert chain["verdict"] == "agrees"
    expect(explorer.page.locator(".routes")).to_be_visible()
    expect(explorer.page.locator(".panel.chain")).to_contain_text("W")


@pytest.mark.parametrize("panel", ["slope", "check", "cache", "inspect", "formulas"])
def test_the_other_questions_are_answered_of_numbers_and_vectors(explorer: Explorer, panel: str) -> None:
    explorer.open(f"#example=neuron&beat=5&panel={panel}&select=b[0,0]")
    expect(explorer.page.locator(f".panel.{'inspector' if panel == 'inspect' else panel}")).to_be_visible()
    expect(explorer.alert).to_have_count(0)
    explorer.visit(f"#example=neuron&beat=5&panel={panel}&select=w[0,1]")
    expect(explorer.alert).to_have_count(0)


def test_two_runs_of_formulas_are_compared(explorer: Explorer) -> None:
    explorer.open("#example=attention&panel=compare")
    explorer.button("half α").click()
    said = explorer.page.locator(".compare-panel")
    expect(said).to_contain_text("They part at beat 31 of iteration 0")
    explorer.button("Go to that beat").click()
    explorer.expect_beat(31)
    # What formulas have no layers for is not offered.
    options = explorer.page.locator(".compare-panel select").first.locator("option").all_inner_texts()
    assert options == ["learning rate α", "optimizer", "weight decay λ"]


def test_formulas_are_trained_with_any_optimizer(explorer: Explorer) -> None:
    explorer.open("#example=attention&panel=formulas")
    panel = explorer.page.locator(".panel.formulas")
    panel.get_by_label("Optimizer").select_option("adam")
    expect(explorer.button("Undo: optimizer adam")).to_be_visible()
    rate = panel.get_by_label("learning rate")
    rate.fill("-1")
    rate.press("Enter")
    expect(panel.locator(".refusal")).to_contain_text("0 or more")
    rate.fill("0.25")
    rate.press("Enter")
    expect(panel.locator(".refusal")).to_have_count(0)
    experiment = explorer.example("attention")
    experiment["optimizer"] = {"name": "adam", "learning_rate": 0.25}
    after = explorer.step(explorer.step(experiment)["experiment"])["trace"]
    explorer.button("Teach it one step").click()
    explorer.expect_iteration(1)
    expect(explorer.page.locator(".readout dd").nth(1)).to_contain_text(f"{after['cost']:.4f}")


def test_rows_and_batches_of_formulas_are_set_in_their_panel(explorer: Explorer) -> None:
    explorer.open("#example=xor&panel=formulas")
    explorer.button("Write this network down").click()
    panel = explorer.page.locator(".panel.formulas")
    entry = panel.get_by_label("y[3,0]", exact=True)
    entry.fill("0.5")
    entry.press("Enter")
    expect(cell(explorer, "y[3,0]")).to_have_attribute("data-tip", re.compile(r"^y\[3,0\] = 0\.5"))
    batch = panel.get_by_label("Batch")
    batch.fill("2")
    batch.press("Enter")
    expect(panel).to_contain_text("takes the next 2 of 4 rows")
    expect(cell(explorer, "y[3,0]")).to_have_count(0)
    expect(cell(explorer, "y[1,0]")).to_be_visible()


def test_the_rate_falls_and_batches_are_shuffled(explorer: Explorer) -> None:
    explorer.open("#example=xor&panel=build&iteration=0")
    panel = explorer.page.locator(".panel.build")
    panel.get_by_role("combobox", name="Rate").select_option("step")
    every = panel.get_by_label("every")
    every.fill("0")
    every.press("Enter")
    expect(panel.locator(".refusal")).to_contain_text("0 is not a whole number from 1")
    every.fill("1")
    every.press("Enter")
    expect(panel.locator(".refusal")).to_have_count(0)
    panel.get_by_label("Batch").fill("2")
    panel.get_by_label("Batch").press("Enter")
    panel.get_by_label("shuffled").check()
    panel.get_by_label("Seed of the order").fill("3")
    panel.get_by_label("Seed of the order").press("Enter")
    expect(explorer.button("Undo: rows shuffled")).to_be_visible()
    experiment = explorer.example("xor") | {"batch_size": 2, "shuffle_seed": 3}
    experiment["schedule"] = {"name": "step", "every": 1, "factor": 0.5}
    first = explorer.step(experiment)
    second = explorer.step(first["experiment"])
    explorer.button("Teach it one step").click()
    explorer.expect_iteration(1)
    expect(explorer.page.locator(".readout dd").nth(1)).to_contain_text(f"{second['trace']['cost']:.4f}")
    rows = second["trace"]["batch_rows"]
    for place, row in enumerate(rows):
        number = f"{experiment['data']['x'][row][0]:g}"
        expect(cell(explorer, f"x[{place},0]")).to_have_attribute(
            "data-tip", re.compile(rf"^x\[{place},0\] = {number}")
        )
    rate = second["updates"][0]["lines"][0]
    assert rate["value"] == 0.5 * experiment["optimizer"]["learning_rate"]
    explorer.scrubber.focus()
    explorer.press("End")
    expect(explorer.page.locator("[data-sentence]").first).to_contain_text(f"learning rate {rate['value']:g}")


def test_a_penalty_is_part_of_the_graph_and_of_the_slopes(explorer: Explorer) -> None:
    explorer.open("#example=lecture&panel=build&iteration=0")
    panel = explorer.page.locator(".panel.build")
    panel.get_by_role("combobox", name="Penalty").select_option("l2")
    expect(card(explorer, "R")).to_be_visible()
    strength = panel.get_by_label("strength of the penalty")
    strength.fill("-1")
    strength.press("Enter")
    expect(panel.locator(".refusal")).to_contain_text("0 or more")
    strength.fill("0.25")
    strength.press("Enter")
    panel.get_by_label("halved").uncheck()
    expect(explorer.button("Undo: penalty l2")).to_be_visible()
    experiment = explorer.example("lecture")
    experiment["network"]["penalty"] = {"name": "l2", "strength": 0.25, "halved": False}
    answer = explorer.step(experiment)["trace"]
    values = {node["id"]: node["value"] for node in answer["nodes"]}
    assert values["C"] == values["L"] + values["R"]
    assert values["R"] == pytest.approx(0.25 * sum(w * w for id in ("W0", "W1") for row in values[id] for w in row))
    explorer.scrubber.focus()
    explorer.press("End")
    for id in ("L", "R", "C"):
        expect(card(explorer, id)).to_contain_text(f"{values[id]:.4f}".rstrip("0"))
    expect(card(explorer, "L")).to_contain_text("loss")
    expect(card(explorer, "R")).to_contain_text("penalty")
    panel.get_by_role("combobox", name="Penalty").select_option("")
    expect(card(explorer, "R")).to_have_count(0)


def test_a_layer_drops_some_of_its_outputs(explorer: Explorer) -> None:
    explorer.open("#example=face-or-car&panel=build&iteration=0")
    share = explorer.page.get_by_label("Dropout of layer 0")
    share.fill("1")
    share.press("Enter")
    expect(explorer.page.locator(".refusal")).to_contain_text("from 0 to below 1")
    share.fill("0.5")
    share.press("Enter")
    expect(explorer.button("Undo: dropout of layer 0")).to_be_visible()
    expect(explorer.page.locator(".changed, [data-changed]").first).to_contain_text("dropout0 0 → 0.5")
    seed = explorer.page.get_by_label("Dropout seed")
    seed.fill("4")
    seed.press("Enter")
    expect(explorer.button("Undo: seed of the dropout")).to_be_visible()
    experiment = explorer.example("face-or-car") | {"dropout_seed": 4}
    experiment["network"]["layers"][0]["dropout"] = 0.5
    nodes = {node["id"]: node for node in explorer.step(experiment)["trace"]["nodes"]}
    assert {number for row in nodes["k0"]["value"] for number in row} == {0, 2}
    expect(card(explorer, "k0")).to_be_visible()
    expect(card(explorer, "d0")).to_be_visible()
    explorer.scrubber.focus()
    explorer.press("End")
    expect(explorer.page.locator(".readout dd").nth(1)).to_contain_text(f"{nodes['C']['value']:.4f}")
    share.fill("0")
    share.press("Enter")
    expect(card(explorer, "k0")).to_have_count(0)


def test_a_line_folds_and_opens(explorer: Explorer) -> None:
    explorer.page.set_viewport_size({"width": 1280, "height": 720})
    explorer.open("#example=attention")
    expect(card(explorer, "S")).to_be_visible()
    expect(card(explorer, "S.2")).to_have_count(0)
    explorer.page.locator("svg.graph").get_by_text("3 more steps").click()
    expect(card(explorer, "S.2")).to_be_visible()
    expect(card(explorer, "C.1")).to_have_count(0)
    explorer.button("Show all operations").click()
    expect(card(explorer, "C.1")).to_be_visible()
    explorer.button("Fold by line").click()
    expect(card(explorer, "C.1")).to_have_count(0)
    expect(card(explorer, "S.2")).to_have_count(0)


def test_formulas_begin_from_layers_at_one_press(explorer: Explorer) -> None:
    explorer.open("#panel=formulas")
    explorer.button("Begin with f = (x + y) * z").click()
    expect(field(explorer)).to_have_value("f = (x + y) * z")
    expect(explorer.page.locator("[data-verdict]")).to_contain_text("f = −6")
    expect(explorer.page.locator(".formulas-faults .fine")).to_be_visible()
    explorer.button("Undo: f = (x + y) * z").click()
    expect(card(explorer, "W0")).to_be_visible()


def test_a_line_wins_over_a_value_of_its_name(explorer: Explorer) -> None:
    explorer.open("#example=product&panel=formulas")
    field(explorer).fill("x = [1, -1]\nf = sum(x) * z + y")
    expect(explorer.page.locator(".formulas-faults .fine")).to_be_visible()
    expect(explorer.page.locator("[data-verdict]")).to_contain_text("f = 4")
    field(explorer).fill("f = x * z + y")
    expect(explorer.page.locator("[data-verdict]")).to_contain_text("f = 6")


def test_a_matrix_is_pasted_and_escape_leaves_the_field(explorer: Explorer) -> None:
    explorer.open("#example=product&panel=formulas")
    field(explorer).fill("f = sum((x + y) * z)")
    entry = explorer.page.get_by_label("x", exact=True)
    entry.fill("[[1, 2, 3], [4, 5, 6]]")
    entry.press("Enter")
    expect(cell(explorer, "x[1,2]")).to_have_attribute("data-tip", re.compile(r"^x\[1,2\] = 6"))
    expect(explorer.page.get_by_label("Shape of x")).to_have_value("2 × 3")
    field(explorer).focus()
    explorer.press("Escape")
    expect(explorer.page.locator(".panel.formulas")).to_be_focused()
    expect(field(explorer)).to_be_visible()


def test_a_new_target_stays_and_a_cost_below_zero_has_no_bar(explorer: Explorer, guard: Guard) -> None:
    guard.allow(REFUSED)
    explorer.open("#example=product&panel=formulas")
    field(explorer).fill("f = (x + y) * z - target")
    explorer.page.locator(".formulas-missing").get_by_role("button", name="a number").click()
    expect(explorer.page.locator('svg.graph .card.constant[data-walk="target"]')).to_be_visible()
    expect(explorer.page.locator(".says-cost dt")).to_contain_text("f")
    expect(explorer.page.locator(".says-cost .filled")).to_have_attribute("width", "0.0")


def test_the_field_never_stands_empty_before_its_text_comes(explorer: Explorer) -> None:
    """Whoever types at once would find what was typed behind a text that came later."""
    explorer.page.add_init_script(FIRST_SIGHT)
    explorer.open("#example=product&panel=formulas")
    expect(field(explorer)).to_be_visible()
    assert explorer.page.evaluate("window.firstSight") == "f = (x + y) * z"


def test_what_is_wrong_and_typed_outlives_a_reload_and_another_example(explorer: Explorer, guard: Guard) -> None:
    guard.allow(REFUSED)
    explorer.open("#example=product&panel=formulas")
    wrong = "f = (x + y * z\ng = f ^ 2"
    field(explorer).fill(wrong)
    expect(explorer.page.locator(".formulas-faults li").first).to_contain_text("was never closed")
    explorer.page.reload()
    expect(field(explorer)).to_have_value(wrong)
    expect(explorer.page.locator(".formulas-faults li").first).to_contain_text("was never closed")
    explorer.page.locator(".chooser select").select_option("neuron")
    expect(card(explorer, "w")).to_be_visible()
    expect(field(explorer)).not_to_have_value(wrong)
    explorer.button("Bring it back").click()
    expect(field(explorer)).to_have_value(wrong)
    expect(explorer.button("Bring it back")).to_have_count(0)
    field(explorer).fill("f = (x + y) * z")
    expect(explorer.page.locator("[data-verdict]")).to_contain_text("f = −6")
