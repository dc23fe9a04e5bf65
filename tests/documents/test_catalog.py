"""The catalog tells the tables."""

import numpy as np
import pytest
from fastapi.testclient import TestClient

from app import examples, limits
from app.core.graph.activations import ACTIVATIONS, Activation
from app.core.graph.costs import COSTS
from app.core.training.initializers import INITIALIZERS
from app.core.training.optimizers import OPTIMIZERS
from app.documents import answer_models as answers

# How one process shares its time: nothing is refused by them.
NO_BOUNDS = {
    "APART_MULTIPLICATIONS",
    "INLINE_BYTES",
    "INLINE_NUMBERS",
    "PIECE_BYTES",
    "PIECE_SECONDS",
    "TURN_SECONDS",
}


@pytest.fixture(scope="module")
def catalog(client: TestClient) -> answers.CatalogAnswer:
    return answers.CatalogAnswer.model_validate_json(client.get("/api/v1/catalog").content)


def test_every_row_of_every_table_is_there(catalog: answers.CatalogAnswer) -> None:
    assert [entry.name for entry in catalog.activations] == list(ACTIVATIONS)
    assert [entry.name for entry in catalog.costs] == list(COSTS)
    assert [entry.name for entry in catalog.optimizers] == list(OPTIMIZERS)
    assert [entry.name for entry in catalog.initializers] == list(INITIALIZERS)
    networks = [id for id, it in examples.load().items() if it.kind == "network"]
    assert [entry.name for entry in catalog.datasets] == networks
    assert catalog.limits == limits.LIMITS


def test_every_bound_has_a_unit_and_a_reason(catalog: answers.CatalogAnswer) -> None:
    assert {bound.name: bound.value for bound in catalog.bounds} == catalog.limits
    assert len(catalog.bounds) == len(catalog.limits), "no name stands twice"
    assert all(bound.unit and bound.reason for bound in catalog.bounds)
    upper = {name for name, value in vars(limits).items() if name.isupper() and isinstance(value, int | float)}
    told = {bound.name.upper() for bound in catalog.bounds}
    assert told == upper - NO_BOUNDS, "a bound's name is that of its constant, and every constant is one or the other"


def test_every_formula_is_filled_in(catalog: answers.CatalogAnswer) -> None:
    entries: list[answers.CatalogEntry | answers.OptimizerEntry] = [*catalog.activations, *catalog.costs]
    for entry in [*entries, *catalog.optimizers]:
        assert entry.formula
        assert "{" not in entry.formula + entry.derivative
        assert list(entry.defaults) == entry.fields
    assert all("{" not in entry.formula for entry in catalog.initializers)


def test_a_field_has_a_symbol_and_its_bound(catalog: answers.CatalogAnswer) -> None:
    (adam,) = (entry for entry in catalog.optimizers if entry.name == "adam")
    assert adam.symbols == {"learning_rate": "α", "beta1": "β1", "beta2": "β2", "eps": "ε", "weight_decay": "λ"}
    assert adam.below == {"beta1": 1.0, "beta2": 1.0}
    assert adam.keeps == ["t", "v", "s"]
    assert all(entry.lines[-1] == entry.formula for entry in catalog.optimizers)
    for entry in catalog.optimizers:
        idle = {"weight_decay"} if not entry.defaults["weight_decay"] else set()
        assert all(entry.symbols[name] in "".join(entry.lines) for name in entry.symbols.keys() - idle)
        assert "weight decay" in entry.note


def test_the_formulas_of_sigmoid(catalog: answers.CatalogAnswer) -> None:
    (sigmoid,) = (entry for entry in catalog.activations if entry.name == "sigmoid")
    assert sigmoid.formula == "a = 1 / (1 + exp(−m))"
    assert sigmoid.derivative == "∂a/∂m = a ⊙ (1 − a)"


def test_bounds_are_those_of_the_rows_and_null_for_none(catalog: answers.CatalogAnswer) -> None:
    ranges = {entry.name: entry.range for entry in catalog.activations}
    assert (ranges["tanh"], ranges["relu"], ranges["identity"]) == ([-1.0, 1.0], [0.0, None], [None, None])
    assert {entry.name: entry.gate for entry in catalog.activations if entry.gate is not None} == {"relu": 0.0}
    (entropy,) = (entry for entry in catalog.costs if entry.name == "cross_entropy")
    assert (entropy.activation, entropy.targets, entropy.one_in_all, entropy.logits) == (
        "softmax",
        [0.0, 1.0],
        True,
        False,
    )


@pytest.mark.parametrize("row", [row for row in ACTIVATIONS.values() if row.gate is not None], ids=lambda row: row.name)
def test_nothing_comes_through_a_gate_that_is_shut(row: Activation) -> None:
    assert row.gate is not None
    m = np.array([row.gate - 1e9, row.gate - 1e-9, row.gate])
    op = row.op()
    assert callable(op.partials[0].value)
    assert not op.value(m).any()
    assert not op.partials[0].value(m).any()


def test_an_activation_is_a_curve_of_its_own_function_unless_it_takes_whole_rows(
    catalog: answers.CatalogAnswer,
) -> None:
    for entry in catalog.activations:
        row = ACTIVATIONS[entry.name]
        assert (entry.curve is None) is row.per_row
        if entry.curve is None:
            continue
        m, a = np.array(entry.curve.m), np.array(entry.curve.a)
        assert m.tolist() == sorted(set(m.tolist()))
        assert (m[0], m[-1], 0.0 in m) == (-6.0, 6.0, True)
        assert np.isfinite(a).all()
        assert np.array_equal(a, row.op().value(m))
        least, most = row.range
        assert ((least <= a) & (a <= most)).all()
