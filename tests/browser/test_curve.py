"""The cost curve: reading off, zooming, going to any iteration, the large form; ways back where a run diverges."""

import re

import pytest
from playwright.sync_api import FloatRect, Locator, expect

from tests.browser.explorer import API, Document, Explorer

STEPS = 12
# Steps so large that C leaves the doubles within a few iterations.
RUNAWAY: Document = {
    "title": "Steps too large",
    "network": {
        "layers": [
            {"weights": [[0.5, -0.3], [0.2, 0.8]], "bias": None, "activation": "identity"},
            {"weights": [[0.4], [0.6]], "bias": None, "activation": "identity"},
        ]
    },
    "data": {"x": [[1, 2], [2, -1]], "y": [[1], [0]]},
    "optimizer": {"name": "sgd", "learning_rate": 0.9},
}


@pytest.fixture
def curve(explorer: Explorer) -> Locator:
    """The plot, after some iterations; of the last the cost is not computed yet, so the curve ends before it."""
    explorer.open()
    for number in range(1, STEPS + 1):
        explorer.press("n")
        explorer.expect_iteration(number)
    plot = explorer.page.locator(".cost-line")
    plot.scroll_into_view_if_needed()
    return plot


def box_of(plot: Locator) -> FloatRect:
    box = plot.bounding_box()
    assert box is not None
    return box


def words(explorer: Explorer) -> Locator:
    return explorer.page.locator(".curve-words").first


def test_the_pointer_reads_off_and_a_click_goes_there(explorer: Explorer, curve: Locator) -> None:
    middle = {"x": box_of(curve)["width"] / 2, "y": 30.0}
    curve.hover(position={"x": middle["x"], "y": middle["y"]})
    expect(words(explorer)).to_contain_text(f"Iteration {STEPS // 2}: C = ")
    curve.click(position={"x": middle["x"], "y": middle["y"]})
    explorer.expect_iteration(STEPS // 2)
    explorer.page.mouse.move(5, 5)
    expect(words(explorer)).to_contain_text(f"at iteration {STEPS}")


def test_a_drag_zooms_in_and_all_shows_all_again(explorer: Explorer, curve: Locator) -> None:
    box = box_of(curve)
    y = box["y"] + 40
    explorer.page.mouse.move(box["x"] + box["width"] / 4, y)
    explorer.page.mouse.down()
    explorer.page.mouse.move(box["x"] + box["width"] * 3 / 4, y, steps=4)
    expect(words(explorer)).to_have_text(re.compile(r"Zoom in on iterations 3 to [89]$"))
    explorer.page.mouse.up()
    explorer.page.mouse.move(5, 5)
    expect(words(explorer)).to_have_text(re.compile(r"Shown: iterations 3 to [89]\.$"))
    explorer.expect_iteration(STEPS)
    explorer.button("Last tenth").click()
    expect(words(explorer)).to_have_text(re.compile(r"Shown: iterations [67] to [89]\.$"))
    explorer.button("All").click()
    expect(words(explorer)).to_contain_text("From 0.7048 at iteration 0")


def test_log_scale_and_the_large_form(explorer: Explorer, curve: Locator) -> None:
    before = curve.locator(".cost-path").get_attribute("d")
    explorer.button("Log").click()
    expect(explorer.button("Log")).to_have_attribute("aria-pressed", "true")
    expect(curve.locator(".cost-path")).not_to_have_attribute("d", before or "")
    explorer.button("Enlarge").click()
    dialog = explorer.page.get_by_role("dialog", name="Cost so far")
    expect(dialog).to_be_visible()
    assert box_of(curve)["height"] > 200
    number = dialog.get_by_role("spinbutton")
    number.fill("4")
    number.press("Enter")
    explorer.expect_iteration(4)
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)
    expect(curve).to_be_visible()


def test_an_iteration_that_is_not_there_is_refused_and_what_was_typed_stays(explorer: Explorer, curve: Locator) -> None:
    expect(curve).to_be_visible()
    number = explorer.page.get_by_role("spinbutton", name=f"Go to iteration, 0 to {STEPS}")
    number.fill("99")
    number.press("Enter")
    explorer.settle()
    expect(number).to_have_value("99")
    explorer.expect_iteration(STEPS)


def test_a_run_that_diverges_says_why_and_leads_back(explorer: Explorer) -> None:
    explorer.serve_as_lecture(RUNAWAY)
    explorer.open()
    explorer.button("Train").click()
    remark = explorer.page.locator(".remark")
    # Which of the last iterations is shown depends on where a piece of training ended.
    expect(remark).to_contain_text(re.compile(r"This run has diverged: (C is infinite|m1\[0,0\])"))
    expect(remark).to_contain_text("the largest weight from 0.8 to")
    expect(words(explorer)).to_contain_text("no finite number")
    remark.get_by_role("button", name="where C was lowest").click()
    explorer.expect_iteration(0)
    explorer.button("Train").click()
    remark.get_by_role("button", name="half the learning rate").click()
    explorer.expect_iteration(0)
    expect(explorer.page.locator(".about")).to_contain_text("0.9 → 0.45")


def test_adam_is_shown_line_by_line(explorer: Explorer) -> None:
    lecture: Document = explorer.page.request.get(f"{API}/examples/lecture").json()
    explorer.serve_as_lecture({**lecture, "optimizer": {"name": "adam", "learning_rate": 0.05}})
    explorer.open()
    before = explorer.graph_numbers()["W0[0,0]"]
    first = explorer.beats - 12
    for beat, told in enumerate(["Count the updates", "fading mean of", "how steep", "1 − ", "1 − "], first + 1):
        explorer.go(beat)
        # In the sentence, or in why behind it.
        expect(explorer.page.locator(".narration")).to_contain_text(told)
        expect(explorer.page.locator(".narration .equation .row.numbers").first).to_be_visible()
        assert explorer.graph_numbers()["W0[0,0]"] == before
    explorer.go(first + 6)
    assert explorer.graph_numbers()["W0[0,0]"] == pytest.approx(before - 0.05, abs=1e-4)


@pytest.mark.parametrize(
    ("name", "lines", "decays", "words"),
    [("sgd", 1, 0, "add the weight decay"), ("adagrad", 2, 0, "add the weight decay"), ("adamw", 6, 5, "apart from")],
)
def test_a_weight_decay_is_a_beat_with_its_numbers(
    explorer: Explorer, name: str, lines: int, decays: int, words: str
) -> None:
    """Of both parameters; what the names of the line stand for is all known."""
    lecture: Document = explorer.page.request.get(f"{API}/examples/lecture").json()
    optimizer = {"name": name, "learning_rate": 0.05, "weight_decay": 0.25}
    explorer.serve_as_lecture({**lecture, "optimizer": optimizer})
    explorer.open()
    first = explorer.beats - 2 * (lines + 1)
    explorer.go(first + 1 + decays)
    narration = explorer.page.locator(".narration")
    expect(narration).to_contain_text(words)
    expect(narration.locator(".equation")).to_contain_text("0.25")
    before = explorer.graph_numbers()["W0[0,0]"]
    explorer.go(first + 1 + lines)
    expect(narration.locator(".equation")).to_contain_text("0.05")
    assert explorer.graph_numbers()["W0[0,0]"] != before
