"""The routes from C to one entry of a parameter: which nodes they pass, and one by one.

Nodes are given by index. Between two entries that are joined by edges of the graph there is always a scalar route, so
what every way of edges passes, every route of entries passes too.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from app.core.graph.cache import kept
from app.core.graph.entries import Above, Entry, Place, above, patterns
from app.core.graph.structure import Graph

# --- ways between nodes -----------------------------------------------------------------------------------------------


def ways_up(graph: Graph, start: int) -> dict[int, int]:
    """How many ways of edges lead from a node up to each node that C depends on by it."""
    down = _ways_down(graph)
    ways = {start: 1}
    for edge in reversed(graph.edges):
        if edge.wrt in ways and edge.of in down:
            ways[edge.of] = ways.get(edge.of, 0) + ways[edge.wrt]
    return ways


@kept(256)
def _ways_down(graph: Graph) -> dict[int, int]:
    ways = {graph.output.index: 1}
    for edge in graph.edges:
        if edge.of in ways:
            ways[edge.wrt] = ways.get(edge.wrt, 0) + ways[edge.of]
    return ways


@kept(1024)
def passed_by_all(graph: Graph, parameter: int) -> tuple[int, ...]:
    """The nodes that every route from C to a parameter passes, from C to the parameter, both included."""
    up, down = ways_up(graph, parameter), _ways_down(graph)
    if parameter not in down:  # there is no route at all
        return graph.output.index, parameter
    return tuple(i for i in sorted(up, reverse=True) if up[i] * down[i] == down[parameter])


@kept(256)
def parameters_below(graph: Graph) -> tuple[frozenset[int], ...]:
    """By node: the parameters that its gradient is passed on to. What is only compared gets none."""
    below: list[set[int]] = [{node.index} if node.role == "parameter" else set() for node in graph.nodes]
    for edge in sorted(graph.edges, key=lambda edge: edge.of):
        below[edge.of] |= below[edge.wrt]
    return tuple(map(frozenset, below))


# --- routes of entries ------------------------------------------------------------------------------------------------


class Step(NamedTuple):
    """One scalar edge of a route: the number of its edge, its upper end, its lower end."""

    edge: int
    above: Above
    wrt: Entry


class Route(NamedTuple):
    """From an entry of the node at the top down to the parameter's."""

    top: Entry
    steps: list[Step]


def routes(graph: Graph, top: int, place: Place) -> Iterator[Route]:
    """All routes from the node `top`, in no particular order. They are found upwards, where none leads astray."""
    over = patterns(graph)
    # A route so far is its uppermost step and the route below that step, so that routes share what they have in common.
    found: list[tuple[int, Entry, Any]] = [(place.node.index, place.entry, None)]
    while found:
        node, entry, route = found.pop()
        if node == top:
            yield Route(entry, list(_unlinked(route)))
            continue
        for number in _edges_into(graph)[node]:
            of, shape = graph.edges[number].of, graph.nodes[node].shape
            found += [(of, up.of, (Step(number, up, entry), route)) for up in above(over[number], entry, shape)]


def _unlinked(route: Any) -> Iterator[Step]:
    while route is not None:
        step, route = route
        yield step


@kept(256)
def _edges_into(graph: Graph) -> tuple[tuple[int, ...], ...]:
    into: list[list[int]] = [[] for _ in graph.nodes]
    for number, edge in enumerate(graph.edges):
        into[edge.wrt].append(number)
    return tuple(map(tuple, into))
