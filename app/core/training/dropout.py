"""Which outputs of a layer an iteration leaves out: a mask of 0 and 1 / (1 − p) for each layer that drops some.

What is kept is made larger by as much as is left out on average, so that at rest nothing has to be made smaller. Only
evenly spread draws are used, which NumPy keeps the same from version to version.
"""

import numpy as np

from app.core.graph.network import Architecture
from app.core.graph.ops import Array


def masks(architecture: Architecture, rows: int, seed: int, iteration: int) -> tuple[Array, ...]:
    """A mask for each layer that drops, in order; drawn anew in each iteration.   Shapes: (rows, outputs)."""
    return tuple(
        mask(layer.dropout, (rows, layer.outputs), seed, iteration, number)
        for number, layer in enumerate(architecture.layers)
        if layer.dropout
    )


def mask(share: float, shape: tuple[int, int], seed: int, iteration: int, layer: int) -> Array:
    """0 where an output is left out, which each is with the probability `share`; else 1 / (1 − share)."""
    draws = np.random.default_rng([seed, iteration, layer]).random(shape)
    return np.where(draws < share, 0.0, 1.0 / (1.0 - share))
