"""The whole service, asked as a client asks: documents in, documents out, and never a 5xx."""

import copy
import json
from typing import Any

import numpy as np
import orjson
import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from app import examples
from app.documents import answer_models as answers
from tests.documents.test_checks import FAULTS, changed
from tests.helpers import Document, by_id, every_pair, lecture, name_of, network

V1 = "/api/v1"
JSON = {"content-type": "application/json"}


def post(client: TestClient, path: str, document: Document) -> Document:
    answer = client.post(V1 + path, json=document)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    parsed: Document = answer.json()
    return parsed


def test_the_curl_of_the_readme(client: TestClient) -> None:
    """`curl …/examples/lecture | curl --json @- …/step`, and its experiment again."""
    body = client.get(V1 + "/examples/lecture").content
    for iteration in range(1, 6):
        answer = client.post(V1 + "/step", content=body, headers=JSON)
        assert answer.status_code == 200
        experiment = answer.json()["experiment"]
        assert experiment["iteration"] == iteration
        body = json.dumps(experiment).encode()


def test_the_answers_experiment_keeps_what_was_posted(client: TestClient) -> None:
    document = lecture()
    document["data"] |= {"held_back": {"x": [[0.0, 1.0]], "y": [[0.0, 1.0]]}, "image_shape": [1, 2]}
    experiment = post(client, "/step", document)["experiment"]
    document["iteration"] = 1
    for layer, stepped in zip(document["network"]["layers"], experiment["network"]["layers"], strict=True):
        layer["weights"] = stepped["weights"]
    assert experiment == document


@pytest.mark.parametrize("path", ["/trace", "/step"])
def test_the_same_request_gives_the_same_bytes(client: TestClient, path: str) -> None:
    asked = [client.post(V1 + path, json=network(3, [4, 5, 2], ["gelu", "softmax"])).content for _ in range(3)]
    assert asked[0] == asked[1] == asked[2]


@pytest.mark.parametrize("document", every_pair(), ids=name_of)
def test_lean_leaves_out_what_stands_elsewhere_and_nothing_else(client: TestClient, document: Document) -> None:
    full = post(client, "/step", document)
    lean = post(client, "/step?lean=true", document)
    assert post(client, "/trace?lean=true", document) == lean["trace"]
    assert len(json.dumps(lean)) < len(json.dumps(full))
    assert restored(lean) == full


def restored(lean: Document) -> Document:
    """The full answer to /step, made again from the lean one."""
    answer = copy.deepcopy(lean)
    nodes = by_id(answer["trace"])
    edges = answer["trace"]["partials"]
    into = [edge["wrt"] for edge in edges]
    for edge in edges:
        if edge["rule"].startswith("matmul"):
            assert "value" not in edge
            edge["value"] = nodes[edge["uses"][-1]]["value"]
        assert ("contribution" in edge) == (into.count(edge["wrt"]) > 1)
        edge.setdefault("contribution", nodes[edge["wrt"]]["gradient"])
    for update in answer["updates"]:
        assert "before" not in update
        assert "gradient" not in update
        update["before"] = nodes[update["parameter"]]["value"]
        update["gradient"] = nodes[update["parameter"]]["gradient"]
    return answer


def test_300_steps_tell_the_held_back_drawings_apart(client: TestClient) -> None:
    document = examples.load()["face-or-car"].experiment
    for _ in range(300):
        answer = client.post(V1 + "/step?lean=true", content=orjson.dumps(document), headers=JSON)
        document = orjson.loads(answer.content)["experiment"]
    assert document["iteration"] == 300
    held_back = document["data"]["held_back"]
    assert len(held_back["x"]) >= 8
    document["data"] = {"x": held_back["x"], "y": held_back["y"]}
    nodes = by_id(post(client, "/trace", document | {"batch_size": None}))
    last = f"a{len(document['network']['layers']) - 1}"
    right = np.argmax(nodes[last]["value"], axis=1) == np.argmax(held_back["y"], axis=1)
    assert right.mean() >= 0.95


def test_a_diverged_step_is_an_answer_and_valid_json(client: TestClient) -> None:
    document = network(3, [2, 2], ["identity"], rows=2)
    document["data"]["x"] = [[1e200, 1.0], [1.0, -1e200]]
    text = client.post(V1 + "/step", json=document).text
    answer = json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    assert answer["trace"]["status"] == "diverged"
    assert answer["trace"]["cost"] == "Infinity"
    gradient = by_id(answer["trace"])["W0"]["gradient"]
    assert {entry for row in gradient for entry in row} & {"Infinity", "-Infinity", "NaN"}
    assert post(client, "/step", answer["experiment"]) == answer


# --- errors -----------------------------------------------------------------------------------------------------------


def check_problem(answer: Any, status: int) -> Document:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(answer.content) < 8000
    problem = answers.ProblemAnswer.model_validate_json(answer.content, strict=True)
    assert problem.status == status
    assert problem.detail
    document: Document = answer.json()
    assert set(document) == {"type", "title", "status", "detail", "errors"}
    return document


@pytest.mark.parametrize("path", ["/trace", "/step"])
@pytest.mark.parametrize(("place", "value", "pointer", "detail"), FAULTS)
def test_a_fault_is_a_problem(
    client: TestClient, path: str, place: str, value: object, pointer: str, detail: str
) -> None:
    content = json.dumps(changed(place, value), allow_nan=True).replace("Infinity", "1e999").encode()
    answer = client.post(V1 + path, content=content, headers=JSON)
    (fault,) = check_problem(answer, 422)["errors"]
    assert fault["pointer"] == (pointer or place)
    assert detail in fault["detail"]


@pytest.mark.parametrize(
    ("method", "path", "status", "detail"),
    [
        ("GET", "/api/v1/nothing", 404, "there is nothing at /api/v1/nothing"),
        ("GET", "/api/v2/trace", 404, "there is nothing at /api/v2/trace"),
        ("GET", "/api/v1/examples/nothing", 404, "there is no example of that name; there are lecture, scalar"),
        ("GET", "/api/v1/examples/..%2f..%2fmain", 404, "there is nothing at"),
        ("GET", "/api/v1/trace", 405, "/api/v1/trace does not take GET; it takes POST"),
        ("DELETE", "/api/v1/catalog", 405, "/api/v1/catalog does not take DELETE; it takes GET"),
        ("GET", "/" + "x" * 9000, 404, "there is nothing at /xxx"),
        ("POST", "/api/v1/trace?lean=perhaps", 422, 'lean is "perhaps"'),
    ],
)
def test_another_request_is_a_problem(client: TestClient, method: str, path: str, status: int, detail: str) -> None:
    answer = client.request(method, path, **({"json": lecture()} if method == "POST" else {}))  # type: ignore[arg-type]
    assert detail in check_problem(answer, status)["detail"]


def test_a_wrong_query_says_so(client: TestClient) -> None:
    answer = client.post(V1 + "/step?lean=" + "x" * 5000, json=lecture())
    (fault,) = check_problem(answer, 422)["errors"]
    assert fault["pointer"] == "query:lean"


NASTY: list[bytes] = [
    b"\x00",
    b"\xf0\x9f",
    b'{"network": ' * 50_000,
    b'{"network": {"layers": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
    b'{"a": "\\ud800", "a": 1}',
    b'{"\\ud800\\udc00": "\\udfff"}',
    b'{"network": 1e999, "data": -1e999}',
    b'{"network": ' + b"9" * 4000 + b"}",
    b'{"network": ' + b"9" * 400 + b"." + b"9" * 400 + b"e-9999999}",
    b'{"' + b"k" * 1_000_000 + b'": 1}',
    b'{"title": "' + b"t" * 1_000_000 + b'"}',
    b'{"optimizer_state": {"a": ' * 900 + b"1" + b"}}" * 900,
    b"[" + b"1," * 500_000 + b"1]",
    b"{" + b",".join(b'"%d": 1' % n for n in range(50_000)) + b"}",
    b"true",
    b'""',
]


@pytest.mark.parametrize("content", NASTY, ids=range(len(NASTY)))
def test_a_nasty_body_is_a_problem(client: TestClient, content: bytes) -> None:
    answer = client.post(V1 + "/step", content=content, headers=JSON)
    check_problem(answer, 422 if answer.status_code == 422 else 400)


def places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The path of every value within `value`, itself included."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, entry in entries for place in places(entry, (*path, key)))]


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.integers(),
    st.just(10**400),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(), max_size=5),
    st.sampled_from(["softmax", "relu", "sum", "cross_entropy", "binary_cross_entropy", "leaky_relu", "gelu"]),
    st.recursive(st.just(0.0), lambda inner: st.lists(inner, max_size=3), max_leaves=6),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


@given(st.data(), st.sampled_from([lecture(), network(5, [2, 3, 2], ["leaky_relu", "softmax"], "cross_entropy")]))
def test_a_mutation_is_a_trace_or_a_problem(client: TestClient, data: st.DataObject, document: Document) -> None:
    document = copy.deepcopy(document)
    for _ in range(data.draw(st.integers(1, 3))):
        *way, last = data.draw(st.sampled_from(places(document)[1:]))
        place: Any = document
        for key in way:
            place = place[key]
        if isinstance(place, dict) and data.draw(st.booleans()):
            place[data.draw(st.sampled_from([*place, "slope", "x", ""]))] = data.draw(JUNK)
        elif data.draw(st.booleans()):
            place[last] = data.draw(JUNK)
        else:
            del place[last]
        if not places(document)[1:]:
            break
    answer = client.post(V1 + "/step", content=json.dumps(document).encode(), headers=JSON)
    if answer.status_code == 200:
        answers.StepAnswer.model_validate_json(answer.content)
        again = client.post(V1 + "/step", json=answer.json()["experiment"])
        assert again.status_code == 200, "an answer's experiment can always be posted"
    else:
        check_problem(answer, 422)


def test_health_answers_head_without_a_body(client: TestClient) -> None:
    head, get = client.head("/health"), client.get("/health")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == get.headers["content-length"] == str(len(get.content))
    assert client.head("/api/v1/catalog").status_code == 405
