"""What a reader does, in random order, ends where replaying it ends: the real session against a real server."""

import shutil
import subprocess
from pathlib import Path

from tests.tools.serving import served

ROOT = Path(__file__).resolve().parents[1]
SEQUENCES = 100


def test_random_sequences_end_where_replaying_them_ends() -> None:
    """Edit, build, train, step, undo, redo, reload, open a link: see tests/tools/sequences.mjs."""
    node = shutil.which("node", path=str(ROOT / ".venv" / "bin"))
    assert node, "Node is missing from .venv: run `make dev`"
    with served() as url:
        command = [node, "tests/tools/sequences.mjs", url, str(SEQUENCES)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    assert done.stdout.strip() == f"{SEQUENCES} sequences"
