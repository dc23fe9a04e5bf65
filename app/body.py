"""From the bytes of a request to a JSON object, read strictly.

JSON that two readers could take differently is refused: a key given twice, NaN and Infinity, text that is not UTF-8.
The body is refused while it is being read, not after, once it is too long.
"""

import asyncio
import codecs
import json
from collections.abc import Generator
from typing import Any, NamedTuple, NoReturn

from fastapi import Request

from app import limits, longjson
from app.problems import (
    BadRequest,
    Busy,
    Fault,
    Problem,
    TooLarge,
    TooSlow,
    Unprocessable,
    UnsupportedMediaType,
    printable,
    quoted,
)
from app.turns import driven

_receiving = 0  # bytes of all bodies that are being received


class Read(NamedTuple):
    """The JSON object that a body is, and whether it is long: then whatever is done with it is best done in turns."""

    document: dict[str, Any]
    is_long: bool


async def read(request: Request) -> Read:
    """The JSON object that is the request's body; a long one is read in turns.

    Raises: UnsupportedMediaType, TooLarge, TooSlow, Busy, BadRequest, Unprocessable.
    """
    _demand_json(request.headers.get("content-type"))
    body = await _read_bytes(request)
    if len(body) <= limits.INLINE_BYTES:
        return Read(parse(body), False)
    return Read(await driven(request, parsed(body)), True)


def parse(body: bytes) -> dict[str, Any]:
    """The JSON object that `body` is.   Raises: BadRequest, Unprocessable."""
    try:
        return _object(_DECODER.decode(body.decode("utf-8")))
    except (ValueError, RecursionError) as error:
        raise _problem(error, body) from None


def parsed(body: bytes) -> Generator[None, None, dict[str, Any]]:
    """The same in slices."""
    try:
        return _object((yield from longjson.read(body.decode("utf-8"), _DECODER, _once_each)))
    except (ValueError, RecursionError) as error:
        raise _problem(error, body) from None


def _problem(error: Exception, body: bytes) -> Problem:
    match error:
        case UnicodeDecodeError():
            return BadRequest(f"the body is not UTF-8: byte {error.start} is 0x{body[error.start]:02x}")
        case json.JSONDecodeError() if body.startswith(codecs.BOM_UTF8):
            return BadRequest("the body begins with a byte order mark, which JSON does not have")
        case json.JSONDecodeError():
            where = f"line {error.lineno} column {error.colno}"
            return BadRequest(f"the body is not JSON: {error.msg} at {where}" if body else "the body is empty")
        case RecursionError():
            return BadRequest("the body is nested too deep")
    return Unprocessable([Fault("", "a number in the body has too many digits to be read")])


def _object(document: Any) -> dict[str, Any]:
    if not isinstance(document, dict):
        raise Unprocessable([Fault("", f"the body must be an object, and is {quoted(document)}")])
    return document


def _demand_json(content_type: str | None) -> None:
    essence = (content_type or "").partition(";")[0].strip().lower()
    if essence == "application/json" or (essence.startswith("application/") and essence.endswith("+json")):
        return
    given = f"is {quoted(essence)}" if essence else "is missing"
    raise UnsupportedMediaType(f"the content type {given}; it must be application/json")


async def _read_bytes(request: Request) -> bytes:
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and len(announced) < 20 and int(announced) > limits.BODY_BYTES:
        _refuse_length()
    try:
        async with asyncio.timeout(limits.BODY_SECONDS):
            return await _gathered(request)
    except TimeoutError:
        raise TooSlow(f"the body did not arrive within {limits.BODY_SECONDS} seconds") from None


async def _gathered(request: Request) -> bytes:
    """The whole body. What all bodies under way take together is bounded too."""
    global _receiving
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            _receiving += len(chunk)
            if len(body) > limits.BODY_BYTES:
                _refuse_length()
            if _receiving > limits.BODIES_BYTES:
                raise Busy(f"the bodies under way take more than {limits.BODIES_BYTES} bytes; ask again in a moment")
        return bytes(body)
    finally:
        _receiving -= len(body)


def _refuse_length() -> NoReturn:
    raise TooLarge(f"the body is longer than {limits.BODY_BYTES} bytes, which is the most allowed")


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) < len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise BadRequest(f"the key {quoted(twice)} is given twice in one object")
    return document


def _no_constant(name: str) -> NoReturn:
    raise BadRequest(f"the body is not JSON: {printable(name, 20)} is not a JSON number")


_DECODER = json.JSONDecoder(object_pairs_hook=_once_each, parse_constant=_no_constant)
