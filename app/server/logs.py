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

from pythonjsonlogger.orjson import OrjsonFormatter

_STANDARD_OUTPUT = 1
_PIPE_BYTES = 1 << 20  # some 5,000 lines, for a reader that is late; more is not had without being root
_FIELDS = ["asctime", "levelname", "message"]
_PLACES = 20  # of a fault; a line of less than 4 KB goes into a pipe whole or not at all


class Formatter(OrjsonFormatter):
    """A record as an object: its time, then what it tells of a request, or its level and message."""

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        """A line of a request has no message of its own."""
        if log_data["message"]:
            return log_data | {"level": log_data["level"].lower()}
        return {name: value for name, value in log_data.items() if name not in ("level", "message")}

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802
        """As ISO 8601 has it, in UTC."""
        at = datetime.fromtimestamp(record.created, UTC)
        return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Handler(logging.Handler):
    """Writes lines for as long as somebody takes them. Several processes may write to the same pipe."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(Formatter(_FIELDS, rename_fields={"asctime": "time", "levelname": "level"}))
        self._file: int | None = None
        self._lost = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record."""
        error = record.exc_info[1] if record.exc_info else None
        if error:
            frames = traceback.extract_tb(error.__traceback__)[-_PLACES:]
            told = {
                "error": type(error).__qualname__,
                "where": [f"{Path(it.filename).name}:{it.lineno} {it.name}" for it in frames],
            }
            record = logging.makeLogRecord(record.__dict__ | {"exc_info": None, "msg": str(record.msg).strip(), **told})
        if self._lost:
            record.lost = self._lost
        if self._file is None:
            self._file = _opened()
        try:
            os.write(self._file, self.format(record).encode() + b"\n")
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


# For uvicorn, in every one of its processes.
CONFIG: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"out": {"class": "app.server.logs.Handler"}},
    "root": {"handlers": ["out"], "level": "WARNING"},
    "loggers": {"app": {"level": "INFO"}},
}
