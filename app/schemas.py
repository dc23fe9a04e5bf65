"""What comes in: the Experiment of the contract, in Pydantic.

Here each value is checked by itself; how they fit together is for `checks`. Names of activations, costs and optimizers,
and the fields that these bring along, come from the tables in `core`.
"""

from collections.abc import Generator, Iterable, Iterator, Mapping
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, create_model
from pydantic_core import ErrorDetails

from app import limits
from app.core.activations import ACTIVATIONS
from app.core.costs import COSTS, REDUCTIONS
from app.core.initializers import INITIALIZERS
from app.core.optimizers import OPTIMIZERS
from app.problems import Fault, Unprocessable, pointer, quoted, spelled, worded

Path = tuple[str | int, ...]
Number = Annotated[float, Field(allow_inf_nan=False)]
Row = Annotated[list[Number], Field(fail_fast=True)]
Matrix = Annotated[list[Row], Field(fail_fast=True)]
Text = Annotated[str, Field(max_length=limits.TEXT_CHARACTERS)]
Texts = Annotated[list[Text], Field(max_length=limits.WIDTH)]


class Strict(BaseModel):
    """No unknown fields, no conversions."""

    model_config = ConfigDict(extra="forbid", strict=True, defer_build=True)


def _one_of(names: Iterable[str]) -> dict[str, Any]:
    """Names of a table's rows, for the documentation: `checks` refuses others, in better words than Pydantic's."""
    return {"enum": list(names), "x-from-table": True}


def _optional(rows: Mapping[str, Mapping[str, float]]) -> dict[str, Any]:
    """A field for each name that any row has, described by the rows that have it: a number, a switch, or null."""
    owners: dict[str, list[str]] = {}
    switches = {name for fields in rows.values() for name, default in fields.items() if isinstance(default, bool)}
    for owner, fields in rows.items():
        for name in fields:
            owners.setdefault(name, []).append(owner)
    return {
        name: (
            (bool if name in switches else Number) | None,
            Field(None, description=f"for {', '.join(of)}", json_schema_extra={"x-from-table": True}),
        )
        for name, of in owners.items()
    }


class LayerBase(Strict):
    """A layer: m = a·W + b, a = σ(m)."""

    weights: Matrix = Field(description="W, one row for each input, one column for each neuron of the layer")
    bias: Row | None = Field(None, description="b, one number for each neuron; null for none")
    activation: str = Field(description="σ", json_schema_extra=_one_of(ACTIVATIONS))


Layer: Any = create_model(
    "Layer",
    __base__=LayerBase,
    __doc__=LayerBase.__doc__,
    **_optional({name: row.options for name, row in ACTIVATIONS.items()}),
)


class Network(Strict):
    """Layers from the input's side on, and the cost."""

    layers: list[Layer] = Field(min_length=1, max_length=limits.LAYERS)
    cost: str = Field("squared_error", json_schema_extra=_one_of(COSTS))
    reduction: str = Field("mean", description="over the examples", json_schema_extra=_one_of(REDUCTIONS))


class Rows(Strict):
    """Inputs and targets, one example a row."""

    x: Matrix
    y: Matrix


class Data(Rows):
    """The examples, with optional names of columns."""

    features: Texts | None = Field(None, description="names of the columns of x")
    classes: Texts | None = Field(None, description="names of the columns of y")
    held_back: Rows | None = Field(None, description="rows never trained on, to try the network with")
    image_shape: tuple[int, int] | None = Field(
        None, strict=False, description="[rows, columns] where a row of x is a picture, read line by line"
    )


class OptimizerBase(Strict):
    """How gradients become changes of parameters."""

    name: str = Field("sgd", json_schema_extra=_one_of(OPTIMIZERS))


Optimizer: Any = create_model(
    "Optimizer",
    __base__=OptimizerBase,
    __doc__=OptimizerBase.__doc__,
    **_optional({name: row.fields for name, row in OPTIMIZERS.items()}),
)


class Experiment(Strict):
    """Everything there is to know about a run: the body of every POST, the save file and the share link."""

    title: Text | None = None
    network: Network
    data: Data
    optimizer: Optimizer = Field(default_factory=Optimizer)
    batch_size: int | None = Field(None, ge=1, description="rows an iteration takes, in order, wrapping; null for all")
    iteration: int = Field(0, ge=0, le=limits.ITERATION)
    optimizer_state: dict[str, Any] | None = Field(
        None, description="what the optimizer carries over, by parameter; null at the start, and for sgd"
    )


class Initialization(Strict):
    """What a new experiment is to be made of."""

    title: Text | None = None
    sizes: list[int] = Field(
        min_length=2,
        max_length=limits.LAYERS + 1,
        description="neurons by layer, the inputs first",
        examples=[[2, 3, 2]],
    )
    activations: list[str] = Field(
        max_length=limits.LAYERS,
        description="by layer",
        json_schema_extra={"items": {"type": "string", **_one_of(ACTIVATIONS)}},
    )
    bias: bool | Annotated[list[bool], Field(max_length=limits.LAYERS)] = Field(
        True, description="whether the layers have one, or by layer"
    )
    cost: str = Field("squared_error", json_schema_extra=_one_of(COSTS))
    reduction: str = Field("mean", description="over the examples", json_schema_extra=_one_of(REDUCTIONS))
    initializer: str = Field("xavier", description="of the weights", json_schema_extra=_one_of(INITIALIZERS))
    seed: int = Field(0, ge=0, le=limits.SEED, description="of the weights: the same seed gives the same")
    dataset: str | None = Field(None, description="one of the catalog's; null for one row to put own numbers into")
    data_seed: int = Field(0, ge=0, le=limits.SEED, description="of a dataset that is drawn")
    optimizer: Optimizer = Field(default_factory=Optimizer)
    batch_size: int | None = Field(None, ge=1, description="rows an iteration takes, in order, wrapping; null for all")


Model = TypeVar("Model", bound=Strict)


def validate(document: dict[str, Any], model: type[Model]) -> Model:
    """The document as `model`, each value of it right by itself.   Raises: Unprocessable, with every fault found."""
    try:
        return model.model_validate(document)
    except ValidationError as error:
        raise Unprocessable([*worded(error.errors(include_url=False), _fault)]) from None


_MATRIX = TypeAdapter(Matrix, config=ConfigDict(strict=True))
_BLOCK_NUMBERS = 4096


def validated(document: dict[str, Any], *, spent: bool = False) -> Generator[None, None, Experiment]:
    """The same of an Experiment in slices: its matrices are taken out of it, looked through in blocks, and put back.

    Where the document is `spent`, its rows are let go as they are done with: to free all at the end takes long.

    Raises: Unprocessable.
    """
    document = _outline(document, levels=4)
    taken = list(_matrices(document))
    faults: list[Fault] = []
    sound: list[Any] = []
    for path, holder, name in taken:
        sound.append((yield from _rows(holder[name], (*path, name), faults, spent=spent)))
        holder[name] = [[0.0]]
    try:
        experiment = validate(document, Experiment)
    except Unprocessable as error:
        raise Unprocessable([*error.errors, *faults]) from None
    if faults:
        raise Unprocessable(faults)
    for (path, _, name), matrix in zip(taken, sound, strict=True):
        place: Any = experiment
        for key in path:
            place = place[key] if isinstance(key, int) else getattr(place, key)
        setattr(place, name, matrix)
    return experiment


def _matrices(document: dict[str, Any]) -> Iterator[tuple[Path, dict[str, Any], str]]:
    """Where the document has matrices: the path of the object that holds it, that object, and the matrix's name."""
    layers = _of(_of(document, "network"), "layers")
    data = _of(document, "data")
    places: list[tuple[Path, Any, tuple[str, ...]]] = [
        *(
            (("network", "layers", number), layer, ("weights",))
            for number, layer in enumerate(layers if isinstance(layers, list) else ())
        ),
        (("data",), data, ("x", "y")),
        (("data", "held_back"), _of(data, "held_back"), ("x", "y")),
    ]
    for path, holder, names in places:
        for name in names:
            if isinstance(_of(holder, name), list):
                yield path, holder, name


def _outline(value: Any, levels: int) -> Any:
    """A copy of a document's objects so many levels deep, with the same numbers in it."""
    if isinstance(value, dict) and levels:
        return {name: _outline(entry, levels - 1) for name, entry in value.items()}
    if isinstance(value, list) and levels and value and isinstance(value[0], dict):
        return [_outline(entry, levels - 1) for entry in value]
    return value


def _of(holder: Any, name: str) -> Any:
    return holder.get(name) if isinstance(holder, dict) else None


def _rows(
    matrix: list[Any], path: Path, faults: list[Fault], *, spent: bool
) -> Generator[None, None, list[list[float]]]:
    """The rows, or as many as are sound before the first that is not; that goes to `faults`."""
    rows: list[list[float]] = []
    start = numbers = 0
    for end, row in enumerate(matrix, 1):
        numbers += len(row) if isinstance(row, list) else 1
        if numbers < _BLOCK_NUMBERS and end < len(matrix):
            continue
        try:
            rows += _MATRIX.validate_python(matrix[start:end])
        except ValidationError as error:
            for entry in error.errors(include_url=False):
                row_number, *rest = entry["loc"]
                entry["loc"] = (*path, start + int(row_number), *rest)
                faults.append(_fault(entry))
            break
        if spent:
            matrix[start:end] = [None] * (end - start)
        start, numbers = end, 0
        yield
    return rows


_MUST_BE = {
    "float_type": "a number",
    "finite_number": "a number within the range of a double",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "int_from_float": "a whole number",
    "string_type": "text",
    "list_type": "a list",
    "tuple_type": "a list of two whole numbers",
    "dict_type": "an object",
    "model_type": "an object",
    "model_attributes_type": "an object",
}


def _fault(entry: ErrorDetails) -> Fault:
    """Pydantic's error in this project's words."""
    path = entry["loc"]
    thing = spelled(path)
    match entry["type"]:
        case "missing":
            detail = f"{thing} is missing"
        case "extra_forbidden":
            detail = f"{thing} is not a known field"
        case "string_unicode":  # the text may be a key: then `path` is that of the object that has it
            detail = f"{thing or 'the body'} holds the text {quoted(entry['input'])}, which has a lone surrogate"
        case "too_short":
            bounds = entry["ctx"]
            detail = f"{thing} is a list of {bounds['actual_length']}; it must have at least {bounds['min_length']}"
        case "too_long":
            bounds = entry["ctx"]
            detail = f"{thing} is a list of {bounds['actual_length']}; it may have at most {bounds['max_length']}"
        case "string_too_long":
            detail = f"{thing} has {len(entry['input'])} characters; at most {entry['ctx']['max_length']} are allowed"
        case "less_than_equal":
            detail = f"{thing} is {quoted(entry['input'])}; at most {entry['ctx']['le']} is allowed"
        case "greater_than_equal":
            detail = f"{thing} is {quoted(entry['input'])}; it must be {entry['ctx']['ge']} or more"
        case kind if kind in _MUST_BE:
            detail = f"{thing} must be {_MUST_BE[kind]}, and is {quoted(entry['input'])}"
        case _:
            detail = f"{thing} is {quoted(entry['input'])}: {entry['msg']}"
    return Fault(pointer(path), detail)
