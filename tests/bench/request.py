"""A `/trace` of the lecture's network against the same server sending ready bytes of that size.

One client over loopback, one connection kept open. The server is a process of its own: the app with one route more,
which reads the body, does nothing with it and answers from memory.
"""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app import examples
from app.main import create_app
from tests.bench.compare import Comparison, in_turn

BODY = json.dumps(examples.load()["lecture"].experiment).encode()
AIM = 0.5


def create_bench_app() -> FastAPI:
    """The app and POST /ready?size=N, a plain route that does as little as one can."""
    app = create_app()

    async def ready(request: Request) -> Response:
        await request.body()
        return Response(READY, media_type="application/json")

    app.router.routes.insert(0, Route("/ready", ready, methods=["POST"]))
    return app


READY = b""


def serve(descriptor: int, size: int) -> None:
    """Serve the bench's app, like `python -m app` does, on the listening socket that was handed over."""
    import uvicorn

    global READY
    READY = b" " * size
    config = uvicorn.Config(create_bench_app(), log_level="warning", access_log=False, fd=descriptor)
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=descriptor)])


@contextmanager
def connected(size: int) -> Iterator[HTTPConnection]:
    """A connection to a new server whose ready answer has `size` bytes."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        command = f"from tests.bench.request import serve; serve({listener.fileno()}, {size})"
        with subprocess.Popen([sys.executable, "-c", command], pass_fds=[listener.fileno()]) as process:
            try:
                connection = HTTPConnection("127.0.0.1", listener.getsockname()[1], timeout=30.0)
                yield connection
                connection.close()
            finally:
                process.terminate()


def ask(connection: HTTPConnection, path: str) -> bytes:
    connection.request("POST", path, BODY, {"content-type": "application/json"})
    answer = connection.getresponse()
    content = answer.read()
    assert answer.status == 200, content
    return content


def comparisons() -> Iterator[Comparison]:
    with connected(0) as connection:
        size = len(ask(connection, "/api/v1/trace"))
    with connected(size) as connection:
        assert len(ask(connection, "/ready")) == size
        times = in_turn(
            lambda: ask(connection, "/api/v1/trace"), lambda: ask(connection, "/ready"), rounds=101, calls=20
        )
    yield Comparison("POST /trace, lecture: sending ready bytes", *times, AIM, more_is_better=True)
