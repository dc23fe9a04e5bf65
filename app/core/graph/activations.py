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
from typing import Any, NamedTuple

import numpy as np

from app.core.graph.ops import ELEMENTWISE, EVERYWHERE, JACOBIAN, ONE, Array, Op, Partial, Rule, Shared


@dataclass(frozen=True, slots=True)
class Activation:
    """A row. `options` are fields of the layer with their defaults, passed to both functions by keyword.

    `kink` is the m at which the slope jumps, None for smooth ones. `per_row` marks an activation whose outputs in one
    row depend on each other; it says in `scalar` what its derivative is between two entries (see `Partial`). `range`
    has the bounds of what comes out. `gate`, `words` and `work` are those of `Op`; most need no words of their own.

    `numpy` and `numpy_derivative` spell both functions in NumPy, right for every double too, with the functions of
    `NUMPY`; `torch` the value in PyTorch, whose own function is not always that (gelu cancels in its left tail).
    """

    name: str
    formula: str
    value: Callable[..., Any]
    derivative_formula: str
    derivative: Callable[..., Any] | float
    uses: tuple[str, ...]
    numpy: str
    numpy_derivative: str
    torch: str
    rule: Rule = ELEMENTWISE
    options: Mapping[str, float] = field(default_factory=dict)
    kink: float | None = None
    per_row: bool = False
    note: str = ""
    scalar: tuple[str, str] | None = None
    range: tuple[float, float] = EVERYWHERE
    gate: float | None = None
    words: str = ""
    work: int = 20

    def op(self, given: Mapping[str, float] | None = None) -> Op:
        """This activation as an operation, its options filled in from `given` or their defaults."""
        options = {**self.options, **(given or {})}
        texts = {name: f"{number:g}" for name, number in options.items()}
        code = {name: repr(number) for name, number in options.items()}
        value, derivative = self.value, self.derivative
        if options:
            value = bind(value, **options)
            derivative = bind(derivative, **options) if callable(derivative) else derivative
        formula = _fill(self.derivative_formula, texts)
        numpy, numpy_derivative, torch = (_fill(it, code) for it in (self.numpy, self.numpy_derivative, self.torch))
        wrt_m = Partial("m", self.rule, formula, self.uses, derivative, self.note, self.scalar, numpy_derivative)
        return Op(
            self.name,
            ("m",),
            "a",
            _fill(self.formula, texts),
            value,
            (wrt_m,),
            None if self.kink is None else bind(_beyond, self.kink),
            self.work,
            numpy=numpy,
            torch=torch,
            words=self.words or f"Put every entry of {{m}} through {self.name.replace('_', ' ')}",
            range=self.range,
            gate=self.gate,
        )


def _beyond(kink: float, m: Array) -> Array:
    beyond: Array = m - kink
    return beyond


def _fill(template: str, options: Mapping[str, str]) -> str:
    for name, text in options.items():
        template = template.replace("{" + name + "}", text)
    return template


_LARGEST_POWER = np.array(709.0)
_new = tuple.__new__  # of a NamedTuple, in half the time that its own name takes
# To look them up in the module `np` each time costs as much as a tenth of the work on a few numbers.
_minimum, _exp, _add, _divide, _subtract, _multiply = np.minimum, np.exp, np.add, np.divide, np.subtract, np.multiply
# The methods of arrays call these two as well, by way of Python.
_sum: Callable[..., Any] = np.add.reduce
_max: Callable[..., Any] = np.maximum.reduce


class _Powers(NamedTuple):
    """What σ(m) and its derivative have in common: e^m and 1 + e^m; and m where it has entries above 709, else None.

    m counts as 709 at most: e^709 is still finite, and σ has been 1 to the last bit for long.
    """

    power: Array
    whole: Array
    large: Array | None


def _powers(m: Array) -> _Powers:
    if m.item(m.argmax()) <= 709.0:
        power, large = _exp(m), None
    else:
        power, large = _exp(_minimum(m, _LARGEST_POWER)), m
    return _new(_Powers, (power, power + ONE, large))


def _share(powers: _Powers) -> Array:
    a: Array = _divide(powers[0], powers[1])
    return a


def sigmoid(m: Array) -> Array:
    """e^m/(1+e^m), to full relative precision in both tails, down to the smallest double."""
    return _share(_powers(m))


_MINUS, _ZERO, _TWO = np.array(-1.0), np.array(0.0), np.array(2.0)


def softplus(m: Array) -> Array:
    """ln(1 + e^m) = max(m, 0) + ln(1 + e^−|m|), down to e^m itself on the left."""
    a: Array = np.copysign(m, _MINUS)
    np.log1p(_exp(a, a), a)
    a += np.maximum(m, _ZERO)
    return a


def _sigmoid_derivative(a: Array, powers: _Powers) -> Array:
    """a · (1 − a), where 1 − a = 1/(1+e^m): of an a close to 1, which has rounded, 1 − a has lost its digits."""
    derivative: Array = _divide(a, powers[1])
    large = powers[2]
    if large is not None:  # there a is 1, and e^m may be infinite though e^−m is not 0
        return np.where(large > _LARGEST_POWER, _exp(-large), derivative)
    return derivative


def _tanh_derivative(_a: Array, m: Array) -> Array:
    """1 − a² = (2 / (e^m + e^−m))². Of an a close to ±1, which has rounded, 1 − a² has lost its digits."""
    power: Array = _exp(m)
    _add(power, _divide(ONE, power), power)
    _divide(_TWO, power, power)
    return _multiply(power, power, power)


# From here on to the left a rounding of m² weighs m² times as much in e^(−m²/2); at the ends that is 0.
_TAIL, _GAUSS_ENDS = np.array(-1.5), 40.0
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


def normal_cdf(m: Array) -> Array:
    """Φ(m) = erfc(−m/√2)/2, which keeps its relative precision in the left tail, where 1+erf would cancel to 0.

    What rounding takes from m/√2 is made good there: erfc(s+δ) = erfc(s) − δ · 2e^(−s²)/√π.
    """
    scaled = (m * -_ROOT_HALF).ravel().tolist()
    cdf = np.array([0.5 * math.erfc(s) for s in scaled]).reshape(m.shape)
    tail = m < _TAIL
    if np.count_nonzero(tail):
        near = np.maximum(m[tail], -_GAUSS_ENDS)
        rest = -_product_rest(near, _ROOT_HALF, near * _ROOT_HALF) - near * _ROOT_HALF_REST
        cdf[tail] -= rest * math.sqrt(2.0) * normal_density(near)
    return cdf


def _root_of_gauss(m: Array) -> Array:
    """e^(−m²/4), which stays far from the smallest double as long as its square is none. For m from −40 to −1.

    Made of m = h + t where h² is exact: so nothing of m² is lost.
    """
    near = np.rint(m * 16.0) / 16.0
    root: Array = _exp(near * near * -0.25) * _exp((m - near) * (m + near) * -0.25)
    return root


def normal_density(m: Array) -> Array:
    """φ(m) = e^(−m²/2)/√(2π)."""
    density: Array = np.exp(-0.5 * m * m) / math.sqrt(2.0 * math.pi)
    return density


def _gelu_derivative(m: Array) -> Array:
    """Φ + m·φ. Beyond ±40 φ is 0, and m may be so large that m·φ would be ∞·0."""
    near = np.minimum(np.maximum(m, -_GAUSS_ENDS), _GAUSS_ENDS)
    weighted = near * normal_density(near)
    tail = m < _TAIL
    if np.count_nonzero(tail):
        root = _root_of_gauss(near[tail])
        weighted[tail] = near[tail] * root / math.sqrt(2.0 * math.pi) * root
    return normal_cdf(m) + weighted


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


# From here on down, the rounding of a difference weighs more in e to its power than all other roundings.
_FAR = np.array(-8.0)


def softmax(m: Array) -> Array:
    """exp(m)/Σ exp(m) by row; the row's maximum is taken off first, so nothing overflows.   Shapes: (B, n) → (B, n)."""
    largest = _max(m, 1, None, None, True)
    below = m - largest
    a: Array = _exp(below)
    far = below < _FAR
    # What is masked is 0 whatever was rounded, and nothing is that is not far.
    if np.count_nonzero(far) > a.size - np.count_nonzero(a):
        back = m - below
        rest = (m - (below + back)) + (back - largest)  # what rounding took from m − largest, exactly (Knuth)
        far &= a > 0.0
        _multiply(a, 1.0 + rest, out=a, where=far)
    _divide(a, _sum(a, 1, None, None, True), a)
    return a


def softmax_rest(m: Array) -> Array:
    """1 − softmax(m). For a row's largest, which may have rounded to 1, it is the sum of the others.

    Shapes: (B, n) → (B, n).
    """
    a = softmax(m)
    rest: Array = _subtract(ONE, a)
    largest = np.arange(len(a)), m.argmax(axis=1)
    a[largest] = 0.0
    rest[largest] = a.sum(axis=1)
    return rest


def softmax_jacobian(a: Array) -> Array:
    """∂a_ri/∂m_rj = a_ri (δ_ij − a_rj), where 1 − a_ri is the sum of the others.   Shapes: (B, n) → (B, n, n)."""
    examples, n = a.shape
    jacobian: Array = a[:, :, None] * _subtract(_ZERO, a)[:, None, :]
    diagonal = jacobian.reshape(examples, n * n)[:, :: n + 1]
    diagonal[...] = 0.0
    diagonal[...] = _subtract(_ZERO, _sum(jacobian, 2))
    return jacobian


ROWS = (
    Activation(
        "identity",
        "{m}",
        lambda m: m.copy(),
        "1",
        1.0,
        uses=(),
        numpy="{m}.copy()",
        numpy_derivative="np.ones_like({m})",
        torch="{m}.clone()",
    ),
    Activation(
        "sigmoid",
        "1 / (1 + exp(−{m}))",
        Shared(_powers, _share),
        "{a} ⊙ (1 − {a})",
        Shared(_powers, _sigmoid_derivative, own=1),
        uses=("a", "m"),
        numpy="sigmoid({m})",
        numpy_derivative="{a} * sigmoid(-{m})",
        torch="torch.sigmoid({m})",
        note="Where {a} is close to 1 it has rounded, and 1 − {a} is taken from {m}, as 1 / (1 + exp({m})).",
        range=(0.0, 1.0),
    ),
    Activation(
        "tanh",
        "tanh({m})",
        np.tanh,
        "1 − {a}²",
        _tanh_derivative,
        uses=("a", "m"),
        numpy="np.tanh({m})",
        numpy_derivative="np.cosh({m}) ** -2.0",
        torch="torch.tanh({m})",
        note="Where {a} is close to 1 or −1 it has rounded, and 1 − {a}² is taken from {m}, as "
        "4 / (exp({m}) + exp(−{m}))².",
        range=(-1.0, 1.0),
    ),
    Activation(
        "relu",
        "max(0, {m})",
        lambda m: np.maximum(m, 0.0),
        "[{m} > 0]",
        lambda m: np.heaviside(m, 0.0),
        uses=("m",),
        numpy="np.maximum({m}, 0)",
        numpy_derivative="np.heaviside({m}, 0)",
        torch="torch.relu({m})",
        kink=0.0,
        range=(0.0, math.inf),
        gate=0.0,
        note="1 where {m} is positive, else 0; at {m} = 0 it is taken as 0.",
    ),
    Activation(
        "leaky_relu",
        "max(0, {m}) + {slope} · min(0, {m})",
        lambda m, slope: np.where(m > 0.0, m, slope * m),
        "[{m} > 0] + {slope} · [{m} ≤ 0]",
        lambda m, slope: np.where(m > 0.0, 1.0, slope),
        uses=("m",),
        numpy="np.where({m} > 0, {m}, {slope} * {m})",
        numpy_derivative="np.where({m} > 0, 1, {slope})",
        torch="torch.nn.functional.leaky_relu({m}, {slope})",
        options={"slope": 0.01},
        kink=0.0,
        note="1 where {m} is positive, else the leak's slope; at {m} = 0 it is the leak's slope.",
    ),
    Activation(
        "softplus",
        "ln(1 + exp({m}))",
        softplus,
        "1 / (1 + exp(−{m}))",
        sigmoid,
        uses=("m",),
        numpy="np.logaddexp({m}, 0)",
        numpy_derivative="sigmoid({m})",
        torch="torch.logaddexp({m}, torch.zeros_like({m}))",
        range=(0.0, math.inf),
    ),
    Activation(
        "gelu",
        "{m} ⊙ Φ({m})",
        lambda m: m * normal_cdf(m),
        "Φ({m}) + {m} ⊙ φ({m})",
        _gelu_derivative,
        uses=("m",),
        numpy="{m} * normal_cdf({m})",
        numpy_derivative="gelu_slope({m})",
        torch="{m} * 0.5 * torch.erfc(-{m} * 0.5**0.5)",
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
        numpy="silu({m})",
        numpy_derivative="silu_slope({m})",
        torch="torch.nn.functional.silu({m})",
        range=(-0.27846454276107379, math.inf),
        note="σ is the sigmoid function.",
    ),
    Activation(
        "softmax",
        "exp({m}) / Σ exp({m})",
        softmax,
        "diag({a}) − {a}ᵀ · {a}",
        softmax_jacobian,
        uses=("a",),
        numpy="softmax({m})",
        numpy_derivative="softmax_slope({a})",
        torch="torch.softmax({m}, dim=1)",
        range=(0.0, 1.0),
        rule=JACOBIAN,
        per_row=True,
        words="Put each row of {m} through softmax. Then it is positive and adds up to 1.",
        note="Each row of outputs has a matrix of its own: ∂a_i/∂m_j = a_i (1 − a_i) where i = j, else −a_i a_j. "
        "1 − a_i is taken from m, as the share of the others: a_i may have rounded to 1.",
        scalar=("{a_of} · (1 − {a_of})", "−{a_of} · {a_wrt}"),
    ),
)

ACTIVATIONS = {row.name: row for row in ROWS}

# The functions that `numpy` calls, each after those it calls itself.
NUMPY = {
    "sigmoid": '''def sigmoid(m):
    """1 / (1 + e^-m), written so that the left tail keeps its digits; beyond 709, e^m would overflow."""
    power = np.exp(np.minimum(m, 709.0))
    return power / (1 + power)''',
    "normal_cdf": '''def normal_cdf(m):
    """Φ(m) = erfc(-m / √2) / 2, which keeps its digits in the left tail."""
    scaled = (m * -math.sqrt(0.5)).ravel().tolist()
    return np.array([0.5 * math.erfc(number) for number in scaled]).reshape(m.shape)''',
    "gelu_slope": '''def gelu_slope(m):
    """Φ(m) + m φ(m); the density φ is 0 where |m| is beyond 40."""
    density = np.exp(-0.5 * m * m) / math.sqrt(2 * math.pi)
    return normal_cdf(m) + np.where(np.abs(m) < 40, m * density, 0)''',
    "silu": '''def silu(m):
    """m / (1 + e^-m); e^m goes in by halves, since by itself it loses its digits before m e^m does."""
    half = np.exp(-0.5 * np.abs(m))
    return np.where(m < 0, m * half * half, m) / (1 + half * half)''',
    "silu_slope": '''def silu_slope(m):
    """σ(m) (1 + m (1 - σ(m))), by halves as well."""
    half = np.exp(-0.5 * np.abs(m))
    power = half * half
    slope = 1 + m * np.where(m < 0, 1, power) / (1 + power)
    return np.where(m < 0, slope * half * half, slope) / (1 + power)''',
    "softmax": '''def softmax(m):
    """e^m / Σ e^m by row; the row's maximum is taken off first, so nothing overflows."""
    power = np.exp(m - m.max(axis=1, keepdims=True))
    return power / power.sum(axis=1, keepdims=True)''',
    "softmax_slope": '''def softmax_slope(a):
    """a_i (δ_ij - a_j) by row; 1 - a_i as the sum of the others, since a_i may have rounded to 1."""
    slope = -a[:, :, None] * a[:, None, :]
    each = np.arange(a.shape[1])
    slope[:, each, each] = 0
    slope[:, each, each] = -slope.sum(axis=2)
    return slope''',
}
