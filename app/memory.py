"""Whether an experiment's `optimizer_state` is what its optimizer remembers of each of its parameters."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from app import limits
from app.core.optimizers import COUNT, OPTIMIZERS
from app.problems import Fault, pointer, quoted, spelled
from app.schemas import Experiment

Path = tuple[str | int, ...]
Shape = tuple[int, ...]
_ROOT = "optimizer_state"
_NEVER_NEGATIVE = "s"  # a mean of squares


def faults(experiment: Experiment) -> Iterator[Fault]:
    """What is wrong with it. The layers' own shapes are sound."""
    state, name = experiment.optimizer_state, experiment.optimizer.name
    if state is None or name not in OPTIMIZERS:
        return
    keeps = OPTIMIZERS[name].keeps
    if not keeps:
        detail = f"the optimizer {quoted(name)} carries nothing over; optimizer_state must be null"
        yield Fault(f"/{_ROOT}", detail)
        return
    shapes = _shapes(experiment)
    found = list(_members(state, shapes, (_ROOT,), "parameter"))
    for parameter in shapes.keys() & state.keys():
        found += _of_parameter(state[parameter], shapes[parameter], keeps, (_ROOT, parameter))
    yield from found
    if not found and COUNT in keeps:
        yield from _same_count(state)


def _shapes(experiment: Experiment) -> dict[str, Shape]:
    shapes: dict[str, Shape] = {}
    for number, layer in enumerate(experiment.network.layers):
        shapes[f"W{number}"] = (len(layer.weights), len(layer.weights[0]))
        if layer.bias is not None:
            shapes[f"b{number}"] = (len(layer.bias),)
    return shapes


def _members(given: Mapping[str, Any], wanted: Mapping[str, Any], path: Path, noun: str) -> Iterator[Fault]:
    for name in sorted(wanted.keys() - given.keys()):
        yield Fault(pointer((*path, name)), f"{spelled((*path, name))} is missing")
    for name in sorted(given.keys() - wanted.keys()):
        there = ", ".join(list(wanted)[: limits.ERRORS])
        yield Fault(pointer((*path, name)), f"there is no {noun} {quoted(name)} here; there are {there}")


def _of_parameter(memory: Any, shape: Shape, keeps: tuple[str, ...], path: Path) -> Iterator[Fault]:
    if not isinstance(memory, dict):
        yield Fault(pointer(path), f"{spelled(path)} must be an object, and is {quoted(memory)}")
        return
    yield from _members(memory, dict.fromkeys(keeps), path, "entry")
    for name in keeps:
        if name in memory:
            yield from _entry(memory[name], shape, name, (*path, name))


def _entry(value: Any, shape: Shape, name: str, path: Path) -> Iterator[Fault]:
    if name == COUNT:
        if type(value) is not int or not 0 <= value <= limits.ITERATION:
            allowed = f"it must be a whole number from 0 to {limits.ITERATION}"
            yield Fault(pointer(path), f"{spelled(path)} is {quoted(value)}; {allowed}")
        return
    wanted = " × ".join(map(str, shape))
    if not _has_shape(value, shape):
        yield Fault(pointer(path), f"{spelled(path)} must be {wanted} numbers, as its parameter is")
        return
    least = 0.0 if name == _NEVER_NEGATIVE else -math.inf
    bad = [number for number in _flat(value) if not (_is_number(number) and least <= number)]
    if bad:
        allowed = "a finite number" if least < 0.0 else "a finite number, 0 or more"
        yield Fault(pointer(path), f"{spelled(path)} holds {quoted(bad[0])}; each must be {allowed}")


def _has_shape(value: Any, shape: Shape) -> bool:
    if not shape:
        return not isinstance(value, list)
    return isinstance(value, list) and len(value) == shape[0] and all(_has_shape(part, shape[1:]) for part in value)


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        for part in value:
            yield from _flat(part)
    else:
        yield value


def _is_number(value: Any) -> bool:
    if type(value) not in (int, float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number beyond the doubles
        return False


def _same_count(state: Mapping[str, Any]) -> Iterator[Fault]:
    (first, count), *others = [(parameter, memory[COUNT]) for parameter, memory in state.items()]
    for parameter, other in others:
        if other != count:
            path = (_ROOT, parameter, COUNT)
            detail = f"{spelled(path)} is {quoted(other)}, but that of {first} is {quoted(count)}; they must be equal"
            yield Fault(pointer(path), detail)
            return
