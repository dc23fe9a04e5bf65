"""Sums, means, the largest and the smallest entry: over all axes, or along one.

out = Σ x, Σ x / n, max x, min x over `axes`; the gradient goes back to every entry (see `rules.spread`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.core.graph.ops import Array, Op, Partial
from app.core.graph.rules import Shape, spread


@dataclass(frozen=True, slots=True)
class Reduction:
    """A row. `reduce` is NumPy's ufunc method; `mean` divides by the number of entries; `picks` only the chosen count.

    `formula`, `words` are templates in {x}; `numpy` and `torch` name the functions of both libraries.
    """

    name: str
    formula: str
    reduce: Callable[..., Any]
    words: str
    numpy: str
    torch: str
    mean: bool = False
    picks: bool = False
    note: str = ""


_sum: Callable[..., Any] = np.add.reduce
_SHARED = "Where several are equal, they share it."
ROWS = (
    Reduction("sum", "Σ {x}", np.add.reduce, "Add up {x}", "np.sum", "torch.sum"),
    Reduction("mean", "Σ {x} / {n}", np.add.reduce, "Take the mean of {x}", "np.mean", "torch.mean", mean=True),
    Reduction(
        "max",
        "max({x})",
        np.maximum.reduce,
        "Take the largest of {x}",
        "np.max",
        "torch.amax",
        picks=True,
        note=_SHARED,
    ),
    Reduction(
        "min",
        "min({x})",
        np.minimum.reduce,
        "Take the smallest of {x}",
        "np.min",
        "torch.amin",
        picks=True,
        note=_SHARED,
    ),
)
REDUCTIONS = {row.name: row for row in ROWS}
_ALONG = {0: "down each column", 1: "along each row"}


def reduction_op(row: Reduction, shape: Shape, axis: int | None, *, keepdims: bool) -> tuple[Op, Shape]:
    """The row over all axes of `shape`, or along one, counted from 0; and the shape that comes out."""
    axes = tuple(range(len(shape))) if axis is None else (axis,)
    number = 1
    for each in axes:
        number *= shape[each]
    result = tuple(1 if place in axes else size for place, size in enumerate(shape) if keepdims or place not in axes)
    kept_shape = tuple(1 if place in axes else size for place, size in enumerate(shape))
    where = "" if axis is None or len(shape) == 1 else f", {_ALONG[axis]}"
    options = ("" if axis is None else f", axis={axis}") + (", keepdims=True" if keepdims else "")
    torch_options = ("" if axis is None else f", dim={axis}") + (", keepdim=True" if keepdims else "")
    if axis is None and keepdims:
        torch_options = f", dim={axes}, keepdim=True"
    return (
        Op(
            row.name,
            ("x",),
            "out",
            row.formula.replace("{n}", str(number)),
            _value(row, axis, number, keepdims=keepdims),
            (_partial(row, shape, axes, kept_shape, number, keepdims=keepdims),),
            _corner(row, axes) if row.picks else None,
            1,
            size=None if row.picks else _size(axis, number if row.mean else 1, keepdims=keepdims),
            note=row.note,
            numpy=f"{row.numpy}({{x}}{options})",
            torch=f"{row.torch}({{x}}{torch_options})",
            words=row.words + where,
        ),
        result,
    )


def _value(row: Reduction, axis: int | None, number: int, *, keepdims: bool) -> Callable[..., Any]:
    reduce = row.reduce
    if row.mean:
        return lambda x: reduce(x, axis, None, None, keepdims) / number
    return lambda x: reduce(x, axis, None, None, keepdims)


def _size(axis: int | None, number: int, *, keepdims: bool) -> Callable[..., Any]:
    return lambda x: _sum(np.abs(x), axis, None, None, keepdims) / number


def _partial(
    row: Reduction, shape: Shape, axes: tuple[int, ...], kept_shape: Shape, number: int, *, keepdims: bool
) -> Partial:
    rule = spread(shape, axes, keepdims=keepdims, constant=not row.picks)
    if not row.picks:
        formula, value = (f"1 / {number}", 1.0 / number) if row.mean else ("1", 1.0)
        return Partial("x", rule, formula, (), value, numpy=f"1 / {number}" if row.mean else "1.0")

    def shares(x: Array, out: Array) -> Any:
        chosen = (x == np.reshape(out, kept_shape)) * 1.0
        return chosen / _sum(chosen, axes, None, None, True)

    code = "{out}" if keepdims or len(axes) == len(shape) else f"{{out}}.reshape({kept_shape})"
    sum_options = f"axis={axes[0] if len(axes) == 1 else axes}, keepdims=True"
    spelled = f"({{x}} == {code}) / np.sum({{x}} == {code}, {sum_options})"
    return Partial("x", rule, "[{x} = {out}]", ("x", "out"), shares, row.note, numpy=spelled)


def _corner(row: Reduction, axes: tuple[int, ...]) -> Callable[..., Any]:
    """Which entries are the largest: where others are in another run, there is a corner between the two."""
    return lambda x: (x == row.reduce(x, axes, None, None, True)) * 1.0
