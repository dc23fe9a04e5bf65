"""The questions of a student, each answered on the page in at most three actions from opening `lecture`.

An action is a click, a key, or a choice; `ask` counts them.
"""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.explorer import Explorer, read_back
from tests.tools.fixtures import ZEROS

MOST_ACTIONS = 3


class Asker:
    """A reader who counts what they do."""

    def __init__(self, explorer: Explorer) -> None:
        self.explorer = explorer
        self.page = explorer.page
        self.actions = 0

    def _count(self) -> None:
        self.actions += 1
        assert self.actions <= MOST_ACTIONS

    def click(self, where: Locator) -> None:
        self._count()
        where.click()

    def button(self, name: str | re.Pattern[str]) -> None:
        self.click(self.page.get_by_role("button", name=name, exact=isinstance(name, str)))

    def number(self, entry: str) -> None:
        """A number in the graph, or the blank where it will stand."""
        self.click(self.page.locator(f'svg.graph [data-entry="{entry}"]'))

    def tab(self, name: str) -> None:
        """By its tab, or from the menu."""
        tab = self.page.get_by_role("group", name="Explanations").get_by_role("button", name=name, exact=True)
        if tab.count() > 0:
            self.click(tab)
            return
        self._count()
        self._count()
        self.explorer.command(name)


@pytest.fixture
def asker(explorer: Explorer) -> Asker:
    return Asker(explorer.open())


@pytest.fixture
def gradients(asker: Asker) -> dict[str, Any]:
    """What the engine says of the lecture."""
    trace = asker.explorer.step(asker.explorer.example("lecture"))["trace"]
    return {node["id"]: node for node in trace["nodes"]}


def test_what_is_m0_01_and_how_was_it_computed(asker: Asker, gradients: dict[str, Any]) -> None:
    asker.number("m0[0,1]")
    card = asker.page.locator(".callout")
    expect(card).to_contain_text("is not computed yet")
    asker.button("Go to beat 1, which computes it")
    expect(card.locator("h2 b")).to_have_attribute("data-tip", str(gradients["m0"]["value"][0][1]))
    equation = card.locator(".equation").first
    for part in ("0.5", "−0.6", "0.8", "0.1"):
        expect(equation.locator(".row.numbers").filter(has_text=part).first).to_be_visible()


def test_what_is_the_local_partial_of_a1_by_m1_and_of_what_number(asker: Asker) -> None:
    asker.click(asker.explorer.chip("a1>m1"))
    asker.button("Open in full")
    panel = asker.page.locator(".inspector")
    expect(panel).to_contain_text("It is made of")
    asker.button("Go to beat 7, which computes it")
    expect(panel.locator(".sigma")).to_contain_text("σ′ is taken at m1")
    expect(panel.locator(".sigma")).to_contain_text("−0.3374")
    expect(panel.locator(".numbers").filter(has_text="Local partial").locator("td").first).to_have_text("0.2430")


def test_how_does_w0_12_change_c_by_which_routes_with_what_factors(asker: Asker, gradients: dict[str, Any]) -> None:
    asker.number("W0[1,2]")
    asker.click(asker.page.locator(".callout").get_by_role("button", name="Which way?"))
    asker.button(re.compile("Go to beat 11, which computes"))
    rows = asker.page.locator(".routes tbody tr")
    expect(rows.locator("th")).to_have_text(["via face", "via car"])
    expect(rows.first.locator("td b")).to_have_text(["−1.1671", "0.2430", "−0.9", "0.2372", "0.8"])
    for edge in ("C>a1", "a1>m1", "m1>a0", "a0>m0", "m0>W0"):
        expect(asker.explorer.chip(edge)).to_have_class(re.compile(r"\broute\b"))
    products = [read_back(it.get_attribute("data-tip") or "") for it in rows.locator("td.product").all()]
    assert sum(products) == pytest.approx(gradients["W0"]["gradient"][1][2], rel=1e-12)
    assert asker.page.locator(".threefold dd").nth(1).inner_text() == str(gradients["W0"]["gradient"][1][2])


def test_which_numbers_in_that_were_cached_from_where(asker: Asker) -> None:
    asker.number("W0[1,2]")
    asker.tab("What is kept?")
    told = asker.page.locator(".arcs-told")
    expect(told).to_contain_text("is computed in beat 2 and used again in beat 10")
    expect(told).to_contain_text("is computed in beat 4 and used again in beats 6 and 7")
    expect(asker.page.locator(".arc")).to_have_count(5)


def test_is_the_gradient_right(asker: Asker) -> None:
    asker.tab("Is it right?")
    expect(asker.page.locator(".verdict-line")).to_contain_text("✓ All 12 gradients agree with what was measured")
    expect(asker.page.locator(".verdict-line")).to_contain_text("They are right")
    expect(asker.page.locator(".check td.said")).to_have_text(["✓ agrees"] * 12)
    off = [read_back(it) for it in asker.page.locator(".check tbody td:nth-child(5)").all_inner_texts()]
    assert off == sorted(off, reverse=True)
    assert len(off) == 12
    assert off[0] < 1e-7


def test_a_weight_too_large_for_the_check_is_not_called_right(explorer: Explorer) -> None:
    experiment = explorer.example("lecture")
    experiment["network"]["layers"][0]["weights"] = [[1e308, -1e308, 0.2], [0.3, 0.5, -0.7]]
    explorer.serve_as_lecture(experiment)
    explorer.open("#panel=check")
    outcome = explorer.page.locator(".outcome")
    expect(outcome).to_contain_text("✓ 10 of 12 gradients agree with what was measured")
    expect(outcome).to_contain_text("2 gradients were not compared")
    expect(outcome).not_to_contain_text("NaN")
    expect(explorer.page.locator(".check td.said", has_text="✓ agrees")).to_have_count(10)


def test_what_if_w1_00_grows_by_a_tenth_and_what_does_the_slope_predict(
    asker: Asker, gradients: dict[str, Any]
) -> None:
    asker.number("W1[0,0]")
    asker.tab("What if?")
    words = asker.page.locator(".nudges p").first
    slope = gradients["W1"]["gradient"][0][0]
    expect(words).to_contain_text(f"If W1[0,0] grows by 0.1, the slope predicts ΔC = −{abs(slope) / 10:.4f}")
    experiment = asker.explorer.example("lecture")
    experiment["network"]["layers"][1]["weights"][0][0] += 0.1
    moved = asker.explorer.step(experiment)["trace"]["cost"] - gradients["C"]["value"]
    assert read_back(words.locator("b").get_attribute("data-tip") or "") == pytest.approx(moved, rel=1e-9)


def test_which_way_will_the_next_step_move_it_and_how_far(asker: Asker) -> None:
    asker.number("W1[0,0]")
    asker.tab("What if?")
    words = asker.page.locator(".slope-words p").first
    expect(words).to_contain_text("the step goes right")
    expect(words).to_contain_text("−0.5 − 0.5 · (−0.1725) = −0.4137")
    expect(asker.page.locator(".plot-step")).to_have_count(1)


def test_why_is_this_one_zero(explorer: Explorer) -> None:
    explorer.serve_as_lecture(ZEROS | {"iteration": 0})
    asker = Asker(explorer.open())
    asker.number("W0[1,0]")
    asker.button(re.compile(r"Go to beat \d+, which computes"))
    expect(asker.page.locator(".callout")).to_contain_text("∂C/∂W0[1,0] is exactly 0: x[0,1] is 0.")


def test_what_is_the_shape_of_the_gradient_of_w0_and_which_product_makes_it(asker: Asker) -> None:
    asker.click(asker.explorer.card("W0").locator(".card-symbol"))
    asker.button("Open in full")
    expect(asker.page.locator(".inspector")).to_contain_text(
        "has the shape of W0, 2 × 3: xᵀ (2 × 1) times ∂C/∂m0 (1 × 3)"
    )


def test_what_changes_if_the_learning_rate_doubles(asker: Asker) -> None:
    asker.number("W1[0,0]")
    asker.tab("What if?")
    expect(asker.page.get_by_label("Learning rate α, as a number")).to_have_value("0.5")
    asker.button("α × 2")
    expect(asker.page.get_by_label("Learning rate α, as a number")).to_have_value("1")
    expect(asker.page.locator(".slope-words p").first).to_contain_text("−0.5 − 1 · (−0.1725) = −0.3275")
    expect(asker.page.locator(".changed")).to_have_text("Changed: α 0.5 → 1")


def test_how_much_work_does_the_cache_save_here_and_twice_as_deep(asker: Asker) -> None:
    asker.number("W0[1,2]")
    asker.tab("What is kept?")
    rows = asker.page.locator(".counts tbody tr")
    expect(rows.nth(0)).to_contain_text("for W0[1,2] (2 routes)")
    expect(rows.nth(0).locator("td")).to_have_text(["8", "6", "1.33"])
    expect(rows.nth(1).locator("td").nth(0)).to_have_text("60")
    expect(rows.nth(2)).to_contain_text("2 times as deep: 4 layers")


def test_how_do_i_send_this_view_to_a_friend(asker: Asker) -> None:
    asker.number("W0[1,2]")
    asker.button("Share")
    link = asker.page.get_by_label("Link to this view").input_value()
    assert link.endswith("#beat=0&select=W0[1,2]&panel=beat")
    friend = asker.page.context.new_page()
    friend.goto(link)
    expect(friend.locator("#callout-title")).to_contain_text("W0[1,2] = −0.7")


# --- hovering and the keyboard ----------------------------------------------------------------------------------------


def has(light: str) -> re.Pattern[str]:
    return re.compile(rf"\b{light}\b")


def test_a_factor_lights_its_edge_and_an_edge_its_factors(explorer: Explorer) -> None:
    explorer.open("#beat=13&select=W0[1,2]&panel=chain")
    factor = explorer.page.locator(".routes tbody tr").first.locator("td.factor").nth(2)
    factor.hover()
    expect(explorer.chip("m1>a0")).to_have_class(has("pointed"))
    expect(explorer.page.locator('.card [data-entry="W1[2,0]"]')).to_have_class(has("pointed"))
    expect(explorer.page.locator("td.factor.pointed")).to_have_count(1)
    explorer.chip("a1>m1").hover()
    expect(explorer.page.locator("td.factor.pointed")).to_have_count(2)
    explorer.page.locator(".about").hover()
    expect(explorer.page.locator("td.factor.pointed")).to_have_count(0)
    factor.focus()
    expect(explorer.chip("m1>a0")).to_have_class(has("pointed"))


def test_a_cell_of_a_gradient_lights_the_cells_that_made_it(explorer: Explorer) -> None:
    explorer.open("#beat=13&select=W1[0,0]&panel=chain&form=matrices")
    explorer.page.locator('.products [data-entry="∂W1[2,1]"]').last.focus()
    for entry in ("a0[0,2]", "∂m1[0,1]"):
        expect(explorer.page.locator(f'.card [data-entry="{entry}"]')).to_have_class(has("pointed"))
        expect(explorer.page.locator(f'.products li:last-child [data-entry="{entry}"]')).to_have_class(has("pointed"))


def test_a_weight_is_chosen_and_explained_by_keyboard_alone(explorer: Explorer) -> None:
    explorer.open("#beat=13")
    explorer.card("W0").focus()
    explorer.press("Enter")
    expect(explorer.page.locator("#callout-title")).to_have_text("W0")
    explorer.press("Enter")
    expect(explorer.page.locator("#callout-title")).to_contain_text("W0[0,0]")
    explorer.press("c")
    expect(explorer.page.locator("#chain-title")).to_be_visible()
    explorer.press("ArrowDown", "ArrowRight", "ArrowRight")
    expect(explorer.page.get_by_label("column", exact=True)).to_have_value("2")
    expect(explorer.page.get_by_label("row", exact=True)).to_have_value("1")
    expect(explorer.page.locator(".chain p.visually-hidden")).to_contain_text("W0[1,2] reaches C by 2 routes")
    explorer.press("s")
    expect(explorer.page.locator("#slope-title")).to_be_visible()
    explorer.press("Escape")
    expect(explorer.page.locator(".narration")).to_be_visible()


def test_the_walk_goes_through_the_lecture_and_lets_wander(explorer: Explorer) -> None:
    explorer.open()
    explorer.button("Walk through the lecture").click()
    title = explorer.page.locator("#walk-title")
    expect(title).to_contain_text("Input and classes")
    for stop in range(2, 14):
        explorer.button("Next").click()
        expect(title).to_contain_text(f"The lecture, {stop} of 13")
    expect(explorer.button("Next")).to_have_count(0)
    explorer.expect_iteration(1)  # the last stop takes the step itself
    explorer.button("Back").click()
    expect(title).to_contain_text("The cache")
    explorer.expect_iteration(0)
    expect(explorer.page.locator("#cache-title")).to_be_visible()
    explorer.button("What happens?").click()
    explorer.press("n")
    explorer.expect_iteration(1)
    explorer.button("Come back here").click()
    explorer.expect_iteration(0)
    expect(explorer.page.locator("#cache-title")).to_be_visible()
    explorer.button("End the walk").click()
    expect(title).to_have_count(0)


def test_the_lectures_two_sums_can_be_played(explorer: Explorer) -> None:
    explorer.open("#select=W0[0,0]&panel=slope")
    for name, line in (("2 − 0.05 · 3", "2 − 0.05 · 3 = 1.85"), ("5 − 0.05 · (−2)", "5 − 0.05 · (−2) = 5.1")):
        explorer.button(name).click()
        expect(explorer.page.locator(".slope-words .big")).to_have_text(line)
    explorer.button("Step: w ← w − α · slope").click()
    expect(explorer.page.get_by_label("w, as a number")).to_have_value("5.1")
    explorer.button("Start again").click()
    expect(explorer.page.get_by_label("w, as a number")).to_have_value("5")


def test_a_place_that_is_not_there_goes_visibly_to_the_nearest(explorer: Explorer) -> None:
    explorer.open("#select=W0[1,2]&panel=chain")
    row = explorer.page.get_by_label("row", exact=True)
    expect(explorer.page.locator("#allowed-row")).to_have_text("0–1")
    for typed, taken in (("7", "1"), ("-1", "0"), ("", "0"), ("1", "1"), ("", "1")):
        row.fill(typed)
        row.press("Enter")
        expect(row).to_have_value(taken)
        expect(explorer.page.locator("#chain-title")).to_have_text(f"Chain rule of W0[{taken},2]")


@pytest.mark.parametrize(
    ("panel", "name"),
    [
        ("chain", "Chain rule of W0[1,2]"),
        ("slope", "Slope: C as a function of W0[1,2]"),
        ("cache", "Cache: what is used again for W0[1,2]"),
    ],
)
def test_a_panel_is_named_by_its_weight_and_closed_by_what_says_so(explorer: Explorer, panel: str, name: str) -> None:
    explorer.open(f"#select=W0[1,2]&panel={panel}")
    expect(explorer.page.get_by_role("region", name=name, exact=True)).to_be_visible()
    expect(explorer.page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    explorer.button("Close").click()
    expect(explorer.page.locator(".narration")).to_be_visible()
