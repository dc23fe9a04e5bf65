"""The traced step against the same in PyTorch, where there is one: eager, and every gradient kept, as in a trace."""

import importlib
from collections.abc import Iterator
from typing import Any

import numpy as np

from app import examples
from app.core.training import iteration
from app.documents import checks, reading
from app.documents.experiment import Experiment
from tests.bench.compare import Absent, Comparison, in_turn
from tests.bench.step import LEARNING_RATE, experiment

SIZES = (([2, 3, 2], 1, 101, 50), ([64, 64, 64, 2], 256, 51, 10))
AIM = 1.0
AIM_OF_FORMULAS = 0.3


def comparisons() -> Iterator[Comparison | Absent]:
    try:
        torch: Any = importlib.import_module("torch")
    except ImportError:
        yield Absent("PyTorch", "not installed, so not compared")
        return
    torch.set_num_threads(1)
    for widths, rows, rounds, calls in SIZES:
        ours = experiment(widths, rows)
        weights = [torch.tensor(W, requires_grad=True) for W in ours.model.parameters]
        x, y = torch.tensor(ours.x), torch.tensor(ours.y)
        _demand_same(iteration.whole_step(ours), _step(torch, weights, x, y))
        times = in_turn(
            lambda ours=ours: iteration.whole_step(ours),  # type: ignore[misc]
            lambda weights=weights, x=x, y=y: _step(torch, weights, x, y),  # type: ignore[misc]
            rounds=rounds,
            calls=calls,
        )
        yield Comparison(f"step {'-'.join(map(str, widths))}, batch {rows}: PyTorch", *times, AIM)
    yield _attention(torch)


def _attention(torch: Any) -> Comparison:
    document = examples.load()["attention"].experiment
    ours = checks.arrays(reading.validated(document, Experiment)).experiment
    weights = [torch.tensor(W, requires_grad=True) for W in ours.model.parameters]
    constants = [torch.tensor(value) for value in ours.model.constants]
    rate = float(ours.fields["learning_rate"])
    found, (cost, updated) = iteration.step(ours), _attention_step(torch, rate, weights, constants)
    assert np.isclose(found.trace.cost, cost, rtol=1e-12, atol=0.0)
    for one, other in zip(found.experiment.model.parameters, updated, strict=True):
        np.testing.assert_allclose(one, other.numpy(), rtol=1e-10, atol=1e-13)
    times = in_turn(
        lambda: iteration.step(ours),
        lambda: _attention_step(torch, rate, weights, constants),
        rounds=101,
        calls=20,
    )
    return Comparison("step of the attention example: PyTorch", *times, AIM_OF_FORMULAS)


def _attention_step(torch: Any, rate: float, weights: list[Any], constants: list[Any]) -> tuple[float, list[Any]]:
    """Every value in between keeps its gradient, as in a trace."""
    WQ, WK, WV = weights
    X, E, mask, Y = constants
    for W in weights:
        W.grad = None
    Q, K, V = X @ WQ, X @ WK, E @ WV
    raw = Q @ K.T
    scaled = raw / 2**0.5
    S = torch.where(mask > 0, scaled, -1e9)
    A = torch.softmax(S, dim=1)
    mixed = A @ V
    D = mixed - Y
    squares = D**2
    cost = squares.sum()
    for node in (Q, K, V, raw, scaled, S, A, mixed, D, squares):
        node.retain_grad()
    cost.backward()
    with torch.no_grad():
        return float(cost), [W - rate * W.grad for W in weights]


def _step(torch: Any, weights: list[Any], x: Any, y: Any) -> tuple[float, list[Any]]:
    """The cost, and the weights after one step; those given stay as they are, as ours do."""
    activations, kept = x, []
    for W in weights:
        W.grad = None
        m = activations @ W
        activations = torch.sigmoid(m)
        kept += [m, activations]
    for node in kept:
        node.retain_grad()
    cost = ((activations - y) ** 2).sum() / len(x)
    cost.backward()
    with torch.no_grad():
        return float(cost), [W - LEARNING_RATE * W.grad for W in weights]


def _demand_same(ours: iteration.Step, theirs: tuple[float, list[Any]]) -> None:
    assert np.isclose(ours.trace.cost, theirs[0], rtol=1e-12, atol=0.0)
    for one, other in zip(ours.experiment.model.parameters, theirs[1], strict=True):
        np.testing.assert_allclose(one, other.numpy(), rtol=1e-10, atol=1e-13)
