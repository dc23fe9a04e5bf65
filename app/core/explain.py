"""The chain rule of one number, written out: every route from C to it, as a product of scalar local partials.

    ∂C/∂w = Σ over routes Π over the scalar edges of a route: local partial

Where there are too many routes they are folded at a node: its gradient, which the backward pass has cached, then stands
for all that lies between C and one of its entries. That is right at a node which every route passes.
"""

import math
from collections.abc import Iterator
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from app.core import count
from app.core.entries import Entry, Place, scalar_formula, spelled
from app.core.graph import Backward, Graph
from app.core.kept import kept
from app.core.rerun import Moved, Slices, quotient, sliced
from app.core.routes import Route, Step, parameters_below, passed_by_all, routes, ways_up
from app.core.training import Trace

FACTOR_WORK = 20_000  # what it takes to write a factor out.   Units: multiplications, as in `count.work`


class Factor(NamedTuple):
    """One scalar local partial of a route, or a cached gradient (`folded`), which belongs to no edge."""

    of: str
    wrt: str
    edge: str | None
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
    numeric: float
    numeric_step: float
    kink: bool
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
    graph, gradients = run.graph, run.backward.gradients
    moved = Moved(graph, run.values, place)
    weight = moved.weight
    step = numeric_step(weight)
    lower, upper = yield from sliced(moved.cost, [weight - step, weight + step], each=1)
    writer = _Writer(graph, run.backward, place)
    found = yield from _sorted(routes(graph, fold.node, place))
    each = FACTOR_WORK * max(1, round(fold.factors / max(1, fold.terms)))
    terms = yield from sliced(lambda route: writer.term(fold, route), found, each)
    return Chain(
        weight,
        float(gradients[place.node.index][place.entry]),
        quotient(upper - lower, (weight + step) - (weight - step)),
        step,
        moved.crosses(step),
        terms,
        None if fold.node == graph.output.index else graph.nodes[fold.node].id,
    )


def _sorted(found: Iterator[Route]) -> Slices[list[Route]]:
    """The routes in the order of the entries that they pass, from C on. They are found in slices, and sorted."""
    keyed: list[tuple[list[tuple[Entry, int]], Route]] = []
    for route in found:
        keyed.append(([(it.above.of, it.edge) for it in route.steps], route))
        if not len(keyed) % 16:
            yield
    keyed.sort(key=itemgetter(0))
    return [route for _, route in keyed]


def numeric_step(weight: float) -> float:
    """1e-5 · max(1, |weight|).

    The central difference is off by about h² (the curve bends) and by about 2⁻⁵²/h (each C is rounded); the sum of both
    is least near the cube root of 2⁻⁵², which is 6e-6.
    """
    return 1e-5 * max(1.0, abs(weight))


class _Writer:
    """Writes routes out as terms. Routes have most of their factors in common, so each factor is made once."""

    def __init__(self, graph: Graph, backward: Backward, place: Place) -> None:
        self._graph, self._backward, self._place = graph, backward, place
        self._factors: dict[tuple[int, Entry, Entry], Factor] = {}

    def term(self, fold: Fold, route: Route) -> Term:
        """The route, with the cached gradient of its top in front where that is not C."""
        factors = [self._factor(step) for step in route.steps]
        if fold.node != self._graph.output.index:
            factors.insert(0, self._folded(fold.node, route.top))
        path = (factors[0].of, *[factor.wrt for factor in factors])
        return Term(path, tuple(factors), math.prod([factor.value for factor in factors]))

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
            float(self._backward.partials[step.edge][step.above.p]),
            scalar_formula(graph, edge, step.wrt, step.above),
            tuple(graph.nodes[index].id for index in edge.uses),
            edge.rule.name,
            folded=False,
        )

    def _folded(self, index: int, entry: Entry) -> Factor:
        of, wrt = self._graph.output.id, spelled(self._graph.nodes[index].id, entry)
        value = float(np.asarray(self._backward.gradients[index])[entry])
        return Factor(of, wrt, None, value, f"∂{of}/∂{wrt}", (), None, folded=True)
