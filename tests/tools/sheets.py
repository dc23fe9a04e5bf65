"""Contact sheets of the films: every beat of the lecture at its start, at each quarter, and at its end.

`python -m tests.tools.sheets FOLDER` writes light.png, dark.png and phone.png there, a row a beat. They are to be
looked at: whether what is told can be read, nothing hides the number that matters, and one sees which way things flow.
`--example`, `--beats 1,7`, `--columns 2` and `--sheets light` narrow it down.
"""

import argparse
import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from app.examples import load
from tests.browser.explorer import Explorer
from tests.tools import browser as system_browser
from tests.tools.serving import served

# How long a beat lasts that is stepped on by hand: BY_HAND_SECONDS of static/js/time/pace.js.
BEAT_MS = 1400
QUARTERS = 4
SHEETS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"},
}


def frames(page: Page, example: str, beat: int) -> list[bytes]:
    """The stage while the beat runs; its clock is turned by hand."""
    explorer = Explorer(page)
    explorer.visit(f"#example={example}&beat={beat - 1}")
    page.evaluate("document.fonts.ready")
    page.clock.pause_at(page.evaluate("Math.ceil(Date.now() / 1000) + 1"))
    explorer.press("ArrowRight")
    explorer.begin_to_move()
    page.clock.run_for(20)
    pictures = [page.locator(".board").screenshot()]
    for _ in range(QUARTERS):
        page.clock.run_for(BEAT_MS // QUARTERS)
        pictures.append(page.locator(".board").screenshot())
    page.clock.resume()
    return pictures


def sheet(browser: Browser, rows: Sequence[tuple[str, list[bytes]]], width: int, columns: int) -> bytes:
    """Pictures in rows, as one."""
    page = browser.new_page(viewport={"width": (width + 8) * columns + 20, "height": 400})
    body = "".join(
        f"<h2>{title}</h2><div>"
        + "".join(f"<img width={width} src=data:image/png;base64,{base64.b64encode(it).decode()}>" for it in pictures)
        + "</div>"
        for title, pictures in rows
    )
    style = "body{font:18px sans-serif;background:#888}div{display:flex;gap:8px;flex-wrap:wrap}h2{margin:12px 0 4px}"
    page.set_content(f"<style>{style}</style>{body}")
    picture = page.screenshot(full_page=True)
    page.close()
    return picture


def main() -> None:
    parser = argparse.ArgumentParser(description="Write contact sheets of the films.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--example", default="lecture", choices=sorted(load()))
    parser.add_argument("--beats", default="", help="such as 1,7")
    parser.add_argument("--columns", type=int, default=QUARTERS + 1)
    parser.add_argument("--sheets", default=",".join(SHEETS))
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system_browser.find(), args=system_browser.FLAGS)
        for name in given.sheets.split(","):
            context = browser.new_context(base_url=address, reduced_motion="no-preference", **SHEETS[name])
            page = context.new_page()
            page.clock.install()
            explorer = Explorer(page).open(f"#example={given.example}")
            expect(page.locator("link[href$='films.css']")).to_be_attached()
            beats = [int(it) for it in given.beats.split(",") if it] or range(1, explorer.beats + 1)
            rows = [(f"beat {beat}", frames(page, given.example, beat)) for beat in beats]
            path = given.folder / f"{name}.png"
            path.write_bytes(sheet(browser, rows, 720 if name != "phone" else 300, given.columns))
            print(f"Wrote {path}")
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
