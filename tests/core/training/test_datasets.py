"""Data that is drawn."""

import numpy as np
import pytest

from app.core.training.datasets import DATASETS, one_row


@pytest.mark.parametrize("name", DATASETS)
def test_the_same_seed_gives_the_same(name: str) -> None:
    one, other, different = (DATASETS[name].examples(seed) for seed in (7, 7, 8))
    assert all(a.tobytes() == b.tobytes() for p, q in zip(one, other, strict=True) for a, b in zip(p, q, strict=True))
    assert one[0].x.tobytes() != different[0].x.tobytes()


@pytest.mark.parametrize("name", DATASETS)
def test_a_set_is_as_large_as_it_says(name: str) -> None:
    row = DATASETS[name]
    trained, held_back = row.examples(0)
    assert trained.x.shape == (row.rows, len(row.features))
    assert trained.y.shape == (row.rows, len(row.classes))
    assert len(held_back.x) == len(held_back.y) == row.held_back
    assert not {tuple(x) for x in trained.x.tolist()} & {tuple(x) for x in held_back.x.tolist()}


@pytest.mark.parametrize("name", ["moons", "circles", "spiral"])
def test_two_classes_come_in_turn(name: str) -> None:
    y = DATASETS[name].examples(0)[0].y
    assert y[::2].tolist() == [[1.0, 0.0]] * (len(y) // 2)
    assert y[1::2].tolist() == [[0.0, 1.0]] * (len(y) // 2)


@pytest.mark.parametrize("name", DATASETS)
@pytest.mark.parametrize("seed", range(5))
def test_numbers_can_be_typed(name: str, seed: int) -> None:
    for part in DATASETS[name].examples(seed):
        for array in part:
            assert np.round(array, 4).tolist() == array.tolist()
            assert np.abs(array).max() < 2.0


def test_one_row_is_of_the_first_class() -> None:
    x, y = one_row(5, 3, 0)
    assert x.shape == (1, 5)
    assert y.tolist() == [[1.0, 0.0, 0.0]]
