"""C as a function of one number: C(w), its slope, and what a step against the slope makes of it.

w ← w − α · ∂C/∂w        predicted change of C = slope · Δw
"""

import math
from typing import Any, NamedTuple

import numpy as np

from app.core.graph import count
from app.core.graph.compiled import unrolled_learning
from app.core.graph.entries import Place
from app.core.graph.ops import Array
from app.core.graph.rerun import PASSES_OF_A_STEP, Moved, Slices, quotient, sliced, work_of
from app.core.training.iteration import Experiment, Trace
from app.core.training.optimizers import OPTIMIZERS

DIFFERENCE_STEPS = tuple(float(f"1e-{digits}") for digits in range(1, 15))


class Point(NamedTuple):
    """A weight, C there, and the slope of C there."""

    weight: float
    cost: float
    slope: float


class Difference(NamedTuple):
    """C at w − h and w + h, their difference over 2h, and how far that is from the slope."""

    step: float
    lower: float
    upper: float
    quotient: float
    error: float


class Slope(NamedTuple):
    """The answer. `following` is the next weight by the optimizer's rule, and C there, this one weight alone moved."""

    point: Point
    weights: list[float]
    costs: list[float]
    next_weight: float
    next_cost: float
    descent: list[Point]
    differences: list[Difference]
    kink: bool


class Asked(NamedTuple):
    """What is asked: `points` weights from center − span to center + span, `steps` further steps of descent."""

    span: float
    points: int
    center: float | None
    steps: int


def work(run: Trace, place: Place, asked: Asked) -> int:
    """About how much there is to compute (see `count.work`)."""
    passes = asked.points + 2 * len(DIFFERENCE_STEPS) + 1
    return work_of(run.graph, place.node.index) * passes + _descent_work(run) * asked.steps


def slope(experiment: Experiment, run: Trace, place: Place, asked: Asked) -> Slices[Slope]:
    """C along one number, in slices. Each cost is bit for bit that of the experiment with that weight."""
    moved = Moved(run.graph, run.values, place)
    each = work_of(run.graph, place.node.index)
    weight = moved.weight
    point = Point(weight, run.cost, float(run.backward.gradients[place.node.index][place.entry]))
    weights = spread(weight if asked.center is None else asked.center, asked.span, asked.points)
    costs = yield from sliced(moved.cost, weights, each)
    descent = _Descent(experiment, run, place)
    # Data and constants stay what they are: a step moves parameters.
    moves = place.node.role == "parameter"
    after = descent.next_weight() if moves else weight
    (next_cost,) = yield from sliced(moved.cost, [after], each)
    differences = yield from sliced(lambda step: _difference(moved, step, point.slope), DIFFERENCE_STEPS, 2 * each)
    points = yield from _descended(descent, point, asked.steps if moves else 0, _descent_work(run))
    kink = moved.crosses(DIFFERENCE_STEPS[-1] * max(1.0, abs(weight)))
    return Slope(point, weights, costs, after, next_cost, points, differences, kink)


def spread(center: float, span: float, points: int) -> list[float]:
    """Equally spaced weights; an odd number of them has the center in the middle, to the last bit."""
    last = points - 1
    return [center + span * ((2 * number - last) / last) for number in range(points)]


def _difference(moved: Moved, step: float, slope: float) -> Difference:
    lower, upper = moved.cost(moved.weight - step), moved.cost(moved.weight + step)
    steepness = quotient(upper - lower, 2.0 * step)
    return Difference(step, lower, upper, steepness, abs(steepness - slope))


# --- descent ----------------------------------------------------------------------------------------------------------


def _descent_work(run: Trace) -> int:
    return PASSES_OF_A_STEP * count.work(run.graph, run.graph.computed)


def _descended(descent: "_Descent", start: Point, steps: int, each: int) -> Slices[list[Point]]:
    """The present point and the next ones, up to the last that is finite."""
    points = [start]
    while len(points) <= steps and all(map(math.isfinite, points[-1])):
        (point,) = yield from sliced(lambda walk: walk.step(), [descent], each)
        points.append(point)
        yield
    return [point for point in points if all(map(math.isfinite, point))]


class _Descent:
    """The optimizer at work on one number, all else fixed.

    Optimizers treat every entry by itself, so the gradient and the memory of the whole parameter can go in as they are.
    """

    def __init__(self, experiment: Experiment, run: Trace, place: Place) -> None:
        self._run, self._place = run, place
        self._experiment = experiment
        self._memory: Any = (experiment.optimizer_state or {}).get(place.node.id)
        self._leaves: list[Array] = [run.values[leaf.index] for leaf in run.graph.leaves]
        self._number = run.graph.leaves.index(place.node)
        self._gradient: Array = np.asarray(run.backward.gradients[place.node.index])

    def next_weight(self) -> float:
        """Where the next step leads."""
        with np.errstate(all="ignore"):
            return self._after()[0]

    def step(self) -> Point:
        """Go there."""
        weight, self._memory = self._after()
        self._experiment = self._experiment._replace(iteration=self._experiment.iteration + 1)
        moved = np.array(self._leaves[self._number])
        moved[self._place.entry] = weight
        self._leaves[self._number] = moved
        values, backward = unrolled_learning(self._run.graph)(*self._leaves)
        self._gradient = np.asarray(backward.gradients[self._place.node.index])
        return Point(weight, float(values[-1]), float(self._gradient[self._place.entry]))

    def _after(self) -> tuple[float, Any]:
        parameter = self._leaves[self._number]
        rule = OPTIMIZERS[self._experiment.optimizer].rule(self._experiment.rule_fields)
        delta, memory, _ = rule(self._gradient, self._memory, parameter)
        return float(np.asarray(parameter + delta)[self._place.entry]), memory
