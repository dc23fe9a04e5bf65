"""A computational graph of array nodes, run forward and backward.

A `Graph` is structure alone: nodes in the order they were added, which is the order of the forward pass, and edges in
the order the backward pass walks them. Values and gradients are results of `forward` and `backward`, never state of a
node, so the same graph can be run again with one number changed.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple

import numpy as np

from app.core.graph.ops import ELEMENTWISE, ONE, Array, Fused, Op, Partial, Rule

Role = Literal["input", "parameter", "constant", "target", "computed"]
Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """A leaf (op is None) or the output of an op on earlier nodes, given by index.

    `reads` are the nodes that its value is computed from: its inputs, or what these were made from (see `Fused`).
    `slots` are the nodes in its op's slots, itself included. `note` says how it comes to be where `formula` does not,
    `words` what is done, as the beginning of a sentence. Of a node that stands in a text, `label` is how it is written
    there, and `scope` the name of its line.
    """

    index: int
    id: str
    role: Role
    shape: Shape
    op: Op | None = None
    inputs: tuple[int, ...] = ()
    formula: str | None = None
    reads: tuple[int, ...] = ()
    slots: Mapping[str, int] = field(default_factory=dict)
    note: str = ""
    words: str = ""
    label: str = ""
    scope: str = ""

    def compute(self, values: Sequence[Any]) -> Any:
        """The node's value, from the values of all nodes before it."""
        assert self.op is not None, "a leaf's value is given, not computed"
        return self.op.value(*[values[index] for index in self.reads])


class FusedEdge(NamedTuple):
    """How an edge's contribution is mended where it is lost (see `Fused`): by what, from which m and y, under C."""

    by: Fused
    m: int
    y: int
    cost: int


@dataclass(frozen=True, slots=True)
class Edge:
    """From a computed node back to one of its inputs: the local partial ∂of/∂wrt.

    `local` makes it from the values of the nodes in `uses` alone; None says that it is the last of them as it stands.
    `formula` says how, `chain` what `rule` makes of it: the gradient, or where that is a sum, what is added to it.
    `row` is what it was made from, `slots` the nodes in its slots. `slot` is the place of `wrt` among the inputs of
    `of`: with it two edges between the same nodes are told apart, and `part` says in words of which of them `formula`
    is. `fused` is set on the edge that a cost right behind an activation mends.
    """

    of: int
    wrt: int
    rule: Rule
    uses: tuple[int, ...]
    local: Callable[..., Any] | None
    formula: str
    chain: str
    note: str
    row: Partial
    slots: Mapping[str, int]
    slot: int
    fused: FusedEdge | None = None
    part: str = ""

    def partial(self, values: Sequence[Any]) -> Any:
        """The local partial, from the values of all nodes."""
        if self.local is None:
            return values[self.uses[-1]]
        return self.local(*[values[index] for index in self.uses])

    def contribution(self, partial: Any, values: Sequence[Any], gradients: Sequence[Any]) -> Any:
        """What the edge adds to the gradient of `wrt`: its rule on the gradient of `of` and the local partial."""
        product = self.rule.apply(gradients[self.of], partial)
        if self.fused is None:
            return product
        by, m, y, cost = self.fused
        return by.mended(product, values[m], values[y], gradients[cost])


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """Structure, compared and hashed by identity.

    `edges` begins with those whose gradient training needs; `learning` is how many these are. The output does not
    depend on the `unreached` nodes: no edge leads from them or to them, and their gradients are 0.
    """

    nodes: tuple[Node, ...]
    leaves: tuple[Node, ...]
    parameters: tuple[Node, ...]
    computed: tuple[Node, ...]
    edges: tuple[Edge, ...]
    learning: int
    unreached: tuple[Node, ...] = ()

    @property
    def output(self) -> Node:
        """The last node: the number whose gradient is taken."""
        return self.nodes[-1]

    @property
    def loss(self) -> Node:
        """The node that may compare a prediction with the target: the output, or what a penalty is added to there."""
        return self.nodes[self.output.slots.get("loss", self.output.index)]

    @property
    def prediction(self) -> Node | None:
        """The node that the cost compares with the target; None where the output is no cost of that kind."""
        loss = self.loss
        return self.nodes[loss.inputs[0]] if loss.op is not None and loss.op.by_row is not None else None

    def named(self, template: str, slots: Mapping[str, int]) -> str:
        """A template in slot names with the ids of the nodes that are in them."""
        return template.format_map(_ids(slots, self.nodes))


class Backward(NamedTuple):
    """By node its gradient ∂output/∂node; by edge its local partial and its contribution."""

    gradients: list[Any]
    partials: list[Any]
    contributions: list[Any]


class _Letters(dict[str, str]):
    """Slots by their own letters: what is said of all of a kind."""

    def __missing__(self, slot: str) -> str:
        return slot


LETTERS = _Letters()


class Builder:
    """Adds nodes one by one; each op's inputs must be there already, so the order added is topological."""

    def __init__(self) -> None:
        self._nodes: list[Node] = []
        self._index: dict[str, int] = {}

    def leaf(self, id: str, role: Role, shape: Shape, scope: str = "") -> None:
        """Add a node whose value is given."""
        self._add(Node(len(self._nodes), id, role, shape, label=id if scope else "", scope=scope))

    def apply(self, op: Op, id: str, inputs: Sequence[str], shape: Shape, *, label: str = "", scope: str = "") -> None:
        """Add the output of `op` on the nodes `inputs`; `label` and `scope` say where it stands in a text."""
        indices = tuple(self._index[name] for name in inputs)
        slots = _slots(op, indices, self._nodes)
        names = _ids(slots, self._nodes)
        formula = f"{id} = {op.formula.format_map(names)}"
        words = op.words.format_map(_spoken(slots, self._nodes))
        reads = tuple(slots[slot] for slot in op.reads) or indices
        index = len(self._nodes)
        slots[op.output] = index
        note = op.note.format_map({**names, op.output: id})
        self._add(Node(index, id, "computed", shape, op, indices, formula, reads, slots, note, words, label, scope))

    def build(self) -> Graph:
        """The graph; its output is the node added last."""
        nodes = tuple(self._nodes)
        mended, reached = _mended(nodes), _reached(nodes)
        way = [node for node in reversed(nodes) if node.index in reached]
        walk = [edge for node in way for edge in _edges_of(node, nodes, mended.get(node.index))]
        # Nothing is learned from the gradient of data, so those edges come last, and training can leave them out.
        learning = [edge for edge in walk if not _is_data(nodes[edge.wrt])]
        edges = [*_added_up(learning + [edge for edge in walk if _is_data(nodes[edge.wrt])], nodes)]
        return Graph(
            nodes,
            leaves=tuple(node for node in nodes if node.op is None),
            parameters=tuple(node for node in nodes if node.role == "parameter"),
            computed=tuple(node for node in nodes if node.op is not None),
            edges=tuple(edges),
            learning=len(learning),
            unreached=tuple(node for node in nodes if node.index not in {nodes[-1].index, *(it.wrt for it in walk)}),
        )

    def _add(self, node: Node) -> None:
        if node.id in self._index:
            raise ValueError(f"node {node.id!r} is in the graph already; ids must differ")
        self._nodes.append(node)
        self._index[node.id] = node.index


def _is_data(node: Node) -> bool:
    return node.role in ("input", "constant", "target")


def _reached(nodes: Sequence[Node]) -> set[int]:
    """The nodes that an edge leads to, on the way back from the last one, and itself: a condition alone has no edge."""
    reached = {nodes[-1].index}
    for node in reversed(nodes):
        if node.index in reached and node.op is not None:
            reached.update(node.slots[partial.wrt] for partial in node.op.partials)
    return reached


def _ids(slots: Mapping[str, int], nodes: Sequence[Node]) -> dict[str, str]:
    return {slot: nodes[index].id for slot, index in slots.items()}


def _spoken(slots: Mapping[str, int], nodes: Sequence[Node]) -> dict[str, str]:
    """What the slots' nodes are called in a sentence: a part of a line, S.2, as it is written, where that is short."""
    return {slot: _called(nodes[index]) for slot, index in slots.items()}


def _called(node: Node) -> str:
    if "." not in node.id or not 0 < len(node.label) <= _SHORT or len(node.label.split()) > _FEW:
        return node.id
    return f"({node.label})" if re.search(" [−+·@/*-] ", re.sub(r"\([^()]*\)", "", node.label)) else node.label


# Characters, and words, of a part of a line that is named as it is written.
_SHORT = 16
_FEW = 3


def _slots(op: Op, inputs: Sequence[int], nodes: Sequence[Node]) -> dict[str, int]:
    """The nodes in an op's slots: its inputs; and where it looks through the first, what that was made from."""
    slots = dict(zip(op.inputs, inputs, strict=True))
    if op.fused is not None:
        (slots[op.fused.through],) = nodes[inputs[0]].inputs
    return slots


def _mended(nodes: tuple[Node, ...]) -> dict[int, FusedEdge]:
    """By the output of an activation that a cost is fused with: how the edge to its input is mended."""
    fused: dict[int, FusedEdge] = {}
    for node in nodes:
        if node.op is not None and node.op.fused is not None:
            a, y = node.inputs
            fused[a] = FusedEdge(node.op.fused, nodes[a].inputs[0], y, node.index)
    return fused


def _edges_of(node: Node, nodes: tuple[Node, ...], fused: FusedEdge | None) -> list[Edge]:
    """The edges from `node` to its inputs: parameters first, then what lies further back."""
    if node.op is None:
        return []
    edges = [_edge(node, node.op, partial, nodes, fused) for partial in node.op.partials]
    return sorted(edges, key=lambda edge: nodes[edge.wrt].role != "parameter")


def _edge(node: Node, op: Op, partial: Partial, nodes: tuple[Node, ...], fused: FusedEdge | None) -> Edge:
    slots = node.slots
    wrt = slots[partial.wrt]
    of_id, wrt_id = node.id, nodes[wrt].id
    local_name = f"∂{of_id}/∂{wrt_id}"
    output_id = nodes[-1].id
    meeting = partial.rule.formula.format(g=f"∂{output_id}/∂{of_id}", p=local_name)
    local_formula = f"{local_name} = {partial.formula.format_map(_ids(slots, nodes))}"
    return Edge(
        of=node.index,
        wrt=wrt,
        rule=partial.rule,
        uses=tuple(slots[slot] for slot in partial.uses),
        local=_local(partial, nodes[wrt].shape),
        formula=local_formula,
        # The gradient of the output itself is 1: at its own edges the local partial is the contribution.
        chain=local_formula if of_id == output_id else f"∂{output_id}/∂{wrt_id} = {meeting}",
        # Of a text, where such a letter may be another's name, in names; of a network it is that of any layer.
        note=partial.note.format_map(_ids(slots, nodes) if node.scope else LETTERS),
        row=partial,
        slots=slots,
        slot=op.inputs.index(partial.wrt),
        fused=fused,
    )


def _added_up(edges: Sequence[Edge], nodes: Sequence[Node]) -> Iterator[Edge]:
    """The edges; where several lead back to a node, the chain of each says that it adds a part to that gradient."""
    into, between = Counter(edge.wrt for edge in edges), Counter((edge.of, edge.wrt) for edge in edges)
    begun: set[int] = set()
    output = nodes[-1].id
    for edge in edges:
        if into[edge.wrt] == 1:
            yield edge
            continue
        gradient = f"∂{output}/∂{nodes[edge.wrt].id}"
        part = edge.chain.partition(" = ")[2]
        whole = f"{gradient} + {_in_a_sum(part)}" if edge.wrt in begun else part
        begun.add(edge.wrt)
        yield replace(edge, chain=f"{gradient} ← {whole}", part=_part(edge, nodes, between[edge.of, edge.wrt]))


def chain_of(edge: Edge, part: str) -> str:
    """The chain of an edge, where `part` is how its contribution is made."""
    gradient, sign, right = re.split(" ([=←]) ", edge.chain, maxsplit=1)
    whole = f"{gradient} + {_in_a_sum(part)}" if right.startswith(f"{gradient} + ") else part
    return f"{gradient} {sign} {whole}"


def _part(edge: Edge, nodes: Sequence[Node], places: int) -> str:
    """Of what the formula of an edge is the slope, where its letters alone say more."""
    of, wrt = nodes[edge.of], nodes[edge.wrt].id
    if places > 1:
        number = sum(index == edge.wrt for index in of.inputs[: edge.slot]) + 1
        return f"{wrt} stands at {places} places of {of.id}: this is the slope by its place {number} alone."
    return f"This is what {wrt} does in {of.id} itself; it goes other ways too." if of is nodes[-1] else ""


def _in_a_sum(formula: str) -> str:
    """In brackets, where it is a sum itself or begins with a sign."""
    outside = formula
    while (less := re.sub(r"\([^()]*\)|\[[^\[\]]*\]", "", outside)) != outside:
        outside = less
    return f"({formula})" if formula.startswith("−") or " + " in outside or " − " in outside else formula


def _local(partial: Partial, shape: Shape) -> Callable[..., Any] | None:
    if partial.value is None or callable(partial.value):
        return partial.value
    constant = np.full(shape, partial.value) if partial.rule is ELEMENTWISE else np.array(partial.value)
    constant.flags.writeable = False
    return lambda: constant


def forward(graph: Graph, leaves: Iterable[Array]) -> list[Any]:
    """Every node's value, by index. `leaves` are the leaves' arrays in the order of `graph.leaves`."""
    values: list[Any] = [None] * len(graph.nodes)
    for leaf, array in zip(graph.leaves, leaves, strict=True):
        values[leaf.index] = array
    for node in graph.computed:
        values[node.index] = node.compute(values)
    return values


def backward(
    graph: Graph, values: list[Any], edges: Sequence[Edge] | None = None, begun: Backward | None = None
) -> Backward:
    """The chain rule, edge by edge: contribution = rule(upstream gradient, local partial); their sum is the gradient.

    Where a cost is fused with the activation before it, what the product has lost is mended (see `Fused`).

    Where only some leading `edges` of the graph are walked, the gradients of nodes not reached are None. With what that
    gave as `begun`, the edges are those that follow.
    """
    gradients: list[Any] = [None] * len(graph.nodes)
    gradients[-1] = ONE
    partials: list[Any] = []
    contributions: list[Any] = []
    if begun is not None:
        gradients, partials, contributions = map(list, begun)
    for edge in graph.edges if edges is None else edges:
        partial = edge.partial(values)
        contribution = edge.contribution(partial, values, gradients)
        held = gradients[edge.wrt]
        gradients[edge.wrt] = contribution if held is None else held + contribution
        partials.append(partial)
        contributions.append(contribution)
    for node in graph.unreached:
        gradients[node.index] = np.zeros(node.shape)
    return Backward(gradients, partials, contributions)
