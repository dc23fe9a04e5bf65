"""A gradient measured: the difference quotient of C, how far it can be trusted, and what it says of the gradient.

    central      (C(w+h) − C(w−h)) / 2h                                  off by about h², where the curve bends
    five points  (8·(C(w+h) − C(w−h)) − (C(w+2h) − C(w−2h))) / 12h       off by about h⁴

Either is off by rounding besides: C as it is computed has an error of its own, which the division by h enlarges. A step
that nobody asked for is chosen from a ladder of powers of two: the one at which both errors together are least. Who
measures a number, for the chain rule or for the check, measures it here.
"""

import math
from collections.abc import Iterator
from typing import Literal, NamedTuple

import numpy as np

from app.core.graph.entries import Place
from app.core.graph.ops import ELEMENTWISE, JACOBIAN, Op
from app.core.graph.rerun import Moved, Run, crossed, quotient, work_of
from app.core.graph.structure import Node
from app.core.training.iteration import Trace

Verdict = Literal["agrees", "differs", "kink", "too small", "too coarse"]
VERDICTS: tuple[Verdict, ...] = ("differs", "too coarse", "agrees", "too small", "kink")  # the first to look at first

CENTRAL = "(C(w + h) − C(w − h)) / 2h"
FIVE_POINTS = "(8 · (C(w + h) − C(w − h)) − (C(w + 2h) − C(w − 2h))) / 12h"

RUNS = 4  # of the graph, to measure a number with one step
_FIRST_BITS, _FINER, _RUNGS = 8, 2.0**-3, 9  # from 2⁻⁷ down to 2⁻³¹ of a weight of that size, or of 1
_SAME = 1e-5  # of their size: two numbers that differ by less are the same, as far as a difference can tell
_SEEN = 1e-3  # of a gradient's size: an error larger than this leaves fewer than three digits to compare
_SURE = 4.0  # times the error estimated, lest an estimate be taken for a fault
_GOOD_ENOUGH = 1e-8  # of the difference's size: with less error no finer step is looked for
_HEALTHY = 1e-11  # of C: with a larger error C has lost more than the digits that any sum loses
_EPSILON = 2.0**-52


class Measured(NamedTuple):
    """A difference quotient: the step it was taken with, and how far it may be off by rounding and by curvature."""

    numeric: float
    step: float
    rounding: float
    curvature: float
    kink: bool

    @property
    def error(self) -> float:
        """Both together."""
        return self.rounding + self.curvature


def noise(run: Trace) -> float:
    """How far C may be off because every value on the way to it is rounded.

    Each is right to about 2⁻⁵² of itself, a sum of products to that of its terms' sizes; C feels it by its gradient.

    Equation: 2⁻⁵² · Σ over all nodes Σ |∂C/∂v| · |v|
    """
    with np.errstate(all="ignore"):
        read = _read(run)
        sizes = [_felt(run, node) for node in run.graph.computed if node.index in read]
    return _EPSILON * (abs(run.cost) + sum(sizes))


def resolution(unsure: float, step: float) -> float:
    """The size of a gradient below which a difference with that step has fewer than three digits."""
    return quotient(_SURE * unsure, _SEEN * step)


def _read(run: Trace) -> set[int]:
    """The nodes whose values others are computed from. Where C is fused with an activation, that one's are not."""
    return {index for node in run.graph.computed for index in node.reads}


def _felt(run: Trace, node: Node) -> float:
    assert node.op is not None
    arrays = [run.values[index] for index in node.reads]
    size = np.abs(run.values[node.index]) if node.op.size is None else node.op.size(*arrays)
    return float((np.abs(run.backward.gradients[node.index]) * size).sum())


def work(run: Trace, node: Node) -> int:
    """About how much there is to compute for one number of a parameter (see `count.work`)."""
    return RUNS * work_of(run.graph, node.index)


def measured(run: Trace, place: Place, unsure: float, step: float | None = None) -> Measured:
    """The difference quotient of one number: central with the step given, or with five points and the best step.

    `unsure` is the `noise` of the run. Where a first look does not agree with the gradient, all steps are tried before
    that is believed: between two points C may have a bend that neither of them sees, and only finer steps do.
    """
    moved = Moved(run.graph, run.values, place)
    gradient = float(run.backward.gradients[place.node.index][place.entry])
    with np.errstate(all="ignore"):
        found = _first_that_fits(moved, unsure) if step is None else _central(moved, unsure, step)
        if found.kink or not abs(found.numeric - gradient) > _allowed(found, gradient):
            return found
        best = _best(moved, unsure)
        return best if step is None else _refuted(found, best)


def _allowed(found: Measured, gradient: float) -> float:
    """How far gradient and difference may lie apart and still be the same."""
    return max(_SURE * found.error, _SAME * max(abs(gradient), abs(found.numeric)))


def _refuted(found: Measured, best: Measured) -> Measured:
    """A difference with a step that was asked for; off by as much as the best step contradicts it."""
    if best.kink:
        return found
    apart = abs(found.numeric - best.numeric) - found.rounding - best.error
    return found._replace(curvature=max(found.curvature, apart))


def _ladder(moved: Moved, unsure: float) -> Iterator[Measured]:
    """The difference with five points, by ever finer steps."""
    step = math.ldexp(1.0, math.frexp(max(1.0, abs(moved.weight)))[1] - _FIRST_BITS)
    for rung in range(_RUNGS):
        yield _five_points(moved, unsure, step * _FINER**rung)


def _first_that_fits(moved: Moved, unsure: float) -> Measured:
    """The first difference that curvature spoils no more than rounding does; or else the one of least error."""
    found: list[Measured] = []
    for rung in _ladder(moved, unsure):
        found.append(rung)
        if not rung.kink and (rung.curvature <= rung.rounding or rung.error <= _GOOD_ENOUGH * abs(rung.numeric)):
            return rung
    return _least(found)


def _best(moved: Moved, unsure: float) -> Measured:
    """The difference of least error, where each is off by as much as finer ones contradict it beyond rounding."""
    found = list(_ladder(moved, unsure))
    for number, rung in enumerate(found):
        finer = [other for other in found[number + 1 :] if not other.kink]
        apart = [abs(rung.numeric - other.numeric) - rung.rounding - other.rounding for other in finer]
        found[number] = rung._replace(curvature=max([rung.curvature, *apart]))
    return _least(found)


def _least(found: list[Measured]) -> Measured:
    return min(found, key=lambda it: (it.kink, math.inf if math.isnan(it.error) else it.error))


def _five_points(moved: Moved, unsure: float, step: float) -> Measured:
    """By C at ±h and ±2h. The bend is seen in how far ±h alone would be off; what four points leave is its square."""
    near, far = _Pair(moved, step), _Pair(moved, 2.0 * step)
    numeric = (4.0 * near.quotient - far.quotient) / 3.0
    bend = abs(numeric - near.quotient)
    curvature = bend * min(1.0, quotient(bend, abs(numeric)) if numeric else 1.0)
    return Measured(numeric, step, near.rounding(unsure, numeric), curvature, near.kink or far.kink)


def _central(moved: Moved, unsure: float, step: float) -> Measured:
    """By C at ±h. The bend is seen in how far ±h/2 would be from it."""
    pair, half = _Pair(moved, step), _Pair(moved, 0.5 * step)
    curvature = abs(pair.quotient - half.quotient) * 4.0 / 3.0
    rounding = pair.rounding(unsure, pair.quotient)
    return Measured(pair.quotient, step, rounding, max(0.0, curvature - 3.0 * rounding), pair.kink)


class _Pair:
    """C on both sides of a number, as far from it as the step says, or as near as doubles come to that."""

    def __init__(self, moved: Moved, step: float) -> None:
        low, high = moved.weight - step, moved.weight + step
        sides: list[Run] = [moved.run(low), moved.run(high)]
        leaf = moved.place.node.index
        lower, upper = (float(values[-1]) for values in sides)
        self.width = high - low
        self.quotient = quotient(upper - lower, self.width)
        # The two are not equally far away, by a rounding of w; where the curve bends that weighs.
        self._uneven = abs(upper + lower - 2.0 * float(moved.values[-1])) * quotient(_EPSILON * abs(moved.weight), step)
        self.kink = any(crossed(moved.graph, moved.values, values, leaf) for values in sides)
        self._weight = abs(moved.weight)

    def rounding(self, unsure: float, numeric: float) -> float:
        """How far the quotient may be off by what C, and the two weights, lost in rounding."""
        return quotient(2.0 * unsure + self._uneven + _EPSILON * self._weight * abs(numeric), self.width)


def verdict(run: Trace, place: Place, found: Measured, unsure: float) -> Verdict:
    """What the difference says of the gradient. Where it can say nothing it is not `agrees`, however near they are."""
    gradient = float(run.backward.gradients[place.node.index][place.entry])
    if found.kink:
        return "kink"
    if not (math.isfinite(gradient) and math.isfinite(found.numeric)):
        weight = float(run.values[place.node.index][place.entry])
        return "too small" if weight + found.step == weight else "too coarse"
    size = max(abs(gradient), abs(found.numeric))
    if not size:
        return "too small" if _swallowed(run, place, found.step) else "agrees"
    if abs(gradient - found.numeric) > _allowed(found, gradient):
        return "differs"
    if _SURE * found.error <= _SEEN * size:
        return "agrees"
    lost = unsure > _HEALTHY * abs(run.cost) or found.curvature > found.rounding
    return "too coarse" if lost else "too small"


def _keeps_places(op: Op) -> bool:
    """Whether an entry of the output belongs to the one at the same place of the input."""
    return all(partial.rule.name in (ELEMENTWISE.name, JACOBIAN.name) for partial in op.partials)


def _swallowed(run: Trace, place: Place, step: float) -> bool:
    """Whether the number moves what goes into a smooth operation, but not what comes out: rounding has swallowed it."""
    moved = Moved(run.graph, run.values, place)
    with np.errstate(all="ignore"):
        values = moved.run(moved.weight + step)
    for node in run.graph.computed[:-1]:
        if node.op is not None and len(node.reads) == 1 and node.op.corner is None and _keeps_places(node.op):
            went = values[node.reads[0]] != run.values[node.reads[0]]
            if np.any(went & (values[node.index] == run.values[node.index])):
                return True
    return False
