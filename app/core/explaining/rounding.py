"""Where a cost and the activation before it are computed together, since the activation's output alone has rounded.

a = σ(m) is 1 to all 16 digits from m = 37 on. Whoever computes C from that a by hand gets nothing of what C is; so the
trace says, at the edge between the two, which entries these are and how their numbers came to be.
"""

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from app.core.explaining.chain_rule import missing
from app.core.graph.cache import kept
from app.core.graph.entries import Entry, spelled, spoken
from app.core.graph.ops import ELEMENTWISE, Array
from app.core.graph.structure import Edge, FusedEdge, Graph
from app.core.training.iteration import Trace


def remarks(run: Trace) -> Mapping[int, list[str]]:
    """By number of an edge: what is to be said of its numbers. Most runs have nothing."""
    return {
        number: list(_remarks(run, edge, edge.fused)) for number, edge in _fused(run.graph) if edge.fused is not None
    }


@kept(256)
def _fused(graph: Graph) -> tuple[tuple[int, Edge], ...]:
    return tuple((number, edge) for number, edge in enumerate(graph.edges) if edge.fused is not None)


def _remarks(run: Trace, edge: Edge, fused: FusedEdge) -> Iterator[str]:
    graph, a, m = run.graph, run.values[edge.of], run.values[fused.m]
    out, into, cost = graph.nodes[edge.of].id, graph.nodes[fused.m].id, graph.nodes[fused.cost].id
    if not np.isfinite(m).all() or not math.isfinite(run.cost):
        return
    for limit in (0, 1) if a.shape[1] > 1 or edge.rule is ELEMENTWISE else ():
        rounded = _entries(a == limit)
        if rounded:
            which = f"{_all(out, rounded)} {limit} to all 16 digits, {_from(edge, into, m, rounded[0])}"
            yield f"{which}. {cost} and its slope go by {into}: there nothing is lost."
    lost = missing(run, edge)
    if np.count_nonzero(lost):
        y = graph.nodes[fused.y].id
        formula = fused.by.formula.format(a=out, m=into, y=y, y_of=y)
        yield f"At {_all(into, _entries(lost), verb=False)} the slope is taken straight from {into}, as {formula}."


def _entries(mask: Any) -> list[Entry]:
    return [tuple(entry) for entry in np.argwhere(mask).tolist()]


def _from(edge: Edge, into: str, m: Array, entry: Entry) -> str:
    """What it has rounded from: its own m, or where a row's outputs depend on each other, that row's."""
    if edge.rule is ELEMENTWISE:
        return f"from {spelled(into, entry)} = {spoken(m[entry])}"
    row = m[entry[0]]
    return f"as {into} goes from {spoken(row.min())} to {spoken(row.max())} in row {entry[0]}"


def _all(id: str, entries: list[Entry], *, verb: bool = True) -> str:
    """ "a0[0,0] is", "a0[0,0] and 3 more are"."""
    more = len(entries) - 1
    name = spelled(id, entries[0]) + (f" and {more} more" if more else "")
    return f"{name} {'are' if more else 'is'}" if verb else name
