"""Where the time of a request goes: reading and checking, computing, encoding, and serving, which is all else.

`python -m tests.bench.profile` asks the app itself, in this process, and then a server over loopback. The functions of
each stage are wrapped in a clock for it; a stage within another counts for the outer one alone. What a clock itself
takes, some tenths of a microsecond, counts as serving.
"""

import asyncio
import json
import os
import time
from collections.abc import Callable, Generator, Iterator
from functools import partial, wraps
from typing import Any, NamedTuple

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Scope

from app.core.training import iteration
from app.documents import encoding, reading, traces
from app.main import create_app
from tests.bench.request import BODY, JSON, connected, post
from tests.helpers import network

READING, COMPUTING, ENCODING = "reading, checking", "computing", "encoding"
STAGES = (READING, COMPUTING, ENCODING)
FUNCTIONS: dict[str, tuple[tuple[Any, str], ...]] = {
    READING: ((reading, "experiment"),),
    COMPUTING: ((iteration, "trace"), (iteration, "whole_step")),
    ENCODING: (
        (traces, "trace"),
        (traces, "step"),
        (encoding, "dumps"),
        (encoding, "parts"),
    ),
}
COLUMNS = "{:<44}{:>12}" + "{:>20}" * 3 + "{:>10}"


class Clock:
    """The seconds spent in each stage."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys(STAGES, 0.0)
        self._running = False

    def around(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, timed; where it gives a generator, each of the generator's turns."""

        @wraps(function)
        def timed(*arguments: Any, **options: Any) -> Any:
            given = self._run(stage, lambda: function(*arguments, **options))
            return self._turns(stage, given) if isinstance(given, Generator) else given

        return timed

    def _turns(self, stage: str, turns: Generator[Any, None, Any]) -> Generator[Any, None, Any]:
        while True:
            try:
                turn = self._run(stage, lambda: next(turns))
            except StopIteration as end:
                return end.value
            yield turn

    def _run(self, stage: str, work: Callable[[], Any]) -> Any:
        if self._running:
            return work()
        self._running = True
        begin = time.perf_counter()
        try:
            return work()
        finally:
            self.seconds[stage] += time.perf_counter() - begin
            self._running = False


def clocked() -> Clock:
    """A clock around the stages of every app in this process, from now on."""
    clock = Clock()
    for stage, functions in FUNCTIONS.items():
        for module, name in functions:
            setattr(module, name, clock.around(stage, getattr(module, name)))
    return clock


def create_clocked_app() -> FastAPI:
    """The app, and GET /stages, which tells the seconds that each stage has taken so far."""
    clock = clocked()
    app = create_app()

    async def stages(_request: Request) -> Response:
        return Response(json.dumps(clock.seconds), media_type="application/json")

    app.router.routes.append(Route("/stages", stages))
    return app


class Asked(NamedTuple):
    """A question, and how often it is put."""

    name: str
    path: str
    body: bytes
    calls: int


def questions() -> Iterator[Asked]:
    large = json.dumps(network(1, [64, 16, 2], ["sigmoid", "sigmoid"], bias=False, rows=256)).encode()
    yield Asked("/trace, lecture", "/api/v1/trace", BODY, 4000)
    yield Asked("/step, lecture", "/api/v1/step", BODY, 4000)
    yield Asked("/trace, 64-16-2, batch 256", "/api/v1/trace", large, 60)


class Shares(NamedTuple):
    """Seconds of one request, and of each stage in it."""

    seconds: float
    stages: dict[str, float]

    def columns(self) -> list[str]:
        """The whole, and what part each stage has in it; the rest is serving."""
        parts = [self.stages[stage] / self.seconds for stage in STAGES]
        return [f"{self.seconds * 1e6:.0f} µs", *(f"{part:.0%}" for part in (*parts, 1.0 - sum(parts)))]


def measured(calls: int, ask: Callable[[], object], stages: Callable[[], dict[str, float]]) -> Shares:
    """`ask`, so many times; `stages` tells how far the clock has come."""
    for _ in range(max(1, calls // 10)):
        ask()
    before, begin = stages(), time.perf_counter()
    for _ in range(calls):
        ask()
    seconds = time.perf_counter() - begin
    after = stages()
    return Shares(seconds / calls, {stage: (after[stage] - before[stage]) / calls for stage in STAGES})


def in_process() -> Iterator[tuple[str, Shares]]:
    """Each question put to the app without any server."""
    clock = clocked()
    app = create_app()
    with asyncio.Runner() as runner:
        for asked in questions():

            def ask(asked: Asked = asked) -> None:
                runner.run(_answer(app, asked, times=10))

            shares = measured(asked.calls // 10, ask, clock.seconds.copy)
            stages = {stage: seconds / 10 for stage, seconds in shares.stages.items()}
            yield asked.name, Shares(shares.seconds / 10, stages)


async def _answer(app: ASGIApp, asked: Asked, times: int) -> None:
    length = str(len(asked.body)).encode()
    headers = [(b"host", b"localhost"), (b"content-type", JSON.encode()), (b"content-length", length)]
    scope = {"type": "http", "asgi": {"spec_version": "2.4"}, "method": "POST", "path": asked.path, "scheme": "http"}

    async def receive() -> Message:
        return {"type": "http.request", "body": asked.body, "more_body": False}

    async def send(message: Message) -> None:
        assert message.get("status", 200) == 200

    for _ in range(times):
        asked_scope: Scope = {**scope, "query_string": b"", "root_path": "", "headers": headers}
        await app(asked_scope, receive, send)


def over_loopback() -> Iterator[tuple[str, Shares]]:
    """Each question put to a server in a process of its own; the client's part counts as serving."""
    with connected(0, app="tests.bench.profile:create_clocked_app") as connection:

        def stages() -> dict[str, float]:
            connection.request("GET", "/stages")
            told: dict[str, float] = json.loads(connection.getresponse().read())
            return told

        for asked in questions():
            ask = partial(post, connection, asked.path, asked.body)
            yield asked.name, measured(asked.calls, ask, stages)


def main() -> None:
    """Print a line for each question, first in the process, then over loopback."""
    print(COLUMNS.format("request", "whole", *STAGES, "serving"))
    # The server first: the clock of this process stays where it is put.
    for where, lines in (("over loopback", over_loopback()), ("in the process", in_process())):
        for name, shares in lines:
            print(COLUMNS.format(f"{name}, {where}", *shares.columns()), flush=True)


if __name__ == "__main__":
    main()
