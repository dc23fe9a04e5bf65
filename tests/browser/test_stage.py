"""What the stage promises at every size: all in sight, nothing that jumps, few controls, a hall that reads from far."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.explorer import Explorer

EXAMPLES = ("lecture", "scalar", "xor", "face-or-car", "moons", "circles", "spiral", "wave")
IN_THE_HALL = (*EXAMPLES, "layer-norm", "attention")
VIEWS = ("graph", "neurons", "both")
PANELS = ("beat", "inspect", "chain", "slope", "cache", "check", "build", "data", "compare")
SIZES = [
    *((2560, 1440), (1920, 1080), (1440, 900), (1280, 720), (1024, 768), (768, 1024), (720, 450)),
    *((390, 844), (320, 640)),
]
MOST_CONTROLS = 16
PIXEL = 1.5

# What of the stage lies outside its pane, or its half of it; and how far the page scrolls sideways.
OUTSIDE = """() => {
    const pane = document.querySelector("[data-pane=stage]").getBoundingClientRect();
    const faults = [];
    for (const it of document.querySelectorAll("[data-pane=stage] :is(.card, .chip, .neuron)")) {
        const box = it.getBoundingClientRect();
        const room = it.closest(".half")?.getBoundingClientRect() ?? pane;
        const over = [room.left - box.left, box.right - room.right, room.top - box.top, box.bottom - room.bottom];
        const most = Math.max(...over);
        if (most > 1.5) faults.push(`${it.dataset.walk ?? it.getAttribute("class")} by ${most.toFixed(1)}`);
    }
    const sideways = document.documentElement.scrollWidth - innerWidth;
    if (sideways > 0) faults.push(`the page scrolls sideways by ${sideways}`);
    return faults;
}"""
CARDS = """() => Object.fromEntries([...document.querySelectorAll("svg.graph .card")].map(it => {
    const { x, y, width, height } = it.querySelector(".card-shape").getBoundingClientRect();
    return [it.dataset.walk, [x, y, width, height]];
}))"""
CONTROLS = """() => [...document.querySelectorAll("button, select, input, textarea, summary, a[href]")].filter(it => {
    const { right, bottom } = it.getBoundingClientRect();
    return it.checkVisibility() && right > 0 && bottom > 0;
}).map(it => it.ariaLabel || it.textContent.trim())"""
HALL_SIZES = """() => [...document.querySelectorAll(".hall-cell text")].map(it =>
    parseFloat(getComputedStyle(it).fontSize) * it.getScreenCTM().a)"""
OF_HALL = """() => {
    const size = of => parseFloat(getComputedStyle(document.querySelector(of)).fontSize);
    const board = document.querySelector(".hall-board").getBoundingClientRect();
    const out = [...document.querySelectorAll(".hall-board :is(rect, text)")].filter(it => {
        const { left, right, top, bottom } = it.getBoundingClientRect();
        return left < board.left - 1 || right > board.right + 1 || top < board.top - 1 || bottom > board.bottom + 1;
    });
    const { width } = document.querySelector(".hall-board svg").getBoundingClientRect();
    // Numbers too wide for their line.
    const line = document.querySelector(".hall-entry");
    const wide = Math.max(line.scrollWidth - line.clientWidth, width - innerWidth);
    return { entry: size(".hall-entry"), sentence: size(".hall-sentence"), out: out.length, wide };
}"""


def cards(explorer: Explorer) -> dict[str, list[float]]:
    found: dict[str, list[float]] = explorer.page.evaluate(CARDS)
    return found


def expect_still(explorer: Explorer, before: dict[str, list[float]], what: str) -> None:
    after = cards(explorer)
    assert after.keys() == before.keys()
    moved = {id: max(abs(a - b) for a, b in zip(after[id], before[id], strict=True)) for id in after}
    assert max(moved.values()) <= PIXEL, f"{what}: {moved}"


def outside(explorer: Explorer) -> list[str]:
    explorer.settle()
    found: list[str] = explorer.page.evaluate(OUTSIDE)
    return found


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_example_fits_its_pane_in_every_view(explorer: Explorer, width: int, height: int) -> None:
    explorer.page.set_viewport_size({"width": width, "height": height})
    explorer.open()
    faults = []
    for example in EXAMPLES:
        for view in VIEWS:
            explorer.visit(f"#example={example}&view={view}&beat=2")
            faults += [f"{example}, {view}: {it}" for it in outside(explorer)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1280, 720), (768, 1024), (720, 450), (390, 844)])
def test_every_view_fits_its_pane_with_each_panel_open(explorer: Explorer, width: int, height: int) -> None:
    explorer.page.set_viewport_size({"width": width, "height": height})
    explorer.open()
    faults = []
    for example in ("lecture", "moons"):
        for view in VIEWS:
            for panel in PANELS:
                explorer.visit(f"#example={example}&view={view}&beat=2&panel={panel}")
                expect(explorer.page.locator(".desk > .panel").first).to_be_attached()
                faults += [f"{example}, {view}, {panel}: {it}" for it in outside(explorer)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1280, 720)])
def test_nothing_jumps(explorer: Explorer, width: int, height: int) -> None:
    """No beat, no panel, no selection moves a card, and no step from one iteration to the next."""
    explorer.page.set_viewport_size({"width": width, "height": height})
    explorer.open()
    explorer.settle()
    before = cards(explorer)
    for beat in range(1, explorer.beats + 1):
        explorer.press("ArrowRight")
        explorer.expect_beat(beat)
        explorer.settle()
        expect_still(explorer, before, f"beat {beat}")
    for panel in PANELS:
        explorer.visit(f"#beat=13&select=W0[0,1]&panel={panel}")
        expect_still(explorer, before, panel)
    explorer.visit("#beat=13")
    for name in ("x[0,1]", "m0[0,2]", "W1[2,1]", "a1[0,0]"):
        explorer.page.locator(f'svg.graph [data-entry="{name}"]').first.click()
        explorer.settle()
        expect_still(explorer, before, name)
        explorer.press("Escape")
    explorer.visit("#beat=5")
    explorer.button("Teach it one step").click()
    explorer.expect_iteration(1)
    # Numbers with more digits are wider, and the graph is drawn anew for them: its height stays.
    expect(explorer.page.locator(".stage")).to_have_js_property("clientHeight", stage_height(explorer))


def stage_height(explorer: Explorer) -> int:
    height: int = explorer.page.locator(".stage").evaluate("it => it.clientHeight")
    return height


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1280, 720)])
def test_the_first_screen_has_a_verdict_numbers_and_few_controls(explorer: Explorer, width: int, height: int) -> None:
    page = explorer.page
    page.set_viewport_size({"width": width, "height": height})
    page.goto("/")
    expect(page.locator("[data-verdict]")).to_contain_text("The network says")
    expect(page.locator(".cost-plot")).to_be_visible()
    expect(page.locator(".card .block.value.blank")).to_have_count(0)
    controls: list[str] = page.evaluate(CONTROLS)
    assert len(controls) <= MOST_CONTROLS, controls
    explorer.button("Teach it one step").click()
    explorer.expect_iteration(1)
    expect(page.locator(".readout dd").nth(1)).to_have_text("0.6342")
    expect(page.locator(".curve-words")).to_contain_text("From 0.7048 at iteration 0 to 0.6342 at iteration 1")


@pytest.mark.parametrize(("width", "height", "least"), [(1280, 720, 28), (1920, 1080, 40)])
def test_in_a_hall_every_beat_of_every_example_reads_from_far(
    explorer: Explorer, width: int, height: int, least: int
) -> None:
    explorer.page.set_viewport_size({"width": width, "height": height})
    explorer.open()
    explorer.press("p")
    expect(explorer.page.locator(".hall-board svg")).to_be_visible()
    for example in IN_THE_HALL:
        explorer.page.evaluate("id => { location.hash = `#example=${id}&beat=0`; }", example)
        expect(explorer.page.locator(".hall-where")).to_contain_text("Start")
        beats = explorer.page.locator(".hall-beats i").count()
        for beat in range(1, beats + 1):
            explorer.press("PageDown")
            expect(explorer.page.locator(".hall-where")).to_contain_text(f"{beat} of {beats}")
            sizes: list[float] = explorer.page.evaluate(HALL_SIZES)
            assert sizes, f"{example}, beat {beat}"
            assert min(sizes) >= least - 0.01, f"{example}, beat {beat}: {min(sizes)}"
            rest: dict[str, Any] = explorer.page.evaluate(OF_HALL)
            assert min(rest["entry"], rest["sentence"]) >= least, f"{example}, beat {beat}: {rest}"
            assert rest["out"] == 0, f"{example}, beat {beat}: {rest['out']} parts are cut"
            assert rest["wide"] <= 0, f"{example}, beat {beat}: {rest['wide']} px too wide"


@pytest.mark.parametrize("iteration", [2, 40])
def test_numbers_of_later_iterations_fit_the_hall_too(explorer: Explorer, iteration: int) -> None:
    """They have more digits than those that an example begins with."""
    explorer.page.set_viewport_size({"width": 1280, "height": 720})
    explorer.open(f"#example=xor&iteration={iteration}&beat=0")
    explorer.press("p")
    expect(explorer.page.locator(".hall-board svg")).to_be_visible()
    beats = explorer.page.locator(".hall-beats i").count()
    for beat in range(1, beats + 1):
        explorer.press("PageDown")
        expect(explorer.page.locator(".hall-where")).to_contain_text(f"{beat} of {beats}")
        rest: dict[str, Any] = explorer.page.evaluate(OF_HALL)
        assert rest["out"] == 0, f"beat {beat}: {rest['out']} parts are cut"
        assert rest["wide"] <= 0, f"beat {beat}: {rest['wide']} px too wide"


def test_a_neuron_that_is_left_out_is_drawn_so(explorer: Explorer) -> None:
    """Two of three in this iteration: their circles are open, and their links forward are faint."""
    experiment = explorer.page.request.get("/api/v1/examples/lecture").json()
    experiment["network"]["layers"][0]["dropout"] = 0.5
    explorer.serve_as_lecture({**experiment, "dropout_seed": 3})
    explorer.open("#view=neurons&beat=18")
    out = explorer.page.locator(".neuron.left-out")
    expect(out).to_have_count(2)
    expect(out.first).to_have_attribute("aria-label", re.compile("^left out of this iteration"))
    expect(explorer.page.locator(".synapse.left-out")).to_have_count(4)


def test_a_clicker_steps_in_the_hall_and_escape_ends_it(explorer: Explorer) -> None:
    explorer.open()
    page = explorer.page
    explorer.press("p", "PageDown", "PageDown", "PageUp")
    expect(page.locator(".hall-where")).to_contain_text("Forward · 1 of 15")
    expect(page.locator(".hall-entry")).to_have_text("0.5 · 0.2 + 0.8 · (−0.7) = −0.46")
    expect(page.locator("header.masthead")).to_be_hidden()
    # A panel takes the place of the board; both are never halves.
    explorer.press("c")
    expect(page.locator("#chain-title")).to_be_visible()
    expect(page.locator(".hall-board")).not_to_be_visible()
    explorer.press("Escape")
    expect(page.locator(".hall-board")).to_be_visible()
    explorer.press("Escape")
    expect(page.locator(".hall")).to_have_count(0)
    explorer.expect_beat(1)


def test_the_menu_is_searched_by_typing_and_walked_by_arrows(explorer: Explorer) -> None:
    explorer.open()
    page = explorer.page
    explorer.press("/")
    field = page.get_by_role("combobox", name="What do you want to do?")
    expect(field).to_be_focused()
    field.fill("train 1")
    rows = page.locator(".menu-row")
    expect(rows).to_have_text(["Train 10 iterations", "Train 100 iterations", "Train 1,000 iterations", *LONG])
    field.press("ArrowDown")
    expect(rows.nth(1)).to_have_attribute("aria-selected", "true")
    field.press("Enter")
    expect(page.locator("dialog")).to_have_count(0)
    explorer.expect_iteration(100)
    explorer.press("/")
    field.fill("nothing like it")
    expect(page.locator(".menu")).to_contain_text("Nothing is called “nothing like it”")
    field.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)


LONG = ["Train 10,000 iterations", "Train 100,000 iterations"]


def test_play_waits_for_who_asked_it_to(explorer: Explorer) -> None:
    explorer.open()
    explorer.command("Speed 8×")
    explorer.command("Wait for me")
    for beat in (1, 2):
        explorer.button("Play").click()
        explorer.expect_beat(beat)
        expect(explorer.button("Play")).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1280, 720), (768, 1024)])
def test_what_a_network_of_two_inputs_says_everywhere_stands_beside_the_sentence(
    explorer: Explorer, width: int, height: int
) -> None:
    page = explorer.page
    page.set_viewport_size({"width": width, "height": height})
    explorer.open("#example=moons")
    picture = page.locator(".panel.map .data-map svg").first
    expect(picture).to_be_visible()
    expect(page.locator(".map .dot").first).to_be_attached()
    box = picture.bounding_box()
    assert box
    assert box["width"] >= 140
    assert box["x"] + box["width"] <= width
    assert box["y"] + box["height"] <= height
    before = page.locator(".map .patch").first.get_attribute("d")
    explorer.command("Train 100 iterations")
    explorer.expect_iteration(100)
    expect(page.locator(".map .patch").first).not_to_have_attribute("d", before or "")
    explorer.visit("#example=lecture")
    expect(page.locator(".panel.map")).to_have_count(0)
