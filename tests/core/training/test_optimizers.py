"""Every optimizer's rule by hand: torch.optim's published algorithms, in plain Python numbers, over 50 iterations.

And each at the extremes of its numbers, against an oracle with 60 digits.
"""

import math
import random
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.training.optimizers import COUNT, DELTA, OPTIMIZERS, Memory
from tests import exact
from tests.helpers import EPSILON

ITERATIONS = 50
Path = Iterator[float]


def sgd(gradients: Callable[[float], float], w: float, *, learning_rate: float, weight_decay: float) -> Path:
    while True:
        w -= learning_rate * (gradients(w) + weight_decay * w)
        yield w


def momentum(
    gradients: Callable[[float], float],
    w: float,
    *,
    learning_rate: float,
    momentum: float,
    nesterov: bool,
    weight_decay: float,
) -> Path:
    """torch.optim.SGD with momentum, dampening 0."""
    buffer = None
    while True:
        g = gradients(w) + weight_decay * w
        buffer = g if buffer is None else momentum * buffer + g
        w -= learning_rate * (g + momentum * buffer if nesterov else buffer)
        yield w


def rmsprop(
    gradients: Callable[[float], float],
    w: float,
    *,
    learning_rate: float,
    alpha: float,
    eps: float,
    weight_decay: float,
) -> Path:
    square_avg = 0.0
    while True:
        g = gradients(w) + weight_decay * w
        square_avg = alpha * square_avg + (1 - alpha) * g**2
        w -= learning_rate * g / (math.sqrt(square_avg) + eps)
        yield w


def adagrad(
    gradients: Callable[[float], float], w: float, *, learning_rate: float, eps: float, weight_decay: float
) -> Path:
    """torch.optim.Adagrad with lr_decay 0 and a sum that begins at 0."""
    state_sum = 0.0
    while True:
        g = gradients(w) + weight_decay * w
        state_sum += g**2
        w -= learning_rate * g / (math.sqrt(state_sum) + eps)
        yield w


def adam(
    gradients: Callable[[float], float],
    w: float,
    *,
    learning_rate: float,
    beta1: float,
    beta2: float,
    eps: float,
    weight_decay: float,
    decoupled: bool = False,
) -> Path:
    """torch.optim.Adam; torch.optim.AdamW where it is `decoupled`."""
    exp_avg = exp_avg_sq = 0.0
    step = 0
    while True:
        step += 1
        g = gradients(w)
        if decoupled:
            w *= 1 - learning_rate * weight_decay
        else:
            g += weight_decay * w
        exp_avg = beta1 * exp_avg + (1 - beta1) * g
        exp_avg_sq = beta2 * exp_avg_sq + (1 - beta2) * g**2
        step_size = learning_rate / (1 - beta1**step)
        denominator = math.sqrt(exp_avg_sq) / math.sqrt(1 - beta2**step) + eps
        w -= step_size * exp_avg / denominator
        yield w


ORACLES: dict[str, Callable[..., Path]] = {
    "sgd": sgd,
    "momentum": momentum,
    "rmsprop": rmsprop,
    "adagrad": adagrad,
    "adam": adam,
    "adamw": partial(adam, decoupled=True),
}
# Other values of the fields than the defaults, to be tried in all combinations.
OTHERS: dict[str, list[Any]] = {
    "learning_rate": [0.5, 0.01],
    "momentum": [0.0, 0.5, 0.99],
    "nesterov": [True],
    "alpha": [0.5, 0.0],
    "eps": [1e-3],
    "beta1": [0.0, 0.5],
    "beta2": [0.9],
    "weight_decay": [0.0, 0.3],
}


def cases() -> Iterator[tuple[str, dict[str, Any]]]:
    for name in ORACLES:
        fields = OPTIMIZERS[name].fields
        for values in product(*(dict.fromkeys([default, *OTHERS[field]]) for field, default in fields.items())):
            yield name, dict(zip(fields, values, strict=True))


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
        delta, memory, _ = rule(np.array(steepness) * (w - np.array(centers)), memory, w)
        w = w + delta
        right = [next(oracle) for oracle in oracles]
        np.testing.assert_allclose(w, right, rtol=1e-10, atol=1e-12)
        if name == "adamw":  # whose published form makes w smaller first: rounded otherwise, which leaps enlarge
            w = np.array(right)


# Fields that are not the defaults, memory, gradient: where squares are no doubles, and where 1 − β has few digits.
HARD: list[tuple[str, dict[str, float], Memory | None, float]] = [
    ("sgd", {"learning_rate": 0.1}, None, 1e308),
    ("sgd", {"learning_rate": 1.0}, None, 5e-324),
    ("sgd", {"learning_rate": 1e-10}, None, 1e-300),
    ("sgd", {"learning_rate": 1e300}, None, 1e-300),
    ("sgd", {"learning_rate": 10.0}, None, 1e308),
    ("momentum", {}, None, 1e308),
    ("momentum", {"momentum": 0.9}, {"v": 1e308}, -1e307),
    ("momentum", {"nesterov": True}, {"v": 1e308}, -1e307),
    ("momentum", {"momentum": 0.9999999999999999}, {"v": 3.0}, 1e-16),
    ("momentum", {"momentum": 0.0, "nesterov": True}, {"v": 1e308}, 1e-310),
    ("momentum", {"momentum": 5e-324}, {"v": 1e308}, 1e-16),
    ("rmsprop", {}, None, 1e155),
    ("rmsprop", {}, None, -3e154),
    ("rmsprop", {"alpha": 0.9999999999999999}, None, 1e160),
    ("rmsprop", {"alpha": 0.9999999999999999}, {"s": 1e300}, 1e158),
    ("rmsprop", {"alpha": 0.0}, {"s": 1e300}, 1e-150),
    ("rmsprop", {}, None, 1e-160),
    ("rmsprop", {}, None, 5e-324),
    ("rmsprop", {"eps": 0.0}, None, 1e-140),
    ("rmsprop", {}, {"s": 1e-300}, 0.0),
    ("rmsprop", {}, {"s": 1.7e308}, 1e150),
    ("rmsprop", {"learning_rate": 1e-300}, None, 1e-08),
    ("adam", {}, None, 1e155),
    ("adam", {"beta2": 0.9999999999999999}, None, 1e160),
    ("adam", {"beta1": 0.9999999999999999, "beta2": 0.9999999999999999}, {"t": 2, "v": 1e-16, "s": 1e-16}, 1.0),
    ("adam", {"beta1": 0.9999999, "beta2": 0.999999999}, {"t": 0, "v": 0.0, "s": 0.0}, 0.5),
    ("adam", {"beta1": 0.9999999, "beta2": 0.999999999}, {"t": 99, "v": 1e-05, "s": 1e-07}, 0.5),
    ("adam", {}, {"t": 9007199254740990, "v": 0.25, "s": 0.5}, -1.0),
    ("adam", {"beta1": 0.0, "beta2": 0.0}, {"t": 5, "v": 1.0, "s": 1.0}, 3.0),
    ("adam", {"beta1": 5e-324, "beta2": 1e-300}, {"t": 1, "v": 1.0, "s": 1.0}, 3.0),
    ("adam", {}, None, 1e-150),
    ("adam", {}, {"t": 10, "v": 1e300, "s": 1e300}, 1e150),
    ("adam", {"eps": 0.0}, None, 1e-140),
    ("adagrad", {}, None, 1e153),
    ("adagrad", {}, None, -3e-160),
    ("adagrad", {"eps": 0.0}, None, 1e-140),
    ("adagrad", {}, {"s": 1e300}, 1e-150),
    ("adagrad", {"learning_rate": 1e300}, {"s": 1e-300}, 1e-150),
    ("adamw", {"weight_decay": 0.0}, None, 1e155),
    ("adamw", {"learning_rate": 1e-300}, {"t": 10, "v": 1e300, "s": 1e300}, 1e150),
    ("sgd", {"weight_decay": 1e300}, None, 1e-300),
    ("momentum", {"weight_decay": 1e-300}, {"v": 1e-300}, 1e-310),
    ("adam", {"weight_decay": 5e-324}, None, 1e-150),
    ("adamw", {"weight_decay": 5e-324}, None, 1e-150),
]
# Of these by hand, for the oracle's sake: the change of the first step is −α · sign(g), whatever its square is.
FIRST: list[tuple[str, dict[str, float], float, float]] = [
    ("sgd", {"learning_rate": 10.0}, 1e308, -math.inf),
    ("momentum", {"learning_rate": 0.5}, 1e308, -5e307),
    ("rmsprop", {"alpha": 0.75, "learning_rate": 0.5}, 1e155, -1.0),
    ("adam", {}, 1e155, -0.001),
    ("adam", {"eps": 0.0}, -1e-140, 0.001),
    ("adagrad", {"eps": 0.0, "learning_rate": 0.5}, -1e-100, 0.5),
    ("adamw", {"eps": 0.0, "learning_rate": 0.5, "weight_decay": 0.25}, -1e-100, 0.5 - 0.5 * 0.25 * 3.0),
    ("sgd", {"learning_rate": 0.5, "weight_decay": 0.25}, 2.0, -0.5 * (2.0 + 0.75)),
]
W = 3.0  # what the parameter is, where a weight decay asks for it
TINY = 5e-324
ROUNDINGS = 8.0  # how far a number may be from the right one, in units of 2^−53 of it


def lines_of(
    name: str, fields: dict[str, Any], memory: Memory | None, gradient: float, w: float = W
) -> dict[str, float]:
    """What the rule gives for one number, line by line."""
    row = OPTIMIZERS[name]
    arrays = {key: value if key == COUNT else np.array([value]) for key, value in (memory or {}).items()}
    with np.errstate(all="ignore"):
        known = row.rule(fields)(np.array([gradient]), arrays or None, np.array([w])).values
    return {line.name: np.asarray(known[line.name]).item() for line in row.lines(fields)}


def assert_near(actual: dict[str, float], right: dict[str, float]) -> None:
    assert actual.keys() == right.keys()
    for name, number in right.items():
        near = ROUNDINGS * EPSILON / 2 * abs(number) + 4.0 * TINY
        assert actual[name] == number or abs(actual[name] - number) <= near, name


@pytest.mark.parametrize(("name", "fields", "memory", "gradient"), HARD)
def test_a_rule_is_right_at_its_extremes(
    name: str, fields: dict[str, Any], memory: Memory | None, gradient: float
) -> None:
    fields = {**OPTIMIZERS[name].fields, **fields}
    assert_near(lines_of(name, fields, memory, gradient), exact_lines(name, fields, memory, gradient))


@pytest.mark.parametrize(("name", "fields", "gradient", "change"), FIRST)
def test_the_oracle_says_what_is_known(name: str, fields: dict[str, Any], gradient: float, change: float) -> None:
    fields = {**OPTIMIZERS[name].fields, **fields}
    assert exact_lines(name, fields, None, gradient)[DELTA] == pytest.approx(change, rel=1e-12)


def exact_lines(
    name: str, fields: dict[str, Any], memory: Memory | None, gradient: float, w: float = W
) -> dict[str, float]:
    lines = exact.update(name, fields, gradient, memory, w).lines
    return {key: value if key == COUNT else exact.nearest(value) for key, value in lines.items()}


def powers(low: float, high: float) -> st.SearchStrategy[float]:
    """Numbers above 0 of any size between two powers of 10."""
    return st.floats(low, high).map(lambda exponent: float(10.0**exponent))


BELOW_ONE = st.floats(0.0, 1.0, exclude_max=True) | powers(-16.0, -1.0).map(
    lambda rest: min(1.0 - rest, 1.0 - 2.0**-53)
)
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "learning_rate": powers(-10.0, 2.0),
    "momentum": BELOW_ONE,
    "nesterov": st.booleans(),
    "alpha": BELOW_ONE,
    "eps": powers(-12.0, 0.0),
    "beta1": BELOW_ONE,
    "beta2": BELOW_ONE,
    "weight_decay": st.just(0.0) | powers(-10.0, 0.0),
}
KEPT: dict[str, st.SearchStrategy[Any]] = {
    "t": st.integers(0, 2**53 - 2),
    "v": powers(-140, 150),
    "s": powers(-280, 300),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
@given(data=st.data())
def test_a_rule_is_right_for_numbers_of_any_size(name: str, data: st.DataObject) -> None:
    """Velocity, gradient and parameter have one sign: where they have not, what is left of them has fewer digits."""
    row = OPTIMIZERS[name]
    fields = {field: data.draw(FIELDS[field], field) for field in row.fields}
    kept = {key: data.draw(KEPT[key], key) for key in row.keeps}
    gradient = data.draw(powers(-140.0, 150.0), "gradient")
    memory = data.draw(st.sampled_from([None, kept or None]), "memory")
    w = data.draw(powers(-140.0, 150.0), "w")
    assert_near(lines_of(name, fields, memory, gradient, w), exact_lines(name, fields, memory, gradient, w))


def decaying(name: str) -> list[dict[str, Any]]:
    """The row's default fields without a weight decay, and with one."""
    return [{**OPTIMIZERS[name].fields, "weight_decay": decay} for decay in (0.0, 0.25)]


EVERY = [(name, fields) for name in OPTIMIZERS for fields in decaying(name)]


@pytest.mark.parametrize(("name", "fields"), EVERY)
def test_a_rule_leaves_gradient_memory_and_parameter_alone(name: str, fields: dict[str, Any]) -> None:
    rule = OPTIMIZERS[name].rule(fields)
    gradient, w = np.array([3.0, -1.0]), np.array([0.5, 2.0])
    _, memory, _ = rule(gradient, None, w)
    before = {key: np.copy(value) for key, value in (memory or {}).items()}
    rule(gradient, memory, w)
    assert gradient.tolist() == [3.0, -1.0]
    assert w.tolist() == [0.5, 2.0]
    assert {key: np.asarray(value).tolist() for key, value in (memory or {}).items()} == {
        key: value.tolist() for key, value in before.items()
    }


@pytest.mark.parametrize(("name", "fields"), EVERY)
def test_a_rule_says_what_it_does(name: str, fields: dict[str, Any]) -> None:
    """Its lines are named after what they give; the last is the change; what is kept is a line."""
    row = OPTIMIZERS[name]
    lines = row.lines(fields)
    assert [line.name for line in lines][-1] == DELTA
    assert set(row.keeps) <= {line.name for line in lines}
    assert all(line.formula.split(" ← ")[0] == line.name for line in lines[:-1])
    assert lines[-1].formula.startswith("{w} ← {w} − ")
    assert ("λ" in "".join(line.formula for line in lines)) == (fields["weight_decay"] > 0)


@pytest.mark.parametrize("name", [name for name in OPTIMIZERS if name != "adamw"])
def test_with_a_weight_decay_the_gradient_is_asked_for_once(name: str) -> None:
    first, *others = OPTIMIZERS[name].lines(decaying(name)[1])
    assert first.formula == "g ← ∂{C}/∂{w} + λ · {w}"
    assert not [line for line in others if "∂" in line.formula + line.note or "{g}" in line.numpy]


@pytest.mark.parametrize("name", [name for name in OPTIMIZERS if name != "adamw"])
def test_without_a_weight_decay_nothing_says_so(name: str) -> None:
    row = OPTIMIZERS[name]
    assert "weight_decay" not in row.told(row.fields)
    assert row.lines(row.told(row.fields)) == row.lines(row.fields) == row.own_lines(row.fields)
    assert "weight_decay" not in row.torch_code(row.told(row.fields))


@pytest.mark.parametrize(("name", "fields"), EVERY)
def test_an_entry_does_not_meet_another(name: str, fields: dict[str, Any]) -> None:
    """So that one may work on all parameters as on one long vector."""
    rule = OPTIMIZERS[name].rule(fields)
    rng = np.random.default_rng(1)
    gradients, w = rng.normal(size=(4, 7)), rng.normal(size=7)
    whole: Memory | None = None
    memories: list[Memory | None] = [None, None]
    for gradient in gradients:
        together, whole, _ = rule(gradient, whole, w)
        parts = zip(np.split(gradient, [3]), memories, np.split(w, [3]), strict=True)
        changes = [rule(part, memory, of) for part, memory, of in parts]
        memories = [change.memory for change in changes]
        assert together.tobytes() == np.concatenate([change.delta for change in changes]).tobytes()
        for key in set(OPTIMIZERS[name].keeps) - {COUNT}:
            joined = np.concatenate([np.asarray((memory or {})[key]) for memory in memories])
            assert np.asarray((whole or {})[key]).tobytes() == joined.tobytes()
