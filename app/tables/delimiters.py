"""What parts the cells of a text: the delimiter that cuts its first lines into equally many cells with a meaning."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from app.tables import numbers
from app.tables.records import SPACE

DELIMITERS = ["\t", ";", ",", "|", SPACE]
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_SINGLE = re.compile(r"(?:^|[\t;,|])\s*'[^'\n]*'\s*(?=$|[\t;,|])", re.MULTILINE)
_HARD = re.compile(r"[\t;,|]")
_SPARSE = re.compile(r"\s*[-+]?\d+(?:\.\d+)?(?:\s+(?:qid:)?\d+:[-+.\deE]+)+\s*(?:#.*)?")
_LEAST_SHARE = 0.5
_LINES = 60  # that are looked at, and cells of each
_CELLS = 24


def quote_of(lines: Sequence[str]) -> str:
    """The quotation mark of a text: the double one, unless only single ones are around its cells."""
    text = "\n".join(lines)
    return "'" if '"' not in text and _SINGLE.search(text) else '"'


def is_sparse(lines: Sequence[str]) -> bool:
    """Whether it has pairs index:value, as LIBSVM and SVMlight write them."""
    return bool(lines) and sum(_SPARSE.fullmatch(line) is not None for line in lines) > len(lines) / 2


def delimiter_of(lines: Sequence[str], among: Iterable[str] = DELIMITERS) -> str | None:
    """The likeliest delimiter of these lines; None where no one parts them evenly."""
    plain = _QUOTED.sub("q", "\n".join(lines[:_LINES])).split("\n")[:_LINES]
    scores = {delimiter: _score(plain, delimiter) for delimiter in among}
    best = max(scores.values())
    return next(delimiter for delimiter, score in scores.items() if score == best) if best > 0 else None


def _score(lines: Sequence[str], delimiter: str) -> float:
    """The share of lines cut into as many cells as most are, times how much their cells look like cells; 0 for none."""
    cut: Callable[[str], list[str]] = str.split if delimiter == SPACE else lambda line: line.split(delimiter)
    records = [cells for line in lines if any(map(str.strip, cells := cut(line)))]
    widths = Counter(len(cells) for cells in records if len(cells) > 1)
    if not widths:
        return 0.0
    width, times = widths.most_common(1)[0]
    share = times / len(records)
    if share < _LEAST_SHARE:
        return 0.0
    cells = [cell for record in records if len(record) == width for cell in record[:_CELLS]]
    return share * sum(map(_likeness, cells)) / len(cells)


def _likeness(cell: str) -> float:
    text = cell.strip()
    if not text or numbers.is_number(text, ".") or numbers.is_number(text, ","):
        return 1.0
    if _HARD.search(text):
        return 0.1
    return 0.5 if SPACE in text else 0.8
