"""A weight is dragged, and everything follows: the newest answer wins, a link and a file hold what came of it."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.explorer import API, Explorer

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
    explorer.open(SLOPE)
    drag(explorer, 0.75)
    expect(explorer.page.locator(".changed")).to_contain_text("W1[0,0] −0.5 →")
    explorer.settle()
    moved = weight(explorer)
    assert moved > 0.5
    experiment = explorer.example("lecture")
    experiment["network"]["layers"][1]["weights"][0][0] = moved
    trace = explorer.step(experiment)["trace"]
    expect(explorer.page.locator(".readout dd[title]")).to_have_attribute(
        "title", re.compile(re.escape(f"{trace['cost']}"))
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
    number.press("Enter")
    page.wait_for_timeout(50)
    assert len(held) == 1
    explorer.button("Beat").click()
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
    rate.fill("3")
    rate.press("Enter")
    expect(words).to_contain_text("The step overshoots")
