"""Weights as JSON: a state_dict, or scikit-learn's arrays. Which way matrices stand is found by sizes that chain."""

import re
from collections.abc import Generator, Sequence
from typing import Any, NamedTuple

import numpy as np

from app.core.graph.activations import ACTIVATIONS
from app.documents import strict_json
from app.documents.experiment import IN_OUT, OUT_IN
from app.documents.problems import BadRequest, printable, quoted
from app.models import experiments
from app.models.choices import Choices
from app.models.experiments import Chosen
from app.models.layers import Layer
from app.models.onnx_file import refused
from app.models.sheet import Array

_READINGS = {
    IN_OUT: "a row for each input (x · W, weights=in_out)",
    OUT_IN: "a row for each output (W · x, weights=out_in)",
}
_ACCEPTED = (
    'accepted are a state_dict, {"fc1.weight": [[…]], "fc1.bias": […], …}; {"coefs": […], "intercepts": […]}; '
    '{"weights": […], "biases": […]}; or {"W0": [[…]], "b0": […], …}'
)
# Names of lists of matrices, and of lists of biases; and which way the library that has these names lays matrices.
_LISTS = {
    "coefs": ("intercepts", IN_OUT),
    "coefs_": ("intercepts_", IN_OUT),
    "weights": ("biases", None),
    "coef_": ("intercept_", OUT_IN),
}
_SAID = {"activation": "activation", "activation_": "activation", "out_activation_": "last", "out_activation": "last"}
_CALLED = {"logistic": "sigmoid", "linear": "identity", "swish": "silu"}
# The end of a name, and which way the library that has such names lays its matrices.
_WEIGHT = re.compile(r"(?P<of>.*?)(?:[./]?(?P<kind>weight|kernel)|(?P<letter>[Ww])_?(?P<number>\d*))$")
_BIAS = re.compile(r"(?P<of>.*?)(?:[./]?bias|[bB]_?(?P<number>\d*))$")


class _Weights(NamedTuple):
    name: str
    matrix: Array
    bias: Array | None


class _Pasted(NamedTuple):
    layers: list[_Weights]
    convention: str | None
    said: dict[str, str]  # activations that stand beside the arrays


def model(body: bytes, choices: Choices) -> Generator[None, None, dict[str, Any]]:
    """What `/model` answers to weights.   Raises: BadRequest, Unprocessable."""
    strict_json.demand_few_lists(body)
    document = strict_json.read(body)
    yield
    notes: list[str] = []
    pasted = _lists(document) or _state_dict(document, notes)
    yield
    fitting = [way for way in _READINGS if not _breaks(pasted.layers, way)]
    way = _way(pasted, fitting, choices, notes)
    hidden, last, chosen = _activations(pasted, choices)
    found = []
    for place, (_, matrix, bias) in enumerate(pasted.layers):
        name = last if place == len(pasted.layers) - 1 else hidden
        found.append(Layer(matrix.T if way == OUT_IN else matrix, bias, name, {}))
    experiments.demand_small(found)
    made, more = experiments.of_layers("Model from its weights", found, choices, notes)
    yield
    return {
        "experiment": experiments.checked(made, "the model as layers"),
        "kind": "layers",
        "fits_both_ways": len(fitting) == len(_READINGS),
        "chosen": [it._asdict() for it in [*chosen, *more]],
        "notes": [printable(note, 400) for note in notes],
    }


# --- what is there ----------------------------------------------------------------------------------------------------


def _lists(document: dict[str, Any]) -> _Pasted | None:
    """Matrices in one list and biases in another."""
    name = next((it for it in _LISTS if it in document), None)
    if name is None:
        return None
    other, convention = _LISTS[name]
    matrices, biases = document[name], document.get(other)
    if name == "coef_":  # one matrix
        matrices = [
            matrices if isinstance(matrices, list) and matrices[:1] and isinstance(matrices[0], list) else [matrices]
        ]
        biases = None if biases is None else [biases if isinstance(biases, list) else [biases]]
    for key in document:
        if key not in (name, other, *_SAID):
            raise refused(f"{quoted(key)} is not known beside {name}; {_ACCEPTED}")
    if not isinstance(matrices, list) or not matrices:
        raise refused(f"{name} must be a list of matrices, one for each layer; {_ACCEPTED}")
    if biases is not None and (not isinstance(biases, list) or len(biases) != len(matrices)):
        raise refused(f"{other} must be a list of {len(matrices)}, as many as {name} has, or be left out")
    layers = [
        _Weights(f"{name}[{k}]", _array(it, f"{name}[{k}]", 2), _bias(biases, k, other))
        for k, it in enumerate(matrices)
    ]
    return _Pasted(layers, convention, _said(document))


def _bias(biases: list[Any] | None, place: int, name: str) -> Array | None:
    return None if biases is None or biases[place] is None else _array(biases[place], f"{name}[{place}]", 1)


def _said(document: dict[str, Any]) -> dict[str, str]:
    found = {}
    for key, what in _SAID.items():
        if key in document:
            value = document[key]
            name = _CALLED.get(value, value) if isinstance(value, str) else ""
            if name not in ACTIVATIONS:
                raise refused(f"{key} is {quoted(value)}; allowed are {', '.join(ACTIVATIONS)}")
            found[what] = name
    return found


def _state_dict(document: dict[str, Any], notes: list[str]) -> _Pasted:
    """Weights and biases by name, in the order of the numbers in their names, or in that in which they stand."""
    if not document:
        raise BadRequest(f"the object is empty; {_ACCEPTED}")
    document = {key: it for key, it in document.items() if not key.endswith("num_batches_tracked")}
    matrices: dict[str, tuple[str, Array]] = {}
    biases: dict[str, tuple[str, Array]] = {}
    conventions: set[str | None] = set()
    for key, value in document.items():
        weight, bias = _WEIGHT.fullmatch(key), _BIAS.fullmatch(key)
        if key in _SAID:
            continue
        if weight:
            conventions.add({"weight": OUT_IN, "kernel": IN_OUT}.get(weight["kind"] or ""))
            matrices[f"{weight['of']}{weight['number'] or ''}"] = (key, _array(value, key, 2))
        elif bias:
            biases[f"{bias['of']}{bias['number'] or ''}"] = (key, _array(value, key, 1))
        else:
            raise refused(f"{quoted(key)} is neither a weight nor a bias; {_ACCEPTED}")
    for of, (key, _) in biases.items():
        if of not in matrices:
            raise refused(f"{quoted(key)} is a bias without its weight; {_ACCEPTED}")
    if not matrices:
        raise refused(f"there are no weights; {_ACCEPTED}")
    layers = [_Weights(key, matrix, biases[of][1] if of in biases else None) for of, (key, matrix) in matrices.items()]
    layers = _numbered(layers, notes)
    return _Pasted(layers, conventions.pop() if len(conventions) == 1 else None, _said(document))


def _numbered(layers: list[_Weights], notes: list[str]) -> list[_Weights]:
    """In the order of the numbers in their names, where they differ in nothing else: sorted as text, 10 is before 2."""
    parted = [re.split(r"(\d+)", it.name) for it in layers]
    if any(it[::2] != parted[0][::2] for it in parted):
        return layers
    places = sorted(range(len(layers)), key=lambda at: [int(it) for it in parted[at][1::2]])
    if places != [*range(len(layers))]:
        notes.append(f"layers are in the order of their numbers: {', '.join(layers[at].name for at in places[:8])}")
    return [layers[at] for at in places]


def _array(value: Any, name: str, axes: int) -> Array:
    """Numbers in a list, or in lists that are equally long.   Raises: Unprocessable."""
    what = "a matrix, a list of lists of numbers that are equally long" if axes == 2 else "a list of numbers"
    try:
        array = np.array(value)
    except ValueError:
        array = np.array(None)
    if axes == 1 and array.ndim <= 2 and array.size == max(array.shape, default=1):
        array = array.reshape(-1)  # a column, as beside W · x, or a single number
    shape = tuple(array.shape)
    if array.dtype.kind not in "if" or array.ndim != axes or 0 in shape:
        of = f", and has the sizes {shape}" if array.dtype.kind in "if" else ""
        more = (
            "; only linear layers are read from weights: export others as ONNX" if array.ndim != axes and shape else ""
        )
        raise refused(f"{quoted(name)} must be {what}{of}{more}")
    array = array.astype(np.float64)
    if not np.isfinite(array).all():
        raise refused(f"{quoted(name)} holds a number that is not finite")
    return array


# --- which way --------------------------------------------------------------------------------------------------------


def _way(pasted: _Pasted, fitting: Sequence[str], choices: Choices, notes: list[str]) -> str:
    """Which of the ways that fit the matrices stand, told in words.   Raises: Unprocessable."""
    if choices.weights is not None:
        if choices.weights not in fitting:
            told = f"read with {_READINGS[choices.weights]}, {_breaks(pasted.layers, choices.weights)}"
            raise refused(told, "query:weights")
        notes.append(f"as asked for, matrices have {_READINGS[choices.weights]}{_turned(choices.weights)}")
        return choices.weights
    if not fitting:
        told = "; ".join(f"read with {words}, {_breaks(pasted.layers, way)}" for way, words in _READINGS.items())
        raise refused(f"the sizes do not chain: {told}")
    names = ", ".join(it.name for it in pasted.layers[:2])
    if len(fitting) == 1:
        way = fitting[0]
        against = "" if pasted.convention in (None, way) else ", against what such names mean elsewhere"
        notes.append(f"the sizes chain in one way only: matrices have {_READINGS[way]}{against}{_turned(way)}")
        return way
    if pasted.convention is None:
        both = " or ".join(_READINGS.values())
        raise refused(f"{names} fit in two ways: with {both}; say which in the query", "query:weights")
    notes.append(
        f"the sizes would chain both ways; by the names ({names}) matrices have {_READINGS[pasted.convention]}"
        f"{_turned(pasted.convention)}; weights=… in the query says otherwise"
    )
    return pasted.convention


def _turned(way: str) -> str:
    return "; they were turned, for here it is x · W" if way == OUT_IN else ""


def _breaks(layers: Sequence[_Weights], way: str) -> str:
    """Where the sizes do not chain, in words; empty where they do."""
    gives: int | None = None
    for name, matrix, bias in layers:
        takes, made = matrix.shape if way == IN_OUT else matrix.shape[::-1]
        if gives is not None and takes != gives:
            return f"{quoted(name)} takes {takes} and {gives} come"
        if bias is not None and len(bias) != made:
            return f"{quoted(name)} gives {made} and its bias has {len(bias)}"
        gives = made
    return ""


def _activations(pasted: _Pasted, choices: Choices) -> tuple[str, str, list[Chosen]]:
    """Of the layers before the last, and of the last."""
    chosen = []
    hidden, last = "relu", "identity"
    if len(pasted.layers) > 1:
        hidden = choices.activation or pasted.said.get("activation", hidden)
        why = "the query says so" if choices.activation else "it stands beside the weights"
        if not choices.activation and "activation" not in pasted.said:
            why = "weights do not say it, and most networks have it; activation=… in the query says otherwise"
        chosen.append(Chosen("activation", hidden, why))
    last = choices.last or pasted.said.get("last", last)
    why = "the query says so" if choices.last else "it stands beside the weights"
    if not choices.last and "last" not in pasted.said:
        why = "weights do not say it; last=softmax, or another, in the query says otherwise"
    return hidden, last, [*chosen, Chosen("last", last, why)]
