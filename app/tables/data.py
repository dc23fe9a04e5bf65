"""Columns with roles as x and y, and the rows that are left out of them."""

from collections.abc import Callable, Generator, Iterable, Sequence
from typing import NamedTuple

import numpy as np
import orjson
from numpy.typing import NDArray

from app import limits
from app.core.graph.ops import Array
from app.documents.problems import Fault, Unprocessable, printable, quoted
from app.tables import holding, numbers
from app.tables.choices import Choices
from app.tables.columns import Codes, Column, Mask
from app.tables.grid import Grid, drawn
from app.tables.roles import ASKED, Role, is_one_hot

_SAMPLE_ROWS = 100
_MARGIN = 0.9  # of the largest body, for the data of an experiment


Places = NDArray[np.int64]


class Made(NamedTuple):
    """The data, what they are learned by, and by column what inputs were made of it."""

    x: Array
    y: Array
    features: list[str]
    classes: list[str]
    held: Mask | None
    cost: str
    activation: str
    inputs: dict[int, list[str]]
    notes: list[str]


class _Source(NamedTuple):
    """The inputs that a column makes."""

    place: int
    names: list[str]
    arrays: Callable[[Places], Iterable[Array]]  # one for each, in the rows at these places of those kept


def data(grid: Grid, columns: Sequence[Column], roles: Sequence[Role], choices: Choices) -> Generator[None, None, Made]:
    """The data of an experiment.   Raises: Unprocessable, where roles cannot be, or no row is left."""
    used = [column for column, it in zip(columns, roles, strict=True) if it.role != "skip"]
    _demand_roles(columns, roles)
    kept = _kept(grid, used)
    yield
    sources, notes = _inputs(columns, roles, choices, kept)
    names = [name for source in sources for name in source.names]
    y, classes, cost, activation = _outputs(columns, roles, kept)
    for many, what in ((len(names), "inputs"), (len(classes), "outputs")):
        if many > limits.WIDTH:
            raise _wrong("", f"these columns make {many} {what}; at most {limits.WIDTH} are allowed. Skip some")
    yield
    rows = len(y)
    sample = np.array(drawn(rows, _SAMPLE_ROWS))
    trial = yield from _filled(sources, len(names), sample)
    if choices.scale:
        yield from holding.scale(trial, None)  # its numbers have more digits
    places = np.array(drawn(rows, _fitting(trial, y[sample])))
    x = yield from _filled(sources, len(names), places)
    y = y[places]
    if len(places) < rows:
        notes.append(
            f"{rows} rows of {x.shape[1]} inputs are more than an experiment may have bytes: {len(places)} of them "
            "are taken, drawn at random, the same each time"
        )
    held = np.array(grid.held, dtype=bool)[kept][places] if grid.held is not None else None
    if held is not None and held.all():
        raise _wrong("", "every row is held back; one at least is needed to learn from")
    if held is not None and held.any():
        notes.append(f"the file itself says which rows are held back: {int(held.sum())} of {len(held)}")
    elif choices.hold_back:
        held, note = holding.held_back(y, choices.hold_back, classes)
        notes.append(note)
    if choices.scale:
        yield from holding.scale(x, held)
        notes.append("each input is x ← (x − mean) / standard deviation, of the rows that are learned from")
    made_of = {source.place: source.names for source in sources}
    return Made(x, y, names, classes, held, cost, activation, made_of, notes)


def _wrong(pointer: str, detail: str) -> Unprocessable:
    return Unprocessable([Fault(pointer, detail)])


def _role_of(column: Column) -> str:
    return f"query:role.{printable(column.name, 60)}"


def _filled(sources: Sequence[_Source], width: int, places: Places) -> Generator[None, None, Array]:
    """The inputs in the rows at these places."""
    x = np.empty((len(places), width))
    at = 0
    for source in sources:
        for array in source.arrays(places):
            x[:, at] = array
            at += 1
            yield
    return x


def _fitting(x: Array, y: Array) -> int:
    """How many rows like these go into the body of a request."""
    row = len(orjson.dumps([x, y], option=orjson.OPT_SERIALIZE_NUMPY)) / len(x)
    return max(1, int(limits.BODY_BYTES * _MARGIN / row))


def _demand_roles(columns: Sequence[Column], roles: Sequence[Role]) -> None:
    by_role = {
        role: [column for column, it in zip(columns, roles, strict=True) if it.role == role]
        for role in ("input", "target", "class")
    }
    for column in [*by_role["input"], *by_role["target"], *by_role["class"]]:
        if column.kind == "empty":
            raise _wrong(_role_of(column), f"{quoted(column.name)} is empty; it can only be skipped")
    for column in [*by_role["input"], *by_role["class"]]:
        if column.kind == "date":
            why = f"{quoted(column.name)} holds dates or times, which are no numbers; it can be skipped"
            raise _wrong(_role_of(column), why)
    for column in by_role["target"]:
        if column.values is None:
            why = f"{quoted(column.name)} holds words, and a target must be numbers; it can be the class"
            raise _wrong(_role_of(column), why)
    named, targets = by_role["class"], by_role["target"]
    if len(named) > 1:
        raise _wrong("query:role", f"{_listed(named)} are all the class; there can be one")
    if named and targets:
        raise _wrong("query:role", f"there is a class, {_listed(named)}, and a target, {_listed(targets)}; choose one")
    if not named and not targets:
        told = "no column is what the network should learn; one must be the class, or a target"
        raise _wrong("query:role", told + _skipped(columns, roles))
    if not by_role["input"]:
        raise _wrong("query:role", "no column is an input; at least one is needed" + _skipped(columns, roles))


def _skipped(columns: Sequence[Column], roles: Sequence[Role]) -> str:
    """Of the first that are skipped and were not asked to be, why."""
    skipped = [(column.name, it.why) for column, it in zip(columns, roles, strict=True) if it.role == "skip"]
    skipped = [(name, why) for name, why in skipped if why != ASKED]
    return "".join(f"; {quoted(name)} is skipped: {why}" for name, why in skipped[:3])


def _listed(columns: Sequence[Column]) -> str:
    return ", ".join(quoted(it.name) for it in columns[:4]) + (", …" if len(columns) > 4 else "")


def _kept(grid: Grid, used: Sequence[Column]) -> Mask:
    """Which rows have something usable in all these columns; the others are told."""
    good = np.ones(len(grid.lines), dtype=bool)
    for column in used:
        good &= column.is_used
    bad = np.flatnonzero(~good)
    told = bad[: limits.TABLE_LEFT_OUT]
    wanted = set(told.tolist())
    texts: dict[tuple[int, int], str] = {}
    for column in used:
        places = [place for place in wanted if column.is_bad[place]]
        if places:
            cells = grid.cells(column.place)
            texts |= {(place, column.place): cells[place].strip() for place in places}
    for place in told.tolist():
        column = next(it for it in used if not it.is_used[place])
        detail = _complaint(column, texts.get((place, column.place), ""))
        grid.leave_out(grid.lines[place], grid.numbers[column.place], detail)
    grid.left_out_count += len(bad) - len(told)
    grid.left_out.sort(key=lambda it: it.line)
    if not good.any():
        first = f": in {grid.unit} {grid.left_out[0].line}, {grid.left_out[0].detail}" if grid.left_out else ""
        raise Unprocessable(
            [
                Fault("", f"of {grid.total} rows none can be used{first}"),
                *(Fault("", it.detail, it.line, it.column or 1) for it in grid.left_out),
            ]
        )
    return good


def _complaint(column: Column, text: str) -> str:
    if not text:
        return f"{quoted(column.name)} is empty"
    what = "which is no finite number" if numbers.is_infinite(text) else "and this column holds numbers"
    return f"{quoted(column.name)} is {quoted(text)}, {what}"


def _inputs(
    columns: Sequence[Column], roles: Sequence[Role], choices: Choices, kept: Mask
) -> tuple[list[_Source], list[str]]:
    """What becomes of the columns that are inputs, and what is to be said of it."""
    sources, notes = [], []
    at = np.flatnonzero(kept)
    for column, it in zip(columns, roles, strict=True):
        if it.role != "input":
            continue
        source = _source(column, kept, at, one_hot=is_one_hot(column, choices))
        sources.append(source)
        names = source.names
        if names != [column.name]:
            notes.append(
                f"{quoted(column.name)} became {', '.join(names[:4])}{', …' if len(names) > 4 else ''}: 0 or 1"
            )
    return sources, notes


def _source(column: Column, kept: Mask, at: Places, *, one_hot: bool) -> _Source:
    values = column.values
    if values is not None and not one_hot:
        return _Source(column.place, [column.name], lambda places: [values[at[places]]])
    words, codes = _coded(column, kept)
    if len(words) > limits.TABLE_CLASSES:
        why = f"{quoted(column.name)} has {len(words)} different values; at most {limits.TABLE_CLASSES} can be inputs"
        raise _wrong(_role_of(column), why)
    places = [1] if len(words) == 2 and not one_hot else range(len(words))
    names = [_named(column.name, words[place]) for place in places]
    return _Source(column.place, names, lambda rows: (codes[rows] == place for place in places))


def _named(column: str, word: str) -> str:
    text = f"{column}={word}"
    return text if len(text) <= limits.TEXT_CHARACTERS else text[: limits.TEXT_CHARACTERS - 1] + "…"


def _coded(column: Column, kept: Mask) -> tuple[list[str], Codes]:
    """The different values of a column in the rows that are kept, numbers by size, and which is where."""
    if column.kind == "number" and column.values is not None:
        values, codes = np.unique(column.values[kept], return_inverse=True)
        return [f"{value:.15g}" for value in values.tolist()], codes
    assert column.codes is not None
    codes = column.codes[kept]
    there = np.arange(len(column.words))
    if column.hint.words is None:  # those that are left, in the order in which they come
        there, first = np.unique(codes, return_index=True)
        there = there[np.argsort(first)]
    places = np.zeros(len(column.words), dtype=np.int64)
    places[there] = np.arange(len(there))
    longest = limits.TEXT_CHARACTERS
    words = [column.words[code] for code in there.tolist()]
    return [word if len(word) <= longest else word[: longest - 1] + "…" for word in words], places[codes]


def _outputs(columns: Sequence[Column], roles: Sequence[Role], kept: Mask) -> tuple[Array, list[str], str, str]:
    """y, the names of its columns, and the cost and the last activation that suit it."""
    named = next((column for column, it in zip(columns, roles, strict=True) if it.role == "class"), None)
    if named is not None:
        words, codes = _coded(named, kept)
        pointer = _role_of(named)
        if len(words) < 2:
            raise _wrong(pointer, f"{quoted(named.name)} is the same in every row; a class has at least two values")
        if len(words) > limits.TABLE_CLASSES:
            why = f"{quoted(named.name)} has {len(words)} different values; a class has at most {limits.TABLE_CLASSES}"
            raise _wrong(pointer, f"{why}. It can be a target, where it holds numbers")
        return np.eye(len(words))[codes], words, "cross_entropy", "softmax"
    targets = [column for column, it in zip(columns, roles, strict=True) if it.role == "target"]
    y = np.column_stack([column.values[kept] for column in targets if column.values is not None])
    return y, [column.name for column in targets], *_learned_by(y)


def _learned_by(y: Array) -> tuple[str, str]:
    """The cost and the last activation that suit targets: for one of several, for yes and no, for any number."""
    if np.isin(y, (0.0, 1.0)).all():
        is_one_of_several = y.shape[1] > 1 and bool((y.sum(axis=1) == 1).all())
        return ("cross_entropy", "softmax") if is_one_of_several else ("binary_cross_entropy", "sigmoid")
    return "squared_error", "tanh" if np.isin(y, (-1.0, 1.0)).all() else "identity"
