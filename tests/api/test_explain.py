"""/chain, /slope and /check, asked as a client asks."""

import json

import pytest
from fastapi.testclient import TestClient
from pydantic import BaseModel

from app import limits
from app.documents import explanation_models
from tests.helpers import Document, lecture, network
from tests.test_api import V1, check_problem, post

PLACE = "?parameter=W0&row=0&column=1"
PATHS = [f"/chain{PLACE}", f"/slope{PLACE}&steps=3", "/check"]
MODELS: dict[str, type[BaseModel]] = {
    "chain": explanation_models.ChainAnswer,
    "slope": explanation_models.SlopeAnswer,
    "check": explanation_models.CheckAnswer,
}


def model(path: str) -> type[BaseModel]:
    return MODELS[path[1:6]]


@pytest.mark.parametrize("path", PATHS)
def test_the_same_request_gives_the_same_bytes(client: TestClient, path: str) -> None:
    document = network(3, [4, 5, 2], ["gelu", "softmax"])
    asked = [client.post(V1 + path, json=document).content for _ in range(3)]
    assert asked[0] == asked[1] == asked[2]
    model(path).model_validate_json(asked[0], extra="forbid")


@pytest.mark.parametrize("number", [1e200, 1e308])
@pytest.mark.parametrize("activation", ["identity", "softplus", "relu", "softmax"])
@pytest.mark.parametrize("path", PATHS)
def test_what_overflows_is_an_answer_and_valid_json(
    client: TestClient, path: str, activation: str, number: float
) -> None:
    document = network(3, [2, 2], [activation], rows=2)
    document["data"]["x"] = [[number, 1.0], [1.0, -number]]
    document["network"]["layers"][0]["weights"] = [[number, 1.0], [-1.7e308, 1.7e308]]
    answer = client.post(V1 + path, json=document)
    assert answer.status_code == 200, answer.text
    json.loads(answer.text, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    model(path).model_validate_json(answer.content, extra="forbid")


def test_a_bias_has_no_row(client: TestClient) -> None:
    document = network(3, [2, 3, 2], ["tanh", "sigmoid"])
    without = post(client, "/chain?parameter=b0&column=2", document)
    assert without["row"] is None
    assert post(client, "/chain?parameter=b0&column=2&row=0", document) == without


WRONG = [
    ("/chain", "parameter", "parameter is missing"),
    ("/chain?parameter=W0&row=0", "column", "column is missing"),
    ("/chain?parameter=W0&column=1", "row", "row is missing; W0 has rows 0 to 1"),
    ("/chain?parameter=W7&row=0&column=1", "parameter", 'there is no parameter "W7"; there are W0, W1'),
    ("/slope?parameter=m0&row=0&column=1", "parameter", 'there is no parameter "m0"; there are W0, W1'),
    ("/chain?parameter=W0&row=5&column=1", "row", "row is 5; W0 has rows 0 to 1"),
    ("/chain?parameter=W0&row=-1&column=1", "row", "row is -1; W0 has rows 0 to 1"),
    ("/chain?parameter=W0&row=0&column=3", "column", "column is 3; W0 has columns 0 to 2"),
    ("/chain?parameter=W0&row=0&column=" + "9" * 300, "column", "column is a number of over 20 digits"),
    ("/chain?parameter=W0&row=1.5&column=1", "row", 'row is "1.5"; it must be a whole number'),
    ("/chain?parameter=W0&row=%201&column=1", "row", 'row is " 1"; it must be a whole number'),
    ("/chain?parameter=W0&row=%EF%BC%91&column=1", "row", 'row is "１"; it must be a whole number'),
    ("/chain?parameter=W0&row=&column=1", "row", 'row is ""; it must be a whole number'),
    ("/chain?parameter=W0&row=0&column=1&row=0", "row", "row is given 2 times; once is allowed"),
    (f"/chain{PLACE}&max_path=3", "max_path", '"max_path" is not known here; there are parameter, row, column, max_'),
    (f"/chain{PLACE}&max_paths=0", "max_paths", 'max_paths is "0"; it must be a whole number from 1 to 4096'),
    (f"/chain{PLACE}&max_paths=4097", "max_paths", "it must be a whole number from 1 to 4096"),
    (f"/chain{PLACE}&fold=x", "fold", 'fold is "x"; the terms can be folded at C, a1, m1, a0, m0, W0'),
    (f"/chain{PLACE}&fold=C&max_paths=1", "fold", "folded at C there are 2 terms; max_paths allows 1"),
    (f"/slope{PLACE}&span=0", "span", 'span is "0"; it must be a number above 0 up to 1000000'),
    (f"/slope{PLACE}&span=nan", "span", 'span is "nan"; it must be a number above 0'),
    (f"/slope{PLACE}&span=1e999", "span", 'span is "1e999"; it must be a number above 0'),
    (f"/slope{PLACE}&center=inf", "center", 'center is "inf"; it must be a number'),
    (f"/slope{PLACE}&points=1", "points", "it must be a whole number from 2 to 2001"),
    (f"/slope{PLACE}&points=2002", "points", "it must be a whole number from 2 to 2001"),
    (f"/slope{PLACE}&steps=51", "steps", "it must be a whole number from 0 to 50"),
    ("/check?step=2", "step", 'step is "2"; it must be a number from 1e-12 to 1'),
    ("/check?step=1e-13", "step", "it must be a number from 1e-12 to 1"),
    ("/check?lean=true", "lean", '"lean" is not known here; there is step'),
]


@pytest.mark.parametrize(("path", "name", "detail"), WRONG, ids=range(len(WRONG)))
def test_a_wrong_query_says_so(client: TestClient, path: str, name: str, detail: str) -> None:
    problem = check_problem(client.post(V1 + path, json=lecture()), 422)
    (fault,) = [fault for fault in problem["errors"] if fault["pointer"] == f"query:{name}"]
    assert detail in fault["detail"]


def test_every_fault_of_a_query_is_told(client: TestClient) -> None:
    problem = check_problem(client.post(V1 + "/slope?row=x&span=-1&spam=1", json=lecture()), 422)
    pointers = {fault["pointer"] for fault in problem["errors"]}
    assert pointers == {"query:spam", "query:parameter", "query:row", "query:span"}


@pytest.mark.parametrize("query", ["row=0", "row="])
def test_a_row_of_a_bias_is_none_or_0(client: TestClient, query: str) -> None:
    document = network(3, [2, 3], ["tanh"])
    answer = client.post(f"{V1}/chain?parameter=b0&column=0&{query}", json=document)
    assert answer.status_code == (200 if query == "row=0" else 422)
    problem = check_problem(client.post(f"{V1}/chain?parameter=b0&column=0&row=1", json=document), 422)
    assert "row is 1; b0 is a bias" in problem["detail"]


def heavy() -> Document:
    return network(1, [20, 20, 20], ["tanh", "tanh"], rows=1500)


@pytest.mark.parametrize("path", [f"/slope{PLACE}&points=2001", "/check"])
def test_what_would_take_too_long_is_refused(client: TestClient, path: str) -> None:
    problem = check_problem(client.post(V1 + path, json=heavy()), 422)
    assert f"at most {limits.WORK_MULTIPLICATIONS} are allowed. Fewer rows (batch_size)" in problem["detail"]
    assert client.post(V1 + path, json=heavy() | {"batch_size": 10}).status_code == 200


def test_extremes_of_the_query(client: TestClient) -> None:
    for query in ("span=1e6&points=2&center=-1e308", "span=1e-300&points=3", "center=1.7e308&steps=50"):
        answer = client.post(f"{V1}/slope{PLACE}&{query}", json=lecture())
        assert answer.status_code == 200
        explanation_models.SlopeAnswer.model_validate_json(answer.content)
    for step in ("1e-12", "1", "0.5"):
        assert post(client, f"/check?step={step}", lecture())["step"] == float(step)
