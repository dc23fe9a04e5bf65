"""A long JSON text read in slices: the same values and the same errors as in one piece.

Python's reader does all of a text in one call. Here the outline is walked step by step, and that reader is given what
is small: a number, a text, or a list of nothing but numbers, which is what a long experiment is made of.
"""

import json
import re
from collections.abc import Callable, Generator
from typing import Any, NoReturn

from app import limits
from app.problems import Fault, Unprocessable

Reading = Generator[None, None, tuple[Any, int]]
Pairs = Callable[[list[tuple[str, Any]]], dict[str, Any]]
_SPACE = re.compile(r"[ \t\n\r]*")
_PLAIN = re.compile(r"[^\[\]{}\"]*")


def read(text: str, decoder: json.JSONDecoder, once_each: Pairs) -> Generator[None, None, Any]:
    """The value that `text` is.

    Raises: json.JSONDecodeError, ValueError, as `decoder` does; RecursionError (too deep); Unprocessable (too long).
    """
    value, end = yield from _Reader(text, decoder, once_each).value(_after_space(text, 0), 0)
    end = _after_space(text, end)
    if end != len(text):
        raise json.JSONDecodeError("Extra data", text, end)
    return value


def _after_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    assert found is not None
    return found.end()


class _Reader:
    def __init__(self, text: str, decoder: json.JSONDecoder, once_each: Pairs) -> None:
        scan: Callable[[str, int], tuple[Any, int]] = decoder.scan_once  # type: ignore[attr-defined]
        self._text, self._scan, self._once_each = text, scan, once_each
        self._lists = self._keys = 0  # so far, objects among the lists

    def value(self, at: int, depth: int) -> Reading:
        """The value that begins there, and where it ends."""
        opening = self._text[at : at + 1]
        if opening not in ("[", "{"):
            return self._single(at)
        if depth >= limits.DEPTH:
            raise RecursionError
        self._lists += 1
        if self._lists > limits.LISTS:
            raise _wrong(f"the body has more than {limits.LISTS} objects and lists, the most allowed")
        return (yield from (self._list if opening == "[" else self._object)(at, depth))

    def _single(self, at: int) -> tuple[Any, int]:
        """A number, a text or a word; one that is longer than any may be is cut off, and refused for that."""
        head = self._text[at : at + limits.TEXT_BYTES]
        try:
            value, length = self._scan(head, 0)
        except StopIteration:
            self._fail("Expecting value", at)
        except json.JSONDecodeError as error:
            # Where a text is cut off, even an escape may be what is found wrong.
            if at + len(head) < len(self._text) and (error.pos == 0 or error.pos > len(head) - 16):
                raise _too_long("a text") from None
            self._fail(error.msg, at + error.pos)
        if length == limits.TEXT_BYTES and at + length < len(self._text):
            raise _too_long("a number")
        return value, at + length

    def _list(self, at: int, depth: int) -> Reading:
        numbers = _PLAIN.match(self._text, at + 1, at + limits.TEXT_BYTES)
        if numbers is not None and self._text[numbers.end() : numbers.end() + 1] == "]" and numbers.end() > at + 1:
            yield
            try:
                values, end = self._scan(self._text, at)
            except StopIteration as error:
                self._fail("Expecting value", error.value)
            if len(values) > limits.ENTRIES:
                raise _wrong(f"the body has a list of more than {limits.ENTRIES} entries, the most allowed")
            return values, end
        entries: list[Any] = []
        at = self._next(at + 1)
        if self._text[at : at + 1] == "]":
            return entries, at + 1
        while True:
            entry, at = yield from self.value(at, depth + 1)
            entries.append(entry)
            if len(entries) > limits.ENTRIES:
                raise _wrong(f"the body has a list of more than {limits.ENTRIES} entries, the most allowed")
            at = self._next(at)
            if self._text[at : at + 1] == "]":
                return entries, at + 1
            at = self._next(self._over(",", at))
            if not len(entries) % 64:
                yield

    def _object(self, at: int, depth: int) -> Reading:
        pairs: list[tuple[str, Any]] = []
        at = self._next(at + 1)
        if self._text[at : at + 1] == "}":
            return {}, at + 1
        while True:
            if self._text[at : at + 1] != '"':
                self._fail("Expecting property name enclosed in double quotes", at)
            key, at = self._single(at)
            at = self._next(self._over(":", self._next(at)))
            value, at = yield from self.value(at, depth + 1)
            pairs.append((key, value))
            self._keys += 1
            if self._keys > limits.KEYS:
                raise _wrong(f"the objects of the body have more than {limits.KEYS} keys, the most allowed")
            at = self._next(at)
            if self._text[at : at + 1] == "}":
                return self._once_each(pairs), at + 1
            at = self._next(self._over(",", at))
            yield

    def _next(self, at: int) -> int:
        return _after_space(self._text, at)

    def _over(self, mark: str, at: int) -> int:
        if self._text[at : at + 1] != mark:
            self._fail(f"Expecting '{mark}' delimiter", at)
        return at + 1

    def _fail(self, message: str, at: int) -> NoReturn:
        raise json.JSONDecodeError(message, self._text, at) from None


def _too_long(thing: str) -> Unprocessable:
    allowed = f"at most {limits.TEXT_BYTES} are allowed"
    return _wrong(f"{thing} in the body is longer than {limits.TEXT_BYTES} characters; {allowed}")


def _wrong(detail: str) -> Unprocessable:
    return Unprocessable([Fault("", detail)])
