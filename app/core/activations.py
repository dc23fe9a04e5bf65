"""The activations a = σ(m), a table. To add one, add a row; nothing else needs to know.

A row puts σ and its derivative side by side, each as a formula in words and as a function. `derivative` takes the
cached arrays named in `uses`: "m" (what went in), "a" (what came out). Functions must be right for every double:
neither overflow nor cancel in the tails. The engine runs them with NumPy's warnings off, since infinities are shown
to the reader, not hidden.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial as bind
from typing import Any

import numpy as np

from app.core.ops import ELEMENTWISE, JACOBIAN, ONE, Array, Op, Partial, Rule


@dataclass(frozen=True, slots=True)
class Activation:
    """A row. `options` are fields of the layer with their defaults, passed to both functions by keyword.

    `kink` is the m at which the slope jumps, None for smooth ones. `per_row` marks an activation whose outputs in one
    row depend on each other; it may stand in the last layer only, and says in `scalar` what its derivative is between
    two entries (see `Partial`). `work` is that of `Op`.
    """

    name: str
    formula: str
    value: Callable[..., Any]
    derivative_formula: str
    derivative: Callable[..., Any] | float
    uses: tuple[str, ...]
    rule: Rule = ELEMENTWISE
    options: Mapping[str, float] = field(default_factory=dict)
    kink: float | None = None
    per_row: bool = False
    note: str = ""
    scalar: tuple[str, str] | None = None
    work: int = 20

    def op(self, given: Mapping[str, float] | None = None) -> Op:
        """This activation as an operation, its options filled in from `given` or their defaults."""
        options = {**self.options, **(given or {})}
        texts = {name: f"{number:g}" for name, number in options.items()}
        value, derivative = self.value, self.derivative
        if options:
            value = bind(value, **options)
            derivative = bind(derivative, **options) if callable(derivative) else derivative
        formula = _fill(self.derivative_formula, texts)
        wrt_m = Partial("m", self.rule, formula, self.uses, derivative, self.note, self.scalar)
        return Op(self.name, ("m",), "a", _fill(self.formula, texts), value, (wrt_m,), self.kink, self.work)


def _fill(template: str, options: Mapping[str, str]) -> str:
    for name, text in options.items():
        template = template.replace("{" + name + "}", text)
    return template


_LARGEST_POWER = np.array(709.0)
_MANY = 256
# To look them up in the module `np` each time costs as much as a tenth of the work on a few numbers.
_minimum, _exp, _divide, _subtract, _multiply = np.minimum, np.exp, np.divide, np.subtract, np.multiply


def sigmoid(m: Array) -> Array:
    """e^m/(1+e^m), to full relative precision in both tails, down to the smallest double.

    m counts as 709 at most: e^709 is still finite, and σ has been 1 to the last bit for long.
    """
    power: Array
    if m.size >= _MANY and m.item(m.argmax()) <= 709.0:
        power = _exp(m)  # to look for the largest is twice as fast as to bound them all
    else:
        power = _minimum(m, _LARGEST_POWER)
        _exp(power, power)
    a: Array = power + ONE
    _divide(power, a, a)
    return a


def normal_cdf(m: Array) -> Array:
    """Φ(m) = erfc(−m/√2)/2, which keeps its relative precision in the left tail, where 1+erf would cancel to 0."""
    scaled = (m * -math.sqrt(0.5)).ravel().tolist()
    return np.array([0.5 * math.erfc(s) for s in scaled]).reshape(m.shape)


def normal_density(m: Array) -> Array:
    """φ(m) = e^(−m²/2)/√(2π)."""
    density: Array = np.exp(-0.5 * m * m) / math.sqrt(2.0 * math.pi)
    return density


def _sigmoid_derivative(a: Array) -> Array:
    derivative: Array = _subtract(ONE, a)
    return _multiply(derivative, a, derivative)


def _gelu_derivative(m: Array) -> Array:
    # At |m| beyond 40 the density is 0; m there may be so large that m·0 must not become NaN by ∞·0.
    return normal_cdf(m) + np.where(np.abs(m) < 40.0, m * normal_density(m), 0.0)


def silu(m: Array) -> Array:
    """m·σ(m). On the left e^m goes in by halves: e^(m/2) twice, since e^m alone loses its digits before m·e^m does."""
    half = np.exp(-0.5 * np.abs(m))
    a: Array = np.where(m < 0.0, m * half * half, m) / (1.0 + half * half)
    return a


def _silu_derivative(m: Array) -> Array:
    half = np.exp(-0.5 * np.abs(m))
    power = half * half
    slope = 1.0 + m * np.where(m < 0.0, 1.0, power) / (1.0 + power)
    derivative: Array = np.where(m < 0.0, slope * half * half, slope) / (1.0 + power)
    return derivative


def softmax(m: Array) -> Array:
    """exp(m)/Σ exp(m) by row; the row's maximum is taken off first, so nothing overflows.   Shapes: (B, n) → (B, n)."""
    e = np.exp(m - m.max(axis=1, keepdims=True))
    a: Array = e / e.sum(axis=1, keepdims=True)
    return a


def softmax_jacobian(a: Array) -> Array:
    """∂a_ri/∂m_rj = a_ri (δ_ij − a_rj).   Shapes: (B, n) → (B, n, n)."""
    jacobian: Array = a[:, :, None] * (np.eye(a.shape[1]) - a[:, None, :])
    return jacobian


ROWS = (
    Activation("identity", "{m}", lambda m: m.copy(), "1", 1.0, uses=()),
    Activation("sigmoid", "1 / (1 + exp(−{m}))", sigmoid, "{a} ⊙ (1 − {a})", _sigmoid_derivative, uses=("a",)),
    Activation("tanh", "tanh({m})", np.tanh, "1 − {a}²", lambda a: 1.0 - a * a, uses=("a",)),
    Activation(
        "relu",
        "max(0, {m})",
        lambda m: np.maximum(m, 0.0),
        "[{m} > 0]",
        lambda m: np.heaviside(m, 0.0),
        uses=("m",),
        kink=0.0,
        note="1 where m is positive, else 0; at m = 0 it is taken as 0.",
    ),
    Activation(
        "leaky_relu",
        "max(0, {m}) + {slope} · min(0, {m})",
        lambda m, slope: np.where(m > 0.0, m, slope * m),
        "[{m} > 0] + {slope} · [{m} ≤ 0]",
        lambda m, slope: np.where(m > 0.0, 1.0, slope),
        uses=("m",),
        options={"slope": 0.01},
        kink=0.0,
        note="1 where m is positive, else the leak's slope; at m = 0 it is the leak's slope.",
    ),
    Activation(
        "softplus",
        "ln(1 + exp({m}))",
        lambda m: np.logaddexp(m, 0.0),
        "1 / (1 + exp(−{m}))",
        sigmoid,
        uses=("m",),
    ),
    Activation(
        "gelu",
        "{m} ⊙ Φ({m})",
        lambda m: m * normal_cdf(m),
        "Φ({m}) + {m} ⊙ φ({m})",
        _gelu_derivative,
        uses=("m",),
        note="Φ is the normal distribution function, φ = Φ′ its density.",
        work=300,  # erfc goes by Python's numbers, one by one
    ),
    Activation(
        "silu",
        "{m} / (1 + exp(−{m}))",
        silu,
        "σ({m}) ⊙ (1 + {m} ⊙ (1 − σ({m})))",
        _silu_derivative,
        uses=("m",),
        note="σ is the sigmoid function.",
    ),
    Activation(
        "softmax",
        "exp({m}) / Σ exp({m})",
        softmax,
        "diag({a}) − {a}ᵀ · {a}",
        softmax_jacobian,
        uses=("a",),
        rule=JACOBIAN,
        per_row=True,
        note="Each row of outputs has a matrix of its own: ∂a_i/∂m_j = a_i (1 − a_i) where i = j, else −a_i a_j.",
        scalar=("{a_of} · (1 − {a_of})", "−{a_of} · {a_wrt}"),
    ),
)

ACTIVATIONS = {row.name: row for row in ROWS}
