"""Every analytic gradient beside a difference quotient of C, which knows nothing of derivatives."""

import math
from collections import Counter
from functools import partial
from typing import NamedTuple

import numpy as np

from app.core.explaining import difference
from app.core.explaining.difference import VERDICTS, Measured, Verdict
from app.core.graph.entries import Place
from app.core.graph.rerun import Slices, quotient, sliced
from app.core.training.iteration import Trace


class Checked(NamedTuple):
    """One entry of a parameter: its gradient, the same measured, and what that says."""

    place: Place
    analytic: float
    measured: Measured
    absolute: float
    relative: float
    verdict: Verdict


class Check(NamedTuple):
    """The answer: what differs first, then what could not be compared well, a kink last; in each the worst first.

    `step` is the one asked for, or the one that most numbers were moved by. A gradient smaller than `resolution` leaves
    a difference with such a step fewer than three digits.
    """

    step: float
    formula: str
    worst: float
    entries: list[Checked]
    resolution: float
    verdicts: dict[Verdict, int]


def work(run: Trace) -> int:
    """About how much there is to compute (see `count.work`)."""
    return sum(math.prod(node.shape) * difference.work(run, node) for node in run.graph.parameters)


def check(run: Trace, step: float | None) -> Slices[Check]:
    """Compare every entry of every parameter, in slices; without a step the best one is chosen for each.

    The relative difference is absolute / max(|analytic|, |numeric|), and NaN where the numbers overflow. The worst is
    that of those that could be compared.
    """
    unsure = difference.noise(run)
    found: list[Checked] = []
    for node in run.graph.parameters:
        each = difference.work(run, node)
        for first in np.ndindex(node.shape[:1]):
            places = [Place(node, (*first, *rest)) for rest in np.ndindex(node.shape[1:])]
            found += yield from sliced(partial(_checked, run, unsure, step), places, each)
            yield
    entries = sorted(found, key=_severity)
    yield
    counted = Counter(entry.verdict for entry in entries)
    most = step or Counter(entry.measured.step for entry in entries).most_common(1)[0][0]
    worst = max((entry.relative for entry in entries if entry.verdict in ("agrees", "differs")), default=0.0)
    verdicts: dict[Verdict, int] = {name: counted[name] for name in VERDICTS}
    formula = difference.FIVE_POINTS if step is None else difference.CENTRAL
    return Check(most, formula, worst, entries, difference.resolution(unsure, most), verdicts)


def _severity(entry: Checked) -> tuple[int, float]:
    relative = math.inf if math.isnan(entry.relative) else entry.relative
    return VERDICTS.index(entry.verdict), -relative


def _checked(run: Trace, unsure: float, step: float | None, place: Place) -> Checked:
    found = difference.measured(run, place, unsure, step)
    analytic = float(run.backward.gradients[place.node.index][place.entry])
    absolute = abs(analytic - found.numeric)
    relative = quotient(absolute, max(abs(analytic), abs(found.numeric))) if absolute else 0.0
    return Checked(place, analytic, found, absolute, relative, difference.verdict(run, place, found, unsure))
