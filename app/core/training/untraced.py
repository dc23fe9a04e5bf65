"""A graph's passes as training needs them: nothing is kept, nothing computed that no parameter's gradient needs.

Like `program.unrolled`, but with the arrays of the parameters and of their gradients built in, and room for every
result laid out beforehand. The numbers are those of `unrolled` bit for bit.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from types import CodeType
from typing import Any

import numpy as np

from app.core.graph.cache import kept
from app.core.graph.ops import ONE, Array
from app.core.graph.source import Common, Known, called, common_part, is_bare, met, names
from app.core.graph.structure import Edge, Graph, Node

Pass = Callable[..., Any]


def learning(
    graph: Graph, parameters: Sequence[Array], gradients: Sequence[Array], constants: Sequence[Array] = ()
) -> Pass:
    """A function from (x, y, wanted), or what the graph has of x and y, to C, or to None where C is not wanted.

    The gradients go into `gradients`. Shapes: parameters and gradients as `graph.parameters`; their entries may change
    between two calls. Constants as the leaves of that role.
    """
    code, functions = _written(graph)
    known: Known = {**functions, "one": ONE}
    for node, parameter, gradient in zip(graph.parameters, parameters, gradients, strict=True):
        known[f"v{node.index}"], known[f"o{node.index}"] = parameter, gradient
    for node, constant in zip([leaf for leaf in graph.leaves if leaf.role == "constant"], constants, strict=True):
        known[f"v{node.index}"] = constant
    for node in graph.computed:
        known[f"w{node.index}"], known[f"o{node.index}"] = np.empty(node.shape), np.empty(node.shape)
    exec(code, known)
    run: Pass = known.pop("run")  # so that the two do not hold each other
    return run


@kept(256)
def _written(graph: Graph) -> tuple[CodeType, Known]:
    """The function's definition, and what is the same in it for all parameters.

    Python takes longer to compile it than for many iterations of a small network.
    """
    known: Known = {}
    return compile("\n".join(_source(graph, known)), "<learning>", "exec"), known


def _edges(graph: Graph) -> Sequence[Edge]:
    return graph.edges[: graph.learning]


def _source(graph: Graph, known: Known) -> Iterator[str]:
    data = [f"v{leaf.index}" for leaf in graph.leaves if leaf.role in ("input", "target")]
    output = graph.output
    common: Common = {}
    yield f"def run({', '.join([*data, 'wanted'])}):"
    for node in graph.computed[:-1]:
        assert node.op is not None
        yield from common_part(node.op.value, names("v", node.reads), known, common)
        yield f"    v{node.index} = {_value(node, known, common)}"
    yield f"    g{output.index} = one"
    into = Counter(edge.wrt for edge in _edges(graph))
    reached: set[int] = set()
    put: set[int] = set()
    for number, edge in enumerate(_edges(graph)):
        partial = f"v{edge.uses[-1]}" if edge.local is None else f"p{number}"
        if edge.local is not None:
            yield from common_part(edge.local, names("v", edge.uses), known, common)
            yield f"    {partial} = {called(edge.local, partial, names('v', edge.uses), known, common)}"
        # Where it is the only one into its node, its contribution is put in the gradient's place.
        alone = into[edge.wrt] == 1 and edge.fused is None and not is_bare(edge, graph)
        out = f"o{edge.wrt}" if alone else ""
        contribution = met(edge, graph, f"g{edge.of}", partial, known, out)
        yield f"    g{edge.wrt} = " + (f"g{edge.wrt} + {contribution}" if edge.wrt in reached else contribution)
        reached.add(edge.wrt)
        if out:
            put.add(edge.wrt)
    for node in graph.parameters:
        if node.index not in put:
            yield f"    o{node.index}[...] = {f'g{node.index}' if node.index in reached else '0.0'}"
    yield f"    return {_value(output, known, common)} if wanted else None"


def _value(node: Node, known: Known, common: Common) -> str:
    assert node.op is not None
    out = f", w{node.index}" if node.op.takes_out else ""
    return called(node.op.value, f"v{node.index}", names("v", node.reads) + out, known, common)
