"""What a message may repeat of what was given."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.api import problems as answers
from app.documents import problems


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (3, "3"),
        (-0.5, "-0.5"),
        (1e300, "1e+300"),
        (10**20, "a number of over 20 digits"),
        (-(10**4000), "a number of over 20 digits"),
        ("café", '"café"'),
        ('a"b\n', '"a\\"b\\n"'),
        ("x" * 100, '"' + "x" * 39 + '…"'),
        ("\ud800", '"?"'),
        ([1, 2, 3], "a list of 3"),
        ({"a": 1}, "an object"),
    ],
)
def test_what_is_quoted_is_short_and_printable(value: object, text: str) -> None:
    assert problems.quoted(value) == text


def test_a_pointer_escapes_as_rfc_6901_says() -> None:
    assert problems.pointer(()) == ""
    assert problems.pointer(("network", "layers", 1, "a/b~c")) == "/network/layers/1/a~1b~0c"
    assert problems.spelled(("network", "layers", 1, "weights")) == "network.layers[1].weights"


def test_a_long_key_is_cut() -> None:
    assert len(problems.pointer(("x" * 10_000,))) < 70
    assert len(problems.spelled(("x" * 10_000,))) < 70


def test_a_fault_of_the_servers_own_tells_nothing_of_it() -> None:
    app = FastAPI()
    answers.install(app)

    @app.get("/")
    async def fail() -> None:
        raise RuntimeError("secret")

    answer = TestClient(app, raise_server_exceptions=False).get("/")
    assert answer.status_code == answer.json()["status"] == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "secret" not in answer.text
