"""A hundred clients, two servers, one proxy: servers die and come back, and nobody's run notices."""

import http.client
import json
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import Any, NamedTuple

import pytest

from tests.helpers import Document, lecture, step
from tests.tools.balanced import HAPROXY, Balanced, Server

CLIENTS = 100
STEPS_LEAST = 10
SECONDS_UNTIL_THE_PROXY_KNOWS = 1.5  # its checks are a second apart
JSON = {"content-type": "application/json"}
AGAIN = {502, 503, 504}

pytestmark = pytest.mark.skipif(
    HAPROXY is None,
    reason="NOT RUN: this machine has no haproxy, so nothing was tested behind a proxy; install haproxy",
)


@pytest.fixture(scope="module")
def balanced() -> Iterator[Balanced]:
    with Balanced() as running:
        yield running


class Run(NamedTuple):
    """What one client did: how many answers it got, how often it had to ask again, where it ended."""

    steps: int
    again: int
    experiment: Document


def ask(port: int, method: str, path: str, body: bytes | None = None, headers: dict[str, str] = JSON) -> Any:
    """Status, headers and body of one answer."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request(method, path, body, headers)
        with connection.getresponse() as answer:
            return answer.status, answer.headers, answer.read()


@contextmanager
def half_sent(port: int, length: int) -> Iterator[http.client.HTTPConnection]:
    """A connection on which a body of so many bytes was announced, and one byte of it sent."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.putrequest("POST", "/api/v1/step")
        connection.putheader("content-type", "application/json")
        connection.putheader("content-length", str(length))
        connection.endheaders(b"{")
        yield connection


def first_of(client: int) -> Document:
    """An experiment of its own for each client, with a state that every iteration carries on."""
    optimizer = {"name": "adam", "learning_rate": 0.001 * (client + 1)}
    return lecture() | {"title": f"client {client}", "optimizer": optimizer}


def run(port: int, client: int, over: threading.Event) -> Run:
    """Step until it is over, and a few times more; what fails is asked again."""
    experiment, steps, again, more = first_of(client), 0, 0, STEPS_LEAST
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    while more:
        try:
            connection.request("POST", "/api/v1/step?lean=true", json.dumps(experiment), JSON)
            with connection.getresponse() as answer:
                status, body = answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            connection.close()
            status, body = 503, b""
        if status in AGAIN:
            again += 1
            time.sleep(0.05)
            continue
        assert status == 200, body
        experiment = json.loads(body)["experiment"]
        steps += 1
        more -= over.is_set()
    connection.close()
    return Run(steps, again, experiment)


def alone(client: int, steps: int) -> Document:
    """Where as many steps end without any server."""
    experiment = first_of(client)
    for _ in range(steps):
        experiment = step(experiment, lean=True)["experiment"]
    return experiment


def test_every_run_goes_on_while_servers_die(balanced: Balanced) -> None:
    one, two = balanced.servers
    over = threading.Event()
    with ThreadPoolExecutor(CLIENTS) as clients:
        running = [clients.submit(run, balanced.port, client, over) for client in range(CLIENTS)]
        try:
            time.sleep(0.5)
            one.end(signal.SIGKILL)  # as a machine that loses its power
            time.sleep(0.5)
            one.start_again()
            time.sleep(SECONDS_UNTIL_THE_PROXY_KNOWS)
            two.end(signal.SIGTERM)  # as in an update
            time.sleep(0.5)
            two.start_again()
        finally:
            over.set()
        runs = [it.result(timeout=30) for it in running]
    assert min(it.steps for it in runs) >= STEPS_LEAST
    for client, it in enumerate(runs):
        assert it.experiment["iteration"] == it.steps, "none lost, none doubled"
        assert it.experiment == alone(client, it.steps), "bit for bit"
    print(f"\n{sum(it.steps for it in runs)} steps of {CLIENTS} clients; {sum(it.again for it in runs)} asked again")


def test_lines_of_a_training_come_through_the_proxy_as_they_are_made(balanced: Balanced) -> None:
    path = "/api/v1/train?steps=1000000&every=1000"
    with closing(http.client.HTTPConnection("127.0.0.1", balanced.port, timeout=20)) as connection:
        connection.request("POST", path, json.dumps(lecture()), JSON | {"accept-encoding": "gzip"})
        with connection.getresponse() as answer:
            assert "content-encoding" not in answer.headers
            first = answer.readline()
            assert any(server.under_way() for server in balanced.servers), "the training goes on"
            *_, last = answer.read().splitlines()
    assert json.loads(first)["iteration"] < json.loads(last)["iteration"] == 1_000_000


def test_the_proxy_compresses_an_answer_of_one_piece(balanced: Balanced) -> None:
    _, headers, body = ask(balanced.port, "GET", "/api/v1/catalog", headers={"accept-encoding": "gzip"})
    assert headers["content-encoding"] == "gzip"
    assert len(body) < len(ask(balanced.port, "GET", "/api/v1/catalog")[2]) / 2


def test_the_proxy_refuses_what_is_too_long_before_it_is_sent(balanced: Balanced) -> None:
    with half_sent(balanced.port, 8 * 1024 * 1024 + 1) as connection, connection.getresponse() as answer:
        assert answer.status == 413
        assert answer.headers["content-type"] == "application/problem+json"
        assert json.load(answer)["status"] == 413


def test_a_half_sent_request_reaches_no_server(balanced: Balanced) -> None:
    with half_sent(balanced.port, 1000):
        time.sleep(0.3)
        for server in balanced.servers:
            assert nothing_is_under_way(server)


def nothing_is_under_way(server: Server) -> bool:
    """Whether it has nothing to do at one moment of many: the proxy's own question about its health comes and goes."""
    for _ in range(50):
        if server.under_way() == 0:
            return True
        time.sleep(0.02)
    return False


def test_a_request_that_waits_at_a_server_would_be_seen(balanced: Balanced) -> None:
    """Past the proxy: so that the test above can fail."""
    server = balanced.servers[0]
    with half_sent(server.port, 1000):
        time.sleep(0.3)
        assert not nothing_is_under_way(server)
    assert nothing_is_under_way(server)


def test_the_proxy_names_requests_and_keeps_the_counts_inside(balanced: Balanced) -> None:
    status, headers, _ = ask(balanced.port, "GET", "/health")
    assert status == 200
    assert len(headers["x-request-id"]) == 36, "a UUID of the proxy's"
    assert ask(balanced.port, "GET", "/health", headers={"x-request-id": "mine"})[1]["x-request-id"] == "mine"
    for path in ("/metrics", "/%6detrics", "/%6Detric%73", "/metrics%0a", "/metrics/", "/metrics?x", "//metrics"):
        status, headers, body = ask(balanced.port, "GET", path)
        assert status == 404, path
        assert b"http_requests" not in body, path
        assert headers["x-content-type-options"] == "nosniff"
    assert json.loads(ask(balanced.port, "GET", "/%6detrics")[2])["detail"] == "for the keepers alone"
