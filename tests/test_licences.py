"""Whose work is delivered is listed, and none of it forbids that."""

import re
from importlib.metadata import version

from tests.tools import licences
from tests.tools.licences import Part
from tests.tools.vendor import FONTS, ROOT, VENDOR

# By SPDX. Each may be delivered with a program under MIT; another is looked at by a person first, then added here.
ALLOWED = {
    "0BSD",
    "ISC",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "MIT",
    "MPL-2.0",
    "OFL-1.1",
    "PSF-2.0",
    "Zlib",
}


def parts() -> list[Part]:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    return [*licences.packages(lock), *licences.vendored(VENDOR), *licences.vendored(FONTS)]


def test_the_list_is_what_is_delivered() -> None:
    assert licences.TARGET.read_text("utf-8") == licences.document(), "run `make licences`"


def test_everything_in_it_may_be_delivered() -> None:
    for part in parts():
        named = set(re.split(r" AND | OR |[()]", part.licence)) - {""}
        assert named <= ALLOWED, f"{part.name} is under {part.licence}"


def test_the_versions_are_those_that_are_installed() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    found = list(licences.packages(lock))
    assert len(found) > 15
    assert all(version(part.name) == part.version for part in found)
