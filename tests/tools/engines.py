"""Find, or set up, the two other engines that a short test runs in: Firefox, and WebKit as Debian has it.

`python -m tests.tools.engines` prints their paths; with `--install` it sets up first what is missing, where it can: as
root on a Debian. Elsewhere it says what is not tested, and the test says it again.
"""

import argparse
import os
import shutil
import subprocess
from pathlib import Path

from tests.tools import system

NONE = "NONE, so the page is not tested in it (tests/browser/test_engines.py). To have it: install"
FIREFOX = ("firefox-esr", "firefox")
FIREFOX_PACKAGES = ("firefox-esr",)
WEBKIT_PACKAGES = ("webkit2gtk-driver", "xvfb")


def firefox() -> str | None:
    """The path of the system's Firefox; None where it has none."""
    return next((path for command in FIREFOX if (path := shutil.which(command))), None)


def webkit() -> tuple[str, str] | None:
    """The driver of the system's WebKit and the browser that it drives; None without both, or without a screen."""
    driver = shutil.which("WebKitWebDriver")
    browser = next(Path("/usr/lib").glob("*/webkit2gtk-4*/MiniBrowser"), None)
    screen = shutil.which("Xvfb") or os.environ.get("DISPLAY")
    return (driver, str(browser)) if driver and browser and screen else None


def main() -> None:
    parser = argparse.ArgumentParser(description="Print the other engines that the page is tested in.")
    parser.add_argument("--install", action="store_true", help="set up what is missing, where it can be")
    missing = [*(FIREFOX_PACKAGES if firefox() is None else ()), *(WEBKIT_PACKAGES if webkit() is None else ())]
    if parser.parse_args().install and missing and system.can_install():
        try:
            system.install(*missing)
        except subprocess.CalledProcessError as error:
            print(f"apt-get ended with {error.returncode}")
    print(f"Firefox: {firefox() or f'{NONE} {FIREFOX_PACKAGES[0]}'}")
    found = webkit()
    print(f"WebKit: {found[1] if found else f'{NONE} {WEBKIT_PACKAGES[0]} and {WEBKIT_PACKAGES[1]}'}")


if __name__ == "__main__":
    main()
