"""Formulas over HTTP: every endpoint takes them, a network can be turned into them, faults have a line and a column."""

import json
import os
import re
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from app import examples
from tests.core.formulas.programs import Program
from tests.helpers import network
from tests.test_api import check_problem
from tests.test_exports import ALL, TORCH, torch_python

V1 = "/api/v1"
NEURON: dict[str, Any] = {
    "title": "A neuron",
    "formulas": {
        "text": "m = w @ x + b\na = tanh(m)\nC = (a - t)**2",
        "parameters": {"w": [0.5, -1.2], "b": 0.1},
        "constants": {"x": [1, 2], "t": 1},
    },
    "optimizer": {"name": "sgd", "learning_rate": 0.1},
}
ATTENTION = """
Q = X @ WQ
K = X @ WK
V = X @ WV
S = where(mask > 0, Q @ K.T / sqrt(2), -1e9)
A = softmax(S)
O = A @ V
C = sum((O - Y)**2)
"""


def ask(client: TestClient, path: str, document: Any) -> Any:
    answer = client.post(V1 + path, json=document)
    assert answer.status_code == 200, answer.text
    return answer.json()


def with_formulas(**change: Any) -> dict[str, Any]:
    return {**NEURON, "formulas": {**NEURON["formulas"], **change}}


def as_document(program: Program) -> dict[str, Any]:
    parameters = {name: np.asarray(value).tolist() for name, value in program.leaves.items()}
    return {"formulas": {"text": program.text, "parameters": parameters}, "optimizer": {"name": "adam"}}


def test_the_neuron_by_hand(client: TestClient) -> None:
    trace = ask(client, "/trace", NEURON)
    m = 0.5 - 2.4 + 0.1
    a = np.tanh(m)
    nodes = {node["id"]: node for node in trace["nodes"]}
    assert nodes["m"]["value"] == pytest.approx(m, rel=1e-15)
    assert trace["cost"] == pytest.approx((a - 1) ** 2, rel=1e-15)
    slope = 2 * (a - 1) * (1 - a * a)
    assert nodes["w"]["gradient"] == pytest.approx([slope, 2 * slope], rel=1e-14)
    assert nodes["b"]["gradient"] == pytest.approx(slope, rel=1e-14)
    assert nodes["x"]["gradient"] == pytest.approx([0.5 * slope, -1.2 * slope], rel=1e-14)
    assert (nodes["m.1"]["label"], nodes["m.1"]["scope"], nodes["m"]["label"]) == ("w @ x", "m", "m")
    assert (nodes["w"]["role"], nodes["x"]["role"]) == ("parameter", "constant")
    assert trace["prediction"] is None


def test_every_endpoint_takes_them(client: TestClient) -> None:
    step = ask(client, "/step", NEURON)
    assert [update["parameter"] for update in step["updates"]] == ["w", "b"]
    assert ask(client, "/trace", step["experiment"])["cost"] < step["trace"]["cost"]
    assert ask(client, "/check", NEURON)["verdicts"]["agrees"] == 3
    assert ask(client, "/formulas", NEURON)["formulas"] == NEURON["formulas"]
    lines = client.post(V1 + "/train?steps=30&every=10", json=NEURON).text.splitlines()
    assert json.loads(lines[-1])["cost"] < json.loads(lines[0])["cost"]
    for language in ("numpy", "pytorch", "latex", "curl"):
        assert client.post(V1 + f"/export?as={language}", json=NEURON).status_code == 200


@pytest.mark.parametrize("query", ["parameter=w&column=1", "parameter=b", "parameter=x&column=0", "parameter=t"])
def test_a_number_of_any_leaf_is_explained(client: TestClient, query: str) -> None:
    chain = ask(client, f"/chain?{query}", NEURON)
    assert sum(term["product"] for term in chain["terms"]) == pytest.approx(chain["gradient"], rel=1e-12)
    assert chain["verdict"] == "agrees"
    slope = ask(client, f"/slope?{query}&points=5&steps=2", NEURON)
    assert slope["slope"] == chain["gradient"]


def test_what_is_addressed_wrongly_is_told(client: TestClient) -> None:
    for query, pointer in (
        ("parameter=w", "query:column"),
        ("parameter=w&column=2", "query:column"),
        ("parameter=w&row=1&column=0", "query:row"),
        ("parameter=b&column=1", "query:column"),
        ("parameter=q", "query:parameter"),
    ):
        problem = check_problem(client.post(f"{V1}/chain?{query}", json=NEURON), 422)
        assert problem["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize("seed", range(8))
def test_training_is_posts_of_step_bit_for_bit(client: TestClient, seed: int) -> None:
    document = as_document(Program(seed, 6))
    lines = client.post(V1 + "/train?steps=5&every=1", json=document).text.splitlines()
    trained = json.loads(lines[-1])
    stepped = document
    for _ in range(5):
        stepped = ask(client, "/step", stepped)["experiment"]
    assert trained["experiment"] == stepped


@pytest.mark.parametrize("id", ["lecture", "xor", "moons", "face-or-car"])
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_a_network_and_its_formulas_have_the_same_numbers(client: TestClient, id: str, reduction: str) -> None:
    document = json.loads(json.dumps(examples.load()[id].experiment))
    document["network"]["reduction"] = reduction
    written = ask(client, "/formulas", document)
    assert "network" not in written
    one, other = ask(client, "/step", document), ask(client, "/step", written)
    nodes = {node["id"]: node for node in other["trace"]["nodes"]}
    for node in one["trace"]["nodes"]:
        assert nodes[node["id"]]["value"] == node["value"]
        assert nodes[node["id"]]["gradient"] == node["gradient"]
        assert nodes[node["id"]]["shape"] == node["shape"]
    assert other["trace"]["prediction"] == one["trace"]["prediction"]
    assert other["trace"]["row_costs"] == one["trace"]["row_costs"]
    for ours, theirs in zip(one["updates"], other["updates"], strict=True):
        assert ours["after"] == theirs["after"]


def test_every_activation_and_cost_is_written_down(client: TestClient) -> None:
    for seed, activation in enumerate(("tanh", "relu", "leaky_relu", "softplus", "gelu", "silu", "identity")):
        document = network(seed, [2, 3, 2], [activation, "softmax"], "cross_entropy", rows=3)
        one, other = ask(client, "/trace", document), ask(client, "/trace", ask(client, "/formulas", document))
        assert one["cost"] == other["cost"]
        gradients = {node["id"]: node["gradient"] for node in other["nodes"]}
        assert all(gradients[node["id"]] == node["gradient"] for node in one["nodes"])


def test_data_are_the_rows_of_the_iteration(client: TestClient) -> None:
    document = ask(client, "/formulas", network(1, [2, 3, 1], ["tanh", "sigmoid"], rows=5)) | {"batch_size": 2}
    shapes = {node["id"]: node["shape"] for node in ask(client, "/trace", document)["nodes"]}
    assert (shapes["x"], shapes["y"], shapes["m0"]) == ([2, 2], [2, 1], [2, 3])
    first = ask(client, "/step", document)["experiment"]
    assert ask(client, "/trace", first)["nodes"][0]["value"] == document["data"]["x"][2:4]


def test_attention_with_a_mask_has_no_gradient_where_it_is_masked(client: TestClient) -> None:
    rng = np.random.default_rng(2)
    names = {"X": (3, 2), "WQ": (2, 2), "WK": (2, 2), "WV": (2, 2)}
    parameters = {name: rng.normal(size=shape).tolist() for name, shape in names.items()}
    constants = {"Y": rng.normal(size=(3, 2)).tolist(), "mask": [[1, 0, 0], [1, 1, 0], [1, 1, 1]]}
    document = {"formulas": {"text": ATTENTION, "parameters": parameters, "constants": constants}}
    trace = ask(client, "/trace", document)
    nodes = {node["id"]: node for node in trace["nodes"]}
    assert np.triu(nodes["A"]["value"], 1).tolist() == np.zeros((3, 3)).tolist()
    assert np.triu(nodes["S.3"]["gradient"], 1).tolist() == np.zeros((3, 3)).tolist()
    assert ask(client, "/check", document)["verdicts"]["differs"] == 0


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"parameters": {"w": [0.5, -1.2]}}, "/formulas/text"),
        ({"parameters": {"w": [0.5, -1.2], "b": 0.1, "q": 3}}, "/formulas/parameters/q"),
        ({"parameters": {"w": [0.5, "a"], "b": 0.1}}, "/formulas/parameters/w"),
        ({"parameters": {"w": [], "b": 0.1}}, "/formulas/parameters/w"),
        ({"parameters": {"w": [[1, 2], [3]], "b": 0.1}}, "/formulas/parameters/w"),
        ({"parameters": {"w": [[[1]]], "b": 0.1}}, "/formulas/parameters/w"),
        ({"parameters": {"w": True, "b": 0.1}}, "/formulas/parameters/w"),
        ({"parameters": {"w": None, "b": 0.1}}, "/formulas/parameters/w"),
        ({"parameters": {"w": [0.5, -1.2], "b": 0.1, "x": 3}}, "/formulas/constants/x"),
        ({"parameters": {"w": [0.5, -1.2], "b": 0.1, "1a": 3}}, "/formulas/parameters/1a"),
        ({"parameters": {"w": [0.5, -1.2], "b": 0.1, "sum": 3}}, "/formulas/parameters/sum"),
        ({"text": "C = w @ x"}, "/formulas/parameters/b"),
        ({"text": 3}, "/formulas/text"),
        ({"text": "C = w ^ x + b + t"}, "/formulas/text"),
    ],
)
def test_wrong_values_are_told_where_they_are(client: TestClient, change: Any, pointer: str) -> None:
    problem = check_problem(client.post(V1 + "/trace", json=with_formulas(**change)), 422)
    assert pointer in {fault["pointer"] for fault in problem["errors"]}, problem


def test_a_fault_of_the_text_has_its_line_and_column(client: TestClient) -> None:
    problem = check_problem(client.post(V1 + "/trace", json=with_formulas(text="m = w @ x + b\n\nC = m ^ t")), 422)
    (fault,) = problem["errors"]
    assert (fault["line"], fault["column"]) == (3, 5)
    assert fault["detail"] == "line 3, column 5: `^` is not a power here; write `**`"


def test_an_experiment_has_a_network_or_formulas(client: TestClient) -> None:
    lecture = examples.load()["lecture"].experiment
    both = check_problem(client.post(V1 + "/trace", json={**lecture, "formulas": NEURON["formulas"]}), 422)
    assert both["errors"][0]["pointer"] == "/formulas"
    neither = check_problem(client.post(V1 + "/trace", json={"data": lecture["data"]}), 422)
    assert neither["errors"][0]["pointer"] == "/network"
    unread = check_problem(client.post(V1 + "/trace", json={**NEURON, "data": lecture["data"]}), 422)
    assert unread["errors"][0]["pointer"] == "/formulas/constants/x"
    batch = check_problem(client.post(V1 + "/trace", json={**NEURON, "batch_size": 2}), 422)
    assert batch["errors"][0]["pointer"] == "/batch_size"


@pytest.mark.parametrize("seed", range(24))
def test_the_numpy_script_prints_the_numbers_of_the_trace(client: TestClient, seed: int) -> None:
    document = as_document(Program(seed, 3 + seed % 9))
    step = ask(client, "/step", document)
    text = client.post(V1 + "/export?as=numpy", json=document).text
    ran = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
    assert_prints(ran.stdout, step, text)


AMONG_NUMBERS: dict[str, Any] = {
    "formulas": {
        "text": "m = maximum(u, 0) + minimum(0.5, v)\nk = where(u > 0.7, 2, 1)\nc = clip(u, v, 1) + clip(u, -1, 1)\n"
        "C = sum(m * k * c + 2 ** u + where(u > v, 1, v))",
        "parameters": {"u": [0.5, 1.0, 0.0], "v": [0.3, 0.5, 0.75]},
    }
}


def test_a_number_is_a_tensor_of_pytorch_where_its_neighbour_is(client: TestClient) -> None:
    """torch.maximum takes no number, torch.clip either two or none; of two numbers where makes what has no gradient."""
    text = client.post(V1 + "/export?as=pytorch", json=AMONG_NUMBERS).text
    for line in (
        "torch.maximum(u, torch.tensor(0.0, dtype=torch.float64))",
        "torch.minimum(torch.tensor(0.5, dtype=torch.float64), v)",
        "k = torch.where(u > 0.7, torch.tensor(2.0, dtype=torch.float64), torch.tensor(1.0, dtype=torch.float64))"
        ".requires_grad_()",
        "torch.clip(u, v, torch.tensor(1.0, dtype=torch.float64))",
        "torch.clip(u, (-1.0), 1.0)",
        "torch.where(u > v, 1.0, v)",
    ):
        assert line in text, text


def test_the_pytorch_scripts_print_the_numbers_of_the_trace(client: TestClient) -> None:
    """All in one process: torch takes seconds to import."""
    python = torch_python()
    if python is None:
        pytest.skip(f"NO PYTORCH: the scripts of formulas were not run. Set {TORCH} to a Python that has torch.")
    documents = [as_document(Program(seed, 3 + seed % 9)) for seed in range(48)]
    documents += [AMONG_NUMBERS, *(it.experiment for it in examples.load().values() if it.kind == "formulas")]
    scripts = [client.post(V1 + "/export?as=pytorch", json=it).text for it in documents]
    ran = subprocess.run(
        [python, "-I", "-c", ALL],
        input=json.dumps(scripts),
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    for document, text, printed in zip(documents, scripts, json.loads(ran.stdout), strict=True):
        assert_prints(printed, ask(client, "/step", document), text)


def assert_prints(text: str, step: Any, script: str) -> None:
    """Whether what a script printed are the values and gradients of the step's trace."""
    printed = dict(line.split(" ", 1) for line in text.replace("grad ", "grad~").splitlines())
    for node in step["trace"]["nodes"]:
        name = node["id"].replace(".", "_")
        for label, value in ((name, node["value"]), (f"grad~{name}", node["gradient"])):
            array = np.asarray(value, dtype=float)
            rows = [array] if array.ndim < 2 else list(array)
            keys = [label] if array.ndim < 2 else [f"{label}[{row}]" for row in range(len(rows))]
            for key, row in zip(keys, rows, strict=True):
                found = [float(it) for it in printed[key].split()]
                assert found == pytest.approx(np.ravel(row).tolist(), rel=1e-9, abs=1e-12), f"{key}\n{script}"


def test_the_catalog_lists_what_may_be_called(client: TestClient) -> None:
    functions = client.get(V1 + "/catalog").json()["functions"]
    names = {it["name"] for it in functions}
    assert {"exp", "softmax", "where", "sum", "concat", "windows", "squared_error"} <= names
    assert all(it["words"] and it["usage"].startswith(it["name"]) for it in functions)


def test_a_part_of_a_line_is_called_what_is_written_where_that_is_short(client: TestClient) -> None:
    text = "C = sum(((w * x + b) * (w - x) / exp(w + x + b) - sqrt(w)) ** 2)"
    values = {"w": 0.5, "x": 2.0, "b": -1.0}
    answer = ask(client, "/trace", {"formulas": {"text": text, "parameters": values}})
    words = {node["id"]: node.get("words") for node in answer["nodes"]}
    labels = {node["id"]: node.get("label") for node in answer["nodes"]}
    told = {labels[id]: it for id, it in words.items() if it}
    assert told["w · x + b"] == "Add (w · x) and b"
    assert re.fullmatch(r"Multiply C\.\d by \(w − x\)", told["(w · x + b) · (w − x)"])


@pytest.mark.parametrize("id", [id for id, it in examples.load().items() if it.kind == "formulas"])
def test_what_each_operation_does_is_said_in_a_breath(client: TestClient, id: str) -> None:
    """The page adds "that is C.1": fourteen words in all."""
    for node in ask(client, "/trace", examples.load()[id].experiment)["nodes"]:
        said = node.get("words", "").split(". ")[0]
        assert len(said.split()) <= 11, said
        assert (said == "") == (node["role"] != "computed")


def test_what_only_a_condition_reads_has_no_gradient_and_leaves_the_others_theirs(client: TestClient) -> None:
    text = "u = w * 2\nC = sum(where(u > w[:1] + u[1:], w ** 2, 3 * w))"
    document = {"formulas": {"text": text, "parameters": {"w": [2.0, -1.0]}}, "optimizer": {"name": "sgd"}}
    nodes = {node["id"]: node for node in ask(client, "/trace", document)["nodes"]}
    assert nodes["w"]["gradient"] == [4.0, 3.0]
    assert nodes["u"]["gradient"] == [0.0, 0.0]
    assert ask(client, "/step", document)["trace"]["status"] == "ok"
    assert ask(client, "/check", document)["verdicts"]["agrees"] == 2
