"""A `/trace` and a `/step` of the lecture's network against the same server sending ready bytes of that size.

Over loopback, by 1 client and by 32, each with one connection that is kept open. The server is a process of its own:
the app with two routes more, which read the body, do nothing with it and answer from memory: one is a plain route of
Starlette's, as little as one can do, the other is written as FastAPI's readers are told to. Both have from the app what
makes it fast and safe; so a third route is the only one of another server, of FastAPI and uvicorn as they come. One
client is Python's own `http.client`: what somebody who asks in turn sees. The others are one thread with bare sockets,
which takes next to no time itself: what is compared then is the server alone, which is harder on ours.
"""

import importlib
import json
import selectors
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from http.client import HTTPConnection
from typing import cast

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app import examples
from app.main import create_app
from app.steady import keep_steady
from tests.bench.compare import Comparison, in_turn

JSON = "application/json"
BODY = json.dumps(examples.load()["lecture"].experiment).encode()
AIMS = {1: 0.6, 32: 0.55}  # by how many clients there are
ROUND = 320  # requests of all clients together
READY = b""


async def ready(request: Request) -> Response:
    """The bytes, once the body is there."""
    await request.body()
    return Response(READY, media_type=JSON)


def create_bench_app() -> FastAPI:
    """The app, POST /ready, which is Starlette's, and POST /ready-fastapi, which is FastAPI's."""
    app = create_app()
    app.add_api_route("/ready-fastapi", ready, methods=["POST"])
    app.router.routes.insert(0, app.router.routes.pop())
    app.router.routes.insert(0, Route("/ready", ready, methods=["POST"]))
    return app


def create_bare_app() -> FastAPI:
    """POST /ready, and nothing else."""
    app = FastAPI()
    app.add_api_route("/ready", ready, methods=["POST"])
    return app


def serve(descriptor: int, size: int, app: str, bare: bool) -> None:
    """Serve "module:function" on the listening socket that was handed over, as `python -m app` does unless `bare`."""
    import uvicorn

    module, _, function = app.partition(":")
    create: Callable[[], FastAPI] = getattr(importlib.import_module(module), function)
    importlib.import_module(__name__).READY = b" " * size  # type: ignore[attr-defined]
    created = create()
    if not bare:
        keep_steady()
    http = "auto" if bare else "app.connection:Connection"
    config = uvicorn.Config(created, http=http, log_level="warning", access_log=False, fd=descriptor)
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=descriptor)])


@contextmanager
def connected(size: int, app: str = f"{__name__}:create_bench_app", *, bare: bool = False) -> Iterator[HTTPConnection]:
    """A connection to a new server whose ready answer has `size` bytes."""
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listener:
        command = f"from tests.bench.request import serve; serve({listener.fileno()}, {size}, {app!r}, {bare})"
        with subprocess.Popen([sys.executable, "-c", command], pass_fds=[listener.fileno()]) as process:
            try:
                connection = HTTPConnection("127.0.0.1", listener.getsockname()[1], timeout=30.0)
                yield connection
                connection.close()
            finally:
                process.terminate()


def ask(connection: HTTPConnection, path: str) -> bytes:
    """The answer to the lecture's experiment."""
    return post(connection, path, BODY)


def post(connection: HTTPConnection, path: str, body: bytes) -> bytes:
    connection.request("POST", path, body, {"content-type": JSON})
    answer = connection.getresponse()
    content = answer.read()
    assert answer.status == 200, content
    return content


class Clients:
    """So many connections; each has one request under way, until all have been answered so many times."""

    def __init__(self, count: int, port: int, stack: ExitStack) -> None:
        self._selector = stack.enter_context(selectors.DefaultSelector())
        self._sockets = [stack.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in range(count)]
        for connection in self._sockets:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._selector.register(connection, selectors.EVENT_READ)

    def ask(self, request: bytes, length: int, requests: int) -> None:
        """The request, so many times in all; each answer is known to be `length` bytes long, head and body."""
        left = dict.fromkeys(self._sockets, length)
        to_ask, to_come = requests - len(self._sockets), requests
        for connection in self._sockets:
            connection.sendall(request)
        while to_come:
            for key, _ in self._selector.select():
                connection = cast(socket.socket, key.fileobj)
                left[connection] -= len(connection.recv(65536))
                if left[connection]:
                    continue
                to_come -= 1
                if to_ask:
                    to_ask -= 1
                    left[connection] = length
                    connection.sendall(request)

    def length(self, request: bytes) -> int:
        """How long an answer is, head and body."""
        connection = self._sockets[0]
        connection.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += connection.recv(65536)
        head, _, content = answer.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 "), head
        lengths = (line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
        size = int(next(lengths))
        while len(content) < size:
            content += connection.recv(65536)
        return len(head) + 4 + size


def _request(path: str) -> bytes:
    # An id of the client's own, so that every answer is as long as every other.
    lines = (f"POST {path} HTTP/1.1", "host: localhost", "x-request-id: bench", f"content-type: {JSON}")
    return "\r\n".join((*lines, f"content-length: {len(BODY)}", "", "")).encode() + BODY


def comparisons() -> Iterator[Comparison]:
    for name in ("trace", "step"):
        path = f"/api/v1/{name}"
        with connected(0) as connection:
            size = len(ask(connection, path))
        with connected(size) as connection, connected(size, f"{__name__}:create_bare_app", bare=True) as bare:
            assert len(ask(connection, "/ready")) == len(ask(bare, "/ready")) == size
            ours, ready = in_turn(
                partial(ask, connection, path), partial(ask, connection, "/ready"), rounds=41, calls=20
            )
            yield Comparison(f"POST /{name}, 1 client: ready bytes", ours, ready, AIMS[1], more_is_better=True)
            others = (
                (connection.port, "/ready", "ready bytes"),
                (connection.port, "/ready-fastapi", "the same by FastAPI"),
                (bare.port, "/ready", "by FastAPI alone"),
            )
            for count, aim in AIMS.items():
                for port, other, what in others:
                    ours, ready = _asked_in_turn(count, (connection.port, path), (port, other))
                    sockets = f"{count} bare socket{'s' * (count > 1)}"
                    yield Comparison(f"POST /{name}, {sockets}: {what}", ours, ready, aim, more_is_better=True)


def _asked_in_turn(count: int, *asked: tuple[int, str]) -> tuple[float, float]:
    """The seconds that an answer takes, of each port and path, to so many clients."""
    with ExitStack() as stack:
        calls = []
        for port, path in asked:
            clients, request = Clients(count, port, stack), _request(path)
            calls.append(partial(clients.ask, request, clients.length(request), ROUND))
        ours, compared = in_turn(*calls, rounds=41, calls=1)
    return ours / ROUND, compared / ROUND
