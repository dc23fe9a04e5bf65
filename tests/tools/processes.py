"""A server of several processes, for tests and measurements: which they are, and how much memory each takes."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from tests.tools.serving import started

PROC = Path("/proc")
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
    with started("--port", "0", *options) as (url, id):
        yield Running(urlsplit(url).port or 0, id)


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
