"""Laws of one operation and its rule."""

import numpy as np
import pytest

from app.core.graph import ops
from app.core.graph.activations import ROWS as ACTIVATION_ROWS
from app.core.graph.costs import ROWS as COST_ROWS
from tests.helpers import RULES

RNG = np.random.default_rng(0)
SHAPES = {  # rule: shapes of the upstream gradient and of the local partial
    "elementwise": ((4, 3), (4, 3)),
    "matmul_right": ((4, 3), (5, 3)),
    "matmul_left": ((4, 3), (4, 5)),
    "sum_rows": ((4, 3), ()),
    "jacobian": ((4, 3), (4, 3, 3)),
}


def test_the_rules_are_those_of_the_contract() -> None:
    assert set(ops.RULES) == set(RULES)


@pytest.mark.parametrize("name", ops.RULES)
def test_a_rule_does_what_the_contract_says(name: str) -> None:
    upstream, partial = (RNG.normal(size=shape) for shape in SHAPES[name])
    np.testing.assert_allclose(
        ops.RULES[name].apply(upstream, partial), RULES[name](upstream, partial), rtol=1e-14, atol=1e-14
    )


@pytest.mark.parametrize("name", ops.RULES)
def test_a_rule_leaves_its_arguments_alone(name: str) -> None:
    upstream, partial = (RNG.normal(size=shape) for shape in SHAPES[name])
    before = upstream.copy(), partial.copy()
    ops.RULES[name].apply(upstream, partial)
    np.testing.assert_array_equal(upstream, before[0])
    np.testing.assert_array_equal(partial, before[1])


@pytest.mark.parametrize("name", [name for name, rule in ops.RULES.items() if rule.source is not None])
@pytest.mark.parametrize("rows", [4, 40])
def test_what_is_written_for_a_rule_gives_what_it_applies(name: str, rows: int) -> None:
    rule = ops.RULES[name]
    upstream_shape, partial_shape = SHAPES[name]
    partial_rows = rows if name == "matmul_left" else partial_shape[0]
    upstream = RNG.normal(size=(rows, *upstream_shape[1:]))
    partial = RNG.normal(size=(partial_rows, *partial_shape[1:]))
    applied = rule.apply(upstream, partial)
    room = np.empty_like(applied)
    assert rule.source is not None
    for out in ("", ", room"):
        written = rule.source(rows).format(g="g", p="p", out=out)
        given = eval(written, {"g": upstream, "p": partial, "room": room})
        np.testing.assert_array_equal(given, applied)
        assert (given is room) == bool(out)
    np.testing.assert_array_equal(rule.apply(upstream, partial, np.empty_like(applied)), applied)


def test_linear_is_the_matrix_product_plus_the_bias() -> None:
    x, W, b = RNG.normal(size=(4, 3)), RNG.normal(size=(3, 2)), RNG.normal(size=2)
    np.testing.assert_allclose(ops.LINEAR.value(x, W), x @ W, rtol=1e-15)
    np.testing.assert_allclose(ops.LINEAR_WITH_BIAS.value(x, W, b), x @ W + b, rtol=1e-15)


@pytest.mark.parametrize("bad", [np.inf, -np.inf, np.nan])
def test_all_finite_finds_one_that_is_not(bad: float) -> None:
    array = np.ones((3, 4))
    assert ops.all_finite(array)
    array[1, 2] = bad
    assert not ops.all_finite(array)


def test_all_finite_knows_the_largest_doubles() -> None:
    with np.errstate(over="ignore"):
        assert ops.all_finite(np.full(5, np.finfo(np.float64).max))


@pytest.mark.parametrize("row", [*ACTIVATION_ROWS, *COST_ROWS], ids=lambda row: row.name)
def test_a_row_names_itself_once(row: object) -> None:
    names = [other.name for other in (*ACTIVATION_ROWS, *COST_ROWS)]
    assert names.count(row.name) == 1  # type: ignore[attr-defined]


def test_a_shared_value_is_the_function_of_what_is_common_times_its_factor() -> None:
    value = ops.Shared(np.subtract, lambda difference: difference * difference, 0.5)
    assert value(5.0, 2.0) == 4.5
    assert value.times(4.0)(5.0, 2.0) == 18.0
    assert ops.Shared(np.subtract)(5.0, 2.0) == 3.0


def test_its_own_inputs_go_past_what_is_common() -> None:
    value = ops.Shared(np.subtract, lambda own, difference: own / difference, own=1)
    assert value(12.0, 5.0, 2.0) == 4.0
    assert value.times(2.0)(12.0, 5.0, 2.0) == 8.0


def test_what_is_passed_back_through_weights_is_the_same_with_few_rows_and_with_many() -> None:
    rng = np.random.default_rng(5)
    upstream, weights = rng.normal(size=(64, 3)), rng.normal(size=(7, 3))
    whole = ops.MATMUL_RIGHT.apply(upstream, weights)
    for row in range(64):
        np.testing.assert_allclose(ops.MATMUL_RIGHT.apply(upstream[row : row + 1], weights)[0], whole[row], rtol=1e-12)
