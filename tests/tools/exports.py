"""The scripts that the page offers of an experiment, as Node writes them: `scripts` runs exports.mjs on experiments."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60


def node() -> str:
    """Node's path: the one beside this Python, or else the system's.   Raises: RuntimeError where there is none."""
    beside = Path(sys.executable).parent
    found = shutil.which("node", path=os.pathsep.join([str(beside), os.environ.get("PATH", "")]))
    if found is None:
        raise RuntimeError(f"there is no node in {beside} or on PATH; `make dev` sets it up")
    return found


def scripts(experiments: list[dict[str, Any]]) -> list[dict[str, str]]:
    """By experiment its texts: "numpy", "pytorch" and "curl"."""
    run = subprocess.run(
        [node(), str(ROOT / "tests" / "tools" / "exports.mjs")],
        input=json.dumps(experiments),
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=SECONDS,
    )
    texts: list[dict[str, str]] = json.loads(run.stdout)
    return texts
