"""What a server tells those who keep it: ids, lines, counts, and nothing of what a client sent."""

import json
import logging
import re
import sys
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.server.logs import Handler
from tests.helpers import lecture

SECRET = "a-very-private-title"


@pytest.fixture
def watched() -> Iterator[TestClient]:
    handler, logger = Handler(), logging.getLogger("app")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    with TestClient(create_app(log=True, metrics=True), raise_server_exceptions=False) as asking:
        yield asking
    logger.removeHandler(handler)
    logger.setLevel(logging.NOTSET)


def lines_of(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_request_has_an_id_of_its_own(client: TestClient) -> None:
    ids = {client.get("/health").headers["x-request-id"] for _ in range(3)}
    assert len(ids) == 3
    assert all(re.fullmatch(r"[0-9a-f]{16}-[0-9a-f]+", id) for id in ids)


@pytest.mark.parametrize("id", ["4bf92f35-77b3", "req:1/2@proxy", "a" * 128])
def test_a_sane_id_is_kept(client: TestClient, id: str) -> None:
    assert client.get("/health", headers={"x-request-id": id}).headers["x-request-id"] == id
    assert client.get("/nothing", headers={"x-request-id": id}).headers["x-request-id"] == id


@pytest.mark.parametrize("id", ["", "two words", '"quoted"', "a" * 129, "é".encode().decode("latin-1"), "{}"])
def test_any_other_is_replaced(client: TestClient, id: str) -> None:
    answer = client.get("/health", headers=[(b"x-request-id", id.encode("latin-1"))])
    assert answer.headers["x-request-id"] != id
    assert len(answer.headers["x-request-id"]) < 40


def test_a_line_tells_of_a_request_and_of_nothing_in_it(
    watched: TestClient, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    document = lecture() | {"title": SECRET}
    answer = watched.post("/api/v1/trace?lean=true", json=document, headers={"x-request-id": "it"})
    watched.get(f"/{SECRET}?key={SECRET}")
    watched.post(f"/api/v1/step?{SECRET}=1", json=document)
    watched.post("/api/v1/step", json=document | {SECRET: SECRET})
    watched.get(f"/api/v1/examples/{SECRET}")
    watched.put("/health")
    out = capfdbinary.readouterr().out.decode()
    assert SECRET not in out
    first, *others = lines_of(out)
    assert list(first) == ["time", "id", "method", "path", "status", "milliseconds", "bytes", "complete"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", str(first["time"]))
    assert (first["id"], first["method"], first["path"]) == ("it", "POST", "/api/v1/trace")
    assert (first["status"], first["bytes"], first["complete"]) == (200, len(answer.content), True)
    assert 0 < float(str(first["milliseconds"])) < 5000
    assert [(line["method"], line["path"], line["status"]) for line in others] == [
        ("GET", "/{file}", 404),
        ("POST", "/api/v1/step", 422),
        ("POST", "/api/v1/step", 422),
        ("GET", "/api/v1/examples/{id}", 404),
        ("PUT", "/health", 405),
    ]


def test_counts_are_by_route_and_status_and_never_by_what_was_asked(watched: TestClient) -> None:
    for number in range(5):
        watched.get(f"/{SECRET}-{number}")
        watched.get(f"/api/v1/examples/{SECRET}-{number}")
    watched.post("/api/v1/step", json=lecture())
    answer = watched.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert answer.headers["cache-control"] == "no-store"
    told = answer.text
    assert SECRET not in told
    assert 'http_requests_total{handler="none",method="GET",status="404"} 5.0' in told
    assert 'http_requests_total{handler="/api/v1/examples/{id}",method="GET",status="404"} 5.0' in told
    assert 'http_requests_total{handler="/api/v1/step",method="POST",status="200"} 1.0' in told
    assert 'http_request_duration_seconds_count{handler="/api/v1/step",method="POST"} 1.0' in told
    assert "http_requests_inprogress 1.0" in told, "this one"


def test_a_fault_of_the_servers_own_is_counted_logged_and_answered_safely(
    watched: TestClient, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    def fail(_document: object) -> object:
        raise RuntimeError(SECRET)

    monkeypatch.setattr("app.documents.reading.experiment", fail)
    answer = watched.post("/api/v1/step", json=lecture())
    assert answer.status_code == 500
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    (line,) = lines_of(capfdbinary.readouterr().out.decode())
    assert (line["status"], line["id"]) == (500, answer.headers["x-request-id"])


def test_a_fault_in_the_log_is_its_kind_and_its_place(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    def fail(deeper: int) -> None:
        if not deeper:
            raise ValueError(SECRET)
        fail(deeper - 1)

    try:
        fail(500)
    except ValueError:
        record = logging.LogRecord("uvicorn.error", logging.ERROR, "", 0, "Exception in it\n", None, sys.exc_info())
    Handler().emit(record)
    told = capfdbinary.readouterr().out.decode()
    assert SECRET not in told
    assert len(told) < 4096, "what a pipe takes whole"
    line = json.loads(told)
    assert (line["level"], line["message"], line["error"]) == ("error", "Exception in it", "ValueError")
    assert line["where"][-1].startswith("test_watching.py:")


def test_nothing_is_told_unless_asked_for(client: TestClient, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert client.get("/metrics").status_code == 404
    assert capfdbinary.readouterr().out == b""
