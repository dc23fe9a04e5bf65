"""Rows held back for trying only, and inputs on one scale: often done with a table before it is learned from."""

from collections.abc import Generator, Sequence

import numpy as np
from numpy.typing import NDArray

from app.core.graph.ops import Array
from app.documents.problems import printable
from app.tables.columns import Mask

_FLAT = 1e-12  # of its mean: rounding spreads a column that never changes by about so much
_TOLD = 8  # classes


def held_back(y: Array, every: int, classes: Sequence[str]) -> tuple[Mask, str]:
    """Every so manieth row of each class, of all rows where y is no class; and what to say of it."""
    kinds, names = _kinds(y, classes)
    held = np.zeros(len(y), dtype=bool)
    counts: list[str] = []
    for kind in range(max(1, len(names))):
        rows = np.flatnonzero(kinds == kind)
        # Counted class by class: where two of them take turns, every second row would be all of one.
        held[rows[every - 1 :: every]] = True
        counts.append(f"{int(held[rows].sum())} of {len(rows)}")
    if not held.any():
        return held, f"no row is held back: {'no class has' if names else 'there are not'} {every} rows"
    if not names:
        return held, f"held back: {counts[0]} rows"
    told = [f"{printable(name, 40)}: {count}" for name, count in zip(names, counts, strict=True)]
    return held, f"held back, by class: {', '.join(told[:_TOLD])}{', …' if len(told) > _TOLD else ''}"


def _kinds(y: Array, classes: Sequence[str]) -> tuple[NDArray[np.int64], list[str]]:
    """Which class each row is of, and what they are called; all of one without a name, where y is no class."""
    if np.isin(y, (0.0, 1.0)).all():
        if y.shape[1] > 1 and bool((y.sum(axis=1) == 1).all()):
            return y.argmax(axis=1), [*classes]
        if y.shape[1] == 1:
            return y[:, 0].astype(np.int64), [f"{classes[0]} 0", f"{classes[0]} 1"]
    return np.zeros(len(y), dtype=np.int64), []


def scale(x: Array, held: Mask | None) -> Generator[None, None, None]:
    """Make each column (x − mean) / standard deviation in its place, by the rows that are not held back.

    A column that never changes becomes 0.
    """
    learned = np.ones(len(x), dtype=bool) if held is None else ~held
    for place in range(x.shape[1]):
        column = x[:, place]
        # Of numbers of at most 1 no square overflows.
        largest = float(np.abs(column).max())
        column = column / largest if largest > 0 else column
        mean, spread = float(column[learned].mean()), float(column[learned].std())
        x[:, place] = (column - mean) / spread if spread > _FLAT * abs(mean) else 0.0
        yield
