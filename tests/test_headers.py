"""The headers that keep the page safe and fresh."""

import pytest
from fastapi.testclient import TestClient

from tests.helpers import lecture


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/docs"),
        ("GET", "/health"),
        ("GET", "/api/v1/catalog"),
        ("GET", "/nothing"),
        ("PUT", "/docs"),
    ],
)
def test_every_answer_is_safe(client: TestClient, method: str, path: str) -> None:
    headers = client.request(method, path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "script-src 'self';" in headers["content-security-policy"]
    assert "unsafe-eval" not in headers["content-security-policy"]


def test_styles_are_written_by_the_documentation_alone(client: TestClient) -> None:
    assert "unsafe-inline" in client.get("/docs").headers["content-security-policy"]
    assert "unsafe-inline" not in client.get("/").headers["content-security-policy"]


@pytest.mark.parametrize(
    ("path", "caching"),
    [
        ("/", "no-cache"),
        ("/js/main.js", "no-cache"),
        ("/health", "no-store"),
        ("/openapi.json", "no-store"),
        ("/api/v1/examples", "no-store"),
        ("/vendor/nothing.js", "no-cache"),
        ("/vendor/lit-html@3.3.3/lit-html.js", "public, max-age=31536000, immutable"),
    ],
)
def test_caching_is_by_what_a_path_holds(client: TestClient, path: str, caching: str) -> None:
    assert client.get(path).headers["cache-control"] == caching


def test_an_answer_is_not_stored(client: TestClient) -> None:
    assert client.post("/api/v1/trace", json=lecture()).headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "type"), [("/js/main.js", "text/javascript"), ("/", "text/html"), ("/docs", "text/html")]
)
def test_a_file_says_what_it_is(client: TestClient, path: str, type: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == f"{type}; charset=utf-8"
    assert client.get(path, headers={"accept-encoding": "gzip"}).status_code == 200
