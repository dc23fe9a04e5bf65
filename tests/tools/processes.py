"""A server of several processes, for tests and measurements: which they are, and how much memory each takes."""

import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.tools.serving import ROOT, read_lines

PROC = Path("/proc")
START_SECONDS = 30
STOP_SECONDS = 15
WORKER = "multiprocessing.spawn"  # in the command of a server's worker, and not in that of Python's own helper


class Process(NamedTuple):
    """One that runs on this machine. `resident` is the memory that it really holds, in bytes."""

    id: int
    parent: int
    resident: int
    command: str


class Running(NamedTuple):
    """A server: its port, and the process that was started."""

    port: int
    id: int

    def workers(self) -> list[Process]:
        """The processes that answer: the one that was started, or those that it looks after."""
        found = processes()
        return [it for it in found if it.parent == self.id and WORKER in it.command] or [
            it for it in found if it.id == self.id
        ]

    def resident(self) -> int:
        """The memory of all its processes, in bytes."""
        return sum(it.resident for it in processes() if self.id in (it.id, it.parent))


@contextmanager
def running(*options: str) -> Iterator[Running]:
    """`python -m app` with these options at a free port."""
    command = [sys.executable, "-m", "app", "--port", "0", "--no-browser", *options]
    environment = os.environ | {"PYTHONUNBUFFERED": "1", "OPENBLAS_NUM_THREADS": "1"}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines: queue.Queue[str | None] = queue.Queue()
        reader = threading.Thread(target=read_lines, args=(process.stdout, lines), daemon=True)
        reader.start()
        try:
            first = lines.get(timeout=START_SECONDS)
            assert first is not None, "the server ended at once"
            yield Running(int(first.partition("127.0.0.1:")[2].partition("/")[0]), process.pid)
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
            reader.join()


def processes() -> list[Process]:
    """All processes that can be seen."""
    if PROC.is_dir():
        return [it for path in PROC.iterdir() if path.name.isdigit() and (it := _seen(path))]
    told = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,rss=,command="], capture_output=True, text=True, check=True)
    rows = [line.split(None, 3) for line in told.stdout.splitlines()]
    return [Process(int(row[0]), int(row[1]), int(row[2]) * 1024, row[3]) for row in rows if len(row) == 4]


def _seen(path: Path) -> Process | None:
    """The process of a directory of /proc; None where it has ended, or has no memory of its own."""
    try:
        fields = dict(line.split(":", 1) for line in (path / "status").read_text().splitlines() if ":" in line)
        command = (path / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return None
    if "VmRSS" not in fields:
        return None
    return Process(int(path.name), int(fields["PPid"]), int(fields["VmRSS"].split()[0]) * 1024, command)
