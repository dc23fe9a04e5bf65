"""Find, or set up, the Chromium that the browser tests drive.

`python -m tests.tools.browser` prints its path; with `--install` it sets one up first where there is none.
In this order: the variable BACKPROP_CHROMIUM, a Chromium or Chrome of the system, the one that Playwright downloads.
Of Chromium's two ways to run without a screen the shell is preferred, as Playwright does: the whole browser, with the
parts of its window that nobody sees, takes two and a half times the processor.
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.tools import system

VARIABLE = "BACKPROP_CHROMIUM"
# What a browser needs to run in a container, and to ask nothing of the world by itself.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
COMMANDS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def find() -> str | None:
    """The path of a browser of the system; None means Playwright's own.

    Raises: SystemExit if BACKPROP_CHROMIUM names no file.
    """
    chosen = os.environ.get(VARIABLE)
    if chosen:
        return chosen if Path(chosen).is_file() else sys.exit(f"{VARIABLE}: no such file: {chosen}")
    on_path = next((path for command in COMMANDS if (path := shutil.which(command))), None)
    return on_path or next((path for path in APPLICATIONS if Path(path).is_file()), None)


def install() -> None:
    """Debian's Chromium where this is root on a Debian; otherwise the one that Playwright downloads into its cache."""
    if system.can_install():
        try:
            system.install("chromium-headless-shell")
        except subprocess.CalledProcessError:  # not every Debian has it
            system.install("chromium")
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Print the browser that the tests drive.")
    parser.add_argument("--install", action="store_true", help="set one up where there is none")
    if parser.parse_args().install and find() is None:
        install()
    print(find() or "Playwright's own Chromium")


if __name__ == "__main__":
    main()
