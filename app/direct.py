"""Routes that FastAPI describes and Starlette serves.

FastAPI's own reading of a request takes longer than a small network's trace, and what it needs for that a tenth of the
start. A direct route's function takes the request and reads all that it needs by itself.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import request_response

from app.problems import Fault, Unprocessable, printable, quoted

_FLAGS = {"true": True, "1": True, "false": False, "0": False}


class DirectRoute(APIRoute):
    """A route whose function takes the request and nothing else."""

    def __init__(self, path: str, endpoint: Callable[[Request], Awaitable[Response]], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        self.app = request_response(endpoint)


def flag(request: Request, name: str) -> bool:
    """Whether the query says `name=true`; it may say nothing else.   Raises: Unprocessable."""
    unknown = [key for key in request.query_params if key != name] if request.scope["query_string"] else []
    if unknown:
        raise Unprocessable(
            [
                Fault(f"query:{printable(key, 60)}", f"{quoted(key)} is not known here; there is {name}")
                for key in unknown
            ]
        )
    text = request.query_params.get(name, "false") if request.scope["query_string"] else "false"
    if text not in _FLAGS:
        raise Unprocessable([Fault(f"query:{name}", f"{name} is {quoted(text)}; it must be true or false")])
    return _FLAGS[text]
