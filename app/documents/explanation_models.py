"""What goes out of /chain, /slope and /check, in Pydantic; see `answer_models`."""

from typing import Literal

from pydantic import Field

from app.documents.answer_models import Answer, Scalar

Verdict = Literal["agrees", "differs", "kink", "too small", "too coarse"]


class OfNumber(Answer):
    """A number of a leaf."""

    parameter: str
    row: int | None
    column: int | None


class FactorAnswer(Answer):
    """A scalar local partial, or a cached gradient in place of all that lies between (folded)."""

    of: str
    wrt: str
    edge: str | None = Field(description="the edge of the trace that it is an entry of, as of>wrt; null where folded")
    slot: int | None = Field(description="which input of `of`: two edges can join the same two; null where folded")
    value: Scalar
    formula: str
    uses: list[str]
    rule: str | None
    folded: bool


class TermAnswer(Answer):
    """One route from C to the parameter, and the product of the local partials on it."""

    path: list[str]
    factors: list[FactorAnswer]
    product: Scalar


class SharedAnswer(Answer):
    """A node on the way whose gradient is computed once and serves so many weights."""

    node: str
    parameters: list[str]
    weights: int


class MultiplicationsAnswer(Answer):
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


class ChainAnswer(OfNumber):
    """The chain rule of one number, written out: the products of the terms sum to its gradient."""

    weight: float
    gradient: Scalar
    numeric: Scalar = Field(description="the same measured, as /check measures it with a step of its own choice")
    numeric_step: float
    numeric_error: Scalar = Field(description="how far that may be off, by rounding and because the curve bends")
    kink: bool = Field(description="that step crosses a corner of activation or cost: the difference is no verdict")
    verdict: Verdict = Field(description="what the difference says of the gradient")
    terms: list[TermAnswer]
    fold: str | None = Field(description="the node whose cached gradient begins every term; null where none does")
    folds: list[str] = Field(description="the nodes where the terms could be folded, from C on")
    paths: float = Field(description="how many routes there are, unfolded")
    shared: list[SharedAnswer]
    multiplications: ChainMultiplicationsAnswer
    status: Literal["ok", "diverged"]


class PointAnswer(Answer):
    """A weight, C there, and the slope of C there."""

    weight: float
    cost: float
    slope: float


class DifferenceAnswer(Answer):
    """C at weight − step and weight + step, their difference over twice the step, and its distance from the slope."""

    step: float
    lower: Scalar
    upper: Scalar
    quotient: Scalar
    error: Scalar


class SlopeAnswer(OfNumber):
    """C as a function of one number, all else fixed."""

    weight: float
    cost: Scalar
    slope: Scalar
    weights: list[float]
    costs: list[Scalar]
    learning_rate: float | None
    next_weight: Scalar = Field(description="after one step of the optimizer; of a constant, or of data, as it is")
    next_cost: Scalar = Field(description="C where this number alone has made that step")
    predicted_change: Scalar = Field(description="slope · (next_weight − weight)")
    actual_change: Scalar
    kink: bool = Field(description="the number stands at a corner of C: its slopes to the left and to the right differ")
    status: Literal["ok", "diverged"]
    descent: list[PointAnswer] = Field(
        description="this number alone going on, from where it is; ends where not finite"
    )
    differences: list[DifferenceAnswer]


class CheckedAnswer(OfNumber):
    """A gradient beside its difference quotient."""

    analytic: Scalar
    numeric: Scalar
    absolute: Scalar
    relative: Scalar
    kink: bool = Field(description="the step crosses a corner of activation or cost: the difference is no verdict")
    verdict: Verdict = Field(
        description="agrees, differs, or why the two cannot be compared: a kink, a gradient too small for the digits "
        "that C has, or a C too coarse here"
    )
    step: float = Field(description="how far this number was moved: h")
    error: Scalar = Field(description="how far the difference may be off, by rounding and because the curve bends")


class VerdictsAnswer(Answer):
    """How many entries have each verdict."""

    agrees: int
    differs: int
    kink: int
    too_small: int = Field(alias="too small")
    too_coarse: int = Field(alias="too coarse")


class CheckAnswer(Answer):
    """Every analytic gradient beside its difference quotient: what differs first, then what could not be compared."""

    step: float = Field(description="the one asked for, or else the one that most numbers were moved by")
    formula: str = Field(description="of the difference quotient: central with a step asked for, else of five points")
    worst: Scalar = Field(description="the largest relative difference of those that could be compared")
    verdicts: VerdictsAnswer
    entries: list[CheckedAnswer]
    resolution: Scalar = Field(description="a gradient smaller than this leaves the difference fewer than three digits")
    kinks: int
    status: Literal["ok", "diverged"]
