"""Rules that depend on shapes: where an operand was stretched, summed up or moved, and products of all kinds.

`ops` has the rules that networks need. A rule here is made for the shapes that meet, so its letters have just as many
axes as the tensors. An axis of length 1 that belongs to no axis of the other side has a letter of its own: i, k.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.core.graph.cache import kept
from app.core.graph.ops import ELEMENTWISE, MATMUL_LEFT, MATMUL_RIGHT, Array, Rule

Shape = tuple[int, ...]
Indices = NDArray[np.int64]

_LETTERS = "rc"
_LONE_LETTERS = "ik"  # of axes of length 1


def letters_of(shape: Shape) -> str:
    """A letter for each axis, by its place from the end: a vector is one row."""
    return _LETTERS[len(_LETTERS) - len(shape) :]


def put(result: Any, out: Array | None) -> Array:
    """The result, or `out` with the result in it."""
    if out is None:
        return np.asarray(result)
    out[...] = result
    return out


# --- stretched --------------------------------------------------------------------------------------------------------


@kept(256)
def elementwise(of: Shape, wrt: Shape, constant: float | None = None) -> Rule:
    """Entry by entry; over the axes along which the operand was stretched to the output's shape it sums.

    The local partial has the output's shape, or is one number where it is a `constant`.
    Equation: contribution[wrt] = Σ g[of] · p[of], over the stretched axes.
    """
    if of == wrt:
        return ELEMENTWISE
    letters, lone = letters_of(of), iter(_LONE_LETTERS)
    own = letters[len(of) - len(wrt) :]
    wrt_letters = "".join(
        letter if size == of[len(of) - len(wrt) + axis] else next(lone)
        for axis, (letter, size) in enumerate(zip(own, wrt, strict=True))
    )
    axes = tuple(axis for axis, letter in enumerate(letters) if letter not in wrt_letters)

    def apply(upstream: Array, partial: Any, out: Array | None = None) -> Array:
        summed = np.add.reduce(np.multiply(upstream, partial), axis=axes)
        return put(summed.reshape(wrt), out)

    spelled = "{g}" if constant == 1.0 else "({g} * {p})"
    return Rule(
        "elementwise",
        apply,
        "Σ {g}" if constant == 1.0 else "Σ {g} ⊙ {p}",
        _reshaped(f"{spelled}.sum(axis={_axes(axes)})", of, wrt, axes),
        of=letters,
        wrt=wrt_letters,
        p=letters if constant is None else "",
    )


def _axes(axes: Sequence[int]) -> str:
    return str(axes[0]) if len(axes) == 1 else str(tuple(axes))


def _reshaped(code: str, of: Shape, wrt: Shape, axes: Sequence[int]) -> str:
    left = tuple(size for axis, size in enumerate(of) if axis not in axes)
    return code if left == wrt else f"{code}.reshape({wrt})"


# --- summed up --------------------------------------------------------------------------------------------------------


@kept(256)
def spread(wrt: Shape, axes: tuple[int, ...], *, keepdims: bool, constant: bool) -> Rule:
    """Back from a sum, a mean or a largest over `axes`: the gradient is spread over the entries that went into it.

    The local partial has the input's shape, or is one number where it is `constant`.
    Equation: contribution[wrt] = g[of] · p[wrt].
    """
    letters, lone = letters_of(wrt), iter(_LONE_LETTERS)
    of = "".join((next(lone) if keepdims else "") if axis in axes else letter for axis, letter in enumerate(letters))
    kept_shape = tuple(1 if axis in axes else size for axis, size in enumerate(wrt))

    def apply(upstream: Array, partial: Any, out: Array | None = None) -> Array:
        if out is None:
            out = np.empty(wrt)
        np.multiply(np.reshape(upstream, kept_shape), partial, out)
        return out

    code = "{g}" if keepdims or len(axes) == len(wrt) else f"{{g}}.reshape({kept_shape})"
    numpy = f"np.full({wrt}, {code} * {{p}})" if constant else f"{code} * {{p}}"
    return Rule("spread", apply, "{g} ⊙ {p}", numpy, of=of, wrt=letters, p="" if constant else letters)


# --- moved ------------------------------------------------------------------------------------------------------------


def gather(source: Indices, wrt: Shape, numpy: str, back: Callable[[Array], Array] | None = None) -> Rule:
    """Back from entries that were only moved: each entry of the gradient returns to where its value came from.

    `source` has the output's shape: the place in the flat input of each entry, −1 where it comes from elsewhere. What
    was taken several times gets all of their sum. `back` does the same where there is a shorter way.
    Equation: contribution[wrt] = Σ g[of], over the entries that came from it.
    """
    flat, size = source.ravel(), math.prod(wrt)
    here = np.flatnonzero(flat >= 0)
    places = flat[here]

    def apply(upstream: Array, _one: Any, out: Array | None = None) -> Array:
        if back is not None:
            return put(back(upstream), out)
        return put(np.bincount(places, np.ravel(upstream)[here], size).reshape(wrt), out)

    return Rule("gather", apply, "moved({g})", numpy, of="", wrt="", p="", source_map=source)


# --- products ---------------------------------------------------------------------------------------------------------


def _outer(upstream: Array, partial: Array, out: Array | None = None) -> Array:
    """For x (n) · W (n, c): contribution[i, j] = x[i] · g[j]."""
    return put(np.multiply.outer(partial, upstream), out)


def _rows_times(upstream: Array, partial: Array, out: Array | None = None) -> Array:
    """For X (r, n) · v (n): contribution[r, i] = g[r] · v[i]."""
    return put(np.multiply.outer(upstream, partial), out)


def _columns_times(upstream: Array, partial: Array, out: Array | None = None) -> Array:
    """For X (r, n) · v (n): contribution[i] = Σ X[r, i] · g[r]."""
    return put(partial.T.dot(upstream), out)


def _through_matrix(upstream: Array, partial: Array, out: Array | None = None) -> Array:
    """For x (n) · W (n, c): contribution[i] = Σ g[j] · W[i, j]."""
    return put(partial.dot(upstream), out)


def _times(upstream: Array, partial: Array, out: Array | None = None) -> Array:
    """For u (n) · v (n): contribution[i] = g · v[i]."""
    return put(np.multiply(upstream, partial), out)


def _through_one_jacobian(upstream: Array, jacobian: Array, out: Array | None = None) -> Array:
    """contribution[j] = Σ_i g[i] · jacobian[i, j].   Shapes: (n), (n, n) → (n)."""
    return put(upstream.dot(jacobian), out)


# By the number of axes of the two factors: the rule of the first, and that of the second.
MATMUL: dict[tuple[int, int], tuple[Rule, Rule]] = {
    (2, 2): (MATMUL_RIGHT, MATMUL_LEFT),
    (1, 2): (
        Rule("matmul_right", _through_matrix, "{g} · {p}ᵀ", "{g} @ {p}.T", of="j", wrt="i", p="ij"),
        Rule("matmul_left", _outer, "{p}ᵀ · {g}", "np.outer({p}, {g})", of="j", wrt="ij", p="i"),
    ),
    (2, 1): (
        Rule("matmul_right", _rows_times, "{g} · {p}ᵀ", "np.outer({g}, {p})", of="r", wrt="ri", p="i"),
        Rule("matmul_left", _columns_times, "{p}ᵀ · {g}", "{p}.T @ {g}", of="r", wrt="i", p="ri"),
    ),
    (1, 1): (
        Rule("matmul_right", _times, "{g} · {p}", "{g} * {p}", of="", wrt="i", p="i"),
        Rule("matmul_left", _times, "{p} · {g}", "{p} * {g}", of="", wrt="i", p="i"),
    ),
}

JACOBIAN_OF_VECTOR = Rule("jacobian", _through_one_jacobian, "{g} · {p}", "{g} @ {p}", of="i", wrt="j", p="ij")
