"""When something goes wrong the page says what, keeps what it has, and goes on living."""

import copy
import re

from playwright.sync_api import Route, expect

from tests.browser.conftest import Guard
from tests.browser.explorer import Explorer

MOST_STEPS = 6


def test_a_diverged_run_says_so_and_the_page_goes_on(explorer: Explorer) -> None:
    experiment = copy.deepcopy(explorer.example("lecture"))
    experiment["optimizer"]["learning_rate"] = 1e300
    for layer in experiment["network"]["layers"]:
        layer["activation"] = "identity"
    explorer.serve_as_lecture(experiment)
    explorer.open()
    explorer.press("t")
    told = explorer.page.locator(".narration")
    expect(told).to_contain_text("This run has diverged")
    expect(explorer.button("Train")).to_have_attribute("aria-pressed", "false")
    number = int(explorer.page.locator(".readout dd").first.inner_text())
    assert 0 < number <= MOST_STEPS
    for view in ("2", "3", "1"):
        explorer.press(view)
        explorer.settle()
    explorer.go(explorer.beats)
    explorer.card("C").click()
    explorer.press("i")
    expect(explorer.page.locator(".inspector td").first).to_have_text(re.compile("^(∞|NaN)$"))
    explorer.press("b")
    explorer.expect_iteration(number - 1)
    explorer.press("n", "Escape", "Escape")
    expect(told).to_contain_text("This run has diverged")
    explorer.page.get_by_role("button", name=re.compile("^Start again from iteration 0 with half")).click()
    explorer.expect_iteration(0)
    expect(explorer.page.locator(".changed")).to_contain_text("α")
    expect(explorer.alert).to_have_count(0)


def test_a_server_that_is_gone_is_told_and_tried_again(explorer: Explorer, guard: Guard) -> None:
    guard.allow("Failed to load resource")
    explorer.open("#beat=4")
    explorer.page.route("**/api/v1/step*", lambda route: route.abort())
    explorer.button("Teach it one step").click()
    expect(explorer.alert).to_contain_text("The server does not answer")
    explorer.expect_iteration(0)
    explorer.expect_beat(4)
    explorer.alert.get_by_role("button", name="Dismiss").click()
    expect(explorer.alert).to_have_count(0)
    explorer.page.unroute("**/api/v1/step*")
    explorer.button("Teach it one step").click()
    explorer.expect_iteration(1)
    expect(explorer.alert).to_have_count(0)


def test_the_words_of_a_refusal_are_shown(explorer: Explorer, guard: Guard) -> None:
    guard.allow("422")
    experiment = copy.deepcopy(explorer.example("lecture"))
    experiment["network"]["layers"][1]["weights"] = [[0.5, 0.2]]
    refused = explorer.page.request.post("/api/v1/step", data=experiment)
    assert refused.status == 422
    explorer.serve_as_lecture(experiment)
    explorer.page.goto("/")
    expect(explorer.alert).to_contain_text(refused.json()["detail"])
    explorer.page.locator(".chooser select").select_option("scalar")
    expect(explorer.card("C")).to_be_visible()
    expect(explorer.alert).to_have_count(0)


def test_a_server_that_is_gone_from_the_start_is_told(explorer: Explorer, guard: Guard) -> None:
    guard.allow("Failed to load resource")
    explorer.page.route("**/api/v1/**", lambda route: route.abort())
    explorer.page.goto("/")
    expect(explorer.alert).to_contain_text("The server does not answer")
    expect(explorer.page.get_by_role("status").first).to_have_text("Nothing to show yet.")


def test_an_example_that_does_not_exist_is_told(explorer: Explorer, guard: Guard) -> None:
    guard.allow("404")
    explorer.page.goto("/#example=no-such-thing")
    expect(explorer.alert).to_contain_text("there is no example of that name")


def test_a_panel_that_does_not_load_is_told_and_tried_again(explorer: Explorer, guard: Guard) -> None:
    guard.allow("Failed to load resource")
    explorer.open()
    explorer.page.route("**/inspect.css", lambda route: route.abort())
    explorer.press("3")
    expect(explorer.alert).to_contain_text("could not be loaded")
    explorer.page.unroute("**/inspect.css")
    explorer.alert.get_by_role("button", name="Dismiss").click()
    expect(explorer.page.locator(".tables")).to_be_visible()
    expect(explorer.alert).to_have_count(0)


def test_the_newest_choice_wins_over_a_slow_answer(explorer: Explorer) -> None:
    explorer.open()
    held: list[Route] = []
    explorer.page.route("**/api/v1/examples/xor", lambda route: held.append(route))
    chooser = explorer.page.locator(".chooser select")
    chooser.select_option("xor")
    expect(explorer.page.get_by_text("Waiting for the server")).to_be_attached()
    chooser.select_option("scalar")
    expect(explorer.card("W0").locator(".block.value .cell")).to_have_count(1)
    held[0].continue_()
    explorer.press("n")
    explorer.expect_iteration(1)
    expect(chooser).to_have_value("scalar")


def test_the_last_iteration_that_can_be_counted_is_not_called_diverged(explorer: Explorer) -> None:
    explorer.serve_as_lecture(explorer.example("lecture") | {"iteration": 2**53 - 1})
    explorer.open()
    explorer.press("n")
    expect(explorer.alert).to_contain_text("the last iteration that can be counted")
    explorer.expect_iteration(2**53 - 1)
