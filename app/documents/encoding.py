"""From a document, arrays and all, to the bytes of an answer. The same document gives the same bytes.

Each array is written once, with all the digits that read back to the same bits, however often it stands in the
document. JSON has no NaN and no infinity: these travel as text, in arrays by themselves, elsewhere by `number` or
`spelled`.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any

import numpy as np
import orjson


def number(value: float) -> float | str:
    """A number as JSON can say it."""
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


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


def dumps(document: Any) -> bytes:
    """The document's bytes. An iterator in it stands for a list."""
    written: dict[int, orjson.Fragment] = {}

    def write(value: Any) -> Any:
        if isinstance(value, Iterator):
            return list(value)
        fragment = written.get(id(value))
        if fragment is None:
            fragment = written[id(value)] = orjson.Fragment(_digits(value))
        return fragment

    return orjson.dumps(document, default=write)


def _digits(array: Any) -> bytes:
    if not isinstance(array, np.ndarray):
        raise TypeError
    body = orjson.dumps(array, option=orjson.OPT_SERIALIZE_NUMPY)
    return orjson.dumps(_spelled(array.tolist())) if b"n" in body else body  # of null, which stands for NaN


def parts(document: Any) -> Iterator[bytes]:
    """The bytes that `dumps` gives, in parts of some kilobytes each; so nothing need wait for a long answer.

    An iterator's entries, which are plain documents, are made as they are asked for.
    """
    return _Parts(document).of(document)


_PART_NUMBERS = 2048
_PART_DOCUMENTS = 64


class _Parts:
    """What makes them of one document. The digits of an array are kept until it is written for the last time."""

    def __init__(self, document: Any) -> None:
        self._left = Counter(map(id, _arrays(document)))
        self._written: dict[int, list[bytes]] = {}

    def of(self, value: Any) -> Iterator[bytes]:
        match value:
            case Mapping():
                yield from _between(b"{", self._members(value), b"}")
            case np.ndarray():
                yield from self._array(value)
            case Iterator():
                batches = iter(lambda: list(islice(value, _PART_DOCUMENTS)), [])
                yield from _between(b"[", ([dumps(batch)[1:-1]] for batch in batches), b"]")
            case [list() | Mapping(), *_]:
                yield from _between(b"[", map(self.of, value), b"]")
            case _:
                yield dumps(value)

    def _members(self, document: Mapping[str, Any]) -> Iterator[Iterable[bytes]]:
        for name, value in document.items():
            yield chain([orjson.dumps(name) + b":"], self.of(value))

    def _array(self, array: Any) -> Iterator[bytes]:
        self._left[id(array)] -= 1
        written = self._written.pop(id(array), None)
        if written is not None:
            yield from written
        elif self._left[id(array)]:
            written = []
            for part in _blocks(array):
                written.append(part)
                yield part
        else:
            yield from _blocks(array)
        if written and self._left[id(array)]:
            self._written[id(array)] = written


def _arrays(value: Any) -> Iterator[Any]:
    match value:
        case np.ndarray():
            yield value
        case Mapping():
            for entry in value.values():
                yield from _arrays(entry)
        case [list() | Mapping() | np.ndarray(), *_]:
            for entry in value:
                yield from _arrays(entry)


def _blocks(array: Any) -> Iterator[bytes]:
    if array.size <= _PART_NUMBERS:
        yield _digits(array)
        return
    rows = max(1, _PART_NUMBERS // max(1, array[0].size))
    blocks = (array[start : start + rows] for start in range(0, len(array), rows))
    inside = (_blocks(block[0]) if block.size > _PART_NUMBERS else [_digits(block)[1:-1]] for block in blocks)
    yield from _between(b"[", inside, b"]")


def _between(begin: bytes, entries: Iterable[Iterable[bytes]], end: bytes) -> Iterator[bytes]:
    yield begin
    for place, entry in enumerate(entries):
        if place:
            yield b","
        yield from entry
    yield end
