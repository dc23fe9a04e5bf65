"""How the values of an Experiment fit together: what is wrong between values that are right by themselves.

Each check yields faults, so one answer tells all of them. A check that needs sound shapes is only made where they are.
"""

from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from app import limits, memory
from app.core.activations import ACTIVATIONS
from app.core.costs import COSTS, REDUCTIONS
from app.core.optimizers import OPTIMIZERS
from app.problems import Fault, Unprocessable, pointer, quoted, spelled
from app.schemas import Data, Experiment, LayerBase, Network, OptimizerBase, Rows, validate, validated

Path = tuple[str | int, ...]
_LAYERS: Path = ("network", "layers")
_LAYER_FIELDS = frozenset(LayerBase.model_fields)
_OPTIMIZER_FIELDS = frozenset(OptimizerBase.model_fields)


def parse(document: dict[str, Any]) -> Experiment:
    """The checked experiment.   Raises: Unprocessable, with every fault found."""
    experiment = validate(document, Experiment)
    faults = [fault for fault in _faults(experiment) if fault is not None]
    if faults:
        raise Unprocessable(faults)
    return experiment


def parsed(document: dict[str, Any], *, spent: bool = False) -> Generator[None, None, Experiment]:
    """The same in slices; a document that is `spent` has its matrices no more (see `validated`)."""
    experiment = yield from validated(document, spent=spent)
    faults: list[Fault] = []
    for fault in _faults(experiment):
        if fault is None:
            yield
        else:
            faults.append(fault)
    if faults:
        raise Unprocessable(faults)
    return experiment


def _faults(experiment: Experiment) -> Iterator[Fault | None]:
    """What is wrong; None is a moment at which the search can be left for a while."""
    network = experiment.network
    yield from known(network.cost, COSTS, "cost", ("network", "cost"))
    yield from known(network.reduction, REDUCTIONS, "reduction", ("network", "reduction"))
    yield from _optimizer(experiment)
    layers = list(_layers(network))
    yield from layers
    if not layers:
        yield from memory.faults(experiment)
        yield from _data(experiment.data, inputs=_takes(network.layers[0]), outputs=_gives(network.layers[-1]))
        yield from _sizes(experiment)


def known(name: str, table: Collection[str], noun: str, path: Path) -> Iterator[Fault]:
    """Whether a name is that of a row."""
    if name not in table:
        yield Fault(pointer(path), f"{noun} {quoted(name)} is unknown; allowed are {', '.join(table)}")


def _foreign_fields(
    model: BaseModel, own: frozenset[str], fields: Mapping[str, float], owner: str, path: Path
) -> Iterator[Fault]:
    """Optional fields that were given, but belong to another row of the table."""
    for name in sorted(model.model_fields_set - own):
        if name not in fields and getattr(model, name) is not None:
            takes = f"takes {', '.join(fields)}" if fields else "takes none"
            yield Fault(pointer((*path, name)), f"{owner} has no field {name}; it {takes}")


# --- the optimizer ----------------------------------------------------------------------------------------------------


def _optimizer(experiment: Experiment) -> Iterator[Fault]:
    optimizer = experiment.optimizer
    yield from known(optimizer.name, OPTIMIZERS, "optimizer", ("optimizer", "name"))
    if optimizer.name in OPTIMIZERS:
        fields = OPTIMIZERS[optimizer.name].fields
        yield from _foreign_fields(optimizer, _OPTIMIZER_FIELDS, fields, optimizer.name, ("optimizer",))
        below = OPTIMIZERS[optimizer.name].below
        for name in sorted(optimizer.model_fields_set - _OPTIMIZER_FIELDS):
            yield from _field(name, getattr(optimizer, name), below.get(name))


def _field(name: str, value: float | None, below: float | None) -> Iterator[Fault]:
    path = pointer(("optimizer", name))
    if value is not None and value < 0.0:
        yield Fault(path, f"{name} is {quoted(value)}; it must be 0 or more")
    if value is not None and below is not None and value >= below:
        yield Fault(path, f"{name} is {quoted(value)}; it must be less than {below:g}")


# --- the layers -------------------------------------------------------------------------------------------------------


def _layers(network: Network) -> Iterator[Fault]:
    gives: int | None = None
    last = len(network.layers) - 1
    for number, layer in enumerate(network.layers):
        yield from _activation(layer, number, last)
        faults = list(_matrix(layer.weights, (*_LAYERS, number, "weights"), limits.WIDTH))
        yield from faults
        if not faults:
            yield from _fit(layer, number, gives)
        gives = None if faults else _gives(layer)


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


def _fit(layer: Any, number: int, gives: int | None) -> Iterator[Fault]:
    """Whether a layer fits the one before, which gives so many outputs (None: nothing is known), and its bias."""
    path = (*_LAYERS, number)
    if gives is not None and _takes(layer) != gives:
        inputs = "1 input" if _takes(layer) == 1 else f"{_takes(layer)} inputs"
        detail = f"layer {number} takes {inputs}, but layer {number - 1} gives {gives}"
        yield Fault(pointer((*path, "weights")), detail)
    if layer.bias is not None and len(layer.bias) != _gives(layer):
        has = f"the bias of layer {number} has {len(layer.bias)} numbers"
        yield Fault(pointer((*path, "bias")), f"{has}, but the layer has {_gives(layer)} neurons")


def _takes(layer: Any) -> int:
    return len(layer.weights)


def _gives(layer: Any) -> int:
    return len(layer.weights[0])


def _matrix(matrix: list[list[float]], path: Path, most_rows: int) -> Iterator[Fault]:
    if not matrix or not matrix[0]:
        yield Fault(pointer(path), f"{spelled(path)} is empty; it needs at least one row and one column")
        return
    columns = len(matrix[0])
    if len(matrix) > most_rows:
        yield Fault(pointer(path), f"{spelled(path)} has {len(matrix)} rows; at most {most_rows} are allowed")
    if columns > limits.WIDTH:
        yield Fault(pointer(path), f"{spelled(path)} has {columns} columns; at most {limits.WIDTH} are allowed")
    for number, row in enumerate(matrix):
        if len(row) != columns:
            detail = f"row {number} of {spelled(path)} has {len(row)} numbers, but row 0 has {columns}"
            yield Fault(pointer((*path, number)), detail)
            return


# --- the data ---------------------------------------------------------------------------------------------------------


def _data(data: Data, inputs: int, outputs: int) -> Iterator[Fault]:
    yield from _rows(data, ("data",), inputs, outputs)
    if data.held_back is not None:
        yield from _rows(data.held_back, ("data", "held_back"), inputs, outputs)
    yield from _names(data.features, "features", inputs, "inputs")
    yield from _names(data.classes, "classes", outputs, "outputs")
    if data.image_shape is not None:
        yield from _image_shape(data.image_shape, inputs)


def _rows(rows: Rows, path: Path, inputs: int, outputs: int) -> Iterator[Fault]:
    yield from _columns(rows.x, (*path, "x"), "takes", inputs)
    yield from _columns(rows.y, (*path, "y"), "gives", outputs)
    if rows.x and rows.y and len(rows.x) != len(rows.y):
        detail = f"{spelled((*path, 'x'))} has {len(rows.x)} rows, but {spelled((*path, 'y'))} has {len(rows.y)}"
        yield Fault(pointer((*path, "y")), detail)


def _columns(matrix: list[list[float]], path: Path, side: str, count: int) -> Iterator[Fault]:
    faults = list(_matrix(matrix, path, limits.ROWS))
    yield from faults
    if not faults and len(matrix[0]) != count:
        detail = f"a row of {spelled(path)} has {len(matrix[0])} numbers, but the network {side} {count}"
        yield Fault(pointer(path), detail)


def _names(names: Sequence[str] | None, thing: str, count: int, what: str) -> Iterator[Fault]:
    if names is not None and len(names) != count:
        yield Fault(f"/data/{thing}", f"{thing} has {len(names)} names, but the network has {count} {what}")


def _image_shape(shape: tuple[int, int], inputs: int) -> Iterator[Fault]:
    rows, columns = shape
    if min(shape) < 1 or rows * columns != inputs:
        given = f"{quoted(rows)} × {quoted(columns)}"
        yield Fault("/data/image_shape", f"image_shape is {given}, but a row of x has {inputs} numbers")


def _sizes(experiment: Experiment) -> Iterator[Fault]:
    network, rows, size = experiment.network, len(experiment.data.x), experiment.batch_size
    if size is not None and size > rows:
        yield Fault("/batch_size", f"batch_size is {quoted(size)}, but there are {rows} rows")
    parameters = sum(_takes(layer) * _gives(layer) + len(layer.bias or ()) for layer in network.layers)
    if parameters > limits.PARAMETERS:
        detail = f"the network has {parameters} parameters; at most {limits.PARAMETERS} are allowed"
        yield Fault("/network/layers", detail)
    numbers = sum(_answer_numbers(layer, min(rows, size or rows)) for layer in network.layers)
    if numbers > limits.ANSWER_NUMBERS:
        yield Fault("", f"the trace would hold {numbers} numbers; at most {limits.ANSWER_NUMBERS} are allowed")


def _answer_numbers(layer: Any, examples: int) -> int:
    """About how many numbers of a full trace a layer makes: value and gradient by node, two more by edge."""
    takes, gives = _takes(layer), _gives(layer)
    per_row = layer.activation in ACTIVATIONS and ACTIVATIONS[layer.activation].per_row
    jacobian = examples * gives * gives if per_row else 0
    return 6 * takes * gives + 4 * examples * takes + 8 * examples * gives + jacobian
