"""A short experiment that is plainly sound, from its bytes to arrays in one go.

Nearly all that is posted is short and sound. To see that at a glance, while the arrays are made, takes a fraction of
the time that looking for faults does. Where the glance leaves any doubt, also about what has nothing wrong with it, the
answer is None, and the strict way (`body`, `checks`, `wire`) has the word on it.

What each value must be by itself, msgspec sees to while it reads; how they fit together is looked at after it. Of two
values of a key msgspec takes the last, so there must be as many colons as keys in what was read.
"""

import math
from collections.abc import Mapping
from typing import Annotated, Any

import numpy as np
from msgspec import UNSET, Meta, MsgspecError, Struct, UnsetType, defstruct, json
from msgspec.structs import astuple

from app import limits, memory, schemas, wire
from app.core.activations import ACTIVATIONS, Activation
from app.core.costs import COSTS, REDUCTIONS
from app.core.network import Architecture, Layer, Network, parameter_shapes
from app.core.ops import Array
from app.core.optimizers import COUNT, OPTIMIZERS, Memory, Optimizer
from app.core.training import Experiment

# Within these no layer can be wider than allowed, and no answer longer: it has fewer than 18 numbers for each
# parameter and row, and the square of the last width for each row.
_FEW, _LITTLE = min(1000, limits.WIDTH, limits.PARAMETERS), min(50_000, limits.ANSWER_NUMBERS // 20)

_Row = Annotated[list[float], Meta(min_length=1)]
_Matrix = Annotated[list[_Row], Meta(min_length=1)]
_Text = Annotated[str, Meta(max_length=limits.TEXT_CHARACTERS)]
_Texts = list[_Text] | UnsetType | None


class _Given(Struct, forbid_unknown_fields=True, gc=False):
    """An object of the document. What it need not have is UNSET where it has not."""


class _LayerBase(_Given):
    weights: _Matrix
    activation: str
    bias: _Row | UnsetType | None = UNSET


_OPTIONS = tuple(dict.fromkeys(name for row in ACTIVATIONS.values() for name in row.options))
_Layer: Any = defstruct("_Layer", [(name, float | UnsetType | None, UNSET) for name in _OPTIONS], bases=(_LayerBase,))


class _Network(_Given):
    layers: Annotated[list[_Layer], Meta(min_length=1, max_length=limits.LAYERS)]
    cost: str | UnsetType = UNSET
    reduction: str | UnsetType = UNSET


class _Rows(_Given):
    x: Annotated[_Matrix, Meta(max_length=limits.ROWS)]
    y: _Matrix


class _Data(_Rows):
    features: _Texts = UNSET
    classes: _Texts = UNSET
    held_back: _Rows | UnsetType | None = UNSET
    image_shape: tuple[int, int] | UnsetType | None = UNSET


class _Experiment(_Given):
    network: _Network
    data: _Data
    title: _Text | UnsetType | None = UNSET
    optimizer: dict[str, str | bool | float | None] | UnsetType = UNSET
    batch_size: Annotated[int, Meta(ge=1)] | UnsetType | None = UNSET
    iteration: Annotated[int, Meta(ge=0, le=limits.ITERATION)] | UnsetType = UNSET
    optimizer_state: dict[str, dict[str, int | float | list[float | list[float]]]] | UnsetType | None = UNSET


_read = json.Decoder(_Experiment).decode
_COST, _REDUCTION = (schemas.Network.model_fields[name].default for name in ("cost", "reduction"))
_OPTIMIZER: dict[str, Any] = {"name": schemas.OptimizerBase.model_fields["name"].default}
_new = tuple.__new__  # of a NamedTuple, in half the time that its own name takes


class _Doubt(Exception):
    """At a glance, this might be wrong."""


# What the reader raises, what has no such name, and what NumPy does about rows that are not alike.
_DOUBTS = (_Doubt, MsgspecError, LookupError, ValueError, RecursionError)


def read(body: bytes) -> wire.Read | None:
    """What the body says, in arrays; None where a stricter reader has to look at it."""
    try:
        given = _read(body)
        taken = _taken(given)
    except _DOUBTS:  # text that is not UTF-8 is a ValueError
        return None
    colons, keys = body.count(b":"), _keys(given)
    if colons != keys:
        # Or there are some in texts, where they can be counted if they stand as they are.
        beside = taken.beside
        texts = [beside.title or "", *beside.data.get("features", ()), *beside.data.get("classes", ())]
        if b"\\" in body or colons != keys + sum(text.count(":") for text in texts):
            return None
    return taken


def _keys(given: _Experiment) -> int:
    """How many keys there are in the document."""
    network, data, optimizer, state = given.network, given.data, given.optimizer, given.optimizer_state
    values = astuple(given) + astuple(network) + astuple(data)
    for layer in network.layers:
        values += astuple(layer)
    keys = len(values) - values.count(UNSET) + (0 if optimizer is UNSET else len(optimizer))
    if state is not UNSET and state is not None:
        keys += len(state) + sum(map(len, state.values()))
    return keys + 2 if isinstance(data.held_back, _Rows) else keys


def _taken(given: _Experiment) -> wire.Read:
    """What the document says, if it fits together.   Raises: one of `_DOUBTS`."""
    network, data = given.network, given.data
    x, y = np.array(data.x, np.float64), np.array(data.y, np.float64)
    rows, inputs = x.shape
    layers, parameters, numbers = _layers(network.layers, inputs)
    outputs = layers[-1].outputs
    cost = _COST if network.cost is UNSET else network.cost
    reduction = _REDUCTION if network.reduction is UNSET else network.reduction
    title = None if given.title is UNSET else given.title
    size = None if given.batch_size is UNSET else given.batch_size
    iteration = 0 if given.iteration is UNSET else given.iteration
    state = None if given.optimizer_state is UNSET else given.optimizer_state
    optimizer: dict[str, Any] = _OPTIMIZER if given.optimizer is UNSET else given.optimizer
    row = OPTIMIZERS[optimizer.get("name", _OPTIMIZER["name"])]
    if not (
        cost in COSTS
        and reduction in REDUCTIONS
        and y.shape == (rows, outputs)
        and numbers <= _FEW
        and rows * (numbers + outputs * outputs) <= _LITTLE
        and (size is None or size <= rows)
    ):
        raise _Doubt
    beside = _beside(data, inputs, outputs)
    remembered = None if state is None else _remembered(state, layers, row)
    fields = _fields(optimizer, row)
    network_ = _new(Network, (_new(Architecture, (tuple(layers), cost, reduction)), tuple(parameters)))
    experiment = _new(Experiment, (network_, x, y, row.name, fields, size, iteration, remembered))
    return _new(wire.Read, (_new(wire.Beside, (title, beside)), experiment))


def _layers(given: list[Any], width: int) -> tuple[list[Layer], list[Array], int]:
    """The layers, of which the first takes so many inputs, their parameters, and a bound on their numbers."""
    last = given[-1]
    layers: list[Layer] = []
    parameters: list[Array] = []
    numbers = 0
    for layer in given:
        row = ACTIVATIONS[layer.activation]
        weights, bias = np.array(layer.weights, np.float64), layer.bias
        takes, gives = weights.shape
        if takes != width or (row.per_row and layer is not last):
            raise _Doubt
        parameters.append(weights)
        has_bias = bias is not None and bias is not UNSET
        if has_bias:
            if len(bias) != gives:
                raise _Doubt
            parameters.append(np.array(bias, np.float64))
        layers.append(_new(Layer, (takes, gives, has_bias, row.name, _options(layer, row))))
        numbers += (takes + 1) * gives
        width = gives
    return layers, parameters, numbers


def _options(layer: Any, row: Activation) -> tuple[tuple[str, float], ...]:
    for name in _OPTIONS:
        if getattr(layer, name) is not UNSET and name not in row.options:
            raise _Doubt
    if not row.options:
        return ()
    return tuple([(name, _number(getattr(layer, name), default)) for name, default in row.options.items()])


def _number(value: float | UnsetType | None, default: float) -> float:
    """A number that was given, or the default where there is none or null."""
    return default if value is None or value is UNSET else value + 0.0  # −0 is 0: graphs are kept by it


def _fields(optimizer: Mapping[str, Any], row: Optimizer) -> dict[str, float]:
    fields = dict(row.fields)
    for name, value in optimizer.items():
        if name == "name" or value is None:
            if name != "name" and name not in fields:
                raise _Doubt
            continue
        if type(value) is not type(fields[name]):  # as read, a number is a float
            raise _Doubt
        fields[name] = value = value if type(value) is bool else value + 0.0
        if not 0.0 <= value < row.below.get(name, math.inf):
            raise _Doubt
    return fields


def _beside(data: _Data, inputs: int, outputs: int) -> dict[str, Any]:
    """What the data has besides x and y."""
    beside: dict[str, Any] = {}
    for name, texts, count in (("features", data.features, inputs), ("classes", data.classes, outputs)):
        if texts is not UNSET and texts is not None:
            if len(texts) != count:
                raise _Doubt
            beside[name] = texts
    held, shape = data.held_back, data.image_shape
    if isinstance(held, _Rows):
        x, y = np.array(held.x, np.float64), np.array(held.y, np.float64)
        if x.shape[1] != inputs or y.shape != (len(x), outputs):
            raise _Doubt
        beside["held_back"] = {"x": x, "y": y}
    if isinstance(shape, tuple):
        if min(shape) < 1 or shape[0] * shape[1] != inputs:
            raise _Doubt
        beside["image_shape"] = shape
    return beside


def _remembered(state: Mapping[str, Mapping[str, Any]], layers: list[Layer], row: Optimizer) -> dict[str, Memory]:
    """What the optimizer carries over."""
    shapes = parameter_shapes((layer.inputs, layer.outputs, layer.has_bias) for layer in layers)
    if not row.keeps or state.keys() != shapes.keys():
        raise _Doubt
    remembered: dict[str, Memory] = {}
    counts = set()
    for parameter, entries in state.items():
        if entries.keys() != set(row.keeps):
            raise _Doubt
        arrays: dict[str, Any] = {}
        for name, value in entries.items():
            if name == COUNT:
                if type(value) is not int or not 0 <= value <= limits.ITERATION:
                    raise _Doubt
                counts.add(value)
                arrays[name] = value
                continue
            array = np.array(value, np.float64)
            if array.shape != shapes[parameter] or (name == memory.NEVER_NEGATIVE and array.min() < 0.0):
                raise _Doubt
            arrays[name] = array
        remembered[parameter] = arrays
    if len(counts) > 1:
        raise _Doubt
    return remembered
