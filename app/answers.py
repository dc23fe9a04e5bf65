"""What goes out: the answers of the contract in Pydantic. The documentation and the page's types are made from these.

No answer passes through them: `wire` makes it straight from the arrays, and the tests hold it against these.
"""

from typing import Literal

from pydantic import BaseModel, Field

from app.schemas import Experiment

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


class FactorAnswer(BaseModel):
    """A scalar local partial, or a cached gradient in place of all that lies between (folded)."""

    of: str
    wrt: str
    edge: str | None = Field(description="the edge of the trace that it is an entry of, as of>wrt; null where folded")
    value: Scalar
    formula: str
    uses: list[str]
    rule: str | None
    folded: bool


class TermAnswer(BaseModel):
    """One route from C to the parameter, and the product of the local partials on it."""

    path: list[str]
    factors: list[FactorAnswer]
    product: Scalar


class SharedAnswer(BaseModel):
    """A node on the way whose gradient is computed once and serves so many weights."""

    node: str
    parameters: list[str]
    weights: int


class MultiplicationsAnswer(BaseModel):
    """How many multiplications it takes, route by route and with every gradient computed once."""

    naive: float
    cached: float


class DepthAnswer(MultiplicationsAnswer):
    """The same for a network of so many layers: all its parameters, one example."""

    layers: int


class ChainMultiplicationsAnswer(MultiplicationsAnswer):
    """The same for this number, for all parameters, and for deeper networks."""

    network: MultiplicationsAnswer
    depths: list[DepthAnswer]


class ChainAnswer(BaseModel):
    """The chain rule of one number, written out: the products of the terms sum to its gradient."""

    parameter: str
    row: int | None
    column: int
    weight: float
    gradient: Scalar
    numeric: Scalar = Field(description="the same by a central difference")
    numeric_step: float
    terms: list[TermAnswer]
    fold: str | None = Field(description="the node whose cached gradient begins every term; null where none does")
    folds: list[str] = Field(description="the nodes where the terms could be folded, from C on")
    paths: float = Field(description="how many routes there are, unfolded")
    shared: list[SharedAnswer]
    multiplications: ChainMultiplicationsAnswer
    status: Literal["ok", "diverged"]


class PointAnswer(BaseModel):
    """A weight, C there, and the slope of C there."""

    weight: float
    cost: float
    slope: float


class DifferenceAnswer(BaseModel):
    """C at weight − step and weight + step, their difference over twice the step, and its distance from the slope."""

    step: float
    lower: Scalar
    upper: Scalar
    quotient: Scalar
    error: Scalar


class SlopeAnswer(BaseModel):
    """C as a function of one number, all else fixed."""

    parameter: str
    row: int | None
    column: int
    weight: float
    cost: Scalar
    slope: Scalar
    weights: list[float]
    costs: list[Scalar]
    learning_rate: float | None
    next_weight: Scalar = Field(description="after one step of the optimizer")
    next_cost: Scalar = Field(description="C where this number alone has made that step")
    predicted_change: Scalar = Field(description="slope · (next_weight − weight)")
    actual_change: Scalar
    status: Literal["ok", "diverged"]
    descent: list[PointAnswer] = Field(
        description="this number alone going on, from where it is; ends where not finite"
    )
    differences: list[DifferenceAnswer]


class CheckedAnswer(BaseModel):
    """A gradient beside its central difference."""

    parameter: str
    row: int | None
    column: int
    analytic: Scalar
    numeric: Scalar
    absolute: Scalar
    relative: Scalar
    kink: bool = Field(description="the step crosses a corner of a piecewise activation: the difference is no verdict")


class CheckAnswer(BaseModel):
    """Every analytic gradient beside its central difference, the worst first."""

    step: float
    worst: Scalar = Field(description="the largest relative difference of those without a kink")
    entries: list[CheckedAnswer]
    resolution: Scalar = Field(description="a gradient smaller than this is compared as if it were this large")
    kinks: int
    status: Literal["ok", "diverged"]


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


class CostEntry(CatalogEntry):
    """A row of the table of costs."""

    domain: str = Field(description="for which outputs the cost is finite, in words; empty where for all")


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
    costs: list[CostEntry]
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


# What stands for itself in a body or an answer; the models above that it is made of come along.
DOCUMENTS: tuple[type[BaseModel], ...] = (
    Experiment,
    CatalogAnswer,
    ExampleSummary,
    TraceAnswer,
    StepAnswer,
    ChainAnswer,
    SlopeAnswer,
    CheckAnswer,
    HealthAnswer,
    ProblemAnswer,
)
