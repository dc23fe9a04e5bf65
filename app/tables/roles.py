"""What becomes of each column, with the reason in words: input, target, class, or none of these."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from app import limits
from app.documents.problems import Fault, Unprocessable, quoted
from app.tables.choices import ROLES, Choices
from app.tables.columns import MOST_WORDS, Column
from app.tables.grid import Grid

_LABELS = {"class", "classes", "label", "labels", "species", "category", "classification", "diagnosis", "survived"}
_TARGETS = {
    "y", "target", "targets", "output", "outputs", "outcome", "result", "response", "price", "saleprice", "charges",
    "medv", "medianhousevalue", "salary", "mpg", "quality", "rings", "variety", "sales", "churn", "exited",
}  # fmt: skip
_IDS = {"id", "ids", "index", "idx", "no", "nr", "number", "row", "rowid", "rownames", "key", "uid", "uuid", "unnamed0"}
_NUMBERED = re.compile(r"(?:y|target|output|out|label|class)[ _.-]?\d+", re.IGNORECASE)
_FEW_ROWS_EACH = 3
_WIDE = 50
_LARGE_ID = 10_000
_MOST_MISSING = 0.5


ASKED = "as asked for"


class Role(NamedTuple):
    """What becomes of a column, and why."""

    role: str
    why: str


def roles(grid: Grid, columns: Sequence[Column], choices: Choices) -> list[Role]:
    """One for each column.   Raises: Unprocessable, where a choice names no column, or cannot be."""
    told = _told(columns, choices)
    if grid.hints and any(hint.role for hint in grid.hints):
        found = [Role(hint.role or "input", "the file itself says so") for hint in grid.hints]
    else:
        found = _guessed(grid, columns, told)
    for place, role in told.items():
        found[place] = Role(role, ASKED)
    return found


def possible(column: Column) -> list[str]:
    """The roles that a column can have, `one_hot` among them: an input for each of its values."""
    few = column.different <= limits.TABLE_CLASSES
    match column.kind:
        case "empty" | "date":
            return ["skip"]
        case "number":
            found = ["input", *(["one_hot"] if few else []), "target"]
        case "flag":
            found = ["input", "one_hot", "target"]
        case _:
            found = ["input"] if few else []
            if column.different == 2:
                found.append("one_hot")  # of more words each is an input anyway
    return [*found, *(["class"] if few and column.different > 1 else []), "skip"]


def is_one_hot(column: Column, choices: Choices) -> bool:
    """Whether it is asked for that its values become inputs of 0 and 1."""
    text = choices.one_hot
    return text is not None and (column.name == text or column.name in [part.strip() for part in text.split(",")])


def _told(columns: Sequence[Column], choices: Choices) -> dict[int, str]:
    """The roles that are asked for, by column."""
    places = {column.name: column.place for column in columns}
    names = ", ".join(map(quoted, [*places][:8])) + (", …" if len(places) > 8 else "")
    faults = [
        Fault(f"query:role.{name[:60]}", f"there is no column {quoted(name)}; there are {names}")
        for name in choices.roles
        if name not in places
    ]
    asked = choices.one_hot
    if asked is not None and asked not in places:
        faults += [
            Fault("query:one_hot", f"there is no column {quoted(name)}; there are {names}")
            for name in map(str.strip, asked.split(","))
            if name not in places
        ]
    faults += [
        Fault(f"query:role.{name[:60]}", f"the role of {quoted(name)} is {quoted(role)}; it must be {_any_of(ROLES)}")
        for name, role in choices.roles.items()
        if name in places and role not in ROLES
    ]
    faults += [
        Fault("query:one_hot", f"{quoted(it.name)} is to be one-hot, which is for an input, and its role is {role}")
        for it in columns
        if is_one_hot(it, choices) and (role := choices.roles.get(it.name, "input")) != "input"
    ]
    if faults:
        raise Unprocessable(faults)
    found = {places[name]: role for name, role in choices.roles.items()}
    return found | {it.place: "input" for it in columns if is_one_hot(it, choices)}


def _any_of(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"


# --- by name, kind and place ------------------------------------------------------------------------------------------


def _guessed(grid: Grid, columns: Sequence[Column], told: Mapping[int, str]) -> list[Role]:
    found = [Role("input", _words_for(column)) for column in columns]
    for column in columns:
        why = _left_out(column, grid, columns)
        if why and not _are_few_classes(column, columns):
            found[column.place] = Role("skip", why)
    free = [it for it in columns if found[it.place].role == "input" and it.place not in told]
    if not any(role in ("target", "class") for role in told.values()):
        if len(free) == 1 and "input" not in told.values():
            free = _with_ids(columns, found, told)
        for place, role in _aims(grid, free).items():
            found[place] = role
    for it in columns:
        if found[it.place].role == "input" and it.kind == "words" and len(it.words) > MOST_WORDS:
            why = f"it has {len(it.words)} different words, each of which would be an input"
            found[it.place] = Role("skip", why)
    return found


def _are_few_classes(column: Column, columns: Sequence[Column]) -> bool:
    """Whether words that come but once are classes all the same: in a short table, under such a name or at the end."""
    if column.kind != "text" or not 1 < len(column.words) <= MOST_WORDS:
        return False
    others = [it for it in columns if it is not column]
    is_last = column is columns[-1] and len(column.words) <= 3 and any(it.kind == "number" for it in others)
    return _plain(column) in _LABELS or (is_last and not any(_plain(it) in _LABELS | _TARGETS for it in others))


def _with_ids(columns: Sequence[Column], found: list[Role], told: Mapping[int, str]) -> list[Column]:
    """The columns that are left, and those of numbers in order, without which there would be no input."""
    for it in columns:
        if found[it.place].role == "skip" and it.kind == "number" and it.is_used.all() and it.place not in told:
            found[it.place] = Role("input", "it holds numbers, and there is no other column for an input")
    return [it for it in columns if found[it.place].role == "input" and it.place not in told]


def _words_for(column: Column) -> str:
    match column.kind:
        case "flag":
            return "its two words stand for 0 and 1"
        case "words" | "text":
            many = len(column.words)
            if many == 2:
                return f"it has two words: {quoted(column.words[1])} counts as 1, the other as 0"
            return f"it has {many} words: each is an input, which is 1 where the word stands and 0 elsewhere"
    return "it holds numbers"


def _plain(column: Column) -> str:
    return re.sub(r"[^a-z0-9]", "", column.name.lower())


def _left_out(column: Column, grid: Grid, columns: Sequence[Column]) -> str | None:
    """Why a column is no part of the data, if it is none."""
    rows = len(column.is_missing)
    missing = int(column.is_missing.sum())
    if column.kind == "empty" or missing == rows:
        return "it is empty"
    if column.kind == "date":
        return "it holds dates or times, which are no numbers"
    if missing > rows * _MOST_MISSING:
        return f"it is empty in {missing} of {rows} rows; as an input it leaves these rows out"
    if column.kind == "text":
        return (
            "its texts come but once, as names do"
            if len(column.words) == rows - missing
            else (f"it has {len(column.words)} different texts, too many to be classes")
        )
    if column.kind == "words" and len(column.words) == 1:
        return "it has the same word in every row"
    return _id_reason(column, grid, columns) if column.kind == "number" else None


def _id_reason(column: Column, grid: Grid, columns: Sequence[Column]) -> str | None:
    """Why a column of numbers only says which row it is."""
    assert column.values is not None
    values = column.values
    if len(values) < 2 or not np.array_equal(values, np.floor(values)) or column.different < len(values):
        return None
    is_first = column.place == 0
    counts = values[0] in (0.0, 1.0) and np.array_equal(values, values[0] + np.arange(len(values)))
    if _plain(column) in _IDS or re.search(r"(?:[a-z]I[Dd]|[_ .-]id)$", column.name):
        return "each row has a number of its own in it, as an id has"
    if not is_first or len(columns) < 3:
        return None
    if counts and column.name == "column 1" and (grid.named or len(values) >= 5):
        return "it counts the rows"
    if not grid.named and len(values) >= 5 and values.min() >= _LARGE_ID:
        return "each row has a large number of its own in it, as an id has"
    return None


def _aims(grid: Grid, free: Sequence[Column]) -> dict[int, Role]:
    """What the network is to learn, by column."""
    if len(free) < 2:
        return {it.place: Role("class" if _is_class(it) else "target", "it is what is left") for it in free}
    for finds in (_by_name, _one_hot_block, _first, _last):
        found = finds(grid, free)
        if found:
            return found
    return {}


def _by_name(grid: Grid, free: Sequence[Column]) -> dict[int, Role]:
    if not grid.named:
        return {}
    many = [it for it in free if _NUMBERED.fullmatch(it.name) and it.kind in ("number", "flag")]
    if len(many) > 1 and len(many) < len(free) and many[-1].place - many[0].place == len(many) - 1:
        return {it.place: Role("target", f"its name is {quoted(it.name)}") for it in many}
    for names in (_LABELS, _TARGETS):
        named = [it for it in free if _plain(it) in names]
        if named:
            it = named[-1]
            why = f"its name is {quoted(it.name)}"
            return {it.place: Role("class" if _is_class(it, named=names is _LABELS) else "target", why)}
    return {}


def _one_hot_block(_grid: Grid, free: Sequence[Column]) -> dict[int, Role]:
    """The last columns, or the first, where one of them is 1 in each row and the others are 0."""
    for sequence in (free[::-1], free):
        total = np.zeros(len(free[0].is_used))
        block: list[Column] = []
        found: list[Column] = []
        for it in sequence[: min(limits.TABLE_CLASSES, len(free) - 1)]:
            if it.values is None or not _is_binary(it):
                break
            block.append(it)
            total = total + it.values
            if len(block) > 1 and bool((total == 1).all()) and sum(one.different > 1 for one in block) > 1:
                found = block.copy()
        others = [it for it in free if it not in found]
        if len(found) > 2 or (found and not all(map(_is_binary, others))):
            why = f"in each row one of {len(found)} columns is 1 and the others are 0"
            return {it.place: Role("target", why) for it in found}
    return {}


def _is_binary(column: Column) -> bool:
    return column.kind == "number" and {*column.numbers.tolist()} <= {0.0, 1.0} and bool(column.is_used.all())


def _first(_grid: Grid, free: Sequence[Column]) -> dict[int, Role]:
    """The first column, where it is like a class and the last one is not, or is one of many that are alike."""
    first, last = free[0], free[-1]
    if len(free) < 3 or not _is_class(first):
        return {}
    if first.kind == "number":
        rest = [it for it in free[1:] if it.kind == "number"]
        are_alike = (
            len(rest) == len(free) - 1
            and len(free) > _WIDE
            and (first.different > 2 or max(it.numbers[-1] for it in rest) > MOST_WORDS)
        )
        if not are_alike and (_is_class(last) or len(rest) < len(free) - 1 or not _are_classes_apart(first, rest)):
            return {}
        return {first.place: Role("class", "it is the first column, and has few whole numbers, each several times")}
    if _is_class(last) or any(it.kind in ("words", "flag") for it in free[1:]):
        return {}
    return {first.place: Role("class", "it is the first column, and the only one of words")}


def _are_classes_apart(first: Column, rest: Sequence[Column]) -> bool:
    """Whether a first column of few numbers stands before columns of measurements, most with fractions."""
    fractions = [it for it in rest if it.values is not None and not np.array_equal(it.values, np.floor(it.values))]
    return first.different > 2 and len(fractions) * 2 > len(rest)


def _last(_grid: Grid, free: Sequence[Column]) -> dict[int, Role]:
    """The last column, whatever it is."""
    it = free[-1]
    if it.kind == "number" and not _is_class(it):
        return {it.place: Role("target", "it is the last column of numbers")}
    if it.kind == "number":
        return {it.place: Role("class", "it is the last column, and has few whole numbers, each several times")}
    return {it.place: Role("class", "it is the last column, and has words")}


def _is_class(column: Column, *, named: bool = False) -> bool:
    """Whether a column has words, or a few whole numbers from 0 on, each of them several times."""
    if column.kind != "number":
        return 1 < len(column.words) <= limits.TABLE_CLASSES
    values = column.numbers
    whole = bool(np.array_equal(values, np.floor(values))) and len(values) > 1
    if not whole or values[0] < 0 or len(values) > MOST_WORDS:
        return False
    if named:
        return len(values) < int(column.is_used.sum())
    return bool(values[-1] <= MOST_WORDS) and len(values) * _FEW_ROWS_EACH <= int(column.is_used.sum())
