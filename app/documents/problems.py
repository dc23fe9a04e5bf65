"""What can be wrong with a request, and the words for it. `app/api/problems.py` makes answers of these.

A message says what is wrong, what was given, what is allowed. It never repeats a long input.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any, NamedTuple, TypeVar

from app import limits

Wrong = TypeVar("Wrong")
Path = Sequence[str | int]


class Fault(NamedTuple):
    """One thing that is wrong: an RFC 6901 pointer into the body (or "query:NAME"), and what it is.

    Of a text it says the `line` and the `column` too, from 1; elsewhere they are 0.
    """

    pointer: str
    detail: str
    line: int = 0
    column: int = 0


class Faults(list[Fault]):
    """All that is found, to be told at once."""

    def add(self, path: Path, detail: str) -> None:
        """One more; its path is that of the value in the body."""
        self.append(Fault(pointer(path), detail))

    def add_beyond(self, most: int, count: int, path: Path, detail: str) -> None:
        """The same where so many are more than are allowed."""
        if count > most:
            self.add(path, f"{detail}; at most {most} are allowed")


def worded(wrong: Iterable[Wrong], fault: Callable[[Wrong], Fault]) -> Iterator[Fault]:
    """The fault of each that an answer can list; the others are only counted there, and words take time."""
    for number, it in enumerate(wrong):
        yield fault(it) if number < limits.ERRORS else _UNTOLD


_UNTOLD = Fault("", "")


class Problem(Exception):
    """An answer other than 200. `status` and `headers` are the subclass's."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR
    headers: Mapping[str, str] | None = None

    def __init__(self, detail: str, errors: Sequence[Fault] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = errors
        self.table: Mapping[str, Any] | None = None  # what was understood of a file all the same


class BadRequest(Problem):
    """The body is not JSON."""

    status = HTTPStatus.BAD_REQUEST


class TooSlow(Problem):
    """The body did not arrive in time."""

    status = HTTPStatus.REQUEST_TIMEOUT


class TooLarge(Problem):
    """The body is longer than allowed."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class UnsupportedMediaType(Problem):
    """The body's content type is not JSON's."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class Unprocessable(Problem):
    """Well-formed, but wrong."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, errors: Sequence[Fault]) -> None:
        shown = _shown(errors)
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        super().__init__(shown[0].detail + more, shown)


def wrong(pointer: str, detail: str) -> Unprocessable:
    """The one thing that is wrong."""
    return Unprocessable([Fault(pointer, detail)])


def _shown(errors: Sequence[Fault]) -> list[Fault]:
    """As many as an answer lists, the first in any case."""
    shown, left = list(errors[:1]), limits.ERRORS_BYTES
    for fault in errors[: limits.ERRORS]:
        left -= len(fault.pointer.encode()) + len(fault.detail.encode())
        if left >= 0 and fault is not errors[0]:
            shown.append(fault)
    return shown


class Busy(Problem):
    """There is too much to do at the moment."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers: Mapping[str, str] = {"retry-after": str(limits.RETRY_SECONDS)}


def pointer(path: Path) -> str:
    """An RFC 6901 JSON pointer: ("network", "layers", 1) → "/network/layers/1"."""
    return "".join("/" + printable(str(part), 60).replace("~", "~0").replace("/", "~1") for part in path)


def spelled(path: Path) -> str:
    """The same in words of a message: ("network", "layers", 1) → "network.layers[1]"."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{printable(part, 60)}" for part in path)
    return text.lstrip(".")


def printable(text: str, longest: int) -> str:
    """`text` cut to `longest` characters, with "?" for what cannot be printed: control characters, lone surrogates."""
    return _UNPRINTABLE.sub("?", text if len(text) <= longest else text[: longest - 1] + "…")


_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")  # all but a tab and the end of a line


def quoted(value: object) -> str:
    """What was given, short enough to repeat in a message."""
    match value:
        case str():
            return json.dumps(printable(value, 40), ensure_ascii=False)
        case int() if abs(value) >= 10**20:
            return "a number of over 20 digits"
        case bool() | int() | float() | None:
            return json.dumps(value)
        case list():
            return f"a list of {len(value)}"
        case _:
            return "an object"
