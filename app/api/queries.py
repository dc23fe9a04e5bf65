"""What /trace, /train, /chain, /slope, /check and /export take from the query, read as strictly as a body.

A number is written as JSON writes it: FastAPI's own reading would take "１", " 1", "1_0", "nan" and, for a flag, "yes".
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl, urlencode

from annotated_types import Ge, GroupedMetadata, Gt, Le
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, WrapValidator
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

from app import limits
from app.documents.problems import Fault, Unprocessable, wrong

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
        if self.most is None:
            return self.must_be
        first = f"from {self.least:.15g} to" if self.above is None else f"above {self.above:.15g} up to"
        return f"{self.must_be} {first} {self.most:.15g}"


def _whole(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise ValueError
    return int(text)


def _number(text: str) -> float:
    number = float(text) if _NUMBER.fullmatch(text) else math.inf
    if not math.isfinite(number):
        raise ValueError
    return number


FLAG = Written({"true": True, "1": True, "false": False, "0": False}.__getitem__, "true or false")


def whole(least: float | None = None, most: float | None = None) -> Written:
    """A whole number within bounds."""
    return Written(_whole, "a whole number", least, most)


def number(least: float | None = None, most: float | None = None, above: float | None = None) -> Written:
    """A number within bounds."""
    return Written(_number, "a number", least, most, above)


def one_of(names: Collection[str]) -> Written:
    """One of these names."""
    return Written({name: name for name in names}.__getitem__, f"one of {', '.join(names)}")


# What may be left out. The description says so without a null, which no query can give.
Text = str | SkipJsonSchema[None]
Number = float | SkipJsonSchema[None]
Whole = int | SkipJsonSchema[None]
Flag = bool | SkipJsonSchema[None]
Index = Annotated[Whole, whole()]


def asked(default: Any, description: str, example: Any, **more: Any) -> Any:
    """A parameter; a default of ... means that it must be given."""
    return Field(default, description=description, examples=[example], **more)


class Parameters(BaseModel):
    """What a query may give, and nothing else."""

    model_config = ConfigDict(extra="forbid")


class Lean(Parameters):
    """How much of a trace is wanted."""

    lean: Annotated[bool, FLAG] = asked(False, "Leave out what stands elsewhere in the same answer", False)


class Steps(Parameters):
    """How long to train."""

    steps: Annotated[int, whole(1, limits.TRAIN_STEPS)] = asked(1000, "How many iterations", 1000)
    every: Annotated[int, whole(1, limits.TRAIN_STEPS)] = asked(
        10, "A line for each iteration whose number this divides", 10
    )


class Entry(Parameters):
    """Which number of a parameter is meant."""

    parameter: str = asked(..., "The weights or the bias that the number is in, such as W0 or b0", "W0")
    row: Index = asked(None, "Its row, counted from 0: the input that the weight belongs to. A bias has none", 0)
    column: Index = asked(
        None, "Its column, counted from 0: the neuron that it belongs to. A number by itself has none", 1
    )


class ChainOf(Entry):
    """Whose chain rule is wanted, and how it is folded."""

    max_paths: Annotated[int, whole(1, limits.PATHS)] = asked(
        64, "With more terms than this, they are folded at a node whose gradient is cached", 64
    )
    fold: Text = asked(
        None, "The node to fold at: one of the answer's folds, the parameter itself, or C for none", "m1"
    )


class SlopeOf(Entry):
    """Along which number C is wanted, and where."""

    span: Annotated[float, number(above=0, most=limits.SPAN)] = asked(2, "How far the weights reach to either side", 2)
    points: Annotated[int, whole(2, limits.POINTS)] = asked(101, "How many weights", 101)
    center: Annotated[Number, number()] = asked(
        None, "The weight in the middle; the number itself where it is not given", 0.5
    )
    steps: Annotated[int, whole(0, limits.DESCENT_STEPS)] = asked(
        0, "How many further steps of descent on this one number alone", 8
    )


class Difference(Parameters):
    """How gradients are measured."""

    step: Annotated[Number, number(limits.CHECK_STEP_LEAST, limits.CHECK_STEP_MOST)] = asked(
        None, "How far every number is moved, up and down; what measures each best where it is not given", 1e-6
    )


_ASKED: dict[str, type[Parameters]] = {
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


class Exported(Parameters):
    """In which language an experiment is wanted, and what of it."""

    language: Annotated[Literal["numpy", "pytorch", "latex", "curl"], LANGUAGE] = asked(
        ..., "In which language", "latex", alias="as"
    )
    parameter: Text = asked(
        None, "Of LaTeX: the parameter with the number whose chain rule is worked out, rather than an iteration", "W0"
    )
    row: Index = asked(None, "With parameter: the number's row, counted from 0. A bias has none", 0)
    column: Index = asked(None, "With parameter: the number's column, counted from 0", 1)
    fold: Text = asked(None, "With parameter: the node to fold at, as of /chain", "m1")
    path: Annotated[Text, PATH] = asked(
        None, "Of curl: what the command asks; /step where it is not given", "/check?step=1e-6"
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
        raise wrong("", f"{asked}. {remedy} would help")
