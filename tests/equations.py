"""What a one-line formula of the graph comes to, given what its names stand for: an oracle for equations with numbers.

It reads the grammar that `app.export.tex` sets, by itself, and computes with NumPy. Of a vector in a product it takes
what fits, as NumPy does. Over which axes a sum Σ goes, a formula does not say, so `worth` tries all.
"""

import contextlib
import re
from collections.abc import Callable
from typing import Any

import numpy as np

Lookup = Callable[[str, str | None], Any]

_NAME = r"(?:[^\W\d²ᵀᵗΣ][^\W²ᵀᵗΣ]*\u0302?\d*)(?:\.\d+)?(?:\[\d+(?:,\d+)?\])?"
_TOKEN = re.compile(rf"∂{_NAME}/∂{_NAME}|\d+(?:\.\d+)?(?:e[-+]?\d+)?|{_NAME}|[Σ+−·⊙/>≥<≤=≠(),²ᵀᵗ^\[\]]")
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "exp": np.exp,
    "ln": np.log,
    "sqrt": np.sqrt,
    "abs": np.abs,
    "sign": np.sign,
    "sin": np.sin,
    "cos": np.cos,
    "tanh": np.tanh,
    "max": np.maximum,
    "min": np.minimum,
    "clip": np.clip,
    "where": np.where,
}
_RELATIONS = {
    ">": np.greater,
    "≥": np.greater_equal,
    "<": np.less,
    "≤": np.less_equal,
    "=": np.equal,
    "≠": np.not_equal,
}


class Unknown(Exception):
    """A name that stands for nothing known, or a function that no formula alone can compute."""


class _Turned:
    """A vector with ᵀ behind it: the other factor of a product says what it is."""

    def __init__(self, vector: Any) -> None:
        self.vector = vector


def right_side(formula: str) -> str:
    return re.split(" [=←] ", formula, maxsplit=1)[1]


def worth(formula: str, lookup: Lookup, goal: tuple[int, ...]) -> list[Any]:
    """What the right side comes to, stretched to that shape too; several where it does not say over which axes it sums.

    Raises: Unknown.
    """
    found = []
    for axes in (None, 0, 1):
        for keepdims in (False, True):
            try:
                value = _Reader(right_side(formula), lookup, axes, keepdims).whole()
            except (ValueError, IndexError):
                continue
            found.append(np.asarray(value))
            with contextlib.suppress(ValueError):
                found.append(np.broadcast_to(value, goal))
    return found


class _Reader:
    def __init__(self, formula: str, lookup: Lookup, axes: int | None, keepdims: bool) -> None:
        self._tokens = _TOKEN.findall(formula)
        if "".join(self._tokens) != formula.replace(" ", ""):  # a slice, as h[0:2]
            raise Unknown(formula)
        self._tokens.append("")
        self._at, self._lookup, self._axes, self._keepdims = 0, lookup, axes, keepdims

    def whole(self) -> Any:
        value = self._expression()
        assert self._tokens[self._at] == "", self._tokens
        return value

    def _expression(self) -> Any:
        value = self._term()
        while sign := self._accept("+−"):
            right = self._term()
            value = value + right if sign == "+" else value - right
        return value

    def _term(self) -> Any:
        value = self._factor()
        while sign := self._accept("·⊙/"):
            right = self._factor()
            value = _product(value, right) if sign == "·" else value / right if sign == "/" else value * right
        return value

    def _factor(self) -> Any:
        if self._accept("−"):
            return -self._factor()
        if self._accept("Σ"):
            terms = np.asarray(self._term())
            return np.sum(terms, axis=self._axes if terms.ndim else None, keepdims=self._keepdims)
        value: Any = self._primary()
        while mark := self._accept("²ᵀᵗ^"):
            if mark == "^":
                value = value ** np.asarray(self._primary(), float)
            elif mark == "²":
                value = value**2
            elif mark == "ᵗ":
                value = value ** self._named(mark)
            else:
                value = np.transpose(value) if np.ndim(value) != 1 else _Turned(value)
        return value

    def _primary(self) -> Any:
        token = self._tokens[self._at]
        self._at += 1
        if token == "(":
            return self._closed(self._expression(), ")")
        if token == "[":
            return self._closed(self._relation(), "]")
        if token[0].isdigit():
            return float(token)
        if not self._accept("("):
            return self._named(*token.removeprefix("∂").split("/∂"))
        given = [self._relation()]
        while self._accept(","):
            given.append(self._relation())
        self._closed(None, ")")
        if token not in _FUNCTIONS:
            raise Unknown(token)
        if token in ("max", "min") and len(given) == 1:
            value = np.asarray(given[0])
            reduce = np.max if token == "max" else np.min
            return reduce(value, axis=self._axes if value.ndim else None, keepdims=self._keepdims)
        return _FUNCTIONS[token](*given)

    def _relation(self) -> Any:
        """A comparison, of equal ones ½ where only the larger counts: that is said beside it."""
        left = self._expression()
        found: Any = left
        while self._tokens[self._at] in _RELATIONS:
            sign = self._tokens[self._at]
            self._at += 1
            right = self._expression()
            holds = _RELATIONS[sign](left, right) * 1.0
            found = holds if found is left else found * holds
            left = right
        return found

    def _named(self, of: str, wrt: str | None = None) -> Any:
        value = self._lookup(of, wrt)
        if value is None:
            raise Unknown(of)
        return np.asarray(value, float)

    def _closed(self, value: Any, bracket: str) -> Any:
        assert self._accept(bracket), self._tokens
        return value

    def _accept(self, tokens: str) -> str:
        token = self._tokens[self._at]
        if not token or token not in tokens:
            return ""
        self._at += 1
        return str(token)


def _product(a: Any, b: Any) -> Any:
    if isinstance(a, _Turned) or isinstance(b, _Turned):
        one, other = (it.vector if isinstance(it, _Turned) else it for it in (a, b))
        if isinstance(a, _Turned) and isinstance(b, np.ndarray) and b.ndim == 2:
            return one @ other
        return np.multiply.outer(one, other) if np.ndim(one) and np.ndim(other) else one * other
    if not (np.ndim(a) and np.ndim(b)):
        return a * b
    return a @ b
