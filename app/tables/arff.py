"""Weka's tables: a head that names the columns and the words that may stand in them, then rows."""

import re
from collections.abc import Generator, Iterator
from typing import TextIO

from app.tables import delimiters, text_table
from app.tables.choices import Choices
from app.tables.files import Text
from app.tables.grid import Grid, Hint, unique
from app.tables.records import Dialect

_HEAD_LINES = 5000
_HEAD_CHARACTERS = 1 << 20
_ATTRIBUTE = re.compile(r"""\s*@attribute\s+('(?:[^'\\]|\\.)*'|"[^"]*"|\S+?)\s*(\{.*\}|\s\S.*)?\s*""", re.IGNORECASE)
_WORD = re.compile(r"""\s*('(?:[^'\\]|\\.)*'|"[^"]*"|[^,]+)\s*(?:,|$)""")
_RELATION = re.compile(r"\s*@relation\b", re.IGNORECASE)
_DATA = re.compile(r"\s*@data\b", re.IGNORECASE)


def is_arff(file: TextIO) -> bool:
    """Whether the first line that is no comment begins such a table."""
    for line in _lines(file):
        if line.strip() and not line.lstrip().startswith("%"):
            return _RELATION.match(line) is not None
    return False


def grid(text: Text, choices: Choices) -> Generator[None, None, tuple[Grid, str]]:
    """The rows of the table, and what parts their cells.   Raises: Unprocessable."""
    names: list[str] = []
    hints: list[Hint] = []
    skip = 0
    file = text.opened()
    for line in _lines(file):
        skip += 1
        if _DATA.match(line):
            break
        if found := _ATTRIBUTE.fullmatch(line):
            names.append(_plain(found[1]))
            kind = (found[2] or "").strip()
            hints.append(Hint(None, [_plain(it[1]) for it in _WORD.finditer(kind[1:-1])] if kind[:1] == "{" else None))
    else:
        raise text_table.wrong("this begins like ARFF, but there is no line @data before its rows")
    if len(names) < 2:
        raise text_table.wrong("this is ARFF with fewer than two lines @attribute; a row needs an input and a target")
    rows = [line for line in (file.readline(_HEAD_CHARACTERS) for _ in range(50)) if line.strip()]
    if any(row.lstrip().startswith("{") for row in rows):
        raise text_table.wrong("this is sparse ARFF, with rows in braces; write rows with a cell for each column")
    delimiter = choices.delimiter or ("," if any("," in row for row in rows) else "\t")
    dialect = Dialect(delimiter, delimiters.quote_of([row.rstrip("\r\n") for row in rows]))
    _, _, total, _ = yield from text_table.counted(text, dialect, skip)
    if not total:
        raise text_table.wrong("there is no row behind @data; at least one is needed")
    table = Grid(len(names))
    table.names, table.named, table.header, table.hints = unique(names, len(names)), True, True, hints
    yield from text_table.filled(table, text, dialect, skip, 0, total, choices)
    return table, delimiter


def _lines(file: TextIO) -> Iterator[str]:
    """The first lines, as many as such a head may have."""
    left = _HEAD_CHARACTERS
    for _ in range(_HEAD_LINES):
        line = file.readline(left)
        left -= len(line)
        if not line or left <= 0:
            return
        yield line


def _plain(word: str) -> str:
    """A name or a word without its quotation marks."""
    text = word.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    return text
