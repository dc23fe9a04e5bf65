"""The page opens alive: the forward pass done, what the network says and what is true, one button that teaches it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.explorer import Explorer


def test_the_page_opens_with_a_verdict_and_a_filled_forward_pass(page: Page) -> None:
    page.goto("/")
    expect(page.locator("[data-verdict]")).to_have_text("The network says car, 60\u00a0%.")
    expect(page.locator(".says-truth")).to_contain_text("It is a face. C = 0.7048 tells how wrong that is.")
    blank = page.locator(".block.value .blank-cell")
    expect(blank).to_have_count(0)
    expect(page.locator(".readout dd").nth(1)).to_have_text("0.7048")


def test_after_a_step_all_stays_filled_and_the_cost_has_gone_down(page: Page) -> None:
    explorer = Explorer(page)
    page.goto("/")
    page.get_by_role("button", name="Teach it one step").click()
    explorer.expect_iteration(1)
    expect(page.locator(".block.value .blank-cell")).to_have_count(0)
    cost = page.locator(".says-cost")
    expect(cost).to_contain_text("0.6342")
    expect(cost).to_contain_text("was 0.7048")
    expect(page.locator("#curve-title")).to_be_visible()


def test_trained_it_says_face_and_is_right(page: Page) -> None:
    explorer = Explorer(page)
    page.goto("/#iteration=100")
    explorer.expect_iteration(100)
    expect(page.locator("[data-verdict]")).to_contain_text("The network says face")
    expect(page.locator("[data-verdict] b.right")).to_be_visible()


@pytest.mark.parametrize(
    ("example", "words"),
    [("moons", "right."), ("wave", "misses its"), ("xor", "of 4"), ("scalar", "The network says ")],
)
def test_every_kind_of_data_has_its_words(page: Page, example: str, words: str) -> None:
    page.goto(f"/#example={example}")
    expect(page.locator("[data-verdict]")).to_contain_text(words)


def test_names_stand_over_their_columns_and_the_likelier_class_stands_out(page: Page) -> None:
    page.goto("/")
    expect(page.locator('[data-walk="x"] .card-name')).to_have_text(["shine", "roundness"])
    expect(page.locator('[data-walk="a1"] .card-name.likeliest')).to_have_text("car")
    expect(page.locator('[data-walk="y"] .card-name.likeliest')).to_have_text("face")


def test_a_long_name_pushes_nothing_away(explorer: Explorer) -> None:
    experiment = explorer.example("lecture")
    experiment["data"]["features"] = ["a" * 200, "b" * 200]
    explorer.serve_as_lecture(experiment)
    explorer.open("")
    expect(explorer.page.locator('[data-walk="x"] .card-name').first).to_have_text("aaaaaaaa…")


def test_beat_by_beat_the_boxes_are_empty_until_they_are_computed(explorer: Explorer) -> None:
    explorer.open("#beat=0")
    expect(explorer.page.locator("[data-verdict]")).to_contain_text("beat by beat")
    explorer.press("Shift+ArrowRight", "Shift+ArrowRight")
    expect(explorer.page.locator("[data-verdict]")).to_contain_text("car")
