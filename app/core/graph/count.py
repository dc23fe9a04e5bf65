"""How many multiplications the chain rule takes: route by route, and with every gradient computed once.

A route leads from C to one entry of a parameter along scalar edges; the product of its f local partials takes f − 1
multiplications. Routes are counted, never listed: their number is pushed along the edges, as gradients are, with the
number 1 in place of every local partial.

An array of counts has a node's axes. One on which all entries are alike has the length 1, so that to count in a network
of a thousand neurons costs no more than in one of three.
"""

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from app.core.graph.cache import kept
from app.core.graph.entries import Entry, Pattern, patterns
from app.core.graph.network import Architecture, build, deepened
from app.core.graph.ops import JACOBIAN, Array
from app.core.graph.structure import Edge, Graph, Node, Shape

Count = int | float
_EXACT = 2**53  # from here on a double no longer tells neighbours apart


class Multiplications(NamedTuple):
    """`naive` takes every route by itself; `cached` takes every scalar edge once."""

    naive: Count
    cached: Count


class Routes(NamedTuple):
    """The routes to one entry of a parameter, counted.

    By node that they pass (index): how many there are from that node's entries down to the parameter's entry, and of
    how many scalar edges they are made in all.
    """

    terms: Mapping[int, Count]
    edges: Mapping[int, Count]
    multiplications: Multiplications


class Depth(NamedTuple):
    """The multiplications of a network of so many layers, for one example and all parameters."""

    layers: int
    multiplications: Multiplications


class _Counts(NamedTuple):
    """By node: how many routes each of its entries has, and of how many scalar edges these are made."""

    routes: dict[int, Array]
    lengths: dict[int, Array]


@kept(512)
def routes(graph: Graph, parameter: int, entry: Entry) -> Routes:
    """Count the routes from the output to one entry of the parameter of that index."""
    start = np.zeros(graph.nodes[parameter].shape)
    start[entry] = 1.0
    up = _upward(graph, {parameter: start})
    passed = [index for index in up.routes if index in _downward(graph).routes]
    terms, edges = ({i: _total(by_node[i], graph.nodes[i].shape) for i in passed} for by_node in up)
    if graph.output.index not in terms:  # C does not depend on it
        nothing = {graph.output.index: 0, parameter: 0}
        return Routes(nothing, nothing, Multiplications(0, 0))
    naive = edges[graph.output.index] - terms[graph.output.index]
    return Routes(
        {index: _whole(number) for index, number in terms.items()},
        {index: _whole(number) for index, number in edges.items()},
        Multiplications(_whole(naive), _whole(_cached(graph, up))),
    )


@kept(256)
def whole(graph: Graph) -> Multiplications:
    """The multiplications for every entry of every parameter."""
    down = _downward(graph)
    every: dict[int, Array] = {node.index: np.ones([1] * len(node.shape)) for node in graph.parameters}
    naive = sum(
        _total(down.lengths[node.index] - down.routes[node.index], node.shape)
        for node in graph.parameters
        if node.index in down.routes
    )
    return Multiplications(_whole(naive), _whole(_cached(graph, _upward(graph, every))))


@kept(256)
def depths(architecture: Architecture, most_layers: int) -> tuple[Depth, ...]:
    """How the gap grows: the network once to four times as deep, as far as `most_layers` allows."""
    layers = len(architecture.layers)
    return tuple(
        Depth(layers * times, whole(build(deepened(architecture, times), 1)))
        for times in (1, 2, 3, 4)
        if times == 1 or layers * times <= most_layers
    )


def _upward(graph: Graph, start: Mapping[int, Array]) -> _Counts:
    """From parameters up: the routes from each entry down to an entry counted in `start`."""
    counts = _Counts(dict(start), {index: np.zeros([1] * array.ndim) for index, array in start.items()})
    for edge, pattern in zip(reversed(graph.edges), reversed(patterns(graph)), strict=True):
        if edge.wrt in counts.routes:
            _push(counts, edge.wrt, edge.of, pattern, graph, up=True)
    return counts


@kept(256)
def _downward(graph: Graph) -> _Counts:
    """From the output down: the routes from it to each entry."""
    counts = _Counts({graph.output.index: np.array(1.0)}, {graph.output.index: np.array(0.0)})
    for edge, pattern in zip(graph.edges, patterns(graph), strict=True):
        if edge.of in counts.routes:
            _push(counts, edge.of, edge.wrt, pattern, graph, up=False)
    return counts


def _push(counts: _Counts, source: int, target: int, over: Pattern, graph: Graph, *, up: bool) -> None:
    shapes = graph.nodes[source].shape, graph.nodes[target].shape
    arriving = _along(counts.routes[source], over, shapes, up=up)
    longer = _along(counts.lengths[source], over, shapes, up=up) + arriving
    counts.routes[target] = counts.routes.get(target, 0.0) + arriving
    counts.lengths[target] = counts.lengths.get(target, 0.0) + longer


def _along(counts: Array, over: Pattern, shapes: tuple[Shape, Shape], *, up: bool) -> Array:
    """`counts` of one end of an edge, summed along every scalar edge into an array of the other end."""
    if over.source_map is None:
        ends = (over.wrt, over.of) if up else (over.of, over.wrt)
        return _carried(counts, *ends, over)
    source, target = shapes
    here, every = over.source_map >= 0, np.broadcast_to(counts, source)
    if up:
        return np.where(here, every.ravel()[np.where(here, over.source_map, 0)], 0.0)
    arriving: Array = np.bincount(over.source_map[here], every[here], math.prod(target)).astype(float).reshape(target)
    return arriving


def _carried(counts: Array, source: str, target: str, over: Pattern) -> Array:
    """`counts` with the axes `source`, summed along every scalar edge into an array with the axes `target`."""
    for axis, letter in enumerate(source):
        if letter not in target:
            alike = over.sizes[letter] if counts.shape[axis] == 1 else 1
            counts = counts.sum(axis=axis, keepdims=True) * alike
    kept = [letter for letter in target if letter in source]
    turned = counts.transpose(
        [source.index(letter) for letter in kept] + [axis for axis, letter in enumerate(source) if letter not in kept]
    )
    lengths = dict(zip(kept, turned.shape, strict=False))
    return turned.reshape([lengths.get(letter, 1) for letter in target])


def _cached(graph: Graph, up: _Counts) -> float:
    """Scalar edges on any counted route, each once. At the output the upstream gradient is 1: nothing is multiplied."""
    down = _downward(graph)
    return sum(
        _pairs(edge, pattern, up.routes, down.routes, graph)
        for edge, pattern in zip(graph.edges, patterns(graph), strict=True)
        if edge.of != graph.output.index and edge.wrt in up.routes and edge.of in down.routes
    )


def _pairs(edge: Edge, pattern: Pattern, up: Mapping[int, Array], down: Mapping[int, Array], graph: Graph) -> float:
    reached = np.where(down[edge.of] > 0.0, 1.0, 0.0)
    shapes = graph.nodes[edge.of].shape, graph.nodes[edge.wrt].shape
    joined = _along(reached, pattern, shapes, up=False) * np.where(up[edge.wrt] > 0.0, 1.0, 0.0)
    return _total(joined, shapes[1])


def _total(counts: Array, shape: Shape) -> float:
    alike = math.prod(size for length, size in zip(counts.shape, shape, strict=True) if length == 1)
    return float(counts.sum()) * alike


def _whole(number: float) -> Count:
    return int(number) if number < _EXACT else float(number)


# --- work -------------------------------------------------------------------------------------------------------------


CALL = 2_000  # what it takes to call an operation at all.   Units: multiplications


def work(graph: Graph, nodes: tuple[Node, ...]) -> int:
    """About how long it takes to compute `nodes` once.   Units: multiplications in a matrix product."""
    products = {node.index: 0 for node in nodes}
    for edge, pattern in zip(graph.edges, patterns(graph), strict=True):
        if edge.of in products:
            products[edge.of] = max(products[edge.of], math.prod(pattern.sizes.values()))
    return sum(products[node.index] + CALL + _entries_work(graph, node) for node in nodes)


def _entries_work(graph: Graph, node: Node) -> int:
    if node.op is None or not node.inputs:
        return 0
    return node.op.work * max(math.prod(graph.nodes[index].shape) for index in node.inputs[:2])


@kept(256)
def trace_numbers(graph: Graph) -> int:
    """About how many numbers the full trace of a graph holds."""
    sizes = [math.prod(node.shape) for node in graph.nodes]
    jacobians = [graph.nodes[edge.wrt].shape for edge in graph.edges if edge.rule.name == JACOBIAN.name]
    squares = sum(math.prod(shape) * shape[-1] for shape in jacobians)
    return 2 * sum(sizes) + sum(2 * sizes[edge.wrt] for edge in graph.edges) + squares
