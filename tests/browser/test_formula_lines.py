"""Formulas that are opened show their lines, their title and what they are for: at once, or a tap away."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.explorer import Explorer
from tests.browser.test_fit import faults_of
from tests.browser.test_formulas import EXAMPLES, field

WIDE = [(1440, 900), (1280, 720), (768, 1024)]
SMALL = [(390, 844), (320, 640), (1000, 600)]
# How many lines are in sight in their list, and whether the list itself is on the screen.
IN_SIGHT = """() => {
    const list = document.querySelector(".lines ol").getBoundingClientRect();
    const inside = it => it.top >= list.top - 2 && it.bottom <= Math.min(list.bottom, innerHeight) + 2;
    const lines = [...document.querySelectorAll(".lines li")];
    const now = document.querySelector(".lines .now");
    return { seen: lines.filter(it => inside(it.getBoundingClientRect())).length,
        now: now && inside(now.getBoundingClientRect()), text: now?.textContent ?? "" };
}"""


def told(explorer: Explorer, example: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = explorer.page.request.get("/api/v1/examples").json()
    return next(it for it in found if it["id"] == example)


@pytest.mark.parametrize(("width", "height"), WIDE)
def test_an_opened_example_shows_its_lines_and_what_it_is_for(explorer: Explorer, width: int, height: int) -> None:
    explorer.page.set_viewport_size({"width": width, "height": height})
    explorer.count_requests().open()
    faults = []
    for example in EXAMPLES:
        explorer.visit(f"#example={example}")
        explorer.rest()
        lines = explorer.page.locator(".lines")
        expect(lines.get_by_role("heading")).to_have_text(told(explorer, example)["title"])
        expect(lines.get_by_text(told(explorer, example)["description"])).to_be_in_viewport(ratio=0.9)
        text = explorer.example(example)["formulas"]["text"]
        expect(lines.locator("li")).to_have_text(text.split("\n"))
        most = 6 if width < 1200 else 8
        assert explorer.page.evaluate(IN_SIGHT)["seen"] >= min(len(text.split("\n")), most), example
        faults += faults_of(explorer, example, width)
        expect(lines.locator("button, a, input, select")).to_have_count(0)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(("width", "height"), SMALL)
def test_where_there_is_no_room_they_are_a_tap_away(explorer: Explorer, width: int, height: int) -> None:
    explorer.page.set_viewport_size({"width": width, "height": height})
    explorer.count_requests().open()
    faults = []
    for example in EXAMPLES:
        explorer.visit(f"#example={example}")
        explorer.page.evaluate("() => scrollTo(0, 0)")
        explorer.rest()
        faults += faults_of(explorer, example, width)
        text = explorer.example(example)["formulas"]["text"]
        count = len(text.split("\n"))
        button = explorer.button(f"What it is: {count} line{'' if count == 1 else 's'}")
        expect(button).to_be_in_viewport(ratio=1)
        button.click()
        expect(field(explorer)).to_have_value(text)
        expect(explorer.page.locator("#formulas-title")).to_be_in_viewport()
        purpose = explorer.page.locator(".panel.formulas").get_by_text(told(explorer, example)["description"])
        expect(purpose).to_be_in_viewport()
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1280, 720)])
def test_the_line_of_the_beat_is_marked_and_in_sight(explorer: Explorer, width: int, height: int) -> None:
    explorer.page.set_viewport_size({"width": width, "height": height})
    explorer.open("#example=lstm&beat=1")
    marked = explorer.page.locator(".lines .now")
    expect(marked).to_have_text("z = concat([x, h0])")
    trace = explorer.step(explorer.example("lstm"))["trace"]
    lines = {node["scope"] for node in trace["nodes"] if node.get("scope")}
    told = set()
    for beat in range(2, explorer.beats + 1):
        explorer.go(beat)
        found = explorer.page.evaluate(IN_SIGHT)
        assert found["now"] is not False, beat
        told.add(found["text"].split(" ")[0])
    assert told == lines | {""}  # none, while the parameters move


def test_nothing_moves_from_beat_to_beat(explorer: Explorer) -> None:
    explorer.open("#example=attention&beat=1")
    boxes = "() => [...document.querySelectorAll('.board, .lines, .curve, .narration')].map(it => {" + (
        " const { x, y, width, height } = it.getBoundingClientRect(); return [x, y, width, height]; })"
    )
    before = explorer.page.evaluate(boxes)
    for beat in (4, 9, 15, 30, 33):
        explorer.go(beat)
        assert explorer.page.evaluate(boxes) == before


def test_formulas_of_ones_own_have_their_lines_and_no_purpose(explorer: Explorer) -> None:
    explorer.open("#example=product&panel=formulas")
    field(explorer).fill("s = x + y\nf = (s\n    * z)\n# the end")
    expect(explorer.page.locator(".formulas-faults .fine")).to_be_visible()
    explorer.page.get_by_role("button", name="What happens?").click()
    lines = explorer.page.locator(".lines")
    expect(lines.locator("li")).to_have_count(4)
    expect(lines.locator(".facts")).to_have_count(0)
    explorer.press("ArrowRight", "ArrowRight")
    # A line that goes on in brackets is marked as a whole; a comment is not.
    expect(lines.locator(".now")).to_have_text(["f = (s", "    * z)"])


def test_a_network_has_no_lines(explorer: Explorer) -> None:
    explorer.open()
    expect(explorer.page.locator(".lines, .to-lines")).to_have_count(0)
