"""A real server in a process of its own, for tests and measurements."""

import os
import queue
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 30
STOP_SECONDS = 15
START_TRIES = 5
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


@contextmanager
def served(port: int = 0) -> Iterator[str]:
    """The base URL of the app, served by a process of its own; at a free port where `port` is 0."""
    with started("--port", str(port)) as (url, _):
        yield url


@contextmanager
def started(*options: str, program: Sequence[str] = ("-m", "app")) -> Iterator[tuple[str, int]]:
    """The base URL of `python -m app`, or of another `program`, with these options, and the id of its process."""
    command = [sys.executable, *program, "--no-browser", *options]
    environment = os.environ | {"PYTHONUNBUFFERED": "1", "OPENBLAS_NUM_THREADS": "1"}
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    assert process.stdout is not None
    lines: queue.Queue[str | None] = queue.Queue()
    reader = threading.Thread(target=read_lines, args=(process.stdout, lines), daemon=True)
    reader.start()
    try:
        yield printed_address(lines), process.pid
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        reader.join()
        process.stdout.close()


class Restartable:
    """An app that can be stopped, and started again at the same address."""

    def __init__(self) -> None:
        self._running = ExitStack()
        self.url = self._running.enter_context(served())

    def stop(self) -> None:
        """As an operator stops it; nobody listens any more when this returns."""
        self._running.close()

    def start(self) -> None:
        """Again, where it was. The system may keep the port for a moment."""
        port = urlsplit(self.url).port or 0
        for _ in range(START_TRIES - 1):
            try:
                self._running.enter_context(served(port))
            except RuntimeError:
                continue
            return
        self._running.enter_context(served(port))


def read_lines(stream: IO[str], lines: "queue.Queue[str | None]") -> None:
    """Keep the pipe empty, so that the server never waits for its reader; None is the end."""
    for line in stream:
        lines.put(line)
    lines.put(None)


def printed_address(lines: "queue.Queue[str | None]") -> str:
    """The address that the server prints once it listens.

    Raises: RuntimeError with all that it printed instead.
    """
    printed = ""
    while True:
        try:
            line = lines.get(timeout=START_SECONDS)
        except queue.Empty:
            raise RuntimeError(f"the server printed no address in {START_SECONDS} s:\n{printed}") from None
        if line is None:
            raise RuntimeError(f"the server ended before it printed its address:\n{printed}")
        printed += line
        if match := ADDRESS.search(line):
            return match[0]
