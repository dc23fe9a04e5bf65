"""Write docs/licences.md: what is delivered with the app, by whom, under which licence.

`python -m tests.tools.licences` reads what is installed of requirements.lock, and the manifests of the vendored files.
"""

import json
import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from tests.tools.vendor import FONTS, MANIFEST, ROOT, VENDOR

TARGET = ROOT / "docs" / "licences.md"
LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)", re.M)
# Some packages say it in another way than by an SPDX expression.
SPDX = {"MIT License": "MIT", "Apache Software License": "Apache-2.0", "BSD License": "BSD-3-Clause"}
SPDX["3-Clause BSD License"] = SPDX["BSD License"]

INTRODUCTION = """# Licences

The explorer itself is under the [MIT licence](../LICENSE). This is what it is delivered with. Written by
`make licences`. Each Python package carries its licence's text in its own `.dist-info` folder, each vendored one beside
its files.
"""


class Part(NamedTuple):
    """One thing of somebody else's."""

    name: str
    version: str
    licence: str


def packages(lock: str) -> Iterator[Part]:
    """The Python packages that a lock file names and this system needs."""
    for name, version in LOCKED.findall(lock):
        try:
            found = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue  # for another system
        yield Part(found["Name"], version, licence_of(found))


def licence_of(found: "metadata.PackageMetadata") -> str:
    """An SPDX expression, however the package says it; "unknown" if it does not."""
    if "License-Expression" in found:
        return found["License-Expression"]
    classifiers = [it.rpartition(" :: ")[2] for it in found.get_all("Classifier") or [] if it.startswith("License")]
    if classifiers and classifiers != ["OSI Approved"]:
        return " OR ".join(sorted(SPDX.get(it, it) for it in classifiers))
    said = found["License"].splitlines()[0] if "License" in found else "unknown"
    return SPDX.get(said, said)


def vendored(folder: Path) -> Iterator[Part]:
    """What the folder's manifest names."""
    for package in json.loads((folder / MANIFEST).read_text("utf-8"))["packages"]:
        yield Part(package["name"], package["version"], package["license"])


def table(title: str, parts: Iterator[Part]) -> str:
    rows = sorted((f"| {it.name} | {it.version} | {it.licence} |" for it in parts), key=str.lower)
    return "\n".join([f"\n## {title}\n", "| what | version | licence |", "| --- | --- | --- |", *rows, ""])


def document() -> str:
    """All of it, in Markdown."""
    return "".join(
        [
            INTRODUCTION,
            table("Python packages (requirements.lock)", packages((ROOT / "requirements.lock").read_text("utf-8"))),
            table("Scripts of the page (static/vendor)", vendored(VENDOR)),
            table("Fonts of the page (static/fonts)", vendored(FONTS)),
        ]
    )


if __name__ == "__main__":
    TARGET.write_text(document(), "utf-8")
    print(f"Wrote {TARGET.relative_to(ROOT)}")
