"""Why a run has diverged: the node, the entry, and from what."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers import Document, network, step, trace


def of_one(
    x: list[list[float]], W: list[list[float]], activation: str, cost: str, y: list[float], **more: Any
) -> Document:
    document = network(1, [len(W), len(W[0])], [activation], cost, bias=False, rows=len(x), reduction="sum")
    document["network"]["layers"][0]["weights"] = W
    document["data"] = {"x": x, "y": [y] * len(x)}
    return {**document, **more}


FAST = {"optimizer": {"name": "sgd", "learning_rate": 1e300}}


@pytest.mark.parametrize(
    ("document", "node", "entry", "words"),
    [
        (of_one([[1.0, 1e200]], [[1.0], [1e150]], "identity", "squared_error", [0.0]), "m0", [0, 0],
         "x[0,1] = 1e+200 times W0[1,0] = 1e+150"),
        (of_one([[0.0], [1.0]], [[1e200, 1.0]], "identity", "squared_error", [0.0, 0.0]), "C", [],
         "cannot be taken of a0[1,0] = 1e+200 and y[1,0] = 0"),
        (of_one([[1.0]], [[-0.5, 2.0]], "identity", "cross_entropy", [1.0, 0.0]), "C", [], "takes the logarithm"),
        (of_one([[1.0]], [[0.0]], "identity", "binary_cross_entropy", [1.0]), "C", [], "C is infinite"),
        (of_one([[1.0]], [[0.5, 0.5]], "identity", "kl_divergence", [1.5, -0.5]), "C", [],
         "y[0,1] = −0.5. kl_divergence takes the logarithm of the target too"),
        (of_one([[1.0]], [[-0.5, 2.0]], "identity", "kl_divergence", [1.0, 0.0]), "C", [], "a0[0,0] = −0.5 and y"),
        (of_one([[1.0]], [[1e308, -1e308]], "softmax", "cross_entropy", [0.0, 1.0]), "C", [], "in row 0, from m0 ="),
        (of_one([[1e200]], [[1e-47]], "identity", "squared_error", [0.0]), "W0", [0, 0],
         "∂C/∂m0[0,0] = 2e+153 times ∂m0[0,0]/∂W0[0,0] = 1e+200"),
        (of_one([[1.0]], [[1e10]], "identity", "squared_error", [0.0], **FAST), "W0", [0, 0],
         "this update would carry W0[0,0] = 1e+10 beyond"),
    ],
)  # fmt: skip
def test_the_first_number_that_is_lost_is_named(document: Document, node: str, entry: list[int], words: str) -> None:
    answer = step(document)["trace"]
    assert answer["status"] == "diverged"
    found = answer["divergence"]
    assert (found["node"], found["entry"]) == (node, entry)
    assert words in found["detail"]


@pytest.mark.parametrize(
    ("text", "parameters", "node", "entry", "words"),
    [
        ("m = x @ W\nC = sum(m)", {"x": [[1, 1e300], [1e200, 2]], "W": [[1e150], [1]]}, "m", [1, 0],
         "m[1,0] went beyond LARGEST: the largest term of its sum is x[1,0] = 1e+200 times W[0,0] = 1e+150"),
        ("m = w @ X\nC = sum(m)", {"w": [1, 1e200], "X": [[1e300, 1], [1, 1e200]]}, "m", [1],
         "m[1] went beyond LARGEST: the largest term of its sum is w[1] = 1e+200 times X[1,1] = 1e+200"),
        ("m = X @ v\nC = sum(m)", {"v": [1, 1e200], "X": [[1e300, 1], [1, 1e200]]}, "m", [1],
         "m[1] went beyond LARGEST: the largest term of its sum is X[1,1] = 1e+200 times v[1] = 1e+200"),
        ("C = u @ v", {"u": [1, 1e200], "v": [1e300, 1e200]}, "C", [],
         "C went beyond LARGEST: the largest term of its sum is u[1] = 1e+200 times v[1] = 1e+200"),
        ("m = X * row\nC = sum(m)", {"X": [[1, 2], [3, 1e200]], "row": [1e300, 1e150]}, "m", [1, 1],
         "m[1,1] is infinite: multiply of X[1,1] = 1e+200 and row[1] = 1e+150"),
        ("m = X / col\nC = sum(m)", {"X": [[1, 2], [3, 1e200]], "col": [[2], [0]]}, "m", [1, 0],
         "m[1,0] is infinite: divide of X[1,0] = 3 and col[1,0] = 0"),
        ("s = sum(X, axis=0)\nC = sum(s)", {"X": [[1e5, 1e308], [2, 1.5e308]]}, "s", [1],
         "s[1] is infinite: sum of X[1,1] = 1.5e+308"),
        ("m = where(u > 0, exp(u), u)\nC = sum(m)", {"u": [1, 800]}, "m.1", [1],
         "m.1[1] is infinite: exp of u[1] = 800"),
        ("m = w / (w - w)\nC = m * 2", {"w": 1.5}, "m", [], "m is infinite: divide of w = 1.5 and m.1 = 0"),
    ],
)  # fmt: skip
def test_of_formulas_what_it_is_made_of_is_named(
    text: str, parameters: dict[str, Any], node: str, entry: list[int], words: str
) -> None:
    """The very entries that meet, be a factor a vector or stretched, and not larger ones that stand elsewhere."""
    found = trace({"formulas": {"text": text, "parameters": parameters}})["divergence"]
    assert (found["node"], found["entry"]) == (node, entry)
    assert found["detail"] == words.replace("LARGEST", "about 1.8e308, the largest number that a double can hold")


def test_what_an_optimizer_keeps_is_named_too() -> None:
    """C and the slope are doubles, the slope's square is not."""
    document = of_one([[1e5]], [[1e148]], "identity", "squared_error", [0.0])
    document["optimizer"] = {"name": "adam", "learning_rate": 0.1}
    answer = step(document)["trace"]
    assert answer["status"] == "diverged"
    assert "what the optimizer keeps of W0[0,0], s, went beyond" in answer["divergence"]["detail"]


@pytest.mark.parametrize("cost", ["binary_cross_entropy", "cross_entropy"])
@given(m=st.lists(st.floats(-1e5, 1e5), min_size=2, max_size=4), right=st.integers(0, 1))
def test_a_cost_behind_its_activation_never_diverges(cost: str, m: list[float], right: int) -> None:
    y = [0.0] * len(m)
    y[right] = 1.0
    answer = trace(of_one([[1.0]], [m], "sigmoid" if cost[0] == "b" else "softmax", cost, y))
    assert (answer["status"], answer["divergence"]) == ("ok", None)
    assert "NaN" not in str(answer)
