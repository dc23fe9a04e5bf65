"""From the bytes of a request to a JSON object, read strictly.

JSON that two readers could take differently is refused: a key given twice, NaN and Infinity, text that is not UTF-8.
The body is refused while it is being read, not after, once it is too long.

What most requests bring is short, and there when they are looked at: that goes a short way, without a clock.
"""

import asyncio
import codecs
import json
from collections.abc import Coroutine, Generator
from typing import Any, NoReturn

from fastapi import Request
from starlette.requests import ClientDisconnect
from starlette.types import Message, Scope

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
from app.turns import driven, hold

_PART_BYTES = 65_536  # of a long body, looked at in one go
_DIGITS = len(str(limits.BODY_BYTES))
_receiving = 0  # bytes of all bodies that are being received


async def received(request: Request) -> bytes:
    """The request's body, said to be JSON.   Raises: UnsupportedMediaType, TooLarge, TooSlow, Busy."""
    content_type, announced = _told(request.scope)
    if content_type != b"application/json":
        _demand_json(content_type)
    # As many digits as Python reads at once; with more zeros before it, the length is seen while it is read.
    if len(announced) >= _DIGITS and announced.isdigit() and int(announced[:20]) > limits.BODY_BYTES:
        _refuse_length()
    return await _read_bytes(request)


async def read(request: Request, body: bytes) -> dict[str, Any]:
    """The JSON object that the request's body is; a long one is read in turns.

    Raises: BadRequest, Unprocessable, Busy.
    """
    if not is_long(body):
        return parse(body)
    # Counted as the numbers of a trace that take as much. The body stays while it is read, and its text, which takes
    # four bytes for every character where there is a single wide one.
    hold(request, len(body) // 16 * (2 if body.isascii() else 5))
    hold(request, await driven(request, _weighed(body)))
    return await driven(request, parsed(body))


def is_long(body: bytes) -> bool:
    """Whether it is best read in turns, and all that is made of it too."""
    return len(body) > limits.INLINE_BYTES


def _weighed(body: bytes) -> Generator[None, None, int]:
    """As how many numbers of a trace all that is read from it counts, at most; in slices.

    A number that was read takes 32 bytes with its place in a list, twice one in a trace; a list 96, six times one.
    """
    commas = lists = 0
    for at in range(0, len(body), _PART_BYTES):
        part = body[at : at + _PART_BYTES]
        commas += part.count(b",")
        lists += part.count(b"[") + part.count(b"{")
        yield
    return 2 * commas + 6 * min(lists, limits.LISTS)


def _is_deeper(value: Any, levels: int) -> bool:
    """Whether there are more than so many objects and lists within one another."""
    if type(value) is dict:
        value = value.values()
    elif type(value) is not list:
        return False
    return levels == 0 or any(_is_deeper(entry, levels - 1) for entry in value)


def parse(body: bytes) -> dict[str, Any]:
    """The JSON object that `body` is.   Raises: BadRequest, Unprocessable."""
    try:
        document = _DECODER.decode(body.decode("utf-8"))
        if _is_deeper(document, limits.DEPTH):
            raise RecursionError
        return _object(document)
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
            allowed = f"at most {limits.DEPTH} objects and lists may stand within one another"
            return BadRequest(f"the body is nested too deep: {allowed}")
    return Unprocessable([Fault("", "a number in the body has too many digits to be read")])


def _object(document: Any) -> dict[str, Any]:
    if not isinstance(document, dict):
        raise Unprocessable([Fault("", f"the body must be an object, and is {quoted(document)}")])
    return document


def _told(scope: Scope) -> tuple[bytes, bytes]:
    """The content type, empty where there is none, and the length that is announced.   Raises: UnsupportedMediaType."""
    content_type, announced = b"", b"0"
    for name, value in scope["headers"]:
        if name == b"content-type":
            if content_type not in (b"", value):
                raise UnsupportedMediaType("there are two content types; there must be one, application/json")
            content_type = value
        elif name == b"content-length":
            announced = value
        elif name == b"content-encoding":
            _demand(value, b"identity", "the body's content encoding", "it must be sent as it is")
        elif name == b"transfer-encoding":
            _demand(value, b"chunked", "the transfer encoding", "it must be chunked")
    return content_type, announced


def _demand(value: bytes, allowed: bytes, thing: str, must: str) -> None:
    if value.strip().lower() != allowed:
        raise UnsupportedMediaType(f"{thing} is {quoted(value.decode('latin-1'))}; {must}")


def _demand_json(content_type: bytes) -> None:
    essence, *options = [part.strip().lower() for part in content_type.decode("latin-1").split(";")]
    if essence != "application/json" and not (essence.startswith("application/") and essence.endswith("+json")):
        given = f"is {quoted(essence)}" if essence else "is missing"
        raise UnsupportedMediaType(f"the content type {given}; it must be application/json")
    for option in options:
        name, _, value = option.partition("=")
        if name.strip() == "charset" and value.strip().strip('"') not in ("utf-8", "utf8"):
            raise UnsupportedMediaType(f"the charset is {quoted(value.strip())}; JSON is always utf-8")


async def _read_bytes(request: Request) -> bytes:
    receiving: Coroutine[Any, Any, Message] = request.receive()  # type: ignore[assignment]
    try:
        waits_for = receiving.send(None)
    except StopIteration as end:
        message: Message = end.value
        if message["type"] == "http.request" and not message.get("more_body", False):
            body: bytes = message.get("body", b"")
            if len(body) > limits.BODY_BYTES:
                _refuse_length()
            return body
        begun: Begun | None = None
    else:
        message, begun = {}, Begun(receiving, waits_for)
    try:
        async with asyncio.timeout(limits.BODY_SECONDS):
            return await _gathered(request, await begun if begun else message)
    except TimeoutError:
        raise TooSlow(f"the body did not arrive within {limits.BODY_SECONDS} seconds") from None


class Begun:
    """A coroutine that was run to where it waits for something, to be awaited from there on."""

    def __init__(self, coroutine: Coroutine[Any, Any, Message], waits_for: Any) -> None:
        self._coroutine, self._waits_for = coroutine, waits_for

    def __await__(self) -> Generator[Any, Any, Message]:
        """Wait for that, and go on."""
        try:
            while True:
                try:
                    came = yield self._waits_for
                except BaseException as error:
                    self._waits_for = self._coroutine.throw(error)
                else:
                    self._waits_for = self._coroutine.send(came)
        except StopIteration as end:
            message: Message = end.value
            return message


async def _gathered(request: Request, message: Message) -> bytes:
    """The whole body, of which `message` is the first. What all bodies under way take together is bounded too.

    A short one is taken all the same: it adds little, and clients that stall their long ones should turn nobody away.
    """
    global _receiving
    body = bytearray()
    more = True
    try:
        while more:
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            chunk, more = message.get("body", b""), message.get("more_body", False)
            body += chunk
            _receiving += len(chunk)
            if len(body) > limits.BODY_BYTES:
                _refuse_length()
            if _receiving > limits.BODIES_BYTES and len(body) > limits.INLINE_BYTES:
                raise Busy(f"the bodies under way take more than {limits.BODIES_BYTES} bytes; ask again in a moment")
            if more:
                message = await request.receive()
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
