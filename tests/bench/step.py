"""The traced step against the same step written by hand in plain NumPy, which keeps no trace.

The plain one is what a course would show: no preallocation, no `out=`, no cost it could leave out.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from app.core import training
from app.core.network import Architecture, Layer, Network
from tests.bench.compare import Comparison, in_turn

LEARNING_RATE = 0.1


def plain_step(weights: list[Any], x: Any, y: Any) -> tuple[float, list[Any]]:
    """The cost, and the weights after one step: sigmoid layers, squared error, mean over the examples."""
    activations = [x]
    for W in weights:
        m = activations[-1] @ W
        activations.append(1 / (1 + np.exp(-m)))
    a = activations[-1]
    cost = np.sum((a - y) ** 2) / len(x)
    gradient = 2 * (a - y) / len(x)
    gradients: list[Any] = []
    for number in range(len(weights) - 1, -1, -1):
        a = activations[number + 1]
        delta = gradient * (a * (1 - a))
        gradients.insert(0, activations[number].T @ delta)
        if number:
            gradient = delta @ weights[number].T
    updated = [W - LEARNING_RATE * gradient for W, gradient in zip(weights, gradients, strict=True)]
    return float(cost), updated


def experiment(widths: list[int], rows: int) -> training.Experiment:
    rng = np.random.default_rng(0)
    pairs = list(pairwise(widths))
    layers = tuple(Layer(takes, gives, False, "sigmoid") for takes, gives in pairs)
    weights = tuple(rng.normal(0.0, takes**-0.5, (takes, gives)) for takes, gives in pairs)
    x, y = rng.normal(size=(rows, widths[0])), rng.uniform(size=(rows, widths[-1]))
    return training.Experiment(Network(Architecture(layers), weights), x, y, fields={"learning_rate": LEARNING_RATE})


def comparisons() -> Iterator[Comparison]:
    for widths, rows, rounds, calls, aim in (([2, 3, 2], 1, 301, 100, 1.2), ([64, 64, 64, 2], 256, 101, 10, 1.05)):
        ours = experiment(widths, rows)
        weights, x, y = list(ours.network.parameters), ours.x, ours.y
        _demand_same(training.step(ours), plain_step(weights, x, y))
        times = in_turn(
            lambda ours=ours: training.step(ours),  # type: ignore[misc]
            lambda weights=weights, x=x, y=y: plain_step(weights, x, y),  # type: ignore[misc]
            rounds=rounds,
            calls=calls,
        )
        yield Comparison(f"step {'-'.join(map(str, widths))}, batch {rows}: NumPy by hand", *times, aim)


def _demand_same(ours: training.Step, plain: tuple[float, list[Any]]) -> None:
    """A race between two that compute different things would mean nothing."""
    assert np.isclose(ours.trace.cost, plain[0], rtol=1e-12, atol=0.0)
    for one, other in zip(ours.experiment.network.parameters, plain[1], strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-14)
