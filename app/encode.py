"""From a document, arrays and all, to the bytes of an answer. The same document gives the same bytes.

Arrays go to JSON straight from NumPy's memory, with all the digits that read back to the same bits. JSON has no NaN and
no infinity: where an answer holds one, it is written again with these as strings.
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from operator import itemgetter
from typing import Any

import numpy as np
import orjson


def dumps(document: Mapping[str, Any]) -> bytes:
    """The document's bytes; the same document gives the same bytes."""
    body = orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY)
    # An entry of an array that is NaN or infinite comes out of orjson as null; no other null stands in a list. To look
    # from the end takes half as long: the way from the front stops at every l.
    if body.rfind(b"[null") >= 0 or body.rfind(b",null") >= 0 or not _scalars_finite(document):
        return orjson.dumps(_spelled_out(document))
    return body


class Template:
    """The bytes of a document in which only some values change from one answer to the next; they are made once.

    The document has a `Hole` wherever such a value stands, two at least, and no text of a client's.
    """

    def __init__(self, document: Any) -> None:
        text = orjson.dumps(document, default=_mark)
        pieces = _MARK.split(text)
        numbers = [int(number) for number in pieces[1::2]]
        self._in_order: Callable[[Sequence[bytes]], Iterable[bytes]] = itemgetter(*numbers)
        self._whole = pieces

    def filled(self, values: Sequence[Any], *written: bytes) -> bytes:
        """The bytes with a number or an array in each hole, by its number; those of `dumps` on the whole document.

        Behind these come holes for what is `written` already.
        """
        listed = [""] * (2 * len(values) - 1)
        listed[::2] = values
        body = orjson.dumps(listed, option=orjson.OPT_SERIALIZE_NUMPY)
        if b"n" in body:  # of null: numbers have no such letter
            body = orjson.dumps(_spelled_out(listed))
        filling = body[1:-1].split(b',"",')
        filling += written
        whole = self._whole.copy()
        whole[1::2] = self._in_order(filling)
        return b"".join(whole)


class Hole:
    """Stands in a `Template` for the value of that number."""

    def __init__(self, number: int) -> None:
        self.number = number


_MARK = re.compile(rb'"\\u0000([0-9]+)"')


def _mark(hole: Hole) -> str:
    return f"\0{hole.number}"


# Names that may stand for nothing in the answers below. In a text their quotation marks would be escaped.
_MEANT_NULLS = (b'"row":null', b'"fold":null', b'"edge":null', b'"rule":null', b'"learning_rate":null')


def dumps_scalars(document: Mapping[str, Any]) -> bytes:
    """The bytes of a document in which many numbers stand alone: every null but those meant must be one of them."""
    document = {name: list(value) if isinstance(value, Iterator) else value for name, value in document.items()}
    body = orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY)
    if body.count(b"null") > sum(body.count(meant) for meant in _MEANT_NULLS):
        return orjson.dumps(_spelled_out(document))
    return body


def parts(document: Any) -> Iterator[bytes]:
    """The bytes that `dumps` gives, in parts of some kilobytes each; so nothing need wait for a long answer.

    An iterator in the document stands for a list whose entries are plain documents, made as they are asked for.
    """
    match document:
        case Mapping():
            yield from _between(b"{", _members(document), b"}")
        case np.ndarray() if document.size > _PART_NUMBERS:
            rows = max(1, _PART_NUMBERS // max(1, document[0].size))
            blocks = (document[start : start + rows] for start in range(0, len(document), rows))
            whole = (parts(block[0]) if block.size > _PART_NUMBERS else [_inside(block)] for block in blocks)
            yield from _between(b"[", whole, b"]")
        case Iterator():
            batches = iter(lambda: list(islice(document, _PART_DOCUMENTS)), [])
            yield from _between(b"[", ([_inside(batch)] for batch in batches), b"]")
        case [list() | Mapping(), *_]:
            yield from _between(b"[", map(parts, document), b"]")
        case _:
            yield _leaf(document)


_PART_NUMBERS = 2048
_PART_DOCUMENTS = 64


def _members(document: Mapping[str, Any]) -> Iterator[Iterator[bytes]]:
    for name, value in document.items():
        yield chain([orjson.dumps(name) + b":"], parts(value))


def _between(begin: bytes, entries: Iterable[Iterable[bytes]], end: bytes) -> Iterator[bytes]:
    yield begin
    for number, entry in enumerate(entries):
        if number:
            yield b","
        yield from entry
    yield end


def _inside(values: Any) -> bytes:
    """The entries of a list or an array, without its brackets."""
    return _leaf(values)[1:-1]


def _leaf(value: Any) -> bytes:
    body = orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY)
    return orjson.dumps(_spelled_out(value)) if b"null" in body else body


def dumps_lines(lines: Iterable[tuple[int, float]]) -> bytes:
    """Lines `{iteration, cost}`, each with its end."""
    return b"".join([dumps({"iteration": iteration, "cost": cost}) + b"\n" for iteration, cost in lines])


def dumps_list(documents: list[dict[str, str]]) -> bytes:
    """A list of plain documents, in bytes."""
    return orjson.dumps(documents)


def _scalars_finite(document: Mapping[str, Any]) -> bool:
    """Whether the numbers that stand alone are finite: C, wherever it appears."""
    cost = document.get("cost", document.get("trace", {}).get("cost", 0.0))
    return not isinstance(cost, float) or math.isfinite(cost)


def _spelled_out(value: Any) -> Any:
    match value:
        case float():
            if math.isfinite(value):
                return value
            return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
        case np.ndarray():
            return _spelled_out(value.tolist())
        case Mapping():
            return {name: _spelled_out(entry) for name, entry in value.items()}
        case list() | tuple():
            return [_spelled_out(entry) for entry in value]
    return value
