"""The traced step against the same step written by hand in plain NumPy, which keeps no trace.

The plain one is what a course would show: no preallocation, no `out=`, no cost it could leave out. Like ours it has no
gradient of data, from which nothing is learned; on 64-16-2 that of x is a quarter of the arithmetic. An answer shows
these too: so there is a second pair, our whole step, and by hand all that a trace shows, put in a list.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from app.core.graph.network import Architecture, Layer, Network
from app.core.training import iteration
from tests.bench.compare import Comparison, in_turn

LEARNING_RATE = 0.1
AIM = 1.0


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


def plain_trace(weights: list[Any], x: Any, y: Any) -> tuple[float, list[Any], list[Any]]:
    """The same, and a list of what a trace shows besides: m, local partials, gradients of data, changes of weights."""
    activations, kept = [x], []
    for W in weights:
        m = activations[-1] @ W
        activations.append(1 / (1 + np.exp(-m)))
        kept.append(m)
    a = activations[-1]
    cost = np.sum((a - y) ** 2) / len(x)
    gradient = 2 * (a - y) / len(x)
    kept += [*activations, gradient, 2 * (y - a) / len(x)]
    gradients: list[Any] = []
    for number in range(len(weights) - 1, -1, -1):
        a = activations[number + 1]
        partial = a * (1 - a)
        delta = gradient * partial
        gradients.insert(0, activations[number].T @ delta)
        gradient = delta @ weights[number].T
        kept += [partial, delta, gradients[0], gradient]
    changes = [-LEARNING_RATE * gradient for gradient in gradients]
    updated = [W + change for W, change in zip(weights, changes, strict=True)]
    return float(cost), updated, [*kept, *changes]


def experiment(widths: list[int], rows: int) -> iteration.Experiment:
    rng = np.random.default_rng(0)
    pairs = list(pairwise(widths))
    layers = tuple(Layer(takes, gives, False, "sigmoid") for takes, gives in pairs)
    weights = tuple(rng.normal(0.0, takes**-0.5, (takes, gives)) for takes, gives in pairs)
    x, y = rng.normal(size=(rows, widths[0])), rng.uniform(size=(rows, widths[-1]))
    return iteration.Experiment(Network(Architecture(layers), weights), x, y, fields={"learning_rate": LEARNING_RATE})


def comparisons() -> Iterator[Comparison]:
    for widths, rows, rounds, calls in (([2, 3, 2], 1, 301, 100), ([64, 16, 2], 256, 201, 20)):
        ours = experiment(widths, rows)
        weights, x, y = list(ours.model.parameters), ours.x, ours.y
        name = f"step {'-'.join(map(str, widths))}, batch {rows}"
        for step, by_hand, compared in (
            (iteration.step, plain_step, "NumPy by hand"),
            (iteration.whole_step, plain_trace, "whole: by hand, all that is shown"),
        ):
            _demand_same(step(ours), by_hand(weights, x, y))
            times = in_turn(
                lambda step=step, ours=ours: step(ours),  # type: ignore[misc]
                lambda by_hand=by_hand, weights=weights, x=x, y=y: by_hand(weights, x, y),  # type: ignore[misc]
                rounds=rounds,
                calls=calls,
            )
            yield Comparison(f"{name}: {compared}", *times, AIM)


def _demand_same(ours: iteration.Step, plain: tuple[Any, ...]) -> None:
    """A race between two that compute different things would mean nothing."""
    assert np.isclose(ours.trace.cost, plain[0], rtol=1e-12, atol=0.0)
    for one, other in zip(ours.experiment.model.parameters, plain[1], strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-14)
