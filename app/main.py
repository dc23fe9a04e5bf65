"""The application, wired together: the one place where routes, errors, headers and files meet."""

from collections.abc import Sequence
from pathlib import Path

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from app import __version__, api, description, problems
from app.direct import Direct
from app.files import Files
from app.headers import SafeHeaders
from app.observed import Observed, Observer
from app.steady import keep_steady
from app.stopping import Stopping, stop_with_supervisor

STATIC = Path(__file__).parent.parent / "static"

DESCRIPTION = """
Backpropagation, one operation at a time, with every number.

An **Experiment** goes in: network, data, optimizer, iteration, in one JSON document. A **Trace** comes out: the
computational graph with every value, every local partial, every gradient. The server keeps nothing between requests.

    curl -s localhost:8000/api/v1/examples/lecture | curl -s --json @- localhost:8000/api/v1/step
"""


class Explorer(FastAPI):
    """The application, in what every answer passes through, even that to a fault of the server's own."""

    observers: Sequence[Observer] = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Straight into the stack: what FastAPI would look up before is telemetry, which is off."""
        if self.middleware_stack is None:
            self.middleware_stack = self.build_middleware_stack()
        scope["app"] = self
        await self.middleware_stack(scope, receive, send)

    def build_middleware_stack(self) -> ASGIApp:
        """From the inside: direct routes, faults, a clean end, records if somebody keeps them, headers."""
        app: ASGIApp = Stopping(Direct(super().build_middleware_stack(), self.routes))
        return SafeHeaders(Observed(app, self.observers) if self.observers else app)


def create_app(*, log: bool = False, metrics: bool = False) -> FastAPI:
    """A new application. It holds no state of a client's, so any number of copies can stand side by side.

    `log` writes a line of JSON for each request, `metrics` counts them and tells the counts at /metrics.
    """
    app = Explorer(
        title="Backprop Explorer",
        version=__version__,
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    problems.install(app)
    app.router.routes.extend([*api.router, *api.outside])
    # What no route knows is a file; a route's path asked by another method is not.
    files = Files(STATIC)
    files.also("/docs", "/docs.html")
    app.router.default = files
    app.observers = _observers(app, log=log, metrics=metrics)
    description.install(app)
    return app


def create_served_app(*, log: bool = False, metrics: bool = False) -> FastAPI:
    """The same, for a process that does nothing else."""
    app = create_app(log=log, metrics=metrics)
    stop_with_supervisor()
    keep_steady()
    return app


def _observers(app: FastAPI, *, log: bool, metrics: bool) -> list[Observer]:
    """Imported only where they are wanted: most who start the app want neither."""
    observers: list[Observer] = []
    if log:
        from app.logs import Lines

        observers.append(Lines())
    if metrics:
        from app.metrics import PATH, Metrics

        counts = Metrics()
        app.add_api_route(PATH, counts.answer, include_in_schema=False)
        observers.append(counts)
    return observers
