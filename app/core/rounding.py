"""Where a cost and the activation before it are computed together, since the activation's output alone has rounded.

a = σ(m) is 1 to all 16 digits from m = 37 on. Whoever computes C from that a by hand gets nothing of what C is; so the
trace says, at the edge between the two, which entries these are and how their numbers came to be.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from app.core.entries import Entry, spelled
from app.core.explain import missing
from app.core.graph import Edge, FusedEdge, Graph
from app.core.kept import kept
from app.core.training import Trace


def remarks(run: Trace) -> Mapping[int, list[str]]:
    """By number of an edge: what is to be said of its numbers. Most runs have nothing."""
    return {
        number: list(_remarks(run, edge, edge.fused)) for number, edge in _fused(run.graph) if edge.fused is not None
    }


@kept(256)
def _fused(graph: Graph) -> tuple[tuple[int, Edge], ...]:
    return tuple((number, edge) for number, edge in enumerate(graph.edges) if edge.fused is not None)


def _remarks(run: Trace, edge: Edge, fused: FusedEdge) -> Iterator[str]:
    graph, a = run.graph, run.values[edge.of]
    out, into, cost = graph.nodes[edge.of].id, graph.nodes[fused.m].id, graph.nodes[fused.cost].id
    for limit in (0, 1):
        rounded = [tuple(entry) for entry in np.argwhere(a == limit).tolist()]
        if rounded:
            entry = rounded[0]
            of_m = f"{spelled(into, entry)} = {float(run.values[fused.m][entry]):.6g}"
            yield (
                f"{_all(out, rounded)} {limit} to all 16 digits, from {of_m}. {cost} and its slope go by {into}: "
                f"there nothing is lost."
            )
    absent = [tuple(entry) for entry in np.argwhere(missing(run, edge)).tolist()]
    if absent:
        formula = fused.by.formula.format(a=out, m=into, y=graph.nodes[fused.y].id, y_of=graph.nodes[fused.y].id)
        yield (
            f"At {_all(into, absent, verb=False)} the slope is taken straight from {into}, as {formula}: of the two "
            f"factors there, one may be too small or too large for a double."
        )


def _all(id: str, entries: list[Entry], *, verb: bool = True) -> str:
    """ "a0[0,0] is", "a0[0,0] and 3 more are"."""
    more = len(entries) - 1
    name = spelled(id, entries[0]) + (f" and {more} more" if more else "")
    return f"{name} {'are' if more else 'is'}" if verb else name
