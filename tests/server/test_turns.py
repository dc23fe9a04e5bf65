"""Long calls take turns: what is counted is turns and their order, never seconds."""

import asyncio
import json
import socket
from collections.abc import Generator, Iterator
from itertools import pairwise
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.requests import ClientDisconnect, Request

from app import limits
from app.core.explaining.observations import NOTHING
from app.core.training import iteration
from app.documents import encoding, traces
from app.documents.problems import Busy
from app.main import create_app
from app.server import turns
from tests.helpers import Document, decode, lecture, network

JSON = {"content-type": "application/json"}
BIG = json.dumps(network(1, [64, 20, 2], ["tanh", "softmax"], rows=40)).encode()


@pytest.fixture(autouse=True)
def _shortest_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every slice is a turn of its own, and no long call is under way."""
    monkeypatch.setattr(turns, "_long_calls", 0)
    monkeypatch.setattr(turns, "_numbers", 0)
    monkeypatch.setattr(limits, "TURN_SECONDS", 0.0)
    monkeypatch.setattr(limits, "INLINE_BYTES", 16_384)
    monkeypatch.setattr(limits, "INLINE_NUMBERS", 8192)


def request_that(left: bool = False) -> Request:
    """A request whose client waits, or has left."""

    async def receive() -> dict[str, Any]:
        if not left:
            await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    return Request({"type": "http"}, receive)


def counted(log: list[str], name: str, slices: int) -> Generator[None, None, str]:
    for _ in range(slices):
        log.append(name)
        yield
    return name


def test_two_calls_take_turns_and_a_short_one_waits_for_one() -> None:
    log: list[str] = []

    async def short() -> None:
        for _ in range(3):
            log.append("short")
            await asyncio.sleep(0)

    async def all_of_them() -> None:
        one, other = (turns.driven(request_that(), counted(log, name, 20)) for name in ("one", "other"))
        assert list(await asyncio.gather(one, other, short())) == ["one", "other", None]

    asyncio.run(all_of_them())
    assert log.count("one") == log.count("other") == 20
    asked = [at for at, name in enumerate(log) if name == "short"]
    assert all(later - earlier <= 3 for earlier, later in pairwise(asked)), log


def test_who_left_costs_no_turn() -> None:
    log: list[str] = []
    with pytest.raises(ClientDisconnect):
        asyncio.run(turns.driven(request_that(left=True), counted(log, "turn", 1000)))
    assert log == []


def test_beyond_so_many_long_calls_the_next_is_told_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LONG_CALLS", 2)
    requests = [request_that() for _ in range(3)]
    for request in requests[:2]:
        turns.hold(request)
        turns.hold(request)
    with pytest.raises(Busy, match="2 long calls are under way"):
        turns.hold(requests[2])
    turns.let_go(requests[0].scope)
    turns.hold(requests[2])
    for request in requests:
        turns.let_go(request.scope)
        turns.let_go(request.scope)
    assert turns._long_calls == 0


def test_beyond_so_many_numbers_the_next_is_told_to_wait_and_one_alone_never(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "NUMBERS_UNDER_WAY", 100)
    one, other = request_that(), request_that()
    turns.hold(one, 80)
    turns.hold(one, 80)
    with pytest.raises(Busy, match="other calls hold 160 numbers"):
        turns.hold(other, 1)
    turns.hold(other)  # a call that holds few
    turns.let_go(one.scope)
    turns.hold(other, 500)
    assert turns._numbers == 500
    turns.let_go(other.scope)
    assert (turns._long_calls, turns._numbers) == (0, 0)


def test_what_a_call_holds_is_let_go_at_its_end(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "NUMBERS_UNDER_WAY", 1000)
    for path in ("/trace", "/step", "/train?steps=3", "/check"):
        assert client.post(f"/api/v1{path}", content=BIG, headers=JSON).status_code == 200, "alone it is taken"
        assert turns._numbers == 0
    monkeypatch.setattr(turns, "_numbers", 999)
    for path in ("/trace", "/step", "/train?steps=3", "/check"):
        answer = client.post(f"/api/v1{path}", content=BIG, headers=JSON)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, str(limits.RETRY_SECONDS))
        assert turns._numbers == 999


def test_busy_is_a_503_that_says_when(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LONG_CALLS", 0)
    for path in ("/train?steps=5", "/check", "/trace"):
        answer = client.post(f"/api/v1{path}", content=BIG, headers=JSON)
        assert answer.status_code == 503, path
        assert answer.headers["retry-after"] == str(limits.RETRY_SECONDS)
        assert answer.headers["content-type"] == "application/problem+json"
    assert client.post("/api/v1/step", json=lecture()).status_code == 200


def test_what_takes_too_long_is_told(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CALL_SECONDS", 0)
    answer = client.post("/api/v1/check", content=BIG, headers=JSON)
    assert answer.status_code == 422
    assert "a call may compute for 0 seconds" in answer.json()["detail"]
    lines = client.post("/api/v1/train?steps=100000&every=1", json=lecture()).content.splitlines()
    last = json.loads(lines[-1])
    assert last["iteration"] == last["experiment"]["iteration"] < 100_000


@pytest.mark.parametrize(
    "path", ["/trace", "/step", "/step?lean=true", "/train?steps=3", "/check", "/slope?parameter=W1&row=1&column=1"]
)
def test_long_calls_answer_the_same_as_in_one_piece(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    in_turns = client.post(f"/api/v1{path}", content=BIG, headers=JSON)
    for name in ("INLINE_BYTES", "INLINE_NUMBERS", "APART_MULTIPLICATIONS", "TURN_SECONDS"):
        monkeypatch.setattr(limits, name, 10**9)
    assert in_turns.status_code == 200
    assert client.post(f"/api/v1{path}", content=BIG, headers=JSON).content == in_turns.content
    assert turns._long_calls == 0


def test_in_another_thread_the_numbers_are_the_same(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    here = [
        client.post(f"/api/v1/{path}", content=BIG, headers=JSON).content for path in ("step", "check", "train?steps=9")
    ]
    monkeypatch.setattr(limits, "APART_MULTIPLICATIONS", 0)
    apart = [
        client.post(f"/api/v1/{path}", content=BIG, headers=JSON).content for path in ("step", "check", "train?steps=9")
    ]
    assert here == apart


# --- a client that leaves ---------------------------------------------------------------------------------------------


async def left_after(path: str, content: bytes, messages: int) -> int:
    """Ask the app, and leave once so many messages of its answer have come.   Returns how many came in all."""
    came = 0
    gone = asyncio.Event()
    body_sent = False

    async def receive() -> dict[str, Any]:
        nonlocal body_sent
        if not body_sent:
            body_sent = True
            return {"type": "http.request", "body": content, "more_body": False}
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        nonlocal came
        came += 1
        if came >= messages:
            gone.set()

    name, _, query = path.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "POST",
        "path": name,
        "raw_path": name.encode(),
        "root_path": "",
        "scheme": "http",
        "query_string": query.encode(),
        "headers": [(b"content-type", b"application/json")],
    }
    if not messages:
        gone.set()
    await create_app()(scope, receive, send)
    return came


@pytest.mark.parametrize(("path", "messages"), [("/api/v1/train?steps=1000000&every=1", 3), ("/api/v1/check", 0)])
def test_a_call_ends_within_a_slice_of_its_client(monkeypatch: pytest.MonkeyPatch, path: str, messages: int) -> None:
    monkeypatch.setattr(limits, "PIECE_SECONDS", 0.0)
    sent = asyncio.run(left_after(path, BIG if "check" in path else json.dumps(lecture()).encode(), messages))
    assert sent <= messages + 3
    assert turns._long_calls == 0


def test_parts_are_small_and_make_the_same_bytes() -> None:
    document: Document = json.loads(BIG)
    document["data"]["x"][0][0] = 1e308
    document["network"]["layers"][0]["weights"][0][0] = 1e308
    answer = traces.trace(decode(document), iteration.trace(decode(document)), NOTHING, lean=False)
    parts = list(encoding.parts(answer))
    assert b"".join(parts) == encoding.dumps(answer)
    assert max(map(len, parts)) <= limits.PIECE_BYTES


def test_what_arrives_while_a_turn_is_taken_goes_before_the_next() -> None:
    uvloop = pytest.importorskip("uvloop")
    log: list[str] = []

    def parts(name: str, here: socket.socket) -> Iterator[bytes]:
        for number in range(8):
            log.append(name)
            if (name, number) == ("first", 3):
                here.send(b"x")
                log.append("asked")
            yield b" "

    async def sent(name: str, here: socket.socket) -> None:
        async for _ in turns.pieces(parts(name, here)):
            pass

    async def answer() -> None:
        log.append("answered")

    async def run(here: socket.socket, there: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        tasks: list[asyncio.Task[None]] = []

        def came() -> None:
            there.recv(1)
            tasks.append(loop.create_task(answer()))

        loop.add_reader(there, came)
        await asyncio.gather(*[sent(name, here) for name in ("first", "second", "third")])
        loop.remove_reader(there)

    here, there = socket.socketpair()
    # The loop that `python -m app` serves with, where there is one: who reads a socket runs at once in it.
    with here, there, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run(here, there))
    assert log[log.index("asked") + 1 : log.index("answered")] == []
