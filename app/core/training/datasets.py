"""Sets of data that are drawn, a table: the same seed gives the same numbers. To add one, add a function and its row.

Only evenly spread draws are used, which NumPy keeps the same from version to version. Numbers are rounded to four
decimals, to be read and typed.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from app.core.graph.ops import Array, Draws

DECIMALS = 4


class Examples(NamedTuple):
    """Shapes: x (rows, n_in), y (rows, n_out)."""

    x: Array
    y: Array


@dataclass(frozen=True, slots=True)
class Dataset:
    """A row. `draw` makes so many examples; `rows` are trained on, `held_back` are not."""

    name: str
    title: str
    description: str
    draw: Callable[[int, Draws], Examples]
    rows: int
    held_back: int
    features: tuple[str, ...]
    classes: tuple[str, ...]

    def examples(self, seed: int) -> tuple[Examples, Examples]:
        """Those to train on, and those held back."""
        draws = np.random.default_rng(seed)
        return self.draw(self.rows, draws), self.draw(self.held_back, draws)


def _noise(draws: Draws, shape: tuple[int, ...], spread: float) -> Array:
    """About normal with that standard deviation: the sum of three even draws, each from −1 to 1, has variance 1."""
    total: Array = spread * (2.0 * draws.random((3, *shape)) - 1.0).sum(axis=0)
    return total


def _two_classes(zero: Array, one: Array) -> Examples:
    """Examples of two classes in turn: zero, one, zero, one, …   Shapes: (n, 2) each → x (2n, 2), y (2n, 2)."""
    x = np.stack((zero, one), axis=1).reshape(-1, 2)
    y = np.tile(np.eye(2), (len(zero), 1))
    return Examples(np.round(x, DECIMALS) + 0.0, y)


def _moons(rows: int, draws: Draws) -> Examples:
    half = rows // 2
    upper, lower = math.pi * draws.random((2, half))
    first = np.stack((np.cos(upper), np.sin(upper)), axis=1)
    second = np.stack((1.0 - np.cos(lower), 0.5 - np.sin(lower)), axis=1)
    middle = np.array((0.5, 0.25))
    return _two_classes(*(part - middle + _noise(draws, (half, 2), 0.1) for part in (first, second)))


def _circles(rows: int, draws: Draws) -> Examples:
    half = rows // 2
    turns = 2.0 * math.pi * draws.random((2, half))
    rings = [
        radius * np.stack((np.cos(turn), np.sin(turn)), axis=1) for radius, turn in zip((1.0, 0.4), turns, strict=True)
    ]
    return _two_classes(*(ring + _noise(draws, (half, 2), 0.07) for ring in rings))


def _spiral(rows: int, draws: Draws) -> Examples:
    half = rows // 2
    along = np.sqrt(draws.random((2, half)))  # the root spreads the points evenly along the arm
    arms = []
    for start, part in zip((0.0, math.pi), along, strict=True):
        turn = start + 2.5 * math.pi * part
        arms.append((0.15 + part)[:, None] * np.stack((np.cos(turn), np.sin(turn)), axis=1))
    return _two_classes(*(arm + _noise(draws, (half, 2), 0.03) for arm in arms))


def _wave(rows: int, draws: Draws) -> Examples:
    x = np.sort(2.0 * draws.random((rows, 1)) - 1.0, axis=0)
    y = 0.8 * np.sin(math.pi * x) + 0.2 * x + _noise(draws, (rows, 1), 0.05)
    return Examples(np.round(x, DECIMALS) + 0.0, np.round(y, DECIMALS) + 0.0)


_PLANE = ("x0", "x1")
ROWS = (
    Dataset(
        "moons",
        "Two moons",
        "Two half circles that reach into each other: a straight line cannot part them, a bent one can.",
        _moons,
        100,
        50,
        _PLANE,
        ("upper", "lower"),
    ),
    Dataset(
        "circles",
        "Two circles",
        "A ring around a ring: to part them, the hidden layer has to close a curve.",
        _circles,
        100,
        50,
        _PLANE,
        ("outer", "inner"),
    ),
    Dataset(
        "spiral",
        "Two spirals",
        "Two arms wound around each other: hard for a small network, learned by two hidden layers.",
        _spiral,
        120,
        60,
        _PLANE,
        ("first", "second"),
    ),
    Dataset(
        "wave",
        "A curve to fit",
        "One input, one output: points along a wave, and the curve that the network makes of them.",
        _wave,
        40,
        20,
        ("x",),
        ("y",),
    ),
)

DATASETS = {row.name: row for row in ROWS}


def one_row(inputs: int, outputs: int, seed: int) -> Examples:
    """One example to put one's own numbers into, of the first class."""
    x = np.round(np.random.default_rng(seed).random((1, inputs)), 2) + 0.0
    return Examples(x, np.eye(outputs)[:1])
