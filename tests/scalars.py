"""An oracle: the same network in plain Python numbers, one neuron at a time, written without looking at `app`."""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

from tests import exact
from tests.helpers import Document


class Run(NamedTuple):
    """What scalar arithmetic makes of an experiment."""

    cost: float
    values: dict[str, Any]
    gradients: dict[str, Any]


def sigmoid(m: float) -> float:
    return 1.0 / (1.0 + math.exp(-m))


def phi(m: float) -> float:
    return 0.5 * (1.0 + math.erf(m / math.sqrt(2.0)))


def density(m: float) -> float:
    return math.exp(-m * m / 2.0) / math.sqrt(2.0 * math.pi)


# What stands here is fast; rows that do not are taken from the oracle with 60 digits.
ACTIVATIONS: dict[str, tuple[Callable[[float], float], Callable[[float], float]]] = {
    "identity": (lambda m: m, lambda m: 1.0),
    "sigmoid": (sigmoid, lambda m: sigmoid(m) * sigmoid(-m)),
    "tanh": (math.tanh, lambda m: 1.0 / math.cosh(m) ** 2),
    "relu": (lambda m: m if m > 0 else 0.0, lambda m: 1.0 if m > 0 else 0.0),
    "leaky_relu": (lambda m: m if m > 0 else 0.01 * m, lambda m: 1.0 if m > 0 else 0.01),
    "softplus": (lambda m: math.log(1.0 + math.exp(m)), sigmoid),
    "gelu": (lambda m: m * phi(m), lambda m: phi(m) + m * density(m)),
    "silu": (lambda m: m * sigmoid(m), lambda m: sigmoid(m) + m * sigmoid(m) * sigmoid(-m)),
}

Term = Callable[[float, float, int], float]

# Of one of K outputs, with its derivatives by a and by y.
COSTS: dict[str, tuple[Term, Term, Term]] = {
    "squared_error": (lambda a, y, K: (a - y) ** 2, lambda a, y, K: 2 * (a - y), lambda a, y, K: -2 * (a - y)),
    "half_squared_error": (lambda a, y, K: (a - y) ** 2 / 2, lambda a, y, K: a - y, lambda a, y, K: y - a),
    "mean_squared_error": (
        lambda a, y, K: (a - y) ** 2 / K,
        lambda a, y, K: 2 * (a - y) / K,
        lambda a, y, K: -2 * (a - y) / K,
    ),
    "binary_cross_entropy": (
        lambda a, y, K: -y * math.log(a) - (1 - y) * math.log(1 - a),
        lambda a, y, K: (a - y) / (a * (1 - a)),
        lambda a, y, K: math.log((1 - a) / a),
    ),
    "cross_entropy": (lambda a, y, K: -y * math.log(a), lambda a, y, K: -y / a, lambda a, y, K: -math.log(a)),
}


def _exactly(name: str) -> tuple[Term, Term, Term]:
    """Of a cost that goes output by output."""

    def alone(a: float, y: float) -> exact.Cost:
        return exact.cost(name, [[a]], [[y]])

    return (
        lambda a, y, K: float(alone(a, y).value),
        lambda a, y, K: float(alone(a, y).wrt_a[0][0]),
        lambda a, y, K: float(alone(a, y).wrt_y[0][0]),
    )


def run(document: Document) -> Run:
    """Forward and backward, example by example, neuron by neuron; the examples' gradients are added up at the end."""
    network, data = document["network"], document["data"]
    each = 1.0 / len(data["x"]) if network["reduction"] == "mean" else 1.0
    runs = [_one(network, x, y, each) for x, y in zip(data["x"], data["y"], strict=True)]
    values = {id: [one.values[id] for one in runs] for id in runs[0].values}
    gradients = {id: [one.gradients[id] for one in runs] for id in runs[0].gradients}
    for id, parts in gradients.items():
        if id[0] == "W":
            gradients[id] = [[sum(column) for column in zip(*row, strict=True)] for row in zip(*parts, strict=True)]
        if id[0] == "b":
            gradients[id] = [sum(entry) for entry in zip(*parts, strict=True)]
    return Run(sum(one.cost for one in runs), values, gradients)


def _one(network: Document, x: list[float], y: list[float], each: float) -> Run:
    layers = network["layers"]
    values: dict[str, Any] = {"x": x, "y": y}
    inputs = x
    for number, layer in enumerate(layers):
        W, bias = layer["weights"], layer["bias"] or [0.0] * len(layer["weights"][0])
        m = [bias[j] + sum(inputs[i] * W[i][j] for i in range(len(inputs))) for j in range(len(bias))]
        values[f"m{number}"], values[f"a{number}"] = m, _activate(layer["activation"], m)
        inputs = values[f"a{number}"]
    name = network["cost"].removesuffix("_from_logits")
    of_logits = {"binary_cross_entropy": "sigmoid", "cross_entropy": "softmax"}.get(name, "")
    cost, wrt_a, wrt_y = COSTS.get(name) or _exactly(name)
    K = len(y)
    logits = network["cost"] != name
    predictions = _activate(of_logits, inputs) if logits else inputs
    pairs = list(zip(predictions, y, strict=True))
    gradients: dict[str, Any] = {"y": [each * wrt_y(a, t, K) for a, t in pairs]}
    arriving = [each * wrt_a(a, t, K) for a, t in pairs]
    if logits:
        arriving = _pull_back(of_logits, inputs, arriving)
    for number in reversed(range(len(layers))):
        gradients[f"a{number}"] = arriving
        m, W = values[f"m{number}"], layers[number]["weights"]
        wrt_m = _pull_back(layers[number]["activation"], m, arriving)
        below = values[f"a{number - 1}"] if number else x
        gradients[f"m{number}"] = wrt_m
        gradients[f"W{number}"] = [[below[i] * wrt_m[j] for j in range(len(m))] for i in range(len(below))]
        if layers[number]["bias"]:
            gradients[f"b{number}"] = wrt_m
        arriving = [sum(W[i][j] * wrt_m[j] for j in range(len(m))) for i in range(len(below))]
    gradients["x"] = arriving
    return Run(each * sum(cost(a, t, K) for a, t in pairs), values, gradients)


def _activate(name: str, m: list[float]) -> list[float]:
    if name == "softmax":
        powers = [math.exp(entry) for entry in m]
        return [power / sum(powers) for power in powers]
    if name not in ACTIVATIONS:
        return [float(exact.activation(name, entry)) for entry in m]
    return [ACTIVATIONS[name][0](entry) for entry in m]


def _pull_back(name: str, m: list[float], arriving: list[float]) -> list[float]:
    if name == "softmax":
        a = _activate(name, m)
        mean = sum(g * p for g, p in zip(arriving, a, strict=True))
        return [p * (g - mean) for g, p in zip(arriving, a, strict=True)]
    if name not in ACTIVATIONS:
        return [g * float(exact.derivative(name, entry)) for g, entry in zip(arriving, m, strict=True)]
    return [g * ACTIVATIONS[name][1](entry) for g, entry in zip(arriving, m, strict=True)]
