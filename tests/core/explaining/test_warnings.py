"""What is legal but cannot be meant is said, where it is; and nothing is said of what can be meant."""

from typing import Any

import pytest
from hypothesis import given

from app.core.graph.activations import ACTIVATIONS
from tests.helpers import Document, every_pair, name_of, network, networks, step, trace


def of_one(activation: str, cost: str, y: list[float], m: list[float] | None = None) -> Document:
    """One layer with that output, one row."""
    document = network(1, [1, len(y)], [activation], cost, bias=False, rows=1)
    document["network"]["layers"][0]["weights"] = [m or [0.5] * len(y)]
    document["data"] = {"x": [[1.0]] if not m or max(m) < 1e300 else [[10.0]], "y": [y]}
    return document


@pytest.mark.parametrize(
    ("document", "pointer", "words"),
    [
        (of_one("sigmoid", "binary_cross_entropy", [2.0]), "/data/y/0/0", "lie in 0 … 1; y[0,0] is 2"),
        (of_one("sigmoid", "half_squared_error", [2.0]), "/data/y/0/0", "never reaches the target, y[0,0] is 2"),
        (of_one("tanh", "squared_error", [0.5, -1.5]), "/data/y/0/1", "from −1 to 1: it never reaches"),
        (of_one("relu", "squared_error", [-0.1]), "/data/y/0/0", "numbers from 0 on"),
        (of_one("gelu", "squared_error", [-0.2]), "/data/y/0/0", "gelu gives numbers from −0.17 on"),
        (of_one("softmax", "cross_entropy", [0.5, 0.2]), "/data/y/0", "those of row 0 add up to 0.7"),
        (of_one("identity", "cross_entropy_from_logits", [1.0, 1.0]), "/data/y/0", "add up to 2"),
        (of_one("identity", "cross_entropy_from_logits", [-1.0, 2.0]), "/data/y/0/0", "y[0,0] is −1"),
        (of_one("tanh", "cross_entropy", [1.0, 0.0]), "/network/cost", "tanh gives numbers from −1 to 1"),
        (of_one("identity", "binary_cross_entropy", [1.0]), "/network/cost", "identity gives any number"),
        (of_one("relu", "cross_entropy", [1.0, 0.0]), "/network/cost", "relu gives numbers from 0 on"),
        (of_one("softplus", "cross_entropy", [1.0, 0.0]), "/network/cost", "or means nothing"),
        (of_one("sigmoid", "squared_error", [0.0], [1e308]), "/network/layers/0/weights", "cannot be trusted"),
        (of_one("sigmoid", "binary_cross_entropy_from_logits", [1.0]), "/network/layers/0/activation", "takes logits"),
        (of_one("identity", "hinge", [1.0, 0.0]), "/data/y/0/1", "hinge are −1 or 1; y[0,1] is 0"),
        (of_one("tanh", "hinge", [-1.0, 2.0]), "/data/y/0/1", "hinge are −1 or 1; y[0,1] is 2"),
        (of_one("sigmoid", "hinge", [-1.0]), "/data/y/0/0", "sigmoid gives numbers from 0 to 1: it never reaches"),
        (of_one("softmax", "kl_divergence", [0.5, 0.2]), "/data/y/0", "those of row 0 add up to 0.7"),
        (of_one("softmax", "kl_divergence", [-1.0, 2.0]), "/data/y/0/0", "kl_divergence lie in 0 … 1; y[0,0] is −1"),
        (of_one("identity", "kl_divergence", [1.0, 0.0]), "/network/cost", "kl_divergence takes outputs above 0"),
        (of_one("softmax", "squared_error", [1.0]), "/network/layers/0/activation", "always 1"),
    ],
)
def test_what_cannot_be_meant_is_told(document: Document, pointer: str, words: str) -> None:
    found = trace(document)["warnings"]
    assert [it["detail"] for it in found if it["pointer"] == pointer and words in it["detail"]], found
    assert step(document)["trace"]["warnings"] == found


@pytest.mark.parametrize(
    "document",
    [
        of_one("sigmoid", "binary_cross_entropy", [1.0, 0.0, 0.3]),
        of_one("sigmoid", "squared_error", [1.0, 0.0]),
        of_one("softmax", "cross_entropy", [0.3333333, 0.3333333, 0.3333334]),
        of_one("sigmoid", "cross_entropy", [1.0, 1.0]),
        of_one("identity", "cross_entropy_from_logits", [1.0, 0.0]),
        of_one("identity", "squared_error", [-1e300]),
        of_one("identity", "absolute_error", [-1e300]),
        of_one("identity", "huber", [1e300]),
        of_one("identity", "hinge", [-1.0, 1.0]),
        of_one("tanh", "hinge", [-1.0, 1.0]),
        of_one("softmax", "kl_divergence", [0.25, 0.75]),
        of_one("leaky_relu", "squared_error", [-5.0]),
    ],
)
def test_what_can_be_meant_is_not(document: Document) -> None:
    assert trace(document)["warnings"] == []


@given(networks(most_layers=3, most_width=4, most_rows=5))
def test_a_pointer_points_into_the_body(document: Document) -> None:
    for warning in trace(document)["warnings"]:
        place: Any = document
        for part in warning["pointer"][1:].split("/"):
            place = place[int(part)] if isinstance(place, list) else place[part]


@pytest.mark.parametrize("document", every_pair(), ids=name_of)
def test_outputs_lie_in_the_range_of_their_activation(document: Document) -> None:
    low, high = ACTIVATIONS[document["network"]["layers"][-1]["activation"]].range
    node = trace(document)["nodes"][-3]
    assert all(low <= entry <= high for row in node["value"] for entry in row)


def test_one_thing_is_told_once() -> None:
    (warning,) = trace(of_one("sigmoid", "binary_cross_entropy", [2.0]))["warnings"]
    assert "targets of binary_cross_entropy" in warning["detail"]
