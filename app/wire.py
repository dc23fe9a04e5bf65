"""Between checked documents and the mathematics, both ways. Arrays stay arrays: `encode` makes bytes of them."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from app import limits, schemas
from app.core import train, training
from app.core.activations import ACTIVATIONS
from app.core.graph import Graph
from app.core.kept import kept
from app.core.network import Architecture, Layer, Network
from app.core.ops import JACOBIAN, Array
from app.core.optimizers import COUNT, OPTIMIZERS, Memory
from app.turns import Slices, finished

_BLOCK_NUMBERS = 4096  # of a slice: a fraction of a millisecond


def decode(document: schemas.Experiment) -> training.Experiment:
    """The experiment in arrays."""
    return finished(decoded(document))


def decoded(document: schemas.Experiment) -> Slices[training.Experiment]:
    """The same in slices."""
    network = document.network
    parameters: list[Array] = []
    layers: list[Layer] = []
    for layer in network.layers:
        weights = yield from _array(layer.weights)
        parameters.append(weights)
        if layer.bias is not None:
            parameters.append(np.array(layer.bias, dtype=np.float64))
        options = _given(layer, ACTIVATIONS[layer.activation].options)
        takes, gives = weights.shape
        layers.append(Layer(takes, gives, layer.bias is not None, layer.activation, tuple(options.items())))
    return training.Experiment(
        Network(Architecture(tuple(layers), network.cost, network.reduction), tuple(parameters)),
        (yield from _array(document.data.x)),
        (yield from _array(document.data.y)),
        document.optimizer.name,
        _given(document.optimizer, OPTIMIZERS[document.optimizer.name].fields),
        document.batch_size,
        document.iteration,
        (yield from _remembered(document.optimizer_state)),
    )


def _array(values: list[Any]) -> Slices[Array]:
    """Numbers, or rows of numbers, as an array."""
    row = values[0]
    width = len(row) if isinstance(row, list) else 1
    if len(values) * width <= _BLOCK_NUMBERS:
        return np.array(values, dtype=np.float64)
    rows = max(1, _BLOCK_NUMBERS // width)
    array = np.empty((len(values), width) if isinstance(row, list) else len(values))
    for start in range(0, len(values), rows):
        array[start : start + rows] = values[start : start + rows]
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
    given = {name: getattr(model, name) for name in defaults}
    return {name: default if given[name] is None else given[name] for name, default in defaults.items()}


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
        "optimizer_state": result.optimizer_state,
    }


def _present(model: Any) -> dict[str, Any]:
    """The fields of a document that are there."""
    fields = ((name, getattr(model, name)) for name in type(model).model_fields)
    return {
        name: _present(value) if isinstance(value, schemas.Strict) else value
        for name, value in fields
        if value is not None
    }


def trace(result: training.Trace, lean: bool) -> dict[str, Any]:
    """The contract's Trace. `lean` leaves out what stands elsewhere in the same answer."""
    graph, values, (gradients, partials, contributions) = result.graph, result.values, result.backward
    nodes, edges, sole = _structure(graph)
    return {
        "cost": result.cost,
        "status": result.status,
        "nodes": [
            {**node, "value": _plain(value), "gradient": _plain(gradient)}
            for node, value, gradient in zip(nodes, values, gradients, strict=True)
        ],
        "partials": [
            {
                **described,
                **({} if lean and edge.local is None else {"value": _plain(partial)}),
                **({} if lean and only else {"contribution": _plain(contribution)}),
            }
            for described, edge, only, partial, contribution in zip(
                edges, graph.edges, sole, partials, contributions, strict=True
            )
        ],
    }


@kept(256)
def _structure(graph: Graph) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[bool]]:
    """What does not depend on numbers: nodes and edges described, and whether an edge is its node's only one."""
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
    into = [edge.wrt for edge in graph.edges]
    return nodes, edges, [into.count(index) == 1 for index in into]


@kept(256)
def numbers(graph: Graph) -> int:
    """About how many numbers the full trace of a graph holds."""
    sizes = [math.prod(node.shape) for node in graph.nodes]
    jacobians = [graph.nodes[edge.wrt].shape for edge in graph.edges if edge.rule is JACOBIAN]
    squares = sum(examples * width * width for examples, width in jacobians)
    return 2 * sum(sizes) + sum(2 * sizes[edge.wrt] for edge in graph.edges) + squares


def step(document: schemas.Experiment, result: training.Step, lean: bool) -> dict[str, Any]:
    """The contract's answer to /step."""
    *lines, last = OPTIMIZERS[result.experiment.optimizer].lines(result.experiment.fields)
    return {
        "trace": trace(result.trace, lean),
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


def _plain(value: Any) -> Any:
    """A scalar as a Python number (whole ones, such as ∂C/∂C = 1, as an integer); any other array as it is."""
    if value.ndim:
        return value
    number = float(value)
    return int(number) if number == 1.0 else number
