"""Keep the vendored files what their packages shipped.

`python -m tests.tools.vendor check` reads nothing but the checkout: every file below static/vendor and static/fonts
must be listed in the manifest of its folder with its SHA-256, and every listed file must be there. `update` copies the
files of static/vendor from node_modules, by the versions in package.json, and writes the manifest anew.
"""

import argparse
import hashlib
import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "static" / "vendor"
FONTS = ROOT / "static" / "fonts"
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Package:
    """What is taken from one npm package: the file's name here, by its path in the package."""

    name: str
    files: dict[str, str]


PACKAGES = (
    Package(
        "lit-html",
        {
            name: name
            for name in (
                "lit-html.js",
                "lit-html.d.ts",
                "directive.js",
                "directive.d.ts",
                "directives/guard.js",
                "directives/guard.d.ts",
                "LICENSE",
            )
        },
    ),
    Package(
        "swagger-ui-dist",
        {
            name: name
            for name in (
                "swagger-ui-bundle.js",
                "swagger-ui-bundle.js.LICENSE.txt",
                "swagger-ui.css",
                "LICENSE",
                "NOTICE",
            )
        },
    ),
    Package("gifenc", {"dist/gifenc.esm.js": "gifenc.esm.js", "LICENSE.md": "LICENSE.md"}),
    Package("uqr", {"dist/index.mjs": "index.mjs", "dist/index.d.mts": "index.d.mts", "LICENSE": "LICENSE"}),
)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_manifest(folder: Path, packages: Sequence[dict[str, Any]]) -> None:
    text = json.dumps({"packages": packages}, indent=2, ensure_ascii=False) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")


def problems(folder: Path) -> list[str]:
    """Everything in which `folder` and its manifest disagree, one sentence each."""
    manifest = folder / MANIFEST
    if not manifest.is_file():
        return [f"{manifest}: missing"]
    listed: dict[str, str] = {}
    for package in json.loads(manifest.read_text(encoding="utf-8"))["packages"]:
        listed |= package["files"]
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {MANIFEST}
    return [
        *(f"{folder / name}: not in {MANIFEST}" for name in sorted(present - listed.keys())),
        *(f"{folder / name}: missing, but in {MANIFEST}" for name in sorted(listed.keys() - present)),
        *(
            f"{folder / name}: SHA-256 is {sha256(folder / name)}; {MANIFEST} says {listed[name]}"
            for name in sorted(present & listed.keys())
            if sha256(folder / name) != listed[name]
        ),
        *(
            f"{folder / name}: a symbolic link, not a file"
            for name in sorted(present & listed.keys())
            if (folder / name).is_symlink()
        ),
    ]


def check() -> int:
    found = [*problems(VENDOR), *problems(FONTS)]
    for problem in found:
        print(problem, file=sys.stderr)
    if found:
        print("Vendored files are never edited: restore them, or change them with `make vendor`.", file=sys.stderr)
    return 1 if found else 0


def update() -> int:
    versions: dict[str, str] = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    for old in VENDOR.iterdir() if VENDOR.exists() else ():
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    write_manifest(VENDOR, [copy(package, versions[package.name]) for package in PACKAGES])
    return 0


def copy(package: Package, version: str) -> dict[str, Any]:
    """Copy one package's files; its entry of the manifest.

    Raises: SystemExit if node_modules holds another version than package.json asks for.
    """
    source = ROOT / "node_modules" / package.name
    installed = json.loads((source / "package.json").read_text(encoding="utf-8"))
    if installed["version"] != version:
        sys.exit(f"node_modules has {package.name} {installed['version']}; package.json says {version}: run `npm ci`")
    folder = f"{package.name}@{version}"
    hashes = {}
    for theirs, ours in sorted(package.files.items(), key=lambda pair: pair[1]):
        target = VENDOR / folder / ours
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / theirs, target)
        hashes[f"{folder}/{ours}"] = sha256(target)
    return {"name": package.name, "version": version, "license": installed["license"], "files": hashes}


def main() -> int:
    parser = argparse.ArgumentParser(description="Check or update the vendored files.")
    parser.add_argument("command", choices=["check", "update"])
    return check() if parser.parse_args().command == "check" else update()


if __name__ == "__main__":
    sys.exit(main())
