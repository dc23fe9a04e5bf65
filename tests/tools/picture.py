"""Take the README's pictures from the running app.

`python -m tests.tools.picture` writes docs/page-light.png and docs/page-dark.png.

What they show is an address of the page, so anyone can open the same view.
"""

from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

from tests.tools import browser as system_browser
from tests.tools.serving import served

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs"
VIEW = "#beat=11&select=W0[1,2]&panel=chain"
SIZE = {"width": 1440, "height": 900}


def take(browser: Browser, address: str, scheme: Literal["light", "dark"]) -> Path:
    """One picture of the page in one colour scheme."""
    page = browser.new_page(viewport=SIZE, color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.goto(f"{address}/{VIEW}")
    page.locator("td.product").first.wait_for()
    page.evaluate("document.fonts.ready")
    path = PICTURES / f"page-{scheme}.png"
    page.screenshot(path=path)
    page.close()
    return path


def main() -> None:
    """Write both pictures."""
    PICTURES.mkdir(exist_ok=True)
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system_browser.find(), args=system_browser.FLAGS)
        print(f"Wrote {take(browser, address, 'light').relative_to(ROOT)}")
        print(f"Wrote {take(browser, address, 'dark').relative_to(ROOT)}")
        browser.close()


if __name__ == "__main__":
    main()
