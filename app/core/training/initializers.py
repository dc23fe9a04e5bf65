"""How the weights of a new network are drawn, a table. Biases begin at 0. To add one, add a row.

All draws are evenly spread from −r to r, cut to four decimals so that they can be read and typed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from app.core.graph.ops import Array, Draws

DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Initializer:
    """A row. `reach` is r, from the numbers of inputs and outputs of the layer; {n_in} and {n_out} in the formula."""

    name: str
    formula: str
    reach: Callable[[int, int], float]
    note: str


ROWS = (
    Initializer(
        "zeros",
        "W = 0",
        lambda _n_in, _n_out: 0.0,
        "All weights 0: every hidden neuron computes and learns the same. Try it to see why one starts at random.",
    ),
    Initializer(
        "uniform",
        "r = 1 / sqrt(n_in)",
        lambda n_in, _n_out: n_in**-0.5,
        "Evenly from −r to r; the default of torch.nn.Linear.",
    ),
    Initializer(
        "xavier",
        "r = sqrt(6 / (n_in + n_out))",
        lambda n_in, n_out: (6.0 / (n_in + n_out)) ** 0.5,
        "Glorot's: keeps signals alike in size forward and backward; made for tanh and sigmoid.",
    ),
    Initializer(
        "he",
        "r = sqrt(6 / n_in)",
        lambda n_in, _n_out: (6.0 / n_in) ** 0.5,
        "He's, also called Kaiming's: made for relu, which lets half of the signal through.",
    ),
)

INITIALIZERS = {row.name: row for row in ROWS}


def weights(name: str, sizes: Sequence[int], seed: int) -> list[Array]:
    """The weight matrix of every layer; the same seed gives the same.   Shapes: (n_in, n_out) each."""
    draws = np.random.default_rng(seed)
    return [_matrix(INITIALIZERS[name].reach(*pair), pair, draws) for pair in pairwise(sizes)]


def _matrix(reach: float, shape: tuple[int, int], draws: Draws) -> Array:
    spread = (2.0 * draws.random(shape) - 1.0) * reach
    # Towards 0, so that none is beyond r. Adding 0 turns −0 into 0.
    matrix: Array = np.trunc(spread * 10.0**DECIMALS) / 10.0**DECIMALS + 0.0
    return matrix
