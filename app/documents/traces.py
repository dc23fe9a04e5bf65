"""The answers to /trace, /step and /train, from the mathematics to documents. Arrays stay arrays: see `encoding`."""

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from app import limits
from app.core.explaining.observations import Observations
from app.core.graph.cache import kept
from app.core.graph.entries import patterns
from app.core.graph.network import Network
from app.core.graph.ops import EVERYWHERE
from app.core.graph.structure import Graph, Node
from app.core.training import iteration, train
from app.core.training.optimizers import COUNT, Line, Memory
from app.documents.checks import Beside
from app.documents.encoding import bounds, number

if TYPE_CHECKING:
    from app.core.formulas.program import Formulas


def experiment(beside: Beside, result: iteration.Experiment) -> dict[str, Any]:
    """The document of an experiment, with what was posted beside it. It can be posted again."""
    return {
        **({} if beside.title is None else {"title": beside.title}),
        **_model(result.model),
        **({} if result.x is None else {"data": {"x": result.x, "y": result.y, **beside.data}}),
        "optimizer": {"name": result.optimizer, **result.fields},
        "batch_size": result.batch_size,
        "iteration": result.iteration,
        "optimizer_state": _remembered(result.optimizer_state),
        **({} if result.schedule is None else {"schedule": {"name": result.schedule.name, **result.schedule.fields}}),
        **({} if result.shuffle_seed is None else {"shuffle_seed": result.shuffle_seed}),
        **({} if result.dropout_seed is None else {"dropout_seed": result.dropout_seed}),
    }


def _model(model: iteration.Model) -> dict[str, Any]:
    if not isinstance(model, Network):
        return {"formulas": formulas(model)}
    architecture, parameters = model
    arrays = iter(parameters)
    layers = [
        {
            "weights": next(arrays),
            "bias": next(arrays) if layer.has_bias else None,
            "activation": layer.activation,
            **dict(layer.options),
            **({"dropout": layer.dropout} if layer.dropout else {}),
        }
        for layer in architecture.layers
    ]
    penalty = architecture.penalty
    return {
        "network": {
            "layers": layers,
            "cost": architecture.cost,
            "reduction": architecture.reduction,
            **({} if penalty is None else {"penalty": {"name": penalty.name, **dict(penalty.fields)}}),
        }
    }


def formulas(model: "Formulas") -> dict[str, Any]:
    """The document of formulas. A number is no array."""
    count = len(model.parameters)
    values = [array if array.ndim else float(array) for array in (*model.parameters, *model.given)]
    return {
        "text": model.text,
        "parameters": dict(zip(model.names[:count], values[:count], strict=True)),
        "constants": dict(zip(model.names[count:], values[count:], strict=True)),
    }


def _remembered(state: Mapping[str, Memory] | None) -> Mapping[str, Any] | None:
    """What the optimizer remembers, its count no larger than may be posted again."""
    return state and {
        parameter: {name: min(it, limits.ITERATION) if name == COUNT else _tensor(it) for name, it in memory.items()}
        for parameter, memory in state.items()
    }


def trace(asked: iteration.Experiment, run: iteration.Trace, said: Observations, lean: bool) -> dict[str, Any]:
    """The contract's Trace of that experiment. `lean` leaves out what stands elsewhere in the same answer."""
    graph = run.graph
    gradients, partials, contributions = run.backward
    nodes, edges, alone = _structure(graph)
    valued = [
        {**node, "value": _tensor(value), "gradient": _tensor(gradient)}
        for node, value, gradient in zip(nodes, run.values, gradients, strict=True)
    ]
    valued[-1]["value"] = number(run.cost)
    joined = [edge.copy() for edge in edges]
    for at, document in enumerate(joined):
        if not (lean and graph.edges[at].local is None):
            document["value"] = _tensor(partials[at])
        if not (lean and alone[at]):
            document["contribution"] = _tensor(contributions[at])
    for place, sentences in said.remarks.items():
        joined[place]["remarks"] = list(sentences)
    return {
        "cost": number(run.cost),
        "status": run.status,
        "divergence": said.divergence and said.divergence._asdict(),
        "warnings": [warning._asdict() for warning in said.warnings],
        "prediction": graph.prediction and graph.prediction.id,
        "probabilities": said.probabilities,
        "row_costs": said.row_costs,
        "nodes": valued,
        "partials": joined,
        **({} if asked.batch_size is None else {"batch_rows": np.arange(asked.rows)[iteration.taken_rows(asked)]}),
    }


def _tensor(array: Any) -> Any:
    """An array; one of a single number and no axis as that number, and 1, such as ∂C/∂C, as an integer."""
    if getattr(array, "ndim", 0) or isinstance(array, int):  # a count stays whole
        return array
    return 1 if array == 1.0 else number(float(array))


@kept(256)
def _structure(graph: Graph) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[bool]]:
    """What does not depend on numbers: nodes and edges described, and whether an edge is the only one into its node."""
    ids = [node.id for node in graph.nodes]
    nodes = [
        {
            "id": node.id,
            "role": node.role,
            "op": node.op and node.op.name,
            "inputs": [ids[i] for i in node.inputs],
            "shape": list(node.shape),
            "formula": node.formula,
            **_described(node),
        }
        for node in graph.nodes
    ]
    edges = [
        {
            "of": ids[edge.of],
            "wrt": ids[edge.wrt],
            "slot": edge.slot,
            "rule": edge.rule.name,
            "letters": {"of": pattern.of, "wrt": pattern.wrt, "partial": pattern.p},
            **({} if pattern.source_map is None else {"source_map": pattern.source_map.tolist()}),
            "formula": edge.formula,
            "chain": edge.chain,
            "note": f"{edge.part} {edge.note}".strip(),
            "remarks": [],
            "uses": [ids[i] for i in edge.uses],
        }
        for edge, pattern in zip(graph.edges, patterns(graph), strict=True)
    ]
    into = Counter(edge.wrt for edge in graph.edges)
    return nodes, edges, [into[edge.wrt] == 1 for edge in graph.edges]


def _described(node: Node) -> dict[str, Any]:
    """What is to be said of a node besides; what there is nothing to say of is left out."""
    known: dict[str, Any] = {"label": node.label, "scope": node.scope}
    if node.op is not None:
        known |= {
            "words": node.words,
            "note": node.note,
            "range": None if node.op.range == EVERYWHERE else bounds(node.op.range),
            "gate": node.op.gate,
        }
    return {name: value for name, value in known.items() if value not in (None, "")}


def step(
    beside: Beside, asked: iteration.Experiment, result: iteration.Step, said: Observations, lean: bool
) -> dict[str, Any]:
    """The contract's answer to /step."""
    lines = asked.rule_lines
    output = result.trace.graph.output.id
    return {
        "trace": trace(asked, result.trace, said, lean),
        "updates": [updated(update, lines, output, lean) for update in result.updates],
        "experiment": experiment(beside, result.experiment),
    }


def updated(update: iteration.Update, lines: tuple[Line, ...], output: str, lean: bool) -> dict[str, Any]:
    """The contract's Update, by those lines of a rule."""
    *before_last, last = lines
    moved = last.told(update.parameter, output)
    return {
        "parameter": update.parameter,
        "formula": moved.formula,
        "note": moved.note,
        "lines": [
            {"name": line.name, "formula": told.formula, "value": _tensor(update.values[line.name]), "note": told.note}
            for line in before_last
            for told in [line.told(update.parameter, output)]
        ],
        **({} if lean else {"before": _tensor(update.before), "gradient": _tensor(update.gradient)}),
        "delta": _tensor(update.delta),
        "after": _tensor(update.after),
    }


def trained(beside: Beside, result: train.Trained) -> dict[str, Any]:
    """The last line of the contract's answer to /train."""
    return {
        "iteration": result.line.iteration,
        "cost": number(result.line.cost),
        "status": result.status,
        "experiment": experiment(beside, result.experiment),
    }
