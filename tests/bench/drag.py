"""How quickly the page follows a weight that is dragged along its curve.

W1[0,0] of the lecture is dragged in a real browser, with the slope card open: the time from a pointer's move to the
frame that shows it, and the time from one update to the next at 120 moves a second. Aim: 95 % within 50 ms, and 30
updates a second.
"""

from collections.abc import Iterator

from playwright.sync_api import expect, sync_playwright

from tests.bench.compare import Comparison
from tests.browser.explorer import Explorer
from tests.tools import browser as system_browser
from tests.tools.serving import served

LATE_SECONDS = 0.05
UPDATE_SECONDS = 1 / 30
MOVES = 80
SECONDS = 3

MEASURE = """async ([moves, seconds]) => {
    const plot = document.querySelector(".slope-plot");
    const box = plot.getBoundingClientRect();
    const at = i => box.left + box.width * (0.3 + 0.4 * (0.5 + 0.5 * Math.sin(i / 9)));
    const fire = (type, i) => plot.dispatchEvent(new PointerEvent(type, { bubbles: true, pointerId: 1, button: 0,
        clientX: at(i), clientY: box.top + box.height / 2, isPrimary: true }));
    plot.setPointerCapture = () => {};
    const frame = () => new Promise(done => requestAnimationFrame(done));
    const shown = () => document.querySelector(".sliders input[type=number]").value;
    fire("pointerdown", 0);
    await frame();
    await frame();
    const late = [];
    for (let i = 1; i <= moves; i++) {
        const before = shown();
        const start = performance.now();
        fire("pointermove", i);
        while (shown() === before && performance.now() - start < 500) await frame();
        await frame();
        late.push(performance.now() - start);
    }
    let updates = 0;
    let last = shown();
    let i = moves;
    const timer = setInterval(() => fire("pointermove", i++), 1000 / 120);
    const start = performance.now();
    while (performance.now() - start < seconds * 1000) {
        await frame();
        if (shown() !== last) {
            updates++;
            last = shown();
        }
    }
    clearInterval(timer);
    fire("pointerup", i);
    late.sort((a, b) => a - b);
    return { p50: late[moves / 2], p95: late[Math.floor(moves * 0.95)], updates: updates / seconds };
}"""


def comparisons() -> Iterator[Comparison]:
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system_browser.find(), args=system_browser.FLAGS)
        with browser.new_context(base_url=address, viewport={"width": 1440, "height": 900}) as context:
            page = context.new_page()
            Explorer(page).open("#beat=13&select=W1[0,0]&panel=slope")
            expect(page.locator(".slope-plot")).to_be_visible()
            found = page.evaluate(MEASURE, [MOVES, SECONDS])
        browser.close()
    yield Comparison("a dragged weight is shown, 95 %: 50 ms", found["p95"] / 1e3, LATE_SECONDS, 1.0)
    yield Comparison("from one update of a drag to the next: 30 a second", 1 / found["updates"], UPDATE_SECONDS, 1.0)
