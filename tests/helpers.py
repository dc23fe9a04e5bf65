"""Random networks, as the documents that a client would post; and what a client can do with the answer.

Hypothesis draws the structure and a seed; the numbers come from NumPy's generator, so that they have no bias to zero.
"""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import strategies as st

from app import examples
from app.core.explaining.observations import observed
from app.core.graph.activations import ACTIVATIONS
from app.core.graph.costs import COSTS, REDUCTIONS
from app.core.graph.penalties import PENALTIES
from app.core.training import iteration
from app.documents import checks, encoding, initialization, reading, traces
from app.documents.experiment import Experiment, Initialization

Document = dict[str, Any]

EPSILON = float(np.finfo(np.float64).eps)
# Those whose routes the tests list by hand go from an entry to one entry.
BETWEEN_LAYERS = [name for name, row in ACTIVATIONS.items() if not row.per_row]
# Costs that are finite for some outputs only, with the activations whose outputs are such.
_SHARES = ["sigmoid", "softmax"]
LAST_LAYER = {"binary_cross_entropy": _SHARES, "cross_entropy": _SHARES, "kl_divergence": _SHARES}


def last_layer(cost: str) -> list[str]:
    """The activations that may stand before `cost`."""
    if COSTS[cost].probabilities is not None:
        return ["identity"]
    return LAST_LAYER.get(cost, list(ACTIVATIONS)) if COSTS[cost].domain else list(ACTIVATIONS)


def network(
    seed: int,
    widths: list[int],
    activations: list[str],
    cost: str = "squared_error",
    *,
    bias: bool = True,
    reduction: str = "mean",
    rows: int = 3,
) -> Document:
    """An experiment with random numbers, of a size at which no activation is saturated."""
    rng = np.random.default_rng(seed)
    layers = [
        {
            "weights": rng.normal(0.0, 1.0 / np.sqrt(takes), (takes, gives)).tolist(),
            "bias": rng.normal(0.0, 0.5, gives).tolist() if bias else None,
            "activation": activation,
        }
        for takes, gives, activation in zip(widths[:-1], widths[1:], activations, strict=True)
    ]
    return {
        "network": {"layers": layers, "cost": cost, "reduction": reduction},
        "data": {
            "x": rng.normal(0.0, 1.0, (rows, widths[0])).tolist(),
            "y": rng.uniform(0.05, 0.95, (rows, widths[-1])).tolist(),
        },
        "optimizer": {"name": "sgd", "learning_rate": 0.1},
    }


@st.composite
def networks(draw: st.DrawFn, most_layers: int = 6, most_width: int = 32, most_rows: int = 64) -> Document:
    """Any depth, width, batch, activation, cost, reduction; with and without bias, a penalty, dropout."""
    depth = draw(st.integers(1, most_layers))
    widths = draw(st.lists(st.integers(1, most_width), min_size=depth + 1, max_size=depth + 1))
    between = draw(st.lists(st.sampled_from(BETWEEN_LAYERS), min_size=depth - 1, max_size=depth - 1))
    cost = draw(st.sampled_from(list(COSTS)))
    last = draw(st.sampled_from(last_layer(cost)))
    if last == "softmax":
        widths[-1] = max(2, widths[-1])  # one output alone is always 1, whose cross-entropy is infinite
    document = network(
        draw(st.integers(0, 2**32 - 1)),
        widths,
        [*between, last],
        cost,
        bias=draw(st.booleans()),
        reduction=draw(st.sampled_from(REDUCTIONS)),
        rows=draw(st.integers(1, most_rows)),
    )
    if draw(st.booleans()):
        document["dropout_seed"] = draw(st.integers(0, 9))
        for layer in document["network"]["layers"][:-1]:
            layer["dropout"] = draw(st.sampled_from([None, 0.0, 0.25, 0.5]))
    if draw(st.booleans()):
        document["network"]["penalty"] = draw(penalties())
    return document


@st.composite
def penalties(draw: st.DrawFn) -> Document:
    """Any penalty, with any of its switches."""
    row = draw(st.sampled_from(list(PENALTIES.values())))
    switches = {name: draw(st.booleans()) for name, it in row.fields.items() if isinstance(it, bool)}
    return {"name": row.name, "strength": draw(st.sampled_from([0.0, 1e-3, 0.1, 2.0])), **switches}


_FIRST_PAIRS = 33  # those after them have other seeds: so no row of theirs is dead, and no gradient as good as 0


def every_pair() -> list[Document]:
    """Each activation before each cost that it suits, and between layers; both reductions, bias or none."""
    return [
        network(
            seed if seed < _FIRST_PAIRS else seed + 1300,
            [3, 4, 2],
            [last if last in BETWEEN_LAYERS else "tanh", last],
            cost,
            bias=bool(seed % 2),
            reduction=REDUCTIONS[seed // 2 % 2],
        )
        for seed, (last, cost) in enumerate((last, cost) for cost in COSTS for last in last_layer(cost))
    ]


def name_of(document: Document) -> str:
    """A short name for a test's case."""
    layers = document["network"]["layers"]
    return f"{layers[-1]['activation']}-{document['network']['cost']}-{'bias' if layers[0]['bias'] else 'plain'}"


def lecture() -> Document:
    """The lecture's experiment, to change at will."""
    return copy(examples.load()["lecture"].experiment)


def copy(document: Document) -> Document:
    """`document`, to change at will."""
    answer: Document = json.loads(json.dumps(document))
    return answer


def read(document: Document) -> checks.Read:
    """The experiment in arrays, and what it has beside them.   Raises: Unprocessable."""
    return checks.arrays(reading.validated(document, Experiment))


def initialized(choices: Document) -> checks.Read:
    """The experiment that the choices of an /initialize make.   Raises: Unprocessable."""
    return initialization.experiment(reading.validated(choices, Initialization))


def decode(document: Document) -> iteration.Experiment:
    """The experiment in arrays."""
    return read(document).experiment


def trace(document: Document, *, lean: bool = False) -> Document:
    """The answer to /trace, by way of its bytes."""
    experiment = decode(document)
    run = iteration.trace(experiment)
    answer: Document = json.loads(encoding.dumps(traces.trace(experiment, run, observed(experiment, run), lean)))
    return answer


def step(document: Document, *, lean: bool = False) -> Document:
    """The answer to /step, by way of its bytes."""
    beside, experiment = read(document)
    result = iteration.whole_step(experiment)
    said = observed(experiment, result.trace, result.updates)
    answer: Document = json.loads(encoding.dumps(traces.step(beside, experiment, result, said, lean)))
    return answer


def by_id(answer: Document) -> dict[str, Document]:
    """The nodes of a trace by id."""
    return {node["id"]: node for node in answer["nodes"]}


# What a client reads in the contract, and nothing of `app`: how a local partial meets the upstream gradient.
RULES: dict[str, Callable[[Any, Any], Any]] = {
    "elementwise": lambda g, p: g * p,
    "matmul_right": lambda g, p: g @ p.T,
    "matmul_left": lambda g, p: p.T @ g,
    "sum_rows": lambda g, p: g.sum(axis=0),
    "jacobian": lambda g, p: np.einsum("ri,rij->rj", g, p),
}
# With those of penalties: the gradient of a sum goes to all that went into it.
ALL_RULES = RULES | {"spread": lambda g, p: g * p}
