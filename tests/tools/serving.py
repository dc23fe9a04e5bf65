"""A real server in a process of its own, for tests and measurements."""

import os
import queue
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 30
STOP_SECONDS = 10
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


@contextmanager
def served() -> Iterator[str]:
    """The base URL of the app, served by a process of its own."""
    command = [sys.executable, "-m", "app", "--port", "0", "--no-browser"]
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
        yield printed_address(lines)
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        reader.join()
        process.stdout.close()


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
