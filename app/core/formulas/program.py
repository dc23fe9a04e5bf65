"""A text and the shapes of its leaves, as a graph. Nothing else knows what a line is.

Each operation is a node. The outermost of a line has the line's name; those inside it are numbered behind it, C.1, C.2,
in the order in which they are computed. The last line is the output.
"""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from app import limits
from app.core.formulas.calls import CALLS
from app.core.formulas.expressions import Expressions, PlannedNode, Unknown
from app.core.formulas.syntax import dotted_name, names_in
from app.core.formulas.text import Fault, Line, Wrong
from app.core.formulas.values import Ref, Value, as_array, worded
from app.core.graph import products
from app.core.graph.arithmetic import Constant
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


_MOST_UNSEEN = 20


@kept(256)
def program(text: str, leaves: tuple[Leaf, ...]) -> Program:
    """The graph of the text.   Raises: Wrong, with what is wrong and where."""
    return _Maker(text, leaves).program()


class _Maker(Expressions):
    """Makes the graph, line by line."""

    def __init__(self, text: str, leaves: tuple[Leaf, ...]) -> None:
        super().__init__(text, {leaf.name: Ref(leaf.name, leaf.shape) for leaf in leaves})
        self._leaves = leaves
        self._arrays: dict[str, Array] = {}

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
            except Unknown:
                self._known[line.name] = None
        faults += self._unseen() if faults else self._at_the_end()
        if faults:
            raise Wrong(sorted(faults))
        return self._built()

    def _unseen(self) -> Iterator[Fault]:
        """Names that have no value in what was not looked at, since something before is wrong: all are told at once."""
        given_by_lines = {line.name for line in self._lines}
        there = self._given.keys() | given_by_lines | CALLS.keys()
        told = 0
        for line in self._lines:
            self._line = line
            for node in names_in(line.expression):
                if node.id in there or node.id in self._missing or told == _MOST_UNSEEN:
                    continue
                self._missing.add(node.id)
                told += 1
                yield self._reader.fault(node, self._no_value(node.id))

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
        if isinstance(node, ast.Call) and dotted_name(node.func).split(".")[-1] in ("array", "asarray", "tensor"):
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

    def _fused(self) -> Iterator[PlannedNode]:
        """The nodes; a cost is taken from what went into the activation before it, where nobody else reads that."""
        made = {node.id: node for node in self._nodes}
        readers = Counter(id for node in self._nodes for id in node.inputs)
        for node in self._nodes:
            before = made.get(node.inputs[0]) if node.op.name in COSTS else None
            if before is not None and before.op.name in COSTS[node.op.name].behind and readers[before.id] == 1:
                op, _ = products.cost(node.op.name, before.shape, self._reductions[node.id], before.op.name)
                node = node._replace(op=op)
            yield node


def _copy(value: Ref) -> tuple[Op, Shape]:
    return products.activation("identity", value.shape, {})
