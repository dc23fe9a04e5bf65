"""A new experiment from a few choices: what `/initialize` takes, checked, and what comes of it."""

from itertools import pairwise
from typing import Any

from app import examples, limits
from app.core.graph.activations import ACTIVATIONS
from app.core.graph.costs import COSTS, REDUCTIONS
from app.core.training import datasets, initializers
from app.core.training.datasets import DATASETS, Examples
from app.core.training.initializers import INITIALIZERS
from app.documents import checks, reading
from app.documents.checks import Read
from app.documents.experiment import Experiment, Initialization
from app.documents.problems import Faults, Unprocessable, quoted


def experiment(wanted: Initialization) -> Read:
    """The experiment that the choices make, in arrays. The same seed gives the same.   Raises: Unprocessable."""
    _check(wanted, faults := Faults())
    if faults:
        raise Unprocessable(faults)
    document = {
        **wanted.model_dump(include={"title", "optimizer", "batch_size"}, exclude_unset=True),
        "network": {"layers": _layers(wanted), "cost": wanted.cost, "reduction": wanted.reduction},
        "data": _data(wanted),
    }
    return checks.arrays(reading.validated(document, Experiment))


def _check(wanted: Initialization, faults: Faults) -> None:
    known_datasets = {**dict.fromkeys(id for id, it in examples.load().items() if it.kind == "network"), **DATASETS}
    tables = {"cost": COSTS, "reduction": REDUCTIONS, "initializer": INITIALIZERS, "dataset": known_datasets}
    for field, table in tables.items():
        name = getattr(wanted, field)
        if name is not None:
            checks.known(name, table, field, (field,), faults)
    for number, name in enumerate(wanted.activations):
        checks.known(name, ACTIVATIONS, "activation", ("activations", number), faults)
    sizes = wanted.sizes
    for number, size in enumerate(sizes):
        if not 1 <= size <= limits.WIDTH:
            detail = f"sizes[{number}] is {quoted(size)}; a layer has 1 to {limits.WIDTH} neurons"
            faults.add(("sizes", number), detail)
            return
    parameters = sum((takes + 1) * gives for takes, gives in pairwise(sizes))
    detail = f"the network would have {parameters} parameters"
    faults.add_beyond(limits.PARAMETERS, parameters, ("sizes",), detail)
    layers = len(sizes) - 1
    for name, given in (("activations", wanted.activations), ("bias", wanted.bias)):
        if isinstance(given, list) and len(given) != layers:
            detail = f"{name} needs one entry for each of the {layers} layers that sizes make, and has {len(given)}"
            faults.add((name,), detail)
    if wanted.dataset in known_datasets:
        _fit(wanted, faults)


def _fit(wanted: Initialization, faults: Faults) -> None:
    """Whether the ends of the network are as wide as the data."""
    data = _data(wanted)
    for at, name, noun, has in ((0, "x", "input", "takes"), (len(wanted.sizes) - 1, "y", "output", "gives")):
        count, size = len(data[name][0]), wanted.sizes[at]
        if count != size:
            noun = noun if count == 1 else f"{noun}s"
            detail = f"the dataset {wanted.dataset} has {count} {noun}, but the network {has} {size}: sizes[{at}]"
            faults.add(("sizes", at), detail)


def _layers(wanted: Initialization) -> list[dict[str, Any]]:
    matrices = initializers.weights(wanted.initializer, wanted.sizes, wanted.seed)
    biases = wanted.bias if isinstance(wanted.bias, list) else [wanted.bias] * len(matrices)
    return [
        {"weights": weights.tolist(), "bias": [0.0] * weights.shape[1] if bias else None, "activation": activation}
        for weights, activation, bias in zip(matrices, wanted.activations, biases, strict=True)
    ]


def _data(wanted: Initialization) -> dict[str, Any]:
    name = wanted.dataset
    if name is None:
        return _rows(datasets.one_row(wanted.sizes[0], wanted.sizes[-1], wanted.data_seed))
    if name not in DATASETS:
        data: dict[str, Any] = examples.load()[name].experiment["data"]
        return data
    dataset = DATASETS[name]
    trained, held_back = dataset.examples(wanted.data_seed)
    return {
        **_rows(trained),
        "features": list(dataset.features),
        "classes": list(dataset.classes),
        "held_back": _rows(held_back),
    }


def _rows(rows: Examples) -> dict[str, Any]:
    return {"x": rows.x.tolist(), "y": rows.y.tolist()}
