"""All numbers of a model as one long sheet: each value that is computed has its entries there, by number.

A tensor, of however many axes, is an array of such numbers. To reshape, turn, cut, or put tensors together is to do so
with the array, and computes nothing. What computes makes a `Value`, of two axes at most, as formulas have them.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from app import limits
from app.models.onnx_file import refused

Entries = np.ndarray[Any, np.dtype[np.int64]]
Array = np.ndarray[Any, np.dtype[np.float64]]
Shape = tuple[int, ...]
Argument = Entries | float

_MOST_VALUES = 2 * limits.MODEL_NODES  # five times the operations of a text: many of them may come to nothing
# A mask's −∞ as formulas can have it: e to the power of it is 0 all the same.
MASKED = -1e30


class Value(NamedTuple):
    """A leaf, with its numbers, or what is computed: `template` is its line, with {0}, {1}, … for the arguments."""

    op: str  # "parameter", "constant", "input", or what is computed
    shape: Shape
    start: int
    name: str
    template: str = ""
    arguments: tuple[Argument, ...] = ()
    numbers: Array | None = None
    options: tuple[tuple[str, float], ...] = ()

    @property
    def entries(self) -> Entries:
        """Its own."""
        return np.arange(self.start, self.start + math.prod(self.shape)).reshape(self.shape)


class Tensor(NamedTuple):
    """A value of any number of axes, by the numbers of its entries."""

    at: Entries


Known = np.ndarray[Any, Any]
Operand = Tensor | Known


def two_axes(shape: Shape) -> Shape:
    """How a leaf of more axes is kept: those of length 1 go, then all behind the first are one."""
    if len(shape) <= 2:
        return shape
    longer = tuple(size for size in shape if size != 1)
    return longer if len(longer) <= 2 else (longer[0], math.prod(longer[1:]))


class Sheet:
    """The values so far. Names of new ones are taken from the node that is under way, in `name`."""

    def __init__(self) -> None:
        self.values: list[Value] = []
        self.starts: list[int] = []
        self.name = ""
        self.what = ""  # the node under way, for messages
        self._length = 0
        self._held = 0
        self._numbers: dict[float, Entries] = {}
        self.names: dict[int, str] = {}  # of arrays of the file that are no weights, by their id

    # --- bounds -------------------------------------------------------------------------------------------------------

    def room(self, shape: Sequence[int]) -> Shape:
        """The shape, where there is room for it.   Raises: Unprocessable."""
        sizes = tuple(int(size) for size in shape)
        if any(size < 1 for size in sizes) or len(sizes) > 8:
            raise refused(f"{self.what} makes something of the sizes {sizes[:9]}; each must be 1 or more, of 8 at most")
        if math.prod(sizes) > limits.PARAMETERS:
            told = " × ".join(map(str, sizes))
            raise refused(f"{self.what} makes {told} numbers; at most {limits.PARAMETERS} are allowed")
        self._held += math.prod(sizes)
        if self._held > limits.MODEL_NUMBERS:
            raise refused(f"the model makes more than {limits.MODEL_NUMBERS} numbers, the most allowed, on its way")
        return sizes

    # --- values -------------------------------------------------------------------------------------------------------

    def leaf(self, op: str, numbers: Array, name: str) -> Tensor:
        """A tensor of numbers that are given."""
        self.room(numbers.shape)
        flat = two_axes(numbers.shape)
        value = self._added(Value(op, flat, self._length, name, numbers=numbers.reshape(flat)))
        return Tensor(value.entries.reshape(numbers.shape))

    def _added(self, value: Value) -> Value:
        if len(self.values) >= _MOST_VALUES:
            raise refused(f"the model makes more than {_MOST_VALUES} values on its way, the most allowed")
        self.values.append(value)
        self.starts.append(value.start)
        self._length += math.prod(value.shape)
        return value

    def computed(
        self, op: str, template: str, arguments: Sequence[Argument], shape: Shape, **options: float
    ) -> Entries:
        """The entries of a new value of two axes at most.   Raises: Unprocessable."""
        if math.prod(self.room(shape)) > limits.FORMULA_ENTRIES:
            raise refused(f"{self.what} makes {math.prod(shape)} entries; at most {limits.FORMULA_ENTRIES} are allowed")
        start = self._length
        self._added(Value(op, shape, start, self.name, template, tuple(arguments), options=tuple(options.items())))
        return self.values[-1].entries

    def of(self, entry: int) -> Value:
        """Whose entry it is."""
        return self.values[bisect_right(self.starts, entry) - 1]

    def whole(self, at: Argument) -> Value | None:
        """The value whose entries these are, all of them in their order; None where they are not."""
        if isinstance(at, float) or not at.size:
            return None
        value = self.of(int(at.flat[0]))
        is_whole = at.shape == value.shape and bool((at == value.entries).all())
        return value if is_whole else None

    def numbers(self, at: Entries) -> Array | None:
        """The numbers of entries that are all given; None where one is computed, or goes in."""
        found = np.empty(at.shape)
        places = np.searchsorted(self.starts, at, side="right") - 1
        for place in np.unique(places):
            value = self.values[place]
            if value.numbers is None or value.op == "input":
                return None
            mine = places == place
            found[mine] = value.numbers.ravel()[at[mine] - value.start]
        return found

    def number(self, value: float) -> Entries:
        """The entry of a number that is given, to be put among others."""
        if value not in self._numbers:
            self._numbers[value] = self.leaf("constant", np.array(value), "number").at
        return self._numbers[value]

    def tensor(self, operand: Operand, name: str = "constant") -> Tensor:
        """The operand with entries of the sheet.   Raises: Unprocessable, for what is no number."""
        if isinstance(operand, Tensor):
            return operand
        numbers = finite(operand, self.what)
        if numbers.size == 1:
            return Tensor(self.number(float(numbers.flat[0])).reshape(numbers.shape))
        return self.leaf("constant", numbers, self.names.get(id(operand), name))

    # --- entry by entry -----------------------------------------------------------------------------------------------

    def elementwise(self, op: str, template: str, operands: Sequence[Operand], **options: float) -> Tensor:
        """A computation entry by entry, in the arrangement of an operand that is a whole value, if there is one."""
        shape = self.broadcast(operands)
        tensors = [it if _is_number(it) else self.tensor(it) for it in operands]
        laid, order = self._layout([it for it in tensors if isinstance(it, Tensor)], shape)
        arguments: list[Argument] = []
        for it in tensors:
            if isinstance(it, Tensor):
                at = np.broadcast_to(it.at, shape).ravel()
                arguments.append(self._shrunk((at if order is None else at[order]).reshape(laid)))
            else:
                arguments.append(float(finite(it, self.what).flat[0]))
        sizes = np.broadcast_shapes(*[it.shape for it in arguments if not isinstance(it, float)])
        made = np.broadcast_to(self.computed(op, template, arguments, sizes, **options), laid).ravel()
        back = np.empty_like(made)
        back[slice(None) if order is None else order] = made
        return Tensor(back.reshape(shape))

    def broadcast(self, operands: Sequence[Operand]) -> Shape:
        """The common shape.   Raises: Unprocessable."""
        shapes = [it.at.shape if isinstance(it, Tensor) else it.shape for it in operands]
        try:
            return self.room(np.broadcast_shapes(*shapes))
        except ValueError:
            told = " and ".join(str(it) for it in shapes)
            raise refused(f"{self.what} puts {told} together, which have no common shape") from None

    def _layout(self, tensors: Sequence[Tensor], shape: Shape) -> tuple[Shape, Entries | None]:
        """Two axes at most, and in which order the entries go there; None for as they are."""
        for tensor in tensors:
            if tensor.at.shape != shape:
                continue
            flat = tensor.at.ravel()
            value = self.of(int(flat[0]))
            if len(flat) != math.prod(value.shape):
                continue
            local = flat - value.start
            if local.min() < 0 or local.max() >= len(flat):
                continue
            order = np.full(len(flat), -1)
            order[local] = np.arange(len(flat))
            if order.min() >= 0:
                return value.shape, order
        return (shape if len(shape) <= 2 else (math.prod(shape[:-1]), shape[-1])), None

    def _shrunk(self, at: Entries) -> Entries:
        """Without what broadcasting makes again: rows that are all the same become one."""
        if at.ndim == 2 and at.shape[1] > 1 and bool((at == at[:, :1]).all()):
            at = at[:, :1]
        if at.ndim == 2 and at.shape[0] > 1 and bool((at == at[:1]).all()):
            at = at[:1]
        if at.ndim == 2 and at.shape[0] == 1 and len(self.of(int(at[0, 0])).shape) == 1:
            at = at[0]
        if at.ndim == 1 and len(at) > 1 and bool((at == at[0]).all()):
            at = at[0].reshape(())
        return at

    def matmul(self, a: Entries, b: Entries) -> Entries:
        """Of two matrices."""
        return self.computed("matmul", "{0} @ {1}", [a, b], (a.shape[0], b.shape[1]))


def _is_number(operand: Operand) -> bool:
    return not isinstance(operand, Tensor) and operand.size == 1


def finite(numbers: Known, what: str) -> Array:
    """The numbers, a mask's −∞ as a large one.   Raises: Unprocessable."""
    if numbers.dtype.kind not in "fiub":
        raise refused(f"{what} computes with something that is no number")
    found = np.where(np.isneginf(numbers), MASKED, numbers).astype(np.float64)
    if not np.isfinite(found).all():
        raise refused(f"{what} has a number that is not finite, such as NaN or ∞")
    return found
