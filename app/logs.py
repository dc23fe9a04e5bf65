"""Logs for machines: on standard output one JSON object a line, of each request and of each fault of the server.

No line has anything that a client sent: of a fault, the kind and the places in the code, not its message.
"""

import logging
import os
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from app.observed import Seen

# For uvicorn, in every one of its processes.
CONFIG: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "app.logs.Formatter"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stdout"}},
    "root": {"handlers": ["out"], "level": "WARNING"},
}


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


def write(document: dict[str, Any]) -> None:
    """One line, whole: several processes may write to the same pipe. Who no longer reads it ends the lines, no more."""
    try:
        sys.stdout.buffer.write(orjson.dumps(document) + b"\n")
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def told(message: str, **more: Any) -> None:
    """A line that is of no request."""
    write({"time": _time(datetime.now(UTC)), "level": "info", "message": message, **more})


class Formatter(logging.Formatter):
    """What uvicorn has to say, as a line of the same kind."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON."""
        document: dict[str, Any] = {
            "time": _time(datetime.fromtimestamp(record.created, UTC)),
            "level": record.levelname.lower(),
            "message": record.getMessage().strip(),
        }
        error = record.exc_info[1] if record.exc_info else None
        if error:
            frames = traceback.extract_tb(error.__traceback__)
            document["error"] = type(error).__qualname__
            document["where"] = [f"{Path(it.filename).name}:{it.lineno} {it.name}" for it in frames]
        return orjson.dumps(document).decode()


def _time(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
