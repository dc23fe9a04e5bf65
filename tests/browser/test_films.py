"""A beat is a film, the same for a step and for Play; a reader who wants less motion sees its still."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.explorer import Explorer
from tests.browser.networks import deep

FILM = "svg.film"
NUMBERS = f"{FILM} [data-film]"
EMPTY = f"{FILM}:not(:has(*))"
BEAT_MS = 1400
FRAME_MS = 20


@pytest.fixture
def moving(new_context: Callable[..., BrowserContext]) -> Explorer:
    """The page for a reader who likes motion, its clock turned by hand."""
    page = new_context(reduced_motion="no-preference").new_page()
    page.clock.install()
    return Explorer(page)


def opened(explorer: Explorer, fragment: str = "") -> Page:
    """With all that a film takes; time stands still."""
    page = explorer.open(fragment).page
    expect(page.locator("link[href$='films.css']")).to_be_attached()
    page.evaluate("document.fonts.ready")
    page.clock.pause_at(page.evaluate("Math.ceil(Date.now() / 1000) + 1"))
    return page


def begin(explorer: Explorer) -> None:
    """Press →, and let the first frame pass, from which time is counted."""
    explorer.press("ArrowRight")
    explorer.begin_to_move()
    explorer.page.clock.run_for(FRAME_MS)


def film_until(page: Page, number: str) -> None:
    """Let the film run frame by frame until the number is in it: it stands there for a part of the beat only."""
    shown = page.locator(NUMBERS, has_text=number)
    for _ in range(BEAT_MS // FRAME_MS):
        if shown.count() > 0:
            return
        page.clock.run_for(FRAME_MS)
    expect(shown.first).to_be_attached()


def active(page: Page) -> set[str]:
    names: list[str] = page.locator(".card[data-active]").evaluate_all("all => all.map(it => it.dataset.walk)")
    return set(names)


def block(explorer: Explorer, node: str, which: str) -> Locator:
    return explorer.card(node).locator(f".block.{which}")


def test_a_step_plays_its_film_and_the_result_is_there_when_it_has_landed(moving: Explorer) -> None:
    page = opened(moving)
    expect(page.locator(EMPTY)).to_have_count(1)
    begin(moving)
    film_until(page, "0.44")
    expect(page.locator("svg.graph.filming")).to_have_count(1)
    assert active(page) == {"x", "W0", "m0"}
    expect(block(moving, "m0", "value")).to_have_class(re.compile("blank"))
    page.clock.run_for(BEAT_MS)
    expect(block(moving, "m0", "value")).to_have_class(re.compile("computed"))
    expect(page.locator(EMPTY)).to_have_count(1)
    expect(page.locator("svg.graph.filming")).to_have_count(0)
    moving.expect_beat(1)


def test_a_step_pressed_again_ends_its_film_and_a_step_back_is_there_at_once(moving: Explorer) -> None:
    page = opened(moving)
    begin(moving)
    page.clock.run_for(round(BEAT_MS * 0.2))
    begin(moving)
    page.clock.run_for(round(BEAT_MS * 0.2))
    expect(block(moving, "m0", "value")).to_have_class(re.compile("computed"))
    assert active(page) == {"m0", "a0"}
    expect(page.locator(NUMBERS).first).to_be_attached()
    page.keyboard.press("ArrowLeft")
    page.clock.run_for(FRAME_MS)
    expect(page.locator(EMPTY)).to_have_count(1)
    expect(block(moving, "a0", "value")).to_have_class(re.compile("blank"))
    moving.expect_beat(1)


def test_the_way_back_shows_the_slope_and_what_arrives(moving: Explorer) -> None:
    page = opened(moving, "#beat=6")
    begin(moving)
    for number in ("−1.1671", "0.2430", "−0.2836"):
        film_until(page, number)
    assert active(page) == {"m1", "a1"}
    expect(page.locator(f"{FILM} .film-line.forward").first).to_be_attached()


def test_play_shows_the_same_films(moving: Explorer) -> None:
    page = opened(moving)
    moving.button("Play").click()
    moving.begin_to_move()
    page.clock.run_for(2_000)
    expect(page.locator(NUMBERS).first).to_be_attached()
    assert active(page) == {"x", "W0", "m0"}
    moving.button("Pause").click()


def test_every_beat_of_the_lecture_has_numbers_large_enough_to_read(moving: Explorer) -> None:
    moving.page.set_viewport_size({"width": 1440, "height": 900})
    page = opened(moving)
    for beat in range(1, moving.beats + 1):
        begin(moving)
        page.clock.run_for(round(BEAT_MS * 0.6))
        sizes = page.locator(f"{NUMBERS} text").evaluate_all(
            "all => all.map(it => it.getAttribute('font-size') * it.getScreenCTM().a)"
        )
        assert sizes, f"beat {beat}"
        assert min(sizes) >= 13, f"beat {beat}"
        page.clock.run_for(BEAT_MS)
        moving.expect_beat(beat)


def test_a_reader_who_wants_less_motion_has_the_still_of_each_beat(explorer: Explorer) -> None:
    explorer.open()
    page = explorer.page
    expect(page.locator("link[href$='films.css']")).to_be_attached()
    explorer.press("ArrowRight")
    explorer.expect_beat(1)
    expect(block(explorer, "m0", "value")).to_have_class(re.compile("computed"))
    expect(page.locator("svg.graph.filming")).to_have_count(0)
    for number in ("0.44", "0.1", "−0.46"):
        expect(page.locator(NUMBERS, has_text=number).first).to_be_attached()
    explorer.card("W1").click()  # whoever looks at something else sees all of it
    expect(page.locator(EMPTY)).to_have_count(1)
    explorer.press("Escape")
    explorer.button("Play").click()
    expect(page.locator("svg.graph.filming")).to_have_count(1)
    still = page.locator(NUMBERS).first
    expect(still).to_be_attached()
    explorer.settle()
    places = set()
    for _ in range(5):
        explorer.settle()
        places.add(still.get_attribute("transform"))
    assert len(places) == 1
    explorer.button("Pause").click()


def test_a_heat_map_is_swept_without_numbers(moving: Explorer) -> None:
    page = opened(moving, "#example=face-or-car")
    begin(moving)
    page.clock.run_for(round(BEAT_MS * 0.4))
    expect(page.locator(f"{FILM} .film-ring").first).to_be_attached()
    expect(page.locator(NUMBERS)).to_have_count(0)


def test_a_film_of_layers_that_are_folded_away_is_no_fault(moving: Explorer) -> None:
    moving.serve_as_lecture(deep(12))
    page = moving.open().page
    moving.command("Speed 8×")
    page.clock.pause_at(page.evaluate("Math.ceil(Date.now() / 1000) + 1"))
    moving.button("Play").click()
    moving.begin_to_move()
    page.clock.run_for(4_000)
    assert int(moving.scrubber.input_value()) > 4
    moving.button("Pause").click()


def test_the_scrubber_goes_through_a_film_under_the_hand(moving: Explorer) -> None:
    page = moving.open().page
    expect(page.locator("link[href$='films.css']")).to_be_attached()
    box = moving.scrubber.bounding_box()
    assert box
    thumb = 16
    beat = (box["width"] - thumb) / moving.beats
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + thumb / 2, y)
    page.mouse.down()
    page.mouse.move(box["x"] + thumb / 2 + 6.5 * beat, y, steps=8)
    for number in ("−1.1671", "0.2430"):
        expect(page.locator(NUMBERS, has_text=number).first).to_be_attached()
    assert float(moving.scrubber.input_value()) % 1, "the thumb is where the hand is"
    page.mouse.up()
    moving.settle()
    moving.go(7)
    expect(page.locator(EMPTY)).to_have_count(1)
