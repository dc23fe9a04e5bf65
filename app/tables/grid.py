"""Records as columns of cells, in little memory: as many rows as an experiment may have, and what is left out."""

import random
from collections.abc import Sequence
from typing import Literal, NamedTuple

from app import limits
from app.documents.problems import printable

_SEPARATOR = "\x1f"
_CHUNK_CELLS = 20_000
_CHUNK_ROWS = 50  # at least


class LeftOut(NamedTuple):
    """A row that cannot be used: its line, the column where that is what is wrong, and why."""

    line: int
    column: int | None  # from 1
    detail: str


class Hint(NamedTuple):
    """What a file itself says of a column."""

    role: str | None = None
    words: Sequence[str] | None = None  # all that may stand in it, in order


class Grid:
    """Columns of cells; each row has a line. Cells of many rows are kept as one text, in a tenth of the memory."""

    def __init__(self, width: int, unit: Literal["line", "row"] = "line") -> None:
        self.width = width
        self.unit = unit
        self.names: list[str] = []
        self.numbers = [*range(1, width + 1)]  # of the columns in the file
        self.named = False  # whether the names were in the file
        self.header = False
        self.hints: list[Hint] = []
        self.lines: list[int] = []
        self.held: list[bool] | None = None  # rows that the file itself holds back
        self.left_out: list[LeftOut] = []
        self.left_out_count = 0
        self.total = 0  # of the rows in the file, whether they are taken or not
        self.notes: list[str] = []
        self._chunks: list[list[str]] = [[] for _ in range(width)]
        self._waiting: list[list[str]] = []

    def add(self, line: int, cells: list[str]) -> None:
        """One more row. It has as many cells as there are columns, but for blank ones behind them."""
        if len(cells) > self.width and not any(cell.strip() for cell in cells[self.width :]):
            del cells[self.width :]
        if len(cells) != self.width:
            have = "1 cell" if len(cells) == 1 else f"{len(cells)} cells"
            self.leave_out(line, None, f"the row has {have}, but there are {self.width} columns")
            return
        self.lines.append(line)
        self._waiting.append(cells)
        if len(self._waiting) * self.width >= _CHUNK_CELLS and len(self._waiting) >= _CHUNK_ROWS:
            self._store()

    def leave_out(self, line: int, column: int | None, detail: str) -> None:
        """One row less."""
        self.left_out_count += 1
        if len(self.left_out) < limits.TABLE_LEFT_OUT:
            self.left_out.append(LeftOut(line, column, printable(detail, 400)))

    def cells(self, column: int) -> list[str]:
        """All cells of a column, by row."""
        self._store()
        return [cell for chunk in self._chunks[column] for cell in chunk.split(_SEPARATOR)]

    def forget(self, column: int) -> None:
        """Keep the cells of a column no longer."""
        self._chunks[column] = []

    def texts(self, column: int) -> list[str]:
        """The same with many cells in one text, to be searched at once."""
        self._store()
        return self._chunks[column]

    def drop_nameless(self, names: Sequence[str]) -> None:
        """Forget the columns with neither a name nor a cell, as a delimiter at each line's end leaves them."""
        kept = [
            place
            for place, chunks in enumerate(self.chunks())
            if (place < len(names) and names[place].strip())
            or any(chunk.replace(_SEPARATOR, "").strip() for chunk in chunks)
        ]
        if 1 < len(kept) < self.width:
            self.names = [self.names[place] for place in kept]
            self.numbers = [self.numbers[place] for place in kept]
            self._chunks = [self._chunks[place] for place in kept]
            self.width = len(kept)

    def chunks(self) -> list[list[str]]:
        """All columns, each as it is kept."""
        self._store()
        return self._chunks

    def _store(self) -> None:
        if self._waiting:
            for chunks, cells in zip(self._chunks, zip(*self._waiting, strict=True), strict=True):
                text = _SEPARATOR.join(cells)
                if text.count(_SEPARATOR) >= len(cells):
                    text = _SEPARATOR.join(cell.replace(_SEPARATOR, " ") for cell in cells)
                chunks.append(text)
            self._waiting = []


def unique(names: Sequence[str], width: int) -> list[str]:
    """A name for each column: none is empty, none comes twice, none is too long to be shown."""
    taken: set[str] = set()
    found: list[str] = []
    for place in range(width):
        given = " ".join(names[place].split()) if place < len(names) else ""
        plain = printable(given, limits.TEXT_CHARACTERS - 8) or f"column {place + 1}"
        name, again = plain, 2
        while name in taken:
            name, again = f"{plain} ({again})", again + 1
        taken.add(name)
        found.append(name)
    return found


def drawn(length: int, most: int) -> Sequence[int]:
    """Which of so many things are taken: all, or a part drawn at random, the same each time, in their order."""
    return range(length) if length <= most else sorted(random.Random(1).sample(range(length), most))


def part_of(length: int, taken: int) -> list[str]:
    """What is to be said where not all rows are taken."""
    if taken == length:
        return []
    which = "these are drawn at random, the same each time, in the order of the file"
    return [f"{length} rows are more than the {taken} that are taken: {which}"]
