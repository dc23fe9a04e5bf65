"""A request as a command for a shell, to paste into bash.

The body goes in by a here-document with a quoted end mark: nothing in it is expanded, and there is no limit on its
length as there is on an argument's. Each row of numbers has a line of its own, so that no line grows too long for a
terminal. All but ASCII is written as JSON's \\uXXXX, and so is "!", which bash's history would expand.
"""

import json
from collections.abc import Iterator
from shlex import quote
from typing import Any

import numpy as np

_END = "END_OF_BODY"


def lines(address: str, body: dict[str, Any]) -> Iterator[str]:
    """The command that posts `body`, a document whose tensors are arrays, to an address."""
    streamed = " --no-buffer" if "/train?" in address else ""
    head = f"curl -sS{streamed} {quote(address)}"
    yield f"{head} -H 'Content-Type: application/json' --data-binary @- <<'{_END}'\n"
    yield from _json(body, "")
    yield f"\n{_END}\n"


def _json(value: Any, indent: str) -> Iterator[str]:
    """JSON in lines: a list of numbers, and whatever is short, on one."""
    if isinstance(value, np.ndarray) and value.ndim == 1:
        value = value.tolist()
    if _is_plain(value):
        yield _written(value)
        return
    is_object = isinstance(value, dict)
    opening, closing = "{}" if is_object else "[]"
    for name, entry in value.items() if is_object else enumerate(value):
        yield f"{opening}\n{indent}  "
        if is_object:
            yield f"{_written(name)}: "
        yield from _json(entry, f"{indent}  ")
        opening = ","
    yield f"\n{indent}{closing}"


def _is_plain(value: Any) -> bool:
    if isinstance(value, dict):
        return not any(isinstance(it, dict | list | np.ndarray) for it in value.values())
    if isinstance(value, list):
        return not any(isinstance(it, dict) for it in value)
    return not isinstance(value, np.ndarray)


def _written(value: Any) -> str:
    return json.dumps(value).replace("!", "\\u0021")
