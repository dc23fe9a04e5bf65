"""What people work through by hand, from its plain text: values as NumPy has them, gradients as a complex step has."""

from typing import Any

import numpy as np
import pytest

from app.core.formulas.program import formulas
from app.core.graph.structure import backward, forward
from tests.core.formulas.programs import gradient, run

Shapes = dict[str, tuple[int, ...]]

TWO_HEADS = """
# two heads of causal attention, put together by WO
Q1 = X @ WQ1
K1 = X @ WK1
V1 = X @ WV1
S1 = where(mask > 0, Q1 @ K1.T / sqrt(2), -1e9)
H1 = softmax(S1) @ V1
Q2 = X @ WQ2
K2 = X @ WK2
V2 = X @ WV2
S2 = where(mask > 0, Q2 @ K2.T / sqrt(2), -1e9)
H2 = softmax(S2) @ V2
O = concat([H1, H2], axis=1) @ WO
C = mean((O - Y)**2)
"""
LSTM = """
z1 = concat([x1, h0])
c1 = sigmoid(z1 @ Wf + bf) * c0 + sigmoid(z1 @ Wi + bi) * tanh(z1 @ Wg + bg)
h1 = sigmoid(z1 @ Wo + bo) * tanh(c1)
z2 = concat([x2, h1])
c2 = sigmoid(z2 @ Wf + bf) * c1 + sigmoid(z2 @ Wi + bi) * tanh(z2 @ Wg + bg)
h2 = sigmoid(z2 @ Wo + bo) * tanh(c2)
C = sum((h2 - y)**2)
"""
GRU = """
v = concat([x, h])
z = sigmoid(v @ Wz)
r = sigmoid(v @ Wr)
n = tanh(concat([x, r * h]) @ Wn)
out = (1 - z) * n + z * h
C = sum((out - y)**2)
"""
LAYER_NORM = """
mu = mean(x, axis=1, keepdims=True)
var = mean((x - mu)**2, axis=1, keepdims=True)
n = (x - mu) / sqrt(var + 1e-5)
C = sum((n * g + b - y)**2)
"""
RMS_NORM = """
r = sqrt(mean(x**2, axis=-1, keepdims=True) + 1e-6)
C = mean((x / r * g - y)**2)
"""
CROSS_ENTROPY = """
z = x @ W + b
p = log_softmax(z)
C = -mean(sum(y * p, axis=1))
"""
INFO_NCE = """
a = u / sqrt(sum(u**2, axis=1, keepdims=True))
b = v / sqrt(sum(v**2, axis=1, keepdims=True))
s = a @ b.T / t
l = log_softmax(s)
C = -(l[0, 0] + l[1, 1] + l[2, 2]) / 3
"""
CONVOLUTION = """
m = windows(P, 3, 3) @ K + b
f = max(relu(m), axis=0)
p = softmax(f @ W)
C = -log(p[1])
"""
RECURRENT = """
h1 = tanh(x[0] @ U + b)
h2 = tanh(x[1] @ U + h1 @ W + b)
h3 = tanh(x[2] @ U + h2 @ W + b)
C = mean((stack([h1, h2, h3]) @ V - y)**2) + 0.01 * sum(W**2)
"""
BILINEAR = """
# what has one axis, or none, stays as it is when it is turned
v = y.T
q = x.T @ A @ v
C = (q.T - 1)**2
"""
SKIP = """
h = np.maximum(0, x @ W0 + b0)
a = x + h @ W1
C = np.mean(np.square(a - y))
"""
QUADRATIC_FORM = """
d = v - mu
C = 0.5 * d.T @ P @ d + np.log(v.T @ v)
"""

ARCHITECTURES: dict[str, tuple[str, Shapes]] = {
    "two heads": (
        TWO_HEADS,
        {
            **{f"W{kind}{head}": (4, 2) for kind in "QKV" for head in (1, 2)},
            "X": (3, 4),
            "WO": (4, 2),
            "Y": (3, 2),
        },
    ),
    "LSTM": (
        LSTM,
        {
            **{f"W{gate}": (5, 3) for gate in "fiog"},
            **{f"b{gate}": (3,) for gate in "fiog"},
            "x1": (2,),
            "x2": (2,),
            "h0": (3,),
            "c0": (3,),
            "y": (3,),
        },
    ),
    "GRU": (GRU, {"x": (2,), "h": (3,), "y": (3,), "Wz": (5, 3), "Wr": (5, 3), "Wn": (5, 3)}),
    "layer norm": (LAYER_NORM, {"x": (2, 4), "g": (4,), "b": (4,), "y": (2, 4)}),
    "RMS norm": (RMS_NORM, {"x": (2, 4), "g": (4,), "y": (2, 4)}),
    "cross-entropy": (CROSS_ENTROPY, {"x": (4, 3), "W": (3, 3), "b": (3,), "y": (4, 3)}),
    "InfoNCE": (INFO_NCE, {"u": (3, 4), "v": (3, 4), "t": ()}),
    "convolution": (CONVOLUTION, {"P": (5, 5), "K": (9, 2), "b": (2,), "W": (2, 3)}),
    "recurrent net": (
        RECURRENT,
        {"x": (3, 2), "U": (2, 3), "W": (3, 3), "b": (3,), "V": (3, 1), "y": (3, 1)},
    ),
    "quadratic form of vectors, one turned": (QUADRATIC_FORM, {"v": (3,), "mu": (3,), "P": (3, 3)}),
    "bilinear form": (BILINEAR, {"x": (3,), "A": (3, 2), "y": (2,)}),
    "skip connection": (SKIP, {"x": (3, 2), "W0": (2, 4), "b0": (4,), "W1": (4, 2), "y": (3, 2)}),
}


def leaves_of(shapes: Shapes, text: str) -> dict[str, Any]:
    rng = np.random.default_rng(len(text))
    leaves: dict[str, Any] = {name: rng.normal(0.0, 0.8, shape) for name, shape in shapes.items()}
    if "mask" in text:
        leaves["mask"] = np.tril(np.ones((3, 3)))
    if "t" in shapes:
        leaves["t"] = np.array(0.5)
    return leaves


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_it_has_the_values_and_gradients_of_its_plain_text(name: str) -> None:
    text, shapes = ARCHITECTURES[name]
    leaves = leaves_of(shapes, text)
    made = formulas(text, leaves, {})
    graph = made.program.graph
    values = forward(graph, made.leaves(None, None))
    back = backward(graph, values)
    plain = text.replace("np.", "")
    right = run(plain, leaves)
    for node in graph.nodes:
        if node.id in right:
            np.testing.assert_allclose(values[node.index], np.asarray(right[node.id]), rtol=1e-11, atol=1e-13)
    for leaf in graph.leaves:
        expected = gradient(plain, leaves, leaf.id, "C")
        np.testing.assert_allclose(back.gradients[leaf.index], expected, rtol=1e-9, atol=1e-12, err_msg=leaf.id)
