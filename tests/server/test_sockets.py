"""What only a real server and a bare socket can show: lengths that conflict, bodies half sent, clients that leave."""

import json
import socket
from collections.abc import Iterator

import pytest

from tests.helpers import lecture, network
from tests.tools.serving import served

BODY = json.dumps(lecture()).encode()
SECONDS = 20.0


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with served() as address:
        yield int(address.rpartition(":")[2])


def opened(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=SECONDS)


def sent(port: int, *parts: bytes) -> bytes:
    """All that the server answers to these bytes, until it closes."""
    with opened(port) as connection:
        for part in parts:
            connection.sendall(part)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
        return answer


def head(*headers: str, path: str = "/api/v1/step") -> bytes:
    lines = [f"POST {path} HTTP/1.1", "host: x", "connection: close", "content-type: application/json", *headers]
    return "\r\n".join([*lines, "", ""]).encode()


def is_up(port: int) -> bool:
    return sent(port, b"GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "headers",
    [
        (f"content-length: {len(BODY)}", f"content-length: {len(BODY) + 1}"),
        (f"content-length: {len(BODY)}", "transfer-encoding: chunked"),
        ("content-length: -1",),
        ("content-length: x",),
        ("content-length: " + "9" * 40,),
        ("transfer-encoding: gzip",),
    ],
)
def test_lengths_that_conflict_are_refused(port: int, headers: tuple[str, ...]) -> None:
    # Without the body: what is sent to a connection that is closed already may cost its answer.
    answer = sent(port, head(*headers))
    assert answer.split(b" ")[1][:1] == b"4", answer[:200]
    assert len(answer) < 2000
    assert is_up(port)


def test_no_length_is_no_body(port: int) -> None:
    answer = sent(port, head())
    assert answer.startswith(b"HTTP/1.1 400")
    assert b"the body is empty" in answer


def test_a_chunked_body_is_read(port: int) -> None:
    chunks = [b"%x\r\n%s\r\n" % (len(part), part) for part in (BODY[:7], BODY[7:200], BODY[200:])]
    answer = sent(port, head("transfer-encoding: chunked"), *chunks, b"0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200")


def test_a_chunk_that_is_none_is_refused(port: int) -> None:
    assert sent(port, head("transfer-encoding: chunked"), b"zz\r\n{}\r\n0\r\n\r\n").split(b" ")[1][:1] == b"4"


def test_a_body_that_announces_too_much_is_refused_before_it_comes(port: int) -> None:
    assert sent(port, head("content-length: 9000000")).startswith(b"HTTP/1.1 413")


def test_half_sent_requests_hold_nothing_up(port: int) -> None:
    waiting = [opened(port) for _ in range(50)]
    for number, connection in enumerate(waiting):
        connection.sendall(head("content-length: 5000000")[: None if number % 2 else 40])
        if number % 2:
            connection.sendall(BODY)
    assert is_up(port)
    assert sent(port, head(f"content-length: {len(BODY)}"), BODY).startswith(b"HTTP/1.1 200")
    for connection in waiting:
        connection.close()
    assert is_up(port)


@pytest.mark.parametrize("path", ["/api/v1/train?steps=1000000&every=1", "/api/v1/check", "/api/v1/trace"])
def test_clients_that_leave_free_their_places(port: int, path: str) -> None:
    """More of them than there are places for long calls: were one not freed, the last would be told to wait."""
    large = json.dumps(network(1, [60, 60, 2], ["tanh", "sigmoid"], rows=60)).encode()
    body = BODY if "train" in path else large
    for _ in range(70):
        with opened(port) as connection:
            connection.sendall(head(f"content-length: {len(body)}", path=path) + body)
            if "train" in path:
                assert connection.recv(20).startswith(b"HTTP/1.1 200")
    answer = sent(port, head(f"content-length: {len(BODY)}", path="/api/v1/train?steps=5"), BODY)
    assert answer.startswith(b"HTTP/1.1 200"), answer[:300]


def test_leaving_is_not_told_in_the_log() -> None:
    """`served` reads what is printed; a traceback would be more than the address."""
    with served() as address, opened(int(address.rpartition(":")[2])) as connection:
        connection.sendall(head("content-length: 5000") + b"{")
        connection.close()
        assert is_up(int(address.rpartition(":")[2]))
