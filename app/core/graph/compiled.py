"""A graph's forward and backward pass as one straight-line Python function.

`forward` and `backward` of `graph` say what is computed, in two loops over any graph. On a network of the lecture's
size the loops' own work (looking up operations, arguments and places) takes a quarter of the time. `unrolled` does it
once for each graph: it writes the same calls down, in the same order, with the indices of nodes and edges in their
names, and lets Python compile them. What several values have in common (see `Shared`) is computed once. For
C = Σ (a0 − y)², a0 = σ(m0), m0 = x · W0 the function begins

    def run(v0, v1, v4):
        v2 = f_v2(v0, v1)
        s0 = common_s0(v2)
        v3 = f_v3(s0)
        s1 = common_s1(v3, v4)
        v5 = f_v5(s1)
        g5 = one
        p0 = multiply(s1, k_p0)
        c0 = p0
        g3 = c0
        p1 = f_p1(v3, s0)
        c1 = r_elementwise(g3, p1)
        g2 = c1
        p2 = v0
        c2 = p2.T.dot(g2)

The numbers are those of the loops bit for bit; a test holds the two against each other. A large graph is left to the
loops: Python takes longer to compile so many lines than hundreds of passes save, in one piece in which nobody else is
answered.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np

from app.core.graph.cache import kept
from app.core.graph.ops import ONE, Array
from app.core.graph.source import Common, called, common_part, is_constant, met, names
from app.core.graph.structure import Backward, Edge, Graph, Node, backward, forward

Run = Callable[..., tuple[list[Any], Backward]]
Rest = Callable[[list[Any], Backward], Backward]


MOST_NODES = 64  # of a graph that is written down: some fifteen layers, and two milliseconds to compile


@kept(256)
def unrolled(graph: Graph) -> Run:
    """A function from the arrays of `graph.leaves`, in their order, to all values and what `backward` gives."""
    if len(graph.nodes) > MOST_NODES:
        return partial(_looped, graph, graph.edges)
    run: Run = _compiled(graph, lambda writer: writer.lines(len(graph.edges)))
    return run


@kept(256)
def unrolled_learning(graph: Graph) -> Run:
    """The same of the edges that training needs alone: the gradients of data are None, and their edges missing."""
    if len(graph.nodes) > MOST_NODES:
        return partial(_looped, graph, graph.edges[: graph.learning])
    run: Run = _compiled(graph, lambda writer: writer.lines(graph.learning))
    return run


@kept(256)
def unrolled_rest(graph: Graph) -> Rest:
    """A function from what `unrolled_learning` gives to what `unrolled` does of the backward pass."""
    if len(graph.nodes) > MOST_NODES:
        edges = graph.edges[graph.learning :]
        return lambda values, begun: backward(graph, values, edges, begun)
    run: Rest = _compiled(graph, lambda writer: writer.rest(graph.learning))
    return run


def _looped(graph: Graph, edges: Sequence[Edge], *leaves: Array) -> tuple[list[Any], Backward]:
    values = forward(graph, leaves)
    return values, backward(graph, values, edges)


def _compiled(graph: Graph, lines: "Callable[[_Writer], Iterator[str]]") -> Any:
    writer = _Writer(graph)
    exec("\n".join(lines(writer)), writer.known)
    # Taken out, so that the function and what it knows do not hold each other: it is freed with the graph, at once.
    return writer.known.pop("run")


class _Writer:
    """Writes the function's lines, and keeps what their names stand for."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._reached = {graph.output.index}
        self._common: Common = {}
        self.known: dict[str, Any] = {"Backward": Backward, "new": tuple.__new__, "one": ONE}

    def lines(self, edges: int) -> Iterator[str]:
        """Forward, and backward over so many leading edges."""
        graph = self._graph
        yield f"def run({names('v', [leaf.index for leaf in graph.leaves])}):"
        for node in graph.computed:
            yield from self._computed(node)
        yield f"    g{graph.output.index} = one"
        yield from self._walked(range(edges))
        values, numbers = names("v", range(len(graph.nodes))), range(edges)
        backward = self._backward(f"[{names('p', numbers)}]", f"[{names('c', numbers)}]")
        yield f"    return [{values}], {backward}"

    def rest(self, first: int) -> Iterator[str]:
        """Backward over the edges from the first of that number on; all before it have been walked."""
        nodes, numbers = range(len(self._graph.nodes)), range(first, len(self._graph.edges))
        self._reached.update(edge.wrt for edge in self._graph.edges[:first])
        yield "def run(values, backward):"
        yield f"    {names('v', nodes)}, = values"
        yield "    gradients, partials, contributions = backward"
        yield f"    {names('g', nodes)}, = gradients"
        yield from self._walked(numbers)
        backward = self._backward(f"[*partials, {names('p', numbers)}]", f"[*contributions, {names('c', numbers)}]")
        yield f"    return {backward}"

    def _walked(self, numbers: Iterable[int]) -> Iterator[str]:
        for number in numbers:
            edge = self._graph.edges[number]
            yield from self._local(number, edge)
            yield f"    c{number} = {met(edge, self._graph, f'g{edge.of}', f'p{number}', self.known)}"
            yield f"    g{edge.wrt} = " + (f"g{edge.wrt} + c{number}" if edge.wrt in self._reached else f"c{number}")
            self._reached.add(edge.wrt)

    def _backward(self, partials: str, contributions: str) -> str:
        nodes = range(len(self._graph.nodes))
        zeros = {node.index for node in self._graph.unreached}
        self.known |= {f"z{node.index}": np.zeros(node.shape) for node in self._graph.unreached}
        gradients = ", ".join(
            [f"g{node}" if node in self._reached else f"z{node}" if node in zeros else "None" for node in nodes]
        )
        return f"new(Backward, ([{gradients}], {partials}, {contributions}))"

    def _computed(self, node: Node) -> Iterator[str]:
        assert node.op is not None
        yield from self._set(f"v{node.index}", node.op.value, names("v", node.reads))

    def _local(self, number: int, edge: Edge) -> Iterator[str]:
        if edge.local is None:
            yield f"    p{number} = v{edge.uses[-1]}"
        elif is_constant(edge):
            self.known[f"p{number}"] = edge.partial(())
        else:
            yield from self._set(f"p{number}", edge.local, names("v", edge.uses))

    def _set(self, name: str, function: Callable[..., Any], arguments: str) -> Iterator[str]:
        """`name` becomes the function of the arguments."""
        yield from common_part(function, arguments, self.known, self._common)
        yield f"    {name} = {called(function, name, arguments, self.known, self._common)}"
