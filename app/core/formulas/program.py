"""A text and the shapes of its leaves, as a graph. Nothing else knows what a line is.

Each operation is a node. The outermost of a line has the line's name; those inside it are numbered behind it, C.1, C.2,
in the order in which they are computed. The last line is the output.
"""

import ast
import difflib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from app import limits
from app.core.formulas import calls
from app.core.formulas.calls import ALIASES, CALLS, INSTEAD, OTHERWISE_IN_TORCH, Call, Comparison, Parameter
from app.core.formulas.text import Fault, Line, Reader, Wrong
from app.core.formulas.values import Ref, Unfit, Value, as_array, demand_fit, elementwise, number, worded
from app.core.graph import moves, products
from app.core.graph.arithmetic import FUNCTIONS, Constant, Function, power_of
from app.core.graph.cache import kept, make_room
from app.core.graph.costs import COSTS
from app.core.graph.ops import Array, Op
from app.core.graph.rules import Shape
from app.core.graph.structure import Builder, Graph, Role


class Leaf(NamedTuple):
    """A name that is read and never assigned: its role, and the shape of its value."""

    name: str
    role: Role
    shape: Shape


class Program(NamedTuple):
    """A graph that was written down. `constants` are those that have their value in the text, `read` the leaves read.

    The leaves of the graph stand in the order in which they were given, and those of the text behind them.
    """

    graph: Graph
    constants: tuple[Array, ...]
    read: frozenset[str]


class Formulas(NamedTuple):
    """A model that is written down in a text: what `Network` is for layers. It is made for so many rows of data.

    `names` are those of all leaves but x and y: first the parameters, then the constants, each in the order given.
    """

    text: str
    names: tuple[str, ...]
    program: Program
    parameters: tuple[Array, ...]
    given: tuple[Array, ...]

    def graph(self, _rows: int) -> Graph:
        """The graph of one pass."""
        return self.program.graph

    def data(self, x: Array | None, y: Array | None) -> tuple[Array, ...]:
        """Those of the rows' arrays that the text reads."""
        if x is None and y is None:
            return ()
        read = self.program.read
        return tuple(array for name, array in (("x", x), ("y", y)) if array is not None and name in read)

    @property
    def constants(self) -> tuple[Array, ...]:
        """The arrays of all leaves that are neither learned nor data."""
        return (*self.given, *self.program.constants)

    def leaves(self, x: Array | None, y: Array | None) -> tuple[Array, ...]:
        """The arrays of the graph's leaves, in their order."""
        return (*self.data(x, None), *self.parameters, *self.given, *self.data(None, y), *self.program.constants)


def formulas(
    text: str,
    parameters: Mapping[str, Array],
    constants: Mapping[str, Array],
    x: Shape | None = None,
    y: Shape | None = None,
) -> Formulas:
    """The text with values for its leaves, and the shapes of the rows of an iteration.   Raises: Wrong."""
    leaves = (
        *([] if x is None else [Leaf("x", "input", x)]),
        *(Leaf(name, "parameter", array.shape) for name, array in parameters.items()),
        *(Leaf(name, "constant", array.shape) for name, array in constants.items()),
        *([] if y is None else [Leaf("y", "target", y)]),
    )
    names = (*parameters, *constants)
    return Formulas(text, names, program(text, leaves), tuple(parameters.values()), tuple(constants.values()))


@kept(256)
def program(text: str, leaves: tuple[Leaf, ...]) -> Program:
    """The graph of the text.   Raises: Wrong, with what is wrong and where."""
    return _Maker(text, leaves).program()


class _Unknown(Exception):
    """A name whose own line is wrong: what reads it is not told too."""


class _Node(NamedTuple):
    """A node that is to be: all that `Builder.apply` takes."""

    id: str
    op: Op
    inputs: tuple[str, ...]
    shape: Shape
    label: str
    scope: str


class _Maker:
    """Makes the graph, line by line."""

    def __init__(self, text: str, leaves: tuple[Leaf, ...]) -> None:
        self._reader = Reader(text)
        self._leaves = leaves
        self._given = {leaf.name: Ref(leaf.name, leaf.shape) for leaf in leaves}
        self._known: dict[str, Value | None] = {}  # None: the line that gives it is wrong
        self._arrays: dict[str, Array] = {}
        self._nodes: list[_Node] = []
        self._reductions: dict[str, str] = {}  # by id of a cost: how it is reduced over the examples
        self._read: set[str] = set()
        self._missing: set[str] = set()
        self._line = Line("", ast.Constant(0), 0)
        self._lines: list[Line] = []
        self._inside = 0

    def program(self) -> Program:
        self._lines = self._reader.lines()
        faults: list[Fault] = []
        for line in self._lines:
            self._line, self._inside = line, 0
            try:
                self._known[line.name] = self._assigned(line)
            except Wrong as wrong:
                faults += wrong.faults
                self._known[line.name] = None
            except _Unknown:
                self._known[line.name] = None
        faults += [] if faults else self._at_the_end()
        if faults:
            raise Wrong(sorted(faults))
        return self._built()

    def _assigned(self, line: Line) -> Value:
        if line.name in self._given:
            given = f"`{line.name}` is given a value beside the text, and line {line.number} gives it another"
            raise self._reader.wrong((line.number, 1), f"{given}; call one of the two differently")
        if line.name in CALLS:
            detail = f"`{line.name}` is a function; call the value differently, {line.name}_1 for example"
            raise self._reader.wrong((line.number, 1), detail)
        literal = self._literal(line)
        if literal is not None:
            return literal
        value = self._value(line.expression, line.name)
        if isinstance(value, Ref) and value.id != line.name:  # another name for a node
            return self._apply(line.expression, line.name)(_copy(value), [value])
        return value

    def _literal(self, line: Line) -> Value | None:
        """A line that gives numbers: `W = [[1, 2], [3, 4]]`, with np.array( ) around it or not; else None."""
        node = line.expression
        if isinstance(node, ast.Call) and _dotted(node.func).split(".")[-1] in ("array", "asarray", "tensor"):
            if not node.args or [it for it in node.keywords if it.arg not in ("dtype", "requires_grad")]:
                raise self._reader.wrong(node, "np.array takes a list of numbers: np.array([[1, 2], [3, 4]])")
            node = node.args[0]
        if isinstance(node, ast.List | ast.Tuple):
            array = self._at(node, lambda: as_array(self._listed(node)))
            self._arrays[line.name] = array
            return Ref(line.name, array.shape)
        return None

    def _listed(self, node: ast.expr) -> Any:
        if isinstance(node, ast.List | ast.Tuple):
            return [self._listed(it) for it in node.elts]
        value = self._value(node, None)
        if not isinstance(value, Constant):
            raise self._reader.wrong(node, "a list holds numbers; values are put together with stack([a, b])")
        return value.value

    def _at_the_end(self) -> Iterator[Fault]:
        last = self._lines[-1]
        value = self._known[last.name]
        if not isinstance(value, Ref) or not self._nodes:
            detail = f"`{last.name}` is a number; the last line computes one from values that have names"
            yield self._reader.fault(last.expression, detail)
        elif value.shape:
            what = f"`{last.name}` has shape {worded(value.shape)}; the last line must be one number"
            yield self._reader.fault(last.expression, f"{what}: sum(…) or mean(…)")
        elif len(self._nodes) > limits.FORMULA_OPERATIONS:
            detail = f"the text has {len(self._nodes)} operations; at most {limits.FORMULA_OPERATIONS} are allowed"
            yield self._reader.fault((1, 1), detail)

    def _built(self) -> Program:
        builder = Builder()
        read = [leaf for leaf in self._leaves if leaf.role not in ("input", "target") or leaf.name in self._read]
        for leaf in read:
            builder.leaf(leaf.name, leaf.role, leaf.shape)
        for name, array in self._arrays.items():
            builder.leaf(name, "constant", array.shape, scope=name)
        for node in self._fused():
            builder.apply(node.op, node.id, node.inputs, node.shape, label=node.label, scope=node.scope)
        graph = builder.build()
        make_room(len(graph.nodes))
        return Program(graph, tuple(self._arrays.values()), frozenset(self._read))

    def _fused(self) -> Iterator[_Node]:
        """The nodes; a cost is taken from what went into the activation before it, where nobody else reads that."""
        made = {node.id: node for node in self._nodes}
        readers = Counter(id for node in self._nodes for id in node.inputs)
        for node in self._nodes:
            before = made.get(node.inputs[0]) if node.op.name in COSTS else None
            if before is not None and before.op.name in COSTS[node.op.name].behind and readers[before.id] == 1:
                op, _ = products.cost(node.op.name, before.shape, self._reductions[node.id], before.op.name)
                node = node._replace(op=op)
            yield node

    # --- expressions --------------------------------------------------------------------------------------------------

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
        raise self._reader.wrong(node, _refused(node))

    def _constant(self, node: ast.Constant) -> Constant:
        value = node.value
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._reader.wrong(node, _no_number(value))
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
                raise _Unknown
            self._read.add(id)
            return found
        if id in self._given:
            self._read.add(id)
            return self._given[id]
        if id in self._missing:
            raise _Unknown
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
            label = name or _label(node)
            inputs = tuple(ref.id for ref in refs)
            self._nodes.append(_Node(id, op, inputs, tuple(map(int, shape)), label, self._line.name))
            return Ref(id, tuple(map(int, shape)))

        return apply

    def _elementwise(self, node: ast.expr, row: Function, values: Sequence[Value], name: str | None) -> Value:
        sign = _BINARY[type(node.op)][1] if isinstance(node, ast.BinOp) else ""
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
        if kind not in _BINARY:
            raise self._reader.wrong(node, _NO_OPERATOR.get(kind, "this operator has no place here"))
        left, right = self._value(node.left, None), self._value(node.right, None)
        if kind is ast.MatMult:
            return self._at(node, lambda: calls.matmul(self._apply(node, name), left, right))  # type: ignore[no-any-return]
        if kind is ast.Pow and isinstance(right, Constant) and isinstance(left, Ref):
            return self._elementwise(node, power_of(right.value), [left], name)
        return self._elementwise(node, FUNCTIONS[_BINARY[kind][0]], [left, right], name)

    def _attribute(self, node: ast.Attribute, name: str | None) -> Value:
        dotted = _dotted(node)
        prefix, _, last = dotted.rpartition(".")
        if prefix in _PREFIXES and prefix not in self._known and prefix not in self._given:
            if last in _NUMBERS:
                return number(_NUMBERS[last], last)
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
        text = ",".join(map(_key_text, _counted_from_the_front(key, value.shape)))

        def make() -> Ref:
            op, shape = moves.index(value.shape, key, text)
            demand_fit(shape)
            return self._apply(node, name)((op, shape), [value])

        return self._at(node, make)  # type: ignore[no-any-return]

    def _demand_entries(self, node: ast.Subscript, value: Ref, key: Sequence[Any]) -> None:
        label = _label(node.value)
        if len(key) > len(value.shape):
            detail = f"`{label}` is {worded(value.shape)}, and {len(key)} indices are given"
            raise self._reader.wrong(node, f"{detail}; give one for each axis")
        for axis, part in enumerate(key):
            size = value.shape[axis]
            if isinstance(part, int) and not -size <= part < size:
                raise self._reader.wrong(node, f"`{label}` has the indices 0 to {size - 1} here, and not {part}")
            if isinstance(part, slice) and len(range(*part.indices(size))) == 0:
                raise self._reader.wrong(node, f"`{_key_text(part)}` takes nothing of the {size} entries of `{label}`")

    def _part(self, node: ast.expr) -> Any:
        match node:
            case ast.Slice(lower=lower, upper=upper, step=step):
                found = slice(*[None if it is None else self._whole(it) for it in (lower, upper, step)])
                if found.step == 0 or (found.step or 1) < 0:
                    raise self._reader.wrong(node, "the step of a slice is 1 or more")
                return found
            case ast.Constant(value=None):
                return None
            case ast.Attribute() if _dotted(node).endswith(".newaxis"):
                return None
        return self._whole(node)

    def _whole(self, node: ast.expr) -> int:
        sign = 1
        while isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            sign, node = -sign, node.operand
        if isinstance(node, ast.Constant) and type(node.value) is int and abs(node.value) < 10**9:
            return sign * node.value
        raise self._reader.wrong(node, f"`{_label(node)}` is no whole number, and one belongs here")

    # --- calls --------------------------------------------------------------------------------------------------------

    def _called(self, node: ast.Call, name: str | None) -> Value:
        dotted = _dotted(node.func)
        prefix, _, last = dotted.rpartition(".")
        given: list[ast.expr] = [*node.args]
        if isinstance(node.func, ast.Attribute) and prefix not in _PREFIXES:
            last = node.func.attr
            given.insert(0, node.func.value)  # x.sum(axis=1) is sum(x, axis=1)
        elif not isinstance(node.func, ast.Name | ast.Attribute):
            inner = _dotted(node.func.func).rpartition(".")[2] if isinstance(node.func, ast.Call) else ""
            if inner in INSTEAD:  # nn.CrossEntropyLoss()(z, y)
                raise self._reader.wrong(node, self._no_function(inner))
            raise self._reader.wrong(node, "only functions are called; a product is written with `*`")
        call = CALLS.get(ALIASES.get(last, last)) or CALLS.get(last)
        if call is None:
            raise self._reader.wrong(node, self._no_function(last))
        if prefix in _FUNCTIONAL and last in OTHERWISE_IN_TORCH:
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
            detail = f"{call.name} takes {_counted(len(call.parameters))}, and {len(positional)} are given"
            raise self._reader.wrong(node, f"{detail}{self._two_values(call)}: {call.signature}")
        found = dict(zip([it.name for it in call.parameters], positional, strict=False))
        axis = found.get("axis")
        if self._two_values(call) and axis is not None and not _is_number(axis):  # max(0, x)
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
                raise self._reader.wrong(node, f"{parameter.name} is True or False, and not `{_label(node)}`")
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
        raise self._reader.wrong(node, f"{parameter.name} is {quoted}, and not `{_label(node)}`")

    def _condition(self, node: ast.expr) -> Comparison:
        if isinstance(node, ast.Compare):
            if len(node.ops) > 1:
                raise self._reader.wrong(node, "one comparison at a time; put one where(…) into the other")
            sign = _COMPARISONS.get(type(node.ops[0]))
            if sign is None:
                raise self._reader.wrong(node, "`in` and `is` compare nothing here; write >, <, ==, !=")
            return Comparison(sign, self._value(node.left, None), self._value(node.comparators[0], None))
        if isinstance(node, ast.BoolOp):
            raise self._reader.wrong(node, "`and` and `or` have no place here; put one where(…) into the other")
        return Comparison("!=", self._value(node, None), number(0.0))


# --- words ------------------------------------------------------------------------------------------------------------


_FUNCTIONAL = ("F", "nn.functional", "torch.nn.functional")
_PREFIXES = ("np", "numpy", "math", "torch", "torch.special", *_FUNCTIONAL)
_NUMBERS: Mapping[str, float] = {"pi": np.pi, "e": np.e, "inf": np.inf}
_BINARY: dict[type, tuple[str, str]] = {
    ast.Add: ("add", "+"),
    ast.Sub: ("subtract", "-"),
    ast.Mult: ("multiply", "*"),
    ast.Div: ("divide", "/"),
    ast.Pow: ("power", "**"),
    ast.MatMult: ("matmul", "@"),
}
_NO_OPERATOR: dict[type, str] = {
    ast.BitXor: "`^` is not a power here; write `**`",
    ast.Mod: "`%` has no slope; write the number itself",
    ast.FloorDiv: "`//` has no slope; write `/`",
    ast.BitAnd: "`&` has no place here; put one where(…) into the other",
    ast.BitOr: "`|` has no place here; for a size write abs(x)",
    ast.LShift: "`<<` has no place here; write * 2 ** n",
    ast.RShift: "`>>` has no place here; write / 2 ** n",
}
_COMPARISONS: dict[type, str] = {
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}


def _refused(node: ast.expr) -> str:
    match node:
        case ast.Compare() | ast.BoolOp():
            return "a comparison belongs into where(a > b, this, that)"
        case ast.IfExp():
            return "there is no `if` here; write where(a > b, this, that)"
        case ast.List() | ast.Tuple():
            return "a list belongs where a function takes one: stack([a, b]); numbers get a line of their own"
        case ast.ListComp() | ast.GeneratorExp() | ast.SetComp() | ast.DictComp():
            return "there are no loops here; write each turn as a line of its own"
        case ast.Lambda():
            return "functions are not defined here; write what it computes out"
        case ast.NamedExpr():
            return "`:=` has no place here; give the value a line of its own"
        case ast.JoinedStr():
            return "quotes have no place here; names and numbers need none"
        case ast.Await() | ast.Yield() | ast.YieldFrom():
            return "nothing waits here; write the value itself"
        case ast.Dict() | ast.Set():
            return "braces have no place here; use round brackets"
        case ast.Starred():
            return "`*` before a name spreads nothing here; write each value out"
    return "this has no place in a formula"


def _no_number(value: object) -> str:
    if isinstance(value, bool):
        return f"{value} is no number; write {int(value)}"
    if value is None:
        return "None is no number; write one"
    if isinstance(value, complex):
        return "numbers are real here; take the `j` away"
    if value is ...:
        return "`...` stands for nothing here; write it out"
    return "quotes have no place here; names and numbers need none"


def _counted(count: int) -> str:
    return "one argument" if count == 1 else f"{count} arguments"


def _is_number(node: ast.expr) -> bool:
    """Whether it is written as a number, with or without a sign, or as None."""
    while isinstance(node, ast.UnaryOp):
        node = node.operand
    return isinstance(node, ast.Constant)


def _dotted(node: ast.expr) -> str:
    """ "np.exp" of the function of np.exp(x); empty where it is no such name."""
    match node:
        case ast.Name(id=id):
            return id
        case ast.Attribute(value=value, attr=attr):
            before = _dotted(value)
            return f"{before}.{attr}" if before else ""
    return ""


def _key_text(part: Any) -> str:
    if isinstance(part, slice):
        ends = [("" if it is None else str(it)) for it in (part.start, part.stop)]
        return ":".join(ends) + ("" if part.step is None else f":{part.step}")
    return str(part)


def _counted_from_the_front(key: tuple[Any, ...], shape: Shape) -> Iterator[Any]:
    """The same indices without negative ones: an entry has one name."""
    sizes = iter(shape)
    for part in key:
        size = 0 if part is None else next(sizes)
        yield part % size if isinstance(part, int) else part


def _label(node: ast.AST) -> str:
    """How an expression is written, in the signs of formulas: "(O − Y)²"."""
    text = ast.unparse(node)
    for python, sign in ((" ** 2", "²"), (" * ", " · "), (" - ", " − "), (" ** ", "^"), (".T", "ᵀ")):
        text = text.replace(python, sign)
    for prefix in ("np.", "numpy.", "math.", "torch."):
        text = text.replace(prefix, "")
    if text.startswith("-"):
        text = f"−{text[1:]}"
    return text if len(text) <= 80 else f"{text[:79]}…"


def _copy(value: Ref) -> tuple[Op, Shape]:
    return products.activation("identity", value.shape, {})
