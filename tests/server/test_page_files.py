"""The page's files: what is sent to whom, how often a file is packed, and that nothing else can be reached."""

import asyncio
import gzip
import os
import threading
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.api import problems
from app.server.page_files import Files, matches, takes_gzip

TEXT = "export const answer = 42;\n" * 100
NOISE = os.urandom(2000)
CLIENTS = 32


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """What is served; beside it is what must not be."""
    served = tmp_path / "static"
    (served / "js" / "app").mkdir(parents=True)
    (served / "index.html").write_text("<!doctype html>" + " " * 500)
    (served / "js" / "main.js").write_text(TEXT)
    (served / "js" / "app" / "page-view.js").write_text("")
    (served / "noise.woff2").write_bytes(NOISE)
    (served / "LICENSE").write_text("MIT")
    (tmp_path / "secret.txt").write_text("secret")
    return served


def app_of(directory: Path) -> FastAPI:
    app = FastAPI()
    problems.install(app)
    app.router.default = Files(directory, {"/": "/index.html"})
    return app


@pytest.fixture
def asking(directory: Path) -> TestClient:
    return TestClient(app_of(directory), headers={"accept-encoding": "identity"})


def test_the_index_is_at_the_root(asking: TestClient) -> None:
    assert asking.get("/").text.startswith("<!doctype html>")
    assert asking.get("/").headers["etag"] == asking.get("/index.html").headers["etag"]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/js/main.js", "text/javascript; charset=utf-8"),
        ("/noise.woff2", "font/woff2"),
        ("/LICENSE", "text/plain; charset=utf-8"),
    ],
)
def test_a_file_says_what_it_is_whatever_the_system_thinks(asking: TestClient, path: str, kind: str) -> None:
    assert asking.get(path).headers["content-type"] == kind


def test_an_empty_file_is_an_answer_too(asking: TestClient) -> None:
    answer = asking.get("/js/app/page-view.js", headers={"accept-encoding": "gzip"})
    assert (answer.status_code, answer.content, answer.headers["content-length"]) == (200, b"", "0")


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/js/../../secret.txt",
        "/js/../index.html",
        "/./index.html",
        "//index.html",
        "/..\\secret.txt",
        "/js\\main.js",
        "/index.html\0",
        "/index.html/",
        "/js",
        "/js/",
        "/js/app",
        "/nothing.js",
        "index.html",
        "",
        "/\udc80",
    ],
)
def test_only_what_is_there_by_its_own_path_is_sent(directory: Path, path: str) -> None:
    """Past any client that would tidy the path first."""
    assert _status(app_of(directory), path) == 404


def _status(app: FastAPI, path: str) -> int:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "query_string": b"",
        "headers": [(b"host", b"here")],
    }
    asyncio.run(app(scope, receive, send))
    status: int = sent[0]["status"]
    return status


def test_a_traversal_in_percent_signs_finds_nothing(asking: TestClient) -> None:
    for path in ("/%2e%2e/secret.txt", "/js/..%2f..%2fsecret.txt", "/%2e%2e%5csecret.txt"):
        assert asking.get(path).status_code == 404


def test_a_link_leads_nowhere(directory: Path) -> None:
    (directory / "link.txt").symlink_to(directory.parent / "secret.txt")
    (directory / "up").symlink_to(directory.parent)
    asking = TestClient(app_of(directory))
    assert asking.get("/link.txt").status_code == 404
    assert asking.get("/up/secret.txt").status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_a_file_is_only_read(asking: TestClient, method: str) -> None:
    answer = asking.request(method, "/js/main.js")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_a_head_is_the_answer_without_its_body(asking: TestClient, encoding: str) -> None:
    headers = {"accept-encoding": encoding}
    got, head = asking.get("/js/main.js", headers=headers), asking.head("/js/main.js", headers=headers)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers == got.headers


@pytest.mark.parametrize("wanted", ["bytes=0-3", "bytes=5-", "bytes=-4", "bytes=99999-", "lines=1-2", "bytes=x"])
def test_a_range_is_answered_with_the_whole(asking: TestClient, wanted: str) -> None:
    answer = asking.get("/js/main.js", headers={"range": wanted})
    assert (answer.status_code, answer.text) == (200, TEXT)
    assert "content-range" not in answer.headers


@pytest.mark.parametrize(
    ("accepted", "taken"),
    [
        ("", False),
        ("gzip", True),
        ("GZip", True),
        ("x-gzip", True),
        ("deflate, br", False),
        ("br;q=1.0, gzip;q=0.8, *;q=0.1", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("gzip ; q = 0.5", True),
        ("*", True),
        ("*;q=0", False),
        ("gzip;q=0, *", False),
        ("*;q=0, gzip", True),
        ("identity", False),
        ("gzipped", False),
        ("gzip;q=nonsense", False),
        ("gzip;level=9", False),
        (",,;", False),
    ],
)
def test_who_takes_gzip_gets_it_and_nobody_else(asking: TestClient, accepted: str, taken: bool) -> None:
    assert takes_gzip(accepted) is taken
    answer = asking.get("/js/main.js", headers={"accept-encoding": accepted})
    assert (answer.headers.get("content-encoding") == "gzip") is taken
    assert answer.text == TEXT
    assert answer.headers["vary"] == "accept-encoding"


def test_what_packing_does_not_shorten_is_sent_plain(asking: TestClient) -> None:
    answer = asking.get("/noise.woff2", headers={"accept-encoding": "gzip"})
    assert answer.content == NOISE
    assert not {"content-encoding", "vary"} & set(answer.headers)


@pytest.mark.parametrize(
    ("tags", "among"),
    [
        ("", False),
        ('"a"', True),
        ('W/"a"', True),
        ('"b", "a"', True),
        ('"b",W/"a"', True),
        ("*", True),
        ('"b"', False),
        ('"A"', False),
        ("a", False),
        (",", False),
    ],
)
def test_a_tag_is_known_again(tags: str, among: bool) -> None:
    assert matches(tags, '"a"') is among


def test_each_form_has_a_tag_of_its_own(asking: TestClient) -> None:
    plain = asking.get("/js/main.js")
    packed = asking.get("/js/main.js", headers={"accept-encoding": "gzip"})
    assert plain.headers["etag"] != packed.headers["etag"]
    crossed = asking.get("/js/main.js", headers={"if-none-match": packed.headers["etag"]})
    assert (crossed.status_code, crossed.text) == (200, TEXT)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_the_client_has_is_not_sent_again(asking: TestClient, method: str) -> None:
    tag = asking.get("/js/main.js").headers["etag"]
    answer = asking.request(method, "/js/main.js", headers={"if-none-match": f'"older", {tag}'})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == tag
    assert answer.headers["vary"] == "accept-encoding"


def test_every_server_gives_a_file_the_same_tag(directory: Path) -> None:
    """Behind a load balancer, the next request goes to another machine, whose files have other dates."""
    one = TestClient(app_of(directory)).get("/js/main.js").headers["etag"]
    os.utime(directory / "js" / "main.js", (1, 1))
    assert TestClient(app_of(directory)).get("/js/main.js").headers["etag"] == one


def test_an_edited_file_is_seen_at_once(asking: TestClient, directory: Path) -> None:
    before = asking.get("/js/main.js").headers["etag"]
    (directory / "js" / "main.js").write_text("export const answer = 43;\n")
    after = asking.get("/js/main.js", headers={"if-none-match": before})
    assert (after.status_code, after.text) == (200, "export const answer = 43;\n")
    (directory / "js" / "main.js").unlink()
    assert asking.get("/js/main.js").status_code == 404
    (directory / "js" / "main.js").write_text(TEXT)
    assert asking.get("/js/main.js").text == TEXT


def test_a_file_is_packed_once_for_all_and_away_from_the_loop(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[threading.Thread] = []

    def counted(*arguments: Any, **options: Any) -> bytes:
        threads.append(threading.current_thread())
        return compress(*arguments, **options)

    compress = gzip.compress
    monkeypatch.setattr(gzip, "compress", counted)

    async def all_at_once() -> list[httpx2.Response]:
        transport = httpx2.ASGITransport(app_of(directory))
        async with httpx2.AsyncClient(transport=transport, base_url="http://here") as client:
            first = await asyncio.gather(*(client.get("/js/main.js") for _ in range(CLIENTS)))
            return [*first, await client.get("/js/main.js"), await client.head("/js/main.js")]

    answers = asyncio.run(all_at_once())
    assert {answer.text for answer in answers[:-1]} == {TEXT}
    assert len({answer.headers["etag"] for answer in answers}) == 1
    assert len(threads) == 1
    assert threads[0] is not threading.main_thread()


def test_a_file_whose_reader_left_is_there_for_the_next(directory: Path) -> None:
    served = Files(directory, {"/": "/index.html"})

    async def left_then_asked() -> int:
        path = directory / "js" / "main.js"
        leaving = asyncio.ensure_future(served._current(path))
        await asyncio.sleep(0)
        leaving.cancel()
        return len((await asyncio.wait_for(served._current(path), 10)).plain.body)

    assert asyncio.run(left_then_asked()) == len(TEXT)
