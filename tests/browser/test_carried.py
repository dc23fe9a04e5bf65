"""What a link and a reload carry: the comparison that is open, and the curve of the cost."""

import re

from playwright.sync_api import Locator, expect

from tests.browser.explorer import Explorer


def edited(explorer: Explorer) -> None:
    explorer.open()
    explorer.page.locator('svg.graph [data-entry="W0[0,1]"]').dblclick()
    explorer.page.locator(".board .cell-editor").fill("-0.6001")
    explorer.press("Enter")
    expect(explorer.page.locator(".changed")).to_be_visible()


def trained(explorer: Explorer, steps: int) -> None:
    for number in range(1, steps + 1):
        explorer.press("n")
        explorer.expect_iteration(number)


def link(explorer: Explorer, has: str) -> str:
    explorer.page.wait_for_function("text => location.hash.includes(text)", arg=has)
    explorer.rest()
    found: str = explorer.page.evaluate("location.hash")
    return found


def curve(explorer: Explorer) -> Locator:
    return explorer.page.locator(".panel.curve")


def test_a_link_to_a_run_of_ones_own_has_its_curve_and_its_start(explorer: Explorer) -> None:
    explorer.count_requests()
    edited(explorer)
    trained(explorer, 12)
    shown = curve(explorer).locator("p").first.inner_text()
    assert "iteration 12" in shown
    found = link(explorer, "run=")
    explorer.open(f"{found}&beat=5")
    explorer.expect_iteration(12)
    explorer.go(5)  # where the cost is computed
    expect(curve(explorer)).to_contain_text(shown.partition(". ")[0])
    explorer.press("r")
    explorer.expect_iteration(0)
    assert explorer.numbers('svg.graph [data-entry="W0[0,1]"]')["W0[0,1]"] == -0.6001


def test_a_link_without_the_run_opens_still(explorer: Explorer) -> None:
    explorer.count_requests()
    edited(explorer)
    trained(explorer, 5)
    older = re.sub(r"&run=[^&]*", "", link(explorer, "run="))
    explorer.open(older)
    explorer.expect_iteration(5)
    expect(explorer.alert).to_have_count(0)


def test_a_link_to_an_iteration_before_the_last_has_the_whole_curve(explorer: Explorer) -> None:
    explorer.open("#iteration=10&trained=40&curve=log")
    explorer.expect_iteration(10)
    expect(curve(explorer)).to_contain_text("at iteration 40")
    expect(curve(explorer).get_by_role("button", name="Log")).to_have_attribute("aria-pressed", "true")


def test_a_comparison_is_there_after_a_reload_and_in_a_link(explorer: Explorer) -> None:
    explorer.count_requests()
    explorer.open("#panel=compare")
    panel = explorer.page.locator(".desk > .panel")
    panel.get_by_role("button", name="double α").click()
    verdict = panel.locator(".compare-verdict")
    expect(verdict).to_contain_text("ends lower")
    expect(panel.get_by_role("button", name="Stop")).to_have_count(0)
    words = verdict.inner_text()
    found = link(explorer, "compare=")
    assert "compare=field:learning_rate,1,200,start" in found
    explorer.page.reload()
    expect(verdict).to_have_text(words)
    explorer.open("#")
    explorer.open(found)
    expect(verdict).to_have_text(words)
    expect(panel.locator(".compare-value")).to_have_value("1")
