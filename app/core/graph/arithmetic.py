"""Arithmetic entry by entry, a table: + − · / and powers, functions of one number, the larger and the smaller of two.

A row says what goes in, what comes out, and the derivative by each input. To add one, add a row; `app.core.formulas`
knows it by its name then. `elementwise_op` makes an operation of a row for the shapes that meet; NumPy stretches the
smaller one. An operand that is a number in the text is no node: it goes into the operation and its formula.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from app.core.graph.ops import EVERYWHERE, Array, Bound, Op, Partial, Shared
from app.core.graph.rules import Shape, elementwise


class Constant(NamedTuple):
    """A number in the text, and how it is written in a formula."""

    value: float
    text: str

    @property
    def code(self) -> str:
        """How Python spells it."""
        return repr(self.value) if self.value >= 0.0 else f"({self.value!r})"


Operand = Shape | Constant


@dataclass(frozen=True, slots=True)
class Derivative:
    """∂out/∂wrt: its formula, the slots that it is computed from, and how; None says that it is the slot as it stands.

    A number stands for itself everywhere. `numpy` spells it; {out} is the slot of the function's own output.
    """

    wrt: str
    formula: str
    uses: tuple[str, ...]
    value: Callable[..., Any] | float | None
    numpy: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Function:
    """A row. `corner` takes what `value` does and changes its sign where a slope jumps; `work` is that of `Op`.

    `scalars` is the formula where one of the operands is a number: entries are then not multiplied one by one. In the
    derivatives' formulas · stands for ⊙ then. Of the `tensors`, PyTorch takes all as such or all as numbers.
    """

    name: str
    slots: tuple[str, ...]
    formula: str
    value: Callable[..., Any]
    derivatives: tuple[Derivative, ...]
    words: str
    numpy: str
    torch: str
    corner: Callable[..., Any] | None = None
    note: str = ""
    scalars: str = ""
    range: tuple[float, float] = EVERYWHERE
    work: int = 4
    tensors: tuple[str, ...] = ()


def _half_of(above: Callable[..., Any]) -> Callable[..., Any]:
    """1 where the first of two is `above` the other, ½ where they are equal, else 0."""

    def share(a: Array, b: Array) -> Any:
        return np.where(a == b, 0.5, above(a, b))

    return share


def _log_of_base(a: Array, out: Array) -> Any:
    """ln(a) · out, which is 0 where out is: 0^b stays 0 for all positive b."""
    return np.where(out == 0.0, 0.0, np.log(a) * out)


def _power_slope(a: Array, b: Array) -> Any:
    return b * np.power(a, b - 1.0)


_TIE = "½ where the two are equal."

ROWS = (
    Function(
        "add",
        ("a", "b"),
        "{a} + {b}",
        np.add,
        (Derivative("a", "1", (), 1.0, "1.0"), Derivative("b", "1", (), 1.0, "1.0")),
        "Add {a} and {b}",
        "{a} + {b}",
        "{a} + {b}",
        work=1,
    ),
    Function(
        "subtract",
        ("a", "b"),
        "{a} − {b}",
        np.subtract,
        (Derivative("a", "1", (), 1.0, "1.0"), Derivative("b", "−1", (), -1.0, "-1.0")),
        "Take {b} away from {a}",
        "{a} - {b}",
        "{a} - {b}",
        work=1,
    ),
    Function(
        "multiply",
        ("a", "b"),
        "{a} ⊙ {b}",
        np.multiply,
        (Derivative("a", "{b}", ("b",), None, "{b}"), Derivative("b", "{a}", ("a",), None, "{a}")),
        "Multiply {a} by {b}",
        "{a} * {b}",
        "{a} * {b}",
        scalars="{a} · {b}",
        work=1,
    ),
    Function(
        "divide",
        ("a", "b"),
        "{a} / {b}",
        np.true_divide,
        (
            Derivative("a", "1 / {b}", ("b",), lambda b: 1.0 / b, "1 / {b}"),
            Derivative("b", "−{a} / {b}²", ("a", "b"), lambda a, b: -(a / b) / b, "-({a} / {b}) / {b}"),
        ),
        "Divide {a} by {b}",
        "{a} / {b}",
        "{a} / {b}",
    ),
    Function(
        "power",
        ("a", "b"),
        "{a}^{b}",
        np.power,
        (
            Derivative("a", "{b} ⊙ {a}^({b} − 1)", ("a", "b"), _power_slope, "{b} * {a} ** ({b} - 1.0)"),
            Derivative(
                "b",
                "ln({a}) ⊙ {out}",
                ("a", "out"),
                _log_of_base,
                "np.where({out} == 0, 0, np.log({a}) * {out})",
                note="Where the power is 0, it is taken as 0.",
            ),
        ),
        "Raise {a} to the power of {b}",
        "{a} ** {b}",
        "{a} ** {b}",
        work=40,
    ),
    Function(
        "negative",
        ("x",),
        "−{x}",
        np.negative,
        (Derivative("x", "−1", (), -1.0, "-1.0"),),
        "Turn the sign of {x}",
        "-{x}",
        "-{x}",
        work=1,
    ),
    Function(
        "exp",
        ("x",),
        "exp({x})",
        np.exp,
        (Derivative("x", "{out}", ("out",), None, "{out}"),),
        "Raise e to the power of {x}",
        "np.exp({x})",
        "torch.exp({x})",
        range=(0.0, np.inf),
    ),
    Function(
        "log",
        ("x",),
        "ln({x})",
        np.log,
        (Derivative("x", "1 / {x}", ("x",), np.reciprocal, "1 / {x}"),),
        "Take the natural logarithm of {x}",
        "np.log({x})",
        "torch.log({x})",
    ),
    Function(
        "log1p",
        ("x",),
        "ln(1 + {x})",
        np.log1p,
        (Derivative("x", "1 / (1 + {x})", ("x",), lambda x: 1.0 / (1.0 + x), "1 / (1 + {x})"),),
        "Take the natural logarithm of 1 + {x}",
        "np.log1p({x})",
        "torch.log1p({x})",
    ),
    Function(
        "sqrt",
        ("x",),
        "sqrt({x})",
        np.sqrt,
        (Derivative("x", "1 / (2 · {out})", ("out",), lambda out: 0.5 / out, "0.5 / {out}"),),
        "Take the square root of {x}",
        "np.sqrt({x})",
        "torch.sqrt({x})",
        range=(0.0, np.inf),
    ),
    Function(
        "square",
        ("x",),
        "{x}²",
        np.square,
        (Derivative("x", "2 · {x}", ("x",), lambda x: x + x, "2 * {x}"),),
        "Square {x}",
        "np.square({x})",
        "torch.square({x})",
        range=(0.0, np.inf),
        work=1,
    ),
    Function(
        "abs",
        ("x",),
        "abs({x})",
        np.absolute,
        (Derivative("x", "sign({x})", ("x",), np.sign, "np.sign({x})", note="At 0 it is taken as 0."),),
        "Drop the sign of {x}",
        "np.abs({x})",
        "torch.abs({x})",
        corner=lambda x: x,
        range=(0.0, np.inf),
        work=1,
    ),
    Function(
        "sin",
        ("x",),
        "sin({x})",
        np.sin,
        (Derivative("x", "cos({x})", ("x",), np.cos, "np.cos({x})"),),
        "Take the sine of {x}",
        "np.sin({x})",
        "torch.sin({x})",
        range=(-1.0, 1.0),
    ),
    Function(
        "cos",
        ("x",),
        "cos({x})",
        np.cos,
        (Derivative("x", "−sin({x})", ("x",), lambda x: -np.sin(x), "-np.sin({x})"),),
        "Take the cosine of {x}",
        "np.cos({x})",
        "torch.cos({x})",
        range=(-1.0, 1.0),
    ),
    Function(
        "reciprocal",
        ("x",),
        "1 / {x}",
        np.reciprocal,
        (Derivative("x", "−{out}²", ("out",), lambda out: -(out * out), "-({out} ** 2)"),),
        "Divide 1 by {x}",
        "1 / {x}",
        "1 / {x}",
    ),
    Function(
        "maximum",
        ("a", "b"),
        "max({a}, {b})",
        np.maximum,
        (
            Derivative("a", "[{a} > {b}]", ("a", "b"), _half_of(np.greater), "np.heaviside({a} - {b}, 0.5)", _TIE),
            Derivative("b", "[{b} > {a}]", ("a", "b"), _half_of(np.less), "np.heaviside({b} - {a}, 0.5)", _TIE),
        ),
        "Take the larger of {a} and {b}",
        "np.maximum({a}, {b})",
        "torch.maximum({a}, {b})",
        corner=np.subtract,
        work=1,
        tensors=("a", "b"),
    ),
    Function(
        "minimum",
        ("a", "b"),
        "min({a}, {b})",
        np.minimum,
        (
            Derivative("a", "[{b} > {a}]", ("a", "b"), _half_of(np.less), "np.heaviside({b} - {a}, 0.5)", _TIE),
            Derivative("b", "[{a} > {b}]", ("a", "b"), _half_of(np.greater), "np.heaviside({a} - {b}, 0.5)", _TIE),
        ),
        "Take the smaller of {a} and {b}",
        "np.minimum({a}, {b})",
        "torch.minimum({a}, {b})",
        corner=np.subtract,
        work=1,
        tensors=("a", "b"),
    ),
)

FUNCTIONS = {row.name: row for row in ROWS}


def power_of(exponent: float) -> Function:
    """x to the power of a number in the text."""
    if exponent == 2.0:
        return FUNCTIONS["square"]
    less = f"{exponent - 1.0:.15g}"
    slope = signed(f"{exponent:.15g}")
    below = "²" if exponent == 3.0 else f"^{_signed(less)}"
    return Function(
        "power",
        ("x",),
        f"{{x}}^{_signed(f'{exponent:.15g}')}",
        lambda x: np.power(x, exponent),
        (
            Derivative(
                "x",
                f"{slope} · {{x}}{below}" if exponent != 1.0 else "1",
                ("x",),
                lambda x: exponent * np.power(x, exponent - 1.0),
                f"{exponent!r} * {{x}} ** {exponent - 1.0!r}"
                if exponent >= 1.0
                else f"({exponent!r}) * {{x}} ** ({exponent - 1.0!r})",
            ),
        ),
        f"Raise {{x}} to the power of {slope}",
        f"{{x}} ** {exponent!r}" if exponent >= 0.0 else f"{{x}} ** ({exponent!r})",
        f"{{x}} ** {exponent!r}" if exponent >= 0.0 else f"{{x}} ** ({exponent!r})",
        work=40,
    )


def signed(text: str) -> str:
    """A number with the sign that formulas have; the exponent of a small one, 1e-05, keeps its own."""
    return f"−{text[1:]}" if text.startswith("-") else text


def _signed(text: str) -> str:
    return f"({signed(text)})" if text.startswith("-") else text


# --- choices ----------------------------------------------------------------------------------------------------------

COMPARISONS: Mapping[str, tuple[Callable[..., Any], str]] = {
    ">": (np.greater, ">"),
    ">=": (np.greater_equal, "≥"),
    "<": (np.less, "<"),
    "<=": (np.less_equal, "≤"),
    "==": (np.equal, "="),
    "!=": (np.not_equal, "≠"),
}


def _chosen(u: Array, v: Array, taken: Any) -> Any:
    return np.where(taken, u, v)


def _ones_there(taken: Any) -> Any:
    return taken.astype(float)


def _ones_elsewhere(taken: Any) -> Any:
    return (~taken).astype(float)


def where(comparison: str) -> Function:
    """u where a and b compare so, v elsewhere. What is compared has no gradient: a small change of it changes nothing.

    Slots: a, b (compared), u, v (chosen from).
    """
    compare, sign = COMPARISONS[comparison]
    code = f"{{a}} {comparison} {{b}}"
    taken = f"[{{a}} {sign} {{b}}]"

    return Function(
        "where",
        ("a", "b", "u", "v"),
        f"where({{a}} {sign} {{b}}, {{u}}, {{v}})",
        Shared(compare, _chosen, own=-2),
        (
            Derivative("u", taken, ("a", "b"), Shared(compare, _ones_there), f"1.0 * ({code})"),
            Derivative("v", f"1 − {taken}", ("a", "b"), Shared(compare, _ones_elsewhere), f"1.0 - ({code})"),
        ),
        f"Take {{u}} where {{a}} {sign} {{b}}, and {{v}} elsewhere",
        f"np.where({code}, {{u}}, {{v}})",
        f"torch.where({code}, {{u}}, {{v}})",
        corner=lambda a, b, _u, _v: np.subtract(a, b),
        work=2,
    )


CLIP = Function(
    "clip",
    ("x", "low", "high"),
    "clip({x}, {low}, {high})",
    np.clip,
    (
        Derivative(
            "x",
            "[{low} ≤ {x} ≤ {high}]",
            ("x", "low", "high"),
            lambda x, low, high: ((x >= low) & (x <= high)) * 1.0,
            "1.0 * (({x} >= {low}) & ({x} <= {high}))",
            note="At the bounds it is taken as 1.",
        ),
        Derivative(
            "low",
            "[{low} > {x}]",
            ("x", "low"),
            lambda x, low: (x < low) * 1.0,
            "1.0 * ({x} < {low})",
        ),
        Derivative(
            "high",
            "[{x} > {high}]",
            ("x", "high"),
            lambda x, high: (x > high) * 1.0,
            "1.0 * ({x} > {high})",
        ),
    ),
    "Keep {x} between {low} and {high}",
    "np.clip({x}, {low}, {high})",
    "torch.clip({x}, {low}, {high})",
    # Each bound is a corner of its own: one number could not tell which of the two was passed.
    corner=lambda x, low, high: np.stack(np.broadcast_arrays(x - low, x - high)),
    work=2,
    tensors=("low", "high"),
)


# --- an operation of a row --------------------------------------------------------------------------------------------


def elementwise_op(row: Function, operands: Sequence[Operand]) -> tuple[Op, Shape]:
    """The row as an operation on such operands, and the shape that comes out; its inputs are those that are no numbers.

    Raises: ValueError where the shapes do not fit.
    """
    given = dict(zip(row.slots, operands, strict=True))
    constants = {slot: it for slot, it in given.items() if isinstance(it, Constant)}
    shapes = {slot: it for slot, it in given.items() if not isinstance(it, Constant)}
    shape = np.broadcast_shapes(*shapes.values())
    inputs = tuple(shapes)
    times = "·" if constants or () in shapes.values() else "⊙"
    formula = row.scalars if row.scalars and times == "·" else row.formula
    op = Op(
        row.name,
        inputs,
        "out",
        _written(formula, constants),
        _bound(row.value, row.slots, constants),
        tuple(_partial(it, constants, shapes, shape, times) for it in row.derivatives if it.wrt in shapes),
        None if row.corner is None else _bound(row.corner, row.slots, constants),
        row.work,
        note=_written(row.note, constants),
        numpy=_coded(row.numpy, constants),
        torch=_torch_code(row, constants, shapes),
        words=_written(row.words, constants, brackets=False),
        range=row.range,
    )
    return op, shape


def _torch_code(row: Function, constants: Mapping[str, Constant], shapes: Mapping[str, Shape]) -> str:
    """For PyTorch: a number is a tensor where its neighbour is; what is chosen among numbers has a gradient too."""
    learned = [it.wrt for it in row.derivatives]
    is_chosen = not any(slot in shapes for slot in learned)
    code = row.torch
    for slot in learned if is_chosen else row.tensors:
        if slot in constants and (is_chosen or any(it in shapes for it in row.tensors)):
            code = code.replace("{" + slot + "}", _torch_number(constants[slot]))
    return _coded(code, constants) + (".requires_grad_()" if is_chosen else "")


def _torch_number(constant: Constant) -> str:
    return f"torch.tensor({constant.value!r}, dtype=torch.float64)"


def _partial(
    row: Derivative, constants: Mapping[str, Constant], shapes: Mapping[str, Shape], shape: Shape, times: str
) -> Partial:
    uses = tuple(slot for slot in row.uses if slot not in constants)
    value: Any = row.value
    if value is None and row.uses and not uses:  # it is a number in the text, as it stands
        value = constants[row.uses[0]].value
    elif callable(value) and not uses:
        with np.errstate(all="ignore"):  # 1 / 0 is told where it is shown
            value = float(value(*[np.array(constants[slot].value) for slot in row.uses]))
    elif callable(value):
        value = _bound(value, row.uses, constants)
    wrt = shapes[row.wrt]
    # Of the output's shape where it is no single number: what it is made of may be stretched itself.
    if not isinstance(value, float) and np.broadcast_shapes(*[shapes.get(slot, shape) for slot in uses]) != shape:
        value = _stretched(value, shape)
    return Partial(
        row.wrt,
        elementwise(shape, wrt, value if isinstance(value, float) else None),
        _written(row.formula.replace("⊙", times), constants),
        uses if not isinstance(value, float) else (),
        value,
        row.note,
        numpy=_coded(row.numpy, constants),
    )


def _stretched(value: Callable[..., Any] | None, shape: Shape) -> Callable[..., Any]:
    def stretched(*arrays: Array) -> Array:
        result = arrays[-1] if value is None else value(*arrays)
        return np.ascontiguousarray(np.broadcast_to(result, shape)).reshape(shape)

    return stretched


def _bound(function: Callable[..., Any], slots: Sequence[str], constants: Mapping[str, Constant]) -> Callable[..., Any]:
    """The function of the slots that are no constants."""
    numbers = tuple(np.array(constants[slot].value) if slot in constants else None for slot in slots)
    return function if all(it is None for it in numbers) else Bound(function, numbers)


def _written(template: str, constants: Mapping[str, Constant], brackets: bool = True) -> str:
    """With the numbers put in; a negative one in brackets, but not behind a comma."""
    for slot, it in constants.items():
        hole = "{" + slot + "}"
        if brackets and it.value < 0.0:
            template = template.replace(f", {hole}", f", {it.text}").replace(hole, f"({it.text})")
        template = template.replace(hole, it.text)
    return template


def _coded(template: str, constants: Mapping[str, Constant]) -> str:
    for slot, it in constants.items():
        template = template.replace("{" + slot + "}", it.code)
    return template
