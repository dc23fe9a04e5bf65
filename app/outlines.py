"""Short answers: their texts are worked out once for each build of network, then only the numbers are filled in.

An outline is the contract's document, as `wire` makes it of any numbers, with a hole wherever a number or an array
goes. What is bound to be the same array, such as the contribution of a node's only edge and that node's gradient,
has the same hole: it is written to digits once.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import count, islice
from typing import Any, NamedTuple

from app import encode, wire
from app.core import training
from app.core.graph import Backward, Graph
from app.core.kept import kept
from app.core.ops import ELEMENTWISE
from app.core.optimizers import OPTIMIZERS, Line


def trace(result: training.Trace, lean: bool) -> bytes:
    """The contract's Trace in bytes, those of `wire.trace`."""
    outline = _of_trace(result.graph, lean, result.status)
    return outline.template.filled(_filling(result, outline.order))


def step(beside: wire.Beside, result: training.Step, lean: bool) -> bytes:
    """The contract's answer to /step in bytes, those of `wire.step`."""
    run, updates, following = result
    lines = OPTIMIZERS[following.optimizer].lines(following.fields)
    outline = _of_step(run.graph, lean, run.status, lines)
    filling = _filling(run, outline.order)
    names = [line.name for line in lines[:-1]]
    for _, _, _, delta, after, values in updates:
        filling += [delta, after, *[values[name] for name in names]]
    # What has texts of a client's goes in as it is, and is never looked through for holes.
    return outline.template.filled(filling, encode.dumps(wire.experiment(beside, following)))


class _Order(NamedTuple):
    """What fills the holes: C, by node the values and the gradients, then partials and contributions of these edges.

    The output is C itself, and its gradient 1.
    """

    partials: list[int]
    contributions: list[int]


class _Outline(NamedTuple):
    """A document without its numbers, and in which order these fill it."""

    template: encode.Template
    order: _Order


def _filling(run: training.Trace, order: _Order) -> list[Any]:
    gradients, partials, contributions = run.backward
    filling = [run.cost, *run.values[:-1], *gradients[:-1]]
    filling += [partials[number] for number in order.partials]
    filling += [contributions[number] for number in order.contributions]
    return filling


@kept(256)
def _of_trace(graph: Graph, lean: bool, status: training.Status) -> _Outline:
    run, order, _ = _holes(graph, status)
    return _Outline(encode.Template(wire.described(run, lean)), order)


@kept(256)
def _of_step(graph: Graph, lean: bool, status: training.Status, lines: tuple[Line, ...]) -> _Outline:
    run, order, more = _holes(graph, status)
    updates = []
    for node in graph.parameters:
        delta, after = islice(more, 2)
        values = dict(zip([line.name for line in lines[:-1]], more, strict=False))
        before, gradient = run.values[node.index], run.backward.gradients[node.index]
        updates.append(wire.updated(training.Update(node.id, before, gradient, delta, after, values), lines, lean))
    document = {"trace": wire.described(run, lean), "updates": updates, "experiment": next(more)}
    return _Outline(encode.Template(document), order)


def _holes(graph: Graph, status: training.Status) -> tuple[training.Trace, _Order, Iterator[Any]]:
    """A trace with holes for numbers, what fills these, and holes for what comes behind."""
    holes: Iterator[Any] = map(encode.Hole, count())
    cost = next(holes)
    values: list[Any] = [*islice(holes, len(graph.nodes) - 1), cost]
    gradients: list[Any] = [*islice(holes, len(graph.nodes) - 1), 1]
    edges = list(enumerate(graph.edges))
    into = Counter(edge.wrt for edge in graph.edges)
    # The output's own gradient is 1: at its edges the local partial is the contribution.
    last = {number for number, edge in edges if edge.of == graph.output.index and edge.rule is ELEMENTWISE}
    constant: dict[int, Any] = {number: wire.plain(edge.row.value) for number, edge in edges if not edge.rule.p}
    own_partials = [number for number, edge in edges if edge.local is not None and number not in {*last, *constant}]
    own_contributions = [number for number, edge in edges if into[edge.wrt] > 1]
    partial = constant | {number: next(holes) for number in own_partials}
    contribution = {number: next(holes) for number in own_contributions}
    contributions = [contribution.get(number, gradients[edge.wrt]) for number, edge in edges]
    partials = [
        contributions[number] if number in last else partial[number] if number in partial else values[edge.uses[-1]]
        for number, edge in edges
    ]
    run = training.Trace(graph, values, Backward(gradients, partials, contributions), cost, status)
    return run, _Order(own_partials, own_contributions), holes
