"""Two things measured in turn, A B A B …, so that a change of the machine's mood meets both; medians of all rounds."""

import gc
import time
from collections.abc import Callable
from statistics import median
from typing import Literal, NamedTuple

Unit = Literal["seconds", "bytes", "count"]


class Comparison(NamedTuple):
    """What ours takes, and what it is compared with takes. The ratio is of these, or of speeds where more is better."""

    name: str
    ours: float
    compared: float
    aim: float
    more_is_better: bool = False
    unit: Unit = "seconds"

    @property
    def ratio(self) -> float:
        return self.compared / self.ours if self.more_is_better else self.ours / self.compared

    @property
    def met(self) -> bool:
        return self.ratio >= self.aim if self.more_is_better else self.ratio <= self.aim


class Absent(NamedTuple):
    """What was not measured, and why."""

    name: str
    reason: str


def in_turn(
    ours: Callable[[], object], compared: Callable[[], object], *, rounds: int, calls: int
) -> tuple[float, float]:
    """The median seconds of a call of each, over `rounds` rounds of `calls` calls each."""
    times: tuple[list[float], list[float]] = ([], [])
    for function in (ours, compared):
        _time(function, calls)
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            for kept, function in zip(times, (ours, compared), strict=True):
                kept.append(_time(function, calls))
    finally:
        gc.enable()
    return median(times[0]), median(times[1])


def _time(function: Callable[[], object], calls: int) -> float:
    begin = time.perf_counter()
    for _ in range(calls):
        function()
    return (time.perf_counter() - begin) / calls
