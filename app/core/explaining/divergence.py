"""Why a run has diverged: which number went beyond the doubles first, and from what.

What is looked through, in the order in which it was computed: the values on the way forward, where C is lost; the
contributions on the way back, where a parameter's gradient is; what the update makes of the parameters. A number that
is infinite without harm is passed over: ∂C/∂a may be beyond all doubles where a cost takes ∂C/∂m by itself (`Fused`).
"""

import math
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from app.core.graph.costs import COSTS
from app.core.graph.entries import Entry, above, patterns, spelled, spoken
from app.core.graph.ops import Array, all_finite
from app.core.graph.structure import Edge, Graph, Node
from app.core.training.iteration import Trace, Update
from app.core.training.optimizers import DELTA

LARGEST = "about 1.8e308, the largest number that a double can hold"
_NOT_KEPT = ("w", "g", "−α", DELTA)  # of what a rule knows


class Divergence(NamedTuple):
    """The first number that was lost: its node (or the parameter), its entry, and why, in a sentence."""

    node: str
    entry: Entry
    detail: str


def divergence(run: Trace, updates: Sequence[Update] = ()) -> Divergence | None:
    """What was lost first; None where everything that counts is finite."""
    with np.errstate(all="ignore"):
        return next(_found(run, updates), None)


def overflow(run: Trace) -> Divergence | None:
    """The first value on the way forward that is beyond the doubles, whatever became of C."""
    with np.errstate(all="ignore"):
        values = run.values
        if all_finite(*[values[node.index] for node in run.graph.computed[:-1]]):
            return None
        return next((_forward(run, node) for node in run.graph.computed if _lost(values[node.index]) is not None), None)


def _found(run: Trace, updates: Sequence[Update]) -> Iterator[Divergence]:
    if not math.isfinite(run.cost):
        yield from (_forward(run, node) for node in run.graph.computed if _lost(run.values[node.index]) is not None)
    gradients = run.backward.gradients
    if any(_lost(gradients[node.index]) is not None for node in run.graph.parameters):
        yield from _backward(run)
    for update in updates:
        entry = _lost(update.after)
        if entry is not None:
            yield _update(update, entry)
        for name, value in update.values.items():
            remembered = _lost(value) if isinstance(value, np.ndarray) and name not in _NOT_KEPT else None
            if remembered is not None:
                at = spelled(update.parameter, remembered)
                detail = (
                    f"what the optimizer keeps of {at}, {name}, went beyond {LARGEST}: {_slope_of(update, remembered)}"
                )
                yield Divergence(update.parameter, remembered, detail)


def _lost(value: Any) -> Entry | None:
    """The first entry that is infinite or NaN."""
    if np.isfinite(value).all():
        return None
    return tuple(np.argwhere(~np.isfinite(value))[0].tolist())


# --- forward ----------------------------------------------------------------------------------------------------------


def _forward(run: Trace, node: Node) -> Divergence:
    value = run.values[node.index]
    entry = _lost(value) or ()
    assert node.op is not None
    name = spelled(node.id, entry)
    if node.op.name in _SUMS_OF_PRODUCTS:
        return Divergence(node.id, entry, f"{name} went beyond {LARGEST}: {_largest_term(run, node, entry)}")
    if node.op.name in COSTS and np.ndim(run.values[node.reads[0]]) == 2:
        return Divergence(node.id, entry, f"{name} is {spoken(value)}: {_why_cost(run, node)}")
    went = " and ".join(dict.fromkeys(_named(run, *it) for it in _into(run, node, entry)))
    return Divergence(node.id, entry, f"{name} is {spoken(np.asarray(value)[entry])}: {node.op.name} of {went}")


def _into(run: Trace, node: Node, entry: Entry) -> Iterator[tuple[int, Entry]]:
    """By input that the entry is made of: its own entry, or where there are several, the one whose size is largest."""
    for edge, pattern in zip(run.graph.edges, patterns(run.graph), strict=True):
        if edge.of != node.index:
            continue
        value = np.asarray(run.values[edge.wrt])
        if pattern.source_map is not None:
            place = int(pattern.source_map[entry])
            if place >= 0:
                yield edge.wrt, tuple(int(it) for it in np.unravel_index(place, value.shape))
            continue
        known = dict(zip(pattern.of, entry, strict=True))
        met = np.zeros(value.shape, bool)
        met[tuple(known.get(letter, slice(None)) for letter in pattern.wrt)] = True
        size = np.where(met, np.where(np.isnan(value), np.inf, np.abs(value)), -1.0)
        yield edge.wrt, tuple(int(it) for it in np.unravel_index(int(size.argmax()), value.shape))


_SUMS_OF_PRODUCTS = ("linear", "matmul")


def _largest_term(run: Trace, node: Node, entry: Entry) -> str:
    """Of a row of the first factor and a column of the second; either may be a vector, which is all there is of it."""
    x, W, *b = node.inputs
    first, second = run.values[x], run.values[W]
    row, column = entry[: first.ndim - 1], entry[len(entry) - second.ndim + 1 :]
    terms = first[row] * second[(slice(None), *column)]
    size = np.abs(np.where(np.isnan(terms), np.inf, terms))
    at = int(size.argmax())
    if b and not np.isfinite(run.values[b[0]][column]):
        return f"{spelled(run.graph.nodes[b[0]].id, column)} is {spoken(run.values[b[0]][column])}"
    factors = [_named(run, x, (*row, at)), _named(run, W, (at, *column))]
    return f"the largest term of its sum is {factors[0]} times {factors[1]}"


def _named(run: Trace, index: int, entry: Entry) -> str:
    return f"{spelled(run.graph.nodes[index].id, entry)} = {spoken(np.asarray(run.values[index])[entry])}"


def _why_cost(run: Trace, node: Node) -> str:
    """Which row, or entry, of the outputs the cost cannot be taken of; or that only the sum is too large."""
    assert node.op is not None
    arrays = [run.values[index] for index in node.reads]
    row = next((r for r in range(len(arrays[0])) if _is_lost(node, [array[r : r + 1] for array in arrays])), None)
    if row is None:
        return f"no single row is to blame, but their sum went beyond {LARGEST}"
    for column in range(arrays[0].shape[1]):
        single = [array[row : row + 1, column : column + 1] for array in arrays]
        if _is_lost(node, single):
            read = [_named(run, index, (row, column)) for index in node.reads]
            return f"it cannot be taken of {' and '.join(read)}{_outside(node, *(float(it[0, 0]) for it in single))}"
    read = [f"{run.graph.nodes[index].id}" for index in node.reads]
    values = ", ".join(spoken(value, 4) for value in arrays[0][row])
    return f"in row {row}, from {read[0]} = {values}, its share alone is beyond {LARGEST}"


def _is_lost(node: Node, arrays: list[Array]) -> bool:
    assert node.op is not None
    return not math.isfinite(float(node.op.value(*arrays)))


def _outside(node: Node, a: float, y: float) -> str:
    assert node.op is not None
    row = COSTS[node.op.name]
    if row.size is not None and y < row.targets[0]:
        return f". {node.op.name} takes the logarithm of the target too, which has no value below 0"
    low, high = row.outputs
    if low < a < high or node.op.fused is not None:
        return f", whose share alone is beyond {LARGEST}"
    return f". {node.op.name} takes the logarithm, which is infinite at 0 and has no value below"


# --- backward ---------------------------------------------------------------------------------------------------------


def _backward(run: Trace) -> Iterator[Divergence]:
    """From the parameter that is lost, up along what is lost, to the edge where it began."""
    graph, backward = run.graph, run.backward
    harmed = _leads_to_lost(graph, backward.gradients)
    for number, edge in enumerate(graph.edges[: graph.learning]):
        entry = _lost(backward.contributions[number])
        if entry is not None and edge.wrt in harmed:
            name = spelled(graph.nodes[edge.wrt].id, entry)
            output = graph.output.id
            whole = f"on the way back ∂{output}/∂{name} went beyond {LARGEST}"
            yield Divergence(graph.nodes[edge.wrt].id, entry, f"{whole}: {_factors(run, number, edge, entry)}")


def _leads_to_lost(graph: Graph, gradients: Sequence[Any]) -> set[int]:
    """The nodes whose gradients are lost and passed on to a parameter's that is lost too."""
    lost = {node.index for node in graph.parameters if _lost(gradients[node.index]) is not None}
    for edge in reversed(graph.edges[: graph.learning]):
        if edge.wrt in lost and edge.fused is None and _lost(gradients[edge.of]) is not None:
            lost.add(edge.of)
    return lost


def _factors(run: Trace, number: int, edge: Edge, entry: Entry) -> str:
    """The scalar edges that end in the entry, those of the largest product."""
    graph, backward = run.graph, run.backward
    pattern = patterns(graph)[number]
    of, wrt = graph.nodes[edge.of], graph.nodes[edge.wrt]
    upstream: Array = np.asarray(backward.gradients[edge.of])
    partial: Array = np.asarray(backward.partials[number])
    ways = [(up, float(upstream[up.of]), float(partial[up.p])) for up in above(pattern, entry, wrt.shape)]
    up, arriving, local = max(ways, key=lambda way: _rank(way[1] * way[2]))
    arrives = f"∂{graph.output.id}/∂{spelled(of.id, up.of)} = {spoken(arriving)}"
    meets = f"∂{spelled(of.id, up.of)}/∂{spelled(wrt.id, entry)} = {spoken(local)}"
    return f"{arrives} times {meets}" if of is not graph.output else meets


def _rank(product: float) -> float:
    return math.inf if math.isnan(product) else abs(product)


# --- update -----------------------------------------------------------------------------------------------------------


def _update(update: Update, entry: Entry) -> Divergence:
    name = spelled(update.parameter, entry)
    detail = (
        f"this update would carry {name} = {spoken(update.before[entry])} beyond {LARGEST}: {_slope_of(update, entry)}"
    )
    return Divergence(update.parameter, entry, detail)


def _slope_of(update: Update, entry: Entry) -> str:
    change = f"the change is {spoken(update.delta[entry])}"
    return f"{change}, with a slope of {spoken(update.gradient[entry])}"
