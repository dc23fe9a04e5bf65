"""The contract's documents in Pydantic: the Experiment that comes in, the answers that go out (for the docs and types).

`parse` checks an Experiment whole: first each value by itself (Pydantic), then how they fit together (`_faults`). Names
of activations, costs and optimizers, and the fields these bring along, come from the tables in `core`.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model
from pydantic_core import ErrorDetails

from app import limits
from app.core.activations import ACTIVATIONS
from app.core.costs import COSTS, REDUCTIONS
from app.core.optimizers import OPTIMIZERS
from app.problems import Fault, Unprocessable, pointer, quoted

Number = Annotated[float, Field(allow_inf_nan=False)]
Row = Annotated[list[Number], Field(fail_fast=True)]
Matrix = Annotated[list[Row], Field(fail_fast=True)]
Text = Annotated[str, Field(max_length=limits.TEXT_CHARACTERS)]


class Strict(BaseModel):
    """No unknown fields, no conversions."""

    model_config = ConfigDict(extra="forbid", strict=True)


class LayerBase(Strict):
    """A layer: m = a·W + b, a = σ(m)."""

    weights: Matrix = Field(description="W, one row for each input, one column for each neuron of the layer")
    bias: Row | None = Field(None, description="b, one number for each neuron; null for none")
    activation: str = Field(description="σ", json_schema_extra={"enum": list(ACTIVATIONS)})


def _optional_numbers(rows: Mapping[str, Mapping[str, float]]) -> dict[str, Any]:
    """A field `name: number or null` for each name that any row has, described by the rows that have it."""
    owners: dict[str, list[str]] = {}
    for owner, fields in rows.items():
        for name in fields:
            owners.setdefault(name, []).append(owner)
    return {name: (Number | None, Field(None, description=f"for {', '.join(of)}")) for name, of in owners.items()}


Layer: Any = create_model(
    "Layer", __base__=LayerBase, **_optional_numbers({name: row.options for name, row in ACTIVATIONS.items()})
)


class Network(Strict):
    """Layers from the input's side on, and the cost."""

    layers: list[Layer] = Field(min_length=1, max_length=limits.LAYERS)
    cost: str = Field("squared_error", json_schema_extra={"enum": list(COSTS)})
    reduction: str = Field("mean", json_schema_extra={"enum": list(REDUCTIONS)}, description="over the examples")


class Rows(Strict):
    """Inputs and targets, one example a row."""

    x: Matrix
    y: Matrix


class Data(Rows):
    """The examples, with optional names of columns."""

    features: list[Text] | None = Field(None, description="names of the columns of x")
    classes: list[Text] | None = Field(None, description="names of the columns of y")
    held_back: Rows | None = Field(None, description="rows never trained on, to try the network with")
    image_shape: tuple[int, int] | None = Field(
        None, strict=False, description="[rows, columns] where a row of x is a picture, read line by line"
    )


class OptimizerBase(Strict):
    """How gradients become changes of parameters."""

    name: str = Field("sgd", json_schema_extra={"enum": list(OPTIMIZERS)})


Optimizer: Any = create_model(
    "Optimizer", __base__=OptimizerBase, **_optional_numbers({name: row.fields for name, row in OPTIMIZERS.items()})
)


class Experiment(Strict):
    """Everything there is to know about a run: the body of every POST, the save file and the share link."""

    title: Text | None = None
    network: Network
    data: Data
    optimizer: Optimizer = Field(default_factory=Optimizer)
    batch_size: int | None = Field(None, ge=1, description="rows an iteration takes, in order, wrapping; null for all")
    iteration: int = Field(0, ge=0, le=limits.ITERATION)
    optimizer_state: dict[str, Any] | None = Field(None, description="what the optimizer carries over; null for sgd")


def parse(document: dict[str, Any]) -> Experiment:
    """The checked experiment.   Raises: Unprocessable, with every fault found."""
    try:
        experiment = Experiment.model_validate(document)
    except ValidationError as error:
        raise Unprocessable([_fault(entry) for entry in error.errors(include_url=False)]) from None
    faults = list(_faults(experiment))
    if faults:
        raise Unprocessable(faults)
    return experiment


_MUST_BE = {
    "float_type": "a number",
    "finite_number": "a number within the range of a double",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "string_type": "text",
    "string_unicode": "text without lone surrogates",
    "list_type": "a list",
    "tuple_type": "a list of two whole numbers",
    "dict_type": "an object",
    "model_type": "an object",
    "model_attributes_type": "an object",
}


def _fault(entry: ErrorDetails) -> Fault:
    path = entry["loc"]
    thing = _spelled(path)
    match entry["type"]:
        case "missing":
            detail = f"{thing} is missing"
        case "extra_forbidden":
            detail = f"{thing} is not a known field"
        case kind if kind in _MUST_BE:
            detail = f"{thing} must be {_MUST_BE[kind]}, and is {quoted(entry['input'])}"
        case _:
            detail = f"{thing} is {quoted(entry['input'])}: {entry['msg']}"
    return Fault(pointer(path), detail)


def _spelled(path: Sequence[str | int]) -> str:
    """("network", "layers", 1) → "network.layers[1]"."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part[:60]}" for part in path).lstrip(".")
    return text.encode("utf-8", "replace").decode("utf-8")


def _faults(experiment: Experiment) -> Iterator[Fault]:
    """What is wrong between values that are right by themselves."""
    network, data = experiment.network, experiment.data
    yield from _known(network.cost, COSTS, "cost", ("network", "cost"))
    yield from _known(network.reduction, REDUCTIONS, "reduction", ("network", "reduction"))
    shapes = list(_layer_faults(network))
    faults = [fault for fault in shapes if isinstance(fault, Fault)]
    yield from faults
    yield from _optimizer_faults(experiment)
    if faults:
        return
    inputs, outputs = len(network.layers[0].weights), len(network.layers[-1].weights[0])
    yield from _rows_faults(data, ("data",), inputs, outputs)
    if data.held_back is not None:
        yield from _rows_faults(data.held_back, ("data", "held_back"), inputs, outputs)
    yield from _names_faults(data.features, "features", inputs, "inputs")
    yield from _names_faults(data.classes, "classes", outputs, "outputs")
    if data.image_shape is not None and (
        min(data.image_shape) < 1 or data.image_shape[0] * data.image_shape[1] != inputs
    ):
        rows, columns = data.image_shape
        yield Fault("/data/image_shape", f"image_shape is {rows} × {columns}, but a row of x has {inputs} numbers")
    if experiment.batch_size is not None and experiment.batch_size > len(data.x):
        yield Fault("/batch_size", f"batch_size is {quoted(experiment.batch_size)}, but there are {len(data.x)} rows")
    numbers = _answer_numbers(network, min(len(data.x), experiment.batch_size or len(data.x)))
    if numbers > limits.ANSWER_NUMBERS:
        yield Fault("", f"the trace would hold {numbers} numbers; at most {limits.ANSWER_NUMBERS} are allowed")


def _known(
    name: str, table: Mapping[str, Any] | Sequence[str], noun: str, path: tuple[str | int, ...]
) -> Iterator[Fault]:
    if name not in table:
        yield Fault(pointer(path), f"{noun} {quoted(name)} is unknown; allowed are {', '.join(table)}")


def _layer_faults(network: Network) -> Iterator[Fault]:
    gives: int | None = None
    parameters = 0
    last = len(network.layers) - 1
    for number, layer in enumerate(network.layers):
        path: tuple[str | int, ...] = ("network", "layers", number)
        faults = list(_matrix_faults(layer.weights, (*path, "weights"), limits.WIDTH))
        yield from faults
        yield from _known(layer.activation, ACTIVATIONS, "activation", (*path, "activation"))
        if layer.activation in ACTIVATIONS:
            row = ACTIVATIONS[layer.activation]
            if row.per_row and number != last:
                yield Fault(
                    pointer((*path, "activation")),
                    f"{row.name} may stand in the last layer only; this is layer {number} of 0 to {last}",
                )
            yield from _foreign_fields(layer, LayerBase, row.options, row.name, path)
        if faults:
            gives = None
            continue
        takes, outputs = len(layer.weights), len(layer.weights[0])
        if gives is not None and takes != gives:
            detail = f"layer {number} takes {takes} inputs, but layer {number - 1} gives {gives}"
            yield Fault(pointer((*path, "weights")), detail)
        if layer.bias is not None and len(layer.bias) != outputs:
            detail = f"the bias of layer {number} has {len(layer.bias)} numbers, but the layer has {outputs} neurons"
            yield Fault(pointer((*path, "bias")), detail)
        gives = outputs
        parameters += takes * outputs + (outputs if layer.bias is not None else 0)
    if parameters > limits.PARAMETERS:
        yield Fault(
            "/network/layers", f"the network has {parameters} parameters; at most {limits.PARAMETERS} are allowed"
        )


def _foreign_fields(
    model: BaseModel, base: type[BaseModel], fields: Mapping[str, float], owner: str, path: tuple[str | int, ...]
) -> Iterator[Fault]:
    """Optional fields that were given, but belong to another row of the table."""
    for name in type(model).model_fields:
        if name not in base.model_fields and name not in fields and getattr(model, name) is not None:
            takes = f"takes {', '.join(fields)}" if fields else "takes none"
            yield Fault(pointer((*path, name)), f"{owner} has no field {name}; it {takes}")


def _optimizer_faults(experiment: Experiment) -> Iterator[Fault]:
    optimizer = experiment.optimizer
    yield from _known(optimizer.name, OPTIMIZERS, "optimizer", ("optimizer", "name"))
    if optimizer.name in OPTIMIZERS:
        row = OPTIMIZERS[optimizer.name]
        yield from _foreign_fields(optimizer, OptimizerBase, row.fields, row.name, ("optimizer",))
    for name in type(optimizer).model_fields:
        value = getattr(optimizer, name)
        if isinstance(value, float) and value < 0.0:
            yield Fault(pointer(("optimizer", name)), f"{name} is {quoted(value)}; it must be 0 or more")
    if experiment.optimizer_state is not None:
        yield Fault(
            "/optimizer_state", f"{quoted(optimizer.name)[1:-1]} carries nothing over; optimizer_state must be null"
        )


def _matrix_faults(matrix: list[list[float]], path: tuple[str | int, ...], most_rows: int) -> Iterator[Fault]:
    thing = _spelled(path)
    if not matrix or not matrix[0]:
        yield Fault(pointer(path), f"{thing} is empty; it needs at least one row and one column")
        return
    if len(matrix) > most_rows:
        yield Fault(pointer(path), f"{thing} has {len(matrix)} rows; at most {most_rows} are allowed")
    if len(matrix[0]) > limits.WIDTH:
        yield Fault(pointer(path), f"{thing} has {len(matrix[0])} columns; at most {limits.WIDTH} are allowed")
    for number, row in enumerate(matrix):
        if len(row) != len(matrix[0]):
            detail = f"row {number} of {thing} has {len(row)} numbers, but row 0 has {len(matrix[0])}"
            yield Fault(pointer((*path, number)), detail)
            return


def _rows_faults(rows: Rows, path: tuple[str | int, ...], inputs: int, outputs: int) -> Iterator[Fault]:
    for name, matrix, columns, side in (("x", rows.x, inputs, "takes"), ("y", rows.y, outputs, "gives")):
        faults = list(_matrix_faults(matrix, (*path, name), limits.ROWS))
        yield from faults
        if not faults and len(matrix[0]) != columns:
            detail = (
                f"a row of {_spelled((*path, name))} has {len(matrix[0])} numbers, but the network {side} {columns}"
            )
            yield Fault(pointer((*path, name)), detail)
    if len(rows.x) != len(rows.y):
        detail = f"{_spelled((*path, 'x'))} has {len(rows.x)} rows, but {_spelled((*path, 'y'))} has {len(rows.y)}"
        yield Fault(pointer((*path, "y")), detail)


def _names_faults(names: list[str] | None, thing: str, count: int, what: str) -> Iterator[Fault]:
    if names is not None and len(names) != count:
        yield Fault(f"/data/{thing}", f"{thing} has {len(names)} names, but the network has {count} {what}")


def _answer_numbers(network: Network, examples: int) -> int:
    """About how many numbers a full trace holds: value and gradient by node, local partial and contribution by edge."""
    total = 0
    for layer in network.layers:
        takes, gives = len(layer.weights), len(layer.weights[0])
        jacobian = examples * gives * gives if ACTIVATIONS[layer.activation].per_row else 0
        total += 6 * takes * gives + 4 * examples * takes + 8 * examples * gives + jacobian
    return total


# ---- answers: what the documentation and the page's types are made from ------------------------------------------

Scalar = float | Literal["NaN", "Infinity", "-Infinity"]
Tensor = Scalar | list[Scalar] | list[list[Scalar]] | list[list[list[Scalar]]]


class NodeAnswer(BaseModel):
    """A node of the graph, its value and its gradient ∂C/∂node."""

    id: str
    role: Literal["input", "parameter", "target", "computed"]
    op: str | None
    inputs: list[str]
    shape: list[int]
    formula: str | None
    value: Tensor
    gradient: Tensor


class PartialAnswer(BaseModel):
    """An edge: the local partial ∂of/∂wrt, and what it contributes to the gradient of `wrt`."""

    of: str
    wrt: str
    rule: Literal["elementwise", "matmul_right", "matmul_left", "sum_rows", "jacobian"]
    formula: str
    chain: str = Field(description="how the contribution is made: the rule, written out in this edge's names")
    note: str = Field(description="a remark on the formula; empty for most")
    uses: list[str]
    value: Tensor | None = Field(None, description="left out with lean=true where it is the value of the last of uses")
    contribution: Tensor | None = Field(None, description="left out with lean=true where it is the whole gradient")


class TraceAnswer(BaseModel):
    """Everything one forward and backward pass computed."""

    cost: Scalar
    status: Literal["ok", "diverged"]
    nodes: list[NodeAnswer]
    partials: list[PartialAnswer]


class UpdateAnswer(BaseModel):
    """What one iteration does to one parameter."""

    parameter: str
    formula: str
    before: Tensor | None = Field(None, description="left out with lean=true: the parameter's value in the trace")
    gradient: Tensor | None = Field(None, description="left out with lean=true: the parameter's gradient in the trace")
    delta: Tensor
    after: Tensor


class StepAnswer(BaseModel):
    """One iteration: the trace from before the update, the updates, the next experiment."""

    trace: TraceAnswer
    updates: list[UpdateAnswer]
    experiment: Experiment


class ExampleSummary(BaseModel):
    """An example, by name."""

    id: str
    title: str
    description: str


class CatalogEntry(BaseModel):
    """A row of a table."""

    name: str
    formula: str
    derivative: str
    fields: list[str]
    defaults: dict[str, float]
    note: str


class DatasetEntry(BaseModel):
    """A set of data that comes with the explorer."""

    name: str
    title: str
    description: str
    inputs: int
    outputs: int
    rows: int
    held_back: int


class CatalogAnswer(BaseModel):
    """What networks can be made of."""

    activations: list[CatalogEntry]
    costs: list[CatalogEntry]
    optimizers: list[CatalogEntry]
    reductions: list[str]
    datasets: list[DatasetEntry]
    limits: dict[str, int]


class FaultAnswer(BaseModel):
    """One thing that is wrong, and where: an RFC 6901 pointer into the body, or query:NAME."""

    pointer: str
    detail: str


class ProblemAnswer(BaseModel):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FaultAnswer]


class HealthAnswer(BaseModel):
    """The server is up."""

    status: Literal["ok"]
    version: str
