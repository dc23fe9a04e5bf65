"""What an expression in a text stands for while a graph is made of it: a node, a number, or a list of numbers."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from app import limits
from app.core.graph.arithmetic import Constant, Function, Operand, elementwise_op, signed
from app.core.graph.ops import Op
from app.core.graph.rules import Shape


class Ref(NamedTuple):
    """A node that is there already, by its id."""

    id: str
    shape: Shape


Value = Ref | Constant
# Makes a node of an operation on others, and gives it a name.
Apply = Callable[[tuple[Op, Shape], Sequence[Ref]], Ref]


class Unfit(ValueError):
    """What does not fit together, in a sentence without its place."""


def worded(shape: Shape) -> str:
    """A shape in a message: "(2, 3)", "(3)", "a number"."""
    return f"({', '.join(map(str, shape))})" if shape else "a number"


def demand_fit(shape: Shape) -> None:
    """Refuse what has too many axes or entries.   Raises: Unfit."""
    if len(shape) > 2:
        raise Unfit(f"this would have {len(shape)} axes, {worded(shape)}; values have two at most")
    if 0 in shape:
        raise Unfit(f"this would be empty, of shape {worded(shape)}; take at least one entry")
    if int(np.prod(shape, dtype=np.int64)) > limits.FORMULA_ENTRIES:
        entries = int(np.prod(shape, dtype=np.int64))
        raise Unfit(f"this would have {entries} entries, {worded(shape)}; at most {limits.FORMULA_ENTRIES} are allowed")


def elementwise(row: Function, values: Sequence[Value], apply: Apply, sign: str = "") -> Value:
    """The row of the values, entry by entry; of numbers alone it is a number.   Raises: Unfit."""
    refs = [value for value in values if isinstance(value, Ref)]
    if not refs:
        return _folded(row, [value for value in values if isinstance(value, Constant)])
    operands: list[Operand] = [value.shape if isinstance(value, Ref) else value for value in values]
    try:
        demand_fit(np.broadcast_shapes(*[ref.shape for ref in refs]))
        made = elementwise_op(row, operands)
    except Unfit:
        raise
    except ValueError:
        one, other = (worded(ref.shape) for ref in _apart(refs))
        meant = "; for a product of matrices write `@`" if sign == "*" and _could_be_product(refs) else ""
        detail = f"{one} {sign or 'and'} {other}: the two have no common shape"
        raise Unfit(f"{detail}; an axis must be equally long in both, or 1 in one of them{meant}") from None
    return apply(made, refs)


def _apart(refs: Sequence[Ref]) -> tuple[Ref, Ref]:
    """The first two that do not fit."""
    for number, one in enumerate(refs):
        for other in refs[number + 1 :]:
            try:
                np.broadcast_shapes(one.shape, other.shape)
            except ValueError:
                return one, other
    return refs[0], refs[-1]


def _could_be_product(refs: Sequence[Ref]) -> bool:
    return len(refs) == 2 and all(ref.shape for ref in refs) and refs[0].shape[-1] == refs[1].shape[0]


def _folded(row: Function, numbers: Sequence[Constant]) -> Constant:
    """The row of numbers.   Raises: Unfit, where that is no finite number."""
    with np.errstate(all="ignore"):
        value = float(row.value(*[np.float64(number.value) for number in numbers]))
    text = row.formula.replace("⊙", "·")
    for slot, number in zip(row.slots, numbers, strict=True):
        text = text.replace("{" + slot + "}", number.text)
    if not np.isfinite(value):
        raise Unfit(f"{text} is {'no number' if np.isnan(value) else 'too large a number'}; write a finite one")
    return Constant(value, text if text.endswith(")") and text[0].isalpha() else f"({text})")


def number(value: float, text: str | None = None) -> Constant:
    """A number as it is written in formulas."""
    return Constant(value, text or signed(_shortest(value)))


def _shortest(value: float) -> str:
    """1e9 rather than 1000000000; 0.25, and 1500, as they are."""
    plain = f"{value:.15g}"
    digits, exponent = f"{value:.14e}".split("e")
    short = f"{digits.rstrip('0').rstrip('.')}e{int(exponent)}"
    return short if len(short) < len(plain) - 1 else plain


def as_array(value: Any) -> Any:
    """Nested lists of numbers as an array of no, one or two axes.   Raises: Unfit, in words."""
    if isinstance(value, bool) or not isinstance(value, int | float | list):
        raise Unfit("it must be a number, a list of numbers, or a list of such lists, each equally long")
    if isinstance(value, list):
        if not value:
            raise Unfit("it is empty; it needs at least one number")
        kinds = {*map(type, value)}
        if kinds == {list}:
            lengths = {len(row) for row in value}
            if len(lengths) > 1 or 0 in lengths:
                raise Unfit(f"its rows have {' and '.join(map(str, sorted(lengths)))} numbers; all must have as many")
            kinds = {type(entry) for row in value for entry in row}
            if list in kinds:
                raise Unfit("it has more than two axes; values have two at most")
        if not kinds <= {int, float}:
            raise Unfit("it must hold numbers only, in one list or in lists that are equally long")
    try:
        array = np.array(value, np.float64)
    except (ValueError, OverflowError):
        raise Unfit("it holds a number beyond the range of a double") from None
    if not np.isfinite(array).all():
        raise Unfit("it holds a number that is not finite")
    demand_fit(array.shape)
    return array
