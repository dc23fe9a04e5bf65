"""The oracle itself, against what it did not compute: known values, and its own differences with 40 digits."""

import math
from typing import Any

import pytest
from mpmath import mpf

from app.core.graph.activations import ACTIVATIONS
from app.core.graph.costs import COSTS
from app.core.training.optimizers import OPTIMIZERS
from tests import exact
from tests.helpers import Document, copy, every_pair, name_of

STEP = exact.number(1) / 10**20  # a difference's error is as its square, and as 60 digits of C divided by it


def test_every_row_has_its_oracle() -> None:
    assert set(exact.ACTIVATIONS) == set(ACTIVATIONS)
    assert set(exact.COSTS) == set(COSTS)
    assert set(exact.OPTIMIZERS) == set(OPTIMIZERS)


@pytest.mark.parametrize("document", every_pair(), ids=name_of)
def test_a_gradient_is_the_difference_quotient(document: Document) -> None:
    network = exact.network(document)
    for place, gradient in (
        (("data", "x", 1, 2), network.gradients["x"][1][2]),
        (("data", "y", 2, 1), network.gradients["y"][2][1]),
        (("network", "layers", 0, "weights", 2, 1), network.gradients["W0"][2][1]),
        (("network", "layers", 1, "weights", 3, 0), network.gradients["W1"][3][0]),
        (("network", "layers", 1, "bias", 1), network.gradients.get("b1", [None, None])[1]),
    ):
        if gradient is not None:
            quotient = (_moved(document, place, STEP) - _moved(document, place, -STEP)) / (2 * STEP)
            assert abs(quotient - gradient) < 1e-35 * max(abs(gradient), 1)


def _moved(document: Document, place: tuple[Any, ...], by: mpf) -> mpf:
    moved = copy(document)
    owner: Any = moved
    for key in place[:-1]:
        owner = owner[key]
    owner[place[-1]] = exact.number(owner[place[-1]]) + by
    return exact.network(moved).values["C"]


def test_what_a_saturated_pair_gives() -> None:
    """1 − σ(1000) is 1e-435, which no 400 digits of σ(1000) have."""
    document: Document = {
        "network": {
            "layers": [{"weights": [[1.0]], "bias": None, "activation": "sigmoid"}],
            "cost": "binary_cross_entropy",
        },
        "data": {"x": [[1000.0]], "y": [[0.0]]},
    }
    network = exact.network(document)
    assert exact.nearest(network.values["C"]) == 1000.0
    assert exact.nearests(network.gradients["m0"]) == [[1.0]]
    assert exact.nearests(network.gradients["W0"]) == [[1000.0]]


def test_a_batch_is_that_of_the_iteration() -> None:
    document = every_pair()[1]
    part = {**document, "batch_size": 2, "iteration": 1}
    assert part["data"]["x"] != document["data"]["x"][:2]
    x = document["data"]["x"]
    assert exact.nearests(exact.network(part).values["x"]) == [x[2], x[0]]


@pytest.mark.parametrize(
    "value", [0.0, 1.0, -1.0, 5e-324, -5e-324, 2.5e-310, 1.7976931348623157e308, -1e-300, math.inf, -math.inf]
)
def test_the_nearest_of_a_double_is_itself(value: float) -> None:
    assert exact.nearest(exact.number(value)) == value
    assert exact.roundings(value, exact.number(value)) == 0.0


def test_the_nearest_of_what_lies_between() -> None:
    smallest, third = exact.number(5e-324), exact.number(1) / 3
    assert exact.nearest(third) == 1 / 3
    assert exact.nearest(-third) == -1 / 3
    assert exact.nearest(smallest * 0.51) == 5e-324
    assert exact.nearest(smallest * 0.49) == 0.0
    assert exact.nearest(exact.number(1e308) * 2) == math.inf
    assert math.isnan(exact.nearest(exact.NAN))
    assert exact.roundings(1 / 3, third) <= 1.0
    assert 1.0 < exact.roundings(math.nextafter(1 / 3, 0.0), third) < 3.0
    assert exact.roundings(math.inf, third) == exact.roundings(math.nan, third) == math.inf
