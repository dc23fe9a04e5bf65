"""Every activation at its extremes, against an oracle with 60 digits, rounded to the nearest double."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.graph.activations import ACTIVATIONS, Activation, softmax, softmax_jacobian, softmax_rest
from tests import exact
from tests.helpers import EPSILON, by_id, network, trace

TINY = 5e-324  # the smallest double: what lies below it is lost
SMALLEST_WHOLE = 2.0**-1022  # the smallest double that has all its digits
LARGEST = 1.7976931348623157e308
ROUNDINGS = 8.0  # how far a number may be from the right one, in units of 2^−53 of it

# Each with both signs, of every activation.
HARD = {
    "0 and what is next to it": [0.0, TINY, 1e-320, 1e-300, 1e-8],
    "of ordinary size": [0.5, 1.0, 2.7, 3.0, 5.3, 5.5, 6.34304526705013, 8.0, 9.5, 10.0, 12.345],
    "where a is 1/2, 1/3 or 3/4": [0.6931471805599453, 0.9729550745276567, 1.0986122886681096, 1.0986122886681098],
    "where the slope of gelu and silu is 0": [0.7517915246935645, 1.278464542761074, 1.4999999999999998, 1.5],
    "where 1 − a rounds": [15.75, 16.0, 18.5, 18.7, 19.0, 20.0, 25.1, 30.0, 36.0, 36.7, 37.0, 40.0, 100.0],
    "where Φ leaves the doubles": [36.398, 37.5, 38.0, 38.4],
    "where the slope of tanh does": [177.0, 355.0, 356.0, 372.0, 372.9, 373.5],
    "where exp does": [700.0, 708.0, 708.5, 709.0, 709.5, 709.78, 709.7827128933841, 709.8, 710.0, 720.0],
    "where 1/exp does": [735.5, 740.0, 744.0, 744.4, 745.0, 745.1332191019411, 745.2, 745.5, 752.0, 800.0],
    "far out": [1000.0, 1e300, LARGEST],
}
# m, σ(m), σ′(m) by hand, for the oracle's sake: halves and quarters, the corners, where a has rounded and σ′ has not.
KNOWN = [
    ("identity", -1e300, -1e300, 1.0),
    ("relu", -0.0, 0.0, 0.0),
    ("leaky_relu", 0.0, 0.0, 0.01),
    ("leaky_relu", -1.0, -0.01, 0.01),
    ("sigmoid", 0.0, 0.5, 0.25),
    ("sigmoid", math.log(3.0), 0.75, 0.1875),
    ("sigmoid", 100.0, 1.0, math.exp(-100.0)),
    ("tanh", math.atanh(0.5), 0.5, 0.75),
    ("tanh", 100.0, 1.0, 4.0 * math.exp(-200.0)),
    ("softplus", 0.0, math.log(2.0), 0.5),
    ("softplus", -40.0, math.exp(-40.0), math.exp(-40.0)),
    ("gelu", 1.0, 0.8413447460685429, 0.8413447460685429 + 0.24197072451914337),
    ("gelu", 40.0, 40.0, 1.0),
    ("silu", math.log(3.0), 0.75 * math.log(3.0), 0.75 + 0.1875 * math.log(3.0)),
]

# Rows of which softmax is taken.
SOFTMAX = [
    [0.0, 0.0],
    [7.0],
    [10000.0, 0.0],
    [10000.0, 10000.0],
    [-10000.0, -10000.0, -100000.0],
    [1e308, -1e308],
    [0.0, -745.0],
    [18.5, 0.0],
    [40.0, 0.0, -3.0],
    [0.0, 710.0, 355.25],
    [-372.80605934720876, 334.9615280618872, 237.89467056019654],
    [700.1, -0.3, -40.7],
    [1e-300, -1e-300],
    [TINY, 0.0],
    [3.0, 3.0, -60.0],
    [1e17, 1.0000000000000002e17, 0.1],
]


def apply(row: Activation, m: float) -> tuple[float, float]:
    """σ(m) and σ′(m), the latter made from the same cached array as in a trace."""
    before = np.array([[m]])
    with np.errstate(all="ignore"):
        a = row.value(before, **row.options)
        if not callable(row.derivative):
            return float(a[0, 0]), row.derivative
        derivative = row.derivative(*({"m": before, "a": a}[name] for name in row.uses), **row.options)
    return float(a[0, 0]), float(derivative[0, 0])


def allowed(name: str, m: float, right: float, *, slope: bool) -> float:
    """By how much a number may differ from the right one.

    To 8 roundings, and two things. Where the slope of gelu and silu crosses 0 its terms cancel, and a last digit of m
    moves it by more than what is lost. And Φ has few digits near the smallest double, which gelu multiplies by m.
    """
    crossing = EPSILON / 2 if slope and name in ("gelu", "silu") and -2.0 < m < -0.5 else 0.0
    lost = 64.0 if name == "gelu" and abs(right) < SMALLEST_WHOLE else 2.0
    return max(ROUNDINGS * EPSILON / 2 * abs(right), crossing) + lost * TINY


NAMES = [name for name in ACTIVATIONS if name != "softmax"]


def assert_right(name: str, m: float) -> None:
    value, derivative = exact.nearest(exact.activation(name, m)), exact.nearest(exact.derivative(name, m))
    actual_value, actual_derivative = apply(ACTIVATIONS[name], m)
    assert abs(actual_value - value) <= allowed(name, m, value, slope=False)
    assert abs(actual_derivative - derivative) <= allowed(name, m, derivative, slope=True)


@pytest.mark.parametrize("where", HARD)
@pytest.mark.parametrize("name", NAMES)
def test_an_activation_is_right_where_it_is_hard(name: str, where: str) -> None:
    for m in HARD[where]:
        assert_right(name, m)
        assert_right(name, -m)


@pytest.mark.parametrize(("name", "m", "value", "derivative"), KNOWN)
def test_the_oracle_says_what_is_known(name: str, m: float, value: float, derivative: float) -> None:
    assert exact.nearest(exact.activation(name, m)) == pytest.approx(value, rel=2e-15, abs=0.0)
    assert exact.nearest(exact.derivative(name, m)) == pytest.approx(derivative, rel=2e-15, abs=0.0)


ANY = st.floats(allow_nan=False, allow_infinity=False) | st.floats(-760.0, 760.0) | st.floats(-40.0, 40.0)


@pytest.mark.parametrize("name", NAMES)
@given(m=ANY)
def test_an_activation_is_right_for_any_double(name: str, m: float) -> None:
    assert_right(name, m)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_leaves_its_argument_alone(name: str) -> None:
    m = np.array([[-2.0, 0.0, 3.0]])
    row = ACTIVATIONS[name]
    a = row.value(m, **row.options)
    a[...] = 7.0
    np.testing.assert_array_equal(m, [[-2.0, 0.0, 3.0]])


def assert_near(actual: list[float], right: list[float]) -> None:
    for one, other in zip(actual, right, strict=True):
        assert abs(one - other) <= ROUNDINGS * EPSILON / 2 * abs(other) + 2.0 * TINY


def assert_softmax_right(m: list[float]) -> None:
    """An entry of its Jacobian is the product of two numbers that are right."""
    with np.errstate(all="ignore"):
        a, rest = softmax(np.array([m])), softmax_rest(np.array([m]))
        jacobian = softmax_jacobian(a)[0]
    assert_near(a[0].tolist(), exact.nearests(exact.softmax(m)))
    assert_near(rest[0].tolist(), exact.nearests(exact.softmax_rest(m)))
    for line, right in zip(jacobian.tolist(), exact.nearests(exact.softmax_jacobian(m)), strict=True):
        for one, other in zip(line, right, strict=True):
            assert abs(one - other) <= 2 * ROUNDINGS * EPSILON / 2 * abs(other) + len(m) * TINY


@pytest.mark.parametrize("m", SOFTMAX)
def test_softmax_at_its_extremes(m: list[float]) -> None:
    assert_softmax_right(m)


@given(m=st.lists(ANY, min_size=1, max_size=6) | st.lists(st.floats(-5.0, 5.0), min_size=1, max_size=6))
def test_softmax_is_right_for_any_row(m: list[float]) -> None:
    assert_softmax_right(m)


def test_the_oracle_knows_softmax() -> None:
    """Two outputs are a sigmoid and its rest; of three, one that is far below leaves the others what they are."""
    rest = math.exp(-40.0)
    assert exact.nearests(exact.softmax([40.0, 0.0])) == pytest.approx([1.0, rest], rel=2e-15)
    assert exact.nearests(exact.softmax_rest([40.0, 0.0])) == pytest.approx([rest, 1.0], rel=2e-15)
    assert exact.nearests(exact.softmax([-1e4, -1e4, -1e5])) == [0.5, 0.5, 0.0]
    assert exact.nearests(exact.softmax_rest([7.0])) == [0.0]


def test_softmax_does_not_mind_a_shift() -> None:
    m = np.random.default_rng(1).integers(-8, 8, (5, 4)).astype(float)
    np.testing.assert_array_equal(softmax(m), softmax(m + 4096.0))
    np.testing.assert_allclose(softmax(m).sum(axis=1), 1.0, rtol=4 * EPSILON)


def test_the_rows_of_the_softmax_jacobian_sum_to_nothing() -> None:
    """The outputs always sum to 1, so no change of the inputs changes their sum."""
    jacobian = softmax_jacobian(softmax(np.random.default_rng(2).normal(size=(5, 4))))
    np.testing.assert_allclose(jacobian.sum(axis=1), 0.0, atol=4 * EPSILON)
    np.testing.assert_allclose(jacobian.sum(axis=2), 0.0, atol=4 * EPSILON)


@pytest.mark.parametrize("weight", [1e3, -1e3, 1e154, -1e308])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_extreme_network_warns_of_nothing(name: str, weight: float) -> None:
    document = network(1, [2, 3, 2], ["identity", name])
    document["network"]["layers"][0]["weights"][0] = [weight] * 3
    trace(document)


def test_a_leak_of_ones_own() -> None:
    document = network(1, [1, 1], ["leaky_relu"], bias=False, rows=1)
    document["network"]["layers"][0] |= {"weights": [[-1.0]], "slope": 0.25}
    document["data"]["x"] = [[8.0]]
    nodes = by_id(trace(document))
    assert nodes["a0"]["value"] == [[-2.0]]
    assert "0.25 · min(0, m0)" in nodes["a0"]["formula"]


def test_the_slope_at_the_corner_is_the_contracts() -> None:
    document = network(1, [1, 1], ["relu"], bias=False, rows=1)
    document["data"]["x"] = [[0.0]]
    local = {(edge["of"], edge["wrt"]): edge["value"] for edge in trace(document)["partials"]}
    assert local["a0", "m0"] == [[0.0]]


@pytest.mark.parametrize("name", NAMES)
def test_an_entry_does_not_depend_on_its_neighbours(name: str) -> None:
    """Whether one of them is in a tail, or they are many: bit for bit."""
    row = ACTIVATIONS[name]
    few = np.array([[-1000.0, -745.0, -38.0, -3.0, -0.5, 0.0, 3.0, 40.0]])
    for last in (1.0, 709.0, 709.5, 1e300, -1e300, math.nan):
        many = np.repeat(np.append(few, last)[None], 64, axis=0)
        with np.errstate(all="ignore"):
            assert many.size >= 256
            for function in (row.value, lambda m, **_options: _slope(row, m)):
                whole = function(many, **row.options)
                each = [function(few[:, [place]], **row.options) for place in range(few.size)]
                assert whole[63, : few.size].tobytes() == np.concatenate(each, axis=1)[0].tobytes()


def _slope(row: Activation, m: np.ndarray) -> np.ndarray:
    a = row.value(m, **row.options)
    if not callable(row.derivative):
        return np.full(m.shape, row.derivative)
    slope: np.ndarray = row.derivative(*({"m": m, "a": a}[name] for name in row.uses), **row.options)
    return slope
