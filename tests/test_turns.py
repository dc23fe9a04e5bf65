"""Long calls take turns: what is counted is turns and their order, never seconds."""

import asyncio
import json
import socket
from collections.abc import Generator, Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import ClientDisconnect, Request

from app import body, checks, encode, limits, turns, wire
from app.core import training
from app.core.observations import NOTHING
from app.main import create_app
from app.problems import BadRequest, Busy, Problem, Unprocessable
from app.turns import finished
from tests.helpers import Document, copy, lecture, network

JSON = {"content-type": "application/json"}
BIG = json.dumps(network(1, [64, 20, 2], ["tanh", "softmax"], rows=40)).encode()


@pytest.fixture(autouse=True)
def _shortest_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every slice is a turn of its own, and no long call is under way."""
    monkeypatch.setattr(turns, "_long_calls", 0)
    monkeypatch.setattr(turns, "_numbers", 0)
    monkeypatch.setattr(limits, "TURN_SECONDS", 0.0)


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


def test_who_left_costs_no_further_turn() -> None:
    log: list[str] = []
    with pytest.raises(ClientDisconnect):
        asyncio.run(turns.driven(request_that(left=True), counted(log, "turn", 1000)))
    assert log == ["turn"]


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
    assert turns.long_calls() == 0


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
    assert turns.numbers_under_way() == 500
    turns.let_go(other.scope)
    assert (turns.long_calls(), turns.numbers_under_way()) == (0, 0)


def test_what_a_call_holds_is_let_go_at_its_end(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "NUMBERS_UNDER_WAY", 1000)
    for path in ("/trace", "/step", "/train?steps=3", "/check"):
        assert client.post(f"/api/v1{path}", content=BIG, headers=JSON).status_code == 200, "alone it is taken"
        assert turns.numbers_under_way() == 0
    monkeypatch.setattr(turns, "_numbers", 999)
    for path in ("/trace", "/step", "/train?steps=3", "/check"):
        answer = client.post(f"/api/v1{path}", content=BIG, headers=JSON)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, str(limits.RETRY_SECONDS))
        assert turns.numbers_under_way() == 999


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
    assert turns.long_calls() == 0


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
    assert turns.long_calls() == 0


# --- the same in slices -----------------------------------------------------------------------------------------------

TEXTS = [
    b"",
    b" \n",
    b"{}",
    b"[]",
    b"{'a': 1}",
    b'{"a": 1,}',
    b'{"a" 1}',
    b'{"a": [1, 2,]}',
    b'{"a": [[1], [2,]]}',
    b'{"a": [[1] [2]]}',
    b'{"a": [1 2]}',
    b'{"a": "\\x"}',
    b'{"a": "',
    b'{"a": tru}',
    b'{"a": NaN}',
    b'{"a": [-Infinity]}',
    b'{"a": 1, "b": {"c": 1, "c": 2}}',
    b'{"a": {}} x',
    b'{"a": "\\ud800"}',
    b'{"a": ["x]", {"b": "[1"}], "c": [true, null, -0.0, 1e5, 12345678901234567890]}',
    b"\xff",
    b"\xef\xbb\xbf{}",
    b'{"a": ' + b"1" * 5000 + b"}",
    json.dumps(lecture()).encode(),
    json.dumps(lecture(), indent=3).encode(),
]


def outcome(read: Any) -> Any:
    try:
        return read()
    except Problem as problem:
        return type(problem), problem.detail


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_a_body_reads_the_same_in_slices(text: bytes) -> None:
    assert outcome(lambda: turns.finished(body.parsed(text))) == outcome(lambda: body.parse(text))


@given(st.data())
def test_a_damaged_body_reads_the_same_in_slices(data: st.DataObject) -> None:
    text = bytearray(TEXTS[-1])
    at = data.draw(st.integers(0, len(text) - 1))
    text[at : at + 1] = data.draw(st.sampled_from([b"", b"[", b"]", b"{", b"}", b'"', b",", b":", b" ", b"9", b"\\"]))
    whole, sliced = (
        outcome(it) for it in (lambda: body.parse(bytes(text)), lambda: turns.finished(body.parsed(bytes(text))))
    )
    assert whole == sliced


@pytest.mark.parametrize(
    ("text", "error", "part"),
    [
        (b'{"a": ' + b"[" * 100 + b"]" * 100 + b"}", BadRequest, "nested too deep"),
        (b'{"a": [' + b"[1]," * 20_000 + b"1]}", Unprocessable, "a list of more than 10000 entries"),
        (b'{"a": [' + b"1," * 200_000 + b"1]}", Unprocessable, "a list of more than 10000 entries"),
        (b"{" + b",".join(b'"%d":1' % n for n in range(20_000)) + b"}", Unprocessable, "more than 4000 keys"),
        (b'{"a": "' + b"\\u0041" * 20_000 + b'"}', Unprocessable, "a text in the body is longer than 65536"),
        (b'{"a": 0.' + b"1" * 70_000 + b"}", Unprocessable, "a number in the body is longer than 65536"),
    ],
)
def test_what_no_experiment_has_is_refused_early(text: bytes, error: type[Problem], part: str) -> None:
    with pytest.raises(error, match=part):
        turns.finished(body.parsed(text))


@pytest.mark.parametrize("value", [True, None, "1", 10**400, [1.0], 1e999])
@pytest.mark.parametrize(
    "path",
    [
        "network/layers/1/weights/10/1",
        "data/x/30/7",
        "data/y/3/1",
        "optimizer_state/W0/v/50/3",
        "optimizer_state/b1/v/1",
    ],
)
def test_a_fault_is_the_same_in_slices(path: str, value: object) -> None:
    document = json.loads(BIG) | {"optimizer": {"name": "momentum"}}
    layers = document["network"]["layers"]
    document["optimizer_state"] = {
        name: {"v": layers[number][kind]}
        for number in (0, 1)
        for name, kind in ((f"W{number}", "weights"), (f"b{number}", "bias"))
    }
    document = json.loads(json.dumps(document))
    checks.parse(document)
    *way, last = [int(key) if key.isdecimal() else key for key in path.split("/")]
    holder: Any = document
    for key in way:
        holder = holder[key]
    holder[last] = value
    with pytest.raises(Unprocessable) as whole:
        checks.parse(document)
    with pytest.raises(Unprocessable) as sliced:
        turns.finished(checks.parsed(document))
    assert sliced.value.errors == whole.value.errors
    assert f"/{path}".startswith(sliced.value.errors[0].pointer)


def test_parts_are_small_and_make_the_same_bytes() -> None:
    document: Document = json.loads(BIG)
    document["data"]["x"][0][0] = 1e308
    document["network"]["layers"][0]["weights"][0][0] = 1e308
    experiment = wire.decode(checks.parse(document)).experiment
    answer = wire.trace(training.trace(experiment), NOTHING, lean=False)
    parts = list(encode.parts(answer))
    assert b"".join(parts) == encode.dumps(answer)
    assert max(map(len, parts)) < limits.PIECE_BYTES


@pytest.mark.parametrize(
    "value", [[np.nan, np.inf, -np.inf], [[np.nan] * 3000, [1.0] * 3000], [[[1.0, -np.inf]] * 40] * 50]
)
def test_parts_spell_out_what_json_lacks(value: Any) -> None:
    document = {"value": np.array(value), "cost": float("nan"), "bias": None}
    assert b"".join(encode.parts(document)) == encode.dumps(document)


def test_no_slice_is_large() -> None:
    """Counted, not timed: of a body of thousands of numbers, each phase can be left every few thousand."""
    content = json.dumps(network(1, [200, 200, 2], ["tanh", "sigmoid"], rows=200)).encode()
    numbers = 200 * 200 + 200 * 200
    document = turns.finished(body.parsed(content))
    checked = turns.finished(checks.parsed(document))
    assert sum(1 for _ in body.parsed(content)) > 600, "row by row"
    assert sum(1 for _ in checks.parsed(document)) > numbers // 8192
    assert sum(1 for _ in wire.decoded(checked)) > numbers // 8192


def test_what_is_spent_is_let_go_and_nothing_else_is() -> None:
    long = network(3, [100, 100, 2], ["tanh", "sigmoid"], rows=100)
    kept = copy(long)
    whole = wire.decode(checks.parse(long)).experiment
    assert long == kept
    checked = finished(checks.parsed(long))
    assert long == kept, "a document that is not spent stays as it is"
    spent = finished(checks.parsed(long, spent=True))
    assert long["network"]["layers"][0]["weights"] == [None] * 100
    for document in (checked, spent):
        sliced = wire.decode(document).experiment
        assert document.network.layers[0].weights == [None] * 100
        assert document.data.x == [None] * 100
        for one, other in zip(whole.network.parameters, sliced.network.parameters, strict=True):
            assert one.tobytes() == other.tobytes()


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
