"""The experiment of a model: its data and its cost, which no file has, are begun with, and it is told how."""

from typing import Any, NamedTuple

import numpy as np

from app import limits
from app.documents import checks, reading, traces
from app.documents.experiment import Experiment
from app.documents.problems import Fault, Unprocessable, printable
from app.models.choices import Choices
from app.models.layers import Layer
from app.models.sheet import Array, Shape

_COSTS = {
    "softmax": ("cross_entropy", "the last op is softmax: what comes out are the shares of classes"),
    "log_softmax": (
        "cross_entropy",
        "the last op is log softmax: what comes out are logarithms of the shares of classes",
    ),
    "sigmoid": ("binary_cross_entropy", "the last op is sigmoid: what comes out are shares, each for itself"),
}


class Chosen(NamedTuple):
    """What no file says, what was taken for it, and why."""

    name: str
    value: str
    why: str


def cost_of(last: str, choices: Choices) -> Chosen:
    """The cost for what a model's last op gives."""
    if choices.cost is not None:
        return Chosen("cost", choices.cost, "the query says so")
    name, why = _COSTS.get(last, ("squared_error", f"the last op is {last or 'unknown'}: numbers of any size come out"))
    return Chosen("cost", name, f"{why}; cost=… in the query says otherwise")


def inputs_drawn(shape: Shape, choices: Choices) -> Array:
    """Small numbers, the same for the same seed."""
    return np.round(np.random.default_rng(choices.seed).normal(0.0, 1.0, shape), 2)


def targets_drawn(rows: int, groups: Shape, cost: str, choices: Choices) -> Array:
    """Targets that fit the cost, for rows of so many groups of so many.   Returns (rows, groups, n)."""
    count, size = groups
    if cost in ("cross_entropy", "cross_entropy_from_logits", "kl_divergence"):
        places = np.add.outer(np.arange(rows), np.arange(count)) % size
        shares: Array = np.eye(size)[places]
        return shares
    if cost.startswith("binary_cross_entropy"):
        return np.add.outer(np.arange(rows), np.arange(count * size)).reshape(rows, count, size) % 2.0
    drawn = np.round(np.random.default_rng(choices.seed + 1).uniform(-1.0, 1.0, (rows, count, size)), 2)
    return np.where(drawn < 0, -1.0, 1.0) if cost == "hinge" else drawn


def data_chosen(choices: Choices) -> Chosen:
    """The word for them."""
    why = "a model's file has no data: these are drawn; put your own in their place"
    return Chosen("data", f"seed={choices.seed}", why)


def of_layers(
    title: str, layers: list[Layer], choices: Choices, notes: list[str]
) -> tuple[dict[str, Any], list[Chosen]]:
    """The document of a network, and what was chosen."""
    last = layers[-1]
    cost = cost_of(last.activation, choices)
    if last.activation == "log_softmax":
        layers = [*layers[:-1], last._replace(activation="softmax")]
        notes.append("log softmax at the end is read as softmax: with the cross-entropy behind it both are the same")
    x = inputs_drawn((choices.rows, layers[0].weights.shape[0]), choices)
    y = targets_drawn(choices.rows, (1, last.weights.shape[1]), cost.value, choices)[:, 0]
    document = {
        "title": title,
        "network": {"layers": [it.document() for it in layers], "cost": cost.value, "reduction": "mean"},
        "data": {"x": x.tolist(), "y": y.tolist()},
        "optimizer": {"name": "sgd", "learning_rate": 0.1},
    }
    return document, [cost, data_chosen(choices)]


def checked(document: dict[str, Any], what: str) -> dict[str, Any]:
    """The experiment, with arrays, as an answer has it.   Raises: Unprocessable, which says that it is the model."""
    try:
        read = checks.arrays(reading.validated(document, Experiment))
    except Unprocessable as wrong:
        faults = [Fault("", printable(f"{what}: {it.detail}", 600)) for it in wrong.errors]
        raise Unprocessable(faults) from None
    return traces.experiment(*read)


def demand_small(layers: list[Layer]) -> None:
    """Refuse too many parameters before they are written down.   Raises: Unprocessable."""
    numbers = sum(it.weights.size + (0 if it.bias is None else it.bias.size) for it in layers)
    widest = max(max(it.weights.shape) for it in layers)
    if numbers > limits.PARAMETERS:
        detail = f"the model has {numbers} parameters; at most {limits.PARAMETERS} are allowed"
        raise Unprocessable([Fault("", detail)])
    if widest > limits.WIDTH:
        raise Unprocessable(
            [Fault("", f"the model has a layer of {widest} numbers; at most {limits.WIDTH} are allowed")]
        )
