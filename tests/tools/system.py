"""Programs of the system that tests need, set up where this is root on a Debian, as in a container."""

import os
import shutil
import subprocess


def can_install() -> bool:
    """Whether this is root on a Debian."""
    return shutil.which("apt-get") is not None and hasattr(os, "geteuid") and os.geteuid() == 0


def install(*packages: str) -> None:
    """Debian's packages, without what they merely recommend.   Raises: CalledProcessError."""
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], check=True, env=quiet)
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    subprocess.run(command, check=True, env=quiet, stdout=subprocess.DEVNULL)
