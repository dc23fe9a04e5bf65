"""A short experiment that is plainly sound, from its bytes to arrays in one go.

Nearly all that is posted is short and sound. To see that at a glance, while the arrays are made, takes a third of the
time that looking for faults does. Where the glance leaves any doubt, also about what has nothing wrong with it, the
answer is None, and the strict way (`body`, `checks`, `wire`) has the word on it.
"""

import math
from typing import Any

import numpy as np
import orjson

from app import limits, memory, schemas, wire
from app.core.activations import ACTIVATIONS
from app.core.costs import COSTS, REDUCTIONS
from app.core.network import Architecture, Layer, Network, parameter_shapes
from app.core.ops import Array
from app.core.optimizers import COUNT, OPTIMIZERS, Memory, Optimizer
from app.core.training import Experiment

# Within these no layer can be wider than allowed, and no answer longer: it has fewer than 18 numbers for each
# parameter and row, and the square of the last width for each row.
_FEW, _LITTLE = min(1000, limits.WIDTH, limits.PARAMETERS), min(50_000, limits.ANSWER_NUMBERS // 20)
_FIELDS = frozenset(schemas.Experiment.model_fields)
_COST, _REDUCTION = (schemas.Network.model_fields[name].default for name in ("cost", "reduction"))
_OPTIMIZER: dict[str, Any] = {"name": schemas.OptimizerBase.model_fields["name"].default}
_NUMBERS = frozenset((float, int))  # a truth value is neither
_NOTHING: dict[str, Any] = {}
_new = tuple.__new__  # of a NamedTuple, in half the time that its own name takes


class _Doubt(Exception):
    """At a glance, this might be wrong."""


# What looking into something else than it should be raises, and what NumPy does about rows that are not alike.
_DOUBTS = (_Doubt, LookupError, TypeError, ValueError, AttributeError)


def read(body: bytes) -> wire.Read | None:
    """What the body says, in arrays; None where a stricter reader has to look at it."""
    try:
        document = orjson.loads(body)
        taken = _taken(document)
        keys = _keys(document)
    except _DOUBTS:  # what orjson raises is a ValueError
        return None
    # The reader takes the last of two values of a key. So there must be as many colons as keys in what was read.
    colons = body.count(b":")
    if colons != keys:
        # Or there are some in texts, where they can be counted if they stand as they are.
        beside = taken.beside
        texts = [beside.title or "", *beside.data.get("features", ()), *beside.data.get("classes", ())]
        if b"\\" in body or colons != keys + sum(text.count(":") for text in texts):
            return None
    return taken


def _keys(document: dict[str, Any]) -> int:
    """How many keys a document has that was taken."""
    network, data, state = document["network"], document["data"], document.get("optimizer_state") or _NOTHING
    within = (network, data, document.get("optimizer", _NOTHING), *network["layers"], state, *state.values())
    return len(document) + sum(map(len, within)) + 2 * ("held_back" in data)


def _taken(document: dict[str, Any]) -> wire.Read:
    """What the document says.   Raises: one of `_DOUBTS`."""
    network, data = document["network"], document["data"]
    optimizer, state = document.get("optimizer", _OPTIMIZER), document.get("optimizer_state")
    size, iteration, title = document.get("batch_size"), document.get("iteration", 0), document.get("title")
    x, y = _matrix(data["x"]), _matrix(data["y"])
    layers, parameters = _layers(network["layers"], x.shape[1])
    cost, reduction = network.get("cost", _COST), network.get("reduction", _REDUCTION)
    row = OPTIMIZERS[optimizer.get("name", _OPTIMIZER["name"])]
    rows, outputs = len(x), layers[-1].outputs
    numbers = sum([(layer.inputs + 1) * layer.outputs for layer in layers])
    if not (
        document.keys() <= _FIELDS
        and len(network) == 1 + ("cost" in network) + ("reduction" in network)
        and cost in COSTS
        and reduction in REDUCTIONS
        and y.shape == (rows, outputs)
        and numbers <= _FEW
        and rows <= limits.ROWS
        and rows * (numbers + outputs * outputs) <= _LITTLE
        and (size is None or (type(size) is int and 1 <= size <= rows))
        and type(iteration) is int
        and 0 <= iteration <= limits.ITERATION
        and (title is None or _is_text(title))
    ):
        raise _Doubt
    beside = _beside(data, x.shape[1], outputs) if len(data) > 2 else _NOTHING
    remembered = None if state is None else _remembered(state, layers, row)
    network_ = _new(Network, (_new(Architecture, (tuple(layers), cost, reduction)), tuple(parameters)))
    experiment = _new(Experiment, (network_, x, y, row.name, _fields(optimizer, row), size, iteration, remembered))
    return _new(wire.Read, (_new(wire.Beside, (title, beside)), experiment))


def _matrix(rows: Any) -> Array:
    for row in rows:
        if type(row) is not list or not _NUMBERS.issuperset(map(type, row)):
            raise _Doubt
    array = np.array(rows, np.float64)  # rows of different lengths: a ValueError
    if array.ndim != 2 or not array.size:
        raise _Doubt
    return array


def _vector(row: Any) -> Array:
    if type(row) is not list or not _NUMBERS.issuperset(map(type, row)):
        raise _Doubt
    return np.array(row, np.float64)


def _is_text(text: Any) -> bool:
    return type(text) is str and len(text) <= limits.TEXT_CHARACTERS


def _layers(layers: Any, width: int) -> tuple[list[Layer], list[Array]]:
    """The layers, of which the first takes so many inputs, and their parameters."""
    if type(layers) is not list or not 0 < len(layers) <= limits.LAYERS:
        raise _Doubt
    last = layers[-1]
    sound: list[Layer] = []
    parameters: list[Array] = []
    for layer in layers:
        row = ACTIVATIONS[layer["activation"]]
        weights = _matrix(layer["weights"])
        takes, gives = weights.shape
        if takes != width or (row.per_row and layer is not last):
            raise _Doubt
        parameters.append(weights)
        bias = layer.get("bias")
        if bias is not None:
            vector = _vector(bias)
            if len(vector) != gives:
                raise _Doubt
            parameters.append(vector)
        known = 2 + ("bias" in layer)
        options: tuple[tuple[str, float], ...] = ()
        if row.options:
            options = tuple((name, _or(layer.get(name), default)) for name, default in row.options.items())
            known += sum(name in layer for name in row.options)
        if len(layer) != known:
            raise _Doubt
        sound.append(_new(Layer, (takes, gives, bias is not None, row.name, options)))
        width = gives
    return sound, parameters


def _or(value: Any, default: float) -> float:
    """A number, or the default where there is none."""
    if value is None:
        return default
    if type(value) not in _NUMBERS:
        raise _Doubt
    return float(value) + 0.0  # −0 is 0: graphs are kept by it


def _fields(optimizer: dict[str, Any], row: Optimizer) -> dict[str, float]:
    fields = dict(row.fields)
    for name, value in optimizer.items():
        if name == "name" or value is None:
            if name != "name" and name not in fields:
                raise _Doubt
        elif type(fields[name]) is bool:
            if type(value) is not bool:
                raise _Doubt
            fields[name] = value
        else:
            fields[name] = number = _or(value, 0.0)
            if not 0.0 <= number < row.below.get(name, math.inf):
                raise _Doubt
    return fields


def _beside(data: dict[str, Any], inputs: int, outputs: int) -> dict[str, Any]:
    """What the data has besides x and y."""
    beside: dict[str, Any] = {}
    known = 2
    for name, count in (("features", inputs), ("classes", outputs)):
        texts = data.get(name)
        known += name in data
        if texts is not None:
            if type(texts) is not list or len(texts) != count or not all(map(_is_text, texts)):
                raise _Doubt
            beside[name] = texts
    if "held_back" in data:
        known += 1
        held = data["held_back"]
        x, y = _matrix(held["x"]), _matrix(held["y"])  # null raises a doubt too: nobody sends it
        if len(held) != 2 or x.shape[1] != inputs or y.shape != (len(x), outputs) or len(x) > limits.ROWS:
            raise _Doubt
        beside["held_back"] = {"x": x, "y": y}
    if "image_shape" in data:
        known += 1
        height, width = shape = data["image_shape"]
        if type(height) is not int or type(width) is not int or height < 1 or height * width != inputs:
            raise _Doubt
        beside["image_shape"] = shape
    if len(data) != known:
        raise _Doubt
    return beside


def _remembered(state: dict[str, Any], layers: list[Layer], row: Optimizer) -> dict[str, Memory]:
    """What the optimizer carries over."""
    shapes = parameter_shapes((layer.inputs, layer.outputs, layer.has_bias) for layer in layers)
    if not row.keeps or state.keys() != shapes.keys():
        raise _Doubt
    remembered: dict[str, Memory] = {}
    counts = set()
    for parameter, entries in state.items():
        if len(entries) != len(row.keeps):
            raise _Doubt
        arrays: dict[str, Any] = {}
        for name, value in entries.items():
            if name == COUNT:
                counts.add(value)
                arrays[name] = value
                if type(value) is not int or not 0 <= value <= limits.ITERATION:
                    raise _Doubt
                continue
            array = _vector(value) if len(shapes[parameter]) == 1 else _matrix(value)
            if array.shape != shapes[parameter] or (name == memory.NEVER_NEGATIVE and array.min() < 0.0):
                raise _Doubt
            arrays[name] = array
        if arrays.keys() != set(row.keeps):
            raise _Doubt
        remembered[parameter] = arrays
    if len(counts) > 1:
        raise _Doubt
    return remembered
