"""A model that is more than layers, as formulas: its lines, a cost behind them, data or constants to begin with."""

import math
from collections.abc import Generator, Sequence
from typing import Any, NamedTuple

import numpy as np

from app import limits
from app.models import experiments
from app.models.choices import Choices
from app.models.experiments import Chosen
from app.models.sheet import Entries, Shape, Sheet, Value
from app.models.writing import Writer

Made = tuple[dict[str, Any], list[Chosen]]


class Given(NamedTuple):
    """What goes in: its name and shape in the file, and its value in the sheet."""

    name: str
    shape: Shape
    value: Value


class _Laid(NamedTuple):
    """What comes out as a matrix, and for each entry of that its place in the output."""

    at: Entries
    order: Entries
    op: str


def of_formulas(
    title: str, sheet: Sheet, given: Sequence[Given], output: Entries, choices: Choices
) -> Generator[None, None, Made]:
    """The document, and what was chosen.   Raises: Unprocessable."""
    batch = _batch(given, output)
    laid = _laid_out(sheet, output, batch)
    cost = experiments.cost_of(laid.op, choices)
    writer = Writer(sheet, ("x", "y", "C") if batch else ("y", "C"))
    for it in given:
        writer.called(it.value, "x" if batch else writer.unique(it.name, "input"))
    yield from writer.lines_for(output)
    shape = (batch, output.size // batch) if batch else laid.at.shape
    y = sheet.leaf("input", np.zeros(shape), "y").at
    writer.called(sheet.values[-1], "y")
    target = writer.text(y.ravel()[laid.order].reshape(laid.at.shape) if batch else y)
    writer.lines.append(_last_line(cost.value, laid, writer.text(laid.at), target))
    yield
    document = {"title": title, "optimizer": {"name": "sgd", "learning_rate": 0.1}}
    beside = _data(given[0], batch, laid, cost.value, choices) if batch else {}
    constants = {} if batch else _inputs(writer, given, laid, cost.value, choices)
    written = {
        "text": "\n".join(writer.lines) + "\n",
        "parameters": {name: it.tolist() for name, it in writer.parameters.items()},
        "constants": constants | {name: it.tolist() for name, it in writer.constants.items()},
    }
    return {**document, **beside, "formulas": written}, [cost, experiments.data_chosen(choices)]


def _batch(given: Sequence[Given], output: Entries) -> int:
    """How many rows of data go in at once; 0 where what goes in is no row of data."""
    if len(given) != 1 or len(given[0].shape) < 2 or not output.ndim:
        return 0
    rows, *sizes = given[0].shape
    fits = len(output) == rows and max(math.prod(sizes), output.size // rows) <= limits.WIDTH
    return rows if fits else 0


def _laid_out(sheet: Sheet, output: Entries, batch: int) -> _Laid:
    """In the arrangement of the value that comes out, if it is one value."""
    last = sheet.of(int(output.flat[0]))
    local = output.ravel() - last.start
    inside = local.min() >= 0 and local.max() < math.prod(last.shape)
    op = last.op if inside else "one of several"
    if inside and len(last.shape) == 2 and np.array_equal(np.sort(local), np.arange(math.prod(last.shape))):
        return _Laid(last.entries, np.argsort(local), op)
    if output.ndim >= 2:
        return _Laid(output.reshape(-1, output.shape[-1]), np.arange(output.size), op)
    return _Laid(output.reshape((batch or 1, -1)), np.arange(output.size), op)


def _last_line(cost: str, laid: _Laid, result: str, target: str) -> str:
    if cost == "cross_entropy" and laid.op == "log_softmax":
        rows = f" / {len(laid.at)}" if len(laid.at) > 1 else ""
        return f"C = -sum({target} * {result}){rows}"
    return f"C = {cost}({result}, {target})"


def _data(given: Given, batch: int, laid: _Laid, cost: str, choices: Choices) -> dict[str, Any]:
    """Rows of x and y: as many as go in at once, or where that is one, several, one an iteration."""
    passes = choices.rows if batch == 1 else 1
    targets = experiments.targets_drawn(passes, laid.at.shape, cost, choices).reshape(passes, -1)
    y = np.empty_like(targets)
    y[:, laid.order] = targets
    x = experiments.inputs_drawn((passes * batch, math.prod(given.shape[1:])), choices)
    data = {"x": x.tolist(), "y": y.reshape(passes * batch, -1).tolist()}
    return {"data": data} | ({"batch_size": batch} if passes > 1 else {})


def _inputs(writer: Writer, given: Sequence[Given], laid: _Laid, cost: str, choices: Choices) -> dict[str, Any]:
    """What goes in and the targets, as constants."""
    found = {"y": experiments.targets_drawn(1, laid.at.shape, cost, choices)[0].tolist()}
    for place, it in enumerate(given):
        name = writer.name_of(it.value)
        if name in writer.read:
            drawn = experiments.inputs_drawn(it.value.shape, choices._replace(seed=choices.seed + place))
            found[name] = drawn.tolist()
    return found
