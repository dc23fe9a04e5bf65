"""How the walk through the lecture ends, its keys, and what of the graph it shows on a phone."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.explorer import Explorer

PHONE: Any = {"width": 390, "height": 844}
STOPS = 13
# The card that each stop speaks of; the second shows the neurons.
CARDS = ("y", None, "m0", "a0", "C", "m1", "W1", "W1", "W1", "W1", "W0", "W1", "C")
# Whether a card stands on the screen, in what scrolls around it, and not under the words of the walk.
SHOWN = """id => {
    const card = document.querySelector(`.card[data-walk="${id}"]`)?.getBoundingClientRect();
    const board = document.querySelector(".board").getBoundingClientRect();
    const words = document.querySelector(".walk").getBoundingClientRect();
    return card && card.top >= Math.max(board.top, words.bottom, 0) - 1
        && card.bottom <= Math.min(board.bottom, innerHeight) + 1;
}"""


def at_the_last_stop(explorer: Explorer) -> Explorer:
    explorer.open("#stop=11&beat=8&select=W1[0,0]&panel=cache")
    explorer.button("Next").click()
    return explorer


def costs(explorer: Explorer) -> Any:
    return explorer.page.locator(".walk-costs dt + dd")


def test_the_last_stop_takes_the_step_then_a_hundred_and_says_face(explorer: Explorer) -> None:
    at_the_last_stop(explorer)
    said = explorer.page.locator("[data-walk-verdict]")
    expect(costs(explorer)).to_have_text(["0.7048", "0.6342"])
    expect(said).to_have_text("The network says car, 57 %.")
    explorer.button("A hundred more").click()
    expect(costs(explorer)).to_have_text(["0.7048", "0.6342", "0.0100"])
    expect(said).to_have_text("The network says face, 93 %.")
    expect(explorer.page.locator("#walk-title")).to_contain_text("What was learned")
    expect(explorer.page.locator(".walk-way .finish.here")).to_be_visible()
    explorer.expect_iteration(101)
    explorer.expect_beat(5)
    explorer.button("Finish").click()
    expect(explorer.page.locator(".walk")).to_have_count(0)
    explorer.expect_iteration(101)


@pytest.mark.parametrize("way", ["Back", "PageUp"])
def test_back_from_the_end_the_step_is_undone(explorer: Explorer, way: str) -> None:
    at_the_last_stop(explorer)
    explorer.button("A hundred more").click()
    explorer.expect_iteration(101)
    if way == "Back":
        explorer.button("Back").click()
    else:
        explorer.press(way)
    expect(explorer.page.locator("#walk-title")).to_contain_text("The cache")
    explorer.expect_iteration(0)
    expect(explorer.page.locator("#cache-title")).to_be_visible()


def test_the_keys_of_a_clicker_go_from_stop_to_stop(explorer: Explorer) -> None:
    explorer.open("#stop=0&beat=0")
    title = explorer.page.locator("#walk-title")
    for stop in range(2, STOPS + 1):
        explorer.press("PageDown")
        expect(title).to_contain_text(f"The lecture, {stop} of {STOPS}")
    explorer.expect_iteration(1)
    explorer.press("PageDown")
    explorer.expect_iteration(101)
    explorer.press("PageUp")
    expect(title).to_contain_text(f"The lecture, {STOPS - 1} of {STOPS}")


def test_with_motion_the_weights_move_first(explorer: Explorer) -> None:
    explorer.page.emulate_media(reduced_motion="no-preference")
    at_the_last_stop(explorer)
    expect(explorer.page.locator(".phase-tag.update.now")).to_be_attached()
    explorer.expect_iteration(1)
    expect(costs(explorer)).to_have_text(["0.7048", "0.6342"])
    explorer.button("A hundred more").click()
    expect(explorer.button("To the end")).to_be_visible()
    explorer.button("To the end").click()
    explorer.expect_iteration(101)


def test_what_the_reader_does_meanwhile_wins(explorer: Explorer) -> None:
    explorer.page.emulate_media(reduced_motion="no-preference")
    at_the_last_stop(explorer)
    expect(explorer.page.locator(".phase-tag.update.now")).to_be_attached()
    explorer.scrubber.fill("4")
    explorer.expect_beat(4)
    explorer.settle()
    explorer.expect_beat(4)
    explorer.expect_iteration(0)
    explorer.button("Take the step").click()
    explorer.expect_iteration(1)


def test_on_a_phone_each_stop_shows_what_it_speaks_of(explorer: Explorer) -> None:
    explorer.page.set_viewport_size(PHONE)
    explorer.open("#")
    explorer.press("w")
    for stop, card in enumerate(CARDS, 1):
        expect(explorer.page.locator("#walk-title")).to_contain_text(f"The lecture, {stop} of {STOPS}")
        if card:
            explorer.page.wait_for_function(SHOWN, arg=card)
        else:
            expect(explorer.page.locator(".board .neurons")).to_be_in_viewport(ratio=0.9)
        if stop < STOPS:
            explorer.button("Next").click()
    explorer.button("A hundred more").click()
    expect(explorer.page.locator("[data-walk-verdict]")).to_have_text("The network says face, 93 %.")
    expect(explorer.page.locator("[data-walk-verdict]")).to_be_in_viewport()


WALKS = {"lecture": STOPS, "attention": 10, "recurrent": 8}
# How high the walk's bar is, how far down the page the picture begins, and what in the bar does not fit.
BAR = """() => {
    const bar = document.querySelector(".walk");
    const { bottom, right, height } = bar.getBoundingClientRect();
    const words = bar.querySelector(".walk-words");
    const out = [...bar.querySelectorAll("button, dl, p, li")].filter(it => {
        const box = it.getBoundingClientRect();
        return box.height > 0 && !words.contains(it) && (box.bottom > bottom + 0.5 || box.right > right + 0.5);
    });
    return [height, scrollY + document.querySelector(".board").getBoundingClientRect().top,
        words.scrollHeight > words.clientHeight + 1, out.map(it => it.textContent)];
}"""


@pytest.mark.parametrize("example", WALKS)
@pytest.mark.parametrize(
    ("width", "height"), [(1440, 900), (1280, 720), (1024, 768), (768, 1024), (390, 844), (320, 640)]
)
def test_the_bar_has_one_height_at_all_stops_and_holds_their_words(
    explorer: Explorer, example: str, width: int, height: int
) -> None:
    explorer.page.set_viewport_size({"width": width, "height": height})
    explorer.open(f"#example={example}&stop=0&beat=0")
    bars: dict[int | str, Any] = {}
    for stop in range(1, WALKS[example] + 1):
        expect(explorer.page.locator("#walk-title")).to_contain_text(f"{stop} of {WALKS[example]}")
        explorer.settle()
        bars[stop] = explorer.page.evaluate(BAR)
        if stop < WALKS[example]:
            explorer.button("Next").click()
    explorer.expect_iteration(1)
    bars["after one"] = explorer.page.evaluate(BAR)
    explorer.button("A hundred more").click()
    expect(explorer.button("Finish")).to_be_visible()
    bars["at the end"] = explorer.page.evaluate(BAR)
    assert not {stop: bar for stop, bar in bars.items() if bar[2] or bar[3]}, bars
    heights, tops = ({round(bar[at]) for bar in bars.values()} for at in (0, 1))
    assert len(heights) == 1, bars
    # On a phone the panel that a stop opens stands above the graph or under it.
    assert max(tops) - min(tops) <= 1 or width < 700, bars


def test_the_end_of_attention_shows_the_shares_that_it_speaks_of_on_a_phone(explorer: Explorer) -> None:
    explorer.page.set_viewport_size(PHONE)
    explorer.open("#example=attention&stop=8&beat=26&select=WQ[0,0]&panel=inspect")
    explorer.button("Next").click()
    explorer.expect_iteration(1)
    explorer.button("A hundred more").click()
    watched = explorer.page.locator(".walk-watched")
    expect(watched).to_contain_text(re.compile(r"A\[1\] = 0\.96"))
    expect(watched).to_contain_text(re.compile(r"A\[2\] = 0\.\d+\s+0\.71"))
    expect(watched).to_be_in_viewport(ratio=1)


def test_a_walk_asks_before_it_leaves_what_the_reader_made(explorer: Explorer) -> None:
    explorer.open("#example=product&panel=formulas")
    field = explorer.page.get_by_label("The formulas, a line each")
    field.fill("w = x + y\nC = w * z")
    expect(explorer.page.locator('.card[data-walk="w"]')).to_be_visible()
    field.blur()
    explorer.press("w")
    expect(explorer.page.locator("#walk-title")).to_have_text("There is no walk through your own formulas.")
    expect(explorer.page.locator('.card[data-walk="w"]')).to_be_visible()
    explorer.button("Stay here").click()
    expect(explorer.page.locator(".walk")).to_have_count(0)
    explorer.press("w")
    explorer.page.locator(".walk").get_by_role("button", name="Walk through the lecture").click()
    expect(explorer.page.locator("#walk-title")).to_contain_text("The lecture, 1 of 13")
    explorer.press("Control+z")
    expect(explorer.page.locator('.card[data-walk="w"]')).to_be_visible()
    expect(explorer.page.locator(".walk")).to_have_count(0)
