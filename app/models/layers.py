"""Layers, where that is all that a model is: each a product with weights, a bias or none, an activation."""

from typing import Any, NamedTuple

import numpy as np

from app.core.graph.activations import ACTIVATIONS
from app.models.sheet import Argument, Array, Entries, Sheet, Value


class Layer(NamedTuple):
    """weights (n_in, n_out), bias (n_out) or None, and the activation with its options."""

    weights: Array
    bias: Array | None
    activation: str
    options: dict[str, float]

    def document(self) -> dict[str, Any]:
        """As an experiment has it."""
        bias = None if self.bias is None else self.bias.tolist()
        return {"weights": self.weights.tolist(), "bias": bias, "activation": self.activation, **self.options}


def layers(sheet: Sheet, output: Entries) -> list[Layer] | None:
    """From the input's side on; None where the output is made in another way. A last log_softmax keeps its name."""
    found: list[Layer] = []
    at: Argument = output
    while True:
        value = sheet.whole(at)
        if value is None:
            return None
        if value.op == "input":
            return found[::-1] or None
        activation, options = "identity", dict[str, float]()
        if value.op in ACTIVATIONS or (value.op == "log_softmax" and not found):
            activation, options = value.op, dict(value.options)
            value = sheet.whole(value.arguments[0])
        read = _linear(sheet, value)
        if read is None:
            return None
        at, weights, bias = read
        found.append(Layer(weights, bias, activation, options))


def _linear(sheet: Sheet, value: Value | None) -> tuple[Argument, Array, Array | None] | None:
    """What comes in, the weights, the bias."""
    bias: Array | None = None
    if value is not None and value.op == "add":
        columns = value.shape[-1:]
        for product, added in (value.arguments, value.arguments[::-1]):
            inner = sheet.whole(product)
            numbers = np.array(added) if isinstance(added, float) else sheet.numbers(added)
            if inner is not None and inner.op == "matmul" and numbers is not None and numbers.size in (1, *columns):
                value, bias = inner, np.broadcast_to(numbers.ravel() if numbers.ndim else numbers, columns)
                break
    if value is None or value.op != "matmul":
        return None
    comes_in, by = value.arguments
    weights = None if isinstance(by, float) else sheet.numbers(by)
    return None if weights is None or weights.ndim != 2 else (comes_in, weights, bias)
