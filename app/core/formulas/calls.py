"""Every function that a line may call, a table: what it takes, and which node it makes.

Rows of the tables in `app.core.graph` are here by their names. To add a function that works entry by entry, add its row
there; one of another kind needs a row here too.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from app.core.formulas.values import Apply, Ref, Unfit, Value, demand_fit, elementwise, worded
from app.core.graph import arithmetic, moves, products, reductions
from app.core.graph.activations import ACTIVATIONS
from app.core.graph.costs import COSTS
from app.core.graph.costs import REDUCTIONS as COST_REDUCTIONS
from app.core.graph.rules import Shape


class Parameter(NamedTuple):
    """What a function takes. `kind` says how its argument is read; `default` ... means that there is none."""

    name: str
    kind: str = "value"
    default: Any = ...
    aliases: tuple[str, ...] = ()


class Comparison(NamedTuple):
    """A condition: two values and how they are compared."""

    sign: str
    left: Value
    right: Value


@dataclass(frozen=True)
class Call:
    """A row: `make` takes what makes a node, and the arguments in order. `words` and `example` are for who asks."""

    name: str
    parameters: tuple[Parameter, ...]
    make: Callable[..., Value]
    group: str
    words: str
    example: str

    @property
    def signature(self) -> str:
        """How it is called: "sum(x, axis=None, keepdims=False)"."""
        parts = [it.name if it.default is ... else f"{it.name}={it.default}" for it in self.parameters]
        return f"{self.name}({', '.join(parts)})"


_AXIS = Parameter("axis", "axis", None, ("dim",))
_KEEPDIMS = Parameter("keepdims", "flag", False, ("keepdim",))


def _elementwise(row: arithmetic.Function) -> Call:
    def make(apply: Apply, *values: Value) -> Value:
        return elementwise(row, values, apply)

    names = "x" if row.slots == ("x",) else ", ".join(row.slots)
    parameters = tuple(Parameter(slot) for slot in row.slots)
    words = _plain(row.words, row.slots)
    return Call(row.name, parameters, make, "Entry by entry", words, f"{row.name}({names})")


def _plain(words: str, slots: Sequence[str]) -> str:
    return words.format_map({slot: slot for slot in slots})


def _ref(value: Value, name: str) -> Ref:
    if not isinstance(value, Ref):
        raise Unfit(f"{name} of a mere number is that number; give it a name that has a value")
    return value


def _reduction(row: reductions.Reduction) -> Call:
    def make(apply: Apply, x: Value, axis: int | None, keepdims: bool) -> Value:
        ref = _ref(x, row.name)
        place = None if axis is None else along(axis, ref.shape, row.name)
        return apply(reductions.reduction_op(row, ref.shape, place, keepdims=keepdims), [ref])

    example = f"{row.name}(x, axis=1)"
    return Call(row.name, (Parameter("x"), _AXIS, _KEEPDIMS), make, "Over entries", _plain(row.words, "x"), example)


def along(axis: int, shape: Shape, name: str) -> int:
    """The axis counted from 0.   Raises: Unfit, where there is none of that number."""
    if not -len(shape) <= axis < len(shape):
        there = {0: "a number has no axis", 1: "a vector has axis 0 only", 2: "a matrix has the axes 0 and 1"}
        two = f"; of two values it is {name}imum(a, b)" if name in ("max", "min") and not shape else ""
        raise Unfit(f"{name} along axis {axis}: {there[len(shape)]}{two}")
    return axis % len(shape)


def _activation(name: str) -> Call:
    row = ACTIVATIONS[name]

    def make(apply: Apply, x: Value, *rest: Any) -> Value:
        ref = _ref(x, name)
        options = dict(zip(row.options, rest, strict=False))
        if row.per_row:
            _demand_last(rest[-1], ref, name)
        return apply(products.activation(name, ref.shape, options), [ref])

    extra = [
        Parameter(option, "number", default, ("negative_slope",) if option == "slope" else ())
        for option, default in row.options.items()
    ]
    if row.per_row:
        extra.append(_AXIS)
    words = (row.words or f"Put every entry of {{m}} through {name.replace('_', ' ')}").format(m="x")
    return Call(name, (Parameter("x"), *extra), make, "Activations", words, f"{name}(x)")


def _demand_last(axis: int | None, ref: Ref, name: str) -> None:
    if not ref.shape:
        raise Unfit(f"{name} of a single number is the same whatever the number; give it a vector or a matrix")
    if axis is not None and along(axis, ref.shape, name) != len(ref.shape) - 1:
        raise Unfit(f"{name} goes along the last axis; turn the matrix before and after: {name}(x.T).T")


def _log_softmax(apply: Apply, x: Value, axis: int | None) -> Value:
    ref = _ref(x, "log_softmax")
    _demand_last(axis, ref, "log_softmax")
    return apply(products.log_softmax_op(ref.shape), [ref])


def _cost(name: str) -> Call:
    def make(apply: Apply, a: Value, y: Value, reduction: str) -> Value:
        outputs, targets = _ref(a, name), _ref(y, name)
        if outputs.shape != targets.shape:
            detail = f"{name} compares {worded(outputs.shape)} with {worded(targets.shape)}"
            raise Unfit(f"{detail}; outputs and targets must have the same shape")
        return apply(products.cost(name, outputs.shape, reduction, None), [outputs, targets])

    reduction = Parameter("reduction", "choice:" + ",".join(COST_REDUCTIONS), "mean")
    words = f"Compare outputs with targets: {COSTS[name].formula.format(a='a', y='y', K='K', m='m')}"
    return Call(name, (Parameter("a"), Parameter("y"), reduction), make, "Costs", words, f"{name}(a, y)")


def matmul(apply: Apply, a: Value, b: Value) -> Value:
    """A @ B.   Raises: Unfit, where the sizes do not."""
    if not (isinstance(a, Ref) and isinstance(b, Ref)) or not (a.shape and b.shape):
        raise Unfit("`@` multiplies matrices and vectors; a product with a number is written with `*`")
    if a.shape[-1] != b.shape[0]:
        sizes = f"the inner sizes {a.shape[-1]} and {b.shape[0]} differ"
        detail = f"{worded(a.shape)} @ {worded(b.shape)}: {sizes}"
        if a.shape == b.shape:
            raise Unfit(f"{detail}; for a product entry by entry write `*`, for one of rows by rows `@` and `.T`")
        if len(b.shape) == 2 and a.shape[-1] == b.shape[1]:
            raise Unfit(f"{detail}; with `.T` behind the second they fit")
        if len(a.shape) == 2 and a.shape[0] == b.shape[0]:
            raise Unfit(f"{detail}; with the first one turned, by `.T`, they fit")
        raise Unfit(f"{detail}; they must be the same")
    demand_fit((*a.shape[:-1], *b.shape[1:]))
    return apply(products.matmul(a.shape, b.shape), [a, b])


def _transpose(apply: Apply, x: Value) -> Value:
    ref = _ref(x, "transpose")
    # As in NumPy, what has one axis, or none, stays as it is.
    return apply(moves.transpose(ref.shape), [ref]) if len(ref.shape) == 2 else ref


def _reshape(apply: Apply, x: Value, shape: tuple[int, ...]) -> Value:
    ref = _ref(x, "reshape")
    demand_axes = [size for size in shape if size != -1]
    if len(shape) > 2:
        raise Unfit(f"reshape to {len(shape)} axes; values have two at most")
    if any(size < 1 for size in demand_axes) or len(shape) - len(demand_axes) > 1:
        raise Unfit("the sizes of a shape are 1 or more; one of them may be -1, for what is left")
    try:
        return apply(moves.reshape(ref.shape, shape), [ref])
    except ValueError:
        entries = 1
        for size in ref.shape:
            entries *= size
        raise Unfit(f"{worded(ref.shape)} has {entries} entries, and {worded(shape)} holds others") from None


def _joined(name: str, op: Callable[..., Any]) -> Callable[..., Value]:
    def make(apply: Apply, values: Sequence[Value], axis: int) -> Value:
        refs = [_ref(value, name) for value in values]
        shapes = [ref.shape for ref in refs]
        listed = " and ".join(worded(shape) for shape in dict.fromkeys(shapes))
        if name == "stack":
            if len({*shapes}) > 1:
                raise Unfit(f"stack of {listed}: all must have the same shape")
            if len(shapes[0]) == 2:
                raise Unfit("stack of matrices would have three axes; put them together with concat")
            place = along(axis, (*shapes[0], len(shapes)), name)
        else:
            if len({len(shape) for shape in shapes}) > 1 or not shapes[0]:
                raise Unfit(f"concat of {listed}: vectors go with vectors, matrices with matrices")
            place = along(axis, shapes[0], name)
            if len({shape[1 - place] for shape in shapes if len(shape) == 2}) > 1:
                raise Unfit(f"concat of {listed} along axis {place}: the other axis must be equally long")
        made = op(shapes, place)
        demand_fit(made[1])
        return apply(made, refs)

    return make


def _windows(apply: Apply, x: Value, rows: int, columns: int) -> Value:
    ref = _ref(x, "windows")
    if len(ref.shape) != 2 or not 1 <= rows <= ref.shape[0] or not 1 <= columns <= ref.shape[1]:
        raise Unfit(f"windows of {rows} × {columns} do not fit into {worded(ref.shape)}; they are taken of a matrix")
    demand_fit(((ref.shape[0] - rows + 1) * (ref.shape[1] - columns + 1), rows * columns))
    return apply(moves.windows(ref.shape, rows, columns), [ref])


def _where(apply: Apply, condition: Comparison, u: Value, v: Value) -> Value:
    return elementwise(arithmetic.where(condition.sign), [condition.left, condition.right, u, v], apply)


def _clip(apply: Apply, x: Value, low: Value, high: Value) -> Value:
    return elementwise(arithmetic.CLIP, [x, low, high], apply)


_MOVED = "Moved"
_ROWS = (
    *(_elementwise(row) for row in arithmetic.ROWS),
    Call(
        "where",
        (Parameter("condition", "condition"), Parameter("u"), Parameter("v")),
        _where,
        "Entry by entry",
        "Take u where the condition holds, and v elsewhere",
        "where(a > b, u, v)",
    ),
    Call(
        "clip",
        (
            Parameter("x"),
            Parameter("low", aliases=("a_min", "min")),
            Parameter("high", aliases=("a_max", "max")),
        ),
        _clip,
        "Entry by entry",
        "Keep x between low and high",
        "clip(x, 0, 1)",
    ),
    *(_activation(name) for name in ACTIVATIONS),
    Call("log_softmax", (Parameter("x"), _AXIS), _log_softmax, "Activations", "ln softmax(x)", "log_softmax(x)"),
    *(_reduction(row) for row in reductions.ROWS),
    Call("matmul", (Parameter("a"), Parameter("b")), matmul, "Products", "The same as a @ b", "matmul(a, b)"),
    Call(
        "transpose",
        (Parameter("x"),),
        _transpose,
        _MOVED,
        "Rows become columns, as x.T; of a vector it is the vector",
        "transpose(x)",
    ),
    Call(
        "reshape",
        (Parameter("x"), Parameter("shape", "shape", aliases=("newshape",))),
        _reshape,
        _MOVED,
        "The same entries, read line by line, in another shape",
        "reshape(x, (2, 3))",
    ),
    Call(
        "concat",
        (Parameter("values", "values"), Parameter("axis", "axis", 0, ("dim",))),
        _joined("concat", moves.concat),
        _MOVED,
        "One behind the other",
        "concat([a, b], axis=1)",
    ),
    Call(
        "stack",
        (Parameter("values", "values"), Parameter("axis", "axis", 0, ("dim",))),
        _joined("stack", moves.stack),
        _MOVED,
        "Numbers as a vector, vectors as the rows of a matrix",
        "stack([a, b])",
    ),
    Call(
        "windows",
        (Parameter("x"), Parameter("rows", "whole"), Parameter("columns", "whole")),
        _windows,
        _MOVED,
        "Each window of a picture as a row: a convolution is then a product",
        "windows(x, 3, 3)",
    ),
    *(_cost(name) for name in COSTS),
)

CALLS: dict[str, Call] = {row.name: row for row in _ROWS}
# What others call the same.
ALIASES: Mapping[str, str] = {
    "absolute": "abs",
    "fabs": "abs",
    "pow": "power",
    "float_power": "power",
    "true_divide": "divide",
    "mul": "multiply",
    "sub": "subtract",
    "div": "divide",
    "neg": "negative",
    "amax": "max",
    "amin": "min",
    "concatenate": "concat",
    "cat": "concat",
    "dot": "matmul",
    "mm": "matmul",
    "t": "transpose",
    "clamp": "clip",
    "view": "reshape",
    "swish": "silu",
    "mse": "mean_squared_error",
}
# What people try, and what there is for it.
INSTEAD: Mapping[str, str] = {
    "ln": "log(x)",
    "log2": "log(x) / log(2)",
    "log10": "log(x) / log(10)",
    "expm1": "exp(x) - 1",
    "tan": "sin(x) / cos(x)",
    "sinh": "(exp(x) - exp(-x)) / 2",
    "cosh": "(exp(x) + exp(-x)) / 2",
    "σ": "sigmoid(x)",
    "sigma": "sigmoid(x)",
    "logistic": "sigmoid(x)",
    "norm": "sqrt(sum(x ** 2))",
    "var": "mean((x - mean(x)) ** 2)",
    "std": "sqrt(mean((x - mean(x)) ** 2))",
    "prod": "exp(sum(log(x))), for positive numbers",
    "outer": "a[:, None] * b",
    "trace": "sum(A * I), with the unit matrix I among the constants",
    "cumsum": "x @ U, with a triangular matrix of 1 among the constants",
    "inv": "the numbers of the inverse: it has no row here",
    "sorted": "the entries in the order that they should have: x[2], x[0], …",
    "sort": "the entries in the order that they should have: x[2], x[0], …",
    "exp2": "2 ** x",
    "permute": "A.T",
    "unsqueeze": "x[:, None]",
    "array": "stack([a, b]) for values; numbers get a line of their own: W = [[1, 2], [3, 4]]",
    "backward": "nothing: the backward pass follows by itself",
    "softmax_cross_entropy": "cross_entropy_from_logits(z, y)",
    "binary_cross_entropy_with_logits": "binary_cross_entropy_from_logits(z, y)",
    "CrossEntropyLoss": "cross_entropy_from_logits(z, y)",
    "MSELoss": "mean_squared_error(a, y)",
    "mse_loss": "mean_squared_error(a, y)",
    "l1_loss": "mean(abs(a - y))",
    "L1Loss": "mean(abs(a - y))",
    "mae": "mean(abs(a - y))",
    "huber_loss": "huber(a, y), the sum over a row; for another δ write d ** 2 * huber(a / d, y / d)",
    "smooth_l1_loss": "huber(a, y), the sum over a row",
    "hinge_loss": "hinge(a, y), with targets −1 and 1",
    "kl_div": "kl_divergence(a, y), with the probabilities a themselves",
    "logsumexp": "log(sum(exp(x)))",
    "einsum": "a @ b, with .T where it is needed",
    "hstack": "concat([a, b], axis=1)",
    "vstack": "concat([a, b], axis=0)",
    "flatten": "reshape(x, -1)",
    "ravel": "reshape(x, -1)",
    "squeeze": "reshape(x, -1)",
    "expand_dims": "x[:, None]",
    "sign": "where(x > 0, 1, -1)",
    "heaviside": "where(x > 0, 1, 0)",
    "elu": "where(x > 0, x, exp(x) - 1)",
    "layer_norm": "(x - mean(x, axis=1, keepdims=True)) / sqrt(…)",
    "tril": "a matrix of 0 and 1 among the constants",
    "triu": "a matrix of 0 and 1 among the constants",
    "eye": "a matrix among the constants",
    "zeros": "a matrix among the constants",
    "ones": "a matrix among the constants",
    "arange": "a list among the constants",
    "rand": "numbers of your own among the parameters",
    "randn": "numbers of your own among the parameters",
    "normal": "numbers of your own among the parameters",
    "print": "nothing: every number is shown anyway",
    "len": "the number itself",
    "range": "a line for each turn",
    "argmax": "max(x): a place has no gradient",
    "round": "the number as it is: a step has no gradient",
    "floor": "the number as it is: a step has no gradient",
    "erf": "gelu(x), which has it inside",
    "dropout": "x * mask, with a mask of 0 and 1 among the constants",
    "conv2d": "windows(x, 3, 3) @ kernel",
    "max_pool2d": "max(windows(x, 2, 2), axis=1)",
    "float": "the number itself",
    "float64": "the value itself: every number is a float64",
    "int": "the number itself",
    "tensor": "a line of its own: W = [[1, 2], [3, 4]]",
}
# Functions of torch.nn.functional that have a name of ours and compute something else.
OTHERWISE_IN_TORCH: Mapping[str, str] = {
    "cross_entropy": "takes what comes before softmax; write cross_entropy_from_logits(z, y)",
    "binary_cross_entropy": "is the mean over all entries; write mean(-(y * log(a) + (1 - y) * log(1 - a)))",
}
