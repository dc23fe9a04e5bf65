"""A text as a grid: its delimiter, its line of names, its rows."""

import io
from collections import Counter
from collections.abc import Generator, Sequence
from itertools import islice, pairwise

from app import limits
from app.documents.problems import Fault, Unprocessable, printable, quoted
from app.tables import delimiters, numbers
from app.tables.choices import Choices
from app.tables.files import Text
from app.tables.grid import Grid, drawn, part_of, unique
from app.tables.records import SPACE, Dialect, Record, Records, first_lines

_HEAD = 200  # records that are looked at before the others
_HEAD_CHARACTERS = 131_072
_CELLS_AT_ONCE = 4096
_MOSTLY = 0.5


def grid(text: Text, choices: Choices) -> Generator[None, None, tuple[Grid, str]]:
    """The rows of a text, and what parts its cells.   Raises: Unprocessable."""
    head = first_lines(text.opened(), _HEAD, _HEAD_CHARACTERS)
    dialect, skip = _dialect(head, choices)
    head_records, widths, total, comment = yield from counted(text, dialect, skip)
    if not head_records:
        raise wrong("there is no row in this file; rows of numbers are needed, one example a line")
    titles = _titles(head_records, widths)
    records = head_records[len(titles) :]
    names, has_names = _names(records, widths, comment, dialect, choices.header)
    width = _width(names, records, widths)
    _demand_columns(width, names, dialect)
    if total - len(titles) == has_names:
        few = ", ".join(printable(name, 40) for name in names[:4]) + (", …" if len(names) > 4 else "")
        raise wrong(f"there is a line of names ({few}), and no row below it; at least one row is needed")
    found = Grid(width)
    if len(names) == width - 1 and has_names:
        names = ["", *names]  # as R writes them: rows have names, which have none
    found.names, found.named, found.header = unique(names, width), bool(names), bool(names)
    for record in titles:
        found.leave_out(record.line, None, f"the line has 1 cell, while the others have {width}")
    before = len(titles) + has_names
    yield from filled(found, text, dialect, skip, before, total, choices)
    found.drop_nameless(names)
    return found, dialect.delimiter


def wrong(detail: str) -> Unprocessable:
    """What is wrong with the table as a whole."""
    return Unprocessable([Fault("", detail)])


def _dialect(head: Sequence[str], choices: Choices) -> tuple[Dialect, int]:
    """How the text is to be read, and how many of its lines come before it."""
    skip, told = 0, choices.delimiter
    if head and head[0].strip().strip('"').lower().startswith("sep=") and len(head[0].strip().strip('"')) <= 5:
        skip, told = 1, told or head[0].strip().strip('"')[4:] or "\t"
    lines = head[skip:]
    comments = [line for line in lines if line.lstrip().startswith(("#", "%", "//"))]
    has_comments = len(comments) <= len(lines) / 2 or all(line in comments for line in lines[: len(comments)])
    if len(comments) == len(lines):  # unless they are colours, such as #ff0000
        has_comments = all(line.lstrip()[1:2].isspace() for line in lines)
    plain = [line for line in lines if line not in comments] if has_comments else lines
    if delimiters.is_sparse(plain):
        raise wrong("this holds pairs index:value, as LIBSVM writes them; write a row with a cell for each column")
    quote = delimiters.quote_of(plain)
    found = told or delimiters.delimiter_of(plain)
    return Dialect(found or ",", quote, has_comments), skip


def _records(text: Text, dialect: Dialect, skip: int) -> Records:
    file = text.opened()
    found = Records(file, dialect)
    found.skip(skip)
    return found


def counted(
    text: Text, dialect: Dialect, skip: int
) -> Generator[None, None, tuple[list[Record], Counter[int], int, str]]:
    """The first records, how often there are so many cells, the number of records, the comment before the first."""
    records = _records(text, dialect, skip)
    head: list[Record] = []
    widths: Counter[int] = Counter()
    total = cells = 0
    for record in records:
        total += 1
        if len(head) < _HEAD:
            head.append(record)
        if record.wrong is None:
            widths[len(record.cells)] += 1
        cells += len(record.cells) + 1
        if cells > _CELLS_AT_ONCE:
            cells = 0
            yield
    return head, widths, total, records.last_comment


def _titles(records: Sequence[Record], widths: Counter[int]) -> list[Record]:
    """The records before the table, which are no part of it: a title, a date."""
    width = _most(widths)
    if width < 2:
        return []
    found: list[Record] = []
    for record in records[:-1]:
        if (
            record.wrong is not None
            or sum(map(bool, map(str.strip, record.cells))) > 1
            or (len(record.cells) > 1 and width == 2)
        ):
            break
        found.append(record)
    return found if len(found) <= 5 else []


def _most(widths: Counter[int]) -> int:
    return widths.most_common(1)[0][0] if widths else 0


def _names(
    records: Sequence[Record], widths: Counter[int], comment: str, dialect: Dialect, told: bool | None
) -> tuple[list[str], bool]:
    """The names of the columns, none where there are none; and whether they are a record."""
    if not records or records[0].wrong is not None:
        return [], False
    if told is False:
        return [], False
    is_first = has_header([it.cells for it in records if it.wrong is None])
    if comment and not is_first:
        marked = next(iter(Records(io.StringIO(comment), dialect._replace(comments=False))), None)
        if marked is not None and marked.wrong is None and len(marked.cells) == _most(widths) > 1:
            return [cell.strip() for cell in marked.cells], False
    return ([cell.strip() for cell in records[0].cells], True) if is_first or told else ([], False)


def has_header(records: Sequence[Sequence[str]]) -> bool:
    """Whether the first of these records has names.

    It does where none of its cells is a number, and a column below holds numbers or no word of it comes again; where
    its numbers are in order and a column of numbers begins with a word; or where it counts its columns.
    """
    first, *rest = records
    cells = [cell.strip() for cell in first]
    rest = rest[: max(5, _CELLS_AT_ONCE // len(first))]
    means = [_means_number(cell) for cell in cells]
    if not any(cells):
        return False
    below = [_holds_numbers([record[place] for record in rest if place < len(record)]) for place in range(len(cells))]
    if not any(means):
        if not rest or any(below):
            return True
        return all(cell not in {r[at].strip() for r in rest if at < len(r)} for at, cell in enumerate(cells) if cell)
    whole = [int(cell) for cell in cells if cell.isascii() and cell.isdigit()]
    if len(whole) != sum(means):
        return False
    in_order = all(after - before == 1 for before, after in pairwise(whole))
    words = [place for place, cell in enumerate(cells) if cell and not means[place]]
    if words or not all(cells):
        if not in_order or len(whole) < 2:
            return False
        return any(below[place] for place in [*words, *_gaps(cells)]) or _is_above(means, rest)
    counts = in_order and whole[0] in (0, 1) and len(rest) > 0
    fractions = any("." in cell or "," in cell for record in rest for cell in record)
    return counts and (len(whole) > 3 or (len(whole) == 3 and fractions)) and not _goes_on(whole, rest)


def _gaps(cells: Sequence[str]) -> list[int]:
    return [place for place, cell in enumerate(cells) if not cell]


def _is_above(means: Sequence[bool], rest: Sequence[Sequence[str]]) -> bool:
    """Whether three numbers in order or more, such as years, stand above others that are not."""
    places = [place for place, is_number in enumerate(means) if is_number]
    rows = [[record[place].strip() for place in places] for record in rest if len(record) == len(means)]
    return len(places) > 2 and bool(rows) and not any(map(_are_in_order, rows))


def _are_in_order(cells: Sequence[str]) -> bool:
    return all(map(str.isdecimal, cells)) and all(int(after) - int(before) == 1 for before, after in pairwise(cells))


def _goes_on(whole: Sequence[int], rest: Sequence[Sequence[str]]) -> bool:
    """Whether the next record counts too, as in a table of 1 2 3 4, 2 3 4 5."""
    following = [cell.strip() for cell in rest[0]]
    return all(cell.isdigit() for cell in following) and [int(cell) - int(following[0]) for cell in following] == [
        number - whole[0] for number in whole
    ]


def _means_number(cell: str) -> bool:
    return (
        numbers.is_infinite(cell)
        or numbers.Style(".").number(cell) is not None
        or numbers.Style(",").number(cell) is not None
    )


def _holds_numbers(cells: Sequence[str]) -> bool:
    there = [cell for cell in map(str.strip, cells) if not numbers.is_missing(cell, word=False)]
    return bool(there) and sum(map(_means_number, there)) > len(there) * _MOSTLY


def _width(names: Sequence[str], records: Sequence[Record], widths: Counter[int]) -> int:
    """The number of columns: that of the names, unless rows have one cell more, whose name is left out."""
    rows = widths.copy()
    if not names:
        return _most(rows)
    rows[len(records[0].cells)] -= 1
    width = _most(+rows) or len(names)
    if width == len(names) + 1:
        ends_blank = all(not it.cells[-1].strip() for it in records[1:] if len(it.cells) == width)
        return len(names) if ends_blank else width
    if width < len(names) and not any(names[width:]):
        return width
    return len(names)


def _demand_columns(width: int, names: Sequence[str], dialect: Dialect) -> None:
    if width < 2:
        by = "space" if dialect.delimiter == SPACE else quoted(dialect.delimiter)
        raise wrong(
            f"there is only one column when cells are parted by {by}; a row needs an input and a target, with commas, "
            "semicolons, tabs, pipes or spaces between them"
        )
    if width > limits.TABLE_COLUMNS:
        raise wrong(f"there are {width} columns; at most {limits.TABLE_COLUMNS} are allowed. Leave some out")


def filled(
    found: Grid, text: Text, dialect: Dialect, skip: int, before: int, total: int, choices: Choices
) -> Generator[None, None, None]:
    """The rows, read for the second time: so no more of them are kept than are taken."""
    found.total = total - before
    wanted = drawn(found.total, min(choices.rows, limits.ROWS))
    records = _records(text, dialect, skip)
    left = iter(wanted)
    place = next(left, None)
    cells = 0
    for at, record in enumerate(islice(iter(records), before, None)):
        cells += len(record.cells) + 1
        if cells > _CELLS_AT_ONCE:
            cells = 0
            yield
        if at != place:
            continue
        place = next(left, None)
        if record.wrong is None:
            found.add(record.line, record.cells)
        else:
            found.leave_out(record.line, None, record.wrong)
    found.notes += part_of(found.total, len(wanted))
    many = len(records.comments)
    if many:
        which = "1 line is a comment and was" if many == 1 else f"{many} lines are comments and were"
        found.notes.append(f"{which} passed over")
    last = found.lines[-1] if found.lines else 0
    blank = [line for line in records.blank if line < last]
    if blank:
        shown = ", ".join(map(str, blank[:5])) + (", …" if len(blank) > 5 else "")
        which = f"line {shown} holds" if len(blank) == 1 else f"{len(blank)} lines ({shown}) hold"
        found.notes.append(f"{which} delimiters only, and {'is' if len(blank) == 1 else 'are'} left out")
