"""JSON as a grid: rows, records, columns, and what programs that train networks write: inputs with their outputs."""

import json
import re
from collections.abc import Generator, Mapping, Sequence
from typing import Any

from app import limits
from app.documents import strict_json
from app.documents.problems import BadRequest, TooLarge, quoted
from app.tables.choices import Choices
from app.tables.files import Text
from app.tables.grid import Grid, Hint, drawn, part_of, unique
from app.tables.text_table import has_header, wrong

_FORMS = (
    "it may be a list of rows, such as [[0.5, 0.8, 1], …], a list of objects with the same names, an object of "
    'columns, pairs of "input" and "output", or an object of x and y'
)
_PAIRS = [("input", "output"), ("inputs", "outputs"), ("x", "y"), ("inputs", "targets"), ("input", "target")]
_PAIRS += [("features", "label"), ("features", "labels"), ("data", "target"), ("data", "labels"), ("xs", "ys")]
_WRAPPERS = ("data", "experiment", "rows", "records", "items", "examples", "dataset", "training", "train")
_AT_ONCE = 256
_SPACE = re.compile(r"[ \t\r\n]*")
Given = Mapping[str, Any]


def grid(text: Text, choices: Choices) -> Generator[None, None, Grid]:
    """The rows of the document.   Raises: BadRequest, TooLarge, Unprocessable."""
    if len(text.body) > limits.BODY_BYTES:
        most = f"of JSON at most {limits.BODY_BYTES} bytes are read"
        raise TooLarge(f"this file has {len(text.body)}, and {most}; write it as CSV, which may be longer")
    strict_json.demand_few_lists(text.body)
    content = text.opened().read().removeprefix("\ufeff")
    document = yield from _document(content)
    found = _found(document, choices)
    if not found.lines and not found.left_out:
        raise wrong(f"there are no rows in this JSON; {_FORMS}")
    if found.width > limits.TABLE_COLUMNS:
        raise wrong(f"there are {found.width} columns; at most {limits.TABLE_COLUMNS} are allowed. Leave some out")
    return found


# --- from a text to values --------------------------------------------------------------------------------------------


def _document(content: str) -> Generator[None, None, Any]:
    """The value that a text is; of several, one a line, the list of them. A list is read an entry at a time."""
    try:
        at = _beyond(content, 0)
        if content.startswith("[", at):
            document, end = yield from _list(content, at)
        else:
            document, end = _DECODER.raw_decode(content, at)
        at = _beyond(content, end)
        if at == len(content):
            return document
        values = [document]
        while at < len(content):
            value, end = _DECODER.raw_decode(content, at)
            values.append(value)
            at = _beyond(content, end)
            if len(values) % _AT_ONCE == 0:
                yield
        return values
    except json.JSONDecodeError as error:
        where = f"line {error.lineno} column {error.colno}"
        raise BadRequest(f"this begins like JSON, but is none: {error.msg} at {where}") from None
    except RecursionError:
        raise BadRequest("this JSON is nested too deep for a table") from None
    except ValueError:
        raise BadRequest("a number in this JSON has too many digits to be read") from None


def _list(content: str, at: int) -> Generator[None, None, tuple[list[Any], int]]:
    """The list that begins there, and where it ends."""
    values: list[Any] = []
    at = _beyond(content, at + 1)
    if content.startswith("]", at):
        return values, at + 1
    while True:
        value, end = _DECODER.raw_decode(content, at)
        values.append(value)
        if len(values) % _AT_ONCE == 0:
            yield
        at = _beyond(content, end)
        if content.startswith("]", at):
            return values, at + 1
        if not content.startswith(",", at):
            raise json.JSONDecodeError("Expecting ',' delimiter", content, at)
        at = _beyond(content, at + 1)


def _beyond(content: str, at: int) -> int:
    found = _SPACE.match(content, at)
    return found.end() if found else at


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BadRequest(f"the key {quoted(twice)} is given twice in one object")
    return document


_DECODER = json.JSONDecoder(object_pairs_hook=_once_each)


# --- from values to rows ----------------------------------------------------------------------------------------------


def _found(document: Any, choices: Choices) -> Grid:
    match document:
        case {"nbformat": _}:
            raise wrong("this is a notebook, not a table; bring the file that it reads")
        case [[_, *_], *_] if all(isinstance(row, list) for row in document):
            return _of_lists(document, choices)
        case [{}, *_] if all(isinstance(row, dict) for row in document):
            return _of_objects(document, choices)
        case list():
            what = "the list is empty" if not document else "its entries are neither all lists nor all objects"
            raise wrong(f"there are no rows in this JSON: {what}; {_FORMS}")
        case dict():
            return _of_object(document, choices)
    raise wrong(f"this JSON is {quoted(document)}; {_FORMS}")


def _of_lists(rows: Sequence[list[Any]], choices: Choices) -> Grid:
    cells = [[*map(_cell, row)] for row in rows]
    is_named = choices.header if choices.header is not None else has_header(cells[:200])
    names = cells[0] if is_named else []
    return _grid(names, cells[1:] if is_named else cells, choices, first=2 if is_named else 1)


def _of_objects(rows: Sequence[Given], choices: Choices) -> Grid:
    pair = next((it for it in _PAIRS if all(it[0] in row and it[1] in row for row in rows)), None)
    if pair is not None and any(isinstance(row[side], list | dict) for row in rows for side in pair):
        return _sides([row[pair[0]] for row in rows], [row[pair[1]] for row in rows], choices, pair)
    names = [*dict.fromkeys(name for row in rows for name in row)]
    return _grid(names, [[_cell(row.get(name)) for name in names] for row in rows], choices)


def _of_object(given: Given, choices: Choices) -> Grid:
    """Two sides, columns, or what is wrapped up in the object."""
    lower = {name.lower(): value for name, value in given.items()}
    for pair in _PAIRS:
        x, y = (lower.get(side) for side in pair)
        if isinstance(x, list) and isinstance(y, list) and (pair == ("x", "y") or _is_matrix(x) or _is_matrix(y)):
            return _of_matrices(given, x, y, choices, pair)
    if isinstance(given.get("columns"), list) and isinstance(given.get("data"), list):
        return _of_lists([given["columns"], *given["data"]], Choices(header=True, rows=choices.rows))
    for name in _WRAPPERS:
        if isinstance(given.get(name), list | dict) and given[name]:
            return _found(given[name], choices)
    values = [*given.values()]
    if values and all(isinstance(it, list) for it in values):
        lengths = {len(it) for it in values}
        if len(lengths) > 1:
            told = ", ".join(f"{quoted(name)} {len(column)}" for name, column in [*given.items()][:4])
            raise wrong(f"the columns of this JSON have different lengths: {told}")
        return _grid([*given], [[*map(_cell, row)] for row in zip(*values, strict=True)], choices)
    if values and all(isinstance(it, dict) for it in values):
        return _of_nested(given, choices)
    raise wrong(f"there are no rows in this JSON; {_FORMS}")


def _of_nested(given: Given, choices: Choices) -> Grid:
    """Columns by name and row, or rows by number: as pandas writes them."""
    rows = [*given.values()]
    if all(name.isdigit() for name in given):
        return _of_objects(rows, choices)
    places = [*dict.fromkeys(place for column in rows for place in column)]
    return _grid([*given], [[_cell(column.get(place)) for column in rows] for place in places], choices)


def _is_matrix(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], list | dict)


def _of_matrices(given: Given, x: list[Any], y: list[Any], choices: Choices, pair: tuple[str, str]) -> Grid:
    """Two lists of rows, and the rows that are held back."""
    back = given.get("held_back")
    held = back if isinstance(back, dict) and pair == ("x", "y") else {}
    more: list[list[Any]] = [held[side] if isinstance(held.get(side), list) else [] for side in pair]
    for left, right, within in ((x, y, ""), (more[0], more[1], "held_back.")):
        if len(left) != len(right):
            raise wrong(
                f"{within}{pair[0]} has {len(left)} rows, but {within}{pair[1]} has {len(right)}; each row "
                "of one needs its row of the other"
            )
    names = (given.get("features"), given.get("classes")) if pair == ("x", "y") else (None, None)
    found = _sides([*x, *more[0]], [*y, *more[1]], choices, pair, names)
    if more[0]:
        found.held = [line > len(x) for line in found.lines]
    return found


def _sides(
    inputs: list[Any],
    outputs: list[Any],
    choices: Choices,
    pair: tuple[str, str],
    given: tuple[Any, Any] = (None, None),
) -> Grid:
    """Inputs and outputs side by side. Of objects with names, what a row does not name is 0, as brain.js has it."""
    notes: list[str] = []
    sides = [_side(rows, side, notes) for rows, side in zip((inputs, outputs), pair, strict=True)]
    names: list[str] = []
    hints: list[Hint] = []
    for (own, rows, is_words), told, letter, role in zip(
        sides, given, "xy", ("input", "class" if sides[1][2] else "target"), strict=True
    ):
        width = len(own) or _width(rows)
        of_file = [*map(_cell, told)] if isinstance(told, list) and len(told) == width else None
        names += own or of_file or ([pair[1]] if is_words else [f"{letter}{place}" for place in range(width)])
        hints += [Hint(role)] * width
    (_, left, _), (_, right, _) = sides
    widths = _width(left), _width(right)
    found = _grid(names, [], choices)
    wanted = drawn(len(left), min(choices.rows, limits.ROWS))
    found.notes += part_of(len(left), len(wanted))
    for place in wanted:
        line, row, targets = place + 1, left[place], right[place]
        wrongs = [
            f"{side} has {len(cells)} numbers, but {width} in most rows"
            for side, cells, width in zip(pair, (row, targets), widths, strict=True)
            if len(cells) != width
        ]
        if wrongs:
            found.leave_out(line, None, "; ".join(wrongs))
        else:
            found.add(line, [*row, *targets])
    found.total = len(left)
    found.hints = hints
    found.notes += notes
    return found


def _side(rows: list[Any], side: str, notes: list[str]) -> tuple[list[str], list[list[str]], bool]:
    """The names of one side, its rows of cells, and whether they are one word each."""
    if rows and all(isinstance(row, dict) for row in rows):
        names = [*dict.fromkeys(name for row in rows for name in row)]
        if any(len(row) < len(names) for row in rows):
            notes.append(f"a name that {side} of a row does not have counts as 0 there")
        return names, [[_cell(row.get(name, 0)) for name in names] for row in rows], False
    cells = [[*map(_cell, row)] if isinstance(row, list) else [_cell(row)] for row in rows]
    is_words = all(isinstance(row, str) for row in rows)
    if is_words and side in ("input", "inputs", "x", "xs", "features", "data") and rows:
        raise wrong(f"{side} is text here; a network takes numbers, so write a list of them")
    return [], cells, is_words


def _width(rows: Sequence[Sequence[str]]) -> int:
    """The number of cells that most rows have; the first such where there are several."""
    counts: dict[int, int] = {}
    for row in rows:
        counts[len(row)] = counts.get(len(row), 0) + 1
    return max(counts, key=lambda width: counts[width]) if counts else 0


def _grid(names: Sequence[str], rows: Sequence[list[str]], choices: Choices, first: int = 1) -> Grid:
    """Rows of cells by number."""
    width = len(names) or _width(rows)
    found = Grid(width, "row")
    found.names, found.named, found.header = unique(names, width), bool(names), bool(names)
    if rows and width < 2:
        raise wrong("there is only one column in this JSON; a row needs an input and a target")
    found.total = len(rows)
    wanted = drawn(len(rows), min(choices.rows, limits.ROWS))
    for place in wanted:
        found.add(first + place, rows[place])
    found.notes += part_of(len(rows), len(wanted))
    return found


def _cell(value: Any) -> str:
    """A value as the text of a cell, from which a number reads back to the same bits."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case list():
            return f"a list of {len(value)}"
    return "an object"
