"""Bodies that are not an experiment at all."""

import asyncio
import json
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from starlette.requests import Request
from starlette.types import Message

from app import limits
from app.api import body
from app.documents import strict_json
from app.documents.problems import BadRequest, Busy, Problem, Unprocessable
from tests.helpers import lecture

JSON = {"content-type": "application/json"}
GOOD = json.dumps(lecture()).encode()


@pytest.mark.parametrize(
    ("content", "error", "part"),
    [
        (b"", BadRequest, "the body is empty"),
        (b" \n", BadRequest, "the body is not JSON: Expecting value at line 2 column 1"),
        (GOOD[:-1], BadRequest, "Expecting ',' delimiter"),
        (GOOD + b"}", BadRequest, "Extra data"),
        (b"{'a': 1}", BadRequest, "line 1 column 2"),
        (b"\xff\xfe{\x00}\x00", BadRequest, "the body is not UTF-8: byte 0 is 0xff"),
        (json.dumps({"a": 1}).encode("utf-16"), BadRequest, "the body is not UTF-8"),
        (b"\xef\xbb\xbf{}", BadRequest, "the body begins with a byte order mark"),
        (b'{"a": NaN}', BadRequest, "NaN is not a JSON number"),
        (b'{"a": [-Infinity]}', BadRequest, "-Infinity is not a JSON number"),
        (b'{"a": 1, "b": {"c": 1, "c": 2}}', BadRequest, 'the key "c" is given twice in one object'),
        (b'{"\\ud800": 1, "\\ud800": 2}', BadRequest, "is given twice"),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", BadRequest, "the body is nested too deep"),
        (b'{"a":' * 100_000, BadRequest, "the body is nested too deep"),
        (b'{"a": ' + b"1" * 5000 + b"}", Unprocessable, "a number in the body has too many digits"),
        (b"[]", Unprocessable, "the body must be an object, and is a list of 0"),
        (b"null", Unprocessable, "the body must be an object, and is null"),
        (b"7", Unprocessable, "the body must be an object, and is 7"),
        (b'"x"', Unprocessable, 'the body must be an object, and is "x"'),
    ],
)
def test_a_body_that_is_no_object_is_refused(content: bytes, error: type[Problem], part: str) -> None:
    with pytest.raises(error) as caught:
        strict_json.read(content)
    assert part in caught.value.detail
    assert len(caught.value.detail) < 200


@pytest.mark.parametrize("length", [0, 1, 17, 200])
def test_a_truncated_body_is_not_json(client: TestClient, length: int) -> None:
    answer = client.post("/api/v1/trace", content=GOOD[:length], headers=JSON)
    assert answer.status_code == 400
    assert answer.json()["errors"] == []


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "application/json; charset=utf-8", "APPLICATION/JSON", "application/vnd.backprop+json"],
)
def test_a_type_of_json_is_taken(client: TestClient, content_type: str) -> None:
    assert client.post("/api/v1/trace", content=GOOD, headers={"content-type": content_type}).status_code == 200


@pytest.mark.parametrize("content_type", [None, "", "text/plain", "application/x-www-form", "json", "x" * 9000])
def test_another_type_is_refused(client: TestClient, content_type: str | None) -> None:
    headers = {} if content_type is None else {"content-type": content_type}
    answer = client.post("/api/v1/trace", content=GOOD, headers=headers)
    assert answer.status_code == 415
    assert "it must be application/json" in answer.json()["detail"]
    assert len(answer.content) < 500


def test_a_body_that_announces_too_much_is_refused(client: TestClient) -> None:
    answer = client.post("/api/v1/trace", content=b" " * (limits.BODY_BYTES + 1), headers=JSON)
    assert answer.status_code == 413
    assert str(limits.BODY_BYTES) in answer.json()["detail"]


def test_a_body_that_announces_nothing_is_refused_once_it_is_too_long(client: TestClient) -> None:
    sent = 0

    def chunks() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(limits.BODY_BYTES // 65536 + 2):
            sent += 65536
            yield b" " * 65536

    answer = client.post("/api/v1/trace", content=chunks(), headers=JSON)
    assert answer.status_code == 413
    assert sent > limits.BODY_BYTES


def gathered(content: bytes) -> bytes:
    """The body, which came in two messages."""
    messages: list[Message] = [
        {"type": "http.request", "body": content[:100], "more_body": True},
        {"type": "http.request", "body": content[100:], "more_body": False},
    ]

    async def receive() -> Message:
        return messages.pop(0)

    async def read() -> bytes:
        headers = [(b"content-type", b"application/json")]
        return await body.received(Request({"type": "http", "headers": headers}, receive))

    return asyncio.run(read())


def test_bodies_that_stall_turn_long_ones_away_and_no_short_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "_receiving", limits.BODIES_BYTES)
    assert gathered(GOOD) == GOOD
    with pytest.raises(Busy, match="bodies under way"):
        gathered(GOOD + b" " * body._LITTLE_BYTES)
    assert body._receiving == limits.BODIES_BYTES, "neither counts any longer"


@pytest.mark.parametrize("announced", [b"-1", b"x", b"9" * 30, b"\xb2"])
def test_a_length_that_is_no_number_does_no_harm(client: TestClient, announced: bytes) -> None:
    headers = {b"content-type": b"application/json", b"content-length": announced}
    assert client.post("/api/v1/trace", content=GOOD, headers=headers).status_code in (200, 413)


def nested(levels: int, way: str) -> bytes:
    """An object with so many objects and lists within one another, itself counted."""
    value = b"1"
    for number in range(levels - 1):
        value = b"[%s]" % value if way == "lists" or (way == "both" and number % 2) else b'{"a":%s}' % value
    return b'{"a":%s}' % value


SPACE = b" " * (limits.INLINE_BYTES + 1)
TO_READ = ["trace", "step", "train", "chain?parameter=W0&row=0&column=0", "slope?parameter=W0&row=0&column=0", "check"]


@pytest.mark.parametrize("path", [*TO_READ, "initialize"])
@pytest.mark.parametrize("way", ["lists", "objects", "both"])
def test_depth_is_bounded_alike_in_short_and_long_bodies(client: TestClient, path: str, way: str) -> None:
    for levels in (limits.DEPTH, limits.DEPTH + 1, 480, 900, 990):
        content = nested(levels, way)
        for whole in (content, SPACE + content):
            answer = client.post(f"/api/v1/{path}", content=whole, headers=JSON)
            is_deep = "nested too deep" in answer.json()["detail"]
            assert (answer.status_code, is_deep) == ((400, True) if levels > limits.DEPTH else (422, False)), levels


@pytest.mark.parametrize("levels", [1000, 1023, 1024, 1025, 1100, 5000])
def test_what_is_deeper_than_python_can_go_is_refused(client: TestClient, levels: int) -> None:
    for begin, end in ((b'{"a":', b"}"), (b"[", b"]"), (b'[{"a":', b"}]")):
        content = b'{"a":' + begin * levels + b"1" + end * levels + b"}"
        assert client.post("/api/v1/trace", content=content, headers=JSON).status_code == 400


def test_a_long_list_of_numbers_is_bounded_in_a_long_body(client: TestClient) -> None:
    numbers = ",".join(["1"] * (limits.ENTRIES + 1))
    answer = client.post("/api/v1/trace", content=f'{{"a": [{numbers}]}}'.encode(), headers=JSON)
    assert answer.status_code == 422
    assert str(limits.ENTRIES) in answer.json()["detail"]


@pytest.mark.parametrize(
    ("entry", "most"),
    [("[[[[[[]]]]]]", limits.LISTS), ('{"": 0}', limits.LISTS), ("[],[]", limits.LISTS)],
)
def test_lists_and_keys_of_a_body_are_bounded_together(client: TestClient, entry: str, most: int) -> None:
    """Each takes many times the bytes that it is written with, so a body within its own bound could fill the memory."""
    rows = f"[{','.join([entry] * 5000)}]"
    answer = client.post("/api/v1/trace", content=f'{{"a": [{",".join([rows] * 100)}]}}'.encode(), headers=JSON)
    assert answer.status_code == 422
    assert f"more than {most} " in answer.json()["detail"]


def test_keys_of_a_body_are_bounded(client: TestClient) -> None:
    keys = ",".join(f'"{number}":0' for number in range(limits.KEYS + 1))
    answer = client.post("/api/v1/trace", content=f"{{{keys}}}".encode(), headers=JSON)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "")
    assert f"more than {limits.KEYS} keys" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("headers", "detail"),
    [
        ([("content-encoding", "gzip")], 'the body\'s content encoding is "gzip"'),
        ([("content-type", "application/json; charset=utf-16")], 'the charset is "utf-16"'),
        ([("content-type", "application/json"), ("content-type", "text/plain")], "two content types"),
        ([("transfer-encoding", "gzip, chunked")], 'the transfer encoding is "gzip, chunked"'),
    ],
)
def test_a_body_that_says_it_is_something_else_is_refused(
    client: TestClient, headers: list[tuple[str, str]], detail: str
) -> None:
    given = headers if headers[0][0] == "content-type" else [("content-type", "application/json"), *headers]
    answer = client.post("/api/v1/trace", content=GOOD, headers=given)
    assert answer.status_code == 415
    assert detail in answer.json()["detail"]


@pytest.mark.parametrize("content_type", ["application/json; charset=UTF-8", 'application/json;charset="utf-8"'])
def test_utf8_may_be_said(client: TestClient, content_type: str) -> None:
    assert client.post("/api/v1/trace", content=GOOD, headers={"content-type": content_type}).status_code == 200


def test_the_answer_to_many_odd_names_is_short(client: TestClient) -> None:
    for name in ("\\u0001" * 60, "\U0001f600" * 60, '\\"' * 60, "~/" * 30):
        names = ", ".join(f'"{number}{name}": 1' for number in range(25))
        answer = client.post("/api/v1/trace", content=("{" + names + "}").encode(), headers=JSON)
        assert answer.status_code == 422
        assert len(answer.content) < 10_000
        assert answer.json()["errors"]
    answer = client.post("/api/v1/trace?" + "&".join(f"{n}{'%01' * 60}=1" for n in range(40)), content=GOOD)
    assert len(answer.content) < 10_000
