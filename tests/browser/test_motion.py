"""Films move, except for a reader who wants less motion; for both, play brings every number."""

from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.explorer import Explorer

COUNT_PLACES = """
    window.places = new Set();
    const look = () => {
        const mark = document.querySelector("svg.film [data-film]");
        if (mark) window.places.add(mark.dataset.film + mark.getAttribute("transform"));
        requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
"""
PLAY_TIMEOUT_MS = 60_000
# More than one for each beat, which a film that stands still has as well.
MANY = 30


def played(page: Page) -> int:
    """In how many places the first number of the films was seen while one iteration played."""
    explorer = Explorer(page).open()
    expect(page.locator("link[href$='films.css']")).to_be_attached()
    explorer.command("Speed 8×")
    page.evaluate(COUNT_PLACES)
    explorer.button("Play").click()
    expect(explorer.button("Pause")).to_be_visible()
    expect(explorer.button("Play the next iteration")).to_be_visible(timeout=PLAY_TIMEOUT_MS)
    explorer.expect_beat(explorer.beats)
    expect(page.locator(".card .block.blank")).to_have_count(0)
    places: int = page.evaluate("window.places.size")
    return places


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_films_move_only_where_motion_is_welcome(
    new_context: Callable[..., BrowserContext], motion: Literal["reduce", "no-preference"]
) -> None:
    places = played(new_context(reduced_motion=motion).new_page())
    assert places > 0
    assert (places > MANY) is (motion == "no-preference")


def test_nothing_else_moves_for_a_reader_who_wants_less(new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(reduced_motion="reduce").new_page()
    explorer = Explorer(page).open()
    explorer.button("Beat on").click()
    explorer.settle()
    assert page.evaluate("() => document.getAnimations().length") == 0
