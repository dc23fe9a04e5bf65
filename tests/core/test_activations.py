"""Every activation at its extremes, against values of mpmath with 400 digits, rounded to the nearest double."""

import numpy as np
import pytest

from app.core.activations import ACTIVATIONS, Activation, softmax, softmax_jacobian
from tests.helpers import EPSILON, by_id, network, trace

TINY = 5e-324  # the smallest double: what lies below it is lost

# m, σ(m), σ′(m)
CASES: dict[str, list[tuple[float, float, float]]] = {
    "identity": [(m, m, 1.0) for m in (0.0, -1e300, 1e300)],
    "relu": [(0.0, 0.0, 0.0), (-0.0, 0.0, 0.0), (1e-300, 1e-300, 1.0), (-1e300, 0.0, 0.0), (1e300, 1e300, 1.0)],
    "leaky_relu": [(0.0, 0.0, 0.01), (1e300, 1e300, 1.0), (-1.0, -0.01, 0.01), (-1e300, -1e298, 0.01)],
    "sigmoid": [
        (0.0, 0.5, 0.25),
        (1.0, 0.7310585786300049, 0.19661193324148185),
        (-1.0, 0.2689414213699951, 0.19661193324148185),
        (-37.0, 8.533047625744065e-17, 8.533047625744065e-17),
        (37.0, 0.9999999999999999, 8.533047625744065e-17),
        (-40.0, 4.248354255291589e-18, 4.248354255291589e-18),
        (40.0, 1.0, 4.248354255291589e-18),
        (-709.5, 7.38014831401258e-309, 7.38014831401258e-309),
        (-710.0, 4.47628622567513e-309, 4.47628622567513e-309),
        (-745.0, 5e-324, 5e-324),
        (745.0, 1.0, 5e-324),
        (-745.2, 0.0, 0.0),
        (-1000.0, 0.0, 0.0),
        (1000.0, 1.0, 0.0),
        (-1e300, 0.0, 0.0),
        (1e300, 1.0, 0.0),
        (1e-300, 0.5, 0.25),
    ],
    "tanh": [
        (0.0, 0.0, 1.0),
        (1.0, 0.7615941559557649, 0.4199743416140261),
        (-1.0, -0.7615941559557649, 0.4199743416140261),
        (1e-300, 1e-300, 1.0),
        (1e-08, 1e-08, 0.9999999999999999),
        (-19.0, -0.9999999999999999, 1.2556531168192118e-16),
        (19.0, 0.9999999999999999, 1.2556531168192118e-16),
        (40.0, 1.0, 7.219405551381661e-35),
        (-1000.0, -1.0, 0.0),
        (1e300, 1.0, 0.0),
    ],
    "softplus": [
        (0.0, 0.6931471805599453, 0.5),
        (1.0, 1.3132616875182228, 0.7310585786300049),
        (-1.0, 0.3132616875182228, 0.2689414213699951),
        (-37.0, 8.533047625744066e-17, 8.533047625744065e-17),
        (37.0, 37.0, 0.9999999999999999),
        (-40.0, 4.248354255291589e-18, 4.248354255291589e-18),
        (40.0, 40.0, 1.0),
        (-745.0, 5e-324, 5e-324),
        (-800.0, 0.0, 0.0),
        (800.0, 800.0, 1.0),
        (1e300, 1e300, 1.0),
        (-1e300, 0.0, 0.0),
    ],
    "gelu": [
        (0.0, 0.0, 0.5),
        (1.0, 0.8413447460685429, 1.0833154705876864),
        (-1.0, -0.15865525393145705, -0.0833154705876863),
        (-3.0, -0.0040496940948902835, -0.011945647204183927),
        (-8.0, -4.976768459417427e-15, -3.979607261086796e-14),
        (8.0, 7.999999999999995, 1.0000000000000397),
        (10.0, 10.0, 1.0),
        (-10.0, -7.619853024160526e-23, -7.618400096464814e-22),
        (-20.0, -5.507248237212468e-88, -1.1014360483133464e-86),
        (-30.0, -1.472014178144456e-196, -4.416031690708495e-195),
        (-37.5, -1.7270073785932332e-306, -6.476271143055812e-305),
        (-38.0, -1.096462777e-314, -4.1665545693e-313),
        (38.0, 38.0, 1.0),
        (-40.0, -0.0, -0.0),
        (40.0, 40.0, 1.0),
        (-1e300, -0.0, 0.0),
        (1e300, 1e300, 1.0),
        (1e-300, 5e-301, 0.5),
    ],
    "silu": [
        (0.0, 0.0, 0.5),
        (1.0, 0.7310585786300049, 0.9276705118714867),
        (-1.0, -0.2689414213699951, 0.07232948812851327),
        (-10.0, -0.00045397868702434395, -0.0004085602086570823),
        (-20.0, -4.122307236380407e-08, -3.9161918660646786e-08),
        (-37.0, -3.1572276215253042e-15, -3.071897145267863e-15),
        (37.0, 37.0, 1.000000000000003),
        (-40.0, -1.6993417021166355e-16, -1.6568581595637197e-16),
        (40.0, 40.0, 1.0000000000000002),
        (-700.0, -6.90177358063184e-302, -6.891913904088079e-302),
        (-740.0, -3.09967e-319, -3.09547e-319),
        (-745.0, -2.105e-321, -2.1e-321),
        (-800.0, -0.0, -0.0),
        (800.0, 800.0, 1.0),
        (1e300, 1e300, 1.0),
        (-1e300, -0.0, 0.0),
    ],
}


def apply(row: Activation, m: float) -> tuple[float, float]:
    """σ(m) and σ′(m), the latter made from the same cached array as in a trace."""
    before = np.array([[m]])
    with np.errstate(all="ignore"):
        a = row.value(before, **row.options)
        if not callable(row.derivative):
            return float(a[0, 0]), row.derivative
        derivative = row.derivative(*({"m": before, "a": a}[name] for name in row.uses), **row.options)
    return float(a[0, 0]), float(derivative[0, 0])


@pytest.mark.parametrize(
    ("name", "m", "value", "derivative"), [(name, *case) for name in CASES for case in CASES[name]]
)
def test_an_activation_is_right_for_every_double(name: str, m: float, value: float, derivative: float) -> None:
    """To 4 roundings; near the smallest double a few of its steps are lost."""
    lost = TINY * (4.0 + min(abs(m), 1000.0))
    actual_value, actual_derivative = apply(ACTIVATIONS[name], m)
    assert abs(actual_value - value) <= 4.0 * EPSILON * abs(value) + lost
    assert abs(actual_derivative - derivative) <= 4.0 * EPSILON * abs(derivative) + lost


def test_every_activation_has_its_cases() -> None:
    assert set(CASES) | {"softmax"} == set(ACTIVATIONS)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_leaves_its_argument_alone(name: str) -> None:
    m = np.array([[-2.0, 0.0, 3.0]])
    row = ACTIVATIONS[name]
    a = row.value(m, **row.options)
    a[...] = 7.0
    np.testing.assert_array_equal(m, [[-2.0, 0.0, 3.0]])


@pytest.mark.parametrize(
    ("m", "a"),
    [
        ([0.0, 0.0], [0.5, 0.5]),
        ([1e4, 0.0], [1.0, 0.0]),
        ([1e4, 1e4], [0.5, 0.5]),
        ([-1e4, -1e4, -1e5], [0.5, 0.5, 0.0]),
        ([1e308, -1e308], [1.0, 0.0]),
        ([0.0, -745.0], [1.0, TINY]),
        ([7.0], [1.0]),
    ],
)
def test_softmax_at_its_extremes(m: list[float], a: list[float]) -> None:
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(softmax(np.array([m])), [a])


def test_softmax_does_not_mind_a_shift() -> None:
    m = np.random.default_rng(1).integers(-8, 8, (5, 4)).astype(float)
    np.testing.assert_array_equal(softmax(m), softmax(m + 4096.0))
    np.testing.assert_allclose(softmax(m).sum(axis=1), 1.0, rtol=4 * EPSILON)


def test_the_rows_of_the_softmax_jacobian_sum_to_nothing() -> None:
    """The outputs always sum to 1, so no change of the inputs changes their sum."""
    m = np.random.default_rng(2).normal(size=(5, 4))
    jacobian = softmax_jacobian(softmax(m), m)
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


def test_sigmoid_of_many_is_that_of_each_whether_or_not_one_is_large() -> None:
    few = np.array([[-1000.0, -745.0, -3.0, 0.0, 3.0, 40.0]])
    for last in (1.0, 709.0, 709.5, 1e300, np.nan):
        many = np.repeat(np.append(few, last)[None], 64, axis=0)
        with np.errstate(under="ignore", over="raise", invalid="raise", divide="raise"):
            whole = ACTIVATIONS["sigmoid"].value(many)
            alone = ACTIVATIONS["sigmoid"].value(many[:1])
        assert whole.size >= 256 > alone.size
        assert whole[63].tobytes() == alone[0].tobytes()
