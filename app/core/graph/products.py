"""Matrix products of matrices and vectors, softmax along the last axis, and rows of other tables for all shapes.

out = A · B, where a vector is one row before a matrix, and one column behind it, as NumPy has it.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from app.core.graph.activations import ACTIVATIONS
from app.core.graph.costs import COSTS, log_softmax
from app.core.graph.ops import ELEMENTWISE, JACOBIAN, Array, Op, Partial
from app.core.graph.rules import JACOBIAN_OF_VECTOR, MATMUL, Shape

_WORDS = {
    (2, 2): "Multiply the matrices {a} and {b}: rows by columns",
    (1, 2): "Multiply {a} by each column of {b} and add up",
    (2, 1): "Multiply each row of {a} by {b} and add up",
    (1, 1): "Multiply {a} by {b} and add up",
}


def matmul(a: Shape, b: Shape) -> tuple[Op, Shape]:
    """A · B.   Shapes: (r, n) · (n, c) → (r, c), (n) · (n, c) → (c), (r, n) · (n) → (r), (n) · (n) → ().

    Raises: ValueError where the inner sizes differ.
    """
    if a[-1] != b[0]:
        raise ValueError("the inner sizes differ")
    of_a, of_b = MATMUL[len(a), len(b)]
    op = Op(
        "matmul",
        ("a", "b"),
        "out",
        "{a} · {b}",
        np.ndarray.dot,
        (
            Partial("a", of_a, "{b}", ("b",), None, numpy=""),
            Partial("b", of_b, "{a}", ("a",), None, numpy=""),
        ),
        takes_out=len(a) == len(b) == 2,
        work=1,
        size=lambda a, b: np.abs(a).dot(np.abs(b)),
        numpy="{a} @ {b}",
        torch="{a} @ {b}",
        words=_WORDS[len(a), len(b)],
    )
    return op, (*a[:-1], *b[1:])


# --- activations ------------------------------------------------------------------------------------------------------


def activation(name: str, shape: Shape, options: dict[str, float]) -> tuple[Op, Shape]:
    """An activation of that table, for any shape; softmax goes along the last axis.   Shapes: as they come."""
    row = ACTIVATIONS[name]
    op = row.op(options)
    if row.per_row:
        return (op if len(shape) == 2 else _of_vector(op)), shape
    return (op if shape else _of_number(op)), shape


def _lone(function: Callable[..., Any] | float | None) -> Any:
    """The same of single numbers: the functions of the tables put their results into arrays."""
    if not callable(function):
        return function
    return lambda *numbers: function(*[np.reshape(number, (1,)) for number in numbers])[0]


def _of_number(op: Op) -> Op:
    partials = tuple(replace(it, value=_lone(it.value)) for it in op.partials)
    return replace(op, value=_lone(op.value), partials=partials)


def _of_vector(op: Op) -> Op:
    """Softmax of one row."""
    (wrt,) = op.partials
    one: Any = wrt.value
    partial = replace(
        wrt, rule=JACOBIAN_OF_VECTOR, value=lambda a: one(a[None])[0], numpy="softmax_slope({a}[None])[0]"
    )
    return replace(
        op,
        value=lambda m: op.value(m[None])[0],
        partials=(partial,),
        numpy="softmax({m}[None])[0]",
        torch="torch.softmax({m}, dim=0)",
    )


def log_softmax_op(shape: Shape) -> tuple[Op, Shape]:
    """ln softmax(x) along the last axis, without taking the logarithm of a number that has rounded to 0."""
    lone = len(shape) == 1

    def value(x: Array) -> Array:
        return log_softmax(x[None])[0] if lone else log_softmax(x)

    def jacobian(out: Array) -> Array:
        """∂out_i/∂x_j = δ_ij − e^out_j.   Shapes: (r, n) → (r, n, n)."""
        rows = np.exp(out[None] if lone else out)
        full: Array = np.eye(rows.shape[1]) - rows[:, None, :]
        each = np.arange(rows.shape[1])
        full[:, each, each] = rows @ (1.0 - np.eye(rows.shape[1]))  # 1 − a_i as the sum of the others
        return full[0] if lone else full

    partial = Partial(
        "x",
        JACOBIAN_OF_VECTOR if lone else JACOBIAN,
        "1 − softmax({x})",
        ("out",),
        jacobian,
        "Each row of outputs has a matrix of its own: ∂out_i/∂x_j = δ_ij − exp(out_j).",
        ("1 − exp({out_wrt})", "−exp({out_wrt})"),
        numpy="log_softmax_slope({out}[None])[0]" if lone else "log_softmax_slope({out})",
    )
    op = Op(
        "log_softmax",
        ("x",),
        "out",
        "ln(exp({x}) / Σ exp({x}))",
        value,
        (partial,),
        numpy="log_softmax({x}[None])[0]" if lone else "log_softmax({x})",
        torch=f"torch.log_softmax({{x}}, dim={len(shape) - 1})",
        words="Take the logarithm of softmax of {x}",
        range=(-np.inf, 0.0),
    )
    return op, shape


# --- costs ------------------------------------------------------------------------------------------------------------


def cost(name: str, shape: Shape, reduction: str, behind: str | None) -> tuple[Op, Shape]:
    """A cost of that table, of outputs and targets of the same shape; a vector or a number is one example.

    `behind` is the activation that gives the outputs, where the two are to be fused (see `costs`): of matrices only.
    """
    if len(shape) == 2:
        rows, columns = shape
        return COSTS[name].op(reduction, (rows, columns), behind, rows="rows"), ()
    op = COSTS[name].op(reduction, (1, shape[0] if shape else 1), rows="rows")

    def as_rows(function: Any) -> Any:
        return lambda *arrays: function(*[np.reshape(array, (1, -1)) for array in arrays])

    def shaped(function: Any) -> Any:
        return lambda *arrays: np.reshape(function(*arrays), shape)

    partials = tuple(
        replace(
            it,
            value=shaped(as_rows(it.value)),
            rule=ELEMENTWISE,
            numpy=_of_row(it.numpy, shape) if it.numpy else "",
        )
        for it in op.partials
    )
    by_row = None if op.by_row is None else as_rows(op.by_row)
    return replace(
        op,
        value=as_rows(op.value),
        partials=partials,
        by_row=by_row,
        numpy=_of_row(op.numpy, None),
        torch=_of_row(op.torch, None),
    ), ()


def _of_row(code: str, shape: Shape | None) -> str:
    """Code for matrices, given a vector or a number: one row."""
    for slot in ("{a}", "{y}"):
        code = code.replace(slot, f"{slot}.reshape(1, -1)")
    return code if shape is None else f"({code}).reshape({shape})"


NUMPY = {
    "log_softmax_slope": '''def log_softmax_slope(out):
    """δ_ij - e^out_j by row; 1 - e^out_i as the sum of the others."""
    rows = np.exp(out)
    slope = -np.repeat(rows[:, None, :], rows.shape[1], axis=1)
    each = np.arange(rows.shape[1])
    slope[:, each, each] = rows @ (1 - np.eye(rows.shape[1]))
    return slope''',
}
