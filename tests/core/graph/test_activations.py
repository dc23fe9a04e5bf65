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

# m, σ(m), σ′(m): the doubles nearest to the oracle's
CASES: dict[str, list[tuple[float, float, float]]] = {
    "identity": [
        (0.0, 0.0, 1.0),
        (-1e300, -1e300, 1.0),
        (1e300, 1e300, 1.0),
        (5e-324, 5e-324, 1.0),
        (-LARGEST, -LARGEST, 1.0),
        (LARGEST, LARGEST, 1.0),
    ],
    "relu": [
        (0.0, 0.0, 0.0),
        (-0.0, 0.0, 0.0),
        (1e-300, 1e-300, 1.0),
        (-1e300, 0.0, 0.0),
        (1e300, 1e300, 1.0),
        (5e-324, 5e-324, 1.0),
        (-5e-324, 0.0, 0.0),
        (-LARGEST, 0.0, 0.0),
        (LARGEST, LARGEST, 1.0),
    ],
    "leaky_relu": [
        (0.0, 0.0, 0.01),
        (1e300, 1e300, 1.0),
        (-1.0, -0.01, 0.01),
        (-1e300, -1.0000000000000001e298, 0.01),
        (-0.0, 0.0, 0.01),
        (5e-324, 5e-324, 1.0),
        (-5e-324, -0.0, 0.01),
        (-1e-320, -1e-322, 0.01),
        (-LARGEST, -1.7976931348623156e306, 0.01),
        (LARGEST, LARGEST, 1.0),
    ],
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
        (1.0986122886681098, 0.75, 0.1875),
        (1.0986122886681096, 0.75, 0.1875),
        (-1.0986122886681098, 0.24999999999999997, 0.1875),
        (16.0, 0.9999998874648379, 1.1253514939093229e-07),
        (18.5, 0.9999999907625504, 9.237449491309645e-09),
        (30.0, 0.9999999999999064, 9.357622968838423e-14),
        (36.7, 0.9999999999999999, 1.1518409493076095e-16),
        (100.0, 1.0, 3.720075976020836e-44),
        (-100.0, 3.720075976020836e-44, 3.720075976020836e-44),
        (700.0, 1.0, 9.85967654375977e-305),
        (709.0, 1.0, 1.216780750623423e-308),
        (709.5, 1.0, 7.38014831401258e-309),
        (709.7827128933841, 1.0, 5.562684646267504e-309),
        (710.0, 1.0, 4.47628622567513e-309),
        (720.0, 1.0, 2.0322308024e-313),
        (744.4, 1.0, 5e-324),
        (745.1332191019411, 1.0, 5e-324),
        (-745.1332191019411, 5e-324, 5e-324),
        (5e-324, 0.5, 0.25),
        (-5e-324, 0.5, 0.25),
        (LARGEST, 1.0, 0.0),
        (-LARGEST, 0.0, 0.0),
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
        (0.5, 0.46211715726000974, 0.7864477329659274),
        (-0.972955074527657, -0.7500000000000001, 0.4374999999999998),
        (0.9729550745276567, 0.75, 0.43749999999999994),
        (9.5, 0.9999999887944072, 2.241118549901845e-08),
        (-9.5, -0.9999999887944072, 2.241118549901845e-08),
        (18.7, 0.9999999999999999, 2.287949150925229e-16),
        (20.0, 1.0, 1.6993417021166355e-17),
        (100.0, 1.0, 5.53558610694695e-87),
        (177.0, 1.0, 7.274671680441292e-154),
        (355.0, 1.0, 1.790514490270052e-308),
        (-355.0, -1.0, 1.790514490270052e-308),
        (356.0, 1.0, 2.423197856799566e-309),
        (372.0, 1.0, 3e-323),
        (-372.9, -1.0, 5e-324),
        (373.5, 1.0, 0.0),
        (710.0, 1.0, 0.0),
        (-745.5, -1.0, 0.0),
        (5e-324, 5e-324, 1.0),
        (-5e-324, -5e-324, 1.0),
        (LARGEST, 1.0, 0.0),
        (-LARGEST, -1.0, 0.0),
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
        (1e-08, 0.6931471855599454, 0.5000000025),
        (-1e-08, 0.6931471755599453, 0.4999999975),
        (-0.6931471805599453, 0.4054651081081644, 0.3333333333333333),
        (-16.0, 1.1253516838717681e-07, 1.12535162055095e-07),
        (-36.0, 2.319522830243569e-16, 2.3195228302435686e-16),
        (36.0, 36.0, 0.9999999999999998),
        (-708.5, 2.006132305331306e-308, 2.006132305331306e-308),
        (-709.5, 7.38014831401258e-309, 7.38014831401258e-309),
        (-745.1332191019411, 5e-324, 5e-324),
        (-745.2, 0.0, 0.0),
        (700.0, 700.0, 1.0),
        (5e-324, 0.6931471805599453, 0.5),
        (-5e-324, 0.6931471805599453, 0.5),
        (LARGEST, LARGEST, 1.0),
        (-LARGEST, 0.0, 0.0),
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
        (-1e300, -0.0, -0.0),
        (1e300, 1e300, 1.0),
        (1e-300, 5e-301, 0.5),
        (-0.5, -0.15426876936299344, 0.13250487534383715),
        (-1.4999999999999998, -0.10021080190328713, -0.12746919222997954),
        (-1.5, -0.1002108019032871, -0.12746919222997952),
        (-2.7, -0.009360829268209801, -0.02466955019590033),
        (-5.3, -3.068771041181235e-07, -1.6229137444598225e-06),
        (-12.345, -3.1994685478178554e-34, -3.949414449050466e-33),
        (-15.75, -5.4086535551036215e-55, -8.518357898589992e-54),
        (-25.1, -6.24151707251339e-138, -1.56661295309197e-136),
        (-36.398, -8.332786703603512e-289, -3.032964261237892e-287),
        (-37.0, -2.1184613523340935e-298, -7.838298669418516e-297),
        (3.0, 2.99595030590511, 1.011945647204184),
        (5.5, 5.499999895557407, 1.00000057334724),
        (-0.7517915246935645, -0.16997120747990366, -6.453751729367753e-18),
        (-5e-324, -0.0, 0.5),
        (5e-324, 0.0, 0.5),
        (-38.4, -2.535e-321, -9.7346e-320),
        (LARGEST, LARGEST, 1.0),
        (-LARGEST, -0.0, -0.0),
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
        (-1e300, -0.0, -0.0),
        (-1.278464542761074, -0.2784645427610738, -2.452007938935708e-17),
        (-6.34304526705013, -0.011137431012078737, -0.009362026154079864),
        (-708.0, -2.3417475265759926e-305, -2.3384399735723544e-305),
        (-709.78, -3.959008119593391e-306, -3.953430323488128e-306),
        (-735.5, -2.773264e-317, -2.7694934e-317),
        (-744.0, -5.706e-321, -5.7e-321),
        (-745.1332191019411, -1.843e-321, -1.84e-321),
        (-752.0, -0.0, -0.0),
        (709.8, 709.8, 1.0),
        (5e-324, 0.0, 0.5),
        (-5e-324, -0.0, 0.5),
        (LARGEST, LARGEST, 1.0),
        (-LARGEST, -0.0, -0.0),
    ],
}

# A row, its softmax, and 1 − that
SOFTMAX: list[tuple[list[float], list[float], list[float]]] = [
    ([0.0, 0.0], [0.5, 0.5], [0.5, 0.5]),
    ([7.0], [1.0], [0.0]),
    ([10000.0, 0.0], [1.0, 0.0], [0.0, 1.0]),
    ([10000.0, 10000.0], [0.5, 0.5], [0.5, 0.5]),
    ([-10000.0, -10000.0, -100000.0], [0.5, 0.5, 0.0], [0.5, 0.5, 1.0]),
    ([1e308, -1e308], [1.0, 0.0], [0.0, 1.0]),
    ([0.0, -745.0], [1.0, 5e-324], [5e-324, 1.0]),
    ([18.5, 0.0], [0.9999999907625504, 9.23744957664012e-09], [9.23744957664012e-09, 0.9999999907625504]),
    ([40.0, 0.0, -3.0], [1.0, 4.248354255291589e-18, 2.1151310375910805e-19], [4.459867359050697e-18, 1.0, 1.0]),
    ([0.0, 710.0, 355.25], [4.47628622567513e-309, 1.0, 8.590778960031844e-155], [1.0, 8.590778960031844e-155, 1.0]),
    (
        [-372.80605934720876, 334.9615280618872, 237.89467056019654],
        [4.1729417096926876e-308, 1.0, 6.988748488295882e-43],
        [1.0, 6.988748488295882e-43, 1.0],
    ),
    ([700.1, -0.3, -40.7], [1.0, 6.609138834709412e-305, 1.9e-322], [6.609138834709412e-305, 1.0, 1.0]),
    ([1e-300, -1e-300], [0.5, 0.5], [0.5, 0.5]),
    ([5e-324, 0.0], [0.5, 0.5], [0.5, 0.5]),
    ([3.0, 3.0, -60.0], [0.5, 0.5, 2.1798050000315404e-28], [0.5, 0.5, 1.0]),
    (
        [1e17, 1.0000000000000002e17, 0.1],
        [1.12535162055095e-07, 0.9999998874648379, 0.0],
        [0.9999998874648379, 1.12535162055095e-07, 1.0],
    ),
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


TABLE = [(name, *case) for name in CASES for case in CASES[name]]


@pytest.mark.parametrize(("name", "m", "value", "derivative"), TABLE)
def test_an_activation_is_right_for_every_double(name: str, m: float, value: float, derivative: float) -> None:
    actual_value, actual_derivative = apply(ACTIVATIONS[name], m)
    assert abs(actual_value - value) <= allowed(name, m, value, slope=False)
    assert abs(actual_derivative - derivative) <= allowed(name, m, derivative, slope=True)


@pytest.mark.parametrize(("name", "m", "value", "derivative"), TABLE)
def test_the_table_is_the_oracles(name: str, m: float, value: float, derivative: float) -> None:
    assert exact.nearest(exact.activation(name, m)) == value
    assert exact.nearest(exact.derivative(name, m)) == derivative


ANY = st.floats(allow_nan=False, allow_infinity=False) | st.floats(-760.0, 760.0) | st.floats(-40.0, 40.0)


@pytest.mark.parametrize("name", CASES)
@given(m=ANY)
def test_an_activation_is_right_for_any_double(name: str, m: float) -> None:
    value, derivative = exact.nearest(exact.activation(name, m)), exact.nearest(exact.derivative(name, m))
    actual_value, actual_derivative = apply(ACTIVATIONS[name], m)
    assert abs(actual_value - value) <= allowed(name, m, value, slope=False)
    assert abs(actual_derivative - derivative) <= allowed(name, m, derivative, slope=True)


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


@pytest.mark.parametrize(("m", "a", "rest"), SOFTMAX)
def test_softmax_at_its_extremes(m: list[float], a: list[float], rest: list[float]) -> None:
    with np.errstate(all="ignore"):
        assert_near(softmax(np.array([m]))[0].tolist(), a)
        assert_near(softmax_rest(np.array([m]))[0].tolist(), rest)


@pytest.mark.parametrize(("m", "a", "rest"), SOFTMAX)
def test_the_table_of_softmax_is_the_oracles(m: list[float], a: list[float], rest: list[float]) -> None:
    assert exact.nearests(exact.softmax(m)) == a
    assert exact.nearests(exact.softmax_rest(m)) == rest


@given(m=st.lists(ANY, min_size=1, max_size=6) | st.lists(st.floats(-5.0, 5.0), min_size=1, max_size=6))
def test_softmax_is_right_for_any_row(m: list[float]) -> None:
    """An entry of its Jacobian is the product of two numbers that are."""
    with np.errstate(all="ignore"):
        a, rest = softmax(np.array([m])), softmax_rest(np.array([m]))
        jacobian = softmax_jacobian(a)[0]
    assert_near(a[0].tolist(), exact.nearests(exact.softmax(m)))
    assert_near(rest[0].tolist(), exact.nearests(exact.softmax_rest(m)))
    for line, right in zip(jacobian.tolist(), exact.nearests(exact.softmax_jacobian(m)), strict=True):
        for one, other in zip(line, right, strict=True):
            assert abs(one - other) <= 2 * ROUNDINGS * EPSILON / 2 * abs(other) + len(m) * TINY


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


@pytest.mark.parametrize("name", CASES)
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


def test_sigmoid_of_many_is_that_of_each_whether_or_not_one_is_large() -> None:
    few = np.array([[-1000.0, -745.0, -3.0, 0.0, 3.0, 40.0]])
    for last in (1.0, 709.0, 709.5, 1e300, np.nan):
        many = np.repeat(np.append(few, last)[None], 64, axis=0)
        with np.errstate(under="ignore", over="raise", invalid="raise", divide="raise"):
            whole = ACTIVATIONS["sigmoid"].value(many)
            alone = ACTIVATIONS["sigmoid"].value(many[:1])
        assert whole.size >= 256 > alone.size
        assert whole[63].tobytes() == alone[0].tobytes()
