"""The catalog tells the tables."""

import pytest
from fastapi.testclient import TestClient

from app import answers, examples, limits
from app.core.activations import ACTIVATIONS
from app.core.costs import COSTS
from app.core.optimizers import OPTIMIZERS


@pytest.fixture(scope="module")
def catalog(client: TestClient) -> answers.CatalogAnswer:
    return answers.CatalogAnswer.model_validate_json(client.get("/api/v1/catalog").content)


def test_every_row_of_every_table_is_there(catalog: answers.CatalogAnswer) -> None:
    assert [entry.name for entry in catalog.activations] == list(ACTIVATIONS)
    assert [entry.name for entry in catalog.costs] == list(COSTS)
    assert [entry.name for entry in catalog.optimizers] == list(OPTIMIZERS)
    assert [entry.name for entry in catalog.datasets] == list(examples.load())
    assert catalog.limits == limits.CATALOG


def test_every_formula_is_filled_in(catalog: answers.CatalogAnswer) -> None:
    for entry in (*catalog.activations, *catalog.costs, *catalog.optimizers):
        assert entry.formula
        assert "{" not in entry.formula + entry.derivative
        assert list(entry.defaults) == entry.fields


def test_the_formulas_of_sigmoid(catalog: answers.CatalogAnswer) -> None:
    (sigmoid,) = (entry for entry in catalog.activations if entry.name == "sigmoid")
    assert sigmoid.formula == "a = 1 / (1 + exp(−m))"
    assert sigmoid.derivative == "∂a/∂m = a ⊙ (1 − a)"
