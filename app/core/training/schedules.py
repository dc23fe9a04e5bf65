"""How the learning rate falls from iteration to iteration, a table: α of iteration n, from the optimizer's own α0.

A row says how, in a formula and in words, in NumPy and in PyTorch. To add one, add a row.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from app.core.training.optimizers import Line

Fields = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """A row. `fields` are its numbers with their defaults, `whole` those that count iterations: 1, 2, 3, …

    `value` takes the fields, α0 and the iteration n; `formula` says it in their names, `numbers` with the numbers put
    in. `numpy` is a template in {rate} (α0) and the fields, with n as `iteration`; `torch` makes PyTorch's scheduler,
    which does the same from iteration 0 on. `most` has the largest that some fields may be.
    """

    name: str
    fields: Fields
    formula: str
    value: Callable[[Fields, float, int], float]
    numbers: Callable[[Fields, float, int], str]
    note: str
    numpy: str
    torch: str
    whole: tuple[str, ...] = ()
    most: Mapping[str, float] = field(default_factory=dict)


def _step(fields: Fields, rate: float, iteration: int) -> float:
    return rate * fields["factor"] ** (iteration // int(fields["every"]))


def _exponential(fields: Fields, rate: float, iteration: int) -> float:
    return rate * fields["factor"] ** iteration


def _cosine(fields: Fields, rate: float, iteration: int) -> float:
    """cos² of half the angle is (1 + cos) / 2 without its rounding near the end, where 1 + cos loses all digits."""
    share = min(iteration / fields["steps"], 1.0)
    return fields["least"] + (rate - fields["least"]) * math.cos(0.5 * math.pi * share) ** 2


def _cosine_numbers(fields: Fields, rate: float, iteration: int) -> str:
    least, steps = _plain(fields["least"]), int(fields["steps"])
    wave = f"(1 + cos(π · {min(iteration, steps)} / {steps})) / 2"
    return f"{least} + ({_plain(rate)} − {least}) · {wave}" if fields["least"] else f"{_plain(rate)} · {wave}"


def _plain(number: float) -> str:
    return f"{number:.15g}"


ROWS = (
    ScheduleRow(
        "step",
        {"every": 100.0, "factor": 0.5},
        "α0 · factor^⌊n / every⌋",
        _step,
        lambda it, rate, n: f"{_plain(rate)} · {_plain(it['factor'])}^{n // int(it['every'])}",
        "The learning rate is multiplied by the factor every so many iterations. Between it stays.",
        "{rate} * {factor} ** (iteration // {every})",
        "torch.optim.lr_scheduler.StepLR(optimizer, step_size={every}, gamma={factor})",
        whole=("every",),
        most={"factor": 1.0},
    ),
    ScheduleRow(
        "exponential",
        {"factor": 0.99},
        "α0 · factor^n",
        _exponential,
        lambda it, rate, n: f"{_plain(rate)} · {_plain(it['factor'])}^{n}",
        "The learning rate is multiplied by the factor in every iteration.",
        "{rate} * {factor} ** iteration",
        "torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma={factor})",
        most={"factor": 1.0},
    ),
    ScheduleRow(
        "cosine",
        {"steps": 1000.0, "least": 0.0},
        "least + (α0 − least) · (1 + cos(π · n / steps)) / 2",
        _cosine,
        _cosine_numbers,
        "The learning rate falls as half a wave of the cosine does. Slowly, then faster, then slowly again, down to "
        "the least; there it stays.",
        "{least} + ({rate} - {least}) * math.cos(0.5 * math.pi * min(iteration / {steps}, 1)) ** 2",
        "torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max={steps}, eta_min={least})",
        whole=("steps",),
    ),
)

SCHEDULES = {row.name: row for row in ROWS}


class Schedule(NamedTuple):
    """A row with its fields."""

    name: str
    fields: Mapping[str, Any]

    @property
    def row(self) -> ScheduleRow:
        """Of the table."""
        return SCHEDULES[self.name]

    def line(self, first: float, iteration: int) -> Line:
        """What an iteration's updates begin with: the rate, which the lines after it know as α."""
        formula = f"α ← {self.row.numbers(self.fields, first, iteration)}"
        note = f"In iteration {iteration}, {{w}} moves by the learning rate that the schedule gives. {self.row.note}"
        spelled = self.row.numpy.format(rate=repr(first), **{name: repr(it) for name, it in self.fields.items()})
        return Line("α", formula, lambda known: known["α"], f"learning_rate = {spelled}", note)

    def rate(self, first: float, iteration: int) -> float:
        """The learning rate of that iteration, where that of the optimizer is `first`."""
        return self.row.value(self.fields, first, iteration)
