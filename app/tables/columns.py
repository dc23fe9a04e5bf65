"""What the cells of a column are: numbers, yes and no, words that come again, texts, dates, or nothing."""

import re
from collections import Counter
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app import limits
from app.core.graph.ops import Array
from app.documents.problems import quoted
from app.tables import numbers
from app.tables.choices import Choices
from app.tables.grid import Grid, Hint
from app.tables.numbers import Evidence, Style

Mask = NDArray[np.bool_]
Codes = NDArray[np.int64]
Kind = Literal["number", "flag", "words", "text", "date", "empty"]

MOST_WORDS = 20  # that make a column one of classes, or inputs of 0 and 1, without being told
_MOSTLY = 0.5
_MOSTLY_DATES = 0.9
_AT_ONCE = 1000
# Words for yes and no, the latter first.
_FLAGS = [
    ("false", "true"), ("no", "yes"), ("n", "y"), ("f", "t"), ("off", "on"), ("nein", "ja"), ("non", "oui"),
    ("falsch", "wahr"), ("faux", "vrai"), ("nee", "ja"),
]  # fmt: skip
_TIME = r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[AaPp][Mm])?(?:Z|[+-]\d{2}:?\d{2})?"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mai|okt|dez)[a-zé]*\.?"
_DATE = re.compile(
    rf"(?:\d{{4}}[-/.]\d{{1,2}}(?:[-/.]\d{{1,2}})?|\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{2,4}}|\d{{1,2}}[-. ]{{1,2}}{_MONTH}"
    rf"[-, ]*\d{{2,4}}|{_MONTH}[- ]\d{{1,2}},?[ -]\d{{2,4}}|{_MONTH}[- ]\d{{4}})(?:[T ,]\s*{_TIME})?|{_TIME}",
    re.IGNORECASE,
)
_DATE_NAMES = {"date", "datum", "day", "time", "timestamp", "datetime"}


@dataclass(eq=False)
class Column:
    """A column and what was seen in it."""

    name: str
    kind: Kind
    place: int
    is_missing: Mask  # by row
    is_bad: Mask  # by row: what is there cannot be used
    values: Array | None = None  # the numbers of its cells by row, 0 where there is none
    codes: Codes | None = None  # of words: which of `words` is in a row
    words: list[str] = field(default_factory=list)  # the different ones, in the order in which they come
    decimal: str = "."
    notes: list[str] = field(default_factory=list)
    hint: Hint = field(default_factory=Hint)

    is_used: Mask = field(init=False)  # by row: something usable is there
    numbers: Array = field(init=False)  # the different ones, by size

    def __post_init__(self) -> None:
        is_whole = self.is_missing is self.is_bad
        self.is_used = np.broadcast_to(np.True_, len(self.is_bad)) if is_whole else ~(self.is_missing | self.is_bad)
        self.numbers = np.unique(self.values[self.is_used]) if self.values is not None else np.empty(0)

    @property
    def different(self) -> int:
        """How many different values are in it."""
        return len(self.numbers) if self.kind == "number" else len(self.words)


def columns(grid: Grid, delimiter: str, choices: Choices) -> Generator[None, None, list[Column]]:
    """Every column of a grid."""
    own = [Evidence() for _ in range(grid.width)]
    file = Evidence()
    for place in range(grid.width):
        texts = grid.texts(place)
        for text in texts:
            if "," in text or (delimiter != "," and "." in text):
                own[place].add(text.split("\x1f"))
                yield
        file.merge(own[place])
        if place % 50 == 0:
            yield
    found: list[Column] = []
    for place, evidence in enumerate(own):
        style, doubt = numbers.style_of(evidence, file, delimiter, choices.decimal)
        hint = grid.hints[place] if grid.hints else Hint()
        column = yield from _column(grid.names[place], place, grid.cells(place), style, hint)
        if column.kind == "number" and doubt:
            column.notes.append(f"{quoted(column.name)}: {doubt}")
        if not column.is_bad.any():
            grid.forget(place)  # nothing of it has to be shown
        found.append(column)
        yield
    return found


def _column(name: str, place: int, cells: list[str], style: Style, hint: Hint) -> Generator[None, None, Column]:
    plain = style.numbers(cells) if hint.words is None else None
    if plain is not None and cells:
        none = np.broadcast_to(np.False_, len(cells))
        column = Column(name, "number", place, none, none, np.array(plain, dtype=np.float64))
        return _dated(column, cells)
    cells = [cell.strip() for cell in cells]
    read = yield from _numbers(cells, style)
    there = [cell for cell in read if cell and not numbers.is_missing(cell, word=False)]
    if hint.words is None and there:
        found = yield from _of_numbers(name, place, cells, read, style)
        if found is not None:
            return _dated(found, cells)
    return (yield from _of_words(name, place, cells, read, hint))


def _numbers(cells: Sequence[str], style: Style) -> Generator[None, None, dict[str, float | None]]:
    """The number that each different cell is, or None."""
    found: dict[str, float | None] = {}
    for start in range(0, len(cells), _AT_ONCE):
        for cell in cells[start : start + _AT_ONCE]:
            if cell not in found:
                found[cell] = style.number(cell)
        yield
    return found


def _of_numbers(
    name: str, place: int, cells: list[str], read: dict[str, float | None], style: Style
) -> Generator[None, None, Column | None]:
    """The column as one of numbers; None where most of its cells are something else."""
    times = Counter(cells)
    notes: list[str] = []
    missing = {cell for cell in times if numbers.is_missing(cell, word=False)}
    there = sum(times[cell] for cell in times if cell not in missing)
    good = sum(times[cell] for cell, value in read.items() if value is not None)
    if good <= there * _MOSTLY:
        kept = [cell for cell in times if cell not in missing]
        unit = numbers.unit_of(kept, style) if len(kept) > 0 else None
        if unit is not None:
            shown, without = unit
            example = kept[0]
            read = {cell: style.number(without(cell)) for cell in kept}
            good = sum(times[cell] for cell, value in read.items() if value is not None)
            notes.append(
                f"{quoted(name)}: {quoted(example)} is read as {read[example] or 0:.15g}, without {quoted(shown)}"
            )
    meant = sum(times[cell] for cell in times if numbers.is_infinite(cell) and read.get(cell) is None)
    has_digit = good > 0 or any(character.isdigit() for cell in times if cell not in missing for character in cell)
    if not has_digit or good + meant <= there * _MOSTLY:
        return None
    yield
    is_missing = np.array([cell in missing for cell in cells], dtype=bool)
    values = np.array([0.0 if (value := read.get(cell)) is None else value for cell in cells], dtype=np.float64)
    is_bad = np.array([read.get(cell) is None for cell in cells], dtype=bool) & ~is_missing
    return Column(name, "number", place, is_missing, is_bad, values, decimal=style.decimal, notes=notes)


def _dated(column: Column, cells: Sequence[str]) -> Column:
    """The column, as one of dates where whole numbers such as 20190102 are under such a name."""
    if column.name.lower() in _DATE_NAMES and all(len(cell.strip()) == 8 and cell.strip().isdigit() for cell in cells):
        return Column(column.name, "date", column.place, column.is_missing, column.is_bad, None, column.codes)
    return column


def _of_words(
    name: str, place: int, cells: list[str], read: dict[str, float | None], hint: Hint
) -> Generator[None, None, Column]:
    places: dict[str, int] = {word: at for at, word in enumerate(dict.fromkeys(hint.words or ()))}
    codes = np.zeros(len(cells), dtype=np.int64)
    is_missing = np.zeros(len(cells), dtype=bool)
    for start in range(0, len(cells), _AT_ONCE):
        for at in range(start, min(start + _AT_ONCE, len(cells))):
            cell = cells[at]
            if numbers.is_missing(cell, word=True) and cell not in places:
                is_missing[at] = True
            else:
                codes[at] = places.setdefault(cell, len(places))
        yield
    words = [*places]
    is_bad = np.zeros(len(cells), dtype=bool)
    there = len(cells) - int(is_missing.sum())
    column = Column(name, "words", place, is_missing, is_bad, None, codes, words, hint=hint)
    if not there:
        column.kind = "empty"
    elif _flag(words) is not None:
        column.kind = "flag"
        no, _ = _flag(words) or ("", "")
        flags = np.array([word.lower() != no for word in words], dtype=np.float64)
        column.values = flags[codes]
    elif _share_of_dates(words) > _MOSTLY_DATES:
        column.kind = "date"
    elif hint.words is None and _are_texts(words, there):
        column.kind = "text"
    if column.kind in ("words", "text") and any(value is not None for value in read.values()):
        column.notes.append(
            f"{quoted(name)}: numbers stand beside words there, and are no more than half; all is read as words"
        )
    return column


def _flag(words: Sequence[str]) -> tuple[str, str] | None:
    """The pair of words for no and yes that these are."""
    found = {word.lower() for word in words}
    return next((pair for pair in _FLAGS if found == set(pair)), None)


def _share_of_dates(words: Sequence[str]) -> float:
    sample = words[:200]
    return sum(_DATE.fullmatch(word) is not None for word in sample) / len(sample)


def _are_texts(words: Sequence[str], there: int) -> bool:
    """Whether words come but once, or are too many to be classes."""
    if len(words) > limits.TABLE_CLASSES:
        return True
    if len(words) > MOST_WORDS:
        return len(words) * 3 > there
    return len(words) == there and there > 1
