"""What is legal in an experiment but cannot be meant: a sentence each, and where it is.

The numbers are right all the same. Cross-entropy, say, can be computed of a target that is 2; but it is no probability,
and what is lowest then is not where one would think.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.core.graph.activations import ACTIVATIONS, Activation
from app.core.graph.cache import kept
from app.core.graph.costs import COSTS, Cost
from app.core.graph.entries import spoken
from app.core.graph.network import Architecture, Network
from app.core.graph.ops import Array
from app.core.training.iteration import Experiment

_SHARE = 1e-6  # shares that were rounded to a few digits add up to 1 as nearly as this


class Warning(NamedTuple):
    """What is odd, in words, and where: an RFC 6901 pointer into the experiment."""

    pointer: str
    detail: str


def warnings(experiment: Experiment) -> list[Warning]:
    """What of the last activation, the cost and the targets does not fit together; empty where all does.

    Of formulas nothing is said: whoever writes them knows what stands before the cost.
    """
    model, y = experiment.model, experiment.y
    if not isinstance(model, Network) or y is None:
        return []
    architecture = model.architecture
    cost, activation = COSTS[architecture.cost], ACTIVATIONS[architecture.layers[-1].activation]
    found = [*_of_architecture(architecture)]
    if cost.one_in_all or cost.target_values or not _covers(_needed(cost, activation), (y.min(), y.max())):
        found += _of_targets(cost, activation, y)
    return found


@kept(256)
def _of_architecture(architecture: Architecture) -> tuple[Warning, ...]:
    return tuple(_beyond_the_cost(architecture))


def _beyond_the_cost(architecture: Architecture) -> Iterator[Warning]:
    """Outputs of which the cost cannot be taken, and outputs that are no logits any more."""
    cost, last = COSTS[architecture.cost], len(architecture.layers) - 1
    activation = ACTIVATIONS[architecture.layers[last].activation]
    if not _covers(cost.outputs, activation.range):
        detail = f"{cost.name} takes {cost.domain}; {activation.name} gives {_spelled(activation.range)}"
        yield Warning(
            "/network/cost", f"{detail}: where an output lies outside, C is infinite, not a number, or means nothing"
        )
    if cost.probabilities is not None and activation.range != (-np.inf, np.inf):
        detail = (
            f"{cost.name} takes logits, which may be any number; {activation.name} gives {_spelled(activation.range)}"
        )
        yield Warning(f"/network/layers/{last}/activation", f"{detail}: identity is what stands before it")
    if activation.name == "softmax" and architecture.layers[last].outputs == 1:
        detail = "softmax of a single output is always 1, whatever the weights: nothing can be learned"
        yield Warning(f"/network/layers/{last}/activation", detail)


def _needed(cost: Cost, activation: Activation) -> tuple[float, float]:
    """What targets must lie between."""
    return max(cost.targets[0], activation.range[0]), min(cost.targets[1], activation.range[1])


def _of_targets(cost: Cost, activation: Activation, y: Array) -> Iterator[Warning]:
    outside, allowed = _outside(cost, y)
    if outside is not None:
        yield Warning(_pointer(outside), f"targets of {cost.name} {allowed}; {_entry('y', outside, y)}")
    beyond = _first((y < activation.range[0]) | (y > activation.range[1]))
    if beyond is not None and beyond != outside and cost.probabilities is None:
        detail = f"{activation.name} gives {_spelled(activation.range)}: it never reaches the target"
        yield Warning(_pointer(beyond), f"{detail}, {_entry('y', beyond, y)}")
    if cost.one_in_all and (activation.name == "softmax" or cost.probabilities is not None):
        sums = y.sum(axis=1)
        uneven = _first(np.abs(sums - 1.0) > _SHARE)
        if uneven is not None:
            detail = (
                f"targets of {cost.name} are shares of 1; those of row {uneven[0]} add up to {spoken(sums[uneven])}"
            )
            yield Warning(f"/data/y/{uneven[0]}", detail)


def _outside(cost: Cost, y: Array) -> tuple[tuple[int, ...] | None, str]:
    """The first target that the cost is not made for, and which it is made for, in words."""
    if cost.target_values:
        return _first(~np.isin(y, cost.target_values)), f"are {' or '.join(map(spoken, cost.target_values))}"
    low, high = cost.targets
    return _first((y < low) | (y > high)), f"lie in {low:g} … {high:g}"


def _first(mask: NDArray[np.bool_]) -> tuple[int, ...] | None:
    """The first entry that a mask marks."""
    found = np.argwhere(mask)
    return tuple(found[0].tolist()) if len(found) else None


def _covers(wide: tuple[float, float], narrow: tuple[float, float]) -> bool:
    return wide[0] <= narrow[0] and narrow[1] <= wide[1]


def _pointer(entry: tuple[int, ...]) -> str:
    return "/data/y/" + "/".join(map(str, entry))


def _entry(name: str, entry: tuple[int, ...], values: Array) -> str:
    return f"{name}[{','.join(map(str, entry))}] is {spoken(values[entry])}"


def _spelled(bounds: tuple[float, float]) -> str:
    low, high = bounds
    if low == -np.inf:
        return "any number" if high == np.inf else f"numbers up to {spoken(high, 3)}"
    return f"numbers from {spoken(low, 3)}" + (" on" if high == np.inf else f" to {spoken(high, 3)}")
