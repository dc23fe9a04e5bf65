"""A network of layers written down in lines: the same ids, the same numbers bit for bit.

m0 = x @ W0 + b0
a0 = sigmoid(m0)
C = squared_error(a0, y)
"""

from collections.abc import Iterator

from app.core.graph.network import Layer, Network


def lines(network: Network) -> Iterator[str]:
    """The text, line by line."""
    architecture = network.architecture
    upstream = "x"
    for number, layer in enumerate(architecture.layers):
        bias = f" + b{number}" if layer.has_bias else ""
        yield f"m{number} = {upstream} @ W{number}{bias}"
        yield f"a{number} = {layer.activation}(m{number}{_options(layer)})"
        upstream = f"a{number}"
    reduction = "" if architecture.reduction == "mean" else f', reduction="{architecture.reduction}"'
    yield f"C = {architecture.cost}({upstream}, y{reduction})"


def _options(layer: Layer) -> str:
    return "".join(f", {name}={value!r}" for name, value in layer.options)
