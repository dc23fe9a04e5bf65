"""Routes that FastAPI describes and Starlette serves.

FastAPI's own reading of a request takes longer than a small network's trace. A direct route's function reads the body
by itself; its signature, from which the documentation is made, may name flags of the query besides.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import request_response

from app.problems import Fault, Unprocessable, quoted

_FLAGS = {"true": True, "1": True, "false": False, "0": False}


class DirectRoute(APIRoute):
    """A route whose function is called with the request and the flags that its query has."""

    def __init__(self, path: str, endpoint: Callable[..., Awaitable[Response]], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        names = [parameter.alias for parameter in self.dependant.query_params]

        async def serve(request: Request) -> Response:
            return await endpoint(request, **_flags(request, names))

        self.app = request_response(serve)


def _flags(request: Request, names: list[str]) -> dict[str, bool]:
    if not request.scope["query_string"]:
        return {}
    given = {name: request.query_params[name] for name in names if name in request.query_params}
    faults = [
        Fault(f"query:{name}", f"{name} is {quoted(text)}; it must be true or false")
        for name, text in given.items()
        if text not in _FLAGS
    ]
    if faults:
        raise Unprocessable(faults)
    return {name: _FLAGS[text] for name, text in given.items()}
