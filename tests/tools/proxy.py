"""Find, or set up, the HAProxy that the tests put before two servers.

`python -m tests.tools.proxy` prints its path; with `--install` it sets one up first where there is none, and where it
can: as root on a Debian. Elsewhere it says what is not tested, and the tests say it again.
"""

import argparse
import os
import shutil
import subprocess

from tests.tools import system

NONE = "NONE, so nothing is tested behind a proxy (tests/test_balanced.py). To have it: install haproxy"
_ALSO = ("/usr/local/sbin", "/usr/sbin")  # where systems put it, and not every PATH has


def find() -> str | None:
    """The path of the system's; None where it has none."""
    return shutil.which("haproxy", path=os.pathsep.join([os.environ.get("PATH", ""), *_ALSO]))


def main() -> None:
    parser = argparse.ArgumentParser(description="Print the proxy that the tests put before two servers.")
    parser.add_argument("--install", action="store_true", help="set one up where there is none, and where it can be")
    if parser.parse_args().install and find() is None and system.can_install():
        try:
            system.install("haproxy")
        except subprocess.CalledProcessError as error:
            print(f"{NONE}; apt-get ended with {error.returncode}")
            return
    print(find() or NONE)


if __name__ == "__main__":
    main()
