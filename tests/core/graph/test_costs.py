"""Every cost by hand, and at saturated outputs, where 0 · ln 0 counts as 0."""

import math

import numpy as np
import pytest

from app.core.graph.costs import COSTS
from tests.helpers import Document, by_id, network, trace

INF = math.inf
LN2 = math.log(2.0)

# a, y, C, ∂C/∂a, ∂C/∂y of one example
Case = tuple[list[float], list[float], float, list[float], list[float]]
CASES: dict[str, list[Case]] = {
    "squared_error": [([3.0, -1.0], [1.0, 0.0], 5.0, [4.0, -2.0], [-4.0, 2.0])],
    "half_squared_error": [([3.0, -1.0], [1.0, 0.0], 2.5, [2.0, -1.0], [-2.0, 1.0])],
    "mean_squared_error": [([3.0, -1.0], [1.0, 0.0], 2.5, [2.0, -1.0], [-2.0, 1.0])],
    "binary_cross_entropy": [
        ([0.5, 0.5], [1.0, 0.0], 2.0 * LN2, [-2.0, 2.0], [0.0, 0.0]),
        ([1.0], [1.0], 0.0, [-1.0], [-INF]),
        ([0.0], [0.0], 0.0, [1.0], [INF]),
        ([0.0], [1.0], INF, [-INF], [INF]),
        ([1.0], [0.0], INF, [INF], [-INF]),
        ([1e-300], [0.0], 1e-300, [1.0], [300.0 * math.log(10.0)]),
    ],
    "cross_entropy": [
        ([0.5, 0.5], [1.0, 0.0], LN2, [-2.0, 0.0], [LN2, LN2]),
        ([1.0, 0.0], [1.0, 0.0], 0.0, [-1.0, 0.0], [0.0, INF]),
        ([0.0, 1.0], [1.0, 0.0], INF, [-INF, 0.0], [INF, 0.0]),
    ],
    "binary_cross_entropy_from_logits": [
        ([0.0, 0.0], [1.0, 0.0], 2.0 * LN2, [-0.5, 0.5], [0.0, 0.0]),
        ([40.0], [0.0], 40.0, [1.0], [-40.0]),
        ([1000.0, -1000.0], [0.0, 1.0], 2000.0, [1.0, -1.0], [-1000.0, 1000.0]),
        ([40.0], [1.0], 4.248354255291589e-18, [-4.248354255291589e-18], [-40.0]),
        ([2.0], [0.25], 1.6269280110429725, [0.6307970779778823], [-2.0]),
    ],
    "cross_entropy_from_logits": [
        ([0.0, 0.0], [1.0, 0.0], LN2, [-0.5, 0.5], [LN2, LN2]),
        ([1000.0, 0.0], [0.0, 1.0], 1000.0, [1.0, -1.0], [0.0, 1000.0]),
        (
            [40.0, 0.0],
            [1.0, 0.0],
            4.248354255291589e-18,
            [-4.248354255291589e-18, 4.248354255291589e-18],
            [4.248354255291589e-18, 40.0],
        ),
        ([0.0, 0.0], [1.0, 1.0], 2.0 * LN2, [0.0, 0.0], [LN2, LN2]),
    ],
    "absolute_error": [
        ([3.0, -1.0, 0.5], [1.0, 0.0, 0.5], 3.0, [1.0, -1.0, 0.0], [-1.0, 1.0, 0.0]),
        ([1e308], [-7e307], 1.7e308, [1.0], [-1.0]),
    ],
    "huber": [
        ([3.0, -1.0, 0.25], [1.0, 0.0, 0.5], 2.03125, [1.0, -1.0, -0.25], [-1.0, 1.0, 0.25]),
        ([1e308, 1e-154], [0.0, 0.0], 1e308, [1.0, 1e-154], [-1.0, -1e-154]),
        ([1e-150], [0.0], 5e-301, [1e-150], [-1e-150]),
    ],
    "hinge": [
        ([0.25, 0.25], [1.0, -1.0], 2.0, [-1.0, 1.0], [-0.25, -0.25]),
        ([1.0, -3.0], [1.0, -1.0], 0.0, [0.0, 0.0], [0.0, 0.0]),
        ([-1e308], [1.0], 1e308, [-1.0], [1e308]),
    ],
    "kl_divergence": [
        ([0.5, 0.5], [1.0, 0.0], LN2, [-2.0, 0.0], [1.0 + LN2, -INF]),
        ([0.25, 0.75], [0.25, 0.75], 0.0, [-1.0, -1.0], [1.0, 1.0]),
        ([0.5, 0.25, 0.25], [0.25, 0.25, 0.5], 0.25 * LN2, [-0.5, -1.0, -2.0], [1.0 - LN2, 1.0, 1.0 + LN2]),
        ([0.0, 1.0], [1.0, 0.0], INF, [-INF, 0.0], [INF, -INF]),
    ],
}


@pytest.mark.parametrize(("name", "case"), [(name, case) for name in CASES for case in CASES[name]])
def test_a_cost_and_its_partials_by_hand(name: str, case: Case) -> None:
    row = COSTS[name]
    a, y = np.array([case[0]]), np.array([case[1]])
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(row.by_row(a, y), [row.value(a, y)])
        actual = [np.array(row.value(a, y)), row.wrt_output(a, y)[0], row.wrt_target(a, y)[0]]
    for number, expected in zip(actual, case[2:], strict=True):
        np.testing.assert_allclose(number, np.array(expected), rtol=1e-15)


@pytest.mark.parametrize("name", COSTS)
def test_a_cost_leaves_its_arguments_alone(name: str) -> None:
    row = COSTS[name]
    a, y = np.full((2, 2), 0.25), np.full((2, 2), 0.75)
    for function in (row.value, row.wrt_output, row.wrt_target):
        function(a, y)
    np.testing.assert_array_equal(a, 0.25)
    np.testing.assert_array_equal(y, 0.75)


@pytest.mark.parametrize("name", COSTS)
@pytest.mark.parametrize("rows", [1, 2, 5])
def test_the_mean_is_the_sum_divided_by_the_rows(name: str, rows: int) -> None:
    document = network(4, [2, 2], ["sigmoid"], name, rows=rows, reduction="sum")
    whole = trace(document)
    document["network"]["reduction"] = "mean"
    mean = trace(document)
    assert mean["cost"] == pytest.approx(whole["cost"] / rows, rel=1e-15)
    for node, other in zip(whole["nodes"][:-1], mean["nodes"][:-1], strict=True):
        np.testing.assert_allclose(other["gradient"], np.array(node["gradient"]) / rows, rtol=1e-14, atol=1e-17)


def saturated(y: float) -> Document:
    """A sigmoid that is 1 to the last digit, under cross-entropy."""
    document = network(1, [1, 1], ["sigmoid"], "binary_cross_entropy", bias=False, rows=1)
    document["network"]["layers"][0]["weights"] = [[1000.0]]
    document["data"] = {"x": [[1.0]], "y": [[y]]}
    return document


def test_a_saturated_output_that_is_right_costs_nothing() -> None:
    answer = trace(saturated(1.0))
    assert answer["cost"] == 0.0
    assert answer["status"] == "ok"
    assert by_id(answer)["W0"]["gradient"] == [[0.0]]


def test_a_saturated_output_that_is_wrong_costs_what_m_says() -> None:
    """a is 1 to all digits, so that 1 − a, ln(1 − a) and their quotients are gone; C and its slopes are not."""
    answer = trace(saturated(0.0))
    nodes = by_id(answer)
    assert (answer["cost"], answer["status"]) == (1000.0, "ok")
    assert nodes["W0"]["gradient"] == [[1.0]]
    assert nodes["m0"]["gradient"] == [[1.0]]
    assert nodes["y"]["gradient"] == [[-1000.0]]
    assert nodes["a0"]["gradient"] == [["Infinity"]], "e^1000 is beyond all doubles"
    (remarks,) = [edge["remarks"] for edge in answer["partials"] if edge["wrt"] == "m0"]
    assert remarks[0].startswith("a0[0,0] is 1 to all 16 digits, from m0[0,0] = 1000.")
    assert "(1 − y) ⊙ σ(m0) − y ⊙ σ(−m0)" in remarks[1]


@pytest.mark.parametrize("activation", ["softmax", "identity", "tanh"])
def test_an_output_of_0_or_1_that_nothing_stands_behind_stays_infinite(activation: str) -> None:
    """Two outputs of which the cost knows no more than that they are 0 and 1."""
    document = network(1, [1, 2], [activation], "binary_cross_entropy", bias=False, rows=1)
    document["network"]["layers"][0]["weights"] = [[1.0, -1.0]]
    document["data"] = {"x": [[1000.0]], "y": [[0.0, 1.0]]}
    if activation == "identity":
        document["data"]["x"] = [[1.0]]
    answer = trace(document)
    assert answer["status"] == "diverged"
    assert answer["divergence"]["node"] == "C"
    assert "takes the logarithm" in answer["divergence"]["detail"]


@pytest.mark.parametrize(
    ("weights", "activation", "cost", "y", "right"),
    [
        ([[1e308]], "sigmoid", "binary_cross_entropy", [0.0], 1e308),
        ([[1e308, -7e307]], "softmax", "cross_entropy", [0.0, 1.0], 1.7e308),
        ([[1.2e154]], "identity", "squared_error", [0.0], 1.44e308),
        ([[1.5e154]], "identity", "half_squared_error", [0.0], 1.125e308),
    ],
)
def test_a_mean_is_a_double_though_the_sum_is_none(
    weights: list[list[float]], activation: str, cost: str, y: list[float], right: float
) -> None:
    document = network(1, [1, len(y)], [activation], cost, bias=False, rows=2)
    document["network"]["layers"][0]["weights"] = weights
    document["data"] = {"x": [[1.0], [1.0]], "y": [y, y]}
    answer = trace(document)
    assert answer["cost"] == pytest.approx(right, rel=1e-14)
    assert answer["divergence"] is None


def test_the_note_on_the_lectures_slip_stands_at_its_edge() -> None:
    answer = trace(network(1, [2, 2], ["sigmoid"]))
    noted = {(edge["of"], edge["wrt"]): edge["note"] for edge in answer["partials"] if edge["note"]}
    assert "2a₁ − y" in noted["C", "a0"]


@pytest.mark.parametrize(
    ("cost", "formula", "wrt_output"),
    [
        ("squared_error", "1/4 · Σ ({a} − {y})²", "1/4 · 2 · ({a} − {y})"),
        ("half_squared_error", "1/4 · Σ ({a} − {y})² / 2", "1/4 · ({a} − {y})"),
        ("binary_cross_entropy", None, "1/4 · ((1 − {y}) / (1 − {a}) − {y} / {a})"),
        ("cross_entropy", "−1/4 · Σ {y} ⊙ ln({a})", "−1/4 · {y} / {a}"),
    ],
)
def test_the_factor_of_the_mean_stands_in_front_of_the_whole_formula(
    cost: str, formula: str | None, wrt_output: str
) -> None:
    op = COSTS[cost].op("mean", (4, 2))
    assert formula in (None, op.formula)
    assert op.partials[0].formula == wrt_output
    assert "mean over the 4 examples" in op.partials[0].note
