"""Whether an experiment has what /chain and /slope are asked about."""

from app import limits
from app.core import explain
from app.core.entries import Place
from app.core.explain import Fold
from app.core.graph import Graph, Node
from app.core.slope import Asked
from app.direct import Query
from app.problems import Fault, Unprocessable, printable, quoted


def place(graph: Graph, query: Query) -> Place:
    """The number that is asked about.   Raises: Unprocessable."""
    nodes = {node.id: node for node in graph.parameters}
    name = query["parameter"]
    if name not in nodes:
        there = printable(", ".join(nodes), 200)
        raise _wrong("parameter", f"there is no parameter {quoted(name)}; there are {there}")
    node, row, column = nodes[name], query["row"], query["column"]
    if len(node.shape) == 1:
        if row not in (None, 0):
            raise _wrong("row", f"row is {quoted(row)}; {name} is a bias: leave the row out, or give 0")
        return Place(node, (_index("column", column, node, 0),))
    if row is None:
        raise _wrong("row", f"row is missing; {name} has rows 0 to {node.shape[0] - 1}")
    return Place(node, (_index("row", row, node, 0), _index("column", column, node, 1)))


def _index(name: str, number: int, node: Node, axis: int) -> int:
    if not 0 <= number < node.shape[axis]:
        raise _wrong(name, f"{name} is {quoted(number)}; {node.id} has {name}s 0 to {node.shape[axis] - 1}")
    return number


def fold(graph: Graph, at: Place, query: Query) -> Fold:
    """Where the terms are folded: where it was asked for, or else by their number.   Raises: Unprocessable."""
    most, name = query["max_paths"], query["fold"]
    if name is None:
        return explain.chosen(graph, at, most, limits.FACTORS)
    folds = {graph.nodes[it.node].id: it for it in explain.folds(graph, at)}
    if name not in folds:
        there = printable(", ".join(folds), 200)
        raise _wrong("fold", f"fold is {quoted(name)}; the terms can be folded at {there}")
    asked = folds[name]
    if asked.terms > most:
        raise _wrong("fold", f"folded at {name} there are {asked.terms} terms; max_paths allows {most}")
    if asked.factors > limits.FACTORS:
        raise _wrong("fold", f"folded at {name} there are {asked.factors} factors; {limits.FACTORS} are allowed")
    return asked


def asked_slope(query: Query) -> Asked:
    """What is asked of a slope."""
    return Asked(query["span"], query["points"], query["center"], query["steps"])


def _wrong(name: str, detail: str) -> Unprocessable:
    return Unprocessable([Fault(f"query:{name}", detail)])
