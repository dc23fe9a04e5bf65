"""Which rows of the data an iteration takes: so many in order, wrapping; or each epoch in an order drawn from a seed.

Only evenly spread draws are used, which NumPy keeps the same from version to version.
"""

from functools import lru_cache

import numpy as np

from app.core.graph.rules import Indices


def batch_rows(rows: int, size: int, iteration: int, shuffle_seed: int | None) -> slice | Indices:
    """The places of `size` rows out of `rows`, from row iteration · size on; behind the last row, the first follow.

    With a seed, every epoch (once through all rows) has an order of its own. A batch may have the end of one epoch and
    the beginning of the next, and a row twice by that.
    """
    epoch, start = divmod(iteration * size, rows)
    end = start + size
    if shuffle_seed is not None:
        orders = [order(rows, shuffle_seed, epoch)[start:end]]
        if end > rows:
            orders.append(order(rows, shuffle_seed, epoch + 1)[: end - rows])
        return np.concatenate(orders)
    if end <= rows:
        return slice(start, end)
    return np.arange(start, end) % rows


@lru_cache(maxsize=8)
def order(rows: int, seed: int, epoch: int) -> Indices:
    """A permutation of 0 … rows − 1."""
    draws = np.random.default_rng([seed, epoch]).random(rows)
    found: Indices = np.argsort(draws, kind="stable")
    found.flags.writeable = False
    return found
