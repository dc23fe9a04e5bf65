"""How long the page's script works on a frame while it plays, by the size of the graph.

`python -m tests.bench.frames` plays networks of about 9, 100 and 500 nodes in a real browser and prints, for each, the
median and the 95th percentile of the time spent in requestAnimationFrame callbacks per frame. Aim: under 4 ms at 100.
"""

import queue
import statistics
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.explorer import Explorer
from tests.browser.networks import deep, nodes
from tests.tools import browser as system_browser
from tests.tools.serving import printed_address, read_lines

ROOT = Path(__file__).resolve().parents[2]
# Layers and bias of each network: 9, 103 and 499 nodes.
SIZES = ((2, False), (25, True), (124, True))
# The API stops at fewer layers than the largest has: this server is told to take them.
SERVE = "from app import limits; limits.LAYERS = 128; from app.__main__ import main; main()"
AIM_MS = 4.0
PLAY_SECONDS = 6

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


def measure(browser: Browser, address: str, layers: int, bias: bool) -> list[float]:
    """Milliseconds of script in each frame while the network plays."""
    with browser.new_context(base_url=address, viewport={"width": 1440, "height": 900}) as context:
        page = context.new_page()
        page.add_init_script(MEASURE)
        explorer = Explorer(page)
        explorer.serve_as_lecture(deep(layers, bias=bias))
        explorer.open("#layers=all")
        expect(page.locator(".card")).to_have_count(nodes(layers, bias))
        page.get_by_label("Speed").select_option("2")
        explorer.button("Play").click()
        expect(explorer.scrubber).not_to_have_value("0")
        page.evaluate("() => { window.frames_ms.length = 0; }")
        page.wait_for_timeout(PLAY_SECONDS * 1000)
        spent: list[float] = page.evaluate("window.frames_ms")
        return spent


def main() -> None:
    """Print a line for each size of graph."""
    with server() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system_browser.find(), args=system_browser.FLAGS)
        print(f"Script per frame while playing (aim: median under {AIM_MS:g} ms at 100 nodes)")
        for layers, bias in SIZES:
            spent = measure(browser, address, layers, bias)
            p95 = statistics.quantiles(spent, n=20)[-1]
            busy = statistics.mean(spent)
            print(
                f"{nodes(layers, bias):4} nodes: median {statistics.median(spent):6.2f} ms, mean {busy:6.2f} ms, "
                f"95 % within {p95:6.2f} ms, {len(spent) / PLAY_SECONDS:3.0f} frames a second"
            )
        browser.close()


if __name__ == "__main__":
    main()
