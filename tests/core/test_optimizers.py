"""Every optimizer's rule by hand."""

import numpy as np
import pytest

from app.core.optimizers import OPTIMIZERS

# The fields, the gradients of some iterations, and the changes they should make.
CASES: dict[str, tuple[dict[str, float], list[float], list[float]]] = {
    "sgd": ({"learning_rate": 0.5}, [3.0, -2.0, 0.0], [-1.5, 1.0, 0.0]),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_rule_by_hand(name: str) -> None:
    fields, gradients, deltas = CASES[name]
    memory = None
    for gradient, expected in zip(gradients, deltas, strict=True):
        delta, memory = OPTIMIZERS[name].delta(np.array([gradient]), memory, fields)
        np.testing.assert_allclose(delta, [expected], rtol=1e-15)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_rule_leaves_the_gradient_alone(name: str) -> None:
    gradient = np.array([3.0])
    OPTIMIZERS[name].delta(gradient, None, OPTIMIZERS[name].fields)
    assert gradient[0] == 3.0
