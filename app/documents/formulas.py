"""An experiment with formulas, from its document to arrays and back: what `checks` does for layers."""

from collections.abc import Mapping
from typing import Any

from app import limits
from app.core.formulas import spelling
from app.core.formulas.calls import CALLS
from app.core.formulas.program import Formulas, formulas
from app.core.formulas.text import Wrong
from app.core.formulas.values import Unfit, as_array
from app.core.graph.count import trace_numbers
from app.core.graph.network import Network
from app.core.graph.ops import Array
from app.core.graph.rules import Shape
from app.core.training import iteration
from app.documents import optimizer_state
from app.documents.checks import Beside, Read, beside_rows, demand_rows, given, matrix, optimizer, schedule
from app.documents.experiment import Data, Experiment
from app.documents.experiment import Formulas as Document
from app.documents.problems import Fault, Faults, Unprocessable, pointer, printable, quoted, spelled

_ROOT = "formulas"
_TEXT = pointer((_ROOT, "text"))
_DATA = ("x", "y")


def arrays(document: Experiment, posted: Document) -> Read:
    """The experiment in arrays that fit together.   Raises: Unprocessable, with every fault found."""
    faults = Faults()
    row = optimizer(document.optimizer, faults)
    falls = schedule(document, row, faults)
    x, y, beside = _data(document.data, faults)
    size = _batch_size(document, x, faults)
    parameters = _values(posted, "parameters", faults)
    constants = _values(posted, "constants", faults)
    twice = [name for name in parameters if name in constants]
    if document.data is not None:
        twice += [name for name in _DATA if name in {**parameters, **constants}]
    for name in twice:
        faults.add((_ROOT, "constants" if name in constants else "parameters", name), f"{name} has two values")
    if faults or row is None:
        raise Unprocessable(faults)
    model = _made(posted.text, parameters, constants, _rows(x, size), _rows(y, size))
    _demand_read(model, document.data, faults)
    _demand_small(model, faults)
    shapes = {name: array.shape for name, array in parameters.items()}
    state = optimizer_state.arrays(document.optimizer_state, row, shapes, faults)
    if faults:
        raise Unprocessable(faults)
    fields = row.told(given(document.optimizer, row.fields))
    experiment = iteration.Experiment(
        model, x, y, row.name, fields, document.batch_size, document.iteration, state, falls, document.shuffle_seed
    )
    return Read(Beside(document.title, beside), experiment)


def _made(
    text: str, parameters: Mapping[str, Array], constants: Mapping[str, Array], x: Shape | None, y: Shape | None
) -> Formulas:
    try:
        return formulas(text, parameters, constants, x, y)
    except Wrong as wrong:
        faults = [Fault(_TEXT, printable(it.detail, 400), it.line, it.column) for it in wrong.faults]
        raise Unprocessable(faults) from None


def of_network(experiment: iteration.Experiment) -> iteration.Experiment:
    """The experiment with its network written down; one with formulas as it is.   Raises: Unprocessable."""
    if not isinstance(experiment.model, Network):
        return experiment
    assert experiment.x is not None
    assert experiment.y is not None
    text = "\n".join(spelling.lines(experiment.model))
    parameters = {
        node.id: array for node, array in zip(experiment.graph.parameters, experiment.model.parameters, strict=True)
    }
    rows = experiment.batch_size or experiment.rows
    model = _made(text, parameters, {}, (rows, experiment.x.shape[1]), (rows, experiment.y.shape[1]))
    faults = Faults()
    _demand_small(model, faults)
    if faults:
        raise Unprocessable(faults)
    return experiment._replace(model=model)


# --- values -----------------------------------------------------------------------------------------------------------


def _values(posted: Document, kind: str, faults: Faults) -> dict[str, Array]:
    found: dict[str, Array] = {}
    given_values: dict[str, Any] = getattr(posted, kind)
    if len(given_values) > limits.FORMULA_VALUES:
        detail = f"there are {len(given_values)} {kind}; at most {limits.FORMULA_VALUES} are allowed"
        faults.add((_ROOT, kind), detail)
        return found
    for name, value in given_values.items():
        path = (_ROOT, kind, name)
        if not name.isidentifier():
            faults.add(path, f"{quoted(name)} is no name that a formula can read; letters, digits and _ make one")
        elif name in CALLS:
            faults.add(path, f"{quoted(name)} is a function; call the value differently")
        else:
            try:
                found[name] = as_array(value)
            except Unfit as unfit:
                faults.add(path, f"{spelled(path)}: {unfit}")
    return found


# --- data -------------------------------------------------------------------------------------------------------------


def _data(data: Data | None, faults: Faults) -> tuple[Array | None, Array | None, dict[str, Any]]:
    if data is None:
        return None, None, {}
    x = matrix(data.x, ("data", "x"), limits.ROWS, faults)
    y = matrix(data.y, ("data", "y"), limits.ROWS, faults)
    if x is None or y is None:
        return None, None, {}
    if len(x) != len(y):
        faults.add(("data", "y"), f"data.x has {len(x)} rows, but data.y has {len(y)}")
    return x, y, beside_rows(data, x.shape[1], y.shape[1], faults)


def _batch_size(document: Experiment, x: Array | None, faults: Faults) -> int | None:
    size = document.batch_size
    if document.dropout_seed is not None:
        faults.add(("dropout_seed",), "dropout_seed goes with layers; in formulas, multiply by a mask of your own")
    for name in ("batch_size", "shuffle_seed") if x is None and not faults else ():
        if getattr(document, name) is not None:
            faults.add((name,), f"{name} goes with data, and there are none; leave it out")
    if x is not None:
        demand_rows(size, len(x), faults)
    return size


def _rows(array: Array | None, size: int | None) -> Shape | None:
    """The shape of the rows of an iteration."""
    return None if array is None else (size or len(array), array.shape[1])


def _demand_read(model: Formulas, data: Data | None, faults: Faults) -> None:
    """A value that no line reads is a slip: its name is written differently in the text."""
    read = model.program.read
    for number, name in enumerate(model.names):
        if name not in read:
            kind = "parameters" if number < len(model.parameters) else "constants"
            faults.add((_ROOT, kind, name), f"{quoted(name)} is given a value, but no line of the text reads it")
    if data is not None and not read.intersection(_DATA):
        faults.add(("data",), "there are data, but the text reads neither x nor y")


def _demand_small(model: Formulas, faults: Faults) -> None:
    numbers = sum(array.size for array in model.parameters)
    faults.add_beyond(limits.PARAMETERS, numbers, (_ROOT, "parameters"), f"there are {numbers} numbers to learn")
    numbers = trace_numbers(model.program.graph)
    faults.add_beyond(limits.ANSWER_NUMBERS, numbers, (_ROOT, "text"), f"the trace would hold {numbers} numbers")
