"""One operation of a computational graph: what it computes, and how a gradient passes back through it.

An `Op` is a row of a table. Its `value` makes the output from the inputs; each `Partial` says, for one input, what the
local partial is made of and by which `Rule` it meets the upstream gradient. A partial is computed from the cached
nodes named in `uses` and from nothing else, so the answer's "which cached value is this made of" cannot be wrong.

Formulas are templates in slot names ("{a} ⊙ (1 − {a})"); the graph fills in the node ids. They are the one source of
what API, page and documentation print, so they keep to a small grammar: + − · ⊙ / ² ᵀ, parentheses, [conditions],
function(argument), Σ, numbers and names.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Scalars as arrays: NumPy meets an array in half the time that it needs for a Python number.
ONE = np.array(1.0)
TWO = np.array(2.0)
ONE.flags.writeable = TWO.flags.writeable = False


def all_finite(*arrays: Array) -> bool:
    """Whether no entry is infinite or NaN. The sum of squares tells at once, unless it overflows itself."""
    squares = 0.0
    for array in arrays:
        flat = array.ravel()
        squares += flat.dot(flat)
    return math.isfinite(squares) or all(np.isfinite(array).all() for array in arrays)


@dataclass(frozen=True, slots=True)
class Rule:
    """How a local partial p meets the upstream gradient g: contribution = apply(g, p).

    `formula` is a template in {g} and {p}.
    """

    name: str
    apply: Callable[[Any, Any], Any]
    formula: str


def _through_jacobian(upstream: Array, jacobian: Array) -> Array:
    """contribution[r, j] = Σ_i upstream[r, i] · jacobian[r, i, j].   Shapes: (B, n), (B, n, n) → (B, n)."""
    contribution: Array = np.matmul(upstream[:, None, :], jacobian)[:, 0, :]
    return contribution


ELEMENTWISE = Rule("elementwise", np.multiply, "{g} ⊙ {p}")
MATMUL_RIGHT = Rule("matmul_right", lambda upstream, partial: upstream.dot(partial.T), "{g} · {p}ᵀ")
MATMUL_LEFT = Rule("matmul_left", lambda upstream, partial: partial.T.dot(upstream), "{p}ᵀ · {g}")
SUM_ROWS = Rule("sum_rows", lambda upstream, _one: np.add.reduce(upstream, axis=0), "Σ {g}")
JACOBIAN = Rule("jacobian", _through_jacobian, "{g} · {p}")

RULES = {rule.name: rule for rule in (ELEMENTWISE, MATMUL_RIGHT, MATMUL_LEFT, SUM_ROWS, JACOBIAN)}


@dataclass(frozen=True, slots=True)
class Partial:
    """The local partial ∂output/∂input of one input slot.

    `value` takes the arrays of the slots in `uses`, in that order; None says that it is the last of them as it stands.
    Where the partial is the same number everywhere (`uses` is empty) `value` is that number, and the graph spreads it
    over the shape that the rule needs.
    """

    wrt: str
    rule: Rule
    formula: str
    uses: tuple[str, ...]
    value: Callable[..., Any] | float | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Op:
    """One row: `inputs` and `output` are slot names, `value` takes the inputs' arrays in order."""

    name: str
    inputs: tuple[str, ...]
    output: str
    formula: str
    value: Callable[..., Any]
    partials: tuple[Partial, ...]


def _linear_with_bias(x: Array, W: Array, b: Array) -> Array:
    m: Array = x.dot(W)
    m += b
    return m


_WRT_INPUT = Partial("x", MATMUL_RIGHT, "{W}", ("W",), None)
_WRT_WEIGHTS = Partial("W", MATMUL_LEFT, "{x}", ("x",), None)
_WRT_BIAS = Partial("b", SUM_ROWS, "1", (), 1.0)

# The lecture's x·W0 = m0 and a0·W1 = m1.   Shapes: (B, n_in) · (n_in, n_out) (+ (n_out)) → (B, n_out).
LINEAR = Op("linear", ("x", "W"), "m", "{x} · {W}", np.ndarray.dot, (_WRT_INPUT, _WRT_WEIGHTS))
LINEAR_WITH_BIAS = Op(
    "linear", ("x", "W", "b"), "m", "{x} · {W} + {b}", _linear_with_bias, (_WRT_INPUT, _WRT_WEIGHTS, _WRT_BIAS)
)
