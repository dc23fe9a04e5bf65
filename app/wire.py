"""Between checked documents and the mathematics, both ways. Arrays stay arrays: `encode` makes bytes of them."""

import math
from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from app import limits, schemas
from app.core import train, training
from app.core.activations import ACTIVATIONS
from app.core.graph import Backward, Graph, Node
from app.core.kept import kept
from app.core.network import Architecture, Layer, Network
from app.core.observations import Observations
from app.core.ops import JACOBIAN, Array
from app.core.optimizers import COUNT, OPTIMIZERS, Line, Memory
from app.turns import Slices, finished

_BLOCK_NUMBERS = 4096  # of a slice: a fraction of a millisecond


class Beside(NamedTuple):
    """What was posted besides all that is computed with: it is said again in an answer's experiment.

    `data` has the fields of the contract's data, but for x and y, that are there.
    """

    title: str | None
    data: dict[str, Any]


class Read(NamedTuple):
    """A posted experiment: its arrays, and what it has beside them."""

    beside: Beside
    experiment: training.Experiment


def decode(document: schemas.Experiment) -> Read:
    """The experiment in arrays, and what it has beside them (see `decoded`)."""
    return finished(decoded(document))


def decoded(document: schemas.Experiment) -> Slices[Read]:
    """The same in slices. Long lists of numbers are gone from the document then: they are in the arrays."""
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
    experiment = training.Experiment(
        Network(Architecture(tuple(layers), network.cost, network.reduction), tuple(parameters)),
        (yield from _array(document.data.x, spent=True)) if x is None else x,
        (yield from _array(document.data.y, spent=True)) if y is None else y,
        document.optimizer.name,
        _given(document.optimizer, OPTIMIZERS[document.optimizer.name].fields),
        document.batch_size,
        document.iteration,
        (yield from _remembered(document.optimizer_state)),
    )
    return Read(Beside(document.title, _beside(document.data)), experiment)


def _beside(data: schemas.Data) -> dict[str, Any]:
    fields = ((name, getattr(data, name)) for name in schemas.Data.model_fields if name not in ("x", "y"))
    return {
        name: {"x": value.x, "y": value.y} if isinstance(value, schemas.Rows) else value
        for name, value in fields
        if value is not None
    }


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


def experiment(beside: Beside, result: training.Experiment) -> dict[str, Any]:
    """The document of an experiment, with what was posted beside it. It can be posted again."""
    architecture, parameters = result.network
    arrays = iter(parameters)
    layers = [
        {
            "weights": next(arrays),
            "bias": next(arrays) if layer.has_bias else None,
            "activation": layer.activation,
            **dict(layer.options),
        }
        for layer in architecture.layers
    ]
    return {
        **({} if beside.title is None else {"title": beside.title}),
        "network": {"layers": layers, "cost": architecture.cost, "reduction": architecture.reduction},
        "data": {"x": result.x, "y": result.y, **beside.data},
        "optimizer": {"name": result.optimizer, **result.fields},
        "batch_size": result.batch_size,
        "iteration": result.iteration,
        "optimizer_state": _clipped(result.optimizer_state),
    }


def _clipped(state: Mapping[str, Memory] | None) -> Mapping[str, Any] | None:
    """What the optimizer remembers, its count no larger than may be posted again."""
    if state is None or all(memory.get(COUNT, 0) <= limits.ITERATION for memory in state.values()):
        return state
    return {parameter: {**memory, COUNT: limits.ITERATION} for parameter, memory in state.items()}


def trace(result: training.Trace, said: Observations, lean: bool) -> dict[str, Any]:
    """The contract's Trace. `lean` leaves out what stands elsewhere in the same answer."""
    values = [*result.values[:-1], result.cost]
    gradients, partials = (
        [array if array.ndim else plain(array) for array in arrays]
        for arrays in (result.backward.gradients, result.backward.partials)
    )
    backward = Backward(gradients, partials, result.backward.contributions)
    return described(result._replace(values=values, backward=backward), said, lean)


def described(trace: training.Trace, said: Observations, lean: bool) -> dict[str, Any]:
    """A Trace with what stands in it as it is: numbers, or what stands for them."""
    graph, values, (gradients, partials, contributions), cost, status = trace
    nodes, edges = _structure(graph)
    valued = [
        {**node, "value": value, "gradient": gradient}
        for node, value, gradient in zip(nodes, values, gradients, strict=True)
    ]
    joined = [edge.copy() for edge in edges]
    into = Counter(edge.wrt for edge in graph.edges)
    for number, edge in enumerate(graph.edges):
        if not (lean and edge.local is None):
            joined[number]["value"] = partials[number]
        if not (lean and into[edge.wrt] == 1):
            joined[number]["contribution"] = contributions[number]
    for number, sentences in said.remarks.items():
        joined[number]["remarks"] = list(sentences)
    return {
        "cost": cost,
        "status": status,
        "divergence": said.divergence and said.divergence._asdict(),
        "warnings": [warning._asdict() for warning in said.warnings],
        "prediction": graph.nodes[graph.output.inputs[0]].id,
        "probabilities": said.probabilities,
        "nodes": valued,
        "partials": joined,
    }


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
            **_note(node, graph),
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
            "remarks": [],
            "uses": [ids[i] for i in edge.uses],
        }
        for edge in graph.edges
    ]
    return nodes, edges


def _note(node: Node, graph: Graph) -> dict[str, str]:
    """How the node comes to be where its formula alone does not say it."""
    if node.op is None or node.op.fused is None:
        return {}
    a, _ = node.inputs
    return {"note": node.op.note.format(a=graph.nodes[a].id, m=graph.nodes[node.reads[0]].id)}


@kept(256)
def numbers(graph: Graph) -> int:
    """About how many numbers the full trace of a graph holds."""
    sizes = [math.prod(node.shape) for node in graph.nodes]
    jacobians = [graph.nodes[edge.wrt].shape for edge in graph.edges if edge.rule is JACOBIAN]
    squares = sum(examples * width * width for examples, width in jacobians)
    return 2 * sum(sizes) + sum(2 * sizes[edge.wrt] for edge in graph.edges) + squares


def step(beside: Beside, result: training.Step, said: Observations, lean: bool) -> dict[str, Any]:
    """The contract's answer to /step."""
    lines = OPTIMIZERS[result.experiment.optimizer].lines(result.experiment.fields)
    return {
        "trace": trace(result.trace, said, lean),
        "updates": [updated(update, lines, lean) for update in result.updates],
        "experiment": experiment(beside, result.experiment),
    }


def updated(update: training.Update, lines: tuple[Line, ...], lean: bool) -> dict[str, Any]:
    """The contract's Update, by those lines of a rule."""
    *before_last, last = lines
    return {
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
            for line in before_last
        ],
        **({} if lean else {"before": update.before, "gradient": update.gradient}),
        "delta": update.delta,
        "after": update.after,
    }


def trained(beside: Beside, result: train.Trained) -> dict[str, Any]:
    """The last line of the contract's answer to /train."""
    return {
        "iteration": result.line.iteration,
        "cost": result.line.cost,
        "status": result.status,
        "experiment": experiment(beside, result.experiment),
    }


def plain(value: Any) -> int | float:
    """An array of one number and no axis as a Python number; 1, such as ∂C/∂C, as an integer."""
    number = float(value)
    return int(number) if number == 1.0 else number
