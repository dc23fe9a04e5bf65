"""An oracle for the chain rule of one weight: layers, neurons and loops, written without looking at `app.core`."""

from collections.abc import Iterator
from itertools import product

from tests.helpers import Document


def sizes_of(document: Document) -> list[int]:
    """How many neurons each layer has."""
    return [len(layer["weights"][0]) for layer in document["network"]["layers"]]


def routes(document: Document, parameter: str, row: int | None, column: int) -> Iterator[list[str]]:
    """Every route from C to a weight (row, column) or to a bias (column), by the names of the entries on it."""
    layers, sizes = document["network"]["layers"], sizes_of(document)
    penalty = document["network"].get("penalty")
    top = ["C"] if penalty is None else ["C", "L"]
    layer = int(parameter[1:])
    own = f"{parameter}[{column}]" if row is None else f"{parameter}[{row},{column}]"
    last = len(layers) - 1
    for example in range(len(document["data"]["x"])):
        # The neurons chosen above the weight's own; a softmax mixes the neurons of its layer once more.
        for above in product(*[range(size) for size in sizes[layer + 1 :]]):
            neurons = [column, *above]
            mixed = range(sizes[last]) if layers[last]["activation"] == "softmax" else [neurons[-1]]
            for out in mixed:
                path = [*top, f"a{last}[{example},{out}]"]
                for number in reversed(range(layer, last + 1)):
                    neuron = neurons[number - layer]
                    drops = document.get("dropout_seed") is not None and layers[number].get("dropout")
                    path += [f"d{number}[{example},{neuron}]"] if drops else []
                    path += [] if number == last else [f"a{number}[{example},{neuron}]"]
                    path.append(f"m{number}[{example},{neuron}]")
                yield [*path, own]
    if penalty is not None and (parameter[0] == "W" or penalty.get("biases")):
        yield ["C", "R", own]


def numbers(document: Document) -> Iterator[tuple[str, int | None, int]]:
    """Every number of every parameter, as it is addressed."""
    for number, layer in enumerate(document["network"]["layers"]):
        for row, weights in enumerate(layer["weights"]):
            for column in range(len(weights)):
                yield f"W{number}", row, column
        for column in range(len(layer["bias"] or ())):
            yield f"b{number}", None, column
