"""POST /initialize and POST /train, as a client sees them; what an optimizer carries over, checked."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from app import limits
from app.core.training.initializers import INITIALIZERS
from app.core.training.optimizers import OPTIMIZERS
from app.documents import catalog, encoding, traces
from app.documents.problems import Unprocessable
from tests.helpers import BETWEEN_LAYERS, Document, copy, initialized, lecture, network, step

CHOICES: Document = {"sizes": [2, 3, 2], "activations": ["tanh", "softmax"], "cost": "cross_entropy"}
DATASETS = [row["name"] for row in catalog.document()["datasets"]]


def posted(client: TestClient, choices: Document) -> Document:
    answer = client.post("/api/v1/initialize", json=choices)
    assert answer.status_code == 200, answer.text
    document: Document = answer.json()
    return document


def lines_of(answer: Any) -> list[Document]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert answer.text.endswith("\n")
    return [json.loads(line) for line in answer.text.splitlines()]


# --- /initialize ------------------------------------------------------------------------------------------------------


def test_what_comes_back_is_what_was_chosen(client: TestClient) -> None:
    optimizer = {"name": "adam", "learning_rate": 0.05}
    choices = CHOICES | {"dataset": "moons", "optimizer": optimizer, "batch_size": 10, "title": "Mine", "bias": False}
    document = posted(client, choices)
    layers = document["network"]["layers"]
    assert [len(layer["weights"]) for layer in layers] == [2, 3]
    assert [layer["activation"] for layer in layers] == ["tanh", "softmax"]
    assert all(layer["bias"] is None for layer in layers)
    assert document["title"] == "Mine"
    assert document["batch_size"] == 10
    assert document["optimizer"] == {"name": "adam", "learning_rate": 0.05, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
    assert document["optimizer_state"] is None
    assert document["data"]["classes"] == ["upper", "lower"]
    assert client.post("/api/v1/step", json=document).status_code == 200


@given(
    st.integers(0, limits.SEED),
    st.lists(st.integers(1, 9), min_size=2, max_size=7),
    st.sampled_from(list(INITIALIZERS)),
    st.booleans(),
    st.data(),
)
def test_the_same_choices_give_the_same_bytes(
    seed: int, sizes: list[int], initializer: str, bias: bool, data: st.DataObject
) -> None:
    activations = data.draw(st.lists(st.sampled_from(BETWEEN_LAYERS), min_size=len(sizes) - 1, max_size=len(sizes) - 1))
    choices = {"sizes": sizes, "activations": activations, "seed": seed, "initializer": initializer, "bias": bias}
    one, other = (encoding.dumps(traces.experiment(*initialized(copy(choices)))) for _ in range(2))
    assert one == other


@pytest.mark.parametrize("name", DATASETS)
def test_every_dataset_of_the_catalog_can_be_chosen(client: TestClient, name: str) -> None:
    row = next(row for row in client.get("/api/v1/catalog").json()["datasets"] if row["name"] == name)
    choices = {"sizes": [row["inputs"], 4, row["outputs"]], "activations": ["tanh", "sigmoid"], "dataset": name}
    data = posted(client, choices)["data"]
    assert len(data["x"]) == row["rows"]
    assert len(data.get("held_back", {"x": []})["x"]) == row["held_back"]
    other = posted(client, choices | {"data_seed": 1})["data"]
    assert (data != other) == row["drawn"]


def test_another_seed_gives_other_weights_and_the_same_data(client: TestClient) -> None:
    one, other = (posted(client, CHOICES | {"dataset": "moons", "seed": seed}) for seed in (0, 1))
    assert one["data"] == other["data"]
    assert one["network"] != other["network"]


@pytest.mark.parametrize(
    ("wrong", "pointer", "words"),
    [
        ({"sizes": [2]}, "/sizes", "2"),
        ({"sizes": [2, 0, 2]}, "/sizes/1", "1 to 1024"),
        ({"sizes": [2, 1025, 2]}, "/sizes/1", "1 to 1024"),
        ({"sizes": [1000, 1000, 1000, 2], "activations": ["tanh"] * 3}, "/sizes", "250000"),
        ({"sizes": [2, True, 2]}, "/sizes/1", "whole number"),
        ({"activations": ["tanh"]}, "/activations", "2 layers"),
        ({"activations": ["tanh", "step"]}, "/activations/1", "allowed are"),
        ({"bias": [True]}, "/bias", "2 layers"),
        ({"cost": "loss"}, "/cost", "allowed are"),
        ({"reduction": "max"}, "/reduction", "mean, sum"),
        ({"initializer": "ones"}, "/initializer", "zeros, uniform, xavier, he"),
        ({"dataset": "mnist"}, "/dataset", "moons"),
        ({"dataset": "wave"}, "/sizes/0", "wave has 1 input, but the network takes 2"),
        ({"dataset": "face-or-car"}, "/sizes/0", "64 inputs"),
        ({"seed": -1}, "/seed", "0"),
        ({"seed": 2**32}, "/seed", "4294967295"),
        ({"optimizer": {"name": "adam", "momentum": 0.5}}, "/optimizer/momentum", "no field momentum"),
        ({"color": "red"}, "/color", "not a known field"),
    ],
)
def test_a_wrong_choice_is_told(client: TestClient, wrong: Document, pointer: str, words: str) -> None:
    answer = client.post("/api/v1/initialize", json=CHOICES | wrong)
    assert answer.status_code == 422
    faults = answer.json()["errors"]
    assert any(fault["pointer"] == pointer and words in fault["detail"] for fault in faults), faults


# --- /train -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_n_steps_are_n_posts(client: TestClient, name: str) -> None:
    document = network(5, [3, 4, 2], ["tanh", "sigmoid"], rows=5) | {"batch_size": 2}
    document["optimizer"] = {"name": name}
    lines = lines_of(client.post("/api/v1/train?steps=25&every=10", json=document))
    costs = {}
    for iteration in range(25):
        answer = step(document)
        costs[iteration], document = answer["trace"]["cost"], answer["experiment"]
    assert [line["iteration"] for line in lines] == [0, 10, 20, 25]
    assert [line["cost"] for line in lines[:-1]] == [costs[it] for it in (0, 10, 20)]
    assert all(set(line) == {"iteration", "cost"} for line in lines[:-1])
    assert lines[-1] == {
        "iteration": 25,
        "cost": step(document)["trace"]["cost"],
        "status": "ok",
        "experiment": document,
    }


def test_a_lost_run_says_so_in_its_last_line(client: TestClient) -> None:
    document = network(3, [2, 2], ["identity"], rows=2)
    document["optimizer"] = {"name": "sgd", "learning_rate": 1e3}
    last = lines_of(client.post("/api/v1/train?steps=1000&every=1000", json=document))[-1]
    assert last["status"] == "diverged"
    assert last["iteration"] == last["experiment"]["iteration"] < 1000
    assert client.post("/api/v1/step", json=last["experiment"]).status_code == 200


@pytest.mark.parametrize(
    ("asked", "words"),
    [("steps=0", "from 1"), ("steps=1000001", "1000000"), ("every=0", "from 1"), ("step=1", "not known")],
)
def test_a_wrong_question_is_told(client: TestClient, asked: str, words: str) -> None:
    answer = client.post(f"/api/v1/train?{asked}", json=lecture())
    assert answer.status_code == 422
    assert words in answer.json()["errors"][0]["detail"]


def test_too_much_work_is_refused_at_once(client: TestClient) -> None:
    document = network(0, [64, 256, 256, 8], ["tanh", "tanh", "sigmoid"], rows=64)
    answer = client.post("/api/v1/train?steps=1000000", json=document)
    assert answer.status_code == 422
    assert "Fewer steps" in answer.json()["detail"]


# --- what an optimizer carries over -----------------------------------------------------------------------------------


def with_state(change: Any = None) -> Document:
    document = lecture()
    document["optimizer"] = {"name": "adam"}
    document = copy(step(document)["experiment"])
    if change:
        change(document["optimizer_state"])
    return document


def test_what_is_carried_over_can_be_posted(client: TestClient) -> None:
    document = with_state()
    assert list(document["optimizer_state"]) == ["W0", "W1"]
    assert document["optimizer_state"]["W0"]["t"] == 1
    assert client.post("/api/v1/step", json=document).status_code == 200


def _put(state: Document, *path: Any) -> None:
    *way, last, value = path
    place: Any = state
    for key in way:
        place = place[key]
    place[last] = value


@pytest.mark.parametrize(
    ("path", "pointer", "words"),
    [
        (("W0", 3), "/optimizer_state/W0", "an object"),
        (("W0", {}), "/optimizer_state/W0/s", "missing"),
        (("b0", {}), "/optimizer_state/b0", "there are W0, W1"),
        (("W0", "m", 1), "/optimizer_state/W0/m", "there are t, v, s"),
        (("W0", "t", 0.5), "/optimizer_state/W0/t", "whole number"),
        (("W0", "t", True), "/optimizer_state/W0/t", "whole number"),
        (("W0", "t", 2), "/optimizer_state/W1/t", "must be equal"),
        (("W0", "v", [[0.0]]), "/optimizer_state/W0/v", "2 × 3"),
        (("W0", "v", 0.0), "/optimizer_state/W0/v", "2 × 3"),
        (("W0", "v", 0, 1, "a"), "/optimizer_state/W0/v", "finite number"),
        (("W0", "v", 0, 1, None), "/optimizer_state/W0/v", "finite number"),
        (("W0", "v", 0, 1, True), "/optimizer_state/W0/v", "finite number"),
        (("W0", "v", 0, 1, 10**400), "/optimizer_state/W0/v", "finite number"),
        (("W0", "v", 0, 1, []), "/optimizer_state/W0/v", "2 × 3"),
        (("W1", "s", 0, 1, -1e-9), "/optimizer_state/W1/s", "0 or more"),
    ],
)
def test_what_cannot_have_been_carried_over_is_told(
    client: TestClient, path: tuple[Any, ...], pointer: str, words: str
) -> None:
    document = with_state(lambda state: _put(state, *path))
    answer = client.post("/api/v1/step", json=document)
    assert answer.status_code == 422, answer.text
    faults = answer.json()["errors"]
    assert any(fault["pointer"] == pointer and words in fault["detail"] for fault in faults), faults


def test_an_optimizer_that_keeps_nothing_takes_nothing(client: TestClient) -> None:
    document = with_state() | {"optimizer": {"name": "sgd"}}
    assert "carries nothing over" in client.post("/api/v1/step", json=document).json()["detail"]


@pytest.mark.parametrize(
    ("optimizer", "words"),
    [
        ({"name": "adam", "beta1": 1.0}, "less than 1"),
        ({"name": "rmsprop", "alpha": 2}, "less than 1"),
        ({"name": "momentum", "momentum": -0.5}, "0 or more"),
        ({"name": "momentum", "nesterov": 1}, "true or false"),
        ({"name": "momentum", "momentum": True}, "a number"),
    ],
)
def test_a_field_out_of_bounds_is_told(client: TestClient, optimizer: Document, words: str) -> None:
    answer = client.post("/api/v1/step", json=lecture() | {"optimizer": optimizer})
    assert answer.status_code == 422
    assert words in answer.json()["detail"]


def test_lines_of_a_rule_are_told_with_their_numbers(client: TestClient) -> None:
    document = lecture() | {"optimizer": {"name": "adam", "learning_rate": 0.1}}
    for update in client.post("/api/v1/step", json=document).json()["updates"]:
        assert [line["name"] for line in update["lines"]] == ["t", "v", "s", "v̂", "ŝ"]
        assert update["lines"][0]["value"] == 1
        assert update["lines"][1]["formula"] == f"v ← β1 · v + (1 − β1) · ∂C/∂{update['parameter']}"
        gradient = update["gradient"][0][0]
        assert update["lines"][1]["value"][0][0] == pytest.approx(0.1 * gradient, rel=1e-14)
        # At the first update v̂ is the gradient and ŝ its square, so that each weight moves by α against its sign.
        assert update["lines"][3]["value"][0][0] == pytest.approx(gradient, rel=1e-12)


def test_initialize_refuses_what_checks_refuse() -> None:
    with pytest.raises(Unprocessable):
        initialized({"sizes": [2, 1], "activations": ["tanh"], "batch_size": 2})
