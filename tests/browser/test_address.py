"""The address bar is the save file: what a link says is opened, and what is open can be linked to."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.explorer import Explorer

LINK = "#example=xor&iteration=2&beat=4&view=table&select=m0"


def expect_link(explorer: Explorer) -> None:
    expect(explorer.page.locator(".chooser select")).to_have_value("xor")
    explorer.expect_iteration(2)
    explorer.expect_beat(4)
    expect(explorer.view).to_have_value("table")
    expect(explorer.page.locator("#inspector-title .what")).to_have_text("pre-activation m0")


def test_a_link_opens_exactly_what_it_says_and_a_reload_keeps_it(explorer: Explorer) -> None:
    explorer.open(LINK)
    expect_link(explorer)
    explorer.page.reload()
    expect_link(explorer)
    expect(explorer.page).to_have_url(re.compile(re.escape(LINK) + "$"))


def test_the_address_follows_what_is_done(explorer: Explorer) -> None:
    explorer.open()
    explorer.press("n")
    explorer.expect_iteration(1)
    explorer.press("ArrowRight", "ArrowRight", "2")
    expect(explorer.page).to_have_url(re.compile(r"#iteration=1&beat=7&view=neurons$"))
    explorer.press("1", "r", "Escape")
    # The curve goes on to iteration 1, where a reader of the link sees it too.
    expect(explorer.page).to_have_url(re.compile(r"/#trained=1$"))


@pytest.mark.parametrize("fragment", ["#", "#%", "#iteration=-4&beat=x", "#view=<b>&select=zz9&row=7", "#beat=9999999"])
def test_garbage_opens_the_lecture(explorer: Explorer, fragment: str) -> None:
    explorer.open(fragment)
    expect(explorer.page.locator(".chooser select")).to_have_value("lecture")
    explorer.expect_iteration(0)
    explorer.expect_beat(5 if "beat=" in fragment else 0)  # refused: as the page opens
    expect(explorer.page.locator(".inspector")).to_have_count(0)


def test_a_link_to_a_row_that_is_not_there_shows_the_last(explorer: Explorer) -> None:
    explorer.open("#view=neurons&row=99")
    expect(explorer.page.locator(".neuron")).to_have_count(7)
    explorer.visit("#example=xor&view=neurons&row=99")
    expect(explorer.page.locator(".row-chooser input")).to_have_value("3")


def test_a_link_followed_on_the_open_page_goes_there_and_back(explorer: Explorer) -> None:
    explorer.open("#beat=3")
    explorer.visit("#example=scalar&iteration=1&beat=2&view=neurons")
    explorer.expect_iteration(1)
    explorer.page.go_back()
    expect(explorer.page.locator(".chooser select")).to_have_value("lecture")
    explorer.expect_beat(3)


@pytest.mark.parametrize("way", ["training", "an edit"])
def test_back_leads_to_a_run_as_it_was_when_another_example_was_chosen_in_the_midst_of_it(
    explorer: Explorer, way: str
) -> None:
    page, chooser = explorer.page, explorer.page.locator(".chooser select")
    explorer.open("#example=scalar")
    if way == "training":
        explorer.press("t")
        expect(page.locator(".readout dd").first).not_to_have_text("0")
    else:
        number = explorer.card("W1").locator(".block.value .cell").first
        number.dblclick()
        page.locator(".board .cell-editor").fill("0.875")
        explorer.press("Enter")
        expect(number).to_contain_text("0.875")
    chooser.select_option("xor")
    expect(page).to_have_url(re.compile("example=xor"))
    page.go_back()
    # What was changed is no longer the example's own, and is not called so.
    expect(chooser).to_have_value("scalar" if way == "training" else "")
    if way == "training":
        expect(page.locator(".readout dd").first).not_to_have_text("0")
    else:
        expect(number).to_contain_text("0.875")
    page.go_forward()
    expect(chooser).to_have_value("xor")
