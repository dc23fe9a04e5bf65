"""From the bytes of a request to a JSON object, read strictly.

JSON that two readers could take differently is refused: a key given twice, NaN and Infinity, text that is not UTF-8.
The body is refused while it is being read, not after, once it is too long.
"""

import codecs
import json
from typing import Any, NoReturn

from fastapi import Request

from app import limits
from app.problems import BadRequest, Fault, TooLarge, Unprocessable, UnsupportedMediaType, printable, quoted


async def read(request: Request) -> dict[str, Any]:
    """The JSON object that is the request's body.

    Raises: UnsupportedMediaType, TooLarge, BadRequest, Unprocessable.
    """
    _demand_json(request.headers.get("content-type"))
    return parse(await _read_bytes(request))


def parse(body: bytes) -> dict[str, Any]:
    """The JSON object that `body` is.   Raises: BadRequest, Unprocessable."""
    try:
        document = _DECODER.decode(body.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise BadRequest(f"the body is not UTF-8: byte {error.start} is 0x{body[error.start]:02x}") from None
    except json.JSONDecodeError as error:
        if body.startswith(codecs.BOM_UTF8):
            raise BadRequest("the body begins with a byte order mark, which JSON does not have") from None
        where = f"line {error.lineno} column {error.colno}"
        raise BadRequest(f"the body is not JSON: {error.msg} at {where}" if body else "the body is empty") from None
    except RecursionError:
        raise BadRequest("the body is nested too deep") from None
    except ValueError:
        raise Unprocessable([Fault("", "a number in the body has too many digits to be read")]) from None
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
    body = bytearray()
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and len(announced) < 20 and int(announced) > limits.BODY_BYTES:
        _refuse_length()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limits.BODY_BYTES:
            _refuse_length()
    return bytes(body)


def _refuse_length() -> NoReturn:
    raise TooLarge(f"the body is longer than {limits.BODY_BYTES} bytes, which is the most allowed")


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BadRequest(f"the key {quoted(twice)} is given twice in one object")
    return document


def _no_constant(name: str) -> NoReturn:
    raise BadRequest(f"the body is not JSON: {printable(name, 20)} is not a JSON number")


_DECODER = json.JSONDecoder(object_pairs_hook=_once_each, parse_constant=_no_constant)
