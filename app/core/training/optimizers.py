"""The optimizers, a table: how a gradient becomes a change of its parameter. Rules and defaults as in torch.optim.

To add one, add a row. Its rule is a few `Line`s, each with its formula beside its function, computed in order from the
gradient, the row's fields, what the optimizer remembers of the parameter, and the lines before. So every number on the
way can be shown. All of it goes entry by entry: a rule may be given one parameter, or all of them in one long vector.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np

from app.core.graph.ops import Array

Fields = Mapping[str, float]
Memory = Mapping[str, Any]
Known = Mapping[str, Any]

DELTA = "Δ"  # the name of the last line of every rule
COUNT = "t"
PRIME = "ʹ"  # a letter, so that names of formulas may have it
WEIGHT_DECAY = "weight_decay"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a rule: `name` becomes `value` of all that is known, by name.

    `note` says in words what it is for. It and the formula are templates in the parameter {w} and the output {C} (see
    `told`). The formula's symbols are those of `SYMBOLS`; the gradient is known as "g", the parameter as "w", the
    learning rate with its sign turned as "−α". `numpy` spells the line as a statement in {w} and its gradient {g}; the
    last gives {w}_after.
    """

    name: str
    formula: str
    value: Callable[[Known], Any]
    numpy: str
    note: str = ""

    def told(self, parameter: str, output: str) -> "Told":
        """The line for a parameter. A symbol that is this parameter's own name has a prime: v ← v − α · vʹ."""
        symbol, formula, note = self.name, self.formula, self.note
        if parameter in _LETTERS:
            named = re.compile(rf"(?<![\w{{'’]){parameter}(?![^\W²ᵗ]|[\u0302}}])")
            symbol, formula, note = (named.sub(parameter + PRIME, it) for it in (symbol, formula, note))
        return Told(symbol, formula.format(w=parameter, C=output), note.format(w=parameter, C=output))


class Told(NamedTuple):
    """A line in the names of a parameter: the symbol of what it works out, its formula, what it is for in words."""

    symbol: str
    formula: str
    note: str


class Change(NamedTuple):
    """What a rule gives: the change to be added to the parameter, what to remember, and every line's value by name."""

    delta: Array
    memory: Memory | None
    values: Known


Rule = Callable[[Array, Memory | None, Array], Change]
_new = tuple.__new__  # of a NamedTuple, in half the time that its own name takes


@dataclass(frozen=True, slots=True)
class Optimizer:
    """A row. `fields` are its numbers and switches with their defaults, `below` the bounds that some stay under.

    `own_lines` make the rule from the fields. Where these have a weight decay that is not the row's own business, the
    first line takes the decay to the gradient, and the others start from that; `decays_apart` says that it is. `keeps`
    are the lines that are remembered: arrays that begin as 0, and "t", a count of updates. `torch` makes the optimizer
    of PyTorch from the fields by name and {parameters}; `torch_state` is what that remembers of {w}.
    """

    name: str
    own_lines: Callable[[Fields], tuple[Line, ...]]
    fields: Fields
    torch: str
    keeps: tuple[str, ...] = ()
    below: Mapping[str, float] = field(default_factory=dict)
    note: str = ""
    torch_state: str = ""
    decays_apart: bool = False

    def lines(self, fields: Fields) -> tuple[Line, ...]:
        """The lines of the rule with these fields, in order."""
        lines = self.own_lines(fields)
        return lines if self.decays_apart or not fields.get(WEIGHT_DECAY) else _of_decayed(lines)

    def told(self, fields: Fields) -> dict[str, float]:
        """The fields that an experiment has: a weight decay of 0, which is none, is left out unless it is asked for."""
        return {name: value for name, value in fields.items() if name != WEIGHT_DECAY or value or self.fields[name]}

    def torch_code(self, fields: Fields) -> str:
        """`torch`, with the weight decay where there is one."""
        decays = WEIGHT_DECAY in fields and not self.decays_apart
        return f"{self.torch[:-1]}, weight_decay=weight_decay)" if decays else self.torch

    @property
    def formula(self) -> str:
        """The last line of the rule, with its defaults: how the parameter moves."""
        return self.lines(self.fields)[-1].formula

    def rule(self, fields: Fields) -> "Rule":
        """The rule with these fields, at work: from a gradient, what is remembered and the parameter to the change.

        Shapes: gradient, parameter, delta and every array of the memory alike. A memory of None is that before the
        first update.
        """
        lines, keeps = self.lines(fields), self.keeps
        # As arrays, numbers meet other arrays in half the time.
        constants: dict[str, Any] = dict(fields)
        constants["α"] = fields["learning_rate"]
        constants["−α"] = np.array(-fields["learning_rate"])

        def change(gradient: Array, memory: Memory | None, parameter: Array) -> Change:
            known = constants.copy()
            known["g"] = gradient
            known["w"] = parameter
            if keeps:
                known.update(memory or self._blank(gradient))
            for line in lines:
                known[line.name] = line.value(known)
            remembered = {name: known[name] for name in keeps} if keeps else None
            return _new(Change, (known[DELTA], remembered, known))

        return change

    def _blank(self, gradient: Array) -> dict[str, Any]:
        return {name: 0 if name == COUNT else np.zeros_like(gradient) for name in self.keeps}


# What a field is called in formulas, where `alpha` of rmsprop must not look like the learning rate α.
SYMBOLS = {
    "learning_rate": "α",
    "momentum": "μ",
    "alpha": "ρ",
    "eps": "ε",
    "beta1": "β1",
    "beta2": "β2",
    WEIGHT_DECAY: "λ",
}
_LETTERS = {"g", "d", "v", "s", COUNT, *SYMBOLS.values()}  # of the rules' formulas
NO_DECAY: Fields = {WEIGHT_DECAY: 0.0}

_DECAYED = Line(
    "g",
    "g ← ∂{C}/∂{w} + λ · {w}",
    lambda k: k["g"] + k[WEIGHT_DECAY] * k["w"],
    "g_{w} = {g} + weight_decay * {w}",
    "To the slope ∂{C}/∂{w} add the weight decay λ times {w} itself. The rule goes on with that g: each entry of {w} "
    "is drawn to 0 as well, the harder the larger it is.",
)


def _of_decayed(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The same rule of g, the gradient with the weight decay in it."""
    *before, last = (
        replace(
            line,
            formula=_by_g(line.formula),
            numpy=line.numpy.replace("{g}", "g_{w}"),
            note=_by_g(line.note),
        )
        for line in lines
    )
    return _DECAYED, *before, last if last.note else replace(last, note=_DOWN_G)


def _by_g(text: str) -> str:
    return text.replace("(∂{C}/∂{w})²", "g²").replace("∂{C}/∂{w}", "g").replace("the slope g", "g")


_DOWN_G = "From {w} take the learning rate times g. So it goes down the slope, and a little towards 0."

_SGD = (Line(DELTA, "{w} ← {w} − α · ∂{C}/∂{w}", lambda k: k["g"] * k["−α"], "{w}_after = {w} - learning_rate * {g}"),)

_VELOCITY = Line(
    "v",
    "v ← μ · v + ∂{C}/∂{w}",
    lambda k: k["momentum"] * k["v"] + k["g"],
    "v_{w} = momentum * v_{w} + {g}",
    "The velocity v of {w} fades by μ; the slope ∂{C}/∂{w} is added. Slopes that agree build up speed; slopes that "
    "turn about cancel.",
)
_MOMENTUM = (
    _VELOCITY,
    Line(
        DELTA,
        "{w} ← {w} − α · v",
        lambda k: k["v"] * k["−α"],
        "{w}_after = {w} - learning_rate * v_{w}",
        "From {w} take the learning rate times the velocity v. It is down the way that the slopes agree on.",
    ),
)
_NESTEROV = (
    _VELOCITY,
    Line(
        "d",
        "d ← ∂{C}/∂{w} + μ · v",
        lambda k: k["g"] + k["momentum"] * k["v"],
        "d_{w} = {g} + momentum * v_{w}",
        "The direction d for {w}: the slope, and once more μ times v. Nesterov looks ahead, as if the next step were "
        "already under way.",
    ),
    Line(
        DELTA,
        "{w} ← {w} − α · d",
        lambda k: k["d"] * k["−α"],
        "{w}_after = {w} - learning_rate * d_{w}",
        "From {w} take the learning rate times the direction d. It is down the way of the velocity, one step ahead.",
    ),
)


def _gathered(decay: float, count: int) -> float:
    """1 − β^t, the sum of the shares of t updates. Where β^t is close to 1 the difference has few of its digits."""
    return -math.expm1(count * math.log(decay)) if decay > 0.0 else 1.0


def _mean_of_squares(decay: str, symbol: str) -> Line:
    return Line(
        "s",
        f"s ← {symbol} · s + (1 − {symbol}) · (∂{{C}}/∂{{w}})²",
        # The share first: g² alone can be beyond the doubles where its share is not.
        lambda k: k[decay] * k["s"] + ((1.0 - k[decay]) * k["g"]) * k["g"],
        f"s_{{w}} = {decay} * s_{{w}} + (1 - {decay}) * {{g}} * {{g}}",
        f"For {{w}} keep the share {symbol} of s, add 1 − {symbol} of slope squared. So s is a fading mean of "
        "(∂{C}/∂{w})²: how steep {w} usually is, entry by entry.",
    )


_RMSPROP = (
    _mean_of_squares("alpha", "ρ"),
    Line(
        DELTA,
        "{w} ← {w} − α · ∂{C}/∂{w} / (sqrt(s) + ε)",
        lambda k: k["g"] / (np.sqrt(k["s"]) + k["eps"]) * k["−α"],
        "{w}_after = {w} - learning_rate * {g} / (np.sqrt(s_{w}) + eps)",
        "From {w} take the learning rate times the slope, divided by √s. An entry steps by how steep it is beside what "
        "is usual for it. ε keeps the divisor from 0.",
    ),
)

_ADAGRAD = (
    Line(
        "s",
        "s ← s + (∂{C}/∂{w})²",
        lambda k: k["s"] + k["g"] * k["g"],
        "s_{w} = s_{w} + {g} * {g}",
        "For {w} add its slope squared to s. So s is the sum of all (∂{C}/∂{w})² there have been, entry by entry: it "
        "never falls.",
    ),
    Line(
        DELTA,
        "{w} ← {w} − α · ∂{C}/∂{w} / (sqrt(s) + ε)",
        lambda k: k["g"] / (np.sqrt(k["s"]) + k["eps"]) * k["−α"],
        "{w}_after = {w} - learning_rate * {g} / (np.sqrt(s_{w}) + eps)",
        "From {w} take the learning rate times the slope, divided by √s. The first step is as long as α; as s grows, "
        "the steps shorten. ε keeps the divisor from 0.",
    ),
)


def _adam_step(k: Known) -> Any:
    """−α · v̂ / (√ŝ + ε), times √(1 − β2ᵗ) above and below: ŝ can be beyond the doubles where s and the step are not."""
    root = math.sqrt(_gathered(k["beta2"], k["t"]))
    return k["v̂"] / (np.sqrt(k["s"]) + k["eps"] * root) * (k["−α"] * root)


_ADAM = (
    Line(
        "t",
        "t ← t + 1",
        lambda k: k["t"] + 1,
        "t_{w} = t_{w} + 1",
        "Count the updates of {w}: t is one more. Two divisions below need it.",
    ),
    Line(
        "v",
        "v ← β1 · v + (1 − β1) · ∂{C}/∂{w}",
        lambda k: k["beta1"] * k["v"] + (1.0 - k["beta1"]) * k["g"],
        "v_{w} = beta1 * v_{w} + (1 - beta1) * {g}",
        "For {w} keep the share β1 of v, add 1 − β1 of the slope. So v is a fading mean of ∂{C}/∂{w}, and {w} goes "
        "where many iterations point, not the last alone.",
    ),
    _mean_of_squares("beta2", "β2"),
    Line(
        "v̂",
        "v̂ ← v / (1 − β1ᵗ)",
        lambda k: k["v"] / _gathered(k["beta1"], k["t"]),
        "mean_{w} = v_{w} / (1 - beta1**t_{w})",
        "Divide v of {w} by 1 − β1ᵗ: that is a true mean, v̂. It began at 0, so in the first updates it is too small: "
        "the shares in it add up to 1 − β1ᵗ only.",
    ),
    Line(
        "ŝ",
        "ŝ ← s / (1 − β2ᵗ)",
        lambda k: k["s"] / _gathered(k["beta2"], k["t"]),
        "square_{w} = s_{w} / (1 - beta2**t_{w})",
        "Divide s of {w} by 1 − β2ᵗ: that is a true mean, ŝ. It began at 0 too. As t grows, both divisors go to 1.",
    ),
    Line(
        DELTA,
        "{w} ← {w} − α · v̂ / (sqrt(ŝ) + ε)",
        _adam_step,
        "{w}_after = {w} - learning_rate * mean_{w} / (np.sqrt(square_{w}) + eps)",
        "From {w} take the learning rate times v̂, divided by √ŝ. Where the slopes agree an entry steps by about α, "
        "however small they are. ε keeps the divisor from 0.",
    ),
)
_ADAMW = (
    *_ADAM[:-1],
    Line(
        "d",
        "d ← λ · {w}",
        lambda k: k[WEIGHT_DECAY] * k["w"],
        "d_{w} = weight_decay * {w}",
        "Take the weight decay λ times {w} itself: d draws each entry of {w} to 0. It stays apart from the slope, so "
        "that no division by √ŝ makes it weaker where {w} is steep.",
    ),
    Line(
        DELTA,
        "{w} ← {w} − α · (v̂ / (sqrt(ŝ) + ε) + d)",
        lambda k: _adam_step(k) + k["d"] * k["−α"],
        "{w}_after = {w} - learning_rate * (mean_{w} / (np.sqrt(square_{w}) + eps) + d_{w})",
        "From {w} take the learning rate times v̂ divided by √ŝ, as adam does, and times the decay d.",
    ),
)
_DECAY_NOTE = " With a weight decay, λ times w is added to the gradient first."

ROWS = (
    Optimizer(
        "sgd",
        lambda _fields: _SGD,
        fields={"learning_rate": 0.001, **NO_DECAY},
        torch="torch.optim.SGD({parameters}, lr=learning_rate)",
        note="Against the slope, by the learning rate α." + _DECAY_NOTE,
    ),
    Optimizer(
        "momentum",
        lambda fields: _NESTEROV if fields["nesterov"] else _MOMENTUM,
        fields={"learning_rate": 0.001, "momentum": 0.9, "nesterov": False, **NO_DECAY},
        # Nesterov's rule with momentum 0 is plain descent, and torch refuses to be asked for it.
        torch="torch.optim.SGD({parameters}, lr=learning_rate, momentum=momentum, nesterov=nesterov and momentum > 0)",
        torch_state='{{"momentum_buffer": v_{w}}}',
        keeps=("v",),
        note="v is a velocity: it gathers the gradients, and old ones fade by the factor μ. "
        "Nesterov's form looks ahead: it steps by the gradient and μ times the new velocity." + _DECAY_NOTE,
    ),
    Optimizer(
        "rmsprop",
        lambda _fields: _RMSPROP,
        fields={"learning_rate": 0.01, "alpha": 0.99, "eps": 1e-8, **NO_DECAY},
        torch="torch.optim.RMSprop({parameters}, lr=learning_rate, alpha=alpha, eps=eps)",
        torch_state='{{"step": torch.tensor(0.0), "square_avg": s_{w}}}',  # torch counts here too, but in vain
        keeps=("s",),
        below={"alpha": 1.0},
        note="s is a fading mean of the gradient's square: where gradients are large, steps are shortened, "
        "each weight by its own. ρ is the field alpha." + _DECAY_NOTE,
    ),
    Optimizer(
        "adagrad",
        lambda _fields: _ADAGRAD,
        fields={"learning_rate": 0.01, "eps": 1e-10, **NO_DECAY},
        torch="torch.optim.Adagrad({parameters}, lr=learning_rate, eps=eps)",
        torch_state='{{"step": torch.tensor(0.0), "sum": s_{w}}}',  # the count is for a rate that falls by itself
        keeps=("s",),
        note="s is the sum of the gradient's squares: weights that have moved much step less, those that were seldom "
        "asked step more." + _DECAY_NOTE,
    ),
    Optimizer(
        "adam",
        lambda _fields: _ADAM,
        fields={"learning_rate": 0.001, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, **NO_DECAY},
        torch="torch.optim.Adam({parameters}, lr=learning_rate, betas=(beta1, beta2), eps=eps)",
        torch_state='{{"step": torch.tensor(float(t_{w}), dtype=torch.float64), '
        '"exp_avg": v_{w}, "exp_avg_sq": s_{w}}}',
        keeps=("t", "v", "s"),
        below={"beta1": 1.0, "beta2": 1.0},
        note="v is a fading mean of the gradient, s of its square. Both begin at 0, which the division by "
        "1 − βᵗ makes up for; t counts the updates." + _DECAY_NOTE,
    ),
    Optimizer(
        "adamw",
        lambda fields: _ADAMW if fields[WEIGHT_DECAY] else _ADAM,
        fields={"learning_rate": 0.001, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, WEIGHT_DECAY: 0.01},
        torch="torch.optim.AdamW({parameters}, lr=learning_rate, betas=(beta1, beta2), eps=eps, "
        "weight_decay=weight_decay)",
        torch_state='{{"step": torch.tensor(float(t_{w}), dtype=torch.float64), '
        '"exp_avg": v_{w}, "exp_avg_sq": s_{w}}}',
        keeps=("t", "v", "s"),
        below={"beta1": 1.0, "beta2": 1.0},
        note="adam with a weight decay of its own: λ times w is taken from w beside the step, not added to the "
        "gradient, whose mean square would weaken it.",
        decays_apart=True,
    ),
)

OPTIMIZERS = {row.name: row for row in ROWS}
