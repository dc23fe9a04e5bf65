"""Every optimizer's rule by hand: torch.optim's published algorithms, in plain Python numbers, over 50 iterations."""

import math
import random
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import numpy as np
import pytest

from app.core.optimizers import COUNT, DELTA, OPTIMIZERS, Memory

ITERATIONS = 50
Path = Iterator[float]


def sgd(gradients: Callable[[float], float], w: float, *, learning_rate: float) -> Path:
    while True:
        w -= learning_rate * gradients(w)
        yield w


def momentum(
    gradients: Callable[[float], float], w: float, *, learning_rate: float, momentum: float, nesterov: bool
) -> Path:
    """torch.optim.SGD with momentum, dampening 0."""
    buffer = None
    while True:
        g = gradients(w)
        buffer = g if buffer is None else momentum * buffer + g
        w -= learning_rate * (g + momentum * buffer if nesterov else buffer)
        yield w


def rmsprop(gradients: Callable[[float], float], w: float, *, learning_rate: float, alpha: float, eps: float) -> Path:
    square_avg = 0.0
    while True:
        g = gradients(w)
        square_avg = alpha * square_avg + (1 - alpha) * g**2
        w -= learning_rate * g / (math.sqrt(square_avg) + eps)
        yield w


def adam(
    gradients: Callable[[float], float], w: float, *, learning_rate: float, beta1: float, beta2: float, eps: float
) -> Path:
    exp_avg = exp_avg_sq = 0.0
    step = 0
    while True:
        step += 1
        g = gradients(w)
        exp_avg = beta1 * exp_avg + (1 - beta1) * g
        exp_avg_sq = beta2 * exp_avg_sq + (1 - beta2) * g**2
        step_size = learning_rate / (1 - beta1**step)
        denominator = math.sqrt(exp_avg_sq) / math.sqrt(1 - beta2**step) + eps
        w -= step_size * exp_avg / denominator
        yield w


ORACLES: dict[str, Callable[..., Path]] = {"sgd": sgd, "momentum": momentum, "rmsprop": rmsprop, "adam": adam}
# Other values of the fields than the defaults, to be tried in all combinations.
OTHERS: dict[str, list[Any]] = {
    "learning_rate": [0.5, 0.01],
    "momentum": [0.0, 0.5, 0.99],
    "nesterov": [True],
    "alpha": [0.5, 0.0],
    "eps": [1e-3],
    "beta1": [0.0, 0.5],
    "beta2": [0.9],
}


def cases() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, row in OPTIMIZERS.items():
        for values in product(*([default, *OTHERS[field]] for field, default in row.fields.items())):
            yield name, dict(zip(row.fields, values, strict=True))


@pytest.mark.parametrize(("name", "fields"), list(cases()))
def test_a_path_is_that_of_the_published_rule(name: str, fields: dict[str, Any]) -> None:
    """The slopes are those of C(w) = Σ (w − center)² · steepness / 2, which some of these leap out of."""
    draw = random.Random(3)
    centers = [draw.uniform(-2.0, 2.0) for _ in range(6)]
    steepness = [draw.uniform(0.1, 3.0) for _ in range(6)]
    starts = [draw.uniform(-2.0, 2.0) for _ in range(6)]
    oracles = [
        ORACLES[name](lambda w, c=c, s=s: s * (w - c), w, **fields)
        for c, s, w in zip(centers, steepness, starts, strict=True)
    ]
    w, rule = np.array(starts), OPTIMIZERS[name].rule(fields)
    memory: Memory | None = None
    for _ in range(ITERATIONS):
        delta, memory, _ = rule(np.array(steepness) * (w - np.array(centers)), memory)
        w = w + delta
        np.testing.assert_allclose(w, [next(oracle) for oracle in oracles], rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_rule_leaves_gradient_and_memory_alone(name: str) -> None:
    rule = OPTIMIZERS[name].rule(OPTIMIZERS[name].fields)
    gradient = np.array([3.0, -1.0])
    _, memory, _ = rule(gradient, None)
    before = {key: np.copy(value) for key, value in (memory or {}).items()}
    rule(gradient, memory)
    assert gradient.tolist() == [3.0, -1.0]
    assert {key: np.asarray(value).tolist() for key, value in (memory or {}).items()} == {
        key: value.tolist() for key, value in before.items()
    }


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_rule_says_what_it_does(name: str) -> None:
    """Its lines are named after what they give; the last is the change; what is kept is a line."""
    row = OPTIMIZERS[name]
    lines = row.lines(row.fields)
    assert [line.name for line in lines][-1] == DELTA
    assert set(row.keeps) <= {line.name for line in lines}
    assert all(line.formula.split(" ← ")[0] == line.name for line in lines[:-1])
    assert lines[-1].formula.startswith("{w} ← {w} − ")


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_entry_does_not_meet_another(name: str) -> None:
    """So that one may work on all parameters as on one long vector."""
    rule = OPTIMIZERS[name].rule(OPTIMIZERS[name].fields)
    gradients = np.random.default_rng(1).normal(size=(4, 7))
    whole: Memory | None = None
    memories: list[Memory | None] = [None, None]
    for gradient in gradients:
        together, whole, _ = rule(gradient, whole)
        changes = [rule(part, memory) for part, memory in zip(np.split(gradient, [3]), memories, strict=True)]
        memories = [change.memory for change in changes]
        assert together.tobytes() == np.concatenate([change.delta for change in changes]).tobytes()
        for key in set(OPTIMIZERS[name].keeps) - {COUNT}:
            joined = np.concatenate([np.asarray((memory or {})[key]) for memory in memories])
            assert np.asarray((whole or {})[key]).tobytes() == joined.tobytes()
