"""A graph's forward and backward pass as one straight-line Python function.

`forward` and `backward` of `graph` say what is computed, in two loops over any graph. On a network of the lecture's
size the loops' own work (looking up operations, arguments and places) takes a quarter of the time. `unrolled` does it
once for each graph: it writes the same calls down, in the same order, with the indices of nodes and edges in their
names, and lets Python compile them. For C = Σ (a0 − y)², a0 = σ(m0), m0 = x · W0 the function begins

    def run(v0, v1, v4):
        v2 = f2(v0, v1)
        v3 = f3(v2)
        v5 = f5(v3, v4)
        g5 = one
        p0 = d0(v3, v4)
        c0 = p0
        g3 = c0
        p1 = d1(v3)
        c1 = r1(g3, p1)
        g2 = c1

The numbers are those of the loops bit for bit; a test holds the two against each other.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from app.core.graph import Backward, Edge, Graph, Node
from app.core.kept import kept
from app.core.ops import ELEMENTWISE, ONE

Run = Callable[..., tuple[list[Any], Backward]]


@kept(256)
def unrolled(graph: Graph) -> Run:
    """A function from the arrays of `graph.leaves`, in their order, to all values and what `backward` gives."""
    functions: dict[str, Any] = {"Backward": Backward, "one": ONE}
    for node in graph.computed:
        assert node.op is not None
        functions[f"f{node.index}"] = node.op.value
    for number, edge in enumerate(graph.edges):
        functions[f"d{number}"] = edge.local
        functions[f"r{number}"] = edge.rule.apply
    exec("\n".join(_source(graph)), functions)
    run: Run = functions["run"]
    return run


def _source(graph: Graph) -> Iterator[str]:
    yield f"def run({_names('v', [leaf.index for leaf in graph.leaves])}):"
    for node in graph.computed:
        yield f"    {_computed(node)}"
    yield f"    g{graph.output.index} = one"
    reached: set[int] = set()
    for number, edge in enumerate(graph.edges):
        yield f"    {_local(number, edge)}"
        yield f"    {_contribution(number, edge, graph)}"
        yield f"    g{edge.wrt} = " + (f"g{edge.wrt} + c{number}" if edge.wrt in reached else f"c{number}")
        reached.add(edge.wrt)
    nodes, edges = range(len(graph.nodes)), range(len(graph.edges))
    gradients, partials, contributions = _names("g", nodes), _names("p", edges), _names("c", edges)
    yield f"    return [{_names('v', nodes)}], Backward([{gradients}], [{partials}], [{contributions}])"


def _computed(node: Node) -> str:
    return f"v{node.index} = f{node.index}({_names('v', node.inputs)})"


def _local(number: int, edge: Edge) -> str:
    if edge.local is None:
        return f"p{number} = v{edge.uses[-1]}"
    return f"p{number} = d{number}({_names('v', edge.uses)})"


def _contribution(number: int, edge: Edge, graph: Graph) -> str:
    if edge.of == graph.output.index and edge.rule is ELEMENTWISE:
        return f"c{number} = p{number}"  # 1 ⊙ p is p
    return f"c{number} = r{number}(g{edge.of}, p{number})"


def _names(letter: str, numbers: Iterable[int]) -> str:
    return ", ".join(f"{letter}{number}" for number in numbers)
