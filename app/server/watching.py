"""What those who keep the server see: an id for each request, a line in the log, counts for Prometheus.

Nothing of it holds a body, a query, or a path but the template of a route: nothing a client sends can fill a log or a
table of counts.
"""

import logging
import re
import secrets
import time
from functools import partial
from itertools import count

from asgi_correlation_id import CorrelationIdMiddleware, correlation_id
from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.server.stopping import under_way

_SANE = re.compile(r"[A-Za-z0-9._:/+=@-]{1,128}")
# A counter behind a random word is as unique as a UUID, and costs a request 10 µs less.
_WORD = secrets.token_hex(8)
_numbers = count(1)
_FILE = "/{file}"  # what no route knows
_requests = logging.getLogger("app.requests")
logging.getLogger("asgi_correlation_id").setLevel(logging.ERROR)  # that an id was replaced is no news

# One name for one request, the same in its answer's `X-Request-ID`, in the log, and at the proxy that gave it.
RequestIds = partial(
    CorrelationIdMiddleware,
    generator=lambda: f"{_WORD}-{next(_numbers):x}",
    validator=lambda id: _SANE.fullmatch(id) is not None,
    transformer=None,
    update_request_header=False,
)


class Lines:
    """ASGI middleware that writes a line in the log for each request, whichever way it ended."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and tell how it ended. Its status is 0 where the client left before there was one."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, length, complete = 0, 0, False

        async def send_counted(message: Message) -> None:
            nonlocal status, length, complete
            await send(message)
            if message["type"] == "http.response.start":
                status = message["status"]
            elif message["type"] == "http.response.body":
                length += len(message.get("body", b""))
                complete = not message.get("more_body", False)

        begun = time.perf_counter()
        try:
            await self._app(scope, receive, send_counted)
        finally:
            told = {
                "id": correlation_id.get(),
                "method": scope["method"],
                "path": getattr(scope.get("route"), "path", _FILE),
                "status": status,
                "milliseconds": round((time.perf_counter() - begun) * 1000, 3),
                "bytes": length,
                "complete": complete,
            }
            _requests.info("", extra=told)


def count_requests(app: FastAPI) -> None:
    """Count the requests of `app` by route and status, and tell the counts at /metrics."""
    from prometheus_client import CollectorRegistry, Gauge
    from prometheus_fastapi_instrumentator import Instrumentator

    registry = CollectorRegistry()
    Gauge("http_requests_inprogress", "Requests that have not ended", registry=registry).set_function(under_way)
    counts = Instrumentator(should_group_status_codes=False, registry=registry)
    counts.instrument(app).expose(app, include_in_schema=False)
