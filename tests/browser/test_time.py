"""Time on the page: play, steps on and back, scrubber, speed, training, and the curve that leads back."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.explorer import Explorer

LECTURE_BEATS = 15
TRAINING_TIMEOUT_MS = 60_000
PLAY_TIMEOUT_MS = 60_000
ENOUGH_RIGHT = re.compile(r"^\s*2[234] of 24 right")


def test_first_visit_shows_the_lecture_at_its_start(explorer: Explorer) -> None:
    explorer.open()
    expect(explorer.page.locator(".chooser select")).to_have_value("lecture")
    expect(explorer.page.locator(".card")).to_have_count(9)
    for node in ("x", "W0", "m0", "a0", "W1", "m1", "a1", "y", "C"):
        expect(explorer.card(node)).to_be_visible()
    explorer.expect_iteration(0)
    explorer.expect_beat(0)
    assert explorer.beats == LECTURE_BEATS


def test_play_runs_through_the_phases_in_order_and_stops_at_the_end(explorer: Explorer) -> None:
    explorer.open()
    explorer.command("Speed 8×")
    explorer.page.evaluate("""() => {
        window.seen = [];
        new MutationObserver(() => {
            const now = document.querySelector(".phase-name").textContent;
            if (window.seen.at(-1) !== now) window.seen.push(now);
        }).observe(document.querySelector(".narration"), { subtree: true, childList: true, characterData: true });
    }""")
    explorer.button("Play").click()
    expect(explorer.button("Pause")).to_be_visible()
    expect(explorer.button("Play the next iteration")).to_be_visible(timeout=PLAY_TIMEOUT_MS)
    explorer.expect_beat(LECTURE_BEATS)
    assert explorer.page.evaluate("window.seen") == ["Forward", "Cost", "Backward", "Update"]
    explorer.button("Play the next iteration").click()
    explorer.expect_iteration(1)
    expect(explorer.button("Pause")).to_be_visible()
    explorer.button("Pause").click()
    expect(explorer.button("Play")).to_be_visible()


def test_step_begins_the_next_iteration_and_step_back_returns_bit_for_bit(explorer: Explorer) -> None:
    explorer.open()
    explorer.go(LECTURE_BEATS - 2)
    before = explorer.graph_numbers()
    explorer.press("n")
    explorer.expect_iteration(1)
    explorer.expect_beat(5)  # its forward pass is done
    explorer.go(LECTURE_BEATS - 2)
    assert explorer.graph_numbers().keys() == before.keys()
    assert explorer.graph_numbers() != before
    explorer.press("b")
    explorer.expect_iteration(0)
    explorer.go(LECTURE_BEATS - 2)
    assert explorer.graph_numbers() == before


def test_beats_step_on_and_back_over_the_end_of_an_iteration(explorer: Explorer) -> None:
    explorer.open()
    explorer.press("ArrowRight", "ArrowRight")
    explorer.expect_beat(2)
    explorer.button("Beat back").click()
    explorer.expect_beat(1)
    explorer.go(LECTURE_BEATS)
    explorer.button("Beat on").click()
    explorer.expect_iteration(1)
    explorer.expect_beat(0)
    explorer.press("ArrowLeft")
    explorer.expect_iteration(0)
    explorer.expect_beat(LECTURE_BEATS)


def test_phases_step_on_and_back(explorer: Explorer) -> None:
    explorer.open()
    ends = []
    for phase in ("Forward", "Cost", "Backward", "Update"):
        explorer.press("Shift+ArrowRight")
        expect(explorer.page.locator(".phase-name")).to_have_text(phase)
        ends.append(int(explorer.scrubber.input_value()))
    assert ends == [4, 5, 13, 15]
    explorer.command("Phase back")
    explorer.expect_beat(13)
    explorer.press("Shift+ArrowLeft")
    explorer.expect_beat(5)


def test_scrubber_goes_to_any_moment_and_says_it_in_words(explorer: Explorer) -> None:
    explorer.open()
    for beat in (7, 1, 13, 0):
        explorer.go(beat)
        expect(explorer.page.locator(".beat-count")).to_have_text(f"beat {beat} of 15" if beat else "iteration 0")
    explorer.scrubber.focus()
    explorer.press("ArrowRight")
    explorer.expect_beat(1)
    expect(explorer.scrubber).to_have_attribute("aria-valuetext", re.compile(r"^beat 1 of 15\. Multiply x"))


def test_speed_multiplies_the_pace_of_reading(explorer: Explorer) -> None:
    explorer.page.clock.install()
    explorer.open()
    reached = []
    for speed in ("1", "4"):
        explorer.go(0)
        explorer.command(f"Speed {speed}×")
        explorer.button("Play").click()
        explorer.begin_to_move()
        explorer.page.clock.run_for(6_000)
        explorer.button("Pause").click()
        reached.append(int(explorer.scrubber.input_value()))
    slow, fast = reached
    assert 1 <= slow <= 3, "a beat lasts two seconds at least"
    assert fast > 2 * slow


def test_back_to_iteration_0_keeps_the_curve(explorer: Explorer) -> None:
    explorer.open()
    for number in (1, 2, 3):
        explorer.button("Teach it one step").click()
        explorer.expect_iteration(number)
    explorer.press("r")
    explorer.expect_iteration(0)
    expect(explorer.page.locator(".curve-words")).to_contain_text("at iteration 3")


def test_training_learns_the_drawings_until_stopped_and_the_curve_leads_back(explorer: Explorer) -> None:
    explorer.open("#example=face-or-car")
    score = explorer.page.locator(".score")
    expect(score).to_contain_text(" of 24 right")
    explorer.button("Train").click()
    expect(score).to_have_text(ENOUGH_RIGHT, timeout=TRAINING_TIMEOUT_MS)
    explorer.button("Stop").click()
    expect(explorer.button("Train")).to_be_visible()
    explorer.settle()
    number = int(explorer.page.locator(".readout dd").first.inner_text())
    assert number > 1
    explorer.settle()
    explorer.expect_iteration(number)
    plot = explorer.page.locator("svg.cost-line")
    plot.scroll_into_view_if_needed()
    explorer.page.get_by_role("slider", name="Iteration").press("Home")
    explorer.expect_iteration(0)
    expect(score).not_to_have_text(ENOUGH_RIGHT)


MEETING = """() => {
    const names = [...document.querySelectorAll(".phase-tag")].map(it => it.getBoundingClientRect())
        .sort((a, b) => a.left - b.left);
    return names.some((it, at) => at > 0 && it.left < names[at - 1].right + 2);
}"""


@pytest.mark.parametrize("width", [320, 390, 1200, 1280])
def test_names_of_phases_do_not_meet_on_the_scrubber(explorer: Explorer, width: int) -> None:
    explorer.page.set_viewport_size({"width": width, "height": 800})
    explorer.open()
    for example in ("moons", "lecture", "xor"):
        for beat in (0, 1, 5, 11):
            explorer.visit(f"#example={example}&beat={beat}")
            assert not explorer.page.evaluate(MEETING), f"{example}, beat {beat}"
            if beat > 0:
                expect(explorer.page.locator(".phase-tag.now")).to_have_count(1)
