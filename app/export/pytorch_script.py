"""One iteration of an experiment as a Python script with PyTorch: the forward pass by hand, the gradients by autograd,
the update by torch.optim.

Every node keeps its gradient, data and target too, so that the script prints what the NumPy one prints (`python`
describes it), and autograd can be held against the chain rule written out.
"""

from collections.abc import Iterator

from app.core.graph import costs, moves
from app.core.graph.ops import Array
from app.core.graph.structure import Graph
from app.core.training.iteration import Experiment
from app.core.training.optimizers import OPTIMIZERS
from app.export import names, python

_ABOUT = '''"""One iteration of backpropagation with PyTorch: forward, backward by autograd, update by torch.optim.

Prints every value, every gradient and every parameter after the update.
"""'''


def lines(experiment: Experiment, title: str | None) -> Iterator[str]:
    """The script, line by line."""
    known = costs.TORCH | moves.TORCH
    graph = names.for_script(experiment.graph, experiment, set(known))
    passes = [[*python.forward(graph, lambda op: op.torch)], [*_backward(graph)]]
    functions = python.functions(passes, known)
    fields = [*python.fields(experiment)]
    drawn = [node.id for node in graph.leaves if node.role in ("input", "target")] if experiment.batch_size else []
    return python.script(
        [
            [_ABOUT],
            python.heading(title, experiment),
            [*(["import math", ""] if "math." in str(fields) else []), "import torch"],
            python.data(experiment, graph, _leaf, _plain, "torch.arange"),
            [f"{id}.requires_grad_()" for id in drawn],
            python.parameters(experiment, graph, _leaf),
            *functions,
            *passes,
            [python.PRINTING],
            python.shown(graph, "{id}.grad"),
            fields,
            _optimizer(experiment, graph),
            python.shown_after(graph, "{id}"),
        ]
    )


def _plain(name: str, array: Array) -> Iterator[str]:
    return python.assigned(f"{name} = torch.tensor(", array, ", dtype=torch.float64)")


def _leaf(name: str, array: Array) -> Iterator[str]:
    return python.assigned(f"{name} = torch.tensor(", array, ", dtype=torch.float64, requires_grad=True)")


def _backward(graph: Graph) -> Iterator[str]:
    yield "# Backward pass. Autograd forgets the gradients of nodes in between, unless it is told to keep them."
    yield from (f"{node.id}.retain_grad()" for node in graph.computed)
    yield f"{graph.output.id}.backward()"
    for node in graph.unreached:
        yield f"{node.id}.grad = torch.zeros_like({node.id})  # {graph.output.id} does not depend on it"
    for edge in graph.edges:
        if edge.row.torch:
            a, m = graph.nodes[edge.wrt].id, graph.nodes[edge.slots["m"]].id
            why = f"# {graph.nodes[edge.of].id} is taken from {m}, as {a} may have rounded to 0 or 1."
            yield f"{why} So autograd passes {a} by; this is its gradient."
            yield "with torch.no_grad():"
            yield f"    {a}.grad = {graph.named(edge.row.torch, edge.slots)}"


def _optimizer(experiment: Experiment, graph: Graph) -> Iterator[str]:
    row = OPTIMIZERS[experiment.optimizer]
    ids = [node.id for node in graph.parameters]
    yield "optimizer = " + row.torch_code(experiment.fields).format(parameters=f"[{', '.join(ids)}]")
    if row.keeps and experiment.optimizer_state:
        yield "# What it remembers of earlier iterations."
        yield from python.remembered(experiment, graph, _plain)
        yield from (f"optimizer.state[{id}] = {row.torch_state.format(w=id)}" for id in ids)
    if experiment.schedule is not None:
        torch_fields = {name: repr(value) for name, value in experiment.schedule.fields.items()}
        yield f"# In a loop from iteration 0 on: scheduler = {experiment.schedule.row.torch.format(**torch_fields)}"
    yield "optimizer.step()"
