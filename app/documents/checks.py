"""From a document whose values are right by themselves to arrays, and whether these fit together.

Shapes are looked at once there are arrays. All faults are found before one is told; what needs sound shapes is only
looked at where they are.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from app import limits
from app.core.graph.activations import ACTIVATIONS
from app.core.graph.costs import COSTS, REDUCTIONS
from app.core.graph.network import Architecture, Layer, Network, parameter_shapes
from app.core.graph.ops import Array
from app.core.graph.penalties import PENALTIES, Penalty
from app.core.training import iteration
from app.core.training.optimizers import OPTIMIZERS, Memory, Optimizer
from app.core.training.schedules import SCHEDULES, Schedule
from app.documents import optimizer_state
from app.documents.experiment import ORIENTATIONS, OUT_IN, Data, Experiment, Rows, Strict
from app.documents.problems import Fault, Faults, Path, Unprocessable, quoted, spelled, wrong

_LAYERS = ("network", "layers")
_BESIDE = [name for name in Data.model_fields if name not in Rows.model_fields]


class Beside(NamedTuple):
    """What was posted besides all that is computed with: it is said again in an answer's experiment.

    `data` has the fields of the contract's data, but for x and y, that are there.
    """

    title: str | None
    data: dict[str, Any]


class Read(NamedTuple):
    """A posted experiment: its arrays, and what it has beside them."""

    beside: Beside
    experiment: iteration.Experiment


def arrays(document: Experiment) -> Read:
    """The experiment in arrays that fit together.   Raises: Unprocessable, with every fault found."""
    if document.formulas is not None:
        from app.documents import formulas  # which few experiments need

        if document.network is not None:
            raise wrong("/formulas", "there are a network and formulas; an experiment has one of the two")
        return formulas.arrays(document, document.formulas)
    network, data, faults = document.network, document.data, Faults()
    if network is None or data is None:
        missing = [name for name, value in (("network", network), ("data", data)) if value is None]
        raise Unprocessable([Fault(f"/{name}", f"{name} is missing") for name in missing])
    known(network.cost, COSTS, "cost", ("network", "cost"), faults)
    known(network.reduction, REDUCTIONS, "reduction", ("network", "reduction"), faults)
    held = penalty(network.penalty, faults)
    row = optimizer(document.optimizer, faults)
    falls = schedule(document, row, faults)
    before = len(faults)
    layers, parameters = _layers(network.layers, faults)
    beside: dict[str, Any] = {}
    state: dict[str, Memory] | None = None
    x = y = _NOTHING
    if len(faults) == before:
        if row is not None:
            state = optimizer_state.arrays(document.optimizer_state, row, parameter_shapes(layers), faults)
        x, y = _rows(data, ("data",), layers[0].inputs, layers[-1].outputs, faults)
        beside = beside_rows(data, layers[0].inputs, layers[-1].outputs, faults)
        _sizes(document, data, layers, parameters, faults)
    if faults or row is None:
        if _fits_turned(network.layers, data):
            faults[0] = faults[0]._replace(detail=f"{faults[0].detail}; {_TURNED}")
        raise Unprocessable(faults)
    drops = document.dropout_seed is not None and any(layer.dropout for layer in layers)
    architecture = Architecture(tuple(layers), network.cost, network.reduction, held, drops)
    model, fields = Network(architecture, tuple(parameters)), row.told(given(document.optimizer, row.fields))
    seeds = (document.shuffle_seed, document.dropout_seed)
    experiment = iteration.Experiment(
        model, x, y, row.name, fields, document.batch_size, document.iteration, state, falls, *seeds
    )
    return Read(Beside(document.title, beside), experiment)


_NOTHING = np.empty((0, 0))


def known(name: str, table: Collection[str], noun: str, path: Path, faults: Faults) -> bool:
    """Whether a name is that of a row."""
    if name in table:
        return True
    faults.add(path, f"{noun} {quoted(name)} is unknown; allowed are {', '.join(table)}")
    return False


def _foreign_fields(model: Strict, fields: Mapping[str, float], owner: str, path: Path, faults: Faults) -> None:
    """Optional fields that were given, but belong to another row of the table."""
    for name in sorted(model.model_fields_set - model.own - fields.keys()):
        if getattr(model, name) is not None:
            takes = f"takes {', '.join(fields)}" if fields else "takes none"
            faults.add((*path, name), f"{owner} has no field {name}; it {takes}")


def given(model: Any, defaults: Mapping[str, float]) -> dict[str, float]:
    """The fields of a table's row: as the document has them, or else their defaults."""
    found: dict[str, float] = dict(defaults)
    for name in defaults:
        value = getattr(model, name)
        if value is not None:
            found[name] = value if isinstance(value, bool) else value + 0.0  # −0 is 0: graphs are kept by it
    return found


def optimizer(posted: Any, faults: Faults) -> Optimizer | None:
    """The row of the table, if all of it is right."""
    if not known(posted.name, OPTIMIZERS, "optimizer", ("optimizer", "name"), faults):
        return None
    row = OPTIMIZERS[posted.name]
    _foreign_fields(posted, row.fields, row.name, ("optimizer",), faults)
    for name in sorted(posted.model_fields_set - posted.own):
        value, below = getattr(posted, name), row.below.get(name)
        if value is not None and value < 0.0:
            faults.add(("optimizer", name), f"{name} is {quoted(value)}; it must be 0 or more")
        if value is not None and below is not None and value >= below:
            faults.add(("optimizer", name), f"{name} is {quoted(value)}; it must be less than {below:g}")
    return row


def penalty(posted: Any, faults: Faults) -> Penalty | None:
    """What is added to the cost; None where nothing is, or nothing that is known."""
    path = ("network", "penalty")
    if posted is None or not known(posted.name, PENALTIES, "penalty", (*path, "name"), faults):
        return None
    row = PENALTIES[posted.name]
    _foreign_fields(posted, row.fields, row.name, path, faults)
    if posted.strength is not None and posted.strength < 0.0:
        faults.add((*path, "strength"), f"strength is {quoted(posted.strength)}; it must be 0 or more")
    return Penalty(row.name, tuple(given(posted, row.fields).items()))


def schedule(document: Experiment, falling: Optimizer | None, faults: Faults) -> Schedule | None:
    """How the learning rate of that optimizer falls; None where it stays, or falls in no way that is known."""
    posted = document.schedule
    if posted is None or not known(posted.name, SCHEDULES, "schedule", ("schedule", "name"), faults):
        return None
    row = SCHEDULES[posted.name]
    _foreign_fields(posted, row.fields, row.name, ("schedule",), faults)
    fields = given(posted, row.fields)
    for name, value in fields.items():
        shown = quoted(getattr(posted, name))
        most = row.most.get(name, math.inf)
        if name in row.whole and not (value >= 1.0 and value == math.floor(value)):
            faults.add(("schedule", name), f"{name} is {shown}; it must be a whole number, 1 or more")
        elif not 0.0 <= value <= most:
            bound = "0 or more" if most == math.inf else f"from 0 to {most:g}"
            faults.add(("schedule", name), f"{name} is {shown}; it must be {bound}")
    first = math.inf if falling is None else given(document.optimizer, falling.fields)["learning_rate"]
    if fields.get("least", 0.0) > first:
        detail = f"least is {quoted(fields['least'])}, above the learning rate {quoted(first)}; a rate falls"
        faults.add(("schedule", "least"), detail)
    return Schedule(row.name, {name: int(value) if name in row.whole else value for name, value in fields.items()})


# --- the layers -------------------------------------------------------------------------------------------------------


def _layers(posted: Sequence[Any], faults: Faults) -> tuple[list[Layer], list[Array]]:
    """The layers and their arrays. Where there are faults, both are incomplete."""
    layers: list[Layer] = []
    parameters: list[Array] = []
    gives: int | None = None  # of the layer before; None where nothing is known
    for number, layer in enumerate(posted):
        path = (*_LAYERS, number)
        row = ACTIVATIONS.get(layer.activation)
        if row is None:
            known(layer.activation, ACTIVATIONS, "activation", (*path, "activation"), faults)
        else:
            _foreign_fields(layer, row.options, row.name, path, faults)
        weights = matrix(layer.weights, (*path, "weights"), limits.WIDTH, faults)
        if weights is None:
            gives = None
            continue
        if layer.orientation is not None:
            known(layer.orientation, ORIENTATIONS, "orientation", (*path, "orientation"), faults)
        if layer.orientation == OUT_IN:
            weights = np.ascontiguousarray(weights.T)
        _fit(layer, weights, number, gives, faults)
        parameters.append(weights)
        if layer.bias is not None:
            parameters.append(np.array(layer.bias, np.float64))
        takes, gives = weights.shape
        options = () if row is None else tuple(given(layer, row.options).items())
        dropout = _dropout(layer.dropout, number, number == len(posted) - 1, faults)
        layers.append(Layer(takes, gives, layer.bias is not None, layer.activation, options, dropout))
    return layers, parameters


def _dropout(share: float | None, number: int, last: bool, faults: Faults) -> float:
    if share is None or share == 0.0:
        return 0.0
    path = (*_LAYERS, number, "dropout")
    if not 0.0 <= share < 1.0:
        faults.add(path, f"dropout is {quoted(share)}; it must be from 0 to below 1")
    elif last:
        faults.add(path, f"layer {number} is the last: what it gives is the answer, of which nothing can be left out")
    return share


_TURNED = (
    "with each matrix of weights turned all sizes fit: they are written for W · x, with a row for each output; "
    f'here it is x · W, with a row for each input. Say so in each layer: "orientation": "{OUT_IN}"'
)


def _fits_turned(layers: Sequence[Any], data: Data) -> bool:
    """Whether all sizes fit with the matrices as other books and libraries print them, a row for each output."""
    if any(layer.orientation is not None for layer in layers):
        return False
    rows = [*data.x[:1], *[layer.weights for layer in layers], *data.y[:1]]
    if len(rows) < len(layers) + 2 or not all(rows) or not all(layer.weights[0] for layer in layers):
        return False
    sizes = [len(data.x[0])]
    for layer in layers:
        gives, takes = len(layer.weights), len(layer.weights[0])
        if takes != sizes[-1] or (layer.bias is not None and len(layer.bias) != gives):
            return False
        sizes.append(gives)
    return sizes[-1] == len(data.y[0])


def _fit(layer: Any, weights: Array, number: int, before: int | None, faults: Faults) -> None:
    """Whether a layer fits the one before, which gives so many outputs, and its bias."""
    takes, gives = weights.shape
    if before is not None and takes != before:
        inputs = "1 input" if takes == 1 else f"{takes} inputs"
        detail = f"layer {number} takes {inputs}, but layer {number - 1} gives {before}"
        faults.add((*_LAYERS, number, "weights"), detail)
    if layer.bias is not None and len(layer.bias) != gives:
        has = f"the bias of layer {number} has {len(layer.bias)} numbers"
        faults.add((*_LAYERS, number, "bias"), f"{has}, but the layer has {gives} neurons")


def matrix(rows: list[list[float]], path: Path, most_rows: int, faults: Faults) -> Array | None:
    """The rows as an array; None where they are none, or too large a one."""
    if not rows or not rows[0]:
        faults.add(path, f"{spelled(path)} is empty; it needs at least one row and one column")
        return None
    before, columns = len(faults), len(rows[0])
    for count, most, noun in ((len(rows), most_rows, "rows"), (columns, limits.WIDTH, "columns")):
        if count > most:
            faults.add(path, f"{spelled(path)} has {count} {noun}; at most {most} are allowed")
    try:
        array = np.array(rows, np.float64)
    except ValueError:
        number, row = next((number, row) for number, row in enumerate(rows) if len(row) != columns)
        detail = f"row {number} of {spelled(path)} has {len(row)} numbers, but row 0 has {columns}"
        faults.add((*path, number), detail)
        return None
    return array if len(faults) == before else None


# --- the data ---------------------------------------------------------------------------------------------------------


def beside_rows(data: Data, inputs: int, outputs: int, faults: Faults) -> dict[str, Any]:
    """What data have besides x and y, which have so many columns."""
    beside = {name: value for name in _BESIDE if (value := getattr(data, name)) is not None}
    if data.held_back is not None:
        held_back = _rows(data.held_back, ("data", "held_back"), inputs, outputs, faults)
        beside["held_back"] = dict(zip("xy", held_back, strict=True))
    for thing, count, noun in (("features", inputs, "inputs"), ("classes", outputs, "outputs")):
        names = beside.get(thing)
        if names is not None and len(names) != count:
            faults.add(("data", thing), f"{thing} has {len(names)} names, but the network has {count} {noun}")
    if data.image_shape is not None:
        rows, columns = data.image_shape
        if min(rows, columns) < 1 or rows * columns != inputs:
            given = f"{quoted(rows)} × {quoted(columns)}"
            faults.add(("data", "image_shape"), f"image_shape is {given}, but a row of x has {inputs} numbers")
    return beside


def _rows(rows: Rows, path: Path, inputs: int, outputs: int, faults: Faults) -> tuple[Array, Array]:
    x = _columns(rows.x, (*path, "x"), "takes", inputs, faults)
    y = _columns(rows.y, (*path, "y"), "gives", outputs, faults)
    if rows.x and rows.y and len(rows.x) != len(rows.y):
        detail = f"{spelled((*path, 'x'))} has {len(rows.x)} rows, but {spelled((*path, 'y'))} has {len(rows.y)}"
        faults.add((*path, "y"), detail)
    return x, y


def _columns(posted: list[list[float]], path: Path, side: str, count: int, faults: Faults) -> Array:
    array = matrix(posted, path, limits.ROWS, faults)
    if array is None:
        return _NOTHING
    if array.shape[1] != count:
        faults.add(path, f"a row of {spelled(path)} has {array.shape[1]} numbers, but the network {side} {count}")
    return array


def _sizes(
    document: Experiment, data: Data, layers: Sequence[Layer], parameters: Sequence[Array], faults: Faults
) -> None:
    rows, size = len(data.x), document.batch_size
    demand_rows(size, rows, faults)
    numbers = sum([array.size for array in parameters])
    faults.add_beyond(limits.PARAMETERS, numbers, _LAYERS, f"the network has {numbers} parameters")
    numbers = sum([_answer_numbers(layer, min(rows, size or rows)) for layer in layers])
    faults.add_beyond(limits.ANSWER_NUMBERS, numbers, (), f"the trace would hold {numbers} numbers")


def demand_rows(size: int | None, rows: int, faults: Faults) -> None:
    """An iteration takes no more rows than there are."""
    if size is not None and size > rows:
        faults.add(("batch_size",), f"batch_size is {quoted(size)}, but there are {rows} rows")


def _answer_numbers(layer: Layer, examples: int) -> int:
    """About how many numbers of a full trace a layer makes: value and gradient by node, two more by edge."""
    takes, gives = layer.inputs, layer.outputs
    per_row = layer.activation in ACTIVATIONS and ACTIVATIONS[layer.activation].per_row
    jacobian = examples * gives * gives if per_row else 0
    dropped = 6 * examples * gives if layer.dropout else 0
    return 6 * takes * gives + 4 * examples * takes + 8 * examples * gives + jacobian + dropped
