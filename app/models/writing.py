"""What a sheet computes, as lines of formulas."""

import keyword
import math
import re
from collections.abc import Iterator, Sequence

import numpy as np

from app import limits
from app.core.formulas.calls import ALIASES, CALLS
from app.core.formulas.syntax import NUMBERS, PREFIXES
from app.models.onnx_file import refused
from app.models.ops import written_number
from app.models.sheet import Argument, Array, Entries, Shape, Sheet, Value

# So many pieces of values are written at most; a text may not have more brackets anyway.
_MOST_PIECES = limits.FORMULA_SIGNS
_MOST_RUNS = 500


class Writer:
    """Lines, and the leaves that they read: `parameters` and `constants` by name."""

    def __init__(self, sheet: Sheet, taken: Sequence[str] = ("x", "y", "C")) -> None:
        self.lines: list[str] = []
        self.parameters: dict[str, Array] = {}
        self.constants: dict[str, Array] = {}
        self._sheet = sheet
        self._names: dict[int, str] = {}  # by the value's first entry
        self._taken = {*taken, *CALLS, *ALIASES, *NUMBERS, *PREFIXES, *keyword.kwlist}
        self._pieces = 0
        self.read: set[str] = set()  # names in the text so far

    def called(self, value: Value, name: str) -> None:
        """Let a value have this name: one that is not given beside the text."""
        self._names[value.start] = name
        self._taken.add(name)

    def lines_for(self, at: Entries) -> Iterator[None]:
        """Write all that these entries need, in the order in which it was made; to be left for a while after each."""
        for place in self._needed(at):
            value = self._sheet.values[place]
            if value.numbers is not None or value.op == "input":
                continue
            if value.op == "erf":
                raise refused("the op Erf is read within GELU alone, x · (1 + erf(x / √2)) / 2")
            arguments = [self.text(it) for it in value.arguments]
            self.lines.append(f"{self.name(value)} = {value.template.format(*arguments)}")
            yield

    def _needed(self, at: Entries) -> list[int]:
        found: set[int] = set()
        waiting = [at]
        while waiting:
            for place in np.unique(np.searchsorted(self._sheet.starts, waiting.pop(), side="right") - 1).tolist():
                if place not in found:
                    found.add(place)
                    waiting += [it for it in self._sheet.values[place].arguments if not isinstance(it, float)]
        return sorted(found)

    # --- names --------------------------------------------------------------------------------------------------------

    def name(self, value: Value) -> str:
        """Of a value; a leaf is from then on among those that are given."""
        if value.start not in self._names:
            name = self._names[value.start] = self.unique(value.name, value.op)
            if value.numbers is not None:
                (self.parameters if value.op == "parameter" else self.constants)[name] = value.numbers
        self.read.add(self._names[value.start])
        return self._names[value.start]

    def name_of(self, value: Value) -> str:
        """Of a value that was given one."""
        return self._names[value.start]

    def unique(self, told: str, op: str) -> str:
        """A name like the one that is told, that formulas can read and nothing else has."""
        base = identifier(told) or identifier(op)
        name, number = base, 1
        while name in self._taken:
            number += 1
            name = f"{base[: limits.FORMULA_NAME - 4]}_{number}"
        self._taken.add(name)
        return name

    def _filled(self, number: float, shape: Shape) -> str:
        """The name of a constant that has one number everywhere."""
        key = f"{ {0.0: 'zeros', 1.0: 'ones'}.get(number, 'filled') }_{'x'.join(map(str, shape))}"
        if key not in self.constants or not bool((self.constants[key] == number).all()):
            key = self.unique(key, "filled")
            self.constants[key] = np.full(shape, number)
        return key

    # --- entries as text ----------------------------------------------------------------------------------------------

    def text(self, at: Argument) -> str:
        """An expression, in brackets where it needs them, whose value has these entries.   Raises: Unprocessable."""
        if isinstance(at, float):
            return written_number(at)
        self._pieces += 1
        if self._pieces > _MOST_PIECES:
            raise refused("the model moves single numbers about so much that formulas would be longer than is allowed")
        value = self._sheet.of(int(at.flat[0]))
        is_number = value.op == "constant" and not value.shape and value.numbers is not None
        if is_number and not at.ndim and value.numbers is not None:
            return written_number(float(value.numbers))
        if (at.size > 1 or is_number) and bool((at == at.flat[0]).all()):
            return self._repeated(value, at)
        local = at - value.start
        if local.min() >= 0 and local.max() < math.prod(value.shape):
            found = _form(self.name(value), value.shape, local)
            if found:
                return found
        return self._widened(at) or self._joined(at)

    def _repeated(self, value: Value, at: Entries) -> str:
        if value.op == "constant" and value.numbers is not None:
            return self._filled(float(value.numbers.flat[int(at.flat[0]) - value.start]), at.shape)
        return f"({self.text(at.ravel()[:1].reshape(()))} * {self._filled(1.0, at.shape)})"

    def _widened(self, at: Entries) -> str:
        """One row, or one column, over and over; empty where it is not that."""
        if at.ndim == 2 and len(at) > 1 and bool((at == at[:1]).all()):
            return f"({self.text(at[0])} * {self._filled(1.0, (len(at), 1))})"
        if at.ndim == 2 and at.shape[1] > 1 and bool((at == at[:, :1]).all()):
            return f"({self.text(at[:, :1])} * {self._filled(1.0, (at.shape[1],))})"
        return ""

    def _joined(self, at: Entries) -> str:
        """Pieces of values, one behind the other."""
        if at.ndim < 2:
            pieces = [self.text(at[a:b]) for a, b in self._runs(at[:, None], len(at))]
            return f"concat([{', '.join(pieces)}])"
        owners = np.searchsorted(self._sheet.starts, at, side="right")
        down, across = _alike(owners), _alike(owners.T)
        if max(len(down), len(across)) < 2:
            down, across = self._runs(at, _MOST_RUNS), self._runs(at.T, _MOST_RUNS)
        if max(len(down), len(across)) < 2:
            return f"reshape({self.text(at.ravel())}, {at.shape})"
        if len(across) < 2 or 1 < len(down) <= len(across):
            return f"concat([{', '.join(self.text(at[a:b]) for a, b in down)}])"
        return f"concat([{', '.join(self.text(at[:, a:b]) for a, b in across)}], axis=1)"

    def _runs(self, at: Entries, most: int) -> list[tuple[int, int]]:
        """Rows, from and to, that go on in equal steps within one value; none where there are too many."""
        steps = at[1:] - at[:-1]
        step = steps[:, 0]
        places = np.searchsorted(self._sheet.starts, at[:, 0], side="right")
        goes_on = (steps == steps[:, :1]).all(1) & (step > 0) & (places[1:] == places[:-1])
        bounds = [0]
        for row in range(1, len(at)):
            begun = bounds[-1]
            if not goes_on[row - 1] or (row - begun > 1 and step[row - 1] != step[row - 2]):
                bounds.append(row)
                if len(bounds) > most:
                    return []
        return [*zip(bounds, [*bounds[1:], len(at)], strict=True)]


def _alike(owners: Entries) -> list[tuple[int, int]]:
    """Rows, from and to, whose entries are of the same values; none where there are too many."""
    changes = (owners[1:] != owners[:-1]).any(1).nonzero()[0] + 1
    bounds = [0, *changes.tolist()]
    return [] if len(bounds) > _MOST_RUNS else [*zip(bounds, [*bounds[1:], len(owners)], strict=True)]


_NUMBERED = re.compile(r"/?(\d+)[/.]([A-Za-z]+)(.*)")


def identifier(told: str) -> str:
    """A short name that formulas can read; empty where nothing is left.

    "fc1_weight" of "fc1.weight", "fc1" of "/fc1/Gemm_output_0", "conv0" of "/0/Conv_output_0", "dense_kernel" of Keras.
    """
    told = re.sub(r"_output_\d+(?=_|$)|:0", "", told)
    numbered = _NUMBERED.fullmatch(told)
    if numbered:
        told = f"{numbered[2].lower()}{numbered[1]}{numbered[3]}"
    parts = [part for part in re.split(r"/|::", told) if part]
    if len(parts) > 2 and parts[-1].startswith("ReadVariableOp"):
        parts = [parts[-3], "bias" if parts[-2] in ("BiasAdd", "Add", "add") else "kernel"]
    elif told.startswith("/") and len(parts) > 1:  # of PyTorch: modules within one another, and an op
        parts = [parts[-2], re.sub("^[A-Za-z]+", "", parts[-1])]
    name = re.sub(r"\W+", "_", "_".join(part for part in parts[-2:] if part), flags=re.ASCII)
    name = re.sub("_+", "_", name).strip("_")
    name = f"layer{name}" if name[:1].isdigit() else name
    return name[: limits.FORMULA_NAME].rstrip("_")


# --- a part of one value ----------------------------------------------------------------------------------------------


def _form(name: str, shape: Shape, local: Entries) -> str:
    """How entries of one value are read, its own numbered from 0; empty where not at once."""
    if local.shape == shape and bool((local.ravel() == np.arange(local.size)).all()):
        return name
    if not shape:
        return f"reshape({name}, {local.shape})" if local.ndim else name
    rows = shape if len(shape) == 2 else (1, shape[0])
    if len(shape) == 2:
        found = _cut(name, rows, local)
        if found:
            return found
        if local.ndim == 2:
            found = _cut(name, rows, local.T)
            if found:
                return f"{found}.T"
    found = _line(name, rows, local, len(shape))
    if found or local.ndim < 2:
        return found
    found = _line(name, rows, local.T, len(shape))
    return f"{found}.T" if found else ""


def _cut(name: str, shape: Shape, local: Entries) -> str:
    """Entries of a matrix where some rows and some columns meet."""
    columns = shape[1]
    if local.ndim == 0:
        return f"{name}[{int(local) // columns}, {int(local) % columns}]"
    if local.ndim == 1:
        down, across = _steps(local // columns, shape[0]), _steps(local % columns, columns)
        row, column = int(local[0]) // columns, int(local[0]) % columns
        if across and bool((local // columns == row).all()):
            return f"{name}[{row}]" if across == ":" else f"{name}[{row}, {across}]"
        return f"{name}[{down}, {column}]" if down and bool((local % columns == column).all()) else ""
    i, j = local[:, 0] // columns, local[0] % columns
    down, across = _steps(i, shape[0]), _steps(j, columns)
    if not down or not across or not bool((np.add.outer(i * columns, j) == local).all()):
        return ""
    inside = down if across == ":" else f"{down}, {across}"
    return name if inside == ":" else f"{name}[{inside}]"


def _line(name: str, shape: Shape, local: Entries, axes: int) -> str:
    """Entries that follow one another where the value is read line by line, or column by column."""
    flat = local.ravel()
    found = _followed(name, shape, flat, axes)
    if not found and axes == 2:
        found = _followed(f"{name}.T", shape[::-1], (flat % shape[1]) * shape[0] + flat // shape[1], axes)
    if not found or local.ndim == 1:
        return found
    if local.ndim == 0:
        return f"{found}[0]" if not found.endswith(":1]") else f"{name}[{int(local)}]"
    if axes == 1 and local.shape[1] == 1:
        return f"{found}[:, None]"
    if found.startswith("reshape(") and found.endswith(", -1)"):
        return f"{found.removesuffix('-1)')}{local.shape})"
    return f"reshape({found}, {local.shape})"


def _followed(name: str, shape: Shape, flat: Entries, axes: int) -> str:
    """A vector of such entries."""
    rows, columns = shape
    steps = _steps(flat, rows * columns)
    if not steps:
        return ""
    if axes == 1:
        return name if steps == ":" else f"{name}[{steps}]"
    if steps == ":":
        return f"reshape({name}, -1)"
    turned = name.endswith(".T")
    plain = name.removesuffix(".T")
    row, first = int(flat[0]) // columns, int(flat[0]) % columns
    if int(flat[-1]) // columns == row:
        inside = _steps(flat - row * columns, columns)
        if turned:
            return f"{plain}[{inside}, {row}]"
        return f"{plain}[{row}]" if inside == ":" else f"{plain}[{row}, {inside}]"
    down = _steps(flat // columns, rows)
    if down and not turned and bool((flat % columns == first).all()):
        return f"{plain}[{down}, {first}]"
    if first == 0 and len(flat) % columns == 0 and int(flat[-1]) - int(flat[0]) == len(flat) - 1:
        some = f"{row}:{row + len(flat) // columns}"
        return f"reshape({plain}[:, {some}].T, -1)" if turned else f"reshape({plain}[{some}], -1)"
    return f"reshape({name}, -1)[{steps}]"


def _steps(places: Entries, size: int) -> str:
    """A slice of an axis, ":" for all of it; empty where the places do not go up in equal steps."""
    places = np.atleast_1d(places)
    step = int(places[1] - places[0]) if len(places) > 1 else 1
    if step < 1 or (len(places) > 1 and not bool((np.diff(places) == step).all())):
        return ""
    first, last = int(places[0]), int(places[-1]) + 1
    begin, end = ("" if first == 0 else str(first)), ("" if last == size else str(last))
    return f"{begin}:{end}" + (f":{step}" if step > 1 else "")
