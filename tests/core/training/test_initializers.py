"""Weights that are drawn."""

import math

import numpy as np
import pytest

from app.core.training.initializers import INITIALIZERS, weights

# By hand: how far the weights of a layer from 64 to 16 reach.
REACHES = {"zeros": 0.0, "uniform": 1 / 8, "xavier": math.sqrt(6 / 80), "he": math.sqrt(6 / 64)}


@pytest.mark.parametrize("name", INITIALIZERS)
def test_weights_fill_their_range_evenly(name: str) -> None:
    """Of an even spread over −r to r the variance is r²/3; 1024 draws are within a tenth of it."""
    (matrix,) = weights(name, [64, 16], 0)
    reach = REACHES[name]
    assert matrix.shape == (64, 16)
    assert np.abs(matrix).max() <= reach
    if reach:
        assert matrix.var() == pytest.approx(reach**2 / 3, rel=0.1)
        assert abs(matrix.mean()) < reach / 10


@pytest.mark.parametrize("name", INITIALIZERS)
def test_the_same_seed_gives_the_same_weights(name: str) -> None:
    one, other, different = (weights(name, [3, 5, 2], seed) for seed in (1, 1, 2))
    assert [it.tobytes() for it in one] == [it.tobytes() for it in other]
    assert name == "zeros" or [it.tobytes() for it in one] != [it.tobytes() for it in different]
    assert np.round(one[0], 4).tolist() == one[0].tolist()
