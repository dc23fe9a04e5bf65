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
    two entries (see `Partial`). `range` has the bounds of what comes out. `work` is that of `Op`.
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
    range: tuple[float, float] = (-math.inf, math.inf)
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


def softplus(m: Array) -> Array:
    """ln(1 + e^m) = max(m, 0) + ln(1 + e^−|m|), down to e^m itself on the left."""
    tail: Array = np.log1p(np.exp(-np.abs(m)))
    return np.maximum(m, 0.0) + tail


# From here on 1 − a has fewer digits than a: what is left of it after a was rounded.
_ROUNDED = np.array(0.75)


def _sigmoid_derivative(a: Array, m: Array) -> Array:
    """σ(m)·σ(−m). 1 − a has σ(−m)'s digits only while a is not close to 1."""
    rest: Array = _subtract(ONE, a)
    rounded = a > _ROUNDED
    if np.count_nonzero(rounded):
        rest[rounded] = sigmoid(-m[rounded])
    return _multiply(rest, a, rest)


def _tanh_derivative(a: Array, m: Array) -> Array:
    """1 − tanh², which is 4e^(−2|m|) / (1 + e^(−2|m|))²: so it is taken where a is close to ±1."""
    derivative: Array = _subtract(ONE, a * a)
    rounded = np.abs(a) > _ROUNDED
    if np.count_nonzero(rounded):
        power = _exp(-2.0 * np.abs(m[rounded]))
        derivative[rounded] = 4.0 * power / (1.0 + power) ** 2
    return derivative


# √½ in two doubles, and the factor that parts a double into two halves whose products are exact (Dekker).
_ROOT_HALF, _ROOT_HALF_REST = math.sqrt(0.5), -4.833646656726457e-17
_SPLIT = 2.0**27 + 1.0


def _product_rest(a: Array, b: Array | float, product: Array) -> Array:
    """What rounding took from a · b, exactly."""
    a_high = _SPLIT * a - (_SPLIT * a - a)
    b_high = _SPLIT * b - (_SPLIT * b - b)
    a_low, b_low = a - a_high, b - b_high
    rest: Array = a_low * b_low - (((product - a_high * b_high) - a_low * b_high) - a_high * b_low)
    return rest


_GAUSS_ENDS = 40.0  # beyond, e^(−m²/2) is 0


def normal_cdf(m: Array) -> Array:
    """Φ(m) = erfc(−m/√2)/2, which keeps its relative precision in the left tail, where 1+erf would cancel to 0.

    There a rounding of m/√2 weighs m² times as much in Φ. So it is made good: erfc(s+δ) = erfc(s) − δ · 2e^(−s²)/√π.
    """
    near = np.clip(m, -_GAUSS_ENDS, _GAUSS_ENDS)
    scaled = near * -_ROOT_HALF
    rest = -_product_rest(near, _ROOT_HALF, -scaled) - near * _ROOT_HALF_REST
    complement = np.array([math.erfc(s) for s in scaled.ravel().tolist()]).reshape(m.shape)
    cdf: Array = 0.5 * complement - rest * math.sqrt(2.0) * normal_density(near)
    return cdf


def normal_density(m: Array) -> Array:
    """φ(m) = e^(−m²/2)/√(2π), where what rounding takes from m² is made good: in the tails it is m² times as much."""
    near = np.clip(m, -_GAUSS_ENDS, _GAUSS_ENDS)
    square = near * near
    rest = _product_rest(near, near, square)
    density: Array = np.exp(-0.5 * square) * (1.0 - 0.5 * rest) / math.sqrt(2.0 * math.pi)
    return density


def _gelu_derivative(m: Array) -> Array:
    # m may be so large that m·0 must not become NaN by ∞·0.
    return normal_cdf(m) + np.where(np.abs(m) < _GAUSS_ENDS, m * normal_density(m), 0.0)


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


def softmax_rest(m: Array) -> Array:
    """1 − softmax(m): for a row's largest the sum of the others, since 1 − a has not its digits.

    Shapes: (B, n) → (B, n).
    """
    e = np.exp(m - m.max(axis=1, keepdims=True))
    largest = np.arange(len(m)), m.argmax(axis=1)
    others = e.copy()
    others[largest] = 0.0
    total = e.sum(axis=1, keepdims=True)
    rest: Array = (total - e) / total
    rest[largest] = others.sum(axis=1) / total[:, 0]
    return rest


def softmax_jacobian(a: Array, m: Array) -> Array:
    """∂a_ri/∂m_rj = a_ri (δ_ij − a_rj), where 1 − a_ri is the sum of the others.   Shapes: (B, n) → (B, n, n)."""
    jacobian: Array = -a[:, :, None] * a[:, None, :]
    diagonal = np.arange(a.shape[1])
    jacobian[:, diagonal, diagonal] = a * softmax_rest(m)
    return jacobian


ROWS = (
    Activation("identity", "{m}", lambda m: m.copy(), "1", 1.0, uses=()),
    Activation(
        "sigmoid",
        "1 / (1 + exp(−{m}))",
        sigmoid,
        "{a} ⊙ (1 − {a})",
        _sigmoid_derivative,
        uses=("a", "m"),
        note="Where a is close to 1 it has rounded, and 1 − a is taken from m, as 1 / (1 + exp(m)).",
        range=(0.0, 1.0),
    ),
    Activation(
        "tanh",
        "tanh({m})",
        np.tanh,
        "1 − {a}²",
        _tanh_derivative,
        uses=("a", "m"),
        note="Where a is close to 1 or −1 it has rounded, and 1 − a² is taken from m, as 4 / (exp(m) + exp(−m))².",
        range=(-1.0, 1.0),
    ),
    Activation(
        "relu",
        "max(0, {m})",
        lambda m: np.maximum(m, 0.0),
        "[{m} > 0]",
        lambda m: np.heaviside(m, 0.0),
        uses=("m",),
        kink=0.0,
        range=(0.0, math.inf),
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
        softplus,
        "1 / (1 + exp(−{m}))",
        sigmoid,
        uses=("m",),
        range=(0.0, math.inf),
    ),
    Activation(
        "gelu",
        "{m} ⊙ Φ({m})",
        lambda m: m * normal_cdf(m),
        "Φ({m}) + {m} ⊙ φ({m})",
        _gelu_derivative,
        uses=("m",),
        range=(-0.16997120747990369, math.inf),
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
        range=(-0.27846454276107379, math.inf),
        note="σ is the sigmoid function.",
    ),
    Activation(
        "softmax",
        "exp({m}) / Σ exp({m})",
        softmax,
        "diag({a}) − {a}ᵀ · {a}",
        softmax_jacobian,
        uses=("a", "m"),
        range=(0.0, 1.0),
        rule=JACOBIAN,
        per_row=True,
        note="Each row of outputs has a matrix of its own: ∂a_i/∂m_j = a_i (1 − a_i) where i = j, else −a_i a_j. "
        "1 − a_i is taken from m, as the share of the others: a_i may have rounded to 1.",
        scalar=("{a_of} · (1 − {a_of})", "−{a_of} · {a_wrt}"),
    ),
)

ACTIVATIONS = {row.name: row for row in ROWS}
