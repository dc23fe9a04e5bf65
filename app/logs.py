"""Logs for machines: on standard output one JSON object a line, of each request and of each fault of the server.

No line has anything that a client sent: of a fault, the kind and the places in the code, not its message. And no
request waits for a line: where they are not taken, they are lost and counted.
"""

import logging
import os
import stat
import sys
import traceback
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from app.observed import Seen

# For uvicorn, in every one of its processes.
CONFIG: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"out": {"class": "app.logs.Handler"}},
    "root": {"handlers": ["out"], "level": "WARNING"},
}

_STANDARD_OUTPUT = 1
_PIPE_BYTES = 1 << 20  # some 5,000 lines, for a reader that is late; more is not had without being root
_PLACES = 20  # of a fault; a line of less than 4 KB goes into a pipe whole or not at all


class Lines:
    """An observer that writes a line for every request."""

    def begin(self) -> None:
        """Nothing is written before a request has ended."""

    def end(self, seen: Seen) -> None:
        """Write its line."""
        write(
            {
                "time": _time(datetime.now(UTC)),
                "id": seen.id,
                "method": seen.method,
                "path": seen.path,
                "status": seen.status,
                "milliseconds": round(seen.seconds * 1000, 3),
                "bytes": seen.bytes,
                "complete": seen.complete,
            }
        )


class _Outlet:
    """Where the lines go."""

    def __init__(self) -> None:
        self._file: int | None = None
        self._lost = 0

    def put(self, document: dict[str, Any]) -> None:
        """One line, whole: several processes may write to the same pipe."""
        if self._file is None:
            self._file = _opened()
        if self._lost:
            document["lost"] = self._lost
        try:
            os.write(self._file, orjson.dumps(document) + b"\n")
            self._lost = 0
        except BrokenPipeError:  # nobody reads them any more: that ends the lines, and nothing else
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._file)
        except OSError:  # its reader stalls, or its disk is full
            self._lost += 1


def _opened() -> int:
    """Standard output, without waiting: a pipe is opened anew, since whoever shares it may want to wait."""
    if sys.platform == "linux" and stat.S_ISFIFO(os.fstat(_STANDARD_OUTPUT).st_mode):
        import fcntl

        with suppress(OSError):
            pipe = os.open(f"/proc/self/fd/{_STANDARD_OUTPUT}", os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            with suppress(OSError):
                fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
            return pipe
    return _STANDARD_OUTPUT


write = _Outlet().put


def told(message: str, **more: Any) -> None:
    """A line that is of no request."""
    write({"time": _time(datetime.now(UTC)), "level": "info", "message": message, **more})


class Handler(logging.Handler):
    """What uvicorn has to say, as a line of the same kind."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record."""
        document: dict[str, Any] = {
            "time": _time(datetime.fromtimestamp(record.created, UTC)),
            "level": record.levelname.lower(),
            "message": record.getMessage().strip(),
        }
        error = record.exc_info[1] if record.exc_info else None
        if error:
            frames = traceback.extract_tb(error.__traceback__)[-_PLACES:]
            document["error"] = type(error).__qualname__
            document["where"] = [f"{Path(it.filename).name}:{it.lineno} {it.name}" for it in frames]
        write(document)


def _time(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
