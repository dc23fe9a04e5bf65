"""From a document, arrays and all, to the bytes of an answer. The same document gives the same bytes.

Each array is written once, with all the digits that read back to the same bits, however often it stands in the
document. JSON has no NaN and no infinity: these travel as text, in arrays by themselves, elsewhere by `number` or
`spelled`.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import numpy as np
import orjson

from app import limits


def number(value: float) -> float | str:
    """A number as JSON can say it."""
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def bounds(range: tuple[float, float]) -> list[float | None]:
    """Two bounds as JSON can say them: null for one that is infinite."""
    return [bound if math.isfinite(bound) else None for bound in range]


def spelled(document: dict[str, Any]) -> dict[str, Any]:
    """The same document with all numbers as JSON can say them, but for those in arrays."""
    return {name: _spelled(value) for name, value in document.items()}


def _spelled(value: Any) -> Any:
    match value:
        case float():
            return number(value)
        case Mapping():
            return {name: _spelled(entry) for name, entry in value.items()}
        case list() | tuple():
            return [_spelled(entry) for entry in value]
    return value


def dumps(document: Any, *, few: bool = False) -> bytes:
    """The document's bytes. An iterator in it stands for a list.

    Where arrays have `few` numbers, each is sooner written again than found again, unless it has one that JSON cannot
    say, which orjson makes null. Such a document has no iterators.
    """
    if few:
        body = orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY)
        if b"[null" not in body and b",null" not in body:
            return body
    written: dict[int, orjson.Fragment] = {}

    def write(value: Any) -> Any:
        fragment = written.get(id(value))
        if fragment is None:
            if type(value) is not np.ndarray:
                return list(value)
            fragment = written[id(value)] = orjson.Fragment(_digits(value))
        return fragment

    return orjson.dumps(document, default=write)


def _digits(array: Any) -> bytes:
    body = orjson.dumps(array, option=orjson.OPT_SERIALIZE_NUMPY)
    return orjson.dumps(_spelled(array.tolist())) if b"n" in body else body  # of null, which orjson writes for NaN


_PART_NUMBERS = 8192  # written to digits in one go, in half a millisecond
_PART_DOCUMENTS = 64


def parts(document: Mapping[str, Any]) -> Iterator[bytes]:
    """The bytes that `dumps` gives, in parts, each made in little time; so nothing need wait for a long answer.

    An iterator's entries, which are plain documents, are made as they are asked for.
    """
    return _Parts(document).of(document)


class _Parts:
    """What makes them of one document. The digits of an array are kept until it is written for the last time."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._left = Counter(map(id, _arrays(document)))
        self._digits: dict[int, bytes] = {}

    def of(self, value: Any) -> Iterator[bytes]:
        match value:
            case Mapping():
                members = ((orjson.dumps(name) + b":", self.of(entry)) for name, entry in value.items())
                yield from _between(b"{", members, b"}")
            case Iterator():
                batches = iter(lambda: list(islice(value, _PART_DOCUMENTS)), [])
                yield from _between(b"[", ((dumps(batch)[1:-1], ()) for batch in batches), b"]")
            case [Mapping(), *_]:
                yield from _between(b"[", ((b"", self._whole(entry)) for entry in value), b"]")
            case _:
                yield from self._whole(value)

    def _whole(self, value: Any) -> Iterator[bytes]:
        """A value in one piece, once its arrays are in digits, and that cut up. An empty part is a moment to leave."""
        arrays = _arrays(value)
        for array in arrays:
            if id(array) not in self._digits:
                blocks: list[bytes] = []
                for block in _blocks(array):
                    blocks.append(block)
                    yield b""
                self._digits[id(array)] = b"".join(blocks)
        body = orjson.dumps(value, default=lambda array: orjson.Fragment(self._digits[id(array)]))
        for array in arrays:
            self._left[id(array)] -= 1
            if not self._left[id(array)]:
                self._digits.pop(id(array), None)
        for start in range(0, len(body), limits.PIECE_BYTES):
            yield body[start : start + limits.PIECE_BYTES]


def _arrays(value: Any) -> list[Any]:
    """All arrays of a document, one that it has twice twice."""
    if type(value) is np.ndarray:
        return [value]
    within = value.values() if type(value) is dict else value if type(value) is list else ()
    return [array for entry in within if type(entry) in _HOLDERS for array in _arrays(entry)]


_HOLDERS = (np.ndarray, dict, list)


def _blocks(array: Any) -> Iterator[bytes]:
    if array.size <= _PART_NUMBERS:
        yield _digits(array)
        return
    rows = max(1, _PART_NUMBERS // max(1, array[0].size))
    blocks = (array[start : start + rows] for start in range(0, len(array), rows))
    inside = ((b"", _blocks(it[0]) if it.size > _PART_NUMBERS else [_digits(it)[1:-1]]) for it in blocks)
    yield from _between(b"[", inside, b"]")


def _between(begin: bytes, entries: Iterable[tuple[bytes, Iterable[bytes]]], end: bytes) -> Iterator[bytes]:
    """Entries behind one another, each begun by what stands before it."""
    yield begin
    for place, (before, entry) in enumerate(entries):
        yield b"," + before if place else before
        yield from entry
    yield end
