"""The names that nodes have in a script: those of the graph, where Python can read them and nothing else has them."""

import re
from collections.abc import Iterator
from dataclasses import replace

from app.core.graph.ops import Array
from app.core.graph.structure import Edge, Graph, Node
from app.core.training.iteration import Experiment
from app.core.training.optimizers import OPTIMIZERS

# What stands in a script besides: modules, the functions that print, and the names of its own lines.
_TAKEN = {
    "np",
    "math",
    "torch",
    "text",
    "show",
    "iteration",
    "batch_size",
    "first",
    "rows",
    "optimizer",
    "print",
    "len",
}
_TAKEN |= {"zip", "float", "enumerate", "format", "range", "abs", "max", "min", "sum"}


def for_script(graph: Graph, experiment: Experiment, functions: set[str]) -> Graph:
    """The same graph with ids that are names in Python: C.1 is C_1. `functions` are those that the script defines.

    A network's ids are such names already, and stay.
    """
    row = OPTIMIZERS[experiment.optimizer]
    taken = _TAKEN | functions | set(experiment.fields)
    lines = "\n".join(line.numpy for line in row.lines(experiment.fields))
    made = (*row.keeps, *re.findall(r"(\w+)_\{w\} =", lines))
    names: dict[str, str] = {}
    for node in graph.nodes:
        name = node.id.replace(".", "_")
        while name in taken or name in names.values() or _is_made(name, graph, made):
            name += "_"
        names[node.id] = name
    if all(id == name for id, name in names.items()):
        return graph
    return _renamed(graph, names)


def _is_made(name: str, graph: Graph, made: tuple[str, ...]) -> bool:
    """Whether the script makes such a name itself: of a gradient, of a parameter afterwards, of a line of the rule."""
    of = "|".join(re.escape(node.id.replace(".", "_")) for node in graph.nodes)
    kept = "|".join(("all", *made))
    return re.fullmatch(rf"d(?:{of})_d(?:{of})|(?:{of})_after|(?:{kept})_(?:{of})", name) is not None


def _renamed(graph: Graph, names: dict[str, str]) -> Graph:
    known = "|".join(re.escape(id) for id in sorted(names, key=len, reverse=True))
    # A mark such as ² is a letter to Python.
    pattern = re.compile(rf"(?<![\w.])(∂?)({known})(?![^\W²ᵀᵗ]|\.\d)")

    def text(formula: str) -> str:
        return pattern.sub(lambda found: found[1] + names[found[2]], formula)

    def node_of(node: Node) -> Node:
        return replace(node, id=names[node.id], formula=node.formula and text(node.formula), note=text(node.note))

    def edge_of(edge: Edge) -> Edge:
        return replace(edge, formula=text(edge.formula), chain=text(edge.chain))

    def all_of(nodes: tuple[Node, ...]) -> Iterator[Node]:
        return (node_of(node) for node in nodes)

    return replace(
        graph,
        nodes=tuple(all_of(graph.nodes)),
        leaves=tuple(all_of(graph.leaves)),
        parameters=tuple(all_of(graph.parameters)),
        computed=tuple(all_of(graph.computed)),
        edges=tuple(edge_of(edge) for edge in graph.edges),
        unreached=tuple(all_of(graph.unreached)),
    )


def arrays(graph: Graph, experiment: Experiment, role: str) -> Iterator[tuple[Node, Array]]:
    """The leaves of a role, with their arrays: "parameter" or "constant"."""
    found = experiment.model.parameters if role == "parameter" else experiment.constants
    yield from zip([leaf for leaf in graph.leaves if leaf.role == role], found, strict=True)
