"""What /train, /chain, /slope and /check can be asked, and whether an experiment has it."""

from app import limits
from app.core import explain
from app.core.entries import Place
from app.core.explain import Fold
from app.core.graph import Graph, Node
from app.core.slope import Asked
from app.direct import Field, Query
from app.problems import Fault, Unprocessable, printable, quoted

LEAN = (Field("lean", "flag", "Leave out what stands elsewhere in the same answer", example=False, default=False),)

_PLACE = (
    Field("parameter", "text", "The weights or the bias that the number is in, such as W0 or b0", "W0", required=True),
    Field("row", "whole", "Its row, counted from 0: the input that the weight belongs to. A bias has none", 0),
    Field("column", "whole", "Its column, counted from 0: the neuron that it belongs to", 1, required=True),
)

CHAIN = (
    *_PLACE,
    Field(
        "max_paths",
        "whole",
        "With more terms than this, they are folded at a node whose gradient is cached",
        64,
        default=64,
        least=1,
        most=limits.PATHS,
    ),
    Field("fold", "text", "The node to fold at: one of the answer's folds, the parameter itself, or C for none", "m1"),
)

SLOPE = (
    *_PLACE,
    Field("span", "number", "How far the weights reach to either side", 2, default=2, above=0, most=limits.SPAN),
    Field("points", "whole", "How many weights", 101, default=101, least=2, most=limits.POINTS),
    Field("center", "number", "The weight in the middle; the number itself where it is not given", 0.5),
    Field(
        "steps",
        "whole",
        "How many further steps of descent on this one number alone",
        8,
        default=0,
        least=0,
        most=limits.DESCENT_STEPS,
    ),
)

CHECK = (
    Field(
        "step",
        "number",
        "How far every number is moved, up and down",
        1e-6,
        default=1e-6,
        least=limits.CHECK_STEP_LEAST,
        most=limits.CHECK_STEP_MOST,
    ),
)


TRAIN = (
    Field("steps", "whole", "How many iterations", 1000, default=1000, least=1, most=limits.TRAIN_STEPS),
    Field(
        "every",
        "whole",
        "A line for each iteration whose number this divides",
        10,
        default=10,
        least=1,
        most=limits.TRAIN_STEPS,
    ),
)


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


def demand_little(work: int, remedy: str, most: int = limits.WORK_MULTIPLICATIONS) -> None:
    """Refuse what would take too long.   Raises: Unprocessable."""
    if work > most:
        asked = f"this takes the work of {work} multiplications; at most {most} are allowed"
        raise Unprocessable([Fault("", f"{asked}. {remedy} would help")])


def demand_few(entries: int) -> None:
    """Refuse a check of too many numbers.   Raises: Unprocessable."""
    if entries > limits.CHECK_ENTRIES:
        allowed = f"a check compares at most {limits.CHECK_ENTRIES}"
        raise Unprocessable([Fault("/network/layers", f"the network has {entries} parameters; {allowed}")])


def _wrong(name: str, detail: str) -> Unprocessable:
    return Unprocessable([Fault(f"query:{name}", detail)])
