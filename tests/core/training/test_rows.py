"""Which rows an iteration takes: in order, wrapping; and every epoch in an order of its own."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.training.rows import batch_rows, order
from tests.helpers import Document, network, step, trace


def taken(rows: int, size: int, iteration: int, seed: int | None) -> list[int]:
    found: list[int] = np.arange(rows)[batch_rows(rows, size, iteration, seed)].tolist()
    return found


@given(st.integers(1, 40), st.data(), st.none() | st.integers(0, 2**32 - 1))
def test_every_epoch_has_every_row_once(rows: int, data: st.DataObject, seed: int | None) -> None:
    size = data.draw(st.integers(1, rows))
    epochs = 3
    walked = [row for iteration in range(epochs * rows) for row in taken(rows, size, iteration, seed)]
    for epoch in range(epochs * size):
        part = walked[epoch * rows : (epoch + 1) * rows]
        assert sorted(part) == list(range(rows))
        if seed is None:
            assert part == list(range(rows))


def test_an_order_is_another_in_each_epoch_and_for_each_seed_and_always_the_same() -> None:
    # Kept: links and files that have a seed are to go the same way for ever.
    assert order(6, 7, 0).tolist() == ORDERS[0]
    assert order(6, 7, 1).tolist() == ORDERS[1]
    assert order(6, 8, 0).tolist() == ORDERS[2]


ORDERS = [[3, 4, 0, 2, 5, 1], [1, 3, 2, 4, 5, 0], [2, 0, 5, 3, 4, 1]]


@pytest.mark.parametrize("iteration", [0, 3, 2**53 - 1])
def test_a_trace_says_which_rows_it_is_of(iteration: int) -> None:
    document = network(9, [2, 3, 1], ["tanh", "identity"], rows=5)
    document |= {"batch_size": 2, "iteration": iteration, "shuffle_seed": 7}
    answer = trace(document)
    rows = answer["batch_rows"]
    assert rows == taken(5, 2, iteration, 7)
    (x,) = (node for node in answer["nodes"] if node["id"] == "x")
    assert x["value"] == [document["data"]["x"][row] for row in rows]
    assert step(document)["experiment"]["shuffle_seed"] == 7


def test_all_rows_are_all_rows_whatever_the_seed() -> None:
    document: Document = network(9, [2, 3, 1], ["tanh", "identity"], rows=5)
    answer = trace(document | {"shuffle_seed": 7})
    assert answer == trace(document)
    assert "batch_rows" not in answer
