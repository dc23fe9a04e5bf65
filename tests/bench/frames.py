"""What the page's script costs by the size of the graph: placing all cards, and a frame while it plays.

Networks of about 9, 100 and 500 nodes play in a real browser. A frame's cost is the time spent in its
requestAnimationFrame callbacks; a screen shows 60 frames a second, and half of that time belongs to the browser.
"""

import queue
import statistics
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.bench.compare import Comparison
from tests.browser.explorer import API, Document, Explorer
from tests.browser.networks import deep, nodes
from tests.tools import browser as system_browser
from tests.tools.serving import printed_address, read_lines

ROOT = Path(__file__).resolve().parents[2]
# Layers and bias of each network: 9, 103 and 499 nodes.
SIZES = ((2, False), (25, True), (124, True))
# The API stops at fewer layers than the largest has: this server is told to take them.
SERVE = "from app import limits; limits.LAYERS = 128; from app.__main__ import main; main()"
FRAME_SECONDS = 1 / 60
SCRIPT_SECONDS = {9: 0.004, 103: 0.004, 499: FRAME_SECONDS / 2}  # of a frame, by nodes
PLAY_SECONDS = 6
LAYOUTS = 51

# Adds up the time of all callbacks that share one frame, which is to say one timestamp.
MEASURE = """
    window.frames_ms = [];
    const request = window.requestAnimationFrame.bind(window);
    let frame = -1;
    window.requestAnimationFrame = callback => request(now => {
        const start = performance.now();
        callback(now);
        const spent = performance.now() - start;
        if (now === frame) window.frames_ms[window.frames_ms.length - 1] += spent;
        else window.frames_ms.push(spent);
        frame = now;
    });
"""


# The median seconds of placing the cards of a network, each as large as a card of a 2 × 2 matrix.
LAYOUT = """async ([nodes, times]) => {
    const { layout } = await import("/js/layout/chain.js");
    const cards = nodes.map(({ id, inputs }) => ({ id, inputs, width: 120, height: 96 }));
    const spent = [];
    for (let i = 0; i < times; i++) {
        // The clock of a page is coarse: enough calls for it to tell.
        const start = performance.now();
        for (let j = 0; j < 20; j++) layout(cards, "across");
        spent.push((performance.now() - start) / 20);
    }
    spent.sort((a, b) => a - b);
    return spent[(times - 1) / 2] / 1000;
}"""


@contextmanager
def server() -> Iterator[str]:
    """The address of an app of its own."""
    command = [sys.executable, "-c", SERVE, "--port", "0", "--no-browser"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        lines: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=read_lines, args=(process.stdout, lines), daemon=True).start()
        try:
            yield printed_address(lines)
        finally:
            process.terminate()


def _playing(browser: Browser, address: str, experiment: Document, cards: int) -> tuple[list[float], float]:
    """Seconds of script in each frame while the network plays, and seconds of its layout."""
    with browser.new_context(base_url=address, viewport={"width": 1440, "height": 900}) as context:
        page = context.new_page()
        page.add_init_script(MEASURE)
        explorer = Explorer(page)
        explorer.serve_as_lecture(experiment)
        explorer.open("#layers=all")
        expect(page.locator(".card")).to_have_count(cards)
        explorer.command("Speed 2×")
        explorer.button("Play").click()
        expect(explorer.scrubber).not_to_have_value("0")
        page.evaluate("() => { window.frames_ms.length = 0; }")
        page.wait_for_timeout(PLAY_SECONDS * 1000)
        spent: list[float] = page.evaluate("window.frames_ms")
        explorer.button("Pause").click()
        return [it / 1e3 for it in spent], _layout(page, experiment)


def _layout(page: Page, experiment: Document) -> float:
    nodes = page.request.post(f"{API}/trace?lean=true", data=experiment).json()["nodes"]
    seconds: float = page.evaluate(LAYOUT, [nodes, LAYOUTS])
    return seconds


def comparisons() -> Iterator[Comparison]:
    with server() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system_browser.find(), args=system_browser.FLAGS)
        for layers, bias in SIZES:
            count = nodes(layers, bias)
            spent, layout = _playing(browser, address, deep(layers, bias=bias), count)
            aim = SCRIPT_SECONDS[count]
            yield Comparison(f"layout of {count} nodes: a frame", layout, FRAME_SECONDS, 1.0)
            yield Comparison(f"a frame's script, {count} nodes: {aim * 1e3:.0f} ms", statistics.median(spent), aim, 1.0)
            p95 = statistics.quantiles(spent, n=20)[-1]
            yield Comparison(f"a frame's script, {count} nodes, 95 %: a frame", p95, FRAME_SECONDS, 1.0)
        browser.close()
