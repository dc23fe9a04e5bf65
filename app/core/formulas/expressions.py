"""An expression as nodes of the graph that is to be: names, operators, entries, calls.

What is wrong is placed where it stands. `Expressions` keeps what the lines so far have given a value.
"""

import ast
import difflib
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from app.core.formulas import calls
from app.core.formulas.calls import ALIASES, CALLS, INSTEAD, OTHERWISE_IN_TORCH, Call, Comparison, Parameter
from app.core.formulas.syntax import (
    BINARY,
    COMPARISON_SIGNS,
    FUNCTIONAL,
    NO_OPERATOR,
    NUMBERS,
    PREFIXES,
    counted,
    counted_from_the_front,
    dotted_name,
    is_number,
    key_text,
    label_of,
    no_number,
    refused,
)
from app.core.formulas.text import Line, Reader
from app.core.formulas.values import Ref, Unfit, Value, demand_fit, elementwise, number, worded
from app.core.graph import moves
from app.core.graph.arithmetic import FUNCTIONS, Constant, Function, power_of
from app.core.graph.ops import Op
from app.core.graph.rules import Shape


class Unknown(Exception):
    """A name whose own line is wrong: what reads it is not told too."""


class PlannedNode(NamedTuple):
    """A node that is to be: all that `Builder.apply` takes."""

    id: str
    op: Op
    inputs: tuple[str, ...]
    shape: Shape
    label: str
    scope: str


class Expressions:
    """Makes nodes of expressions, in the order in which they are computed."""

    def __init__(self, text: str, given: dict[str, Ref]) -> None:
        self._reader = Reader(text)
        self._given = given
        self._known: dict[str, Value | None] = {}  # None: the line that gives it is wrong
        self._nodes: list[PlannedNode] = []
        self._reductions: dict[str, str] = {}  # by id of a cost: how it is reduced over the examples
        self._read: set[str] = set()
        self._missing: set[str] = set()
        self._line = Line("", ast.Constant(0), 0)
        self._lines: list[Line] = []
        self._inside = 0

    def _at(self, node: ast.AST, make: Callable[[], Any]) -> Any:
        """What is made, its faults placed at the node.   Raises: Wrong."""
        try:
            return make()
        except Unfit as unfit:
            raise self._reader.wrong(node, str(unfit)) from None

    def _value(self, node: ast.expr, name: str | None) -> Value:
        """What the expression stands for; `name` is the line's where this is its outermost operation."""
        match node:
            case ast.Constant():
                return self._constant(node)
            case ast.Name(id=id):
                return self._named(node, id)
            case ast.UnaryOp():
                return self._unary(node, name)
            case ast.BinOp():
                return self._binary(node, name)
            case ast.Call():
                return self._called(node, name)
            case ast.Subscript():
                return self._subscript(node, name)
            case ast.Attribute():
                return self._attribute(node, name)
        raise self._reader.wrong(node, refused(node))

    def _constant(self, node: ast.Constant) -> Constant:
        value = node.value
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._reader.wrong(node, no_number(value))
        try:
            found = float(value)
        except OverflowError:
            found = np.inf
        if not np.isfinite(found):
            raise self._reader.wrong(node, "this number is beyond the range of a double, about 1.8e308")
        return number(found)

    def _named(self, node: ast.Name, id: str) -> Value:
        if id in self._known:
            found = self._known[id]
            if found is None:
                raise Unknown
            self._read.add(id)
            return found
        if id in self._given:
            self._read.add(id)
            return self._given[id]
        if id in self._missing:
            raise Unknown
        self._missing.add(id)
        raise self._reader.wrong(node, self._no_value(id))

    def _no_value(self, id: str) -> str:
        line = self._line.number
        later = next((it.number for it in self._lines if it.name == id), None)
        if later == line:
            return f"`{id}` is read in the very line that gives it a value; call the new one `{id}2`"
        if later is not None:
            return f"`{id}` is read in line {line}, before line {later} gives it a value; exchange the two"
        if id in CALLS:
            return f"`{id}` is a function; call it, as in {CALLS[id].example}"
        there = [*self._known, *self._given]
        near = difflib.get_close_matches(id, there, 1, 0.75)
        meant = f"; is `{near[0]}` meant?" if near else "; give it one among parameters or constants"
        return f"`{id}` is read in line {line} but has no value{meant}"

    def _apply(self, node: ast.expr, name: str | None) -> Callable[..., Ref]:
        """What makes a node here: the outermost operation of a line has its name, those inside are numbered."""

        def apply(made: tuple[Op, Shape], refs: Sequence[Ref]) -> Ref:
            op, shape = made
            if name is None:
                self._inside += 1
            id = name or f"{self._line.name}.{self._inside}"
            label = name or label_of(node)
            inputs = tuple(ref.id for ref in refs)
            self._nodes.append(PlannedNode(id, op, inputs, tuple(map(int, shape)), label, self._line.name))
            return Ref(id, tuple(map(int, shape)))

        return apply

    def _elementwise(self, node: ast.expr, row: Function, values: Sequence[Value], name: str | None) -> Value:
        sign = BINARY[type(node.op)][1] if isinstance(node, ast.BinOp) else ""
        return self._at(node, lambda: elementwise(row, values, self._apply(node, name), sign))  # type: ignore[no-any-return]

    def _unary(self, node: ast.UnaryOp, name: str | None) -> Value:
        if isinstance(node.op, ast.UAdd):
            return self._value(node.operand, name)
        if not isinstance(node.op, ast.USub):
            raise self._reader.wrong(node, "`not` and `~` have no place here; compare inside where(…)")
        value = self._value(node.operand, None)
        if isinstance(value, Constant) and isinstance(node.operand, ast.Constant):
            return number(-value.value)
        return self._elementwise(node, FUNCTIONS["negative"], [value], name)

    def _binary(self, node: ast.BinOp, name: str | None) -> Value:
        kind = type(node.op)
        if kind not in BINARY:
            raise self._reader.wrong(node, NO_OPERATOR.get(kind, "this operator has no place here"))
        left, right = self._value(node.left, None), self._value(node.right, None)
        if kind is ast.MatMult:
            return self._at(node, lambda: calls.matmul(self._apply(node, name), left, right))  # type: ignore[no-any-return]
        if kind is ast.Pow and isinstance(right, Constant) and isinstance(left, Ref):
            return self._elementwise(node, power_of(right.value), [left], name)
        return self._elementwise(node, FUNCTIONS[BINARY[kind][0]], [left, right], name)

    def _attribute(self, node: ast.Attribute, name: str | None) -> Value:
        dotted = dotted_name(node)
        prefix, _, last = dotted.rpartition(".")
        if prefix in PREFIXES and prefix not in self._known and prefix not in self._given:
            if last in NUMBERS:
                return number(NUMBERS[last], last)
            called = f"{last} is a function; call it, as in {CALLS[last].example}" if last in CALLS else ""
            raise self._reader.wrong(node, called or f"`{dotted}` is not known here; pi, e and inf are")
        if node.attr == "T":
            value = self._value(node.value, None)
            return self._at(node, lambda: CALLS["transpose"].make(self._apply(node, name), value))  # type: ignore[no-any-return]
        if node.attr in CALLS or node.attr in ALIASES:
            raise self._reader.wrong(node, f"`.{node.attr}` is a function; call it: .{node.attr}()")
        raise self._reader.wrong(node, f"`.{node.attr}` has no place here; of what follows a dot, `.T` is known")

    # --- indices ------------------------------------------------------------------------------------------------------

    def _subscript(self, node: ast.Subscript, name: str | None) -> Value:
        value = self._value(node.value, None)
        if not isinstance(value, Ref):
            raise self._reader.wrong(node, "a number has no entries")
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        key = tuple(self._part(part) for part in parts)
        self._demand_entries(node, value, [part for part in key if part is not None])
        text = ",".join(map(key_text, counted_from_the_front(key, value.shape)))

        def make() -> Ref:
            op, shape = moves.index(value.shape, key, text)
            demand_fit(shape)
            return self._apply(node, name)((op, shape), [value])

        return self._at(node, make)  # type: ignore[no-any-return]

    def _demand_entries(self, node: ast.Subscript, value: Ref, key: Sequence[Any]) -> None:
        label = label_of(node.value)
        if len(key) > len(value.shape):
            detail = f"`{label}` is {worded(value.shape)}, and {len(key)} indices are given"
            raise self._reader.wrong(node, f"{detail}; give one for each axis")
        for axis, part in enumerate(key):
            size = value.shape[axis]
            if isinstance(part, int) and not -size <= part < size:
                raise self._reader.wrong(node, f"`{label}` has the indices 0 to {size - 1} here, and not {part}")
            if isinstance(part, slice) and len(range(*part.indices(size))) == 0:
                raise self._reader.wrong(node, f"`{key_text(part)}` takes nothing of the {size} entries of `{label}`")

    def _part(self, node: ast.expr) -> Any:
        match node:
            case ast.Slice(lower=lower, upper=upper, step=step):
                found = slice(*[None if it is None else self._whole(it) for it in (lower, upper, step)])
                if found.step == 0 or (found.step or 1) < 0:
                    raise self._reader.wrong(node, "the step of a slice is 1 or more")
                return found
            case ast.Constant(value=None):
                return None
            case ast.Attribute() if dotted_name(node).endswith(".newaxis"):
                return None
        return self._whole(node)

    def _whole(self, node: ast.expr) -> int:
        sign = 1
        while isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            sign, node = -sign, node.operand
        if isinstance(node, ast.Constant) and type(node.value) is int and abs(node.value) < 10**9:
            return sign * node.value
        raise self._reader.wrong(node, f"`{label_of(node)}` is no whole number, and one belongs here")

    # --- calls --------------------------------------------------------------------------------------------------------

    def _called(self, node: ast.Call, name: str | None) -> Value:
        dotted = dotted_name(node.func)
        prefix, _, last = dotted.rpartition(".")
        given: list[ast.expr] = [*node.args]
        if isinstance(node.func, ast.Attribute) and prefix not in PREFIXES:
            last = node.func.attr
            given.insert(0, node.func.value)  # x.sum(axis=1) is sum(x, axis=1)
        elif not isinstance(node.func, ast.Name | ast.Attribute):
            inner = dotted_name(node.func.func).rpartition(".")[2] if isinstance(node.func, ast.Call) else ""
            if inner in INSTEAD:  # nn.CrossEntropyLoss()(z, y)
                raise self._reader.wrong(node, self._no_function(inner))
            raise self._reader.wrong(node, "only functions are called; a product is written with `*`")
        call = CALLS.get(ALIASES.get(last, last)) or CALLS.get(last)
        if call is None:
            raise self._reader.wrong(node, self._no_function(last))
        if prefix in FUNCTIONAL and last in OTHERWISE_IN_TORCH:
            raise self._reader.wrong(node, f"`{dotted}` {OTHERWISE_IN_TORCH[last]}")
        arguments = self._arguments(node, call, given)
        made = self._at(node, lambda: call.make(self._apply(node, name), *arguments))
        if call.group == "Costs" and isinstance(made, Ref):
            self._reductions[made.id] = str(arguments[-1])
        return made  # type: ignore[no-any-return]

    def _no_function(self, name: str) -> str:
        if name in self._known or name in self._given:
            return f"`{name}` is a value and no function; for a product write {name} * (…)"
        if name in INSTEAD:
            return f"there is no function `{name}` here; write {INSTEAD[name]}"
        near = difflib.get_close_matches(name, [*CALLS, *ALIASES], 1, 0.75)
        meant = f"; is `{near[0]}` meant?" if near else "; the help lists those that there are"
        return f"there is no function `{name[:40]}` here{meant}"

    def _arguments(self, node: ast.Call, call: Call, given: list[ast.expr]) -> list[Any]:
        """The arguments in the order of the call's parameters.   Raises: Wrong."""
        starred = next((it for it in given if isinstance(it, ast.Starred)), None)
        if starred is not None or any(it.arg is None for it in node.keywords):
            raise self._reader.wrong(starred or node, "`*` before an argument spreads nothing here; write each out")
        positional = self._gathered(call, given)
        if len(positional) > len(call.parameters):
            detail = f"{call.name} takes {counted(len(call.parameters))}, and {len(positional)} are given"
            raise self._reader.wrong(node, f"{detail}{self._two_values(call)}: {call.signature}")
        found = dict(zip([it.name for it in call.parameters], positional, strict=False))
        axis = found.get("axis")
        if self._two_values(call) and axis is not None and not is_number(axis):  # max(0, x)
            raise self._reader.wrong(axis, f"{call.name} goes over one value{self._two_values(call)}")
        for keyword in node.keywords:
            parameter = next((it for it in call.parameters if keyword.arg in (it.name, *it.aliases)), None)
            if parameter is None or parameter.name in found:
                problem = "is given twice" if parameter else f"is nothing that {call.name} takes"
                raise self._reader.wrong(keyword.value, f"`{keyword.arg}` {problem}: {call.signature}")
            found[parameter.name] = keyword.value
        missing = [it.name for it in call.parameters if it.default is ... and it.name not in found]
        if missing:
            raise self._reader.wrong(node, f"{call.name} needs {' and '.join(missing)} too: {call.signature}")
        return [self._argument(it, found[it.name], call) if it.name in found else it.default for it in call.parameters]

    def _two_values(self, call: Call) -> str:
        return {"max": "; the larger of two is maximum(a, b)", "min": "; the smaller of two is minimum(a, b)"}.get(
            call.name, ""
        )

    def _gathered(self, call: Call, given: list[ast.expr]) -> list[ast.expr]:
        """x.reshape(2, 3) as reshape(x, (2, 3))."""
        if call.name == "reshape" and len(given) > 2:
            return [given[0], ast.copy_location(ast.Tuple(given[1:], ast.Load()), given[1])]
        return given

    def _argument(self, parameter: Parameter, node: ast.expr, call: Call) -> Any:
        kind, _, choices = parameter.kind.partition(":")
        match kind:
            case "value":
                return self._value(node, None)
            case "values":
                if not isinstance(node, ast.List | ast.Tuple) or not node.elts:
                    raise self._reader.wrong(node, f"{call.name} takes a list: {call.example}")
                return [self._value(it, None) for it in node.elts]
            case "condition":
                return self._condition(node)
            case "flag":
                if isinstance(node, ast.Constant) and isinstance(node.value, bool):
                    return node.value
                raise self._reader.wrong(node, f"{parameter.name} is True or False, and not `{label_of(node)}`")
            case "axis":
                if isinstance(node, ast.Constant) and node.value is None and parameter.default is None:
                    return None
                return self._whole(node)
            case "whole":
                return self._whole(node)
            case "shape":
                sizes = node.elts if isinstance(node, ast.Tuple | ast.List) else [node]
                return tuple(self._whole(size) for size in sizes)
            case "number":
                value = self._value(node, None)
                if isinstance(value, Constant):
                    return value.value
                raise self._reader.wrong(node, f"{parameter.name} of {call.name} is a plain number")
        if isinstance(node, ast.Constant) and node.value in choices.split(","):
            return node.value
        quoted = " or ".join(f'"{it}"' for it in choices.split(","))
        raise self._reader.wrong(node, f"{parameter.name} is {quoted}, and not `{label_of(node)}`")

    def _condition(self, node: ast.expr) -> Comparison:
        if isinstance(node, ast.Compare):
            if len(node.ops) > 1:
                raise self._reader.wrong(node, "one comparison at a time; put one where(…) into the other")
            sign = COMPARISON_SIGNS.get(type(node.ops[0]))
            if sign is None:
                raise self._reader.wrong(node, "`in` and `is` compare nothing here; write >, <, ==, !=")
            return Comparison(sign, self._value(node.left, None), self._value(node.comparators[0], None))
        if isinstance(node, ast.BoolOp):
            raise self._reader.wrong(node, "`and` and `or` have no place here; put one where(…) into the other")
        return Comparison("!=", self._value(node, None), number(0.0))
