"""What an optimizer carries over, in arrays, and whether it can be what it remembers of each parameter."""

import math
import sys
from collections.abc import Mapping
from typing import Any

import numpy as np

from app import limits
from app.core.training.optimizers import COUNT, Memory, Optimizer
from app.documents.problems import Fault, Faults, Path, pointer, quoted, spelled, worded

Shape = tuple[int, ...]
_ROOT = "optimizer_state"
_MOST = sys.float_info.max
_NEVER_NEGATIVE = "s"  # a mean of squares


def arrays(
    state: Mapping[str, Any] | None, row: Optimizer, shapes: Mapping[str, Shape], faults: Faults
) -> dict[str, Memory] | None:
    """What is remembered, in arrays; the count of updates stays a number. Where there are faults, it is incomplete.

    `shapes` are those of the parameters, by name.
    """
    if state is None:
        return None
    if not row.keeps:
        faults.add((_ROOT,), f"the optimizer {quoted(row.name)} carries nothing over; {_ROOT} must be null")
        return None
    before = len(faults)
    _members(state, shapes, (_ROOT,), "parameter", faults)
    found = {
        parameter: _parameter(state[parameter], shape, row.keeps, (_ROOT, parameter), faults)
        for parameter, shape in shapes.items()
        if parameter in state
    }
    if len(faults) == before and COUNT in row.keeps:
        _same_count(found, faults)
    return {name: found[name] for name in state if name in found}  # in the order given: so it is told again


def _members(given: Mapping[str, Any], wanted: Mapping[str, Any], path: Path, noun: str, faults: Faults) -> None:
    for name in sorted(wanted.keys() - given.keys()):
        faults.add((*path, name), f"{spelled((*path, name))} is missing")
    there = ", ".join(list(wanted)[: limits.ERRORS])

    def unknown(name: str) -> Fault:
        return Fault(pointer((*path, name)), f"there is no {noun} {quoted(name)} here; there are {there}")

    faults += worded(sorted(given.keys() - wanted.keys()), unknown)


def _parameter(memory: Any, shape: Shape, keeps: tuple[str, ...], path: Path, faults: Faults) -> Memory:
    if not isinstance(memory, dict):
        faults.add(path, f"{spelled(path)} must be an object, and is {quoted(memory)}")
        return {}
    _members(memory, dict.fromkeys(keeps), path, "entry", faults)
    found = {name: _entry(name, memory[name], shape, (*path, name), faults) for name in keeps if name in memory}
    return {name: found[name] for name in memory if name in found}


def _entry(name: str, value: Any, shape: Shape, path: Path, faults: Faults) -> Any:
    """The count, or an array; None where it is not right."""
    if name == COUNT:
        if type(value) is not int or not 0 <= value <= limits.ITERATION:
            allowed = f"it must be a whole number from 0 to {limits.ITERATION}"
            faults.add(path, f"{spelled(path)} is {quoted(value)}; {allowed}")
        return value
    if not _has_shape(value, shape):
        wanted = f"{' × '.join(map(str, shape))} numbers" if shape else "a number"
        faults.add(path, f"{spelled(path)} must be {wanted}, as its parameter is")
        return None
    least = 0.0 if name == _NEVER_NEGATIVE else -math.inf
    for row in value if len(shape) == 2 else [value if shape else [value]]:
        if not _is_sound(row, least):
            (bad, *_) = [number for number in row if not _is_sound([number], least)]
            allowed = "a finite number" if least < 0.0 else "a finite number, 0 or more"
            faults.add(path, f"{spelled(path)} holds {quoted(bad)}; each must be {allowed}")
            return None
    return np.array(value, np.float64)


def _has_shape(value: Any, shape: Shape) -> bool:
    if not shape:
        return type(value) in (int, float)
    if not isinstance(value, list) or len(value) != shape[0]:
        return False
    return all(_has_shape(row, shape[1:]) for row in value) if shape[1:] else list not in map(type, value)


def _is_sound(row: list[Any], least: float) -> bool:
    """Whether all are finite numbers, and none is less. Whole numbers beyond the doubles are not finite."""
    return {*map(type, row)} <= {int, float} and least <= min(row) and min(row) >= -_MOST and max(row) <= _MOST


def _same_count(state: Mapping[str, Memory], faults: Faults) -> None:
    (first, count), *others = [(parameter, memory[COUNT]) for parameter, memory in state.items()]
    for parameter, other in others:
        if other != count:
            path = (_ROOT, parameter, COUNT)
            detail = f"{spelled(path)} is {quoted(other)}, but that of {first} is {quoted(count)}; they must be equal"
            faults.add(path, detail)
            return
