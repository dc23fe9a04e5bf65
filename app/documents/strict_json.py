"""JSON read strictly, by Python's own reader: what two readers could take differently is refused, and told in words.

That is a key given twice, NaN and Infinity, and text that is not UTF-8.
"""

import codecs
import json
from collections import Counter
from typing import Any, NoReturn

from app import limits
from app.documents.problems import BadRequest, Problem, printable, quoted, wrong


def demand_few_lists(body: bytes) -> None:
    """Refuse what would take far more memory than it has bytes, before it is read.   Raises: Unprocessable."""
    if len(body) > limits.LISTS and body.count(b"[") + body.count(b"{") > limits.LISTS:
        raise wrong("", f"the body has more than {limits.LISTS} objects and lists, the most allowed")


def read(body: bytes) -> dict[str, Any]:
    """The JSON object that `body` is.   Raises: BadRequest, Unprocessable."""
    try:
        document = _DECODER.decode(body.decode("utf-8"))
        if _keys(document, limits.DEPTH) > limits.KEYS:
            raise wrong("", f"the objects of the body have more than {limits.KEYS} keys, the most allowed")
    except (ValueError, RecursionError) as error:
        raise _problem(error, body) from None
    if not isinstance(document, dict):
        raise wrong("", f"the body must be an object, and is {quoted(document)}")
    return document


def _keys(value: Any, levels: int) -> int:
    """How many keys all objects have.   Raises: RecursionError, past so many levels; Unprocessable, for a long list."""
    if type(value) is dict:
        within, keys = [*value.values()], len(value)
    elif type(value) is list:
        within, keys = value, 0
        if len(value) > limits.ENTRIES:
            raise wrong("", f"the body has a list of more than {limits.ENTRIES} entries, the most allowed")
    else:
        return 0
    if not levels:
        raise RecursionError
    return keys + sum([_keys(it, levels - 1) for it in within if type(it) in (dict, list)])


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
    return wrong("", "a number in the body has too many digits to be read")


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) < len(pairs):
        ((twice, _),) = Counter(name for name, _ in pairs).most_common(1)
        raise BadRequest(f"the key {quoted(twice)} is given twice in one object")
    return document


def _no_constant(name: str) -> NoReturn:
    raise BadRequest(f"the body is not JSON: {printable(name, 20)} is not a JSON number")


_DECODER = json.JSONDecoder(object_pairs_hook=_once_each, parse_constant=_no_constant)
