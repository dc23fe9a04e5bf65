"""The chain rule of one number, written out: every route from C to it, as a product of scalar local partials.

    ∂C/∂w = Σ over routes Π over the scalar edges of a route: local partial

Where there are too many routes they are folded at a node: its gradient, which the backward pass has cached, then stands
for all that lies between C and one of its entries. That is right at a node which every route passes.
"""

import math
from collections.abc import Iterator
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np

from app.core.explaining import difference
from app.core.explaining.difference import Measured, Verdict
from app.core.explaining.routes import Route, Step, parameters_below, passed_by_all, routes, ways_up
from app.core.graph import count
from app.core.graph.cache import kept
from app.core.graph.entries import Entry, Place, scalar_formula, spelled
from app.core.graph.ops import Array
from app.core.graph.rerun import Slices, sliced
from app.core.graph.structure import Edge, Graph
from app.core.training.iteration import Trace

FACTOR_WORK = 20_000  # what it takes to write a factor out.   Units: multiplications, as in `count.work`


class Factor(NamedTuple):
    """One scalar local partial of a route, or what belongs to no edge: a cached gradient (`folded`), or ∂C/∂m as a cost
    fused with its activation takes it, where the two partials that it stands for have no product (see `Fused`).
    """

    of: str
    wrt: str
    edge: str | None
    slot: int | None
    value: float
    formula: str
    uses: tuple[str, ...]
    rule: str | None
    folded: bool


class Term(NamedTuple):
    """One route: the entries it passes, from C to the parameter, and its factors in that order."""

    path: tuple[str, ...]
    factors: tuple[Factor, ...]
    product: float


class Shared(NamedTuple):
    """A node on the way whose gradient is computed once and serves all entries of several parameters."""

    node: str
    parameters: tuple[str, ...]
    weights: int


class Fold(NamedTuple):
    """A node at which the routes can be folded (C: not at all), and what that leaves to write out."""

    node: int
    terms: count.Count
    factors: count.Count


class Chain(NamedTuple):
    """The answer. `fold` is None where every route is written out."""

    weight: float
    gradient: float
    measured: Measured
    verdict: Verdict
    terms: list[Term]
    fold: str | None


def folds(graph: Graph, place: Place) -> tuple[Fold, ...]:
    """Where the routes to a place can be folded, from C (not folded) to the parameter itself."""
    return _folds(graph, place.node.index, place.entry)


@kept(512)
def _folds(graph: Graph, parameter: int, entry: Entry) -> tuple[Fold, ...]:
    counted, unfolded = count.routes(graph, parameter, entry), graph.output.index
    return tuple(
        Fold(index, counted.terms[index], counted.edges[index] + (counted.terms[index] if index != unfolded else 0))
        for index in passed_by_all(graph, parameter)
    )


def chosen(graph: Graph, place: Place, most_terms: int, most_factors: int) -> Fold:
    """Where to fold: nearest to C with few enough terms; of the nodes that leave as many, at the widest."""
    *known, itself = folds(graph, place)
    fitting = [fold for fold in known if fold.terms <= most_terms and fold.factors <= most_factors]
    if not fitting or fitting[0].node == graph.output.index:
        return fitting[0] if fitting else itself
    equal = [fold for fold in fitting if fold.terms == fitting[0].terms]
    return max(equal, key=lambda fold: math.prod(graph.nodes[fold.node].shape))


@kept(1024)
def shared(graph: Graph, parameter: int) -> tuple[Shared, ...]:
    """The nodes on the way to a parameter that serve more than one weight, from C towards it, C left out."""
    below = parameters_below(graph)
    way = [index for index in sorted(ways_up(graph, parameter), reverse=True) if index != parameter]
    served = [
        (graph.nodes[index].id, [node for node in graph.parameters if node.index in below[index]]) for index in way
    ]
    found = [
        Shared(id, tuple(node.id for node in nodes), sum(math.prod(node.shape) for node in nodes))
        for id, nodes in served
        if id != graph.output.id
    ]
    return tuple(entry for entry in found if entry.weights > 1)


def chain(run: Trace, place: Place, fold: Fold) -> Slices[Chain]:
    """The terms of one number's chain rule, in slices; and what they sum to, by the engine and by a difference."""
    graph = run.graph
    unsure = difference.noise(run)
    (found,) = yield from sliced(
        lambda step: difference.measured(run, place, unsure, step), [None], difference.work(run, place.node)
    )
    writer = _Writer(run, place)
    ways = yield from _sorted(routes(graph, fold.node, place))
    each = FACTOR_WORK * max(1, round(fold.factors / max(1, fold.terms)))
    terms = yield from sliced(lambda route: writer.term(fold, route), writer.told_apart(ways), each)
    return Chain(
        float(run.values[place.node.index][place.entry]),
        float(run.backward.gradients[place.node.index][place.entry]),
        found,
        difference.verdict(run, place, found, unsure),
        terms,
        None if fold.node == graph.output.index else graph.nodes[fold.node].id,
    )


def missing(run: Trace, edge: Edge) -> Array:
    """Which entries of an activation's input had their gradient mended, by the cost that it is fused with.

    Shapes: as the input.
    """
    assert edge.fused is not None
    by, m, _, _ = edge.fused
    with np.errstate(all="ignore"):
        number = run.graph.edges.index(edge)
        product = edge.rule.apply(run.backward.gradients[edge.of], run.backward.partials[number])
        found: Array = np.broadcast_to(by.missing(product, run.values[m]), run.values[m].shape)
    return found


def _sorted(found: Iterator[Route]) -> Slices[list[Route]]:
    """The routes in the order of the entries that they pass, from C on. They are found in slices, and sorted."""
    keyed: list[tuple[list[tuple[Entry, int]], Route]] = []
    for route in found:
        keyed.append(([(it.above.of, it.edge) for it in route.steps], route))
        if not len(keyed) % 16:
            yield
    keyed.sort(key=itemgetter(0))
    return [route for _, route in keyed]


class _Writer:
    """Writes routes out as terms. Routes have most of their factors in common, so each factor is made once."""

    def __init__(self, run: Trace, place: Place) -> None:
        self._run, self._graph, self._backward, self._place = run, run.graph, run.backward, place
        self._factors: dict[tuple[int, Entry, Entry], Factor] = {}
        self._fused = next((number for number, edge in enumerate(self._graph.edges) if edge.fused is not None), None)
        self._missing = None if self._fused is None else missing(run, self._graph.edges[self._fused])

    def told_apart(self, found: list[Route]) -> list[Route]:
        """The routes, those once that differ only in a part which one factor stands for (see `_through`)."""
        distinct: dict[Any, Route] = {}
        for number, route in enumerate(found):
            at = self._through(route)
            distinct.setdefault(number if at is None else tuple(route.steps[at + 1 :]) + route.steps[at].wrt, route)
        return list(distinct.values())

    def term(self, fold: Fold, route: Route) -> Term:
        """The route, with the cached gradient of its top in front where that is not C."""
        at = self._through(route)
        if at is not None:
            factors = [self._straight(route.steps[at])]
            factors += [self._factor(step) for step in route.steps[at + 1 :]]
        else:
            factors = [self._factor(step) for step in route.steps]
            if fold.node != self._graph.output.index:
                factors.insert(0, self._folded(fold.node, route.top))
        path = (factors[0].of, *[factor.wrt for factor in factors])
        return Term(path, tuple(factors), math.prod([factor.value for factor in factors]))

    def _through(self, route: Route) -> int | None:
        """The step of a route at which all before it has no product, and a fused cost gives its gradient instead."""
        for at, step in enumerate(route.steps):
            if step.edge == self._fused and self._missing is not None and self._missing[step.wrt]:
                return at
        return None

    def _straight(self, step: Step) -> Factor:
        """∂C/∂m, as the cost takes it from m."""
        graph, edge = self._graph, self._graph.edges[step.edge]
        assert edge.fused is not None
        by, m, y, cost = edge.fused
        of, wrt = graph.nodes[cost].id, spelled(graph.nodes[m].id, step.wrt)
        names = {"a": edge.of, "m": m, "y": y}
        slots = {slot: spelled(graph.nodes[index].id, step.wrt) for slot, index in names.items()}
        formula = by.formula.replace("⊙", "·").format(**slots, y_of=graph.nodes[y].id)
        value = float(self._backward.gradients[m][step.wrt])
        uses = tuple(graph.nodes[index].id for index in (m, y))
        return Factor(of, wrt, None, None, value, f"∂{of}/∂{wrt} = {formula}", uses, None, folded=False)

    def _factor(self, step: Step) -> Factor:
        key = (step.edge, step.above.of, step.wrt)
        if key not in self._factors:
            self._factors[key] = self._written(step)
        return self._factors[key]

    def _written(self, step: Step) -> Factor:
        graph, edge = self._graph, self._graph.edges[step.edge]
        of, wrt = graph.nodes[edge.of], graph.nodes[edge.wrt]
        return Factor(
            spelled(of.id, step.above.of),
            spelled(wrt.id, step.wrt),
            f"{of.id}>{wrt.id}",
            edge.slot,
            float(self._backward.partials[step.edge][step.above.p]),
            scalar_formula(graph, edge, step.wrt, step.above),
            tuple(graph.nodes[index].id for index in edge.uses),
            edge.rule.name,
            folded=False,
        )

    def _folded(self, index: int, entry: Entry) -> Factor:
        of, wrt = self._graph.output.id, spelled(self._graph.nodes[index].id, entry)
        value = float(np.asarray(self._backward.gradients[index])[entry])
        return Factor(of, wrt, None, None, value, f"∂{of}/∂{wrt}", (), None, folded=True)
