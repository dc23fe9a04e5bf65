"""Every analytic gradient beside a central difference, which knows nothing of derivatives.

numeric = (C(w + h) − C(w − h)) / 2h
"""

import math
from functools import partial
from typing import NamedTuple

import numpy as np

from app.core.entries import Place
from app.core.rerun import Moved, Slices, crossed, quotient, sliced, work_of
from app.core.training import Trace


class Checked(NamedTuple):
    """One entry of a parameter. `kink` marks one whose difference is no verdict."""

    place: Place
    analytic: float
    numeric: float
    absolute: float
    relative: float
    kink: bool


class Check(NamedTuple):
    """The answer, the worst entry first, those with a kink last."""

    worst: float
    entries: list[Checked]
    resolution: float
    kinks: int


def work(run: Trace) -> int:
    """About how much there is to compute (see `count.work`)."""
    return sum(2 * math.prod(node.shape) * work_of(run.graph, node.index) for node in run.graph.parameters)


def resolution(run: Trace, step: float) -> float:
    """The size of a gradient below which the difference has too few digits left to compare.

    C and the outputs a that it is made from are right to about 2⁻⁵² of themselves, so that C is to about
    2⁻⁵² · (|C| + Σ |∂C/∂a · a|), and the quotient to that over h: a gradient 1e5 times as large has five digits. A
    smaller one is compared as if it were of that size, lest rounding be taken for a fault.
    """
    output = run.graph.output.inputs[0]
    with np.errstate(all="ignore"):
        carried = float(np.abs(run.backward.gradients[output] * run.values[output]).sum())
    return 1e5 * 2.0**-52 * (abs(run.cost) + carried) / step


def check(run: Trace, step: float) -> Slices[Check]:
    """Compare every entry of every parameter, in slices.

    The relative difference is absolute / max(|analytic|, |numeric|, resolution), and NaN where the numbers overflow,
    which counts as the worst.
    """
    least = resolution(run, step)
    found: list[Checked] = []
    for node in run.graph.parameters:
        each = 2 * work_of(run.graph, node.index)
        for number in range(node.shape[0]):
            places = [Place(node, (number, *rest)) for rest in np.ndindex(node.shape[1:])]
            found += yield from sliced(partial(_checked, run, step, least), places, each)
            yield
    order = _by_severity(found)
    yield
    kinks = sum(entry.kink for entry in found)
    entries = [found[index] for index in order]
    return Check(entries[0].relative if kinks < len(entries) else 0.0, entries, least, kinks)


def _by_severity(entries: list[Checked]) -> list[int]:
    """The worst first, and what is not known before all; those with a kink last."""
    relative = np.array([entry.relative for entry in entries])
    kink = np.array([entry.kink for entry in entries])
    unknown = np.isnan(relative)
    order: list[int] = np.lexsort((np.where(unknown, 0.0, -relative), ~unknown, kink)).tolist()
    return order


def _checked(run: Trace, step: float, least: float, place: Place) -> Checked:
    moved = Moved(run.graph, run.values, place)
    low, high = moved.weight - step, moved.weight + step
    lower, upper = moved.run(low), moved.run(high)
    numeric = quotient(float(upper[-1]) - float(lower[-1]), high - low)
    analytic = float(run.backward.gradients[place.node.index][place.entry])
    absolute = abs(analytic - numeric)
    relative = quotient(absolute, max(abs(analytic), abs(numeric), least)) if absolute else 0.0
    index = place.node.index
    kink = any(crossed(run.graph, run.values, values, index) for values in (lower, upper))
    return Checked(place, analytic, numeric, absolute, relative, kink)
