"""The ready experiments."""

import math

import pytest
from fastapi.testclient import TestClient

from app import examples
from tests.helpers import Document, decode, step

EXAMPLES = examples.load()


def widths(document: Document) -> list[int]:
    layers = document["network"]["layers"]
    return [len(layers[0]["weights"]), *(len(layer["weights"][0]) for layer in layers)]


def test_the_first_is_the_lectures(client: TestClient) -> None:
    listed = client.get("/api/v1/examples").json()
    assert [entry["id"] for entry in listed] == list(EXAMPLES)
    assert listed[0]["id"] == "lecture"
    assert all(set(entry) == {"id", "title", "description"} for entry in listed)


@pytest.mark.parametrize(
    ("id", "sizes"), [("lecture", [2, 3, 2]), ("scalar", [1, 1, 1]), ("face-or-car", [64, 16, 2]), ("xor", [2, 3, 1])]
)
def test_an_example_has_its_shape(id: str, sizes: list[int]) -> None:
    assert widths(EXAMPLES[id].experiment) == sizes


@pytest.mark.parametrize("id", EXAMPLES)
def test_an_example_is_ready_to_post(client: TestClient, id: str) -> None:
    served = client.get(f"/api/v1/examples/{id}").json()
    assert client.post("/api/v1/step", json=served).status_code == 200
    assert decode(served).iteration == 0
    assert step(served)["trace"] == step(EXAMPLES[id].experiment)["trace"]


@pytest.mark.parametrize("id", EXAMPLES)
def test_an_example_learns(id: str) -> None:
    document = EXAMPLES[id].experiment
    costs = []
    for _ in range(60):
        answer = step(document, lean=True)
        costs.append(answer["trace"]["cost"])
        document = answer["experiment"]
    assert all(map(math.isfinite, costs))
    assert min(costs[-10:]) < costs[0]


def test_the_lectures_example_is_the_lectures() -> None:
    document = EXAMPLES["lecture"].experiment
    assert document["data"]["classes"] == ["face", "car"]
    assert document["data"]["y"] == [[1, 0]]
    assert all(layer["activation"] == "sigmoid" for layer in document["network"]["layers"])


def test_there_are_drawings_enough_and_none_is_both_learned_and_held_back() -> None:
    data = EXAMPLES["face-or-car"].experiment["data"]
    for sort in ([1, 0], [0, 1]):
        assert data["y"].count(sort) >= 20
        assert data["held_back"]["y"].count(sort) >= 4
    drawings = [tuple(row) for row in data["x"] + data["held_back"]["x"]]
    assert len(set(drawings)) == len(drawings)
    assert data["image_shape"] == [8, 8]
