"""What the NumPy and the PyTorch script have in common: literals, comments in a column, and the lines they print.

Both print the same text. First each node of the graph in the order of the forward pass: its value, then its gradient
∂C/∂node; then each parameter after the update. A row of a tensor is a line, its name in front; a vector is one row, C
one number:

    W0[0] 0.4 -0.6 0.2
    grad W0[0] 0.04442528206 -0.02842216429 0.03370445448
    b0 0.1 -0.1
    C 0.7048307437
    after W0[0] 0.377787359 -0.5857889179 0.1831477728

Numbers are float64 in ten digits that count, as Python's format(x, ".10g") writes them; −0 as 0, and what is not
finite as NaN, Infinity, -Infinity. Further digits depend on the order in which a library sums.

A script is made of sections, a section of lines.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from app.core.graph.ops import Array, Op
from app.core.graph.structure import Graph
from app.core.training.iteration import Experiment, taken_rows
from app.core.training.optimizers import COUNT, OPTIMIZERS
from app.export import names

Lines = Iterable[str]
Made = Callable[[str, Array], Iterator[str]]  # the lines that assign a tensor to a name

PRINTING = '''
def text(number):
    """Ten digits that count."""
    if number != number:
        return "NaN"
    if abs(number) == float("inf"):
        return "Infinity" if number > 0 else "-Infinity"
    return format(number + 0.0, ".10g")  # -0.0 + 0.0 is 0.0


def show(name, tensor):
    """A line for each row."""
    values = tensor.tolist()
    if tensor.ndim == 0:
        print(name, text(values))
    elif tensor.ndim == 1:
        print(name, *[text(number) for number in values])
    else:
        for index, row in enumerate(values):
            print(f"{name}[{index}]", *[text(number) for number in row])
'''

_LONGEST_BEFORE_COMMENT = 64


def script(sections: Iterable[Lines]) -> Iterator[str]:
    """The text in lines, a blank one between two sections; those without lines are left out."""
    between = ""
    for section in sections:
        for line in section:
            yield f"{between}{line}\n"
            between = ""
        between = "\n"


def literal(number: float) -> str:
    """A double as Python reads it back to the same bits."""
    return "-0.0" if str(number) == "-0.0" else str(number).removesuffix(".0")


def assigned(before: str, array: Array, after: str) -> Iterator[str]:
    """An array as a list of Python, a line for each row where there are several."""
    if array.ndim < 2:
        yield f"{before}{_row(array)}{after}"
    elif len(array) == 1:
        yield f"{before}[{_row(array[0])}]{after}"
    else:
        yield f"{before}["
        yield from (f"    {_row(row)}," for row in array)
        yield f"]{after}"


def _row(numbers: Array) -> str:
    if not numbers.ndim:
        return literal(numbers.tolist())
    return f"[{', '.join(map(literal, numbers.tolist()))}]"


def aligned(lines: Iterable[tuple[str, str]]) -> list[str]:
    """Code with its comments in one column."""
    lines = list(lines)
    column = min(max(len(code) for code, _ in lines), _LONGEST_BEFORE_COMMENT)
    return [f"{code:{column}}  # {comment}" for code, comment in lines]


def forward(graph: Graph, spelled: Callable[[Op], str]) -> Iterator[str]:
    """The forward pass: a line for each computed node, as `spelled` of its operation, its formula beside it."""
    yield "# Forward pass."
    yield from aligned(
        (f"{node.id} = {graph.named(spelled(node.op), node.slots)}", node.formula or "")
        for node in graph.computed
        if node.op is not None
    )


def one_line(text: str) -> str:
    """Text for a comment: without line ends, and without characters that are not seen."""
    return re.sub(" +", " ", "".join(" " if unicodedata.category(it)[0] in "CZ" else it for it in text)).strip()


def heading(title: str | None, experiment: Experiment) -> list[str]:
    """Which experiment it is. It never stands in the first two lines, where Python looks for an encoding's name."""
    named = one_line(title or "")
    return [*([f"# {named}"] if named else []), f"# Iteration {experiment.iteration}."]


def data(experiment: Experiment, graph: Graph, leaf: Made, plain: Made, arange: str) -> Iterator[str]:
    """The data, and the rows of this iteration. `leaf` makes a tensor whose gradient is asked for, `plain` another."""
    arrays = {"input": experiment.x, "target": experiment.y}
    leaves = {node.id: array for node in graph.leaves if (array := arrays.get(node.role)) is not None}
    size = experiment.batch_size
    if not leaves:
        return
    yield "# The data, one example a row."
    for id, array in leaves.items():
        yield from leaf(id, array) if size is None else plain(f"all_{id}", array)
    if size is not None and experiment.shuffle_seed is not None:
        yield ""
        yield f"# The rows of this iteration, in an order that was drawn from the seed {experiment.shuffle_seed}."
        yield f"rows = {np.arange(experiment.rows)[taken_rows(experiment)].tolist()}"
        yield from (f"{id} = all_{id}[rows]" for id in leaves)
    elif size is not None:
        first = next(iter(leaves))
        rows = "row" if size == 1 else f"{size} rows"
        yield ""
        yield f"# This iteration takes the next {rows}, and after the last goes on with the first."
        yield f"iteration = {experiment.iteration}"
        yield f"batch_size = {size}"
        yield f"first = iteration * batch_size % len(all_{first})"
        yield f"rows = (first + {arange}(batch_size)) % len(all_{first})"
        yield from (f"{id} = all_{id}[rows]" for id in leaves)


def parameters(experiment: Experiment, graph: Graph, leaf: Made) -> Iterator[str]:
    """Every parameter's assignment, and then every constant's, where there are any."""
    for role in ("parameter", "constant"):
        found = list(names.arrays(graph, experiment, role))
        if found:
            yield f"# The {role}s."
        for node, array in found:
            yield from leaf(node.id, array)


def functions(passes: Iterable[Lines], known: dict[str, str]) -> list[Lines]:
    """The definitions that some code needs, as sections, in more distance from it than others."""
    needed = "\n".join(line.partition("#")[0] for lines in passes for line in lines)
    found: list[str] = []
    for name, text in reversed(known.items()):  # each stands after those that it calls itself
        if re.search(rf"\b{name}\b", needed):
            needed += text
            found.insert(0, f"\n{text}")
    return [["\n\n".join(found), ""]] if found else []


def fields(experiment: Experiment) -> Iterator[str]:
    """The optimizer's numbers and switches."""
    yield f"# Update by {experiment.optimizer}."
    schedule, first = experiment.schedule, experiment.fields["learning_rate"]
    if schedule is not None:
        yield f"# {schedule.row.note}"
        yield f"iteration = {experiment.iteration}"
        yield schedule.line(first, experiment.iteration).numpy
    for name, value in experiment.fields.items():
        if name != "learning_rate" or schedule is None:
            yield f"{name} = {value if isinstance(value, bool) else literal(value)}"


def remembered(experiment: Experiment, graph: Graph, plain: Made) -> Iterator[str]:
    """What the optimizer remembers of each parameter, where it remembers something."""
    keeps = OPTIMIZERS[experiment.optimizer].keeps
    ids = [node.id for node in experiment.graph.parameters]
    for id, node in zip(ids, graph.parameters, strict=True) if keeps and experiment.optimizer_state else ():
        memory: Mapping[str, Any] = (experiment.optimizer_state or {})[id]
        for name in keeps:
            if name == COUNT:
                yield f"{name}_{node.id} = {memory[name]}"
            else:
                yield from plain(f"{name}_{node.id}", np.asarray(memory[name]))


def shown(graph: Graph, gradient: str) -> Iterator[str]:
    """Every node; `gradient` is a template in the node's {id}."""
    yield "# Every node: its value and its gradient."
    for node in graph.nodes:
        yield f'show("{node.id}", {node.id})'
        yield f'show("grad {node.id}", {gradient.format(id=node.id)})'


def shown_after(graph: Graph, after: str) -> Iterator[str]:
    """Every parameter after the update; `after` is a template in its {id}."""
    yield "# Every parameter after the update."
    yield from (f'show("after {node.id}", {after.format(id=node.id)})' for node in graph.parameters)
