"""Links from anybody: what they hold is shown as text, or refused in words; the newest one counts.

`make fuzz` opens 2,000 that were made at random, from another seed each day.
"""

import json
import os
import random
import re
from datetime import date

import pytest
from playwright.sync_api import Page, Route, expect

from tests import links
from tests.browser.conftest import Guard
from tests.browser.explorer import API, Document, Explorer
from tests.helpers import lecture

MARK = "BACKPROP_FUZZ_LINKS"
LINKS = int(os.environ.get(MARK, "40"))
SEED = date.today().toordinal() if MARK in os.environ else 1
EVERY = 10
# An answer that is refused is printed by the browser, and nothing else is.
REFUSED = "Failed to load resource: the server responded with a status of 4"


def nested(depth: int) -> str:
    """An experiment whose title is lists within lists."""
    return json.dumps(lecture() | {"title": "here"}).replace('"here"', "[" * depth + "]" * depth)


def odd(**fields: object) -> str:
    return json.dumps(lecture() | fields)


HOSTILE = {
    "zeros without end": links.packed(b"\0" * 20_000_000),
    "brackets without end": links.packed(b"[" * 4_000_000),
    "a title that is nested deeply": links.packed(nested(1_000_000)),
    "a title that is nested": links.packed(nested(5000)),
    "a huge link": "1." + "A" * 1_500_000,
    "no JSON number": links.packed(odd().replace("0.5", "NaN", 1)),
    "a number that is none": links.packed(odd().replace("0.5", "1e999", 1)),
    "another prototype": links.packed(odd().replace("{", '{"__proto__": {"layers": 1}, "constructor": 1,', 1)),
    "words for layers": links.packed(odd(network={"layers": ["a"], "cost": "x"})),
    "nothing for data": links.packed(odd(data={"x": [], "y": None})),
    "a title that is a number": links.packed(odd(title=5)),
    "a long title": links.packed(odd(title="A" * 3_000_000)),
    "held back is a word": links.packed(odd(data=lecture()["data"] | {"held_back": "no"})),
    "a lone surrogate": links.packed(odd(title="here").replace("here", "\\ud800")),
    "no list": links.packed("null"),
    "another version": "2.AAAA",
    "a file": "file",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_link_is_refused_in_words_and_the_page_lives(explorer: Explorer, guard: Guard, text: str) -> None:
    guard.allow(REFUSED)
    explorer.open(f"#x={text}")
    expect(explorer.alert).to_be_visible()
    words = explorer.alert.locator("p").inner_text()
    assert 10 < len(words) < 400
    assert "could not be read" not in words
    explorer.alert.get_by_role("button").click()
    explorer.press("n")
    explorer.expect_iteration(1)


def test_what_a_link_brings_is_text_wherever_it_is_shown(explorer: Explorer) -> None:
    data = lecture()["data"] | {"features": [links.SCRIPT[:100]] * 2, "classes": [links.SCRIPT[:100], "b"]}
    text = links.packed(odd(title=links.SCRIPT.replace("\0", ""), data=data))
    explorer.open(f"#x={text}")
    for panel in ("beat", "inspect", "chain", "slope", "cache", "check", "build", "data", "compare"):
        for view in ("neurons", "table") if panel == "beat" else ("graph",):
            fragment = f"#beat=14&select=x&view={view}&panel={panel}&x={text}"
            explorer.page.evaluate("fragment => { location.hash = fragment; }", fragment)
            expect(explorer.page.locator(f"main.on-{panel} .panel:not([aria-busy=true]):visible").first).to_be_visible()
            expect(explorer.page.locator(".chooser select option").first).to_contain_text("<img src=x")
    for key in ("l", "?"):
        explorer.press(key, "Escape")
    explorer.settle()
    assert explorer.page.evaluate("window.harmed") is None
    assert explorer.page.locator("img, script[src=x]").count() == 0


def test_no_link_at_all_is_a_fault_or_a_hang(explorer: Explorer, guard: Guard) -> None:
    guard.allow(REFUSED)
    explorer.count_requests().open()
    chance = random.Random(SEED)
    for number in range(LINKS):
        fragment = links.link(chance)
        explorer.page.evaluate("fragment => { location.hash = fragment; }", fragment)
        explorer.rest()
        assert not guard.complaints, fragment
        if number % EVERY == 0:
            explorer.open(fragment)
            assert not guard.complaints, fragment
    assert explorer.page.evaluate("window.harmed") is None
    explorer.open("#example=xor")
    explorer.press("n")
    explorer.expect_iteration(1)


def departed(weight: float) -> str:
    experiment: Document = lecture()
    experiment["network"]["layers"][0]["weights"][0][0] = weight
    return links.packed(json.dumps(experiment))


def test_back_and_forward_through_many_links_end_where_the_address_is(explorer: Explorer) -> None:
    fragments = ["#example=xor&iteration=2&beat=3", f"#beat=2&x={departed(7.25)}", "#example=scalar&beat=1"]
    explorer.open("#beat=4")
    for fragment in fragments:
        explorer.page.evaluate("fragment => { location.hash = fragment; }", fragment)
    expect(explorer.page.locator(".chooser select")).to_have_value("scalar")
    explorer.page.evaluate("history.go(-1)")
    expect(explorer.card("W0")).to_contain_text("7.25")
    explorer.expect_beat(2)
    for by in (-1, -1, 1, 1, 1, -2, 1):
        explorer.page.evaluate("by => history.go(by)", by)
    expect(explorer.page).to_have_url(re.compile("&x="))
    expect(explorer.card("W0")).to_contain_text("7.25")
    explorer.expect_beat(2)
    explorer.page.evaluate("history.go(-2)")
    expect(explorer.page).to_have_url(re.compile("#beat=4$"))
    explorer.expect_beat(4)
    expect(explorer.card("W0")).not_to_contain_text("7.25")


def test_of_two_links_the_newer_is_shown_also_where_the_older_takes_longer(explorer: Explorer, page: Page) -> None:
    explorer.open()
    held: list[Route] = []
    page.route("**/js/state/packed-experiment.js", lambda route: held.append(route))
    with page.expect_request("**/js/state/packed-experiment.js"):
        page.evaluate("fragment => { location.hash = fragment; }", f"#beat=2&x={departed(7.25)}")
    explorer.visit("#example=scalar&beat=1")
    with page.expect_response("**/js/state/packed-experiment.js"):
        held[0].continue_()
    page.wait_for_load_state("networkidle")
    expect(page.locator(".chooser select")).to_have_value("scalar")
    expect(page).to_have_url(re.compile("#example=scalar&beat=1$"))


def test_a_link_that_is_slow_keeps_its_place_in_the_address(explorer: Explorer, page: Page) -> None:
    """Also where an older one is given up for it meanwhile."""
    page.clock.install()
    explorer.open()
    held: list[Route] = []
    page.route(re.compile(f"{API}/examples/(xor|scalar)"), lambda route: held.append(route))
    with page.expect_request("**/examples/xor"):
        page.evaluate("location.hash = '#example=xor&beat=2'")
    with page.expect_request("**/examples/scalar"):
        page.evaluate("location.hash = '#example=scalar&beat=1'")
    page.clock.run_for(5000)
    expect(page).to_have_url(re.compile("#example=scalar&beat=1$"))
    held[-1].continue_()
    page.clock.run_for(1000)
    expect(page.locator(".chooser select")).to_have_value("scalar")
    explorer.expect_beat(1)


def test_a_link_that_is_opened_while_the_page_trains_ends_the_training(explorer: Explorer) -> None:
    explorer.open()
    explorer.press("t")
    expect(explorer.page.locator(".readout dd").first).not_to_have_text("0")
    explorer.visit("#example=scalar&iteration=2&beat=1")
    explorer.expect_iteration(2)
    expect(explorer.button("Train")).to_have_attribute("aria-pressed", "false")
    explorer.press("t")
    expect(explorer.page.locator(".readout dd").first).not_to_have_text("2")
    explorer.page.go_back()
    expect(explorer.page.locator(".chooser select")).to_have_value("lecture")
    expect(explorer.button("Train")).to_have_attribute("aria-pressed", "false")


@pytest.mark.parametrize("number", [1_000_000, 2**53 - 1])
def test_a_link_to_an_iteration_far_on_leads_there(explorer: Explorer, page: Page, number: int) -> None:
    """Ten seconds of training lead further than a link by number alone."""
    explorer.serve_as_lecture(explorer.example("lecture") | {"iteration": number})
    explorer.open()
    explorer.press("l")
    link = page.get_by_role("dialog").get_by_role("textbox").input_value()
    page.unroute("**/api/v1/examples/lecture")
    page.goto("about:blank")
    page.goto(link)
    explorer.expect_iteration(number)
    expect(explorer.alert).to_have_count(0)
