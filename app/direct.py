"""Routes that `Direct` serves, and FastAPI describes when somebody asks for it.

FastAPI's own reading of a request takes longer than a small network's trace, and what it needs for that a tenth of the
start. So these are plain routes to it, and how each is to be described is a function. A direct route's function takes
the request and reads all that it needs by itself. It is found by its path in one look-up; what has no such path and
method goes the long way, through FastAPI's layers and all its routes.
"""

import math
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, Literal, NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route, request_response
from starlette.types import ASGIApp, Receive, Scope, Send

from app import problems
from app.problems import Fault, Unprocessable, printable, quoted, worded
from app.turns import let_go

_FLAGS = {"true": True, "1": True, "false": False, "0": False}
# As JSON writes them. Python's own reading would take "１", " 1", "1_0" and "nan" as well.
_WHOLE = re.compile(r"-?[0-9]{1,400}")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")

Kind = Literal["flag", "whole", "number", "text"]
Query = dict[str, Any]


Endpoint = Callable[[Request], Awaitable[Response]]
Describe = Callable[[], dict[str, Any]]


class DirectRoute(Route):
    """A route whose function takes the request and nothing else.

    `describe` gives what FastAPI's own routes are told of themselves; None leaves it out of the documentation.
    """

    def __init__(self, path: str, endpoint: Endpoint, method: str, describe: Describe | None = None) -> None:
        super().__init__(path, endpoint, methods=[method])
        self.methods, self.method, self.describe = {method}, method, describe  # no HEAD
        answer = request_response(endpoint)

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            try:
                await answer(scope, receive, send)
            finally:
                let_go(scope)

        self.app = app

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """As any route does; who has the path, if not the method, is told apart from who has neither (`observed`)."""
        match, found = super().matches(scope)
        return match, found if match is Match.NONE else {**found, "route": self}


class Routes(list[DirectRoute]):
    """Direct routes, gathered by decorators; their paths begin with the prefix."""

    def __init__(self, prefix: str = "") -> None:
        super().__init__()
        self._prefix = prefix

    def get(self, path: str, describe: Describe) -> Callable[[Endpoint], Endpoint]:
        """A route of GET."""
        return self._added(path, "GET", describe)

    def post(self, path: str, describe: Describe) -> Callable[[Endpoint], Endpoint]:
        """A route of POST."""
        return self._added(path, "POST", describe)

    def head(self, path: str) -> Callable[[Endpoint], Endpoint]:
        """A route of HEAD; the documentation leaves it out."""
        return self._added(path, "HEAD", None)

    def _added(self, path: str, method: str, describe: Describe | None) -> Callable[[Endpoint], Endpoint]:
        def add(endpoint: Endpoint) -> Endpoint:
            self.append(DirectRoute(self._prefix + path, endpoint, method, describe))
            return endpoint

        return add


class Direct:
    """ASGI middleware that answers by direct routes, and passes on what none of them takes."""

    def __init__(self, app: ASGIApp, routes: Iterable[BaseRoute]) -> None:
        self._app = app
        direct = (route for route in routes if isinstance(route, DirectRoute) and "{" not in route.path)
        self._routes = {(route.path, route.method): route for route in direct}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass on."""
        route = self._routes.get((scope["path"], scope["method"])) if scope["type"] == "http" else None
        if route is None:
            await self._app(scope, receive, send)
            return
        scope["route"] = route
        request = Request(scope, receive, send)
        try:
            try:
                response = await route.endpoint(request)
            except problems.TOLD as error:
                response = await problems.told(request, error)
            except Exception as error:
                response = await problems.unexpected(request, error)
                await response(scope, receive, send)
                raise  # for the server's log
            await response(scope, receive, send)
        finally:
            let_go(scope)


class Field(NamedTuple):
    """One name that a query may give. Of the bounds, `above` itself is not allowed; None says there is none.

    What is not given is `default`; a `required` field must be given.
    """

    name: str
    kind: Kind
    description: str
    example: Any
    default: Any = None
    least: float | None = None
    most: float | None = None
    above: float | None = None
    required: bool = False


class Fields(tuple[Field, ...]):
    """All that a query may give."""

    @cached_property
    def defaults(self) -> Query | None:
        """The values of a query that gives nothing; None where it must give something."""
        return None if any(field.required for field in self) else {field.name: field.default for field in self}


def query(request: Request, fields: Fields) -> Query:
    """The value of every field, as the query has it or by default.   Raises: Unprocessable, with every fault found."""
    if not request.scope["query_string"] and fields.defaults is not None:
        return fields.defaults
    given = request.query_params.multi_items()
    faults = list(_unknown(given, fields))
    values = {}
    for field in fields:
        texts = [text for name, text in given if name == field.name]
        try:
            values[field.name] = _value(field, texts)
        except ValueError as error:
            faults.append(Fault(f"query:{field.name}", str(error)))
    if faults:
        raise Unprocessable(faults)
    return values


def _unknown(given: Sequence[tuple[str, str]], fields: Sequence[Field]) -> Iterator[Fault]:
    known = [field.name for field in fields]
    there = f"there {'is' if len(known) == 1 else 'are'} {', '.join(known)}"

    def unknown(name: str) -> Fault:
        return Fault(f"query:{printable(name, 60)}", f"{quoted(name)} is not known here; {there}")

    yield from worded((name for name in dict.fromkeys(name for name, _ in given) if name not in known), unknown)


def _value(field: Field, texts: Sequence[str]) -> Any:
    """Raises: ValueError, with what to tell the client."""
    if not texts:
        if field.required:
            raise ValueError(f"{field.name} is missing")
        return field.default
    if len(texts) > 1:
        raise ValueError(f"{field.name} is given {len(texts)} times; once is allowed")
    value = _READ[field.kind](texts[0])
    if value is None or not _within(field, value):
        raise ValueError(f"{field.name} is {quoted(texts[0])}; it must be {allowed(field)}")
    return value


def _flag(text: str) -> bool | None:
    return _FLAGS.get(text)


def _whole(text: str) -> int | None:
    return int(text) if _WHOLE.fullmatch(text) else None


def _number(text: str) -> float | None:
    number = float(text) if _NUMBER.fullmatch(text) else math.inf
    return number if math.isfinite(number) else None


def _text(text: str) -> str | None:
    return text


_READ: dict[Kind, Callable[[str], Any]] = {"flag": _flag, "whole": _whole, "number": _number, "text": _text}
_MUST_BE: dict[Kind, str] = {
    "flag": "true or false",
    "whole": "a whole number",
    "number": "a number",
    "text": "text",
}


def _within(field: Field, value: Any) -> bool:
    return (
        (field.least is None or value >= field.least)
        and (field.most is None or value <= field.most)
        and (field.above is None or value > field.above)
    )


def allowed(field: Field) -> str:
    """What the field may be, in words."""
    bounds = [
        *([] if field.above is None else [f"above {field.above:.15g}"]),
        *([] if field.least is None else [f"from {field.least:.15g}"]),
        *(
            []
            if field.most is None
            else [f"to {field.most:.15g}" if field.above is None else f"up to {field.most:.15g}"]
        ),
    ]
    return " ".join([_MUST_BE[field.kind], *bounds])
