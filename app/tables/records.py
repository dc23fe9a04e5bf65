"""The lines of a text as records of cells, by the standard library's csv; what it cannot read costs its own line."""

import csv
import re
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple, TextIO

from app import limits
from app.documents.problems import Fault, Unprocessable

SPACE = " "
_LONGEST_QUOTED = 65_536  # characters of a record whose quotes go over lines
_MOST_UNCLOSED = 20  # of them, then a quotation mark holds to the end of its line
_RULER = re.compile(r"\s*:?(?:-{2,}|={2,}):?\s*")
_COMMENT = re.compile(r"\s*(#|%|//)")


class Dialect(NamedTuple):
    """How cells are parted and quoted, and whether there are lines of comment."""

    delimiter: str  # SPACE stands for any run of spaces and tabs
    quote: str = '"'
    comments: bool = True


class Record(NamedTuple):
    """A line of cells, or what is wrong with it."""

    line: int  # from 1, where it begins
    cells: list[str]
    wrong: str | None = None


class Records:
    """The records of a text. Lines that are blank or comments are none; where they stand is kept."""

    def __init__(self, file: TextIO, dialect: Dialect) -> None:
        self._file = file
        self._dialect = dialect
        self._again: deque[str] = deque()  # lines that were read ahead for nothing
        self._line = 0
        self._unclosed = 0
        self.comments: list[int] = []
        self.blank: list[int] = []  # with delimiters only
        self.last_comment = ""  # the last one before the first record

    def __iter__(self) -> Iterator[Record]:
        """One after another.   Raises: Unprocessable, for a line without end."""
        delimiter, quote, comments = self._dialect
        begun = False
        while text := self._next():
            self._line += 1
            if comments and (found := _COMMENT.match(text)):
                self.comments.append(self._line)
                if not begun:
                    self.last_comment = text[found.end(1) :] if text[found.end(1) :][:1].isspace() else text
                continue
            if quote in text:
                record = self._quoted(text)
            else:
                plain = text.rstrip("\r\n")
                record = Record(self._line, plain.split() if delimiter == SPACE else plain.split(delimiter))
            if record.wrong is None and not any(map(str.strip, record.cells)):
                if begun and len(record.cells) > 1:
                    self.blank.append(record.line)
                continue
            if (
                ("--" in text or "==" in text)
                and record.cells
                and all(_RULER.fullmatch(cell) or not cell.strip() for cell in record.cells[:8])
            ):
                continue  # the line below the names of a table in Markdown
            begun = True
            yield record

    def skip(self, lines: int) -> None:
        """Pass over the first lines, which are no records."""
        for _ in range(lines):
            self._line += bool(self._next())

    def _next(self) -> str:
        """The next line with its end; empty behind the last."""
        if self._again:
            return self._again.popleft()
        text = self._file.readline(limits.TABLE_LINE + 1)
        if len(text) > limits.TABLE_LINE:
            where = f"line {self._line + 1} has more than {limits.TABLE_LINE} characters, the most allowed"
            raise Unprocessable([Fault("", f"{where}; a table has one example a line", self._line + 1, 1)])
        return text

    def _quoted(self, first: str) -> Record:
        """A record with quotation marks, which may go over several lines."""
        line, taken = self._line, [first]
        delimiter, quote, _ = self._dialect
        if delimiter == SPACE:
            taken = [re.sub(r"[ \t]+", " ", first.strip(" \t"))]
        reader = csv.reader(
            self._following(taken), delimiter=delimiter, quotechar=quote, strict=True, skipinitialspace=True
        )
        try:
            cells = next(reader)
        except (csv.Error, StopIteration) as error:
            unclosed = "expected after" not in str(error)
            self._unclosed += unclosed and len(taken) > 1
            self._again.extendleft(reversed(taken[1:]))
            what = "a quotation mark is never closed" if unclosed else "something follows a closing quotation mark"
            return Record(line, [], f"{what}; within quotation marks one is written twice")
        self._line += len(taken) - 1
        return Record(line, cells)

    def _following(self, taken: list[str]) -> Iterator[str]:
        """The lines taken, and those that follow as they are asked for."""
        yield taken[0]
        length = len(taken[0])
        while self._unclosed < _MOST_UNCLOSED and (text := self._next()):
            taken.append(text)
            length += len(text)
            if length > _LONGEST_QUOTED:
                return
            yield text


def first_lines(file: TextIO, most: int, characters: int) -> list[str]:
    """The first lines that are not blank, without their ends."""
    found: list[str] = []
    while len(found) < most and characters > 0 and (text := file.readline(characters)):
        characters -= len(text)
        if text.strip():
            found.append(text.rstrip("\r\n"))
    return found
