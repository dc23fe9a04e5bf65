"""Ops that compute: arithmetic, activations, products, sums, normalizations. What has numbers alone is computed."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from app.models.moves import axes_of, axis_of, moved, shape_of
from app.models.onnx_file import Node, refused
from app.models.reader import Comparison, Reader
from app.models.sheet import Argument, Entries, Known, Operand, Sheet, Tensor

Op = Callable[[Reader, Node], Any]
_ROOT_HALF = math.sqrt(0.5)
# torch takes softplus(x) as x from here on; they differ by 2e-9.
_SOFTPLUS_THRESHOLD = 15.0


# --- entry by entry ---------------------------------------------------------------------------------------------------


def applied(
    reader: Reader, op: str, template: str, operands: Sequence[Operand], value: Any, **options: float
) -> Operand:
    """The computation; `value` is NumPy's, of numbers that are all there.   Raises: Unprocessable."""
    if not any(isinstance(it, Tensor) for it in operands):
        reader.sheet.broadcast(operands)
        numbers = [it.astype(np.int64) if it.dtype.kind == "b" else it for it in operands if not isinstance(it, Tensor)]
        try:
            with np.errstate(all="ignore"):
                return np.asarray(value(*numbers))
        except (TypeError, ValueError, ArithmeticError):  # a whole number to a power below 0, for one
            raise refused(f"{reader.sheet.what} cannot be computed from the numbers in the file") from None
    made = reader.sheet.elementwise(op, template, operands, **options)
    _recognized(reader.sheet)
    return made


def _recognized(sheet: Sheet) -> None:
    """x · (1 + erf(x/√2)) / 2 is gelu, x · sigmoid(x) is silu: the last value, if it is one of these."""
    value = sheet.values[-1]
    if value.op not in ("multiply", "divide"):
        return
    coefficient, found = _factors(sheet, value.entries)
    if len(found) != 2:
        return
    for x, other in (found, found[::-1]):
        about = sheet.whole(other)
        if about is None:
            continue
        if about.op == "sigmoid" and coefficient == 1.0 and _same(about.arguments[0], x):
            sheet.values[-1] = value._replace(op="silu", template="silu({0})", arguments=(x,))
        elif about.op == "add" and math.isclose(coefficient, 0.5, rel_tol=1e-6) and _is_erf(sheet, about.arguments, x):
            sheet.values[-1] = value._replace(op="gelu", template="gelu({0})", arguments=(x,))


def _factors(sheet: Sheet, at: Argument, deep: int = 3) -> tuple[float, list[Entries]]:
    """A product as a number and what else is multiplied, so many products deep."""
    if isinstance(at, float):
        return at, []
    value = sheet.whole(at) if deep else None
    if value is not None and value.op == "multiply":
        (a, left), (b, right) = (_factors(sheet, it, deep - 1) for it in value.arguments)
        return a * b, [*left, *right]
    if value is not None and value.op == "divide" and isinstance(value.arguments[1], float) and value.arguments[1]:
        a, left = _factors(sheet, value.arguments[0], deep - 1)
        return a / value.arguments[1], left
    return 1.0, [at]


def _is_erf(sheet: Sheet, added: Sequence[Argument], x: Entries) -> bool:
    for one, erf in (added, added[::-1]):
        value = None if isinstance(erf, float) else sheet.whole(erf)
        if isinstance(one, float) and one == 1.0 and value is not None and value.op == "erf":
            coefficient, found = _factors(sheet, value.arguments[0])
            return len(found) == 1 and _same(found[0], x) and math.isclose(coefficient, _ROOT_HALF, rel_tol=1e-6)
    return False


def _same(one: Argument, other: Argument) -> bool:
    return np.array_equal(one, other)


def _unary(op: str, template: str, value: Any) -> Op:
    return lambda reader, node: applied(reader, op, template, [reader.operand(node, 0)], value)


def _binary(op: str, template: str, value: Any) -> Op:
    def make(reader: Reader, node: Node) -> Operand:
        return applied(reader, op, template, [reader.operand(node, 0), reader.operand(node, 1)], value)

    return make


def _divided(a: Known, b: Known) -> Known:
    if a.dtype.kind == "f" or b.dtype.kind == "f":
        return a / b
    return np.where(b == 0, 0, np.trunc(a / np.where(b == 0, 1, b))).astype(np.int64)


def _gathered(op: str, template: str, value: Any) -> Op:
    """Of several operands, two at a time."""

    def make(reader: Reader, node: Node) -> Operand:
        found = reader.operand(node, 0)
        for place in range(1, len(node.inputs)):
            found = applied(reader, op, template, [found, reader.operand(node, place)], value)
        if node.op == "Mean":
            found = applied(reader, "divide", "{0} / {1}", [found, np.array(float(len(node.inputs)))], np.divide)
        return found

    return make


def _activation(op: str, template: str, value: Any, **defaults: float) -> Op:
    """With numbers of the node's own in the template, by name; NumPy's function takes them by name too."""

    def make(reader: Reader, node: Node) -> Operand:
        numbers = {name: node.attributes.number(name, default) for name, default in defaults.items()}
        told = {name: written_number(number) for name, number in numbers.items()}
        told["times_alpha"] = "" if numbers.get("alpha") == 1.0 else f"{told.get('alpha')} * "
        options = {"slope": numbers["alpha"]} if op == "leaky_relu" else {}
        filled = template.format("{0}", **told)
        return applied(reader, op, filled, [reader.operand(node, 0)], lambda x: value(x, **numbers), **options)

    return make


def written_number(number: float) -> str:
    """As a line has it: 2, 0.5, (-1e-05)."""
    text = repr(number).removesuffix(".0")
    return f"({text})" if text.startswith("-") else text


def _gelu(reader: Reader, node: Node) -> Operand:
    if node.attributes.word("approximate", "none") == "tanh":
        template = "{0} * (1 + tanh(0.7978845608028654 * ({0} + 0.044715 * {0} ** 3))) / 2"
        return applied(reader, "gelu_tanh", template, [reader.tensor(node, 0)], None)
    return applied(reader, "gelu", "gelu({0})", [reader.tensor(node, 0)], None)


def _prelu(reader: Reader, node: Node) -> Operand:
    operands = [reader.tensor(node, 0), reader.operand(node, 1)]
    return applied(reader, "prelu", "where({0} > 0, {0}, {1} * {0})", operands, None)


def _clip(reader: Reader, node: Node) -> Operand:
    ends: list[Operand | None] = []
    for place, name in ((1, "min"), (2, "max")):
        if reader.has(node, place):
            ends.append(reader.known(node, place, name))
        else:
            ends.append(np.array(node.attributes.number(name, 0.0)) if name in node.attributes else None)
    found = reader.operand(node, 0)
    low, high = ends
    if low is not None and high is not None:
        return applied(reader, "clip", "clip({0}, {1}, {2})", [found, low, high], np.clip)
    if low is not None:
        return applied(reader, "maximum", "maximum({0}, {1})", [found, low], np.maximum)
    return found if high is None else applied(reader, "minimum", "minimum({0}, {1})", [found, high], np.minimum)


def _compared(sign: str, value: Any) -> Op:
    def make(reader: Reader, node: Node) -> Known | Comparison:
        left, right = reader.operand(node, 0), reader.operand(node, 1)
        if isinstance(left, Tensor) or isinstance(right, Tensor):
            return Comparison(sign, left, right)
        reader.sheet.broadcast([left, right])
        return np.asarray(value(left, right))

    return make


_OPPOSITE = {">": "<=", "<": ">=", ">=": "<", "<=": ">", "==": "!=", "!=": "=="}


def _not(reader: Reader, node: Node) -> Known | Comparison:
    found = reader.condition(node, 0)
    return found._replace(sign=_OPPOSITE[found.sign]) if isinstance(found, Comparison) else ~found.astype(bool)


def _where(reader: Reader, node: Node) -> Operand:
    condition, u, v = reader.condition(node, 0), reader.operand(node, 1), reader.operand(node, 2)
    if isinstance(condition, Comparison):
        found = _softplus(reader.sheet, condition, u, v)
        if found is not None:
            reader.note("a softplus with a threshold, as PyTorch writes it, is read as softplus itself")
            return found
        template = f"where({{0}} {condition.sign} {{1}}, {{2}}, {{3}})"
        return applied(reader, "where", template, [condition.left, condition.right, u, v], None)
    truth = condition.astype(bool)
    shape = reader.sheet.broadcast([truth, u, v])
    if not isinstance(u, Tensor) and not isinstance(v, Tensor):
        return np.where(truth, u, v)
    u, v = reader.sheet.tensor(u), reader.sheet.tensor(v)
    return Tensor(np.broadcast_to(np.where(truth, u.at, v.at), shape).copy())


def _softplus(sheet: Sheet, condition: Comparison, u: Operand, v: Operand) -> Tensor | None:
    """where(x > threshold, x, softplus(x)), as softplus(x)."""
    x, threshold = condition.left, condition.right
    if condition.sign != ">" or isinstance(threshold, Tensor) or threshold.size != 1:
        return None
    if not (isinstance(x, Tensor) and isinstance(u, Tensor) and isinstance(v, Tensor) and _same(x.at, u.at)):
        return None
    value = sheet.of(int(v.at.flat[0]))
    fits = (
        value.op == "softplus" and value.entries.size == v.at.size and float(threshold.flat[0]) >= _SOFTPLUS_THRESHOLD
    )
    if not fits or isinstance(value.arguments[0], float):
        return None
    argument = np.broadcast_to(value.arguments[0], value.shape).ravel()
    return v if _same(argument[v.at.ravel() - value.start], x.at.ravel()) else None


def _trilu(reader: Reader, node: Node) -> Operand:
    operand = reader.operand(node, 0)
    k = int(reader.known(node, 1, "diagonal").flat[0]) if reader.has(node, 1) else 0
    sizes = shape_of(operand)
    if len(sizes) < 2:
        raise refused(f"{node.label} takes matrices")
    kept = (np.triu if node.attributes.whole("upper", 1) else np.tril)(np.ones(sizes[-2:], bool), k)
    if not isinstance(operand, Tensor):
        return np.where(kept, operand, np.zeros((), operand.dtype))
    return Tensor(np.where(kept, operand.at, reader.sheet.number(0.0)))


# --- products ---------------------------------------------------------------------------------------------------------


def _matmul(reader: Reader, node: Node) -> Operand:
    a, b = reader.tensor(node, 0).at, reader.tensor(node, 1).at
    if not a.ndim or not b.ndim:
        raise refused(f"{node.label} multiplies a number; Mul does that")
    left, right = (a[None] if a.ndim == 1 else a), (b[:, None] if b.ndim == 1 else b)
    if left.shape[-1] != right.shape[-2]:
        raise refused(f"{node.label} multiplies {a.shape} by {b.shape}; the inner sizes must be the same")
    made = _product(reader, node, left, right)
    made = made[..., 0, :] if a.ndim == 1 else made
    return Tensor(made[..., 0] if b.ndim == 1 else made)


def _product(reader: Reader, node: Node, a: Entries, b: Entries) -> Entries:
    """Of stacks of matrices."""
    (rows, inner), columns = a.shape[-2:], b.shape[-1]
    stack = np.broadcast_shapes(a.shape[:-2], b.shape[:-2]) if _fit(a, b) else ()
    if not _fit(a, b) or math.prod(stack) > 256:
        raise refused(
            f"{node.label} multiplies stacks of matrices {a.shape} and {b.shape}; at most 256 that fit are read"
        )
    if math.prod(b.shape[:-2]) == 1:
        made = reader.sheet.matmul(a.reshape(-1, inner), b.reshape(inner, columns))
        return made.reshape(*stack, rows, columns)
    left = np.broadcast_to(a, (*stack, rows, inner)).reshape(-1, rows, inner)
    right = np.broadcast_to(b, (*stack, inner, columns)).reshape(-1, inner, columns)
    made = np.stack([reader.sheet.matmul(one, other) for one, other in zip(left, right, strict=True)])
    return made.reshape(*stack, rows, columns)


def _fit(a: Entries, b: Entries) -> bool:
    try:
        np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    except ValueError:
        return False
    return True


def _gemm(reader: Reader, node: Node) -> Operand:
    a, b = reader.tensor(node, 0).at, reader.tensor(node, 1).at
    a = a.T if node.attributes.whole("transA", 0) else a
    b = b.T if node.attributes.whole("transB", 0) else b
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[0]:
        raise refused(f"{node.label} multiplies {a.shape} by {b.shape}; the inner sizes must be the same")
    name = reader.sheet.name
    if reader.has(node, 2):
        reader.sheet.name = f"{name}_product"
    made: Operand = _times(reader, Tensor(reader.sheet.matmul(a, b)), node.attributes.number("alpha", 1.0))
    if not reader.has(node, 2):
        return made
    reader.sheet.name = name
    added = _times(reader, reader.operand(node, 2), node.attributes.number("beta", 1.0))
    return applied(reader, "add", "{0} + {1}", [made, added], np.add)


def _times(reader: Reader, operand: Operand, number: float) -> Operand:
    if number == 1.0:
        return operand
    return applied(reader, "multiply", "{1} * {0}", [operand, np.array(number)], np.multiply)


# --- along axes -------------------------------------------------------------------------------------------------------


def reduced(reader: Reader, operand: Operand, axes: Sequence[int] | None, name: str, *, keepdims: bool) -> Operand:
    """The sum, mean, max or min over axes, all of them for None."""
    sizes = shape_of(operand)
    gone = sorted(range(len(sizes)) if axes is None else {*axes})
    if not isinstance(operand, Tensor):
        return np.asarray(getattr(np, name)(operand, axis=tuple(gone), keepdims=keepdims))
    kept = [it for it in range(len(sizes)) if it not in gone]
    rows = math.prod(sizes[it] for it in kept)
    if rows == operand.at.size:  # of one entry each
        return Tensor(operand.at.reshape([size for k, size in enumerate(sizes) if keepdims or k in kept]))
    at = operand.at.transpose([*kept, *gone]).reshape(rows, -1)
    made = _reduced_rows(reader.sheet, at, name, keepdims)
    return Tensor(made.reshape([1 if it in gone else sizes[it] for it in range(len(sizes)) if keepdims or it in kept]))


def _reduced_rows(sheet: Sheet, at: Entries, name: str, keepdims: bool) -> Entries:
    if len(at) == 1:
        flat = at.ravel()
        value = sheet.of(int(flat[0]))
        is_whole = len(flat) == value.entries.size and _same(np.sort(flat), value.entries.ravel())
        return sheet.computed(name, f"{name}({{0}})", [value.entries if is_whole else flat], ())
    if sheet.whole(at) is None and sheet.whole(at.T) is not None:
        return sheet.computed(name, f"{name}({{0}}, axis=0)", [at.T], (len(at),))
    if keepdims:
        return sheet.computed(name, f"{name}({{0}}, axis=1, keepdims=True)", [at], (len(at), 1))
    return sheet.computed(name, f"{name}({{0}}, axis=1)", [at], (len(at),))


def _reduction(name: str, before: str = "", after: str = "") -> Op:
    def make(reader: Reader, node: Node) -> Operand:
        found = reader.operand(node, 0)
        axes = axes_of(reader, node, 1)
        if not axes and node.attributes.whole("noop_with_empty_axes", 0):
            return found
        places = None if not axes else [axis_of(node, it, len(shape_of(found))) for it in axes]
        if before:
            found = applied(reader, before, f"{before}({{0}})", [found], getattr(np, before))
        found = reduced(reader, found, places, name, keepdims=bool(node.attributes.whole("keepdims", 1)))
        return applied(reader, after, f"{after}({{0}})", [found], getattr(np, after)) if after else found

    return make


def softmax(reader: Reader, operand: Operand, axis: int, op: str = "softmax") -> Operand:
    """Along one axis."""
    at = np.moveaxis(reader.sheet.tensor(operand).at, axis, -1)
    rows = at if at.ndim == 1 else at.reshape(-1, at.shape[-1])
    made = reader.sheet.computed(op, f"{op}({{0}})", [rows], rows.shape)
    return Tensor(np.moveaxis(made.reshape(at.shape), -1, axis))


def _softmax(op: str) -> Op:
    def make(reader: Reader, node: Node) -> Operand:
        tensor = reader.tensor(node, 0)
        axes = tensor.at.ndim
        if not axes:
            raise refused(f"{node.label} takes a single number")
        if reader.opset >= 13:
            return softmax(reader, tensor, axis_of(node, node.attributes.whole("axis", -1), axes), op)
        axis = axis_of(node, node.attributes.whole("axis", 1), axes)
        rows = Tensor(tensor.at.reshape(math.prod(tensor.at.shape[:axis]), -1))
        return moved(softmax(reader, rows, 1, op), lambda it: it.reshape(tensor.at.shape))

    return make


def _layer_normalization(reader: Reader, node: Node) -> Operand:
    x = reader.tensor(node, 0)
    axes = range(axis_of(node, node.attributes.whole("axis", -1), x.at.ndim), x.at.ndim)
    name, sheet = reader.sheet.name, reader.sheet
    sheet.name = f"{name}_mean"
    mean = reduced(reader, x, axes, "mean", keepdims=True)
    sheet.name = f"{name}_centered"
    centered = sheet.elementwise("subtract", "{0} - {1}", [x, mean])
    sheet.name = f"{name}_square"
    square = sheet.elementwise("square", "square({0})", [centered])
    sheet.name = f"{name}_variance"
    variance = reduced(reader, square, axes, "mean", keepdims=True)
    sheet.name = f"{name}_scaled"
    epsilon = written_number(node.attributes.number("epsilon", 1e-5))
    found: Operand = sheet.elementwise("normalized", f"{{0}} / sqrt({{1}} + {epsilon})", [centered, variance])
    return _affine(reader, node, found, name)


def _affine(reader: Reader, node: Node, found: Operand, name: str) -> Operand:
    reader.sheet.name = name
    operands = [found, reader.operand(node, 1)]
    if reader.has(node, 2):
        return applied(reader, "affine", "{0} * {1} + {2}", [*operands, reader.operand(node, 2)], None)
    return applied(reader, "multiply", "{0} * {1}", operands, np.multiply)


def _batch_normalization(reader: Reader, node: Node) -> Operand:
    """Trained: with the means and variances that the file has, which are constants."""
    x = reader.tensor(node, 0)
    if node.attributes.whole("training_mode", 0):
        raise refused(f"{node.label} is in training mode; export the model in its eval mode")
    mean, variance = reader.known(node, 3, "means"), reader.known(node, 4, "variances")
    scale, bias = reader.operand(node, 1), reader.operand(node, 2)
    channels = (x.at.shape[1] if x.at.ndim > 1 else 0,)
    if any(it != channels for it in (mean.shape, variance.shape, shape_of(scale), shape_of(bias))):
        raise refused(f"{node.label} needs a mean, a variance, a scale and a bias for each of {channels[0]} channels")
    with np.errstate(all="ignore"):
        deviation = np.sqrt(variance + node.attributes.number("epsilon", 1e-5))
    behind = (-1,) + (1,) * (x.at.ndim - 2)
    constants = [
        reader.sheet.tensor(it, f"{node.inputs[3]}_{noun}") for it, noun in ((mean, "mean"), (deviation, "deviation"))
    ]
    operands = [x, *(moved(it, lambda at: at.reshape(behind)) for it in (*constants, scale, bias))]
    template = "({0} - {1}) / {2} * {3} + {4}"
    return applied(reader, "normalized", template, operands, None)


OPS: dict[str, Op] = {
    "Add": _binary("add", "{0} + {1}", np.add),
    "Sub": _binary("subtract", "{0} - {1}", np.subtract),
    "Mul": _binary("multiply", "{0} * {1}", np.multiply),
    "Div": _binary("divide", "{0} / {1}", _divided),
    "Pow": _binary("power", "{0} ** {1}", np.power),
    "Mod": lambda reader, node: np.mod(
        reader.known(node, 0, "numbers"), np.maximum(reader.known(node, 1, "divisor"), 1)
    ),
    "Sum": _gathered("add", "{0} + {1}", np.add),
    "Mean": _gathered("add", "{0} + {1}", np.add),
    "Max": _gathered("maximum", "maximum({0}, {1})", np.maximum),
    "Min": _gathered("minimum", "minimum({0}, {1})", np.minimum),
    "Neg": _unary("negative", "-{0}", np.negative),
    "Abs": _unary("abs", "abs({0})", np.abs),
    "Exp": _unary("exp", "exp({0})", np.exp),
    "Log": _unary("log", "log({0})", np.log),
    "Sqrt": _unary("sqrt", "sqrt({0})", np.sqrt),
    "Sin": _unary("sin", "sin({0})", np.sin),
    "Cos": _unary("cos", "cos({0})", np.cos),
    "Reciprocal": _unary("reciprocal", "1 / {0}", lambda x: 1 / x),
    "Erf": _unary("erf", "erf({0})", np.vectorize(math.erf, otypes=[float])),
    "Relu": _unary("relu", "relu({0})", lambda x: np.maximum(x, 0)),
    "Sigmoid": _unary("sigmoid", "sigmoid({0})", lambda x: 1 / (1 + np.exp(-x))),
    "Tanh": _unary("tanh", "tanh({0})", np.tanh),
    "Softplus": _unary("softplus", "softplus({0})", lambda x: np.logaddexp(0, x)),
    "Softsign": _unary("softsign", "{0} / (1 + abs({0}))", lambda x: x / (1 + np.abs(x))),
    "Mish": _unary("mish", "{0} * tanh(softplus({0}))", lambda x: x * np.tanh(np.logaddexp(0, x))),
    "HardSwish": _unary("hard_swish", "{0} * clip({0} / 6 + 0.5, 0, 1)", lambda x: x * np.clip(x / 6 + 0.5, 0, 1)),
    "HardSigmoid": _activation(
        "hard_sigmoid",
        "clip({alpha} * {0} + {beta}, 0, 1)",
        lambda x, alpha, beta: np.clip(alpha * x + beta, 0, 1),
        alpha=0.2,
        beta=0.5,
    ),
    "LeakyRelu": _activation(
        "leaky_relu", "leaky_relu({0}, {alpha})", lambda x, alpha: np.where(x > 0, x, alpha * x), alpha=0.01
    ),
    "Elu": _activation(
        "elu",
        "where({0} > 0, {0}, {times_alpha}(exp(minimum({0}, 0)) - 1))",
        lambda x, alpha: np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0))),
        alpha=1.0,
    ),
    "Celu": _activation(
        "celu",
        "where({0} > 0, {0}, {alpha} * (exp(minimum({0}, 0) / {alpha}) - 1))",
        lambda x, alpha: np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0) / alpha)),
        alpha=1.0,
    ),
    "Selu": _activation(
        "selu",
        "{gamma} * where({0} > 0, {0}, {alpha} * (exp(minimum({0}, 0)) - 1))",
        lambda x, alpha, gamma: gamma * np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0))),
        alpha=1.6732632423543772,
        gamma=1.0507009873554805,
    ),
    "ThresholdedRelu": _activation(
        "thresholded_relu", "where({0} > {alpha}, {0}, 0)", lambda x, alpha: np.where(x > alpha, x, 0), alpha=1.0
    ),
    "PRelu": _prelu,
    "Gelu": _gelu,
    "Clip": _clip,
    "Greater": _compared(">", np.greater),
    "Less": _compared("<", np.less),
    "GreaterOrEqual": _compared(">=", np.greater_equal),
    "LessOrEqual": _compared("<=", np.less_equal),
    "Equal": _compared("==", np.equal),
    "And": lambda reader, node: (
        reader.known(node, 0, "truth").astype(bool) & reader.known(node, 1, "truth").astype(bool)
    ),
    "Or": lambda reader, node: (
        reader.known(node, 0, "truth").astype(bool) | reader.known(node, 1, "truth").astype(bool)
    ),
    "Not": _not,
    "Where": _where,
    "Trilu": _trilu,
    "MatMul": _matmul,
    "Gemm": _gemm,
    "ReduceSum": _reduction("sum"),
    "ReduceMean": _reduction("mean"),
    "ReduceMax": _reduction("max"),
    "ReduceMin": _reduction("min"),
    "ReduceL1": _reduction("sum", "abs"),
    "ReduceL2": _reduction("sum", "square", "sqrt"),
    "ReduceSumSquare": _reduction("sum", "square"),
    "ReduceLogSum": _reduction("sum", "", "log"),
    "ReduceLogSumExp": _reduction("sum", "exp", "log"),
    "Softmax": _softmax("softmax"),
    "LogSoftmax": _softmax("log_softmax"),
    "LayerNormalization": _layer_normalization,
    "BatchNormalization": _batch_normalization,
}
