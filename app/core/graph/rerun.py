"""Run a graph again with one leaf changed, and only as far as it matters; many times, in slices.

A long calculation is a generator that yields after every slice of work, so that whoever drives it can do something else
in between, and returns its result at the end.
"""

import math
from collections.abc import Callable, Generator, Sequence
from typing import Any, NamedTuple, TypeVar

import numpy as np

from app.core.graph.cache import kept
from app.core.graph.count import work
from app.core.graph.entries import Place
from app.core.graph.ops import Array
from app.core.graph.structure import Graph, Node

Item = TypeVar("Item")
Result = TypeVar("Result")
Slices = Generator[None, None, Result]
Run = list[Any]  # all values of a run, by node index

SLICE_WORK = 400_000  # multiplications (see `count.work`): some 0.2 ms
PASSES_OF_A_STEP = 4  # the work of an iteration: forward over all nodes, and backward


@kept(1024)
def dependents(graph: Graph, leaf: int) -> tuple[Node, ...]:
    """The computed nodes that depend on the leaf of that index, in the order of the forward pass."""
    reached = {leaf}
    found: list[Node] = []
    for node in graph.computed:
        if reached.intersection(node.inputs):
            reached.add(node.index)
            found.append(node)
    return tuple(found)


@kept(1024)
def work_of(graph: Graph, leaf: int) -> int:
    """The work of one pass with that leaf changed (see `count.work`)."""
    return work(graph, dependents(graph, leaf))


def recomputed(graph: Graph, values: Sequence[Any], leaf: int, array: Array) -> list[Any]:
    """All values where the leaf of that index is `array`: those that depend on it anew, the rest as they were."""
    changed = list(values)
    changed[leaf] = array
    for node in dependents(graph, leaf):
        changed[node.index] = node.compute(changed)
    return changed


class Moved(NamedTuple):
    """A run of a graph in which one number of a parameter can be moved."""

    graph: Graph
    values: list[Any]
    place: Place

    @property
    def weight(self) -> float:
        """The number where it stands."""
        return float(self.values[self.place.node.index][self.place.entry])

    def run(self, weight: float) -> list[Any]:
        """All values where the number is `weight`."""
        index = self.place.node.index
        array = np.array(self.values[index])
        array[self.place.entry] = weight
        return recomputed(self.graph, self.values, index, array)

    def crosses(self, step: float) -> bool:
        """Whether the number moved by ±step takes an operation to or across a corner."""
        with np.errstate(all="ignore"):
            sides = [self.run(self.weight + by) for by in (-step, step)]
        return any(crossed(self.graph, self.values, values, self.place.node.index) for values in sides)

    def cost(self, weight: float) -> float:
        """C where the number is `weight`."""
        return float(self.run(weight)[-1])


def crossed(graph: Graph, before: Sequence[Any], after: Sequence[Any], leaf: int) -> bool:
    """Whether something that depends on the leaf lies on another side of a corner, or upon it in one run only."""
    for node in dependents(graph, leaf):
        if node.op is not None and node.op.corner is not None:
            one, other = (np.sign(node.op.corner(*[run[index] for index in node.reads])) for run in (before, after))
            if not np.array_equal(one, other):
                return True
    return False


def quotient(numerator: float, denominator: float) -> float:
    """numerator / denominator; NaN where that is 0, as a distance lost in rounding is."""
    return numerator / denominator if denominator else math.nan


def sliced(function: Callable[[Item], Result], items: Sequence[Item], each: int) -> Slices[list[Result]]:
    """`function` of every item, in slices; `each` is the work of one."""
    size = max(1, SLICE_WORK // max(1, each))
    results: list[Result] = []
    for start in range(0, len(items), size):
        if start:
            yield
        # Not around the yield: what runs in between would be as quiet.
        with np.errstate(all="ignore"):
            results += [function(item) for item in items[start : start + size]]
    return results
