"""What comes in: the Experiment of the contract, in Pydantic.

Here each value is checked by itself; how they fit together is for `checks`, on arrays. Names of activations, costs and
optimizers, and the fields that these bring along, come from the tables in `core`.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, create_model

from app import limits
from app.core.graph.activations import ACTIVATIONS
from app.core.graph.costs import COSTS, REDUCTIONS
from app.core.graph.penalties import PENALTIES
from app.core.training.initializers import INITIALIZERS
from app.core.training.optimizers import OPTIMIZERS
from app.core.training.schedules import SCHEDULES

# Which way weights are written: x · W, a row for each input, or W · x, a row for each output.
IN_OUT, OUT_IN = ORIENTATIONS = ("in_out", "out_in")
Number = Annotated[float, Field(allow_inf_nan=False)]
Row = Annotated[list[Number], Field(fail_fast=True)]
Matrix = Annotated[list[Row], Field(fail_fast=True)]
Text = Annotated[str, Field(max_length=limits.TEXT_CHARACTERS)]
Seed = Annotated[int, Field(ge=0, le=limits.SEED)]
Texts = Annotated[list[Text], Field(max_length=limits.WIDTH)]


class Strict(BaseModel):
    """No unknown fields, no conversions."""

    model_config = ConfigDict(extra="forbid", strict=True, defer_build=True)

    own: ClassVar[frozenset[str]] = frozenset()  # of the model of a table: the fields that all rows have


def _one_of(names: Iterable[str]) -> dict[str, Any]:
    """Names of a table's rows, for the documentation: `checks` refuses others, in better words than Pydantic's."""
    return {"enum": list(names), "x-from-table": True}


def _of_table(name: str, base: type[Strict], rows: Mapping[str, Mapping[str, float]]) -> Any:
    """The model, with a field for each name that any of a table's rows has besides: a number, a switch, or null."""
    owners: dict[str, list[str]] = {}
    switches = {field for fields in rows.values() for field, default in fields.items() if isinstance(default, bool)}
    for owner, fields in rows.items():
        for field in fields:
            owners.setdefault(field, []).append(owner)
    more: dict[str, Any] = {
        field: (
            (bool if field in switches else Number) | None,
            Field(None, description=f"for {', '.join(of)}", json_schema_extra={"x-from-table": True}),
        )
        for field, of in owners.items()
    }
    model: Any = create_model(name, __base__=base, __doc__=base.__doc__, **more)
    model.own = frozenset(base.model_fields)
    return model


class LayerBase(Strict):
    """A layer: m = a·W + b, a = σ(m)."""

    weights: Matrix = Field(description="W, one row for each input, one column for each neuron of the layer")
    orientation: str | None = Field(
        None,
        json_schema_extra=_one_of(ORIENTATIONS),
        description="out_in: the weights are written for W · x, one row for each neuron, as PyTorch prints them; they "
        "are turned as they are read, and an answer has them as x · W, in_out, without this field",
    )
    bias: Row | None = Field(None, description="b, one number for each neuron; null for none")
    activation: str = Field(description="σ", json_schema_extra=_one_of(ACTIVATIONS))
    dropout: Number | None = Field(
        None, description="the share of the layer's outputs that an iteration leaves out, below 1; with dropout_seed"
    )


Layer: Any = _of_table("Layer", LayerBase, {name: row.options for name, row in ACTIVATIONS.items()})


class PenaltyBase(Strict):
    """What is added to the cost of the data, so that weights stay small."""

    name: str = Field(json_schema_extra=_one_of(PENALTIES))


Penalty: Any = _of_table("Penalty", PenaltyBase, {name: row.fields for name, row in PENALTIES.items()})


class Network(Strict):
    """Layers from the input's side on, and the cost."""

    layers: list[Layer] = Field(min_length=1, max_length=limits.LAYERS)
    cost: str = Field("squared_error", json_schema_extra=_one_of(COSTS))
    reduction: str = Field("mean", description="over the examples", json_schema_extra=_one_of(REDUCTIONS))
    penalty: Penalty | None = Field(None, description="R in C = L + R, where L is the cost of the data; null for none")


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


Optimizer: Any = _of_table("Optimizer", OptimizerBase, {name: row.fields for name, row in OPTIMIZERS.items()})


class ScheduleBase(Strict):
    """How the learning rate falls from iteration to iteration."""

    name: str = Field(json_schema_extra=_one_of(SCHEDULES))


Schedule: Any = _of_table("Schedule", ScheduleBase, {name: row.fields for name, row in SCHEDULES.items()})


_NUMBERS = {"type": "array", "items": {"type": "number"}}
_VALUE: Any = {"anyOf": [{"type": "number"}, _NUMBERS, {"type": "array", "items": _NUMBERS}]}
_Values = Annotated[dict[str, Any], Field(json_schema_extra={"additionalProperties": _VALUE})]


class Formulas(Strict):
    """A computation written down in lines of Python's own arithmetic, in place of layers."""

    text: str = Field(
        description="lines `name = expression`; the last is the number whose gradients are taken",
        examples=["m = w @ x + b\na = tanh(m)\nC = (a - t) ** 2"],
    )
    parameters: _Values = Field(
        default_factory=dict, description="by name: a number, a list, or a list of lists; what is learned"
    )
    constants: _Values = Field(default_factory=dict, description="by name, in the same way: what stays as it is")


class Experiment(Strict):
    """Everything there is to know about a run: the body of every POST, the save file and the share link.

    It has a network or formulas, one of the two; with formulas there may be no data.
    """

    title: Text | None = None
    network: Network | None = Field(None, description="layers and a cost; with it there are data")
    formulas: Formulas | None = Field(None, description="in place of a network: any computation")
    data: Data | None = Field(None, description="with formulas, x and y in the text are the rows of the iteration")
    optimizer: Optimizer = Field(default_factory=Optimizer)
    batch_size: int | None = Field(None, ge=1, description="rows an iteration takes, in order, wrapping; null for all")
    iteration: int = Field(0, ge=0, le=limits.ITERATION)
    optimizer_state: dict[str, Any] | None = Field(
        None, description="what the optimizer carries over, by parameter; null at the start, and for sgd"
    )
    schedule: Schedule | None = Field(None, description="how the learning rate falls; null: it stays")
    dropout_seed: Seed | None = Field(
        None, description="which outputs are left out is drawn from it; null: none are, at rest"
    )
    shuffle_seed: Seed | None = Field(
        None, description="each epoch's rows in an order of their own, drawn from it; null: in order"
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
    seed: Seed = Field(0, description="of the weights: the same seed gives the same")
    dataset: str | None = Field(None, description="one of the catalog's; null for one row to put own numbers into")
    data_seed: Seed = Field(0, description="of a dataset that is drawn")
    optimizer: Optimizer = Field(default_factory=Optimizer)
    batch_size: int | None = Field(None, ge=1, description="rows an iteration takes, in order, wrapping; null for all")
