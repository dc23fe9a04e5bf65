"""Dots run along the edges, except for a reader who wants less motion; for both, play brings every number."""

from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.explorer import Explorer

COUNT_DOTS = """
    window.dots = 0;
    const arc = CanvasRenderingContext2D.prototype.arc;
    CanvasRenderingContext2D.prototype.arc = function (...given) {
        window.dots += 1;
        return arc.apply(this, given);
    };
"""


def played(page: Page, view: str = "graph") -> int:
    """How many dots were drawn while one iteration played."""
    page.add_init_script(COUNT_DOTS)
    explorer = Explorer(page).open(f"#view={view}")
    page.get_by_label("Speed").select_option("8")
    explorer.button("Play").click()
    expect(explorer.button("Pause")).to_be_visible()
    explorer.expect_beat(explorer.beats)
    expect(explorer.button("Play the next iteration")).to_be_visible()
    dots: int = page.evaluate("window.dots")
    return dots


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_dots_are_drawn_only_where_motion_is_welcome(
    new_context: Callable[..., BrowserContext], motion: Literal["reduce", "no-preference"]
) -> None:
    dots = played(new_context(reduced_motion=motion).new_page())
    assert (dots > 0) is (motion == "no-preference")


def test_nothing_else_moves_for_a_reader_who_wants_less(new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(reduced_motion="reduce").new_page()
    explorer = Explorer(page).open()
    explorer.button("Beat on").click()
    explorer.settle()
    assert page.evaluate("() => document.getAnimations().length") == 0
