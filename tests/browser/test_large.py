"""Graphs larger than any lecture's: a hundred nodes, sixty-four layers."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.explorer import Explorer
from tests.browser.networks import deep, nodes

PLAYED_BEATS = 6


@pytest.mark.parametrize(("layers", "bias"), [(24, True), (64, False)])
def test_a_large_graph_is_drawn_and_plays(explorer: Explorer, layers: int, bias: bool) -> None:
    explorer.serve_as_lecture(deep(layers, bias=bias))
    explorer.open("#layers=all")
    expect(explorer.page.locator(".card")).to_have_count(nodes(layers, bias))
    explorer.command("Speed 8×")
    explorer.button("Play").click()
    expect(explorer.scrubber).not_to_have_value("0")
    explorer.page.wait_for_function(f"() => Number(document.querySelector('.scrubber input').value) >= {PLAYED_BEATS}")
    explorer.button("Pause").click()
    expect(explorer.page.locator(".card.lit")).to_be_in_viewport()
    explorer.go(explorer.beats)
    expect(explorer.card(f"W{layers - 1}")).to_have_class(re.compile(r"\bmoved\b"))
    for view in ("2", "3", "1"):
        explorer.press(view)
        explorer.settle()
    explorer.press("n")
    explorer.expect_iteration(1)


@pytest.mark.parametrize("fragment", ["", "#layers=all"])
def test_the_beat_is_kept_in_sight(explorer: Explorer, fragment: str) -> None:
    explorer.serve_as_lecture(deep(64))
    explorer.open(fragment)
    for beat in (1, 60, 128, 129, 200, 321):
        explorer.go(beat)
        expect(explorer.page.locator(".card.lit")).to_be_in_viewport(ratio=0.9)
