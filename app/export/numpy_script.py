"""One iteration of an experiment as a Python script that needs NumPy only: every equation of it, line by line.

The script is written for this very graph, as in an exercise: no classes, no loops. What it prints, `python` describes.
"""

import re
from collections.abc import Iterator

from app.core.graph import activations, costs, moves, products
from app.core.graph.ops import ELEMENTWISE, Array
from app.core.graph.structure import Edge, Graph, chain_of
from app.core.training.iteration import Experiment
from app.core.training.optimizers import COUNT, OPTIMIZERS
from app.export import names, python

_ABOUT = '''"""One iteration of backpropagation, written out: forward, backward, update.

Prints every value, every gradient and every parameter after the update. Needs NumPy only.
"""'''


def lines(experiment: Experiment, title: str | None) -> Iterator[str]:
    """The script, line by line."""
    known = activations.NUMPY | costs.NUMPY | moves.NUMPY | products.NUMPY
    graph = names.for_script(experiment.graph, experiment, set(known))
    passes = [[*_forward(graph)], [*_backward(graph)]]
    functions = python.functions(passes, known)
    update = [*_update(experiment, graph)]
    imports = ["import math", ""] if "math." in str([*functions, *update]) else []
    quiet = 'np.seterr(all="ignore")  # what overflows is shown as Infinity, without a warning'
    return python.script(
        [
            [_ABOUT],
            python.heading(title, experiment),
            [*imports, "import numpy as np", "", quiet],
            python.data(experiment, graph, _array, _array, "np.arange"),
            python.parameters(experiment, graph, _array),
            *functions,
            *passes,
            *update,
            [python.PRINTING],
            python.shown(graph, f"d{graph.output.id}_d{{id}}"),
            python.shown_after(graph, "{id}_after"),
        ]
    )


def _array(name: str, array: Array) -> Iterator[str]:
    return python.assigned(f"{name} = np.array(", array, ", dtype=float)")


def _forward(graph: Graph) -> Iterator[str]:
    yield from python.forward(graph, lambda op: op.numpy)
    yield from (f"# {node.note}" for node in graph.computed if node.note)


def _backward(graph: Graph) -> Iterator[str]:
    output = graph.output.id
    yield "# Backward pass: each gradient from the one before it, by the chain rule."
    code = [(f"d{output}_d{output} = np.array(1.0)", f"∂{output}/∂{output} = 1")]
    reached: set[int] = set()
    for edge in graph.edges:
        *local, (contribution, comment) = _edge(edge, graph)
        gradient = f"d{output}_d{graph.nodes[edge.wrt].id}"
        more = f"{gradient} + " if edge.wrt in reached else ""
        code += [*local, (f"{gradient} = {more}{contribution}", comment)]
        reached.add(edge.wrt)
    for node in graph.unreached:
        code.append((f"d{output}_d{node.id} = np.zeros({node.shape})", f"{output} does not depend on {node.id}"))
    yield from python.aligned(code)


def _edge(edge: Edge, graph: Graph) -> Iterator[tuple[str, str]]:
    """The local partial, where it needs a line of its own; then the contribution, as an expression."""
    output, of, wrt = graph.output.id, graph.nodes[edge.of].id, graph.nodes[edge.wrt].id
    if edge.fused is not None:
        by, m, y, cost = edge.fused
        slots = {"a": edge.of, "m": m, "y": y, "y_of": y}
        upstream = "" if graph.nodes[cost] is graph.output else f"d{output}_d{graph.nodes[cost].id} * "
        code = graph.named(by.numpy, slots)
        yield (f"{upstream}({code})" if upstream else code), chain_of(edge, graph.named(by.formula, slots))
        return
    partial = graph.named(edge.row.numpy, edge.slots)
    if of == output and edge.rule is ELEMENTWISE and edge.uses:
        yield partial, edge.chain
        return
    name = f"d{of}_d{wrt}" if partial else graph.nodes[(edge.uses or (edge.wrt,))[-1]].id
    if name == f"d{output}_d{wrt}":  # at the output that is the gradient's name
        name = partial if re.fullmatch(r"\w+", partial) else f"({partial})"
    elif partial and "{p}" in edge.rule.numpy:
        yield f"{name} = {partial}", edge.formula
    yield edge.rule.numpy.format(g=f"d{output}_d{of}", p=name), edge.chain


def _update(experiment: Experiment, graph: Graph) -> Iterator[python.Lines]:
    row = OPTIMIZERS[experiment.optimizer]
    yield [*python.fields(experiment)]
    if row.keeps:
        yield _remembered(experiment, graph)
    rule = row.lines(experiment.fields)
    for node in graph.parameters:
        output = graph.output.id
        names = {"w": node.id, "g": f"d{output}_d{node.id}"}
        yield python.aligned((it.numpy.format_map(names), it.told(node.id, output).formula) for it in rule)


def _remembered(experiment: Experiment, graph: Graph) -> Iterator[str]:
    yield f"# What {experiment.optimizer} remembers of earlier iterations."
    yield from python.remembered(experiment, graph, _array)
    for node in graph.parameters if not experiment.optimizer_state else ():
        for name in OPTIMIZERS[experiment.optimizer].keeps:
            yield f"{name}_{node.id} = {0 if name == COUNT else f'np.zeros({node.shape})'}"
