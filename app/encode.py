"""From a document, arrays and all, to the bytes of an answer. The same document gives the same bytes.

Arrays go to JSON straight from NumPy's memory, with all the digits that read back to the same bits. JSON has no NaN and
no infinity: where an answer holds one, it is written again with these as strings.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import orjson

# An entry of an array that is NaN or infinite comes out of orjson as null; no other null stands in a list.
_NULLS = (b"[null", b",null")


def dumps(document: Mapping[str, Any]) -> bytes:
    """The document's bytes; the same document gives the same bytes."""
    body = orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY)
    if any(null in body for null in _NULLS) or not _scalars_finite(document):
        return orjson.dumps(_spelled_out(document))
    return body


# Names that may stand for nothing in the answers below. In a text their quotation marks would be escaped.
_MEANT_NULLS = (b'"row":null', b'"fold":null', b'"edge":null', b'"rule":null', b'"learning_rate":null')


def dumps_scalars(document: Mapping[str, Any]) -> bytes:
    """The bytes of a document in which many numbers stand alone: every null but those meant must be one of them."""
    body = orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY)
    if body.count(b"null") > sum(body.count(meant) for meant in _MEANT_NULLS):
        return orjson.dumps(_spelled_out(document))
    return body


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
