"""A real server that is told to stop, with requests under way."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from tests.helpers import lecture
from tests.tools.serving import ROOT

LONG = "/api/v1/train?steps=1000000&every=1000"
WAIT_SECONDS = 30
JSON = {"content-type": "application/json"}


@contextmanager
def stoppable(*options: str) -> Iterator[tuple[int, "subprocess.Popen[str]"]]:
    """The port, and the process, which serves by now; whoever asks for it stops it."""
    command = [sys.executable, "-m", "app", "--port", "0", "--no-browser", "--log", "json", *options]
    environment = os.environ | {"PYTHONUNBUFFERED": "1", "OPENBLAS_NUM_THREADS": "1"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            told = json.loads(process.stdout.readline())
            urllib.request.urlopen(told["url"] + "health", timeout=WAIT_SECONDS).close()
            yield int(told["url"].rstrip("/").rpartition(":")[2]), process
        finally:
            process.terminate()
            process.communicate(timeout=WAIT_SECONDS)


@contextmanager
def begun(port: int, path: str) -> Iterator[http.client.HTTPResponse]:
    """An answer whose first line has come."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=WAIT_SECONDS)) as connection:
        connection.request("POST", path, json.dumps(lecture()), JSON)
        with connection.getresponse() as answer:
            assert answer.status == 200
            assert "iteration" in json.loads(answer.readline())
            yield answer


def refused(port: int) -> bool:
    """Wait until the listener is closed.   Returns whether that came; who still gets through waits for nothing."""
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_stream_is_cut_when_its_time_is_over_and_nobody_new_is_let_in(workers: str) -> None:
    with stoppable("--grace", "3", "--workers", workers) as (port, process), begun(port, LONG) as answer:
        process.send_signal(signal.SIGTERM)
        assert refused(port)
        assert "iteration" in json.loads(answer.readline()), "the stream goes on"
        with pytest.raises((http.client.IncompleteRead, ConnectionResetError)):
            answer.read()
        process.wait(WAIT_SECONDS)


def test_a_stream_that_ends_in_time_ends_whole() -> None:
    path = "/api/v1/train?steps=100000&every=1000"
    with stoppable() as (port, process), begun(port, path) as answer:
        process.send_signal(signal.SIGTERM)
        *_, last = answer.read().splitlines()
        assert json.loads(last)["experiment"]["iteration"] == 100_000
        assert process.wait(WAIT_SECONDS) in (0, -signal.SIGTERM)


def test_a_request_that_was_not_sent_to_its_end_is_told_to_come_again() -> None:
    body = json.dumps(lecture()).encode()
    head = "POST /api/v1/step HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
    head += f"content-length: {len(body)}\r\n\r\n"
    with stoppable("--grace", "1") as (port, process):
        with closing(socket.create_connection(("127.0.0.1", port), timeout=WAIT_SECONDS)) as half:
            half.sendall(head.encode() + body[:20])
            time.sleep(0.2)
            process.send_signal(signal.SIGTERM)
            with http.client.HTTPResponse(half) as answer:
                answer.begin()
                problem = json.load(answer)
        assert (answer.status, problem["status"]) == (503, 503)
        assert "stopping" in problem["detail"]
        assert answer.headers["retry-after"] == "1"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-type"] == "application/problem+json"
        out, err = process.communicate(timeout=WAIT_SECONDS)
        lines = [json.loads(line) for line in out.splitlines()]
        assert [line["status"] for line in lines if "status" in line] == [200, 503]
        assert err == "", "no traceback, and nothing that is not JSON"


@pytest.mark.skipif(sys.platform == "win32", reason="a process is not killed by a signal there")
def test_workers_end_with_their_supervisor_even_where_it_is_killed() -> None:
    with stoppable("--workers", "2") as (port, process):
        process.kill()
        assert refused(port), "the port is free again"


def test_a_connection_that_asks_nothing_holds_nothing_up() -> None:
    with (
        stoppable("--grace", str(2 * WAIT_SECONDS)) as (port, process),
        closing(socket.create_connection(("127.0.0.1", port), timeout=WAIT_SECONDS)) as idle,
    ):
        idle.sendall(b"GET /health HT")
        time.sleep(0.2)
        process.send_signal(signal.SIGTERM)
        process.wait(WAIT_SECONDS)  # it would raise long before the grace is over
