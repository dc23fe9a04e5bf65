"""Whatever is asked: no 5xx, JSON that a strict reader takes, a problem document for every error, a short one.

The seed is fixed. `make fuzz` asks 10,000 times, from another seed each day.
"""

import json
import os
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from app.documents import answer_models as answers
from app.main import create_app
from app.models.choices import OF_ONNX
from tests import fuzz
from tests.helpers import Document

DESCRIPTION = create_app().openapi()
OPERATIONS = [
    (method.upper(), path, operation)
    for path, operations in DESCRIPTION["paths"].items()
    for method, operation in operations.items()
]
REQUESTS = int(os.environ.get("BACKPROP_FUZZ", "1000"))
SEED = date.today().toordinal() if "BACKPROP_FUZZ" in os.environ else 1
MOST_ERROR_BYTES = 10_000
MOST_ANSWER_BYTES = 16 * 1024 * 1024
ASKED_BY_GET = 5

LONG = [it for it in OPERATIONS if it[0] == "POST"]
often = settings(
    max_examples=REQUESTS // 10,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def strict(text: bytes) -> Any:
    """JSON as its standard has it: UTF-8, no NaN, no Infinity."""
    return json.loads(text.decode("utf-8"), parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))


def check(answer: Any) -> None:
    """What holds for every answer."""
    kind = answer.headers["content-type"]
    if answer.status_code != 200:
        assert 400 <= answer.status_code < 500, answer.text
        assert kind == "application/problem+json"
        assert len(answer.content) < MOST_ERROR_BYTES
        problem = answers.ProblemAnswer.model_validate_json(answer.content, strict=True)
        assert problem.status == answer.status_code
        assert problem.detail
        return
    assert len(answer.content) < MOST_ANSWER_BYTES
    if kind == "application/x-ndjson":
        *lines, last = answer.content.splitlines()
        assert all(strict(line).keys() == {"iteration", "cost"} for line in lines)
        assert "experiment" in strict(last)
    elif kind != "text/plain; charset=utf-8":
        assert kind == "application/json"
        strict(answer.content)


@pytest.mark.parametrize(("method", "path", "operation"), LONG, ids=[path for _, path, _ in LONG])
def test_a_post_of_anything(client: TestClient, method: str, path: str, operation: dict[str, Any]) -> None:
    of_files = OF_ONNX if path.endswith("/model") else ()  # refused beside weights
    parameters = [it for it in operation.get("parameters", []) if it["name"] not in of_files]
    start = {"initialize": [fuzz.INITIALIZATION], "model": [fuzz.WEIGHTS]}.get(path.rpartition("/")[2], fuzz.BODIES)
    answered: set[int] = set()

    @seed(SEED)
    @often
    @given(fuzz.bodies(start), fuzz.queries(parameters))
    def asked_of(body: Document, query: list[tuple[str, str]]) -> None:
        asked = "&".join(f"{quote(name)}={quote(value, errors='replace')}" for name, value in query)
        headers = {"content-type": "application/json"}
        answer = client.request(method, f"{path}?{asked}", content=fuzz.written(body), headers=headers)
        answered.add(answer.status_code)
        check(answer)

    asked_of()
    assert {200, 422} <= answered, "the requests are neither all wrong nor all right"


@pytest.mark.parametrize(
    ("method", "path"), [(method, path) for method, path, _ in OPERATIONS if method == "GET"], ids=str
)
def test_a_get_of_anything(client: TestClient, method: str, path: str) -> None:
    @seed(SEED)
    @settings(max_examples=ASKED_BY_GET, phases=[Phase.generate])
    @given(st.text(max_size=30), st.sampled_from([method, "POST", "PUT", "HEAD", "OPTIONS"]))
    def ask(text: str, how: str) -> None:
        name = quote(text, errors="replace")
        answer = client.request(how, path.replace("{id}", name) + f"?{name}")
        if how == "HEAD":
            assert answer.status_code < 500
        else:
            check(answer)

    ask()


@pytest.mark.parametrize("path", [path for _, path, _ in LONG])
def test_a_post_of_no_json(client: TestClient, path: str) -> None:
    """Bytes: an experiment's with some taken out, put in or changed, now and then long enough to be read in slices."""

    @seed(SEED)
    @settings(max_examples=max(5, REQUESTS // 100), phases=[Phase.generate])
    @given(st.data())
    def ask(data: st.DataObject) -> None:
        text = bytearray(fuzz.written(data.draw(st.sampled_from(fuzz.BODIES))))
        for _ in range(data.draw(st.integers(1, 3))):
            at = data.draw(st.integers(0, len(text) - 1))
            text[at : at + data.draw(st.integers(0, 2))] = data.draw(
                st.sampled_from(
                    [b"", b"[", b"]", b"{", b'"', b"NaN", b"\xff", b"\\u", b"9" * 400, b" " * 70_000, b",1"]
                )
            )
        check(client.post(path, content=bytes(text), headers={"content-type": "application/json"}))

    ask()
