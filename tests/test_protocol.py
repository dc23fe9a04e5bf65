"""What one client may do to a connection, over real sockets; the bounds are small so that nobody waits for them."""

import json
import logging
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import Any

import pytest
import uvicorn
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from app import limits, protocol, turns
from app.main import create_app
from tests.helpers import lecture, network

BODY = json.dumps(lecture()).encode()
# Some 8 MB of an answer, which no kernel takes off the server's hands.
LARGE = json.dumps(network(1, [64, 64, 64, 64], ["tanh", "tanh", "tanh"], rows=600)).encode()
SECONDS = 60.0  # until a test gives up; none of them takes nearly as long
HEALTH = b"GET /health HTTP/1.1\r\nhost: x\r\n\r\n"
LAST = b"GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"


@contextmanager
def served(*, watched: bool = False) -> Iterator[int]:
    """The port of a server in this process, whose bounds a test can set; `watched` has lines and counts."""
    with closing(socket.create_server(("127.0.0.1", 0), backlog=256)) as listener:
        config = uvicorn.Config(
            create_app(log=watched, metrics=watched),
            http="app.connection:Connection",
            log_level="error",
            access_log=False,
            lifespan="on",
            timeout_graceful_shutdown=1,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join(SECONDS)
    assert not thread.is_alive()


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(turns, "_long_calls", 0)
    with served() as number:
        yield number


@pytest.fixture
def faults(port: int) -> Iterator[list[str]]:
    """What the server's log says of faults."""
    told: list[str] = []

    class Notes(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            told.append(f"{record.getMessage()}{record.exc_info}")

    log, notes = logging.getLogger("uvicorn.error"), Notes(logging.ERROR)
    log.addHandler(notes)
    yield told
    log.removeHandler(notes)


def opened(port: int, receives: int | None = None) -> socket.socket:
    connection = socket.socket()
    if receives is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receives)
    connection.settimeout(SECONDS)
    connection.connect(("127.0.0.1", port))
    return connection


def read(connection: socket.socket) -> bytes:
    """All that comes until the server closes, however it does."""
    answer = b""
    try:
        while piece := connection.recv(65536):
            answer += piece
    except ConnectionResetError:
        pass
    return answer


def sent(port: int, *parts: bytes) -> bytes:
    with opened(port) as connection:
        for part in parts:
            try:
                connection.sendall(part)
            except (BrokenPipeError, ConnectionResetError):
                break
        return read(connection)


def post(path: str, body: bytes, *lines: str) -> bytes:
    head = (f"POST {path} HTTP/1.1", "host: x", "content-type: application/json", f"content-length: {len(body)}")
    return "\r\n".join((*head, *lines, "", "")).encode() + body


def in_time(is_so: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + SECONDS
    while not is_so():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def problem(answer: bytes, status: int) -> str:
    """The detail of the one answer that this is, which carries all that the app's own do."""
    head, _, content = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    assert first.split(" ")[1] == str(status), answer[:300]
    carried = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    assert carried["content-type"] == "application/problem+json"
    assert carried["x-content-type-options"] == "nosniff"
    assert carried["content-security-policy"].startswith("default-src 'none'")
    assert carried["cache-control"] == "no-store"
    assert carried["connection"] == "close"
    assert carried["x-request-id"]
    assert int(carried["content-length"]) == len(content)
    document = json.loads(content)
    assert document["status"] == status
    return str(document["detail"])


def is_up(port: int) -> bool:
    return sent(port, LAST).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"nonsense\r\n\r\n",
        b"BREW / HTTP/1.1\r\nhost: x\r\n\r\n",
        b"GET /\xc3\xa9 HTTP/1.1\r\nhost: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n",
        b"POST /api/v1/step HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
        b"transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    ],
)
def test_what_is_no_request_is_answered_like_any_other_error(port: int, request_bytes: bytes) -> None:
    assert "no HTTP request" in problem(sent(port, request_bytes), 400)
    assert is_up(port)


def test_what_is_refused_is_told_to_who_keeps_the_server(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    with served(watched=True) as number:
        head, _, body = sent(number, b"GET /a-private-path HTTP/1.1\r\nhost: x\r\nno colon\r\n\r\n").partition(
            b"\r\n\r\n"
        )
        counts = sent(number, LAST.replace(b"/health", b"/metrics")).decode()
    out = capfdbinary.readouterr().out
    line = json.loads(out.splitlines()[0])
    assert f"x-request-id: {line.pop('id')}".encode() in head
    assert line.pop("time")
    assert line == {
        "method": "other",
        "path": "/{unread}",
        "status": 400,
        "milliseconds": 0.0,
        "bytes": len(body),
        "complete": True,
    }
    assert b"private" not in out
    assert 'backprop_requests_total{method="other",path="/{unread}",status="400"} 1.0' in counts


def test_a_chunk_that_is_none_is_refused_once_even_if_it_comes_later(port: int) -> None:
    head = (
        b"POST /api/v1/step HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
    )
    with opened(port) as connection:
        connection.sendall(head + b"2\r\n{}\r\n")
        time.sleep(0.1)  # the app waits for the rest by now
        connection.sendall(b"zz\r\n")
        problem(read(connection), 400)


def test_nonsense_behind_a_request_is_no_part_of_its_answer(port: int) -> None:
    with opened(port) as connection:
        connection.sendall(post("/api/v1/train?steps=1000000&every=1000", BODY))
        answer = connection.recv(20)
        connection.sendall(b"nonsense\r\n\r\n")
        answer += read(connection)
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.count(b"HTTP/1.1") == 1
    assert not answer.endswith(b"0\r\n\r\n"), "what is cut must look so"


CHUNKED = (
    b"POST /api/v1/step HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
)


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("/api/v1/step", [CHUNKED + b"zz\r\n"]),
        ("/api/v1/train?steps=1000000&every=1000", [CHUNKED + b"zz\r\n"]),
        ("/api/v1/train?steps=1000000&every=1000", [CHUNKED + b"2\r\n{}\r\n", b"zz\r\n"]),
    ],
    ids=["small", "long", "long, later"],
)
def test_a_refusal_is_not_taken_for_the_answer_to_a_request_before_it(
    port: int, path: str, parts: list[bytes], faults: list[str]
) -> None:
    """Several requests are sent without waiting, and what is wrong is the body of one behind the first."""
    with opened(port) as connection:
        connection.sendall(post(path, BODY) + parts[0])
        for part in parts[1:]:
            assert connection.recv(20).startswith(b"HTTP/1.1 200")
            connection.sendall(part)
        assert b"HTTP/1.1 4" not in read(connection)
    assert in_time(lambda: turns.long_calls() == 0)
    assert is_up(port)
    assert faults == []


def test_who_leaves_with_several_requests_in_line_leaves_all_of_them(port: int, faults: list[str]) -> None:
    with opened(port) as connection:
        connection.sendall(post("/api/v1/train?steps=1000000&every=1000", BODY) + HEALTH)
        assert connection.recv(20).startswith(b"HTTP/1.1 200")
    assert in_time(lambda: turns.long_calls() == 0)
    assert is_up(port)
    assert faults == [], "nobody wrote to a connection that was closed"


@pytest.mark.parametrize(
    "head",
    [
        b"GET /health HTTP/1.1\r\nhost: x\r\nlong: " + b"x" * 5_000_000 + b"\r\n\r\n",
        b"GET /health HTTP/1.1\r\nhost: x\r\nlong: " + b"x" * limits.HEAD_BYTES + b"\r\n\r\n",
        b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\nhost: x\r\n\r\n",
        b"GET /health HTTP/1.1\r\n" + b"a: b\r\n" * (limits.HEAD_LINES + 1) + b"\r\n",
        b"GET /health HTTP/1.1\r\n" + b"a: b\r\n" * 300_000 + b"\r\n",
        b"\r\n" * 100_000,
    ],
    ids=["megabytes", "just over", "path", "one line over", "many lines", "no line"],
)
def test_a_long_head_is_refused(port: int, head: bytes) -> None:
    assert "too long" in problem(sent(port, head), 431)
    assert is_up(port)


def test_a_long_head_is_refused_before_it_ends(port: int) -> None:
    begun = b"GET /health HTTP/1.1\r\nhost: x\r\nlong: " + b"x" * limits.HEAD_BYTES
    assert "too long" in problem(sent(port, begun), 431)


def test_heads_within_the_bounds_are_taken_in_any_pieces(port: int) -> None:
    lines = b"".join(b"name-%d: %s\r\n" % (number, b"x" * 600) for number in range(limits.HEAD_LINES - 2))
    head = b"GET /health HTTP/1.1\r\nhost: x\r\n" + lines + b"connection: close\r\n\r\n"
    assert len(head) < limits.HEAD_BYTES
    assert sent(port, head).startswith(b"HTTP/1.1 200")
    assert sent(port, *(head[at : at + 1000] for at in range(0, len(head), 1000))).startswith(b"HTTP/1.1 200")


def test_bodies_are_no_part_of_a_head(port: int) -> None:
    """Several long ones on one connection, in pieces that begin and end anywhere."""
    large = BODY + b" " * 200_000
    every = post("/api/v1/trace", large) * 3 + LAST
    answer = sent(port, *(every[at : at + 30_001] for at in range(0, len(every), 30_001)))
    assert answer.count(b"HTTP/1.1 200") == 4


def test_lines_after_a_body_are_bounded_as_well(port: int) -> None:
    head = (
        b"POST /api/v1/step HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
    )
    assert "too long" in problem(sent(port, head + b"2\r\n{}\r\n0\r\n", b"long: " + b"x" * 1_000_000), 431)
    assert is_up(port)


def test_half_a_head_is_not_waited_for(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "HEAD_SECONDS", 0.2)
    assert "did not arrive" in problem(sent(port, b"GET /health HT"), 408)
    assert sent(port) == b"", "and who asks nothing is told nothing"


def test_half_of_the_next_head_is_not_waited_for(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "HEAD_SECONDS", 0.2)
    with opened(port) as connection:
        connection.sendall(HEALTH)
        first = connection.recv(65536)
        assert first.startswith(b"HTTP/1.1 200")
        connection.sendall(b"GET /health HT")
        problem(read(connection), 408)


def test_the_rest_of_a_body_that_was_refused_is_not_waited_for(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "HEAD_SECONDS", 0.2)
    with opened(port) as connection:
        connection.sendall(post("/nowhere", b"").replace(b"length: 0", b"length: 1000000"))
        assert connection.recv(65536).startswith(b"HTTP/1.1 40")
        connection.sendall(b"x")
        assert b"HTTP/1.1" not in read(connection)


def test_a_request_in_time_is_not_hurried(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stops with the head: neither a body nor the answer is under it."""
    monkeypatch.setattr(limits, "HEAD_SECONDS", 0.3)
    request = post("/api/v1/step", BODY, "connection: close")
    with opened(port) as connection:
        connection.sendall(request[:-10])
        time.sleep(0.6)
        connection.sendall(request[-10:])
        assert read(connection).startswith(b"HTTP/1.1 200")


def test_with_too_many_connections_the_newest_are_refused(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CONNECTIONS", 4)
    monkeypatch.setattr(protocol, "_PATIENT_SECONDS", SECONDS)
    with ExitStack() as stack:
        first = [stack.enter_context(opened(port)) for _ in range(4)]
        for connection in first:
            connection.sendall(HEALTH)
            assert connection.recv(65536).startswith(b"HTTP/1.1 200")
        with opened(port) as newest:
            answer = read(newest)
            assert "4 connections" in problem(answer, 503)
            assert b"retry-after: " in answer
            many = [stack.enter_context(opened(port)) for _ in range(8)]
            assert b"" in [read(connection) for connection in many], "beyond some, without a word"
        first[0].sendall(HEALTH)
        assert first[0].recv(65536).startswith(b"HTTP/1.1 200"), "who was there before is served"
    assert in_time(lambda: is_up(port))


@pytest.mark.parametrize("begun", [b"", b"GET /hea", HEALTH])
def test_a_connection_that_has_asked_nothing_for_long_gives_way_to_a_new_one(
    port: int, monkeypatch: pytest.MonkeyPatch, begun: bytes
) -> None:
    """Else one client's idle connections would turn everybody away, those who look after the server too."""
    monkeypatch.setattr(limits, "CONNECTIONS", 3)
    monkeypatch.setattr(protocol, "_PATIENT_SECONDS", 0.1)
    with ExitStack() as stack:
        idle, busy = stack.enter_context(opened(port)), stack.enter_context(opened(port))
        idle.sendall(begun)
        if begun == HEALTH:
            assert idle.recv(65536).startswith(b"HTTP/1.1 200")
        whole = post("/api/v1/step", BODY)
        busy.sendall(whole[:-10])
        time.sleep(0.2)
        fresh = stack.enter_context(opened(port))
        for _ in range(3):
            assert sent(port, LAST).startswith(b"HTTP/1.1 200")
            fresh.sendall(HEALTH)
            assert fresh.recv(65536).startswith(b"HTTP/1.1 200")
        assert read(idle) == b""
        busy.sendall(whole[-10:])
        assert busy.recv(65536).startswith(b"HTTP/1.1 200"), "whose request is half there is not idle"


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such limits")
def test_fewer_descriptors_are_fewer_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    monkeypatch.setattr(resource, "getrlimit", lambda _: (6, 6))
    assert protocol.most() == 3
    monkeypatch.setattr(resource, "getrlimit", lambda _: (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert protocol.most() == limits.CONNECTIONS


def test_little_of_a_long_body_is_taken_in_one_go(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However much more has come while the server was busy: others wait meanwhile."""
    taken: list[int] = []
    goes = [0]
    take, receive = protocol.Protocol.data_received, RequestResponseCycle.receive

    async def received(it: RequestResponseCycle) -> Any:
        goes.append(0)
        return await receive(it)

    def slowly(it: protocol.Protocol, data: bytes) -> None:
        taken.append(len(data))
        goes[-1] += 1
        time.sleep(0.01)
        take(it, data)

    monkeypatch.setattr(protocol.Protocol, "data_received", slowly)
    monkeypatch.setattr(RequestResponseCycle, "receive", received)
    content = bytes(4_000_000)
    head = f"POST /api/v1/trace HTTP/1.1\r\nhost: x\r\ncontent-length: {len(content)}\r\n"
    with closing(opened(port)) as connection:
        connection.sendall(f"{head}content-type: application/json\r\n\r\n".encode() + content)
        assert b" 400 " in connection.recv(4096).partition(b"\r\n")[0]
    assert max(taken) <= 70_000
    assert max(goes) == 1


def test_clients_that_do_not_read_do_not_keep_their_places(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LONG_CALLS", 3)
    train = post("/api/v1/train?steps=5", BODY, "connection: close")

    monkeypatch.setattr(limits, "SEND_SECONDS", 3600)
    with ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(opened(port, receives=4096)).sendall(post("/api/v1/trace", LARGE))
        assert in_time(lambda: turns.long_calls() == 3)
        assert sent(port, train).startswith(b"HTTP/1.1 503")
    assert in_time(lambda: turns.long_calls() == 0)

    monkeypatch.setattr(limits, "SEND_SECONDS", 0.3)
    with ExitStack() as stack:
        idle = [stack.enter_context(opened(port, receives=4096)) for _ in range(3)]
        for connection in idle:
            connection.sendall(post("/api/v1/trace", LARGE))
            assert connection.recv(9) == b"HTTP/1.1 ", "it has its place"
        assert in_time(lambda: sent(port, train).startswith(b"HTTP/1.1 200"))
        assert in_time(lambda: turns.long_calls() == 0)
        for connection in idle:
            answer = read(connection)
            assert answer == b"" or answer.startswith(b"200")
            assert not answer.endswith(b"0\r\n\r\n"), "what is cut must look so"


def test_a_slow_reader_gets_all_of_it(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes far longer than the bound in all, but every piece in time."""
    monkeypatch.setattr(limits, "SEND_SECONDS", 1.0)
    answer = bytearray()
    with opened(port, receives=65536) as connection:
        connection.sendall(post("/api/v1/trace", LARGE, "connection: close"))
        while piece := connection.recv(65536):
            if len(answer) < 3_000_000:
                time.sleep(0.05)
            answer += piece
    assert answer.endswith(b"0\r\n\r\n")


def test_an_answer_that_is_whole_but_not_taken_does_not_keep_its_connection(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of more answers than the kernel holds, to one who reads none, the server keeps nothing in the end."""
    monkeypatch.setattr(limits, "SEND_SECONDS", 0.2)
    monkeypatch.setattr(limits, "CONNECTIONS", 1)
    with opened(port, receives=4096) as connection:
        connection.setblocking(False)
        try:
            for _ in range(20_000):
                connection.send(b"GET /api/v1/catalog HTTP/1.1\r\nhost: x\r\n\r\n")
        except (BlockingIOError, BrokenPipeError, ConnectionResetError):
            pass
        assert in_time(lambda: is_up(port)), "there is room for another"
