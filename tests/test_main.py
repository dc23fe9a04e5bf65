"""The command line, started as a user starts it."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).parent.parent
COMMAND = [sys.executable, "-m", "app", "--no-browser"]
WAIT_SECONDS = 30
LINES_THAT_FILL = 8000  # more than the largest pipe of one who is not root
READ_BYTES = 1 << 15  # less than the smallest
OPTIONS = ("--host", "--port", "--workers", "--no-browser", "--log", "--metrics", "--grace")


def run(*options: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*COMMAND, *options], cwd=ROOT, capture_output=True, text=True, timeout=WAIT_SECONDS, check=False
    )


@contextmanager
def served(*options: str, stop_by: signal.Signals = signal.SIGTERM) -> Iterator[str]:
    """The address that the server prints, while it serves; it must stop without a word when told to."""
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [*COMMAND, "--port", "0", *options],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            found = re.search(r"http://127\.0\.0\.1:([1-9]\d*)/", line)
            assert found, line
            yield found[0]
        finally:
            process.send_signal(stop_by)
            rest = process.stdout.read()
            process.wait(WAIT_SECONDS)
    assert rest == ""


def ask(url: str, body: bytes | None = None) -> bytes:
    request = urllib.request.Request(url, body, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=WAIT_SECONDS) as answer:
        content: bytes = answer.read()
    return content


@pytest.mark.parametrize("workers", ["1", "2"])
def test_any_free_port_is_taken_and_told(workers: str) -> None:
    with served("--workers", workers) as url:
        example = ask(url + "api/v1/examples/lecture")
        first, *others = [ask(url + "api/v1/step", example) for _ in range(8)]
        assert all(answer == first for answer in others), "any process gives the same bytes"
        assert json.loads(first)["experiment"]["iteration"] == 1
        assert b"<html" in ask(url)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            ["--host", "0.0.0.0"],
            r"Others open http://[\d.]+:[1-9]\d*/|Which address others open is not known",
        ),
        (["--host", "0.0.0.0", "--address", "https://room.example/x"], r"Others open https://room\.example/x/$"),
        (["--address", "https://room.example"], r"Others open https://room\.example/$"),
    ],
)
def test_what_others_open_is_told(options: list[str], told: str) -> None:
    with subprocess.Popen(
        [*COMMAND, "--port", "0", *options], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            first, second = process.stdout.readline(), process.stdout.readline()
        finally:
            process.terminate()
            process.communicate(timeout=WAIT_SECONDS)
    assert "http://127.0.0.1:" in first, "what is opened here"
    assert re.match(told, second.rstrip()), second


def test_ctrl_c_stops_it_without_a_traceback() -> None:
    with (
        served(stop_by=signal.SIGINT) as address,
        urllib.request.urlopen(f"{address}health", timeout=WAIT_SECONDS) as answer,
    ):
        assert json.load(answer)["status"] == "ok"


def test_a_taken_port_is_a_clear_message() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = run("--port", str(port))
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.splitlines() == [
        f"Cannot listen on 127.0.0.1 port {port}: Address already in use.",
        "Choose another with --port N, or --port 0 for any that is free.",
    ]


def test_a_host_that_is_not_here_is_a_clear_message() -> None:
    ended = run("--host", "no such host", "--port", "0")
    assert ended.returncode == 1
    assert ended.stderr.startswith("Cannot listen on no such host port 0: ")
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("options", [["--port", "65536"], ["--port", "-1"], ["--port", "x"], ["--workers", "0"]])
def test_an_option_out_of_range_says_what_is_allowed(options: list[str]) -> None:
    ended = run(*options)
    assert ended.returncode == 2
    assert "is not a whole number from" in ended.stderr


def test_help_names_every_option() -> None:
    ended = run("--help")
    assert ended.returncode == 0
    assert all(option in ended.stdout for option in OPTIONS)


def test_counts_of_several_processes_are_refused_with_the_reason() -> None:
    ended = run("--metrics", "--workers", "2")
    assert ended.returncode == 2
    assert "--metrics counts in one process" in ended.stderr
    assert "several servers of one worker each" in ended.stderr


def test_who_no_longer_reads_the_lines_ends_the_lines_and_nothing_else() -> None:
    """As `| head -1` does."""
    command = [*COMMAND, "--port", "0", "--log", "json"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        process.stdout.close()
        answers = [ask(url + "health") for _ in range(3)]
        process.terminate()
        assert process.stderr is not None
        assert (len(answers), process.stderr.read()) == (3, "")


def test_who_stalls_in_reading_the_lines_loses_some_and_holds_up_nobody() -> None:
    command = [*COMMAND, "--port", "0", "--log", "json"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        url = urlsplit(json.loads(process.stdout.readline())["url"])
        server = HTTPConnection(url.netloc, timeout=WAIT_SECONDS)

        def health() -> int:
            server.request("GET", "/health")
            with server.getresponse() as answer:
                answer.read()
                return answer.status

        assert {health() for _ in range(LINES_THAT_FILL)} == {200}
        kept = process.stdout.read(READ_BYTES)
        assert health() == 200
        server.close()
        process.terminate()
        out, err = process.communicate(timeout=WAIT_SECONDS)
    lines = [json.loads(line) for line in (kept + out).splitlines()]
    lost = [line["lost"] for line in lines if "lost" in line]
    assert 0 < sum(lost) == LINES_THAT_FILL + 1 - len(lines)
    assert err == b""


def test_logs_are_one_object_a_line_from_the_first_to_the_last() -> None:
    command = [*COMMAND, "--port", "0", "--workers", "2", "--log", "json"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first = json.loads(process.stdout.readline())
        example = ask(first["url"] + "api/v1/examples/lecture")
        for _ in range(3):
            ask(first["url"] + "api/v1/step", example)
        process.terminate()
        out, err = process.communicate(timeout=WAIT_SECONDS)
    assert (first["message"], first["workers"], err) == ("serving", 2, "")
    lines = [json.loads(line) for line in out.splitlines()]
    assert [line["path"] for line in lines] == ["/api/v1/examples/{id}", *["/api/v1/step"] * 3]
    assert len({line["id"] for line in lines}) == 4
