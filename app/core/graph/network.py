"""A network of layers, as a builder of its computational graph. Nothing else knows what a layer is.

    m_l = a_{l-1} · W_l (+ b_l)      a_l = σ_l(m_l)      C = cost(a_{L-1}, y)

Layers count from zero; node ids are x, y, C and W0 b0 m0 a0 W1 b1 m1 a1 …; with a penalty, L = cost(a_{L-1}, y), R the
penalty, and C = L + R. Where a layer drops some of its outputs, d_l = a_l ⊙ k_l goes on in place of a_l.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from app.core.graph.activations import ACTIVATIONS
from app.core.graph.cache import kept, make_room
from app.core.graph.costs import COSTS
from app.core.graph.ops import DROPOUT, LINEAR, LINEAR_WITH_BIAS, Array
from app.core.graph.penalties import TOTAL, Penalty
from app.core.graph.structure import Builder, Graph, Shape


class Layer(NamedTuple):
    """A layer without its numbers. `options` are those of the activation's row, by name; `dropout` is a share."""

    inputs: int
    outputs: int
    has_bias: bool
    activation: str
    options: tuple[tuple[str, float], ...] = ()
    dropout: float = 0.0


class Architecture(NamedTuple):
    """A network without its numbers: all that its graph's structure depends on.

    `drops` says that layers leave out what they are to leave out; else the network is at rest, and none does.
    """

    layers: tuple[Layer, ...]
    cost: str = "squared_error"
    reduction: str = "mean"
    penalty: Penalty | None = None
    drops: bool = False


class Network(NamedTuple):
    """`parameters` are the arrays W0, b0 (where there is one), W1, b1, … in forward order.

    Shapes: W_l (n_in, n_out), b_l (n_out).
    """

    architecture: Architecture
    parameters: tuple[Array, ...]

    def graph(self, rows: int) -> Graph:
        """The graph of one pass over so many rows of the data."""
        return build(self.architecture, rows)

    def data(self, x: Any, y: Any) -> tuple[Any, Any]:
        """The rows' arrays, which are leaves of the graph."""
        return x, y

    @property
    def constants(self) -> tuple[Array, ...]:
        """The arrays of leaves that are neither learned nor data: there are none."""
        return ()

    def leaves(self, x: Any, y: Any, masks: Sequence[Array] = ()) -> tuple[Any, ...]:
        """The arrays of the graph's leaves, in their order; `masks` of the layers that drop."""
        if not masks:
            return (x, *self.parameters, y)
        parameters, left = iter(self.parameters), iter(masks)
        found = [x]
        for layer in self.architecture.layers:
            found += [next(parameters) for _ in range(2 if layer.has_bias else 1)]
            found += [next(left)] if layer.dropout else []
        return (*found, y)


def parameter_shapes(layers: Iterable[Layer]) -> dict[str, Shape]:
    """The shape of each parameter by its id."""
    shapes: dict[str, Shape] = {}
    for number, layer in enumerate(layers):
        shapes[f"W{number}"] = (layer.inputs, layer.outputs)
        if layer.has_bias:
            shapes[f"b{number}"] = (layer.outputs,)
    return shapes


@kept(256)
def build(architecture: Architecture, examples: int) -> Graph:
    """The graph x → m0 → a0 → … → C of one pass over `examples` rows; each leaf is added where it is first used."""
    layers, cost, reduction, penalty, drops = architecture
    builder = Builder()
    builder.leaf("x", "input", (examples, layers[0].inputs))
    upstream = "x"
    for number, layer in enumerate(layers):
        inputs = [upstream, f"W{number}"]
        shape = (examples, layer.outputs)
        builder.leaf(f"W{number}", "parameter", (layer.inputs, layer.outputs))
        if layer.has_bias:
            builder.leaf(f"b{number}", "parameter", (layer.outputs,))
            inputs.append(f"b{number}")
        builder.apply(LINEAR_WITH_BIAS if layer.has_bias else LINEAR, f"m{number}", inputs, shape)
        builder.apply(ACTIVATIONS[layer.activation].op(dict(layer.options)), f"a{number}", [f"m{number}"], shape)
        upstream = f"a{number}"
        if drops and layer.dropout:
            builder.leaf(f"k{number}", "constant", shape)
            builder.apply(DROPOUT, f"d{number}", [upstream, f"k{number}"], shape)
            upstream = f"d{number}"
    shape = (examples, layers[-1].outputs)
    builder.leaf("y", "target", shape)
    op = COSTS[cost].op(reduction, shape, behind=layers[-1].activation)
    builder.apply(op, "C" if penalty is None else "L", [upstream, "y"], ())
    if penalty is not None:
        held = {id: shape for id, shape in parameter_shapes(layers).items() if penalty.on_biases or id[0] == "W"}
        builder.apply(penalty.op([*held.values()]), "R", [*held], ())
        builder.apply(TOTAL, "C", ["L", "R"], ())
    graph = builder.build()
    make_room(len(graph.nodes))
    return graph


def deepened(architecture: Architecture, times: int) -> Architecture:
    """The network so many times as deep: before the last layer, more that leave the width there as it is.

    They are like the first layer, or sigmoid where its outputs depend on each other.
    """
    layers = architecture.layers
    first, last = layers[0], layers[-1]
    between = first._replace(inputs=last.inputs, outputs=last.inputs)
    if ACTIVATIONS[first.activation].per_row:
        between = between._replace(activation="sigmoid", options=())
    added = len(layers) * (times - 1)
    return architecture._replace(layers=(*layers[:-1], *[between] * added, last))
