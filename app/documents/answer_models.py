"""What goes out: the answers of the contract in Pydantic. The documentation and the page's types are made from these.

No answer passes through them: it is made straight from the arrays, and the tests hold it against these.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.documents.experiment import Data, Experiment

Scalar = float | Literal["NaN", "Infinity", "-Infinity"]
Tensor = Scalar | list[Scalar] | list[list[Scalar]] | list[list[list[Scalar]]]


Bounds = list[float | None]  # two; null where there is none


class Answer(BaseModel):
    """What is only described is built when somebody asks for the description."""

    model_config = ConfigDict(defer_build=True)

    @classmethod
    def told(cls, row: Any, /, **more: Any) -> dict[str, Any]:
        """The document with these fields, of `more` or else as the row has them."""
        return {name: more[name] if name in more else getattr(row, name) for name in cls.model_fields}


class NodeAnswer(Answer):
    """A node of the graph, its value and its gradient ∂C/∂node."""

    id: str
    role: Literal["input", "parameter", "constant", "target", "computed"]
    op: str | None
    inputs: list[str]
    shape: list[int]
    formula: str | None
    label: str | None = Field(None, description="of formulas: how the text has it; a line's own node has its name")
    scope: str | None = Field(None, description="of formulas: the line that it stands in")
    words: str | None = Field(None, description="what is done, as the beginning of a sentence; of computed nodes")
    note: str | None = Field(None, description="how the value comes to be, where the formula alone does not say it")
    range: Bounds | None = Field(None, description="what the value lies between; left out where it may be any number")
    gate: float | None = Field(None, description="nothing comes through of an input that is not above it")
    value: Tensor
    gradient: Tensor


class LettersAnswer(Answer):
    """The axes of a scalar edge, a letter each: entries belong together where the letters agree.

    Equation: contribution[wrt] = Σ g[of] · value[partial], over the letters that wrt has not.
    """

    of: str
    wrt: str
    partial: str


class PartialAnswer(Answer):
    """An edge: the local partial ∂of/∂wrt, and what it contributes to the gradient of `wrt`."""

    of: str
    wrt: str
    slot: int = Field(description="which input of `of` it belongs to, from 0: two edges can join the same two nodes")
    letters: LettersAnswer
    source_map: list[Any] | int | None = Field(
        None,
        description="of gather, in place of letters: in the shape of `of`, for each entry its place in `wrt`, line by "
        "line, −1 where it comes from another input",
    )
    rule: Literal["elementwise", "matmul_right", "matmul_left", "sum_rows", "jacobian", "spread", "gather"]
    formula: str
    chain: str = Field(
        description="how the contribution is made: the rule, written out in this edge's names; with ← where it is "
        "added to what has come by other edges"
    )
    note: str = Field(description="a remark on the formula; empty for most")
    remarks: list[str] = Field(description="what is to be said of these very numbers: where a has rounded; mostly none")
    uses: list[str]
    value: Tensor | None = Field(None, description="left out with lean=true where it is the value of the last of uses")
    contribution: Tensor | None = Field(None, description="left out with lean=true where it is the whole gradient")


class DivergenceAnswer(Answer):
    """The first number that went beyond the doubles, and from what."""

    node: str
    entry: list[int] = Field(description="its indices; empty for a number")
    detail: str


class WarningAnswer(Answer):
    """What is legal but cannot be meant, and where: an RFC 6901 pointer into the body."""

    pointer: str
    detail: str


class TraceAnswer(Answer):
    """Everything one forward and backward pass computed."""

    cost: Scalar
    status: Literal["ok", "diverged"]
    divergence: DivergenceAnswer | None = Field(description="why the status is diverged; null where it is ok")
    warnings: list[WarningAnswer] = Field(description="what of cost, last activation and targets does not fit together")
    prediction: str | None = Field(description="the node that the cost compares with the target")
    probabilities: list[list[Scalar]] | None = Field(
        description="the predictions, where the cost takes logits and the node above has these; else null"
    )
    row_costs: list[Scalar] | None = Field(
        description="the cost of each row of the iteration alone, before the reduction; null where C is no cost of rows"
    )
    nodes: list[NodeAnswer]
    partials: list[PartialAnswer]
    batch_rows: list[int] | None = Field(
        None, description="with a batch_size: by row of the pass, which row of the data it is"
    )


class LineAnswer(Answer):
    """One line of an optimizer's rule, before the last: what it gives, by which formula."""

    name: str
    formula: str
    value: Tensor
    note: str = Field(description="what it is for, in words")


class UpdateAnswer(Answer):
    """What one iteration does to one parameter."""

    parameter: str
    formula: str = Field(description="the last line of the optimizer's rule, which moves the parameter")
    note: str = Field(description="what that line does, in words; empty for sgd")
    lines: list[LineAnswer] = Field(description="the lines before it; none for sgd")
    before: Tensor | None = Field(None, description="left out with lean=true: the parameter's value in the trace")
    gradient: Tensor | None = Field(None, description="left out with lean=true: the parameter's gradient in the trace")
    delta: Tensor
    after: Tensor


class StepAnswer(Answer):
    """One iteration: the trace from before the update, the updates, the next experiment."""

    trace: TraceAnswer
    updates: list[UpdateAnswer]
    experiment: Experiment


class TrainLine(Answer):
    """C at an iteration, before its update. The last line of all has the status and the experiment besides."""

    iteration: int
    cost: Scalar
    status: Literal["ok", "diverged"] | None = Field(None, description="in the last line only")
    experiment: Experiment | None = Field(None, description="in the last line only: where training ended")


class ExampleSummary(Answer):
    """An example, by name."""

    id: str
    title: str
    description: str
    kind: Literal["network", "formulas"] = Field(description="what it is made of")


class CatalogEntry(Answer):
    """A row of a table."""

    name: str
    formula: str
    derivative: str
    fields: list[str]
    defaults: dict[str, float]
    note: str


class Curve(Answer):
    """A function as points."""

    m: list[float] = Field(description="what goes in, ascending")
    a: list[float] = Field(description="what comes out of each")


class ActivationEntry(CatalogEntry):
    """A row of the table of activations."""

    last_only: bool = Field(description="whether it may stand in the last layer only; none has to any more")
    per_row: bool = Field(description="whether the outputs of a row depend on each other, as those of softmax do")
    range: Bounds = Field(description="what comes out lies between these; null for no bound")
    gate: float | None = Field(description="nothing comes through of an input that is not above it; null for no gate")
    curve: Curve | None = Field(
        description="the function with its default options; null where an output is made of a whole row"
    )


class OptimizerEntry(CatalogEntry):
    """A row of the table of optimizers."""

    defaults: dict[str, float | bool]
    lines: list[str] = Field(description="the whole rule, the line that moves the parameter last")
    symbols: dict[str, str] = Field(description="what a field is called in formulas")
    below: dict[str, float] = Field(description="the bound that a field must stay under")
    keeps: list[str] = Field(description="what it remembers of each parameter from one iteration to the next")


class PenaltyEntry(CatalogEntry):
    """A row of the table of penalties."""

    defaults: dict[str, float | bool]


class ScheduleEntry(CatalogEntry):
    """A row of the table of schedules: α0 is the optimizer's learning rate, n the iteration."""

    whole: list[str] = Field(description="the fields that are whole numbers, 1 or more")
    most: dict[str, float] = Field(description="the largest that a field may be")


class InitializerEntry(Answer):
    """A row of the table of initializers."""

    name: str
    formula: str
    note: str


class CostEntry(CatalogEntry):
    """A row of the table of costs."""

    domain: str = Field(description="for which outputs the cost is finite, in words; empty where for all")
    activation: str | None = Field(description="the last activation that it is made for; null where any will do")
    targets: Bounds = Field(description="the targets that mean something lie between these; null for no bound")
    target_values: list[float] = Field(description="the only values that targets may have; empty for no such bound")
    one_in_all: bool = Field(description="whether the targets of a row are shares of 1")
    logits: bool = Field(description="whether the outputs are logits, and no predictions yet")


class DatasetEntry(Answer):
    """A set of data that comes with the explorer."""

    name: str
    title: str
    description: str
    inputs: int
    outputs: int
    rows: int
    held_back: int
    drawn: bool = Field(description="whether another seed gives other numbers")


class BoundEntry(Answer):
    """A bound on what a request may hold, ask for or take."""

    name: str
    value: float
    unit: str = Field(description="what is counted, in words")
    reason: str


class FunctionEntry(Answer):
    """A function that a line of formulas may call."""

    name: str
    group: str
    signature: str
    usage: str
    words: str


class CatalogAnswer(Answer):
    """What networks can be made of."""

    activations: list[ActivationEntry]
    costs: list[CostEntry]
    penalties: list[PenaltyEntry]
    optimizers: list[OptimizerEntry]
    schedules: list[ScheduleEntry] = Field(description="how a learning rate may fall, from that of the optimizer")
    initializers: list[InitializerEntry]
    reductions: list[str]
    datasets: list[DatasetEntry]
    functions: list[FunctionEntry] = Field(description="what a line of formulas may call")
    limits: dict[str, float] = Field(description="the value of every bound, by name")
    bounds: list[BoundEntry]


class TableColumn(Answer):
    """A column of a file: what it holds, and what becomes of it."""

    name: str
    kind: Literal["number", "flag", "words", "text", "date", "empty"] = Field(
        description="words come again, texts do not; a flag is yes or no"
    )
    role: Literal["input", "target", "class", "skip"]
    why: str = Field(description="the reason of its role, in words")
    may_be: list[Literal["input", "one_hot", "target", "class", "skip"]] = Field(
        description="the roles that it can have; one_hot is an input for each of its values"
    )
    first: list[str] = Field(description="what is read in its first rows; empty where nothing usable is there")
    values: list[str] = Field(description="the first of its different values")
    different: int = Field(description="how many different values it has")
    missing: int = Field(description="rows that have none there")
    inputs: list[str] = Field(description="the inputs that were made of it")


class LeftOutAnswer(Answer):
    """A row that cannot be used, and why."""

    line: int = Field(description="where it begins, from 1")
    column: int | None = Field(description="from 1; null where it is about the whole row")
    detail: str


class TableRead(Answer):
    """What was understood of a file."""

    encoding: str
    delimiter: str | None = Field(description="a space stands for any run of spaces and tabs; null in JSON")
    decimal: Literal[".", ","]
    header: bool = Field(description="whether the file has names for its columns")
    unit: Literal["line", "row"] = Field(description="what is counted where a row is left out")
    columns: list[TableColumn]
    rows_in_file: int


class TableAnswer(TableRead):
    """The same, and the data of an experiment that it makes."""

    rows: int = Field(description="in the data, those held back among them")
    left_out: list[LeftOutAnswer] = Field(description="the first of the rows that are left out")
    left_out_count: int = Field(description="all of them")
    notes: list[str] = Field(description="what else was done with the file that its reader should know")
    data: Data
    cost: str = Field(description="that suits the targets")
    activation: str = Field(description="of the last layer, that suits them")


class ChosenAnswer(Answer):
    """What a model's file does not say, what was taken for it, and why."""

    name: Literal["activation", "last", "cost", "data"]
    value: str
    why: str


class ModelAnswer(Answer):
    """A model as an experiment: as layers where it is layers, else as formulas."""

    experiment: Experiment
    kind: Literal["layers", "formulas"]
    fits_both_ways: bool = Field(description="whether weights alone could be read as x · W and as W · x")
    chosen: list[ChosenAnswer]
    notes: list[str] = Field(description="what else was done with the model that its reader should know")


class FaultAnswer(Answer):
    """One thing that is wrong, and where: an RFC 6901 pointer into the body, or query:NAME."""

    pointer: str
    detail: str
    line: int | None = Field(None, description="of a text of formulas: the line, from 1")
    column: int | None = Field(None, description="of a text of formulas: the character in the line, from 1")


class ProblemAnswer(Answer):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FaultAnswer]
    table: TableRead | None = Field(None, description="of a file whose cells were read, and that makes no data so")


class HealthAnswer(Answer):
    """The server is up."""

    status: Literal["ok"]
    version: str


class AddressesAnswer(Answer):
    """Where other machines find the server."""

    addresses: list[str]
