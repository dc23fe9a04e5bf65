"""Between checked documents and the mathematics, both ways. Arrays stay arrays: `encode` makes bytes of them."""

import itertools
import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from app import encode, limits, schemas
from app.core import train, training
from app.core.activations import ACTIVATIONS
from app.core.graph import Backward, Graph
from app.core.kept import kept
from app.core.network import Architecture, Layer, Network
from app.core.ops import JACOBIAN, Array
from app.core.optimizers import COUNT, OPTIMIZERS, Memory
from app.turns import Slices, finished

_BLOCK_NUMBERS = 4096  # of a slice: a fraction of a millisecond


def decode(document: schemas.Experiment) -> training.Experiment:
    """The experiment in arrays (see `decoded`)."""
    return finished(decoded(document))


def decoded(document: schemas.Experiment) -> Slices[training.Experiment]:
    """The same in slices. Long lists of weights are gone from the document then: they are in the arrays."""
    network = document.network
    parameters: list[Array] = []
    layers: list[Layer] = []
    for layer in network.layers:
        weights = _small(layer.weights)
        if weights is None:
            weights = yield from _array(layer.weights, spent=True)
        parameters.append(weights)
        if layer.bias is not None:
            parameters.append(np.array(layer.bias, dtype=np.float64))
        options = _given(layer, ACTIVATIONS[layer.activation].options)
        takes, gives = weights.shape
        layers.append(Layer(takes, gives, layer.bias is not None, layer.activation, tuple(options.items())))
    x, y = _small(document.data.x), _small(document.data.y)
    return training.Experiment(
        Network(Architecture(tuple(layers), network.cost, network.reduction), tuple(parameters)),
        (yield from _array(document.data.x)) if x is None else x,
        (yield from _array(document.data.y)) if y is None else y,
        document.optimizer.name,
        _given(document.optimizer, OPTIMIZERS[document.optimizer.name].fields),
        document.batch_size,
        document.iteration,
        (yield from _remembered(document.optimizer_state)),
    )


def _small(matrix: list[list[float]]) -> Array | None:
    """Rows of numbers as an array, unless there are so many that it takes slices."""
    return np.array(matrix, np.float64) if len(matrix) * len(matrix[0]) <= _BLOCK_NUMBERS else None


def _array(values: list[Any], *, spent: bool = False) -> Slices[Array]:
    """Numbers, or rows of numbers, as an array.

    Where the list is `spent`, what was taken is let go at once: to free all of it in the end takes milliseconds.
    """
    row = values[0]
    width = len(row) if isinstance(row, list) else 1
    if len(values) * width <= _BLOCK_NUMBERS:
        return np.array(values, dtype=np.float64)
    rows = max(1, _BLOCK_NUMBERS // width)
    array = np.empty((len(values), width) if isinstance(row, list) else len(values))
    for start in range(0, len(values), rows):
        block = values[start : start + rows]
        array[start : start + rows] = block
        if spent:
            values[start : start + rows] = [None] * len(block)
        yield
    return array


def _remembered(state: Mapping[str, Mapping[str, Any]] | None) -> Slices[dict[str, Memory] | None]:
    """What the optimizer remembers, in arrays; the count of its updates stays a number."""
    if state is None:
        return None
    remembered: dict[str, Memory] = {}
    for parameter, memory in state.items():
        arrays: dict[str, Any] = {}
        for name, value in memory.items():
            arrays[name] = value if name == COUNT else (yield from _array(value))
        remembered[parameter] = arrays
    return remembered


def _given(model: Any, defaults: Mapping[str, float]) -> dict[str, float]:
    """The fields of a table's row: as the document has them, or else their defaults."""
    given: dict[str, float] = dict(defaults)
    for name in defaults:
        value = getattr(model, name)
        if value is not None:
            given[name] = value if isinstance(value, bool) else value + 0.0  # −0 is 0: graphs are kept by it
    return given


def experiment(document: schemas.Experiment, result: training.Experiment) -> dict[str, Any]:
    """`document` gone on to `result`: other parameters and iteration, all else as it was. It can be posted again."""
    arrays = iter(result.network.parameters)
    layers = [
        {
            "weights": next(arrays),
            "bias": next(arrays) if layer.has_bias else None,
            "activation": layer.activation,
            **dict(layer.options),
        }
        for layer in result.network.architecture.layers
    ]
    return {
        **({} if document.title is None else {"title": document.title}),
        "network": {"layers": layers, "cost": document.network.cost, "reduction": document.network.reduction},
        "data": _present(document.data),
        "optimizer": {"name": result.optimizer, **result.fields},
        "batch_size": result.batch_size,
        "iteration": min(result.iteration, limits.ITERATION),
        "optimizer_state": _clipped(result.optimizer_state),
    }


def _clipped(state: Mapping[str, Memory] | None) -> Mapping[str, Any] | None:
    """What the optimizer remembers, its count no larger than may be posted again."""
    if state is None or all(memory.get(COUNT, 0) <= limits.ITERATION for memory in state.values()):
        return state
    return {parameter: {**memory, COUNT: limits.ITERATION} for parameter, memory in state.items()}


def _present(model: Any) -> dict[str, Any]:
    """The fields of a document that are there."""
    fields = ((name, getattr(model, name)) for name in type(model).model_fields)
    return {
        name: _present(value) if isinstance(value, schemas.Strict) else value
        for name, value in fields
        if value is not None
    }


def trace_bytes(result: training.Trace, lean: bool) -> bytes:
    """The contract's Trace in bytes, those of `trace`; for short answers, which are texts more than numbers."""
    outline = _outline(result.graph, lean, result.status)
    filling = [result.cost, *result.values, *result.backward.gradients]
    filling += [result.backward.partials[number] for number in outline.told.partials]
    filling += [result.backward.contributions[number] for number in outline.told.contributions]
    for place in outline.scalars:
        filling[place] = _plain(filling[place])
    return outline.template.filled(filling)


class _Told(NamedTuple):
    """The edges of which an answer has the local partial, and those of which it has the contribution, by number."""

    partials: list[int]
    contributions: list[int]


@kept(256)
def _told(graph: Graph, lean: bool) -> _Told:
    """All, or for `lean` those whose arrays stand nowhere else in the same answer."""
    into = [edge.wrt for edge in graph.edges]
    return _Told(
        [number for number, edge in enumerate(graph.edges) if not (lean and edge.local is None)],
        [number for number, wrt in enumerate(into) if not (lean and into.count(wrt) == 1)],
    )


class _Outline(NamedTuple):
    """A trace without its numbers: C, then by node the values and the gradients, then the two arrays of the edges told.

    `scalars` says which of all these are arrays of one number and no axis.
    """

    template: encode.Template
    told: _Told
    scalars: list[int]


@kept(256)
def _outline(graph: Graph, lean: bool, status: training.Status) -> _Outline:
    told = _told(graph, lean)
    holes = map(encode.Hole, itertools.count())
    cost: Any = next(holes)
    values, gradients = ([next(holes) for _ in graph.nodes] for _ in range(2))
    partials, contributions = (
        [next(holes) if number in numbers else None for number in range(len(graph.edges))] for numbers in told
    )
    empty = training.Trace(graph, values, Backward(gradients, partials, contributions), cost, status)
    shapes = [node.shape for node in graph.nodes]
    scalars = [
        *(1 + place for place, shape in enumerate([*shapes, *shapes]) if not shape),
        *(1 + 2 * len(shapes) + place for place, number in enumerate(told.partials) if not graph.edges[number].rule.p),
    ]
    return _Outline(encode.Template(_document(empty, lean)), told, scalars)


def trace(result: training.Trace, lean: bool) -> dict[str, Any]:
    """The contract's Trace. `lean` leaves out what stands elsewhere in the same answer."""
    values, gradients, partials = (
        [array if array.ndim else _plain(array) for array in arrays]
        for arrays in (result.values, result.backward.gradients, result.backward.partials)
    )
    backward = Backward(gradients, partials, result.backward.contributions)
    return _document(result._replace(values=values, backward=backward), lean)


def _document(trace: training.Trace, lean: bool) -> dict[str, Any]:
    """A Trace with what stands in it as it is: numbers, or what stands for them."""
    graph, values, (gradients, partials, contributions), cost, status = trace
    nodes, edges = _structure(graph)
    described = [
        {**node, "value": value, "gradient": gradient}
        for node, value, gradient in zip(nodes, values, gradients, strict=True)
    ]
    joined = [edge.copy() for edge in edges]
    told = _told(graph, lean)
    for number in told.partials:
        joined[number]["value"] = partials[number]
    for number in told.contributions:
        joined[number]["contribution"] = contributions[number]
    return {"cost": cost, "status": status, "nodes": described, "partials": joined}


@kept(256)
def _structure(graph: Graph) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What does not depend on numbers: nodes and edges described."""
    ids = [node.id for node in graph.nodes]
    nodes = [
        {
            "id": node.id,
            "role": node.role,
            "op": node.op and node.op.name,
            "inputs": [ids[i] for i in node.inputs],
            "shape": list(node.shape),
            "formula": node.formula,
        }
        for node in graph.nodes
    ]
    edges = [
        {
            "of": ids[edge.of],
            "wrt": ids[edge.wrt],
            "rule": edge.rule.name,
            "formula": edge.formula,
            "chain": edge.chain,
            "note": edge.note,
            "uses": [ids[i] for i in edge.uses],
        }
        for edge in graph.edges
    ]
    return nodes, edges


@kept(256)
def numbers(graph: Graph) -> int:
    """About how many numbers the full trace of a graph holds."""
    sizes = [math.prod(node.shape) for node in graph.nodes]
    jacobians = [graph.nodes[edge.wrt].shape for edge in graph.edges if edge.rule is JACOBIAN]
    squares = sum(examples * width * width for examples, width in jacobians)
    return 2 * sum(sizes) + sum(2 * sizes[edge.wrt] for edge in graph.edges) + squares


def step(document: schemas.Experiment, result: training.Step, lean: bool) -> dict[str, Any]:
    """The contract's answer to /step."""
    return {"trace": trace(result.trace, lean), **stepped(document, result, lean)}


def step_bytes(document: schemas.Experiment, result: training.Step, lean: bool) -> bytes:
    """The same in bytes, for short answers."""
    return encode.with_part(stepped(document, result, lean), "trace", trace_bytes(result.trace, lean))


def stepped(document: schemas.Experiment, result: training.Step, lean: bool) -> dict[str, Any]:
    """What the answer to /step has besides the trace."""
    *lines, last = OPTIMIZERS[result.experiment.optimizer].lines(result.experiment.fields)
    return {
        "updates": [
            {
                "parameter": update.parameter,
                "formula": last.formula.format(w=update.parameter),
                "note": last.note.format(w=update.parameter),
                "lines": [
                    {
                        "name": line.name,
                        "formula": line.formula.format(w=update.parameter),
                        "value": update.values[line.name],
                        "note": line.note.format(w=update.parameter),
                    }
                    for line in lines
                ],
                **({} if lean else {"before": update.before, "gradient": update.gradient}),
                "delta": update.delta,
                "after": update.after,
            }
            for update in result.updates
        ],
        "experiment": experiment(document, result.experiment),
    }


def trained(document: schemas.Experiment, result: train.Trained) -> dict[str, Any]:
    """The last line of the contract's answer to /train."""
    return {
        "iteration": result.line.iteration,
        "cost": result.line.cost,
        "status": result.status,
        "experiment": experiment(document, result.experiment),
    }


def _plain(value: Any) -> int | float:
    """An array of one number and no axis as a Python number; 1, such as ∂C/∂C, as an integer."""
    number = float(value)
    return int(number) if number == 1.0 else number
