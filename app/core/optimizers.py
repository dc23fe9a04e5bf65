"""The optimizers, a table: how a gradient becomes a change of its parameter. Rules and defaults as in torch.optim.

To add one, add a row. Its rule is a few `Line`s, each with its formula beside its function, computed in order from the
gradient, the row's fields, what the optimizer remembers of the parameter, and the lines before. So every number on the
way can be shown. All of it goes entry by entry: a rule may be given one parameter, or all of them in one long vector.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from app.core.ops import Array

Fields = Mapping[str, float]
Memory = Mapping[str, Any]
Known = Mapping[str, Any]

DELTA = "Δ"  # the name of the last line of every rule


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a rule: `name` becomes `value` of all that is known, by name.

    `formula` is a template in the parameter {w}. Its symbols are those of `SYMBOLS`; the gradient is known as "g", the
    learning rate with its sign turned as "−α".
    """

    name: str
    formula: str
    value: Callable[[Known], Any]


class Change(NamedTuple):
    """What a rule gives: the change to be added to the parameter, what to remember, and every line's value by name."""

    delta: Array
    memory: Memory | None
    values: Known


Rule = Callable[[Array, Memory | None], Change]


@dataclass(frozen=True, slots=True)
class Optimizer:
    """A row. `fields` are its numbers and switches with their defaults, `below` the bounds that some stay under.

    `keeps` are the lines that are remembered: arrays that begin as 0, and "t", a count of updates.
    """

    name: str
    lines: Callable[[Fields], tuple[Line, ...]]
    fields: Fields
    keeps: tuple[str, ...] = ()
    below: Mapping[str, float] = field(default_factory=dict)
    note: str = ""

    @property
    def formula(self) -> str:
        """The last line of the rule, with its defaults: how the parameter moves."""
        return self.lines(self.fields)[-1].formula

    def rule(self, fields: Fields) -> "Rule":
        """The rule with these fields, at work: from a gradient and what is remembered to the change.

        Shapes: gradient, delta and every array of the memory alike. A memory of None is that before the first update.
        """
        lines = [(line.name, line.value) for line in self.lines(fields)]
        # As arrays, numbers meet other arrays in half the time.
        constants = {"−α": np.array(-fields["learning_rate"]), **fields}
        keeps = self.keeps

        def change(gradient: Array, memory: Memory | None) -> Change:
            known: dict[str, Any] = {"g": gradient, **constants}
            if keeps:
                known.update(memory or self._blank(gradient))
            for name, value in lines:
                known[name] = value(known)
            return Change(known[DELTA], {name: known[name] for name in keeps} if keeps else None, known)

        return change

    def _blank(self, gradient: Array) -> dict[str, Any]:
        return {name: 0 if name == COUNT else np.zeros_like(gradient) for name in self.keeps}


COUNT = "t"
# What a field is called in formulas, where `alpha` of rmsprop must not look like the learning rate α.
SYMBOLS = {"learning_rate": "α", "momentum": "μ", "alpha": "ρ", "eps": "ε", "beta1": "β1", "beta2": "β2"}

_SGD = (Line(DELTA, "{w} ← {w} − α · ∂C/∂{w}", lambda k: k["g"] * k["−α"]),)

_VELOCITY = Line("v", "v ← μ · v + ∂C/∂{w}", lambda k: k["momentum"] * k["v"] + k["g"])
_MOMENTUM = (_VELOCITY, Line(DELTA, "{w} ← {w} − α · v", lambda k: k["v"] * k["−α"]))
_NESTEROV = (
    _VELOCITY,
    Line("d", "d ← ∂C/∂{w} + μ · v", lambda k: k["g"] + k["momentum"] * k["v"]),
    Line(DELTA, "{w} ← {w} − α · d", lambda k: k["d"] * k["−α"]),
)
_RMSPROP = (
    Line(
        "s",
        "s ← ρ · s + (1 − ρ) · (∂C/∂{w})²",
        lambda k: k["alpha"] * k["s"] + (1.0 - k["alpha"]) * (k["g"] * k["g"]),
    ),
    Line(
        DELTA,
        "{w} ← {w} − α · ∂C/∂{w} / (sqrt(s) + ε)",
        lambda k: k["g"] / (np.sqrt(k["s"]) + k["eps"]) * k["−α"],
    ),
)
_ADAM = (
    Line("t", "t ← t + 1", lambda k: k["t"] + 1),
    Line("v", "v ← β1 · v + (1 − β1) · ∂C/∂{w}", lambda k: k["beta1"] * k["v"] + (1.0 - k["beta1"]) * k["g"]),
    Line(
        "s",
        "s ← β2 · s + (1 − β2) · (∂C/∂{w})²",
        lambda k: k["beta2"] * k["s"] + (1.0 - k["beta2"]) * (k["g"] * k["g"]),
    ),
    Line("v̂", "v̂ ← v / (1 − β1ᵗ)", lambda k: k["v"] / (1.0 - k["beta1"] ** k["t"])),
    Line("ŝ", "ŝ ← s / (1 − β2ᵗ)", lambda k: k["s"] / (1.0 - k["beta2"] ** k["t"])),
    Line(
        DELTA,
        "{w} ← {w} − α · v̂ / (sqrt(ŝ) + ε)",
        lambda k: k["v̂"] / (np.sqrt(k["ŝ"]) + k["eps"]) * k["−α"],
    ),
)

ROWS = (
    Optimizer(
        "sgd",
        lambda _fields: _SGD,
        fields={"learning_rate": 0.001},
        note="Against the slope, by the learning rate α.",
    ),
    Optimizer(
        "momentum",
        lambda fields: _NESTEROV if fields["nesterov"] else _MOMENTUM,
        fields={"learning_rate": 0.001, "momentum": 0.9, "nesterov": False},
        keeps=("v",),
        note="v is a velocity: it gathers the gradients, and old ones fade by the factor μ. "
        "Nesterov's form looks ahead: it steps by the gradient and μ times the new velocity.",
    ),
    Optimizer(
        "rmsprop",
        lambda _fields: _RMSPROP,
        fields={"learning_rate": 0.01, "alpha": 0.99, "eps": 1e-8},
        keeps=("s",),
        below={"alpha": 1.0},
        note="s is a fading mean of the gradient's square: where gradients are large, steps are shortened, "
        "each weight by its own. ρ is the field alpha.",
    ),
    Optimizer(
        "adam",
        lambda _fields: _ADAM,
        fields={"learning_rate": 0.001, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8},
        keeps=("t", "v", "s"),
        below={"beta1": 1.0, "beta2": 1.0},
        note="v is a fading mean of the gradient, s of its square. Both begin at 0, which the division by "
        "1 − βᵗ makes up for; t counts the updates.",
    ),
)

OPTIMIZERS = {row.name: row for row in ROWS}
