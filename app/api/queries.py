"""What /trace, /train, /chain, /slope, /check and /export take from the query, read as strictly as a body.

A number is written as JSON writes it: FastAPI's own reading would take "１", " 1", "1_0", "nan" and, for a flag, "yes".
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl, urlencode

from annotated_types import Ge, GroupedMetadata, Gt, Le
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, WrapValidator
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

from app import limits
from app.core.graph.network import Network
from app.core.training.iteration import Experiment
from app.documents.problems import Fault, Unprocessable

_FLAGS = {"true": True, "1": True, "false": False, "0": False}
_WHOLE = re.compile(r"-?[0-9]{1,400}")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")


def twice(request: Request) -> dict[str, int]:
    """How often names stand in the query that are given more than once, of which FastAPI takes the last."""
    if not request.scope["query_string"]:
        return {}
    given = Counter(name for name, _ in request.query_params.multi_items())
    return {name: times for name, times in given.items() if times > 1}


def demand_once(request: Request) -> None:
    """Refuse a name that is given twice.   Raises: RequestValidationError, which says no more: `problems` words it."""
    if twice(request):
        raise RequestValidationError([])


@dataclass(frozen=True)
class Written(GroupedMetadata):
    """How a value is written in a query, and its bounds; whatever is wrong with it, it is told what it must be."""

    read: Callable[[str], Any]
    must_be: str
    least: float | None = None
    most: float | None = None
    above: float | None = None

    def __iter__(self) -> Iterator[Any]:
        """What Pydantic makes of it."""
        if self.least is not None:
            yield Ge(self.least)
        if self.above is not None:
            yield Gt(self.above)
        if self.most is not None:
            yield Le(self.most)
        yield WrapValidator(self._checked)

    def _checked(self, text: Any, check: Callable[[Any], Any]) -> Any:
        try:
            return check(self.read(text))
        except (ValueError, KeyError):
            raise PydanticCustomError("written", "{must_be}", {"must_be": self._allowed()}) from None

    def _allowed(self) -> str:
        bounds = [
            *([] if self.above is None else [f"above {self.above:.15g}"]),
            *([] if self.least is None else [f"from {self.least:.15g}"]),
            *([] if self.most is None else [f"{'to' if self.above is None else 'up to'} {self.most:.15g}"]),
        ]
        return " ".join([self.must_be, *bounds])


def _whole(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise ValueError
    return int(text)


def _number(text: str) -> float:
    number = float(text) if _NUMBER.fullmatch(text) else math.inf
    if not math.isfinite(number):
        raise ValueError
    return number


FLAG = Written(_FLAGS.__getitem__, "true or false")
WHOLE = Written(_whole, "a whole number")


def one_of(names: Collection[str]) -> Written:
    """One of these names."""
    return Written({name: name for name in names}.__getitem__, f"one of {', '.join(names)}")


NUMBER = Written(_number, "a number")


def within(kind: Written, least: float | None = None, most: float | None = None, above: float | None = None) -> Written:
    """The same within bounds."""
    return replace(kind, least=least, most=most, above=above)


class Query(BaseModel):
    """What a query may give, and nothing else."""

    model_config = ConfigDict(extra="forbid")


class Lean(Query):
    """How much of a trace is wanted."""

    lean: Annotated[bool, FLAG] = Field(
        False, description="Leave out what stands elsewhere in the same answer", examples=[False]
    )


class Steps(Query):
    """How long to train."""

    steps: Annotated[int, within(WHOLE, 1, limits.TRAIN_STEPS)] = Field(
        1000, description="How many iterations", examples=[1000]
    )
    every: Annotated[int, within(WHOLE, 1, limits.TRAIN_STEPS)] = Field(
        10, description="A line for each iteration whose number this divides", examples=[10]
    )


class Entry(Query):
    """Which number of a parameter is meant."""

    parameter: str = Field(
        description="The weights or the bias that the number is in, such as W0 or b0", examples=["W0"]
    )
    row: Annotated[int | SkipJsonSchema[None], WHOLE] = Field(
        None,
        description="Its row, counted from 0: the input that the weight belongs to. A bias has none",
        examples=[0],
    )
    column: Annotated[int | SkipJsonSchema[None], WHOLE] = Field(
        None,
        description="Its column, counted from 0: the neuron that it belongs to. A number by itself has none",
        examples=[1],
    )


class ChainOf(Entry):
    """Whose chain rule is wanted, and how it is folded."""

    max_paths: Annotated[int, within(WHOLE, 1, limits.PATHS)] = Field(
        64, description="With more terms than this, they are folded at a node whose gradient is cached", examples=[64]
    )
    fold: str | SkipJsonSchema[None] = Field(
        None,
        description="The node to fold at: one of the answer's folds, the parameter itself, or C for none",
        examples=["m1"],
    )


class SlopeOf(Entry):
    """Along which number C is wanted, and where."""

    span: Annotated[float, within(NUMBER, above=0, most=limits.SPAN)] = Field(
        2, description="How far the weights reach to either side", examples=[2]
    )
    points: Annotated[int, within(WHOLE, 2, limits.POINTS)] = Field(101, description="How many weights", examples=[101])
    center: Annotated[float | SkipJsonSchema[None], NUMBER] = Field(
        None, description="The weight in the middle; the number itself where it is not given", examples=[0.5]
    )
    steps: Annotated[int, within(WHOLE, 0, limits.DESCENT_STEPS)] = Field(
        0, description="How many further steps of descent on this one number alone", examples=[8]
    )


class Difference(Query):
    """How gradients are measured."""

    step: Annotated[float | SkipJsonSchema[None], within(NUMBER, limits.CHECK_STEP_LEAST, limits.CHECK_STEP_MOST)] = (
        Field(
            None,
            description="How far every number is moved, up and down; what measures each best where it is not given",
            examples=[1e-6],
        )
    )


_ASKED: dict[str, type[Query]] = {
    "/step": Lean,
    "/trace": Lean,
    "/train": Steps,
    "/chain": ChainOf,
    "/slope": SlopeOf,
    "/check": Difference,
}


def _path(text: str) -> str:
    path, _, query = text.partition("?")
    given = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query))
    _ASKED[path].model_validate(dict(given))
    if len(dict(given)) < len(given):
        raise ValueError(query)
    return f"{path}?{urlencode(given)}" if given else path


PATH = Written(_path, f"one of {', '.join(_ASKED)}, with a query that it takes")
LANGUAGE = Written(str, "numpy, pytorch, latex or curl")


class Exported(Query):
    """In which language an experiment is wanted, and what of it."""

    language: Annotated[Literal["numpy", "pytorch", "latex", "curl"], LANGUAGE] = Field(
        alias="as", description="In which language", examples=["latex"]
    )
    parameter: str | SkipJsonSchema[None] = Field(
        None,
        description="Of LaTeX: the parameter with the number whose chain rule is worked out, rather than an iteration",
        examples=["W0"],
    )
    row: Annotated[int | SkipJsonSchema[None], WHOLE] = Field(
        None, description="With parameter: the number's row, counted from 0. A bias has none", examples=[0]
    )
    column: Annotated[int | SkipJsonSchema[None], WHOLE] = Field(
        None, description="With parameter: the number's column, counted from 0", examples=[1]
    )
    fold: str | SkipJsonSchema[None] = Field(
        None, description="With parameter: the node to fold at, as of /chain", examples=["m1"]
    )
    path: Annotated[str | SkipJsonSchema[None], PATH] = Field(
        None, description="Of curl: what the command asks; /step where it is not given", examples=["/check?step=1e-6"]
    )

    def chain(self) -> ChainOf | None:
        """Whose chain rule is wanted; None for an iteration.   Raises: Unprocessable, if not all fits together."""
        given = [name for name in ("parameter", "row", "column", "fold", "path") if getattr(self, name) is not None]
        faults = [
            Fault(f"query:{name}", f"{name} goes with as={owner}, and as is {self.language}")
            for name in given
            if (owner := "curl" if name == "path" else "latex") != self.language
        ]
        if self.parameter is None and not faults:
            faults = [
                Fault(f"query:{name}", f"{name} is given without a parameter") for name in given if name != "path"
            ]
        if faults:
            raise Unprocessable(faults)
        if self.parameter is None:
            return None
        return ChainOf.model_construct(**self.model_dump(include={"parameter", "row", "column", "fold"}))


def demand_little(work: int, remedy: str, most: int = limits.WORK_MULTIPLICATIONS) -> None:
    """Refuse what would take too long.   Raises: Unprocessable."""
    if work > most:
        asked = f"this takes the work of {work} multiplications; at most {most} are allowed"
        raise Unprocessable([Fault("", f"{asked}. {remedy} would help")])


def demand_few(experiment: Experiment) -> None:
    """Refuse a check of too many numbers.   Raises: Unprocessable."""
    entries = sum(array.size for array in experiment.model.parameters)
    if entries > limits.CHECK_ENTRIES:
        allowed = f"a check compares at most {limits.CHECK_ENTRIES}"
        pointer = "/network/layers" if isinstance(experiment.model, Network) else "/formulas/parameters"
        raise Unprocessable([Fault(pointer, f"the network has {entries} parameters; {allowed}")])
