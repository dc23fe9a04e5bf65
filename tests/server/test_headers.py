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
    assert headers["x-frame-options"] == "DENY"
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy
    assert "unsafe-inline" not in policy.partition("style-src")[0]


def test_scripts_of_the_page_are_its_own_and_markup_is_written_by_lit_alone(client: TestClient) -> None:
    for path in ("/", "/index.html", "/nothing", "/js/nothing.js"):
        policy = client.get(path).headers["content-security-policy"].split("; ")
        assert {"script-src 'self'", "require-trusted-types-for 'script'", "trusted-types lit-html"} <= set(policy)


def test_nothing_may_run_in_an_answer_that_is_no_page(client: TestClient) -> None:
    data = ("/api/v1/catalog", "/health", "/openapi.json", "/api/v1/nothing")
    parts = ("/js/main.js", "/css/page.css", "/fonts/inter.woff2", "/vendor/lit-html@3.3.3/lit-html.js")
    for path in (*data, *parts):
        assert client.get(path).headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"


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
        ("/vendor/manifest.json", "no-cache"),  # no version in the path: it can become another file
        ("/fonts/inter.woff2", "no-cache"),
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


@pytest.mark.parametrize("path", ["/", "/js/main.js", "/css/page.css", "/vendor/lit-html@3.3.3/lit-html.js"])
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_a_file_that_has_not_changed_is_not_sent_again(client: TestClient, path: str, encoding: str) -> None:
    first = client.get(path, headers={"accept-encoding": encoding})
    again = client.get(path, headers={"accept-encoding": encoding, "if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["cache-control"] == first.headers["cache-control"], "else the kept copy would take another"
    other = client.get(path, headers={"accept-encoding": encoding, "if-none-match": '"another"'})
    assert (other.status_code, other.content) == (200, first.content)


@pytest.mark.parametrize("path", ["/", "/js/main.js", "/css/page.css"])
def test_a_text_travels_compressed_to_who_takes_it(client: TestClient, path: str) -> None:
    plain = client.get(path, headers={"accept-encoding": "identity"})
    packed = client.get(path, headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < 0.6 * len(plain.content)
    assert packed.content == plain.content
    assert "accept-encoding" in packed.headers["vary"].lower(), "so that no cache gives it to another"


def test_a_font_is_compressed_already(client: TestClient) -> None:
    assert "content-encoding" not in client.get("/fonts/inter.woff2", headers={"accept-encoding": "gzip"}).headers


def test_the_lines_of_a_stream_are_not_held_back_to_be_compressed(client: TestClient) -> None:
    path = "/api/v1/train?steps=100&every=10"
    with client.stream("POST", path, json=lecture(), headers={"accept-encoding": "gzip"}) as answer:
        assert "content-encoding" not in answer.headers
        assert "content-length" not in answer.headers
        assert answer.headers["cache-control"] == "no-store"
        assert len(list(answer.iter_lines())) == 11
