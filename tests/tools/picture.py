"""Take the README's pictures from the running app.

`python -m tests.tools.picture` writes docs/page-light.png and docs/page-dark.png.

What they show is an address of the page, so anyone can open the same view.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

from tests.tools import browser as system_browser

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs"
VIEW = "#beat=8"
SIZE = {"width": 1440, "height": 900}


@contextmanager
def server() -> Iterator[str]:
    """The app on a free port; yields its address."""
    command = [sys.executable, "-m", "app", "--port", "0", "--no-browser"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        try:
            yield next(word for word in line.split() if word.startswith("http"))
        finally:
            process.terminate()


def take(browser: Browser, address: str, scheme: Literal["light", "dark"]) -> Path:
    """One picture of the page in one colour scheme."""
    page = browser.new_page(viewport=SIZE, color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.goto(address + VIEW)
    page.get_by_text("beat 8 of").wait_for()
    page.evaluate("document.fonts.ready")
    path = PICTURES / f"page-{scheme}.png"
    page.screenshot(path=path)
    page.close()
    return path


def main() -> None:
    """Write both pictures."""
    PICTURES.mkdir(exist_ok=True)
    with server() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system_browser.find(), args=system_browser.FLAGS)
        print(f"Wrote {take(browser, address, 'light').relative_to(ROOT)}")
        print(f"Wrote {take(browser, address, 'dark').relative_to(ROOT)}")
        browser.close()


if __name__ == "__main__":
    main()
