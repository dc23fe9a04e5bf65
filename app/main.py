"""The application, wired together: the one place where routes, errors, headers and files meet."""

import mimetypes
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from app import __version__, api, description, problems
from app.headers import SafeHeaders

STATIC = Path(__file__).parent.parent / "static"
COMPRESSION_LEVEL = 9  # files are small and fetched once: every byte of the first load counts

DESCRIPTION = """
Backpropagation, one operation at a time, with every number.

An **Experiment** goes in: network, data, optimizer, iteration, in one JSON document. A **Trace** comes out: the
computational graph with every value, every local partial, every gradient. The server keeps nothing between requests.

    curl -s localhost:8000/api/v1/examples/lecture | curl -s --json @- localhost:8000/api/v1/step
"""


def create_app() -> FastAPI:
    """A new application. It holds no state, so any number of copies can stand side by side."""
    # Some systems' tables say that .js is text/plain, which a browser that is told not to sniff refuses to run.
    mimetypes.knownfiles.clear()
    mimetypes.add_type("text/javascript", ".js")
    mimetypes.add_type("text/javascript", ".mjs")
    mimetypes.add_type("font/woff2", ".woff2")
    app = FastAPI(
        title="Backprop Explorer",
        version=__version__,
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    problems.install(app)
    app.router.routes.extend(api.router.routes + api.outside.routes)
    app.add_api_route("/docs", _docs, include_in_schema=False)
    # What no route knows is a file; a route's path asked by another method is not.
    app.router.default = GZipMiddleware(StaticFiles(directory=STATIC, html=True), compresslevel=COMPRESSION_LEVEL)
    app.add_middleware(SafeHeaders)
    description.install(app)
    return app


async def _docs() -> FileResponse:
    return FileResponse(STATIC / "docs.html")
