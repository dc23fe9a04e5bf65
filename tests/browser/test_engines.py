"""Opening, a step, a beat and a panel: the same numbers in Chromium, Firefox and WebKit, and none of them complains."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.engines import ENGINES, Engine, soon
from tests.tools.engines import NONE

BEATS = 8  # from the end of the forward pass to the last gradient


@pytest.fixture(params=list(ENGINES))
def engine(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Engine]:
    had = ENGINES[request.param](browser)
    if had is None:
        pytest.skip(f"{request.param}: {NONE} what `make engines` names")
    with had as it:
        yield it


def texts(selector: str) -> str:
    """A script: what all that `selector` finds say, one after another."""
    return f'[...document.querySelectorAll({json.dumps(selector)})].map(it => it.textContent.trim()).join(" ")'


def expect_text(engine: Engine, selector: str, wanted: Any) -> None:
    soon(lambda: wanted in engine.value(texts(selector)))
    assert wanted in engine.value(texts(selector))


# Selenium's own, of one of its modules that asks another.
@pytest.mark.filterwarnings("ignore:setting remote_server_addr:DeprecationWarning")
def test_it_opens_steps_plays_a_beat_and_opens_a_panel(engine: Engine, server: str) -> None:
    engine.open(f"{server}/")
    expect_text(engine, "[data-verdict]", "The network says car, 60\u00a0%.")
    expect_text(engine, ".chooser option", "Two spirals")  # all that comes later is there
    assert engine.value('document.querySelectorAll(".block.value .blank-cell").length') == 0
    assert engine.value("document.documentElement.scrollWidth <= innerWidth")

    engine.click(".teach")
    expect_text(engine, ".says-cost", "0.6342")
    expect_text(engine, ".readout dd", "1 0.6342")

    engine.press("b")
    expect_text(engine, ".readout dd", "0 0.7048")
    for _ in range(BEATS):
        engine.press("ArrowRight")
    expect_text(engine, "[data-sentence]", "W0")
    engine.click('svg.graph [data-entry="W0[1,2]"]')
    expect_text(engine, ".callout", "W0[1,2]")
    engine.press("c")
    expect_text(engine, ".routes tfoot", "0.0539")
    assert engine.complaints() == []

    engine.value('console.error("a fault")')
    soon(engine.complaints)
    assert any("a fault" in it for it in engine.complaints()), "what is wrong is heard"
