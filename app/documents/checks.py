"""From a document whose values are right by themselves to arrays, and whether these fit together.

Shapes are looked at once there are arrays. All faults are found before one is told; what needs sound shapes is only
looked at where they are.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from pydantic import BaseModel

from app import limits
from app.core.graph.activations import ACTIVATIONS
from app.core.graph.costs import COSTS, REDUCTIONS
from app.core.graph.network import Architecture, Layer, Network
from app.core.graph.ops import Array
from app.core.training import iteration
from app.core.training.optimizers import OPTIMIZERS, Memory
from app.documents import optimizer_state
from app.documents.experiment import Data, Experiment, LayerBase, OptimizerBase, Rows
from app.documents.problems import Fault, Unprocessable, pointer, quoted, spelled

Path = tuple[str | int, ...]
_LAYERS: Path = ("network", "layers")
_LAYER_FIELDS = frozenset(LayerBase.model_fields)
_OPTIMIZER_FIELDS = frozenset(OptimizerBase.model_fields)
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
    network, optimizer = document.network, document.optimizer
    faults = [
        *known(network.cost, COSTS, "cost", ("network", "cost")),
        *known(network.reduction, REDUCTIONS, "reduction", ("network", "reduction")),
        *_optimizer(optimizer),
    ]
    parameters: list[Array] = []
    layers = _layers(document, parameters, layer_faults := list[Fault]())
    faults += layer_faults
    beside: dict[str, Any] = {}
    state: dict[str, Memory] | None = None
    x = y = _NOTHING
    if not layer_faults:
        if optimizer.name in OPTIMIZERS:
            state = optimizer_state.arrays(document.optimizer_state, OPTIMIZERS[optimizer.name], layers, faults)
        x, y, beside = _data(document.data, layers[0].inputs, layers[-1].outputs, faults)
        faults += _sizes(document, layers)
    if faults:
        raise Unprocessable(faults)
    experiment = iteration.Experiment(
        Network(Architecture(tuple(layers), network.cost, network.reduction), tuple(parameters)),
        x,
        y,
        optimizer.name,
        _given(optimizer, OPTIMIZERS[optimizer.name].fields),
        document.batch_size,
        document.iteration,
        state,
    )
    return Read(Beside(document.title, beside), experiment)


_NOTHING = np.empty((0, 0))


def known(name: str, table: Collection[str], noun: str, path: Path) -> Iterator[Fault]:
    """Whether a name is that of a row."""
    if name not in table:
        yield Fault(pointer(path), f"{noun} {quoted(name)} is unknown; allowed are {', '.join(table)}")


def _foreign_fields(
    model: BaseModel, own: frozenset[str], fields: Mapping[str, float], owner: str, path: Path
) -> Iterator[Fault]:
    """Optional fields that were given, but belong to another row of the table."""
    for name in sorted(model.model_fields_set - own - fields.keys()):
        if getattr(model, name) is not None:
            takes = f"takes {', '.join(fields)}" if fields else "takes none"
            yield Fault(pointer((*path, name)), f"{owner} has no field {name}; it {takes}")


def _given(model: Any, defaults: Mapping[str, float]) -> dict[str, float]:
    """The fields of a table's row: as the document has them, or else their defaults."""
    given: dict[str, float] = dict(defaults)
    for name in defaults:
        value = getattr(model, name)
        if value is not None:
            given[name] = value if isinstance(value, bool) else value + 0.0  # −0 is 0: graphs are kept by it
    return given


# --- the optimizer ----------------------------------------------------------------------------------------------------


def _optimizer(optimizer: OptimizerBase) -> Iterator[Fault]:
    yield from known(optimizer.name, OPTIMIZERS, "optimizer", ("optimizer", "name"))
    if optimizer.name in OPTIMIZERS:
        row = OPTIMIZERS[optimizer.name]
        yield from _foreign_fields(optimizer, _OPTIMIZER_FIELDS, row.fields, row.name, ("optimizer",))
        for name in sorted(optimizer.model_fields_set - _OPTIMIZER_FIELDS):
            yield from _field(name, getattr(optimizer, name), row.below.get(name))


def _field(name: str, value: float | None, below: float | None) -> Iterator[Fault]:
    if value is not None and value < 0.0:
        yield Fault(pointer(("optimizer", name)), f"{name} is {quoted(value)}; it must be 0 or more")
    if value is not None and below is not None and value >= below:
        yield Fault(pointer(("optimizer", name)), f"{name} is {quoted(value)}; it must be less than {below:g}")


# --- the layers -------------------------------------------------------------------------------------------------------


def _layers(document: Experiment, parameters: list[Array], faults: list[Fault]) -> list[Layer]:
    """The layers, and to `parameters` their arrays. Where there are faults, both are incomplete."""
    layers: list[Layer] = []
    gives: int | None = None  # of the layer before; None where nothing is known
    last = len(document.network.layers) - 1
    for number, layer in enumerate(document.network.layers):
        path = (*_LAYERS, number)
        faults += _activation(layer, number, last)
        weights = _matrix(layer.weights, (*path, "weights"), limits.WIDTH, faults)
        if weights is None:
            gives = None
            continue
        faults += _fit(layer, weights, number, gives)
        parameters.append(weights)
        if layer.bias is not None:
            parameters.append(np.array(layer.bias, np.float64))
        takes, gives = weights.shape
        options = _given(layer, ACTIVATIONS[layer.activation].options) if layer.activation in ACTIVATIONS else {}
        layers.append(Layer(takes, gives, layer.bias is not None, layer.activation, tuple(options.items())))
    return layers


def _activation(layer: Any, number: int, last: int) -> Iterator[Fault]:
    path = (*_LAYERS, number)
    yield from known(layer.activation, ACTIVATIONS, "activation", (*path, "activation"))
    if layer.activation not in ACTIVATIONS:
        return
    row = ACTIVATIONS[layer.activation]
    yield from _foreign_fields(layer, _LAYER_FIELDS, row.options, row.name, path)
    if row.per_row and number != last:
        detail = f"{row.name} may stand in the last layer only; this is layer {number}, and the last is layer {last}"
        yield Fault(pointer((*path, "activation")), detail)


def _fit(layer: Any, weights: Array, number: int, before: int | None) -> Iterator[Fault]:
    """Whether a layer fits the one before, which gives so many outputs, and its bias."""
    path = (*_LAYERS, number)
    takes, gives = weights.shape
    if before is not None and takes != before:
        inputs = "1 input" if takes == 1 else f"{takes} inputs"
        yield Fault(
            pointer((*path, "weights")), f"layer {number} takes {inputs}, but layer {number - 1} gives {before}"
        )
    if layer.bias is not None and len(layer.bias) != gives:
        has = f"the bias of layer {number} has {len(layer.bias)} numbers"
        yield Fault(pointer((*path, "bias")), f"{has}, but the layer has {gives} neurons")


def _matrix(rows: list[list[float]], path: Path, most_rows: int, faults: list[Fault]) -> Array | None:
    """The rows as an array; None where they are none, or too large a one."""
    if not rows or not rows[0]:
        faults.append(Fault(pointer(path), f"{spelled(path)} is empty; it needs at least one row and one column"))
        return None
    before, columns = len(faults), len(rows[0])
    if len(rows) > most_rows:
        detail = f"{spelled(path)} has {len(rows)} rows; at most {most_rows} are allowed"
        faults.append(Fault(pointer(path), detail))
    if columns > limits.WIDTH:
        detail = f"{spelled(path)} has {columns} columns; at most {limits.WIDTH} are allowed"
        faults.append(Fault(pointer(path), detail))
    try:
        array = np.array(rows, np.float64)
    except ValueError:
        number, row = next((number, row) for number, row in enumerate(rows) if len(row) != columns)
        detail = f"row {number} of {spelled(path)} has {len(row)} numbers, but row 0 has {columns}"
        faults.append(Fault(pointer((*path, number)), detail))
        return None
    return array if len(faults) == before else None


# --- the data ---------------------------------------------------------------------------------------------------------


def _data(data: Data, inputs: int, outputs: int, faults: list[Fault]) -> tuple[Array, Array, dict[str, Any]]:
    """The arrays x and y, and what there is besides. Where there are faults, they are as they come."""
    x, y = _rows(data, ("data",), inputs, outputs, faults)
    beside = {name: value for name in _BESIDE if (value := getattr(data, name)) is not None}
    if data.held_back is not None:
        beside["held_back"] = dict(
            zip("xy", _rows(data.held_back, ("data", "held_back"), inputs, outputs, faults), strict=True)
        )
    faults += _names(data.features, "features", inputs, "inputs")
    faults += _names(data.classes, "classes", outputs, "outputs")
    if data.image_shape is not None:
        faults += _image_shape(data.image_shape, inputs)
    return x, y, beside


def _rows(rows: Rows, path: Path, inputs: int, outputs: int, faults: list[Fault]) -> tuple[Array, Array]:
    x = _columns(rows.x, (*path, "x"), "takes", inputs, faults)
    y = _columns(rows.y, (*path, "y"), "gives", outputs, faults)
    if rows.x and rows.y and len(rows.x) != len(rows.y):
        detail = f"{spelled((*path, 'x'))} has {len(rows.x)} rows, but {spelled((*path, 'y'))} has {len(rows.y)}"
        faults.append(Fault(pointer((*path, "y")), detail))
    return x, y


def _columns(matrix: list[list[float]], path: Path, side: str, count: int, faults: list[Fault]) -> Array:
    array = _matrix(matrix, path, limits.ROWS, faults)
    if array is None:
        return _NOTHING
    if array.shape[1] != count:
        detail = f"a row of {spelled(path)} has {array.shape[1]} numbers, but the network {side} {count}"
        faults.append(Fault(pointer(path), detail))
    return array


def _names(names: Sequence[str] | None, thing: str, count: int, what: str) -> Iterator[Fault]:
    if names is not None and len(names) != count:
        yield Fault(f"/data/{thing}", f"{thing} has {len(names)} names, but the network has {count} {what}")


def _image_shape(shape: tuple[int, int], inputs: int) -> Iterator[Fault]:
    rows, columns = shape
    if min(shape) < 1 or rows * columns != inputs:
        given = f"{quoted(rows)} × {quoted(columns)}"
        yield Fault("/data/image_shape", f"image_shape is {given}, but a row of x has {inputs} numbers")


def _sizes(document: Experiment, layers: Sequence[Layer]) -> Iterator[Fault]:
    rows, size = len(document.data.x), document.batch_size
    if size is not None and size > rows:
        yield Fault("/batch_size", f"batch_size is {quoted(size)}, but there are {rows} rows")
    parameters = sum((layer.inputs + layer.has_bias) * layer.outputs for layer in layers)
    if parameters > limits.PARAMETERS:
        detail = f"the network has {parameters} parameters; at most {limits.PARAMETERS} are allowed"
        yield Fault("/network/layers", detail)
    numbers = sum(_answer_numbers(layer, min(rows, size or rows)) for layer in layers)
    if numbers > limits.ANSWER_NUMBERS:
        yield Fault("", f"the trace would hold {numbers} numbers; at most {limits.ANSWER_NUMBERS} are allowed")


def _answer_numbers(layer: Layer, examples: int) -> int:
    """About how many numbers of a full trace a layer makes: value and gradient by node, two more by edge."""
    takes, gives = layer.inputs, layer.outputs
    per_row = layer.activation in ACTIVATIONS and ACTIVATIONS[layer.activation].per_row
    jacobian = examples * gives * gives if per_row else 0
    return 6 * takes * gives + 4 * examples * takes + 8 * examples * gives + jacobian
