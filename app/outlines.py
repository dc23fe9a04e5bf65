"""Short answers: their texts are worked out once for each build of network, then only the numbers are filled in.

An outline is the contract's document, as `wire` makes it of any numbers, with a hole wherever a number or an array
goes. What is bound to be the same array, such as the contribution of a node's only edge and that node's gradient,
has the same hole: it is written to digits once.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count, islice
from operator import itemgetter
from typing import Any, NamedTuple

from app import encode, wire
from app.core import training
from app.core.graph import Backward, Graph
from app.core.kept import kept
from app.core.observations import NOTHING
from app.core.ops import ELEMENTWISE
from app.core.optimizers import OPTIMIZERS, Line


def trace(result: training.Trace, lean: bool) -> bytes:
    """The contract's Trace in bytes, those of `wire.trace`."""
    outline = _of_trace(result.graph, lean, result.status)
    return outline.template.filled(outline.picked(_listed(result)))


def step(beside: wire.Beside, result: training.Step, lean: bool) -> bytes:
    """The contract's answer to /step in bytes, those of `wire.step`."""
    run, updates, following = result
    lines = OPTIMIZERS[following.optimizer].lines(following.fields)
    outline = _of_step(run.graph, lean, run.status, lines)
    filling = [*outline.picked(_listed(run))]
    names = [line.name for line in lines[:-1]]
    for _, _, _, delta, after, values in updates:
        filling += [delta, after, *[values[name] for name in names]]
    # What has texts of a client's goes in as it is, and is never looked through for holes.
    return outline.template.filled(filling, encode.dumps(wire.experiment(beside, following)))


_Picked = Callable[[list[Any]], tuple[Any, ...]]


class _Outline(NamedTuple):
    """A document without its numbers, and what picks these from all of a trace (see `_listed`), in the holes' order."""

    template: encode.Template
    picked: _Picked


def _listed(run: training.Trace) -> list[Any]:
    """All that is in a trace, one behind the other, and C."""
    gradients, partials, contributions = run.backward
    return [*run.values, *gradients, *partials, *contributions, run.cost]


@kept(256)
def _of_trace(graph: Graph, lean: bool, status: training.Status) -> _Outline:
    run, picked, _ = _holes(graph, status)
    return _Outline(encode.Template(wire.described(run, NOTHING, lean)), picked)


@kept(256)
def _of_step(graph: Graph, lean: bool, status: training.Status, lines: tuple[Line, ...]) -> _Outline:
    run, picked, more = _holes(graph, status)
    updates = []
    for node in graph.parameters:
        delta, after = islice(more, 2)
        values = dict(zip([line.name for line in lines[:-1]], more, strict=False))
        before, gradient = run.values[node.index], run.backward.gradients[node.index]
        updates.append(wire.updated(training.Update(node.id, before, gradient, delta, after, values), lines, lean))
    document = {"trace": wire.described(run, NOTHING, lean), "updates": updates, "experiment": next(more)}
    return _Outline(encode.Template(document), picked)


def _holes(graph: Graph, status: training.Status) -> tuple[training.Trace, _Picked, Iterator[Any]]:
    """A trace with holes for numbers, what picks these, and holes for what comes behind."""
    holes: Iterator[Any] = map(encode.Hole, count())
    cost = next(holes)
    values: list[Any] = [*islice(holes, len(graph.nodes) - 1), cost]
    gradients: list[Any] = [*islice(holes, len(graph.nodes) - 1), 1]
    into = Counter(edge.wrt for edge in graph.edges)
    contributions = [next(holes) if into[edge.wrt] > 1 else gradients[edge.wrt] for edge in graph.edges]
    partials: list[Any] = []
    for edge, contribution in zip(graph.edges, contributions, strict=True):
        if edge.of == graph.output.index and edge.rule is ELEMENTWISE:
            partials.append(contribution)  # the output's own gradient is 1
        elif not edge.rule.p:
            partials.append(wire.plain(edge.row.value))
        else:
            partials.append(values[edge.uses[-1]] if edge.local is None else next(holes))
    run = training.Trace(graph, values, Backward(gradients, partials, contributions), cost, status)
    # Where a hole is in several places, any will do, but C as a plain number is the last.
    places = {hole.number: place for place, hole in enumerate(_listed(run)) if isinstance(hole, encode.Hole)}
    return run, itemgetter(*[places[number] for number in range(len(places))]), holes
