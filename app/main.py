"""The application, wired together: the one place where routes, errors, headers and files meet."""

from pathlib import Path

from fastapi import FastAPI
from starlette.types import ASGIApp

from app import __version__
from app.api import explain, export, health, model, network, openapi, problems, table, trace, train
from app.server.addresses import Listening
from app.server.headers import SafeHeaders
from app.server.page_files import Files
from app.server.process import tune
from app.server.stopping import Stopping, stop_with_supervisor, waiting
from app.server.watching import Lines, RequestIds, count_requests

STATIC = Path(__file__).parent.parent / "static"

DESCRIPTION = """
Backpropagation, one operation at a time, with every number.

An **Experiment** goes in: network, data, optimizer, iteration, in one JSON document. A **Trace** comes out: the
computational graph with every value, every local partial, every gradient. The server keeps nothing between requests.

    curl -s localhost:8000/api/v1/examples/lecture | curl -s --json @- localhost:8000/api/v1/step
"""


class Explorer(FastAPI):
    """The application, in what every answer passes through, even that to a fault of the server's own."""

    log = False
    frames: str | None = None

    def build_middleware_stack(self) -> ASGIApp:
        """From the inside: a clean end, lines if somebody reads them, headers, ids."""
        app: ASGIApp = Stopping(super().build_middleware_stack(), problems.stopping())
        return RequestIds(SafeHeaders(Lines(app) if self.log else app, self.frames))


def create_app(
    *,
    log: bool = False,
    metrics: bool = False,
    listening: Listening | None = None,
    frames: str | None = None,
    alone: bool = False,
) -> FastAPI:
    """A new application. It holds no state of a client's, so any number of copies can stand side by side.

    `log` writes a line of JSON for each request, `metrics` counts them and tells the counts at /metrics. Of `listening`
    it makes the addresses that other machines can open. `frames`: the origins whose frames may hold the page. `alone`
    is for a process that does nothing else.
    """
    app = Explorer(
        title="Backprop Explorer",
        version=__version__,
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        openapi_tags=openapi.TOPICS,
        separate_input_output_schemas=False,
        telemetry={"tracing": False, "metrics": False, "logs": False},
        lifespan=waiting,
    )
    app.log, app.frames = log, frames
    app.state.listening = listening
    for topic in (trace, explain, train, export, table, model, network, health):
        app.include_router(topic.router)
    # What no route knows is a file; a route's path asked by another method is not.
    app.router.default = Files(STATIC, {"/": "/index.html", "/docs": "/docs.html"})
    problems.install(app)
    openapi.install(app)
    if metrics:
        count_requests(app)
    if alone:
        stop_with_supervisor()
        tune()
    return app
