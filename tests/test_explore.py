"""What people have in Python, brought to the page: read right, or refused in words."""

import base64
import json
import subprocess
import sys
import urllib.request
import zlib
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from backprop_explorer import capture, explore
from backprop_explorer.captured import common_digits
from backprop_explorer.explored import Explored
from backprop_explorer.models import experiment_of
from tests.helpers import lecture
from tests.test_exports import TORCH, torch_python

X = np.array([[0.5, -1.0, 2.0], [1.5, 0.3, -0.7], [0.1, 0.2, 0.3], [-1.0, 0.4, 0.9]])
W0, B0 = np.arange(6.0).reshape(3, 2) / 7 - 0.3, np.array([0.1, -0.2])
W1 = np.array([[0.4, -0.6, 0.2], [0.3, 0.5, -0.1]])
CLASSES = np.array([2, 0, 1, 2])


def unpacked(url: str) -> Any:
    text = url.split("#x=1.")[1]
    return json.loads(zlib.decompress(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), -zlib.MAX_WBITS))


def traced(document: Any) -> Any:
    from app.main import create_app

    answer = TestClient(create_app(), base_url="http://localhost").post("/api/v1/trace", json=document)
    assert answer.status_code == 200, answer.text
    return answer.json()


def softmax(m: Any) -> Any:
    return np.exp(m) / np.exp(m).sum(axis=1, keepdims=True)


def test_arrays_with_and_without_biases() -> None:
    document = experiment_of([W0, B0, W1], X, CLASSES, activation=["tanh", "softmax"])
    assert [layer["bias"] is None for layer in document["network"]["layers"]] == [False, True]
    assert document["data"]["y"] == np.eye(3)[CLASSES].tolist()
    trace = traced(document)
    a = softmax(np.tanh(X @ W0 + B0) @ W1)
    assert trace["cost"] == pytest.approx(-np.log(a[np.arange(4), CLASSES]).mean(), rel=1e-12)


class FakeKeras:
    """Dense layers as Keras has them, and what the model says."""

    def __init__(self, said: Callable[[Any], Any]) -> None:
        Dense = type("Dense", (SimpleNamespace,), {"get_weights": lambda self: self.weights})
        tanh, softmax_ = SimpleNamespace(__name__="tanh"), SimpleNamespace(__name__="softmax")
        self.layers = [Dense(weights=[W0, B0], activation=tanh), Dense(weights=[W1], activation=softmax_)]
        self._said = said

    def get_weights(self) -> list[Any]:
        return [W0, B0, W1]

    def __call__(self, rows: Any) -> Any:
        return self._said(rows)


def test_a_model_is_held_against_what_it_says_itself() -> None:
    said = experiment_of(FakeKeras(lambda rows: softmax(np.tanh(rows @ W0 + B0) @ W1)), X, CLASSES)
    assert said["network"]["cost"] == "cross_entropy"
    with pytest.raises(ValueError, match="computes more between them"):
        experiment_of(FakeKeras(lambda rows: softmax(np.tanh(rows @ W0 + B0) @ W1 + 0.01 * rows)), X, CLASSES)


@pytest.mark.parametrize(
    ("thing", "given", "words"),
    [
        ([W0.T, W1.T], {}, r'fit as W · x.*orientation="out_in"'),
        ([W0, W0], {}, r"W1 has shape \(3, 2\), and 2 numbers come in"),
        ([], {}, "the list is empty"),
        ([B0, W0], {}, "array 0 has shape"),
        ([W0, W1], {"activation": ["tanh"]}, "2 layers and 1 activations"),
        ([W0, W1], {"activation": "maxout"}, "the activation maxout is not known here"),
        ([W0, W1], {"orientation": "up"}, "it must be in_out"),
        ({"x": 1}, {}, "with `network` or `formulas`"),
        ("a model", {}, "str is nothing that can be explored"),
    ],
)
def test_what_does_not_fit_is_told_with_its_mend(thing: Any, given: Any, words: str) -> None:
    with pytest.raises((TypeError, ValueError), match=words):
        experiment_of(thing, X, CLASSES, **given)
    with pytest.raises(ValueError, match="x and y are needed"):
        experiment_of([W0, W1], X)


def test_square_arrays_are_turned_where_they_are_said_to_be() -> None:
    square = [[0.1, 0.2, 0.3], [0.4, 0.5, 0.6], [0.7, 0.8, 0.9]]
    made = experiment_of([np.array(square)], X, CLASSES, orientation="out_in")
    assert made["network"]["layers"][0]["weights"] == np.array(square).T.tolist()
    assert experiment_of([np.array(square)], X, CLASSES)["network"]["layers"][0]["weights"] == square


@pytest.mark.parametrize("wrong", [-1, 3, 0.5, float("nan")])
def test_a_class_that_the_network_does_not_have_is_told(wrong: float) -> None:
    with pytest.raises(ValueError, match=r"y has .*, which is no class of the network's 3: 0, 1, 2"):
        experiment_of([W0, W1], X, [wrong, *CLASSES[1:]])


def test_a_label_that_a_model_was_not_fitted_on_is_told() -> None:
    fitted = SimpleNamespace(
        coefs_=[W0, W1],
        intercepts_=[B0, np.zeros(3)],
        activation="tanh",
        out_activation_="identity",
        solver="sgd",
        momentum=0,
        learning_rate_init=0.1,
        classes_=np.array(["car", "face", "tree"]),
        predict=lambda rows: np.tanh(rows @ W0 + B0) @ W1,
    )
    labels = np.array(["face", "car"])[[it % 2 for it in range(len(X))]]
    assert experiment_of(fitted, X, labels)["data"]["y"][0] == [0, 1, 0]
    labels[0] = "dog"
    with pytest.raises(ValueError, match="y has 'dog', which is no class of the network's 3: car, face, tree"):
        experiment_of(fitted, X, labels)
    with pytest.raises(ValueError, match="not fitted: call its fit"):
        experiment_of(SimpleNamespace(partial_fit=None, hidden_layer_sizes=(3,)), X, labels)


def test_a_link_that_nobody_could_open_is_refused() -> None:
    rows = np.random.default_rng(1).normal(size=(9000, 3))
    with pytest.raises(ValueError, match="take fewer rows"):
        explore([W0, B0, W1], rows, np.zeros(9000), activation="tanh", show=False)


def test_one_server_of_its_own_answers_and_lets_notebooks_frame_the_page() -> None:
    one, other = explore(lecture(), show=False), explore([W0, B0, W1], X, CLASSES, show=False)
    assert isinstance(one, Explored)
    assert unpacked(one.url) == lecture() == one.experiment
    assert one.url.split("#")[0] == other.url.split("#")[0], "a server for all"
    assert f'src="{other.url}"' in other._repr_html_()
    with urllib.request.urlopen(one.url.split("#")[0], timeout=60) as answer:
        policy = answer.headers["content-security-policy"]
        assert "frame-ancestors http://localhost:* http://127.0.0.1:*" in policy
        assert answer.headers["x-frame-options"] is None
        assert b"<html" in answer.read()


@pytest.mark.parametrize(
    ("one", "other", "digits"),
    [
        (1.0, 1.0, 17),
        (0.0, -0.0, 17),
        (0.123456789, 0.123456788, 8),
        (1.0, 2.0, 0),
        (1.0, -1.0, 0),
        (1.0, 1.0 + 2**-52, 15),
        (float("nan"), 1.0, 0),
        (float("inf"), float("inf"), 17),
    ],
)
def test_digits_in_common(one: float, other: float, digits: int) -> None:
    assert common_digits(one, other) == common_digits(other, one) == digits


def test_what_cannot_be_captured_is_told() -> None:
    with pytest.raises(TypeError, match="KLDivLoss cannot be compared; MSELoss"):
        capture(None, X, CLASSES, type("KLDivLoss", (), {})(), show=False)


CAPTURES = """
import json, sys, torch
from torch import nn
from backprop_explorer import capture, explored
torch.manual_seed(5)
explored.PYTHON = sys.argv[1]
x = torch.randn(6, 3)
classes = torch.eye(3)[[0, 1, 2, 2, 1, 0]]
found = []
for double in (True, False):
    for model, y, loss in (
        (nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2)), torch.randn(6, 2), nn.MSELoss()),
        (nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 3)), classes, nn.CrossEntropyLoss()),
        (nn.Sequential(nn.Linear(3, 1), nn.Sigmoid()), torch.tensor([[0.], [1], [1], [0], [1], [0]]), nn.BCELoss()),
        (nn.Linear(3, 1, bias=False), torch.tensor([[0.], [1], [1], [0], [1], [0]]), nn.BCEWithLogitsLoss()),
    ):
        rows = x.double() if double else x
        model, y = (model.double(), y.double()) if double else (model, y)
        before = [p.grad for p in model.parameters()]
        it = capture(model, rows, y, loss, show=False)
        assert [p.grad for p in model.parameters()] == before
        found.append([double, it.digits, it.cost_by_torch, it.cost, [c.parameter for c in it.comparisons], repr(it)])
json.dump(found, sys.stdout)
"""


def test_gradients_of_torch_stand_beside_ours() -> None:
    python = torch_python()
    if python is None:
        pytest.skip(f"NO PYTORCH: its gradients were not captured. Set {TORCH} to a Python that has torch.")
    ran = subprocess.run([python, "-c", CAPTURES, sys.executable], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    for double, digits, theirs, ours, parameters, said in json.loads(ran.stdout):
        assert digits >= (12 if double else 3), said
        assert ours == pytest.approx(theirs, rel=1e-12 if double else 1e-5)
        assert set(parameters) >= {"W0"}
        assert "by PyTorch" in said


TORCH_MODELS = """
import json, sys, torch, warnings
from torch import nn
from backprop_explorer.models import experiment_of
torch.manual_seed(3)
x = torch.randn(5, 3, dtype=torch.float64)
y = torch.rand(5, 2, dtype=torch.float64)
models = [
    nn.Linear(3, 2),
    nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Dropout(0.5), nn.Linear(4, 2)),
    nn.Sequential(nn.Sequential(nn.Linear(3, 4, bias=False), nn.LeakyReLU(0.2)), nn.Linear(4, 2), nn.Sigmoid()),
    nn.Sequential(nn.Linear(3, 4), nn.GELU(), nn.Linear(4, 3), nn.SiLU(), nn.Linear(3, 2), nn.Softplus()),
]
found = []
for model in models:
    model = model.double().eval()
    document = experiment_of(model, x.numpy(), y.numpy(), cost="mean_squared_error")
    found.append([document, float(((model(x) - y) ** 2).mean())])
class Skip(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(3, 3), nn.Linear(3, 2)
    def forward(self, x):
        return self.b(torch.tanh(self.a(x)) + x)
for wrong in (Skip(), nn.Sequential(nn.Conv1d(1, 1, 1))):
    try:
        experiment_of(wrong, x.numpy(), y.numpy())
    except (TypeError, ValueError) as error:
        found.append(str(error))
json.dump(found, sys.stdout)
"""


def test_torch_modules_have_the_numbers_of_torch() -> None:
    python = torch_python()
    if python is None:
        pytest.skip(f"NO PYTORCH: its modules were not read. Set {TORCH} to a Python that has torch.")
    ran = subprocess.run([python, "-c", TORCH_MODELS], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    *models, skip, convolution = json.loads(ran.stdout)
    for document, cost in models:
        assert traced(document)["cost"] == pytest.approx(cost, rel=1e-12)
    assert "computes more between them" in skip
    assert "the layer Conv1d cannot be shown" in convolution
