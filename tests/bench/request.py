"""A `/trace` and a `/step` against FastAPI sending ready bytes of that size: the lecture's network, and one of 64-16-2.

Over loopback, by 1 client and by 32, each with one connection that is kept open. Each server is a process of its own:
the app, and FastAPI and uvicorn as they come, with one route that reads the body, does nothing with it and answers from
memory. The clients are one thread with bare sockets, which takes next to no time itself: what is compared is the
servers alone.
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
from typing import NamedTuple, cast

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from app import examples
from app.server.process import tune
from tests.bench.compare import Comparison, in_turn
from tests.helpers import network

JSON = "application/json"
BODY = json.dumps(examples.load()["lecture"].experiment).encode()
LARGE = json.dumps(network(1, [64, 16, 2], ["sigmoid", "sigmoid"], rows=40)).encode()
READY = b""


class Measured(NamedTuple):
    """What is asked, by how many clients, and how many requests are in a round.

    At most so many times as long as ready bytes: a /trace; a /step, which writes an update and an experiment besides.
    """

    name: str
    body: bytes
    clients: int
    trace: float
    step: float
    requests: int


ASKED = (
    Measured("2-3-2", BODY, 1, 2.4, 3.0, 200),
    Measured("2-3-2", BODY, 32, 4.0, 4.5, 320),
    Measured("64-16-2, 40 rows", LARGE, 1, 5.0, 5.0, 20),
    Measured("64-16-2, 40 rows", LARGE, 32, 6.5, 6.5, 64),
)


async def ready(request: Request) -> Response:
    """The bytes, once the body is there."""
    await request.body()
    return Response(READY, media_type=JSON)


def create_ready_app() -> FastAPI:
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
        tune()
    config = uvicorn.Config(created, log_level="warning", access_log=False, fd=descriptor)
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=descriptor)])


@contextmanager
def connected(size: int, app: str = "app.main:create_app", *, bare: bool = False) -> Iterator[HTTPConnection]:
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

    def ask(self, request: bytes, requests: int) -> None:
        """The request, so many times in all."""
        answers = {connection: _Answer() for connection in self._sockets}
        to_ask, to_come = requests - len(self._sockets), requests
        for connection in self._sockets:
            connection.sendall(request)
        while to_come:
            for key, _ in self._selector.select():
                connection = cast(socket.socket, key.fileobj)
                if not answers[connection].is_whole(connection.recv(65536)):
                    continue
                to_come -= 1
                if to_ask:
                    to_ask -= 1
                    answers[connection] = _Answer()
                    connection.sendall(request)


class _Answer:
    """How far an answer has come: to its length, or to the chunk that is its end."""

    def __init__(self) -> None:
        self._left: int | None = None
        self._tail = b""

    def is_whole(self, piece: bytes) -> bool:
        """Whether it is, with this piece."""
        if not self._tail:
            head, _, content = piece.partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200 "), head
            lengths = [line[15:] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
            self._left = int(lengths[0]) if lengths else None
            piece = content or b" "
            if not content and self._left is not None:
                self._left += 1
        self._tail = (self._tail + piece)[-5:]
        if self._left is None:
            return self._tail == b"0\r\n\r\n"
        self._left -= len(piece)
        return not self._left


def _request(path: str, body: bytes) -> bytes:
    # An id of the client's own, so that every answer is as long as every other.
    lines = (f"POST {path} HTTP/1.1", "host: localhost", "x-request-id: bench", f"content-type: {JSON}")
    return "\r\n".join((*lines, f"content-length: {len(body)}", "", "")).encode() + body


def comparisons() -> Iterator[Comparison]:
    for name in ("trace", "step"):
        path = f"/api/v1/{name}"
        for asked in ASKED:
            with connected(0) as connection:
                size = len(post(connection, path, asked.body))
                with connected(size, f"{__name__}:create_ready_app", bare=True) as bare:
                    assert len(post(bare, "/ready", asked.body)) == size
                    ours, ready = _asked_in_turn(asked, (connection.port, path), (bare.port, "/ready"))
            clients = f"{asked.clients} client{'s' * (asked.clients > 1)}"
            what = f"{name} {asked.name}, {clients}: FastAPI's ready bytes"
            yield Comparison(what, ours, ready, asked.trace if name == "trace" else asked.step)


def _asked_in_turn(asked: Measured, *servers: tuple[int, str]) -> tuple[float, float]:
    """The seconds that an answer takes, of each port and path."""
    with ExitStack() as stack:
        calls = []
        for port, path in servers:
            clients = Clients(asked.clients, port, stack)
            calls.append(partial(clients.ask, _request(path, asked.body), asked.requests))
        ours, compared = in_turn(*calls, rounds=21, calls=1)
    return ours / asked.requests, compared / asked.requests
