"""Between documents and arrays: nothing is lost on the way."""

import json

import numpy as np
import pytest
from hypothesis import given

from app import limits
from app.core.explaining.observations import NOTHING
from app.core.training import iteration
from app.documents import encoding, traces
from tests.helpers import Document, decode, every_pair, lecture, name_of, network, networks, read, step, trace


@given(networks())
def test_every_number_reads_back_to_the_same_bits(document: Document) -> None:
    experiment = decode(document)
    run = iteration.trace(experiment)
    answer = json.loads(encoding.dumps(traces.trace(experiment, run, NOTHING, lean=False)))
    for number, node in enumerate(answer["nodes"]):
        assert np.array(node["value"], dtype=float).tobytes() == np.asarray(run.values[number]).tobytes()
        assert np.array(node["gradient"], dtype=float).tobytes() == np.asarray(run.backward.gradients[number]).tobytes()
    for number, edge in enumerate(answer["partials"]):
        assert np.array(edge["value"], dtype=float).tobytes() == run.backward.partials[number].tobytes()
        assert np.array(edge["contribution"], dtype=float).tobytes() == run.backward.contributions[number].tobytes()


@pytest.mark.parametrize("document", every_pair(), ids=name_of)
def test_an_experiment_read_and_written_is_the_same(document: Document) -> None:
    written = json.loads(encoding.dumps(traces.experiment(*read(document))))
    assert json.loads(encoding.dumps(traces.experiment(*read(written)))) == written
    for layer, other in zip(document["network"]["layers"], written["network"]["layers"], strict=True):
        assert {name: other[name] for name in layer} == layer
    assert written["data"] == document["data"]


def test_defaults_are_written_out() -> None:
    document = network(1, [1, 1], ["leaky_relu"])
    del document["optimizer"], document["network"]["cost"], document["network"]["reduction"]
    experiment = step(document)["experiment"]
    assert experiment["network"]["layers"][0]["slope"] == 0.01
    assert experiment["network"]["cost"] == "squared_error"
    assert experiment["network"]["reduction"] == "mean"
    assert experiment["optimizer"] == {"name": "sgd", "learning_rate": 0.001}


def test_a_node_and_an_edge_are_those_of_the_contract() -> None:
    answer = trace(lecture())
    told = {"divergence", "warnings", "prediction", "probabilities", "row_costs"}
    assert set(answer) == {"cost", "status", "nodes", "partials"} | told
    for node in answer["nodes"]:
        said = {"words", "note", "range", "gate"}
        known = [name for name in node if name not in said]
        assert known == ["id", "role", "op", "inputs", "shape", "formula", "value", "gradient"]
        assert ("words" in node) == (node["op"] is not None)
    for edge in answer["partials"]:
        assert {"of", "wrt", "rule", "formula", "uses", "value", "contribution"} <= set(edge)


@pytest.mark.parametrize("document", every_pair(), ids=name_of)
def test_each_row_has_its_cost(document: Document) -> None:
    answer = trace(document)
    rows = answer["row_costs"]
    share = 1 / len(rows) if document["network"].get("reduction", "mean") == "mean" else 1
    assert sum(rows) * share == pytest.approx(answer["cost"], rel=1e-14)
    data = document["data"]
    for number, cost in enumerate(rows):
        alone = trace(document | {"data": {"x": [data["x"][number]], "y": [data["y"][number]]}, "batch_size": None})
        assert alone["row_costs"] == [alone["cost"]] == pytest.approx([cost], rel=1e-14)


def test_formulas_name_the_nodes_of_the_trace() -> None:
    answer = trace(lecture())
    formulas = {node["id"]: node["formula"] for node in answer["nodes"]}
    assert formulas["m0"] == "m0 = x · W0"
    assert formulas["a1"] == "a1 = 1 / (1 + exp(−m1))"
    assert formulas["C"] == "C = Σ (a1 − y)²"
    edges = {(edge["of"], edge["wrt"]): (edge["formula"], edge["chain"]) for edge in answer["partials"]}
    assert edges["C", "a1"] == ("∂C/∂a1 = 2 · (a1 − y)", "∂C/∂a1 = 2 · (a1 − y)")
    assert edges["a1", "m1"] == ("∂a1/∂m1 = a1 ⊙ (1 − a1)", "∂C/∂m1 = ∂C/∂a1 ⊙ ∂a1/∂m1")
    assert edges["m1", "W1"] == ("∂m1/∂W1 = a0", "∂C/∂W1 = ∂m1/∂W1ᵀ · ∂C/∂m1")
    assert edges["m1", "a0"] == ("∂m1/∂a0 = W1", "∂C/∂a0 = ∂C/∂m1 · ∂m1/∂a0ᵀ")


def check_parts(document: Document) -> None:
    """What is written in parts, against the whole document written at once; each array of it is written once."""
    beside, experiment = read(document)
    run, stepped = iteration.trace(experiment), iteration.whole_step(experiment)
    for lean in (False, True):
        for answer in (
            traces.trace(experiment, run, NOTHING, lean),
            traces.step(beside, experiment, stepped, NOTHING, lean),
        ):
            assert b"".join(encoding.parts(answer)) == encoding.dumps(answer)


@pytest.mark.parametrize("document", every_pair(), ids=name_of)
def test_parts_have_the_bytes_of_the_whole(document: Document) -> None:
    check_parts(document)


def test_what_is_not_finite_is_spelled_out() -> None:
    document = network(1, [2, 2], ["identity"]) | {"title": "\x00 , , [null"}
    check_parts(document)
    document["network"]["layers"][0]["weights"][0][0] = 1e200
    check_parts(document)
    experiment = decode(document)
    run = iteration.trace(experiment)
    assert (run.status, b'"Infinity"' in encoding.dumps(traces.trace(experiment, run, NOTHING, lean=False))) == (
        "diverged",
        True,
    )


def test_a_cost_that_is_a_whole_number_is_told_alike_in_both_places() -> None:
    document = network(1, [1, 1], ["identity"])
    document["network"]["layers"][0] |= {"weights": [[1.0]], "bias": [0.0]}
    document["data"] |= {"x": [[1.0]], "y": [[0.0]]}
    answer = encoding.dumps(traces.trace(decode(document), iteration.trace(decode(document)), NOTHING, lean=False))
    assert answer.startswith(b'{"cost":1.0,')
    assert answer.count(b'"value":1.0,"gradient":1}') == 1, "C, and the slope of C by itself"


def test_minus_zero_is_zero_wherever_a_graph_is_kept_by_it() -> None:
    first, second = (network(3, [1, 1], ["leaky_relu"]) for _ in range(2))
    first["network"]["layers"][0]["slope"], second["network"]["layers"][0]["slope"] = 0.0, -0.0
    kept = [
        encoding.dumps(traces.trace(decode(it), iteration.trace(decode(it)), NOTHING, lean=False))
        for it in (second, first, second)
    ]
    assert kept[0] == kept[1] == kept[2]


def test_the_next_experiment_can_be_posted_for_ever() -> None:
    document = lecture()
    document["optimizer"] = {"name": "adam", "learning_rate": 0.1}
    document = step(document)["experiment"]
    for memory in document["optimizer_state"].values():
        memory["t"] = limits.ITERATION
    document["iteration"] = limits.ITERATION
    following = step(step(document)["experiment"])["experiment"]
    assert following["iteration"] == limits.ITERATION
    assert {memory["t"] for memory in following["optimizer_state"].values()} == {limits.ITERATION}
