"""A weight is dragged, and everything follows: the newest answer wins, a link and a file hold what came of it."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.explorer import API, Explorer
from tests.tools.fixtures import DIVERGED

SLOPE = "#beat=13&select=W1[0,0]&panel=slope"


def weight(explorer: Explorer) -> float:
    return float(explorer.page.get_by_label("W1[0,0], as a number").input_value())


def drag(explorer: Explorer, to: float) -> None:
    """From the middle of the curve to a share of its width."""
    box = explorer.page.locator(".slope-plot").bounding_box()
    assert box is not None
    mouse, y = explorer.page.mouse, box["y"] + box["height"] / 2
    mouse.move(box["x"] + box["width"] * 0.5, y)
    mouse.down()
    mouse.move(box["x"] + box["width"] * to, y, steps=12)
    mouse.up()


def test_everything_on_the_page_follows_a_weight_that_is_dragged(explorer: Explorer) -> None:
    explorer.count_requests().open(SLOPE)
    drag(explorer, 0.75)
    expect(explorer.page.locator(".changed")).to_contain_text("W1[0,0] −0.5 →")
    explorer.rest()
    moved = weight(explorer)
    assert moved > 0.5
    experiment = explorer.example("lecture")
    experiment["network"]["layers"][1]["weights"][0][0] = moved
    trace = explorer.step(experiment)["trace"]
    expect(explorer.page.locator(".readout dd[data-tip]")).to_have_attribute(
        "data-tip", re.compile(re.escape(f"{trace['cost']}"))
    )
    numbers = explorer.graph_numbers()
    assert numbers["W1[0,0]"] == moved
    assert numbers["a1[0,0]"] == trace["nodes"][6]["value"][0][0]
    explorer.expect_beat(13)
    explorer.button("Put back").first.click()
    expect(explorer.page.locator(".changed")).to_have_count(0)
    assert weight(explorer) == -0.5


def test_a_late_answer_is_never_shown_over_a_newer_one(explorer: Explorer, page: Page) -> None:
    explorer.open(SLOPE)
    held: list[Route] = []
    page.route(f"**{API}/step*", lambda route: held.append(route) if not held else route.continue_())
    number = page.get_by_label("W1[0,0], as a number")
    number.fill("0.25")
    with page.expect_request(f"**{API}/step*"):
        number.press("Enter")
    page.wait_for_timeout(50)
    assert len(held) == 1
    explorer.button("What happens?").click()
    explorer.page.get_by_label("Example", exact=True).select_option("xor")
    expect(explorer.page.locator(".about")).not_to_contain_text("a face")
    held[0].continue_()
    page.wait_for_timeout(300)
    expect(explorer.page.locator(".chooser select")).to_have_value("xor")
    expect(explorer.page.locator(".changed")).to_have_count(0)


def test_a_link_holds_what_was_changed(explorer: Explorer) -> None:
    explorer.open(SLOPE)
    number = explorer.page.get_by_label("W1[0,0], as a number")
    number.fill("0.123456789")
    number.press("Enter")
    expect(explorer.page.locator(".changed")).to_contain_text("0.1235")
    expect(explorer.page).to_have_url(re.compile(r"&x=1\.[\w-]+$"))
    explorer.button("Share").click()
    link = explorer.page.get_by_label("Link to this view").input_value()
    friend = explorer.page.context.new_page()
    friend.goto(link)
    expect(friend.get_by_label("W1[0,0], as a number")).to_have_value("0.123456789")
    expect(friend.get_by_role("slider", name="Beat")).to_have_value("13")


def test_a_file_opens_as_it_was_saved(explorer: Explorer, tmp_path: Path) -> None:
    explorer.open(SLOPE)
    explorer.button("α × 2").click()
    expect(explorer.page.locator(".changed")).to_have_text("Changed: α 0.5 → 1")
    explorer.press("n")
    explorer.expect_iteration(1)
    cost = explorer.page.locator(".readout dd").nth(1)
    explorer.button("Share").click()
    with explorer.page.expect_download() as saving:
        explorer.button("Save as a file").click()
    saved = tmp_path / "run.json"
    saving.value.save_as(saved)
    assert json.loads(saved.read_text(encoding="utf-8"))["experiment"]["iteration"] == 1
    explorer.open()
    explorer.button("Share").click()
    explorer.page.locator("input[type=file]").set_input_files(saved)
    explorer.expect_iteration(1)
    expect(explorer.page.get_by_label("Learning rate α, as a number")).to_have_value("1")
    assert cost.inner_text()


@pytest.mark.parametrize(
    ("packed", "words"),
    [
        ("2.abc", "another version of the explorer"),
        ("1.%21", "damaged"),
        ("1.AAAA", "damaged"),
        ("file", "too large for a link"),
    ],
)
def test_a_link_that_cannot_be_opened_says_why(explorer: Explorer, packed: str, words: str) -> None:
    explorer.open(f"#select=W0[0,0]&panel=chain&x={packed}")
    expect(explorer.alert.first).to_contain_text(words)
    expect(explorer.page.locator(".chooser select")).to_have_value("lecture")
    explorer.expect_iteration(0)


def test_alpha_can_be_made_so_large_that_the_step_overshoots(explorer: Explorer) -> None:
    explorer.open("#select=W1[0,0]&panel=slope")
    words = explorer.page.locator(".slope-words")
    explorer.button("5 − 0.05 · (−2)").click()
    rate = explorer.page.get_by_label("Learning rate α, as a number")
    expect(rate).to_have_value("0.05")  # until then it is the field of the network before, and is about to be replaced
    rate.fill("3")
    rate.press("Enter")
    expect(words).to_contain_text("The step overshoots")


def put(explorer: Explorer, label: str, number: str) -> None:
    field = explorer.page.get_by_label(label, exact=True)
    field.fill(number)
    field.press("Enter")


def test_the_curve_follows_a_weight_that_is_typed(explorer: Explorer) -> None:
    explorer.open(SLOPE)
    plot, words = explorer.page.locator(".slope-plot"), explorer.page.locator(".slope-words p").first
    put(explorer, "W1[0,0], as a number", "100")
    expect(explorer.page.locator(".tick-text").get_by_text("100", exact=True)).to_be_visible()
    expect(plot.locator(".plot-point")).to_have_count(1)
    put(explorer, "W1[0,0], as a number", "-0.5")
    expect(words).to_contain_text("−0.5 − 0.5 · (−0.1725)")
    expect(plot.locator(".plot-point")).to_have_count(1)
    put(explorer, "Learning rate α, as a number", "50")
    expect(words).to_contain_text("−0.5 − 50 · (−0.1725)")
    expect(explorer.page.locator(".slope .small").filter(has_text="Shown")).to_contain_text("± 16")
    expect(plot.locator(".plot-next-out")).to_have_count(0)
    put(explorer, "Learning rate α, as a number", "500")
    expect(plot.locator(".plot-next-out")).to_have_text("lands at 85.761 →")


def test_the_sums_curve_follows_its_weight_too_and_can_be_zoomed(explorer: Explorer) -> None:
    explorer.open("#select=W1[0,0]&panel=slope")
    explorer.button("2 − 0.05 · 3").click()
    shown = explorer.page.locator(".slope .small").filter(has_text="Shown")
    put(explorer, "w, as a number", "50")
    expect(explorer.page.locator(".plot-point")).to_have_count(1)
    expect(explorer.page.locator(".tick-text").get_by_text("50", exact=True)).to_be_visible()
    explorer.button("Show less of the curve, larger").click()
    expect(shown).to_contain_text("± 2")
    explorer.button("Start again").click()
    explorer.button("Show less of the curve, larger").click()
    expect(explorer.page.locator(".plot-point-out, .plot-point")).to_have_count(1)
    explorer.button("Centre").click()
    expect(explorer.page.locator(".plot-point")).to_have_count(1)


def test_a_run_that_has_diverged_says_so_in_place_of_its_slope(explorer: Explorer) -> None:
    explorer.serve_as_lecture(DIVERGED | {"iteration": 0})
    explorer.open("#beat=8&select=W1[0,0]&panel=slope")
    panel = explorer.page.locator(".panel.slope")
    expect(panel).to_contain_text("The run has diverged: there is no slope any more.")
    expect(panel).to_contain_text("no slope for a difference quotient to close in on")
    expect(panel).not_to_contain_text("NaN")
    expect(panel).not_to_contain_text("closes in")
