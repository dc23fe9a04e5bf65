"""Weights as JSON: a state_dict, scikit-learn's arrays, and which way their matrices stand."""

import json
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from app.documents.problems import Problem
from tests.models.reading import Answer, read

DRAWN = np.random.default_rng(7)


def drawn(*shape: int) -> list[Any]:
    found: list[Any] = np.round(DRAWN.normal(0, 1, shape), 2).tolist()
    return found


def pasted(document: Any, **choices: Any) -> Answer:
    return read(json.dumps(document).encode(), **choices)


def layers(answer: Answer) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = answer["experiment"]["network"]["layers"]
    return found


STATE = {"fc1.weight": drawn(4, 3), "fc1.bias": drawn(4), "fc2.weight": drawn(2, 4), "fc2.bias": drawn(2)}
SCIKIT = {"coefs_": [drawn(3, 4), drawn(4, 2)], "intercepts_": [drawn(4), drawn(2)]}


def test_a_state_dict_is_turned_and_that_is_told() -> None:
    answer = pasted(STATE)
    first, second = layers(answer)
    assert first["weights"].T.tolist() == STATE["fc1.weight"]
    assert second["bias"].tolist() == STATE["fc2.bias"]
    assert (first["activation"], second["activation"]) == ("relu", "identity")
    assert "row for each output" in answer["notes"][0]
    assert not answer["fits_both_ways"]
    assert "turned" in answer["notes"][0]


def test_what_comes_out_is_what_a_matrix_by_a_column_gives() -> None:
    answer = pasted(STATE, activation="tanh", last="sigmoid")
    first, second = layers(answer)
    x = np.array(drawn(3))
    hidden = np.tanh(np.array(STATE["fc1.weight"]) @ x + STATE["fc1.bias"])
    right = np.array(STATE["fc2.weight"]) @ hidden + STATE["fc2.bias"]
    ours = np.tanh(x @ first["weights"] + first["bias"]) @ second["weights"] + second["bias"]
    np.testing.assert_allclose(ours, right, rtol=1e-15)
    assert (first["activation"], second["activation"]) == ("tanh", "sigmoid")


@pytest.mark.parametrize("end", ["", "_"])
def test_scikit_learns_arrays_stay_as_they_are(end: str) -> None:
    answer = pasted({f"coefs{end}": SCIKIT["coefs_"], f"intercepts{end}": SCIKIT["intercepts_"]})
    assert layers(answer)[0]["weights"].tolist() == SCIKIT["coefs_"][0]
    assert "row for each input" in answer["notes"][0]
    assert "turned" not in answer["notes"][0]


def test_activations_that_stand_beside_the_arrays_are_taken() -> None:
    answer = pasted({**SCIKIT, "activation": "logistic", "out_activation_": "softmax"})
    assert [it["activation"] for it in layers(answer)] == ["sigmoid", "softmax"]
    chosen = {it["name"]: it for it in answer["chosen"]}
    assert chosen["cost"]["value"] == "cross_entropy"
    assert chosen["activation"]["why"] == "it stands beside the weights"


def test_why_an_activation_was_taken_is_told() -> None:
    chosen = {it["name"]: it for it in pasted(STATE)["chosen"]}
    assert "activation=" in chosen["activation"]["why"]
    assert "last=softmax" in chosen["last"]["why"]
    assert {it["name"]: it["why"] for it in pasted(STATE, activation="tanh")["chosen"]}[
        "activation"
    ] == "the query says so"


def test_a_matrix_without_a_bias_has_none() -> None:
    assert layers(pasted({"fc.weight": drawn(2, 3)}))[0]["bias"] is None
    assert layers(pasted({"weights": [drawn(3, 2)]}, weights="in_out"))[0]["bias"] is None


@pytest.mark.parametrize(
    ("document", "shape"),
    [
        ({"W0": drawn(3, 4), "b0": drawn(4), "W1": drawn(4, 1), "b1": drawn(1)}, (3, 4)),
        ({"dense/kernel": drawn(3, 4), "dense/bias": drawn(4)}, (3, 4)),
        ({"weights": [drawn(4, 3), drawn(2, 4)], "biases": [drawn(4), drawn(2)]}, (3, 4)),
        ({"coef_": drawn(2, 3), "intercept_": drawn(2)}, (3, 2)),
        ({"coef_": drawn(3), "intercept_": 0.5}, (3, 1)),
        ({"0.weight": drawn(4, 3), "2.weight": drawn(1, 4)}, (3, 4)),
    ],
)
def test_other_names_are_known(document: Any, shape: tuple[int, int]) -> None:
    assert layers(pasted(document))[0]["weights"].shape == shape


def test_layers_come_in_the_order_of_their_numbers() -> None:
    sorted_as_text = {f"net.{k}.weight": np.full((2, 2), float(k)).tolist() for k in (0, 10, 2)}
    answer = pasted(sorted_as_text)
    assert [it["weights"][0][0] for it in layers(answer)] == [0, 2, 10]
    assert "order of their numbers: net.0.weight, net.2.weight, net.10.weight" in answer["notes"][0]
    backwards = {"W1": drawn(4, 2), "b1": drawn(2), "W0": drawn(3, 4), "b0": drawn(4)}
    assert [it["weights"].shape for it in layers(pasted(backwards))] == [(3, 4), (4, 2)]
    of_names = {"hidden.weight": [[2.0]], "first.weight": [[3.0]]}
    assert [it["weights"][0][0] for it in layers(pasted(of_names))] == [2, 3]


def test_a_bias_may_be_a_column() -> None:
    """As books print it beside W · x."""
    answer = pasted({"weights": [drawn(4, 3), drawn(1, 4)], "biases": [[[1], [2], [3], [4]], [[5]]]})
    assert [it["bias"].tolist() for it in layers(answer)] == [[1, 2, 3, 4], [5]]
    assert layers(pasted({"fc.weight": drawn(1, 3), "fc.bias": 0.5}))[0]["bias"].tolist() == [0.5]


SQUARE = drawn(3, 3)


def test_sizes_that_chain_both_ways_are_refused_with_both_readings() -> None:
    with pytest.raises(Problem) as problem:
        pasted({"W0": SQUARE, "b0": drawn(3)})
    assert "weights=in_out" in problem.value.detail
    assert "weights=out_in" in problem.value.detail
    assert [it.pointer for it in problem.value.errors] == ["query:weights"]
    assert layers(pasted({"W0": SQUARE}, weights="in_out"))[0]["weights"].tolist() == SQUARE
    assert layers(pasted({"W0": SQUARE}, weights="out_in"))[0]["weights"].T.tolist() == SQUARE
    assert pasted({"W0": SQUARE}, weights="out_in")["fits_both_ways"]


def test_names_of_a_library_say_which_way_where_sizes_do_not() -> None:
    answer = pasted({"fc.weight": SQUARE})
    assert layers(answer)[0]["weights"].T.tolist() == SQUARE
    assert "by the names" in answer["notes"][0]
    assert "weights=" in answer["notes"][0]
    assert answer["fits_both_ways"]
    assert layers(pasted({"coefs_": [SQUARE]}))[0]["weights"].tolist() == SQUARE


def test_sizes_say_more_than_names() -> None:
    answer = pasted({"fc1.weight": drawn(3, 4), "fc1.bias": drawn(4)})
    assert layers(answer)[0]["weights"].shape == (3, 4)
    assert "against what such names mean" in answer["notes"][0]


@pytest.mark.parametrize(
    ("document", "choices", "told"),
    [
        ({}, {}, "state_dict"),
        ({"fc1.weight": drawn(4, 3), "fc2.weight": drawn(2, 5)}, {}, '"fc2.weight" takes 5 and 4 come'),
        (STATE, {"weights": "in_out"}, '"fc1.weight" gives 3 and its bias has 4'),
        ({"conv.weight": [[drawn(3, 3)]]}, {}, "ONNX"),
        ({"norm.weight": drawn(3)}, {}, '"norm.weight"'),
        ({"fc.weight": [[1, 2], [3]]}, {}, "equally long"),
        ({"fc.weight": [["a", 1]]}, {}, "numbers"),
        ({"fc.weight": [[True]]}, {}, "numbers"),
        ({"fc.bias": [1]}, {}, "bias without its weight"),
        ({"running_mean": [1]}, {}, '"running_mean"'),
        ({"coefs": [drawn(2, 3)], "intercepts": []}, {}, "intercepts"),
        ({"coefs": 3}, {}, "coefs"),
        ({"coefs": [drawn(2, 3)], "extra": 1}, {}, '"extra"'),
        ({"coefs": [drawn(2, 3)], "activation": "what"}, {}, "relu"),
        ({"fc.weight": np.zeros((2, 1500)).tolist()}, {}, "1024"),
        ({"fc.weight": []}, {}, '"fc.weight"'),
        ([1, 2], {}, "object"),
    ],
)
def test_what_is_wrong_is_named(document: Any, choices: dict[str, Any], told: str) -> None:
    with pytest.raises(Problem) as problem:
        pasted(document, **choices)
    assert problem.value.status < 500
    assert told in problem.value.detail


def test_a_number_beyond_the_doubles_is_refused() -> None:
    with pytest.raises(Problem, match="not finite"):
        read(b'{"fc.weight": [[1e999]]}')


def test_over_http(client: TestClient) -> None:
    answer = client.post("/api/v1/model?activation=sigmoid", json=STATE)
    assert answer.status_code == 200
    assert client.post("/api/v1/trace", json=answer.json()["experiment"]).status_code == 200
    assert client.post("/api/v1/model", content=b'{"a": 1, "a": 2}').status_code == 400
