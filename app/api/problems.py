"""Problems as answers, application/problem+json (RFC 9457): the one handler of all that a request can bring about."""

from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from app import limits
from app.api.queries import twice
from app.documents.problems import Fault, Problem, Unprocessable, printable, quoted, worded


def answer(
    status: HTTPStatus,
    detail: str,
    errors: Sequence[Fault] = (),
    headers: Mapping[str, str] | None = None,
    table: Mapping[str, Any] | None = None,
) -> Response:
    """The problem as a response; of a file, with what was understood of it."""
    document: dict[str, Any] = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "detail": detail,
        # Line and column where there is a text, else they are 0.
        "errors": [{name: value for name, value in fault._asdict().items() if value != 0} for fault in errors],
        **({} if table is None else {"table": table}),
    }
    return Response(orjson.dumps(document), status.value, dict(headers or {}), "application/problem+json")


def stopping() -> Response:
    """What a request is told that the end of the server cuts short."""
    headers = {"retry-after": str(limits.RETRY_SECONDS), "connection": "close"}
    detail = "the server is stopping; nothing was changed: ask again"
    return answer(HTTPStatus.SERVICE_UNAVAILABLE, detail, headers=headers)


def install(app: FastAPI) -> None:
    """Let every error of `app` be answered as a problem."""
    for kind in (Problem, RequestValidationError, HTTPException, ClientDisconnect, Exception):
        app.add_exception_handler(kind, told)


async def told(request: Request, error: Exception) -> Response:
    """What a request brought about, as a problem."""
    match error:
        case RequestValidationError():
            problem = Unprocessable(list(_wrong_in_query(request, error)))
            return answer(problem.status, problem.detail, problem.errors)
        case Problem():
            return answer(error.status, error.detail, error.errors, error.headers, error.table)
        case HTTPException():
            return _http(request, error)
        case ClientDisconnect():  # nobody is there to read it; the server's log need not tell of it
            return Response(status_code=HTTPStatus.BAD_REQUEST)
    return answer(HTTPStatus.INTERNAL_SERVER_ERROR, "the server has a fault of its own here; nothing was changed")


def _wrong_in_query(request: Request, error: RequestValidationError) -> Iterator[Fault]:
    """What is wrong with a query, in this project's words: first the names that nobody knows, then name by name."""
    wrong = {entry["loc"][-1]: entry for entry in error.errors()}
    repeated = twice(request)
    (query,) = request.scope["route"].dependant.query_params
    known = [field.alias or name for name, field in query.field_info.annotation.model_fields.items()]
    there = f"there {'is' if len(known) == 1 else 'are'} {', '.join(known)}"

    def unknown(name: str) -> Fault:
        return Fault(f"query:{printable(name, 60)}", f"{quoted(name)} is not known here; {there}")

    yield from worded([name for name in wrong if name not in known], unknown)
    for name in [*known, *(name for name in repeated if name not in known and name not in wrong)]:
        if name in repeated:
            shown = printable(name, 60)
            yield Fault(f"query:{shown}", f"{shown} is given {repeated[name]} times; once is allowed")
        elif name in wrong:
            entry = wrong[name]
            is_missing = entry["type"] == "missing"
            detail = "is missing" if is_missing else f"is {quoted(entry['input'])}; it must be {entry['msg']}"
            yield Fault(f"query:{name}", f"{name} {detail}")


def _http(request: Request, error: HTTPException) -> Response:
    status = HTTPStatus(error.status_code)
    path = printable(request.url.path, 80)
    match status:
        case HTTPStatus.NOT_FOUND:
            detail = error.detail if error.detail != status.phrase else f"there is nothing at {path}"
        case HTTPStatus.METHOD_NOT_ALLOWED:
            allowed = Headers(error.headers).get("allow", "another method")
            detail = f"{path} does not take {printable(request.method, 20)}; it takes {allowed}"
        case _:
            detail = str(error.detail)
    return answer(status, detail, headers=error.headers)
