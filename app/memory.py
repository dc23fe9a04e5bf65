"""Whether an experiment's `optimizer_state` is what its optimizer remembers of each of its parameters."""

import math
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from app import limits
from app.core.network import parameter_shapes
from app.core.optimizers import COUNT, OPTIMIZERS
from app.problems import Fault, pointer, quoted, spelled, worded
from app.schemas import Experiment

Path = tuple[str | int, ...]
Shape = tuple[int, ...]
_ROOT = "optimizer_state"
_MOST = sys.float_info.max
NEVER_NEGATIVE = "s"  # a mean of squares


def faults(experiment: Experiment) -> Iterator[Fault | None]:
    """What is wrong with it. The layers' own shapes are sound. None is a moment to leave the search for a while."""
    state, name = experiment.optimizer_state, experiment.optimizer.name
    if state is None or name not in OPTIMIZERS:
        return
    keeps = OPTIMIZERS[name].keeps
    if not keeps:
        detail = f"the optimizer {quoted(name)} carries nothing over; optimizer_state must be null"
        yield Fault(f"/{_ROOT}", detail)
        return
    layers = experiment.network.layers
    shapes = parameter_shapes((len(it.weights), len(it.weights[0]), it.bias is not None) for it in layers)
    found = list(_members(state, shapes, (_ROOT,), "parameter"))
    for parameter in [name for name in shapes if name in state]:
        yield None
        for fault in _of_parameter(state[parameter], shapes[parameter], keeps, (_ROOT, parameter)):
            if fault is None:
                yield None
            else:
                found.append(fault)
    yield from found
    if not found and COUNT in keeps:
        yield from _same_count(state)


def _members(given: Mapping[str, Any], wanted: Mapping[str, Any], path: Path, noun: str) -> Iterator[Fault]:
    for name in sorted(wanted.keys() - given.keys()):
        yield Fault(pointer((*path, name)), f"{spelled((*path, name))} is missing")
    there = ", ".join(list(wanted)[: limits.ERRORS])

    def unknown(name: str) -> Fault:
        return Fault(pointer((*path, name)), f"there is no {noun} {quoted(name)} here; there are {there}")

    yield from worded(sorted(given.keys() - wanted.keys()), unknown)


def _of_parameter(memory: Any, shape: Shape, keeps: tuple[str, ...], path: Path) -> Iterator[Fault | None]:
    if not isinstance(memory, dict):
        yield Fault(pointer(path), f"{spelled(path)} must be an object, and is {quoted(memory)}")
        return
    yield from _members(memory, dict.fromkeys(keeps), path, "entry")
    for name in keeps:
        if name in memory:
            yield from _entry(memory[name], shape, name, (*path, name))


def _entry(value: Any, shape: Shape, name: str, path: Path) -> Iterator[Fault | None]:
    if name == COUNT:
        if type(value) is not int or not 0 <= value <= limits.ITERATION:
            allowed = f"it must be a whole number from 0 to {limits.ITERATION}"
            yield Fault(pointer(path), f"{spelled(path)} is {quoted(value)}; {allowed}")
        return
    wanted = " × ".join(map(str, shape))
    if not _has_shape(value, shape):
        yield Fault(pointer(path), f"{spelled(path)} must be {wanted} numbers, as its parameter is")
        return
    least = 0.0 if name == NEVER_NEGATIVE else -math.inf
    for row in value if len(shape) == 2 else [value]:
        if not _is_sound(row, least):
            (bad, *_) = [number for number in row if not _is_sound([number], least)]
            allowed = "a finite number" if least < 0.0 else "a finite number, 0 or more"
            yield Fault(pointer(path), f"{spelled(path)} holds {quoted(bad)}; each must be {allowed}")
            return
        yield None


def _has_shape(value: Any, shape: Shape) -> bool:
    if not isinstance(value, list) or len(value) != shape[0]:
        return False
    return all(_has_shape(row, shape[1:]) for row in value) if shape[1:] else list not in map(type, value)


def _is_sound(row: list[Any], least: float) -> bool:
    """Whether all are finite numbers, and none is less. Whole numbers beyond the doubles are not finite."""
    return {*map(type, row)} <= {int, float} and least <= min(row) and min(row) >= -_MOST and max(row) <= _MOST


def _same_count(state: Mapping[str, Any]) -> Iterator[Fault]:
    (first, count), *others = [(parameter, memory[COUNT]) for parameter, memory in state.items()]
    for parameter, other in others:
        if other != count:
            path = (_ROOT, parameter, COUNT)
            detail = f"{spelled(path)} is {quoted(other)}, but that of {first} is {quoted(count)}; they must be equal"
            yield Fault(pointer(path), detail)
            return
