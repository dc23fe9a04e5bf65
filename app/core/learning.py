"""A graph's passes as training needs them: nothing is kept, nothing computed that no parameter's gradient needs.

Like `program.unrolled`, but with the arrays of the parameters and of their gradients built in, and room for every
result laid out beforehand. The numbers are those of `unrolled` bit for bit.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from types import CodeType
from typing import Any

import numpy as np

from app.core.graph import Edge, Graph, Node
from app.core.kept import kept
from app.core.ops import ELEMENTWISE, ONE, Array

Pass = Callable[[Array, Array, bool], Any]


def learning(graph: Graph, parameters: Sequence[Array], gradients: Sequence[Array]) -> Pass:
    """A function from (x, y, wanted) to C, or to None where C is not wanted. The gradients go into `gradients`.

    Shapes: parameters and gradients as `graph.parameters`; their entries may change between two calls.
    """
    known: dict[str, Any] = {"one": ONE}
    for node, parameter, gradient in zip(graph.parameters, parameters, gradients, strict=True):
        known[f"v{node.index}"], known[f"o{node.index}"] = parameter, gradient
    for node in graph.computed:
        assert node.op is not None
        known[f"f{node.index}"] = node.op.value
        known[f"w{node.index}"], known[f"o{node.index}"] = np.empty(node.shape), np.empty(node.shape)
    for number, edge in enumerate(_edges(graph)):
        known[f"d{number}"], known[f"r{number}"] = edge.local, edge.rule.apply
    exec(_code(graph), known)
    run: Pass = known.pop("run")  # so that the two do not hold each other
    return run


@kept(256)
def _code(graph: Graph) -> CodeType:
    """The function's definition; Python takes longer to compile it than for many iterations of a small network."""
    return compile("\n".join(_source(graph)), "<learning>", "exec")


def _edges(graph: Graph) -> Sequence[Edge]:
    return graph.edges[: graph.learning]


def _source(graph: Graph) -> Iterator[str]:
    x, y = (leaf.index for leaf in graph.leaves if leaf.role != "parameter")
    output = graph.output
    yield f"def run(v{x}, v{y}, wanted):"
    for node in graph.computed[:-1]:
        yield f"    v{node.index} = f{node.index}({_inputs(node)}{f', w{node.index}' if _takes_out(node) else ''})"
    yield f"    g{output.index} = one"
    into = Counter(edge.wrt for edge in _edges(graph))
    reached: set[int] = set()
    for number, edge in enumerate(_edges(graph)):
        for line in _walked(number, edge, output, alone=into[edge.wrt] == 1, first=edge.wrt not in reached):
            yield f"    {line}"
        reached.add(edge.wrt)
    put = {edge.wrt for edge in _edges(graph) if into[edge.wrt] == 1 and not _is_bare(edge, output)}
    for node in graph.parameters:
        if node.index not in put:
            yield f"    o{node.index}[...] = g{node.index}"
    yield f"    return f{output.index}({_inputs(output)}) if wanted else None"


def _takes_out(node: Node) -> bool:
    return node.op is not None and node.op.takes_out


def _inputs(node: Node) -> str:
    return ", ".join(f"v{index}" for index in node.inputs)


def _walked(number: int, edge: Edge, output: Node, alone: bool, first: bool) -> Iterator[str]:
    """An edge walked back. Where it is the only one into its node, its contribution is put in the gradient's place."""
    if edge.local is None:
        partial = f"v{edge.uses[-1]}"
    else:
        partial = f"p{number}"
        yield f"{partial} = d{number}({', '.join(f'v{index}' for index in edge.uses)})"
    if _is_bare(edge, output):
        contribution = partial
    else:
        contribution = f"r{number}(g{edge.of}, {partial}{f', o{edge.wrt}' if alone else ''})"
    yield f"g{edge.wrt} = {contribution}" if first else f"g{edge.wrt} = g{edge.wrt} + {contribution}"


def _is_bare(edge: Edge, output: Node) -> bool:
    """Whether the contribution is the local partial itself: 1 ⊙ p is p."""
    return edge.of == output.index and edge.rule is ELEMENTWISE
