"""Take the README's pictures from the running app.

`python -m tests.tools.picture` writes docs/page-light.gif and docs/page-dark.gif, which move, and docs/page-light.png
and docs/page-dark.png for readers who want less motion. `FOLDER` as an argument writes them there instead.

The moving ones go through an iteration of the lecture, then on until the network says *face*. The page's clock is
turned by hand, so that each run shows the same; the page's own encoder makes the GIF.
"""

import argparse
import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.explorer import Explorer
from tests.tools import browser as system_browser
from tests.tools.serving import served

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs"
VIEW = "#beat=11&select=W0[1,2]&panel=chain"
SIZE = {"width": 1440, "height": 900}
# The moving ones are smaller than the page: what a README has room for.
MOVING_SIZE = {"width": 1280, "height": 800}
MOVING_SCALE = 0.75
# How long a beat lasts that is stepped on by hand: BY_HAND_SECONDS of static/js/time/pace.js.
BEAT_MS = 1400
FRAMES_OF_A_BEAT = 10
FRAME_MS = BEAT_MS // FRAMES_OF_A_BEAT
HOLD_MS = 900
LONG_HOLD_MS = 2600
STEP_MS = 450
STEPS = 6
# One of each kind: a product, an activation, the cost, its way back through both, an update.
BEATS = (1, 2, 5, 7, 8, 15)
# The page may not read pictures from elsewhere than itself: they come as text.
ENCODE = """async frames => {
    const { Gif, loadEncoder } = await import("/js/share/gif.js");
    const encoder = await loadEncoder();
    let gif = null;
    for (const [text, delay] of frames) {
        const bytes = Uint8Array.from(atob(text), it => it.charCodeAt(0));
        const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
        const canvas = new OffscreenCanvas(image.width, image.height);
        const context = canvas.getContext("2d");
        context.drawImage(image, 0, 0);
        gif ??= new Gif(encoder, image.width, image.height);
        gif.add(context.getImageData(0, 0, image.width, image.height).data, delay);
    }
    let text = "";
    for (const byte of gif.bytes()) text += String.fromCharCode(byte);
    return btoa(text);
}"""

Scheme = Literal["light", "dark"]
Frame = tuple[bytes, int]


def take(browser: Browser, address: str, scheme: Scheme, folder: Path) -> Path:
    """One picture of the page in one colour scheme."""
    page = browser.new_page(viewport=SIZE, color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.goto(f"{address}/{VIEW}")
    page.locator("td.product").first.wait_for()
    page.evaluate("document.fonts.ready")
    path = folder / f"page-{scheme}.png"
    page.screenshot(path=path)
    page.close()
    return path


def film(browser: Browser, address: str, scheme: Scheme, folder: Path) -> Path:
    """A moving picture of the page in one colour scheme."""
    context = browser.new_context(
        base_url=address,
        viewport=MOVING_SIZE,  # type: ignore[arg-type]
        device_scale_factor=MOVING_SCALE,
        color_scheme=scheme,
        reduced_motion="no-preference",
    )
    page = context.new_page()
    page.clock.install()
    explorer = Explorer(page)
    frames = [*beats(explorer), *steps(explorer)]
    page.clock.resume()
    text = page.evaluate(ENCODE, [(base64.b64encode(picture).decode(), delay) for picture, delay in frames])
    path = folder / f"page-{scheme}.gif"
    path.write_bytes(base64.b64decode(text))
    context.close()
    return path


def beats(explorer: Explorer) -> Iterator[Frame]:
    """What the page opens with, then one beat of each kind."""
    page = explorer.page
    explorer.open("#beat=5")
    expect(page.locator("link[href$='films.css']")).to_be_attached()
    expect(page.locator("[data-verdict]")).to_be_visible()
    page.evaluate("document.fonts.ready")
    settled(page)
    yield page.screenshot(), LONG_HOLD_MS
    for beat in BEATS:
        explorer.visit(f"#beat={beat - 1}")
        page.clock.pause_at(page.evaluate("Math.ceil(Date.now() / 1000) + 1"))
        explorer.press("ArrowRight")
        explorer.begin_to_move()
        for _ in range(FRAMES_OF_A_BEAT):
            page.clock.run_for(FRAME_MS)
            yield page.screenshot(), FRAME_MS
        page.clock.run_for(2 * FRAME_MS)
        settled(page)
        yield page.screenshot(), HOLD_MS
        page.clock.resume()


def steps(explorer: Explorer) -> Iterator[Frame]:
    """Iteration after iteration, until it says what is true."""
    for number in range(1, STEPS + 1):
        explorer.press("n")
        explorer.expect_iteration(number)
        settled(explorer.page)
        yield explorer.page.screenshot(), LONG_HOLD_MS if number == STEPS else STEP_MS


def settled(page: Page) -> None:
    """What fades has faded."""
    page.evaluate("() => Promise.all(document.getAnimations().map(it => it.finished.catch(() => null)))")


def main() -> None:
    """Write all four."""
    parser = argparse.ArgumentParser(description="Take the README's pictures from the running app.")
    parser.add_argument("folder", type=Path, nargs="?", default=PICTURES)
    parser.add_argument("--scheme", choices=["light", "dark"], action="append")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system_browser.find(), args=system_browser.FLAGS)
        for scheme in given.scheme or ("light", "dark"):
            for path in (take(browser, address, scheme, given.folder), film(browser, address, scheme, given.folder)):
                print(f"Wrote {path}, {path.stat().st_size / 2**20:.2f} MB")
        browser.close()


if __name__ == "__main__":
    main()
