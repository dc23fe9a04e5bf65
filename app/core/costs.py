"""The costs C = cost(a, y), a table. To add one, add a row; nothing else needs to know.

A row gives the cost summed over the examples, and its partials by the output a and by the target y. The reduction
over the examples (their mean, or their sum) is a factor that `Cost.op` puts on all three, so that every gradient is
that of C itself. Formulas may name {K}, the number of outputs.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.core.ops import ELEMENTWISE, Array, Op, Partial, Shared


@dataclass(frozen=True, slots=True)
class Cost:
    """A row. All three functions take a and y of shape (B, K); `value` gives a number, the partials (B, K).

    `domain` says in words for which outputs the cost is finite; empty where for all.
    """

    name: str
    formula: str
    value: Callable[[Array, Array], Any]
    wrt_output_formula: str
    wrt_output: Callable[[Array, Array], Array]
    wrt_target_formula: str
    wrt_target: Callable[[Array, Array], Array]
    note: str = ""
    domain: str = ""

    def op(self, reduction: str, shape: tuple[int, int]) -> Op:
        """This cost as an operation on outputs of `shape` (B, K) under "mean" or "sum" over the B examples."""
        examples, outputs = shape
        mean_of_many = reduction == "mean" and examples > 1
        scaled = _scaled_by(1.0 / examples) if mean_of_many else _as_it_is
        factor = f"1/{examples}" if mean_of_many else ""
        note = f"{self.note} The factor {factor} is the mean over the {examples} examples." if factor else self.note

        def text(template: str) -> str:
            return _times(factor, template.replace("{K}", str(outputs)))

        return Op(
            self.name,
            ("a", "y"),
            "C",
            text(self.formula),
            scaled(self.value),
            (
                Partial(
                    "a", ELEMENTWISE, text(self.wrt_output_formula), ("a", "y"), scaled(self.wrt_output), note.strip()
                ),
                Partial("y", ELEMENTWISE, text(self.wrt_target_formula), ("a", "y"), scaled(self.wrt_target)),
            ),
        )


Function = Callable[[Array, Array], Any]


def _as_it_is(function: Function) -> Function:
    return function


def _scaled_by(factor: float) -> Callable[[Function], Function]:
    def scaled(function: Function) -> Function:
        if isinstance(function, Shared):
            return function.times(factor)
        return lambda a, y: function(a, y) * factor

    return scaled


def _times(factor: str, formula: str) -> str:
    """ "1/4" times a formula, in brackets where it is a sum: 1/4 · (a − y), but 1/4 · Σ (a − y)²."""
    if not factor:
        return formula
    outside = "".join(char for char, depth in _depths(formula) if depth == 0)
    if " − " in outside or " + " in outside:
        return f"{factor} · ({formula})"
    return f"−{factor} · {formula[1:]}" if formula.startswith("−") else f"{factor} · {formula}"


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


def _binary_cross_entropy(a: Array, y: Array) -> Any:
    return 0.0 - (_weighted_log(y, np.log(a)) + _weighted_log(1.0 - y, np.log1p(-a))).sum()


LECTURE_SLIP = (
    "The lecture writes 2a₁ − y. The derivative of ‖a₁ − y‖² is 2(a₁ − y): that is what is computed. "
    "Try a₁ = y: the cost is lowest there, its slope 0, and 2a₁ − y is not."
)

ROWS = (
    Cost(
        "squared_error",
        "Σ ({a} − {y})²",
        Shared(_difference, _squares),
        "2 · ({a} − {y})",
        Shared(_difference, factor=2.0),
        "2 · ({y} − {a})",
        Shared(_negative_difference, factor=2.0),
        note=LECTURE_SLIP,
    ),
    Cost(
        "half_squared_error",
        "Σ ({a} − {y})² / 2",
        Shared(_difference, _squares, 0.5),
        "{a} − {y}",
        Shared(_difference),
        "{y} − {a}",
        Shared(_negative_difference),
    ),
    Cost(
        "mean_squared_error",
        "Σ ({a} − {y})² / {K}",
        _mean_of_squares,
        "2 · ({a} − {y}) / {K}",
        lambda a, y: (a - y) * (2.0 / a.shape[1]),
        "2 · ({y} − {a}) / {K}",
        lambda a, y: (y - a) * (2.0 / a.shape[1]),
    ),
    Cost(
        "binary_cross_entropy",
        "−Σ ({y} ⊙ ln({a}) + (1 − {y}) ⊙ ln(1 − {a}))",
        _binary_cross_entropy,
        "(1 − {y}) / (1 − {a}) − {y} / {a}",
        lambda a, y: _quotient(1.0 - y, 1.0 - a) - _quotient(y, a),
        "ln(1 − {a}) − ln({a})",
        lambda a, y: np.log1p(-a) - np.log(a),
        domain="outputs between 0 and 1, as sigmoid gives",
    ),
    Cost(
        "cross_entropy",
        "−Σ {y} ⊙ ln({a})",
        lambda a, y: 0.0 - _weighted_log(y, np.log(a)).sum(),
        "−{y} / {a}",
        lambda a, y: 0.0 - _quotient(y, a),
        "−ln({a})",
        lambda a, y: 0.0 - np.log(a),
        domain="outputs above 0, as softmax gives",
    ),
)

COSTS = {row.name: row for row in ROWS}
REDUCTIONS = ("mean", "sum")
