"""Single entries of a graph's tensors, and the scalar edges between them.

An edge of the graph joins tensors; under it lie many scalar edges, one for each pair of entries of which one depends on
the other. Which pairs these are, and which entry of the local partial stands between them, the rule of the edge says by
its letters (see `Rule`). So all here works on any graph, and knows no rule by name.
"""

import math
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.core.graph.cache import kept
from app.core.graph.structure import Edge, Graph, Node, Shape

Entry = tuple[int, ...]


class Place(NamedTuple):
    """One number of a node: the node, and the indices in its value."""

    node: Node
    entry: Entry


class Pattern(NamedTuple):
    """The letters of an edge's scalar edges (see `Rule`), and how far each letter counts.

    Where entries were only moved there are no letters: `source_map` has the place in the flat input of each entry of
    the output, and `targets` the other way round, by that place the entries of the output.
    """

    of: str
    wrt: str
    p: str
    sizes: Mapping[str, int]
    source_map: NDArray[np.int64] | None = None
    targets: Mapping[int, tuple[Entry, ...]] | None = None


class Above(NamedTuple):
    """A scalar edge seen from its lower end: the entry at its upper end, and the entry of the local partial."""

    of: Entry
    p: Entry


@kept(256)
def patterns(graph: Graph) -> tuple[Pattern, ...]:
    """The pattern of each edge."""
    return tuple(_pattern(edge, graph) for edge in graph.edges)


def _pattern(edge: Edge, graph: Graph) -> Pattern:
    of_shape, wrt_shape = graph.nodes[edge.of].shape, graph.nodes[edge.wrt].shape
    if edge.rule.source_map is not None:
        return Pattern("", "", "", {}, edge.rule.source_map, _targets(edge.rule.source_map))
    of, wrt = _last(edge.rule.of, len(of_shape)), _last(edge.rule.wrt, len(wrt_shape))
    p = "".join(letter for letter in edge.rule.p if letter in of + wrt)
    sizes = dict(zip(of, of_shape, strict=True)) | dict(zip(wrt, wrt_shape, strict=True))
    return Pattern(of, wrt, p, sizes)


def _targets(source_map: NDArray[np.int64]) -> dict[int, tuple[Entry, ...]]:
    targets: dict[int, tuple[Entry, ...]] = {}
    for of, place in zip(np.ndindex(source_map.shape), source_map.ravel().tolist(), strict=True):
        if place >= 0:
            targets[place] = (*targets.get(place, ()), of)
    return targets


def _last(letters: str, count: int) -> str:
    return letters[len(letters) - count :]


def above(pattern: Pattern, entry: Entry, shape: Shape = ()) -> Iterator[Above]:
    """The scalar edges that end in `entry` of the input, in the order of the indices at their upper ends.

    `shape` is the input's.
    """
    if pattern.targets is not None:
        place = int(np.ravel_multi_index(entry, shape)) if entry else 0
        yield from (Above(of, ()) for of in pattern.targets.get(place, ()))
        return
    at = dict(zip(pattern.wrt, entry, strict=True))
    free = [letter for letter in pattern.of if letter not in at]
    for choice in product(*[range(pattern.sizes[letter]) for letter in free]):
        at.update(zip(free, choice, strict=True))
        yield Above(tuple([at[letter] for letter in pattern.of]), tuple([at[letter] for letter in pattern.p]))


def spelled(id: str, entry: Entry) -> str:
    """ "a1[0,1]", "b0[2]", and just "C" for a number."""
    return f"{id}[{','.join(map(str, entry))}]" if entry else id


def spoken(value: Any, digits: int = 6) -> str:
    """A number in a sentence: "0.25", "−1.5e+200", "minus infinite", "not a number"."""
    number = float(value)
    if math.isnan(number):
        return "not a number"
    if math.isinf(number):
        return "infinite" if number > 0.0 else "minus infinite"
    return f"{number + 0.0:.{digits}g}".replace("-", "−").replace("e−", "e-")


def scalar_formula(graph: Graph, edge: Edge, wrt: Entry, at: Above) -> str:
    """The local partial of one scalar edge in entries: "∂a1[0,1]/∂m1[0,1] = a1[0,1] · (1 − a1[0,1])"."""
    ids = {slot: graph.nodes[index].id for slot, index in edge.slots.items()}
    if edge.rule.source_map is not None:
        template, names = "1", {}
    elif edge.row.scalar is None:
        template = edge.row.formula.replace("⊙", "·")
        names = {slot: spelled(id, _at(graph, edge, slot, at)) for slot, id in ids.items()}
    else:
        template = edge.row.scalar[at.of != wrt]
        names = {f"{slot}_of": spelled(id, at.of) for slot, id in ids.items()}
        names |= {f"{slot}_wrt": spelled(id, wrt) for slot, id in ids.items()}
    of_name, wrt_name = spelled(graph.nodes[edge.of].id, at.of), spelled(graph.nodes[edge.wrt].id, wrt)
    return f"∂{of_name}/∂{wrt_name} = {template.format_map(names)}"


def _at(graph: Graph, edge: Edge, slot: str, at: Above) -> Entry:
    """Where the entry of a slot is that a local partial is made of; of what was stretched, the one there is."""
    index = edge.slots[slot]
    if index == edge.of:
        return at.of
    shape = graph.nodes[index].shape
    own = at.p[len(at.p) - len(shape) :] if len(at.p) >= len(shape) else (0,) * (len(shape) - len(at.p)) + at.p
    return tuple(0 if size == 1 else place for place, size in zip(own, shape, strict=True))
