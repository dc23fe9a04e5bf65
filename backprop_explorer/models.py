"""What people have in Python, as an experiment of the explorer: scikit-learn's MLPs, PyTorch, Keras, NumPy arrays.

No library is imported here but NumPy: a model is known by what it has. Where a model can say what it makes of the rows,
the layers that were read must say the same, so that none is explained wrongly without a word.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = np.ndarray[Any, np.dtype[np.float64]]
Experiment = dict[str, Any]

# How near the layers must come to what the model itself says; torch and Keras compute in 32 bits.
CLOSE = 1e-4


class Layer(NamedTuple):
    """weights (n_in, n_out), bias (n_out) or None, the activation's name here, and its options."""

    weights: Array
    bias: Array | None
    activation: str
    options: Mapping[str, float] = {}


# What scikit-learn, Keras and torch.nn call the activations.
_ACTIVATIONS = {
    "linear": "identity",
    "identity": "identity",
    "logistic": "sigmoid",
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "relu": "relu",
    "silu": "silu",
    "swish": "silu",
    "gelu": "gelu",
    "softplus": "softplus",
    "softmax": "softmax",
    "leaky_relu": "leaky_relu",
    "leakyrelu": "leaky_relu",
}
_COSTS = {"softmax": "cross_entropy", "sigmoid": "binary_cross_entropy", "identity": "half_squared_error"}


def experiment_of(
    thing: Any,
    x: Any = None,
    y: Any = None,
    *,
    activation: str | Sequence[str] = "sigmoid",
    cost: str | None = None,
    optimizer: Mapping[str, Any] | None = None,
    title: str | None = None,
    orientation: str = "in_out",
) -> Experiment:
    """An experiment as the API takes it.

    `thing` is an experiment already (a dict), a fitted MLPClassifier or MLPRegressor, a torch.nn.Module of linear
    layers and activations, a Keras model of Dense layers, or a list of arrays W0, b0, W1, … (biases may be missing).
    orientation="out_in": the arrays are written for W · x, a row for each output, which a square one does not show.
    x: rows × inputs, y: rows × outputs, or one class for each row.   Raises: TypeError, ValueError, in words.
    """
    if isinstance(thing, Mapping):
        if not {"network", "formulas"} & set(thing):
            raise ValueError("a dict must be an experiment, with `network` or `formulas`")
        return dict(thing)
    if x is None or y is None:
        raise ValueError("x and y are needed: the rows to go through the network, and what it should say")
    rows = _matrix(x, "x")
    layers, says, given = _read(thing, rows, activation)
    if orientation not in ("in_out", "out_in"):
        raise ValueError(f"orientation is {orientation!r}; it must be in_out (x · W) or out_in (W · x)")
    if orientation == "out_in" and isinstance(thing, list | tuple):
        layers = [layer._replace(weights=layer.weights.T) for layer in layers]
    _demand_chain(layers, rows)
    _demand_same(layers, rows, says)
    last = layers[-1].activation
    targets, classes = _targets(y, getattr(thing, "classes_", None), layers[-1].weights.shape[1])
    chosen = cost or _COSTS.get(last, "squared_error")
    document: Experiment = {
        "title": title or f"{type(thing).__name__} from Python",
        "network": {"layers": [_written(layer) for layer in layers], "cost": chosen, "reduction": "mean"},
        "data": {"x": rows.tolist(), "y": targets.tolist()} | ({"classes": classes} if classes else {}),
        "optimizer": dict(optimizer or given),
    }
    return document


def _read(
    thing: Any, rows: Array, activation: str | Sequence[str]
) -> tuple[list[Layer], Callable[[], Any] | None, Mapping[str, Any]]:
    """Its layers, what it says itself of the rows, and its optimizer."""
    sgd = {"name": "sgd", "learning_rate": 0.1}
    if hasattr(thing, "coefs_") and hasattr(thing, "intercepts_"):
        return _of_scikit_learn(thing), lambda: _said_by_scikit_learn(thing, rows), _solver(thing)
    if hasattr(thing, "state_dict") and hasattr(thing, "children"):
        return list(_of_torch(thing)), lambda: _said_by_torch(thing, rows), sgd
    if hasattr(thing, "layers") and hasattr(thing, "get_weights"):
        return list(_of_keras(thing)), lambda: thing(rows.astype(np.float32)), sgd
    if isinstance(thing, list | tuple):
        return list(_of_arrays(thing, activation)), None, sgd
    if hasattr(thing, "partial_fit") and hasattr(thing, "hidden_layer_sizes"):
        raise ValueError(
            f"the {type(thing).__name__} is not fitted: call its fit(x, y) first, for it has no weights yet"
        )
    raise TypeError(
        f"{type(thing).__name__} is nothing that can be explored: an experiment (dict), a scikit-learn MLP, a torch "
        "module, a Keras model, or a list of arrays can"
    )


# --- scikit-learn -----------------------------------------------------------------------------------------------------


def _of_scikit_learn(model: Any) -> list[Layer]:
    names = [model.activation] * (len(model.coefs_) - 1) + [model.out_activation_]
    return [
        Layer(np.asarray(W, float), np.asarray(b, float), _named(name))
        for W, b, name in zip(model.coefs_, model.intercepts_, names, strict=True)
    ]


def _said_by_scikit_learn(model: Any, rows: Array) -> Any:
    if not hasattr(model, "predict_proba"):
        return model.predict(rows)
    shares = np.asarray(model.predict_proba(rows))
    return shares[:, 1:] if model.n_outputs_ == 1 else shares


def _solver(model: Any) -> dict[str, Any]:
    rate = float(model.learning_rate_init)
    if model.solver == "adam":
        return {
            "name": "adam",
            "learning_rate": rate,
            "beta1": model.beta_1,
            "beta2": model.beta_2,
            "eps": model.epsilon,
        }
    if model.solver == "sgd" and model.momentum > 0:
        return {
            "name": "momentum",
            "learning_rate": rate,
            "momentum": model.momentum,
            "nesterov": bool(model.nesterovs_momentum),
        }
    return {"name": "sgd", "learning_rate": rate}


# --- PyTorch ----------------------------------------------------------------------------------------------------------


def _of_torch(module: Any) -> Iterator[Layer]:
    pending: tuple[Array, Array | None] | None = None
    for part in _parts(module):
        name = type(part).__name__
        if name == "Linear":
            if pending:
                yield Layer(*pending, "identity")
            bias = None if part.bias is None else _numbers(part.bias)
            pending = (_numbers(part.weight).T, bias)  # torch has a row for each output
        elif name.lower() in _ACTIVATIONS and pending:
            yield Layer(*pending, _named(name), _options(part, name))
            pending = None
        elif name not in ("Identity", "Flatten", "Dropout"):
            raise TypeError(f"the layer {name} cannot be shown as a layer here; write what it computes as formulas")
    if pending:
        yield Layer(*pending, "identity")


def linear_layers(module: Any) -> list[Any]:
    """The linear layers of a torch module, in order."""
    return [part for part in _parts(module) if type(part).__name__ == "Linear"]


def _parts(module: Any) -> Iterator[Any]:
    children = list(module.children())
    if not children:
        yield module
    for child in children:
        yield from _parts(child)


def _options(part: Any, name: str) -> dict[str, float]:
    if name == "LeakyReLU":
        return {"slope": float(part.negative_slope)}
    if name == "GELU" and getattr(part, "approximate", "none") != "none":
        raise TypeError("GELU with approximate='tanh' computes something else than gelu here")
    return {}


def _numbers(tensor: Any) -> Array:
    return np.asarray(tensor.detach().cpu().double().numpy(), float)


def _said_by_torch(module: Any, rows: Array) -> Any:
    weight = next(iter(module.parameters()))
    training = module.training
    module.eval()
    try:
        return module(weight.new_tensor(rows.tolist())).detach().cpu().double().numpy()
    finally:
        module.train(training)


# --- Keras, and plain arrays ------------------------------------------------------------------------------------------


def _of_keras(model: Any) -> Iterator[Layer]:
    for layer in model.layers:
        name = type(layer).__name__
        if name in ("InputLayer", "Flatten", "Dropout"):
            continue
        if name != "Dense":
            raise TypeError(f"the layer {name} cannot be shown as a layer here; write what it computes as formulas")
        weights, *bias = layer.get_weights()
        called = getattr(layer.activation, "__name__", str(layer.activation))
        yield Layer(np.asarray(weights, float), np.asarray(bias[0], float) if bias else None, _named(called))


def _of_arrays(arrays: Sequence[Any], activation: str | Sequence[str]) -> Iterator[Layer]:
    pairs: list[tuple[Array, Array | None]] = []
    for number, given in enumerate(arrays):
        array = np.asarray(given, float)
        if array.ndim == 2:
            pairs.append((array, None))
        elif array.ndim == 1 and pairs and pairs[-1][1] is None:
            pairs[-1] = (pairs[-1][0], array)
        else:
            raise ValueError(f"array {number} has shape {array.shape}: matrices are expected, each with a bias or none")
    if not pairs:
        raise ValueError("the list is empty: W0, b0, W1, … are expected")
    names = [activation] * len(pairs) if isinstance(activation, str) else list(activation)
    if len(names) != len(pairs):
        raise ValueError(f"there are {len(pairs)} layers and {len(names)} activations")
    for (weights, bias), name in zip(pairs, names, strict=True):
        yield Layer(weights, bias, _named(name))


# --- what all have ----------------------------------------------------------------------------------------------------


def _named(name: str) -> str:
    found = _ACTIVATIONS.get(name.lower())
    if found is None:
        raise TypeError(f"the activation {name} is not known here; {', '.join(sorted(set(_ACTIVATIONS.values())))} are")
    return found


def _matrix(values: Any, name: str) -> Array:
    array = np.asarray(values, float)
    if array.ndim == 1:
        array = array[None, :] if name == "x" else array[:, None]
    if array.ndim != 2 or array.size == 0:
        raise ValueError(f"{name} has shape {array.shape}; it must be rows × columns")
    return array


def _targets(y: Any, classes: Any, outputs: int) -> tuple[Array, list[str]]:
    """Rows of targets, and the names of classes where y gives a class for each row."""
    given = np.asarray(y)
    names = [] if classes is None else [str(it) for it in classes]
    if classes is not None and given.ndim == 1:
        places = _places(given, np.asarray(classes).tolist())
        return (places[:, None].astype(float), []) if outputs == 1 else (np.eye(outputs)[places], names)
    targets = _matrix(given, "y")
    if outputs > 1 and targets.shape[1] == 1:
        return np.eye(outputs)[_places(targets[:, 0], list(range(outputs)))], names
    if targets.shape[1] != outputs:
        raise ValueError(f"y has {targets.shape[1]} columns, and the network has {outputs} outputs")
    return targets, names


def _places(given: Array, classes: Sequence[Any]) -> NDArray[np.int64]:
    """Which class each row has, counted from 0.   Raises: ValueError, where it has none of them."""
    places = {name: at for at, name in enumerate(classes)}
    unknown = next((it for it in given.tolist() if it not in places), None)
    if unknown is not None:
        some = ", ".join(str(it) for it in classes[:8]) + (", …" if len(classes) > 8 else "")
        raise ValueError(f"y has {unknown!r}, which is no class of the network's {len(classes)}: {some}")
    return np.array([places[it] for it in given.tolist()], dtype=np.int64)


def _demand_chain(layers: Sequence[Layer], rows: Array) -> None:
    """Each layer must take what comes: as rows times matrix, x · W."""
    if not layers:
        raise TypeError("it has no layer with weights")
    sizes = [rows.shape[1], *[layer.weights.shape[1] for layer in layers]]
    wrong = [it for it, layer in enumerate(layers) if layer.weights.shape[0] != sizes[it]]
    if not wrong:
        return
    turned = [rows.shape[1], *[layer.weights.shape[0] for layer in layers]]
    if all(layer.weights.shape[1] == turned[it] for it, layer in enumerate(layers)):
        raise ValueError(
            'these matrices fit as W · x, a row for each output; here it is x · W: pass orientation="out_in"'
        )
    at = wrong[0]
    raise ValueError(f"W{at} has shape {layers[at].weights.shape}, and {sizes[at]} numbers come in")


def _demand_same(layers: Sequence[Layer], rows: Array, says: Callable[[], Any] | None) -> None:
    """What the layers say must be what the model says.   Raises: ValueError."""
    if says is None:
        return
    theirs = np.asarray(says(), float).reshape(len(rows), -1)
    ours = _forward(layers, rows)
    if theirs.shape != ours.shape or not np.allclose(ours, theirs, rtol=CLOSE, atol=CLOSE):
        raise ValueError(
            "the model says something else than its layers do one after the other: it computes more between them; "
            "write it as formulas"
        )


def _forward(layers: Sequence[Layer], rows: Array) -> Array:
    a = rows
    for weights, bias, activation, options in layers:
        m = a @ weights + (0.0 if bias is None else bias)
        a = _APPLIED[activation](m, **options)
    return a


def _softmax(m: Array) -> Array:
    power = np.exp(m - m.max(axis=1, keepdims=True))
    return np.asarray(power / power.sum(axis=1, keepdims=True))


def _sigmoid(m: Array) -> Array:
    return np.asarray(np.exp(-np.logaddexp(0.0, -m)))


def _gelu(m: Array) -> Array:
    from math import erf, sqrt

    return np.asarray(0.5 * m * (1.0 + np.vectorize(erf)(m / sqrt(2.0))))


_APPLIED: Mapping[str, Callable[..., Array]] = {
    "identity": lambda m: m,
    "sigmoid": _sigmoid,
    "tanh": np.tanh,
    "relu": lambda m: np.maximum(m, 0.0),
    "leaky_relu": lambda m, slope=0.01: np.where(m > 0.0, m, slope * m),
    "softplus": lambda m: np.logaddexp(0.0, m),
    "silu": lambda m: m * _sigmoid(m),
    "gelu": _gelu,
    "softmax": _softmax,
}


def _written(layer: Layer) -> dict[str, Any]:
    bias = None if layer.bias is None else layer.bias.tolist()
    return {"weights": layer.weights.tolist(), "bias": bias, "activation": layer.activation, **layer.options}
