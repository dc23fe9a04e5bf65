"""The costs C = cost(a, y), a table. To add one, add a row; nothing else needs to know.

A row gives the cost summed over the examples, and its partials by the output a and by the target y. The reduction
over the examples (their mean, or their sum) is a factor that `Cost.op` puts on all three, so that every gradient is
that of C itself. Formulas may name {K}, the number of outputs.

Cross-entropy takes the logarithm of a, and a = σ(m) rounds to 0 or 1 long before that logarithm is large. Right behind
the activation it is made for, such a cost is fused with it: all its numbers come from m, as the same cost from logits
has them, and 1 − a is never taken from an a that has lost it.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial as bind
from typing import Any

import numpy as np

from app.core.graph.activations import sigmoid, softmax, softmax_rest, softplus
from app.core.graph.ops import ELEMENTWISE, EVERYWHERE, ONE, Array, Fused, Op, Partial, Shared


@dataclass(frozen=True, slots=True)
class Behind:
    """How a cost is computed right behind one activation, from its pre-activation m and its output a.

    `value` takes (m, y), `wrt_output` (the reduction's factor, a, y, m), `wrt_target` what `wrt_target_uses` names, and
    `gradient` (m, y), for ∂C/∂m. `lost` is that of `Fused`. `note` says in words how C comes from m. The spellings are
    like those of `Cost`; {mean} is where the factor goes in, where it cannot go behind. `by_row` gives the cost of each
    row, (B,).
    """

    value: Callable[[Array, Array], Any]
    by_row: Callable[[Array, Array], Array]
    wrt_output: Callable[[float, Array, Array, Array], Array]
    wrt_target: Callable[..., Array]
    gradient: Callable[[Array, Array], Array]
    gradient_formula: str
    lost: Callable[[Array], Any]
    note: str
    numpy: str
    numpy_wrt_output: str
    numpy_wrt_target: str
    numpy_gradient: str
    torch: str
    torch_wrt_output: str
    wrt_target_uses: tuple[str, ...] = ("m",)
    size: Callable[[Array, Array], Any] | None = None


@dataclass(frozen=True, slots=True)
class Cost:
    """A row. All functions take a and y of shape (B, K); `value` gives a number, `by_row` (B,), the partials (B, K).

    `domain` says in words for which outputs the cost is finite; empty where for all. `outputs` and `targets` are the
    bounds within which it means something, and `one_in_all` says that the targets of a row are shares of 1. `behind`
    has by activation how the cost is taken from what went into it. `probabilities` makes predictions of outputs that
    are logits. `scalar` is that of `Partial`, by the output. `numpy` and `torch` spell the terms that C is the sum of;
    the functions they call are those of `NUMPY` and `TORCH`. `corner` and `size` are those of `Op`, of a and y.
    `target_values` are the only ones that a target may have, and `made_for` is the last activation of a cost that has
    neither `behind` nor `probabilities`.
    """

    name: str
    formula: str
    value: Callable[[Array, Array], Any]
    by_row: Callable[[Array, Array], Array]
    wrt_output_formula: str
    wrt_output: Callable[[Array, Array], Array]
    wrt_target_formula: str
    wrt_target: Callable[[Array, Array], Array]
    numpy: str
    numpy_wrt_output: str
    numpy_wrt_target: str
    torch: str
    note: str = ""
    domain: str = ""
    outputs: tuple[float, float] = EVERYWHERE
    targets: tuple[float, float] = EVERYWHERE
    one_in_all: bool = False
    behind: Mapping[str, Behind] = field(default_factory=dict)
    probabilities: Callable[[Array], Array] | None = None
    scalar: str = ""
    corner: Callable[[Array, Array], Array] | None = None
    size: Callable[[Array, Array], Any] | None = None
    target_values: tuple[float, ...] = ()
    made_for: str | None = None

    @property
    def activation(self) -> str | None:
        """The last activation that the cost is made for."""
        return next(iter(self.behind), self.made_for if self.probabilities is None else "identity")

    def op(self, reduction: str, shape: tuple[int, int], behind: str | None = None, *, rows: str = "examples") -> Op:
        """This cost as an operation on outputs of `shape` (B, K) under "mean" or "sum" over the B examples.

        `behind` is the activation that gives the outputs: the two are fused where the row says how. `rows` is what the
        examples are called; where they are none of a network, nothing is said of the lecture's.
        """
        examples, outputs = shape
        mean_of_many = reduction == "mean" and examples > 1
        share = 1.0 / examples if mean_of_many else 1.0
        scaled = _scaled_by(share) if mean_of_many else _as_it_is
        total = _total_scaled_by(share) if mean_of_many else _as_it_is
        factor = f"1/{examples}" if mean_of_many else ""
        note = self.note if rows == "examples" or self.note != LECTURE_SLIP else ""
        note = f"{note} The factor {factor} is the mean over the {examples} {rows}." if factor else note

        def text(template: str) -> str:
            return _times(factor, template.replace("{K}", str(outputs)))

        def code(template: str) -> str:
            return _divided(template.replace("{K}", str(outputs)), f" / {examples}" if factor else "")

        def summed(terms: str, sum: str, axis: str) -> str:
            # An example's part first: their sum may be beyond the doubles where their mean is not.
            terms = terms.replace("{K}", str(outputs))
            return f"{sum}({sum}({terms}, {axis}=1) / {examples})" if factor else f"{sum}({terms})"

        behind_row = self.behind.get(behind or "")
        spelled = behind_row or self
        wrt_a = Partial(
            "a",
            ELEMENTWISE,
            text(self.wrt_output_formula),
            ("a", "y", "m") if behind_row else ("a", "y"),
            bind(behind_row.wrt_output, share) if behind_row else scaled(self.wrt_output),
            note.strip(),
            ("", text(self.scalar)) if self.scalar else None,
            code(spelled.numpy_wrt_output),
            code(behind_row.torch_wrt_output) if behind_row else "",
        )
        wrt_y = Partial(
            "y",
            ELEMENTWISE,
            text(self.wrt_target_formula),
            behind_row.wrt_target_uses if behind_row else ("a", "y"),
            scaled(spelled.wrt_target),
            numpy=code(spelled.numpy_wrt_target),
        )
        op = Op(
            self.name,
            ("a", "y"),
            "C",
            text(self.formula),
            total(spelled.value),
            (wrt_a, wrt_y),
            numpy=summed(spelled.numpy, "np.sum", "axis"),
            torch=summed(spelled.torch, "torch.sum", "dim"),
            words="Compare {a} with the target {y}",
            by_row=spelled.by_row,
            corner=self.corner,
            size=None if spelled.size is None else scaled(spelled.size),
        )
        if behind_row is None:
            return op
        formula, numpy = text(behind_row.gradient_formula), code(behind_row.numpy_gradient)
        fused = Fused(scaled(behind_row.gradient), behind_row.lost, formula, numpy)
        return replace(op, reads=("m", "y"), fused=fused, note=behind_row.note)


Function = Callable[..., Any]


def _as_it_is(function: Function) -> Function:
    return function


def _scaled_by(factor: float) -> Callable[[Function], Function]:
    def scaled(function: Function) -> Function:
        if isinstance(function, Shared):
            return function.times(factor)
        return lambda *arrays: function(*arrays) * factor

    return scaled


def _total_scaled_by(factor: float) -> Callable[[Function], Function]:
    """The same of a sum over the rows: where that is infinite, the factor goes in row by row."""

    def by_row(function: Function) -> Function:
        def total(*arrays: Array) -> Any:
            whole = function(*arrays) * factor
            if not math.isinf(whole):
                return whole
            rows = [[array[row : row + 1] for array in arrays] for row in range(len(arrays[0]))]
            return sum(function(*row) * factor for row in rows)

        return total

    def scaled(function: Function) -> Function:
        if not isinstance(function, Shared) or function.function is None:
            return by_row(function)
        summed, own = function.function, function.factor
        return Shared(function.common, by_row(lambda common: summed(common) * own))

    return scaled


def _times(factor: str, formula: str) -> str:
    """ "1/4" times a formula, in brackets where it is a sum: 1/4 · (a − y), but 1/4 · Σ (a − y)²."""
    if not factor:
        return formula
    if _is_sum(formula):
        return f"{factor} · ({formula})"
    return f"−{factor} · {formula[1:]}" if formula.startswith("−") else f"{factor} · {formula}"


def _divided(code: str, mean: str) -> str:
    """The same of Python code, as a quotient, where its {mean} is or behind it."""
    if "{mean}" in code or not mean:
        return code.replace("{mean}", mean)
    return f"({code}){mean}" if _is_sum(code) else f"{code}{mean}"


def _is_sum(text: str) -> bool:
    """Whether there is a plus or a minus between two terms, outside all brackets."""
    outside = "".join(char for char, depth in _depths(text) if depth == 0)
    return any(sign in outside for sign in (" − ", " - ", " + "))


def _depths(formula: str) -> Iterator[tuple[str, int]]:
    """Each character, with how many brackets it stands in."""
    depth = 0
    for char in formula:
        depth += char == "("
        yield char, depth
        depth -= char == ")"


def _squares(difference: Array) -> Any:
    flat = difference.ravel()
    return flat.dot(flat)


def _half_of_squares(difference: Array) -> Any:
    flat = difference.ravel()
    return flat.dot(0.5 * flat)  # half of a square can be a double where the square is none


def _mean_of_squares(a: Array, y: Array) -> Any:
    return _squares(a - y) / a.shape[1]


_difference: Function = np.subtract


def _negative_difference(a: Array, y: Array) -> Array:
    difference: Array = y - a
    return difference


def _quotient(numerator: Array, denominator: Array) -> Array:
    """numerator / denominator, with 0/0 = 0: what a term that is absent from the cost (0 · ln 0) contributes."""
    return np.divide(numerator, denominator, out=np.zeros_like(denominator), where=numerator != 0.0)


def _weighted_log(weight: Array, log: Array) -> Array:
    """weight · log, with 0 · ln 0 = 0."""
    return np.multiply(weight, log, out=np.zeros_like(log), where=weight != 0.0)


def _squares_by_row(a: Array, y: Array) -> Array:
    squares: Array = ((a - y) ** 2).sum(axis=1)
    return squares


def _absolute_errors(a: Array, y: Array) -> Array:
    return np.absolute(a - y)


def _hubers(a: Array, y: Array) -> Array:
    """d²/2 where d = |a − y| is up to 1, and beyond it the line that goes on from there, d − 1/2."""
    apart = np.absolute(a - y)
    near = np.minimum(apart, ONE)
    terms: Array = near * (apart - 0.5 * near)
    return terms


def _hinges(a: Array, y: Array) -> Array:
    return np.maximum(_margin(a, y), 0.0)


def _margin(a: Array, y: Array) -> Array:
    """1 − y·a: what is missing to a margin of 1 on the target's side."""
    margin: Array = 1.0 - y * a
    return margin


def _total(terms: Callable[[Array, Array], Array], axis: int | None = None) -> Callable[[Array, Array], Any]:
    """Their sum, over all entries or along an axis."""
    return lambda a, y: terms(a, y).sum(axis)


def _divergence(a: Array, y: Array, axis: int | None = None) -> Any:
    return _weighted_log(y, np.log(y) - np.log(a)).sum(axis)


def _size_of_divergence(a: Array, y: Array) -> Any:
    """How large the terms y ln y and y ln a are, whose difference C is."""
    return np.absolute(_weighted_log(y, np.log(y))).sum() + np.absolute(_weighted_log(y, np.log(a))).sum()


def _binary_cross_entropy(a: Array, y: Array, axis: int | None = None) -> Any:
    return 0.0 - (_weighted_log(y, np.log(a)) + _weighted_log(1.0 - y, np.log1p(-a))).sum(axis)


def _cross_entropy(a: Array, y: Array, axis: int | None = None) -> Any:
    return 0.0 - _weighted_log(y, np.log(a)).sum(axis)


# --- from logits: m is what sigmoid or softmax would be taken of ------------------------------------------------------


def _binary_from_logits(m: Array, y: Array, axis: int | None = None) -> Any:
    """−Σ [y ln σ(m) + (1−y) ln σ(−m)], where −ln σ(m) = softplus(−m)."""
    return (_weighted_log(y, softplus(-m)) + _weighted_log(1.0 - y, softplus(m))).sum(axis)


def _binary_gradient(m: Array, y: Array) -> Array:
    """σ(m) − y, as (1−y)·σ(m) − y·σ(−m): with targets 0 and 1 nothing cancels."""
    gradient: Array = (1.0 - y) * sigmoid(m) - y * sigmoid(-m)
    return gradient


def log_softmax(m: Array) -> Array:
    """ln softmax(m) by row. The sum of exponentials is 1 + the others', so that a row's largest keeps a rest of 1e-300.

    Shapes: (B, n) → (B, n).
    """
    below = m - m.max(axis=1, keepdims=True)
    others = np.exp(below)
    others[np.arange(len(m)), m.argmax(axis=1)] = 0.0
    log: Array = below - np.log1p(others.sum(axis=1, keepdims=True))
    return log


def _from_logits(m: Array, y: Array, axis: int | None = None) -> Any:
    return 0.0 - _weighted_log(y, log_softmax(m)).sum(axis)


def _divergence_behind(m: Array, y: Array, axis: int | None = None) -> Any:
    return _weighted_log(y, np.log(y) - log_softmax(m)).sum(axis)


def _size_behind(m: Array, y: Array) -> Any:
    return np.absolute(_weighted_log(y, np.log(y))).sum() + np.absolute(_weighted_log(y, log_softmax(m))).sum()


def _softmax_gradient(m: Array, y: Array) -> Array:
    """softmax(m)·Σy − y, as softmax(m)·(what the others' targets are) − y·(1 − softmax(m)): nothing cancels there."""
    others = y @ (1.0 - np.eye(y.shape[1]))
    gradient: Array = softmax(m) * others - y * softmax_rest(m)
    return gradient


def _share(y: Array, a: Array, log: Callable[[], Array], factor: float) -> Array:
    """factor · y / a. Where a is no normal double, or the quotient none before the factor, it goes by ln a."""
    share: Array = _quotient(y, a) * factor
    far = (a < _SMALL) & (y != 0.0)
    if np.count_nonzero(far):
        share[far] = np.copysign(np.exp(np.log(np.abs(y[far])) + math.log(factor) - log()[far]), y[far])
    return share


_SMALL = 2.0**-1000  # a quotient of numbers of ordinary size by this is a double still


def _binary_wrt_output(factor: float, a: Array, y: Array, m: Array) -> Array:
    """(1−y)/(1−a) − y/a, where 1 − a is σ(−m)."""
    wrt_output: Array = _share(1.0 - y, sigmoid(-m), lambda: -softplus(m), factor)
    wrt_output -= _share(y, a, lambda: -softplus(-m), factor)
    return wrt_output


def _rounded(m: Array) -> Any:
    """Where σ(m) is 1 to a last digit or two, and where σ(m)·σ(−m) and 1/σ(m) come near the ends of the doubles."""
    return (m > 36.0) | (m < -700.0)


def _beyond_product_of_rows(m: Array) -> Any:
    """Where an output is so small that its product with another is none, by row."""
    return m.max(axis=1, keepdims=True) - m.min(axis=1, keepdims=True) > 300.0


_BINARY_NUMPY = "weighted({y}, np.logaddexp(0, -{m})) + weighted(1 - {y}, np.logaddexp(0, {m}))"
_BINARY_NUMPY_GRADIENT = "(1 - {y}) * sigmoid({m}) - {y} * sigmoid(-{m})"
_BINARY_TORCH = 'torch.nn.functional.binary_cross_entropy_with_logits({m}, {y}, reduction="none")'
_SOFTMAX_NUMPY = "-weighted({y}, log_softmax({m}))"
_SOFTMAX_NUMPY_GRADIENT = "softmax_error({m}, {y})"
_SOFTMAX_TORCH = "-{y} * torch.log_softmax({m}, dim=1)"

BEHIND_SIGMOID = Behind(
    _binary_from_logits,
    bind(_binary_from_logits, axis=1),
    _binary_wrt_output,
    lambda m: -m,
    _binary_gradient,
    "(1 − {y}) ⊙ σ({m}) − {y} ⊙ σ(−{m})",
    _rounded,
    note="Computed from {m}: −ln({a}) = ln(1 + exp(−{m})) and −ln(1 − {a}) = ln(1 + exp({m})). "
    "So {C} keeps its digits where {a} has rounded to 0 or 1.",
    numpy=_BINARY_NUMPY,
    numpy_wrt_output="share((1 - {y}){mean}, -np.logaddexp(0, {m})) - share({y}{mean}, -np.logaddexp(0, -{m}))",
    numpy_wrt_target="-{m}",
    numpy_gradient=_BINARY_NUMPY_GRADIENT,
    torch=_BINARY_TORCH,
    torch_wrt_output="share((1 - {y}){mean}, -torch.logaddexp(0 * {m}, {m}))"
    " - share({y}{mean}, -torch.logaddexp(0 * {m}, -{m}))",
)
BEHIND_SOFTMAX = Behind(
    _from_logits,
    bind(_from_logits, axis=1),
    lambda factor, a, y, m: 0.0 - _share(y, a, lambda: log_softmax(m), factor),
    lambda m: 0.0 - log_softmax(m),
    _softmax_gradient,
    "{a} ⊙ Σ {y_of} − {y}",
    _beyond_product_of_rows,
    note="Computed from {m}: −ln({a}) = ln(Σ exp({m})) − {m}. So {C} keeps its digits where {a} has rounded to 0 or 1.",
    numpy=_SOFTMAX_NUMPY,
    numpy_wrt_output="-share({y}{mean}, log_softmax({m}))",
    numpy_wrt_target="-log_softmax({m})",
    numpy_gradient=_SOFTMAX_NUMPY_GRADIENT,
    torch=_SOFTMAX_TORCH,
    torch_wrt_output="-share({y}{mean}, torch.log_softmax({m}, dim=1))",
)
BEHIND_SOFTMAX_OF_SHARES = replace(
    BEHIND_SOFTMAX,
    value=_divergence_behind,
    by_row=bind(_divergence_behind, axis=1),
    wrt_target=lambda y, m: np.log(y) - log_softmax(m) + 1.0,
    wrt_target_uses=("y", "m"),
    numpy="weighted({y}, np.log({y}) - log_softmax({m}))",
    numpy_wrt_target="np.log({y}) - log_softmax({m}) + 1",
    torch="Weighted.apply({y}, torch.log(present({y}, {y})) - torch.log_softmax({m}, dim=1))",
    size=_size_behind,
)

LECTURE_SLIP = (
    "The lecture writes 2a₁ − y. The derivative of ‖a₁ − y‖² is 2(a₁ − y): that is what is computed. "
    "Try a₁ = y: the cost is lowest there, its slope 0, and 2a₁ − y is not."
)

ROWS = (
    Cost(
        "squared_error",
        "Σ ({a} − {y})²",
        Shared(_difference, _squares),
        _squares_by_row,
        "2 · ({a} − {y})",
        Shared(_difference, factor=2.0),
        "2 · ({y} − {a})",
        Shared(_negative_difference, factor=2.0),
        numpy="({a} - {y}) ** 2",
        numpy_wrt_output="2 * ({a} - {y})",
        numpy_wrt_target="2 * ({y} - {a})",
        torch="({a} - {y}) ** 2",
        note=LECTURE_SLIP,
    ),
    Cost(
        "half_squared_error",
        "Σ ({a} − {y})² / 2",
        Shared(_difference, _half_of_squares),
        lambda a, y: ((a - y) * (0.5 * (a - y))).sum(axis=1),
        "{a} − {y}",
        Shared(_difference),
        "{y} − {a}",
        Shared(_negative_difference),
        numpy="({a} - {y}) ** 2 / 2",
        numpy_wrt_output="{a} - {y}",
        numpy_wrt_target="{y} - {a}",
        torch="({a} - {y}) ** 2 / 2",
    ),
    Cost(
        "mean_squared_error",
        "Σ ({a} − {y})² / {K}",
        _mean_of_squares,
        lambda a, y: _squares_by_row(a, y) / a.shape[1],
        "2 · ({a} − {y}) / {K}",
        lambda a, y: (a - y) * (2.0 / a.shape[1]),
        "2 · ({y} − {a}) / {K}",
        lambda a, y: (y - a) * (2.0 / a.shape[1]),
        numpy="({a} - {y}) ** 2 / {K}",
        numpy_wrt_output="2 * ({a} - {y}) / {K}",
        numpy_wrt_target="2 * ({y} - {a}) / {K}",
        torch="({a} - {y}) ** 2 / {K}",
    ),
    Cost(
        "binary_cross_entropy",
        "−Σ ({y} ⊙ ln({a}) + (1 − {y}) ⊙ ln(1 − {a}))",
        _binary_cross_entropy,
        bind(_binary_cross_entropy, axis=1),
        "(1 − {y}) / (1 − {a}) − {y} / {a}",
        lambda a, y: _quotient(1.0 - y, 1.0 - a) - _quotient(y, a),
        "ln(1 − {a}) − ln({a})",
        lambda a, y: np.log1p(-a) - np.log(a),
        numpy="-weighted({y}, np.log({a})) - weighted(1 - {y}, np.log1p(-{a}))",
        numpy_wrt_output="quotient(1 - {y}, 1 - {a}) - quotient({y}, {a})",
        numpy_wrt_target="np.log1p(-{a}) - np.log({a})",
        torch="-Weighted.apply({y}, torch.log(present({a}, {y})))"
        " - Weighted.apply(1 - {y}, torch.log1p(-present({a}, 1 - {y})))",
        domain="outputs between 0 and 1, as sigmoid gives",
        outputs=(0.0, 1.0),
        targets=(0.0, 1.0),
        behind={"sigmoid": BEHIND_SIGMOID},
    ),
    Cost(
        "cross_entropy",
        "−Σ {y} ⊙ ln({a})",
        _cross_entropy,
        bind(_cross_entropy, axis=1),
        "−{y} / {a}",
        lambda a, y: 0.0 - _quotient(y, a),
        "−ln({a})",
        lambda a, y: 0.0 - np.log(a),
        numpy="-weighted({y}, np.log({a}))",
        numpy_wrt_output="-quotient({y}, {a})",
        numpy_wrt_target="-np.log({a})",
        torch="-Weighted.apply({y}, torch.log(present({a}, {y})))",
        domain="outputs above 0, up to 1, as softmax gives",
        outputs=(0.0, 1.0),
        targets=(0.0, 1.0),
        one_in_all=True,
        behind={"softmax": BEHIND_SOFTMAX},
    ),
    Cost(
        "binary_cross_entropy_from_logits",
        "Σ ((1 − {y}) ⊙ ln(1 + exp({a})) + {y} ⊙ ln(1 + exp(−{a})))",
        _binary_from_logits,
        bind(_binary_from_logits, axis=1),
        "σ({a}) − {y}",
        _binary_gradient,
        "−{a}",
        lambda a, _y: -a,
        numpy=_BINARY_NUMPY.format(m="{a}", y="{y}"),
        numpy_wrt_output=_BINARY_NUMPY_GRADIENT.format(m="{a}", y="{y}"),
        numpy_wrt_target="-{a}",
        torch=_BINARY_TORCH.format(m="{a}", y="{y}"),
        note="The outputs are logits: σ of them, 1 / (1 + exp(−{a})), are the predictions.",
        targets=(0.0, 1.0),
        probabilities=sigmoid,
    ),
    Cost(
        "cross_entropy_from_logits",
        "−Σ {y} ⊙ ln(softmax({a}))",
        _from_logits,
        bind(_from_logits, axis=1),
        "softmax({a}) ⊙ Σ {y} − {y}",
        _softmax_gradient,
        "−ln(softmax({a}))",
        lambda a, _y: 0.0 - log_softmax(a),
        numpy=_SOFTMAX_NUMPY.format(m="{a}", y="{y}"),
        numpy_wrt_output=_SOFTMAX_NUMPY_GRADIENT.format(m="{a}", y="{y}"),
        numpy_wrt_target="-log_softmax({a})",
        torch=_SOFTMAX_TORCH.format(m="{a}", y="{y}"),
        note="The outputs are logits: softmax of a row of them are the predictions. Σ {y} is that of the row.",
        targets=(0.0, 1.0),
        one_in_all=True,
        probabilities=softmax,
        scalar="softmax({a_wrt}) · Σ {y_of} − {y_wrt}",
    ),
    Cost(
        "kl_divergence",
        "Σ {y} ⊙ (ln({y}) − ln({a}))",
        _divergence,
        bind(_divergence, axis=1),
        "−{y} / {a}",
        lambda a, y: 0.0 - _quotient(y, a),
        "ln({y}) − ln({a}) + 1",
        lambda a, y: np.log(y) - np.log(a) + 1.0,
        numpy="weighted({y}, np.log({y}) - np.log({a}))",
        numpy_wrt_output="-quotient({y}, {a})",
        numpy_wrt_target="np.log({y}) - np.log({a}) + 1",
        torch="Weighted.apply({y}, torch.log(present({y}, {y})) - torch.log(present({a}, {y})))",
        note="Cross-entropy, less what it is where {a} = {y}. So {C} is 0 where the two are the same; its slopes by "
        "{a} are those of cross-entropy.",
        domain="outputs above 0, up to 1, as softmax gives",
        outputs=(0.0, 1.0),
        targets=(0.0, 1.0),
        one_in_all=True,
        behind={"softmax": BEHIND_SOFTMAX_OF_SHARES},
        size=_size_of_divergence,
    ),
    Cost(
        "absolute_error",
        "Σ abs({a} − {y})",
        _total(_absolute_errors),
        _total(_absolute_errors, 1),
        "[{a} > {y}] − [{a} < {y}]",
        lambda a, y: np.sign(a - y),
        "[{a} < {y}] − [{a} > {y}]",
        lambda a, y: np.sign(y - a),
        numpy="np.abs({a} - {y})",
        numpy_wrt_output="np.sign({a} - {y})",
        numpy_wrt_target="np.sign({y} - {a})",
        torch="torch.abs({a} - {y})",
        note="1 where {a} is above the target, −1 where it is below: however far. At the target it is taken as 0.",
        corner=np.subtract,
    ),
    Cost(
        "huber",
        "Σ min(1, abs({a} − {y})) ⊙ (abs({a} − {y}) − min(1, abs({a} − {y})) / 2)",
        _total(_hubers),
        _total(_hubers, 1),
        "max(−1, min(1, {a} − {y}))",
        lambda a, y: np.clip(a - y, -1.0, 1.0),
        "max(−1, min(1, {y} − {a}))",
        lambda a, y: np.clip(y - a, -1.0, 1.0),
        numpy="np.minimum(np.abs({a} - {y}), 1) * (np.abs({a} - {y}) - np.minimum(np.abs({a} - {y}), 1) / 2)",
        numpy_wrt_output="np.clip({a} - {y}, -1, 1)",
        numpy_wrt_target="np.clip({y} - {a}, -1, 1)",
        torch='torch.nn.functional.huber_loss({a}, {y}, reduction="none", delta=1.0)',
        note="Half the square up to a distance of δ = 1, and beyond it a straight line: so one row that lies far off "
        "pulls no harder than by 1.",
    ),
    Cost(
        "hinge",
        "Σ max(0, 1 − {y} ⊙ {a})",
        _total(_hinges),
        _total(_hinges, 1),
        "−{y} ⊙ [{y} ⊙ {a} < 1]",
        lambda a, y: 0.0 - y * np.heaviside(_margin(a, y), 0.0),
        "−{a} ⊙ [{y} ⊙ {a} < 1]",
        lambda a, y: 0.0 - a * np.heaviside(_margin(a, y), 0.0),
        numpy="np.maximum(1 - {y} * {a}, 0)",
        numpy_wrt_output="0 - {y} * np.heaviside(1 - {y} * {a}, 0)",
        numpy_wrt_target="0 - {a} * np.heaviside(1 - {y} * {a}, 0)",
        torch="torch.relu(1 - {y} * {a})",
        note="Targets are −1 and 1. Once {a} is on the target's side, and 1 or more from 0, it costs nothing and has "
        "no slope; at 1 itself that is taken as 0.",
        targets=(-1.0, 1.0),
        target_values=(-1.0, 1.0),
        made_for="identity",
        corner=_margin,
    ),
)

COSTS = {row.name: row for row in ROWS}
REDUCTIONS = ("mean", "sum")

# The functions that `numpy` and `torch` call, besides those of the activations.
NUMPY = {
    "log_softmax": '''def log_softmax(m):
    """ln softmax(m) by row, which keeps its digits where softmax has rounded to 0 or 1."""
    below = m - m.max(axis=1, keepdims=True)
    others = np.exp(below)
    others[np.arange(len(m)), m.argmax(axis=1)] = 0
    return below - np.log1p(others.sum(axis=1, keepdims=True))''',
    "softmax_error": '''def softmax_error(m, y):
    """softmax(m) Σy - y by row: softmax(m) times the others' y, less y times the others' share, so nothing cancels."""
    a = softmax(m)
    others = a.copy()
    largest = np.arange(len(m)), m.argmax(axis=1)
    others[largest] = 0
    rest = 1 - a
    rest[largest] = others.sum(axis=1)
    return a * (y @ (1 - np.eye(y.shape[1]))) - y * rest''',
    "weighted": '''def weighted(weight, log):
    """weight · log, with 0 · ln 0 = 0."""
    return np.multiply(weight, log, out=np.zeros_like(log), where=weight != 0)''',
    "quotient": '''def quotient(top, bottom):
    """top / bottom, with 0 / 0 = 0: a term that is absent from the cost has no slope."""
    return np.divide(top, bottom, out=np.zeros_like(bottom), where=top != 0)''',
    "share": '''def share(y, log):
    """y / e^log, by logarithms: e^log may be too small for a double. 0 / 0 = 0."""
    return np.where(y == 0, 0, np.sign(y) * np.exp(np.log(np.abs(y)) - log))''',
}
TORCH = {
    "Weighted": '''class Weighted(torch.autograd.Function):
    """weight · log, with 0 · ln 0 = 0: torch makes NaN of it."""

    @staticmethod
    def forward(ctx, weight, log):
        ctx.save_for_backward(weight, log)
        return torch.where(weight == 0, 0.0, weight * log)

    @staticmethod
    def backward(ctx, upstream):
        weight, log = ctx.saved_tensors
        return upstream * log, upstream * weight''',
    "present": '''def present(number, weight):
    """The number; where its weight is 0 it is absent from the cost, and no gradient goes back to it."""
    return torch.where(weight == 0, number.detach(), number)''',
    "share": '''def share(y, log):
    """y / e^log, by logarithms: e^log may be too small for a double. 0 / 0 = 0."""
    return torch.where(y == 0, 0.0, torch.sign(y) * torch.exp(torch.log(torch.abs(y)) - log))''',
}
