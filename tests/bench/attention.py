"""The traced step of the attention example against the same forward and backward pass written by hand in NumPy.

The plain one keeps nothing beyond what it needs, and has no gradients of constants, as ours has none while it learns.
The other keeps what ours keeps: each operation's value, local partial and gradient, softmax's matrix of slopes too.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from app import examples
from app.core.training import iteration
from app.documents import checks, reading
from app.documents.experiment import Experiment
from tests.bench.compare import Comparison, in_turn

AIM = 1.0


def plain_step(rate: float, WQ: Any, WK: Any, WV: Any, X: Any, E: Any, mask: Any, Y: Any) -> tuple[float, list[Any]]:
    """The cost, and the three weights after one step."""
    root = np.sqrt(2)
    Q, K, V = X @ WQ, X @ WK, E @ WV
    allowed = mask > 0
    S = np.where(allowed, Q @ K.T / root, -1e9)
    power = np.exp(S - S.max(axis=1, keepdims=True))
    A = power / power.sum(axis=1, keepdims=True)
    D = A @ V - Y
    cost = np.sum(D**2)
    dO = 2 * D
    dA = dO @ V.T
    dS = np.where(allowed, A * (dA - np.sum(dA * A, axis=1, keepdims=True)), 0) / root
    gradients = [X.T @ (dS @ K), X.T @ (dS.T @ Q), E.T @ (A.T @ dO)]
    return float(cost), [W - rate * gradient for W, gradient in zip((WQ, WK, WV), gradients, strict=True)]


def kept_step(
    rate: float, WQ: Any, WK: Any, WV: Any, X: Any, E: Any, mask: Any, Y: Any
) -> tuple[float, list[Any], Any]:
    """The same, one operation at a time, with all that was computed on the way in a list."""
    root, (rows, n) = np.sqrt(2), mask.shape
    Q, K, V = X @ WQ, X @ WK, E @ WV
    turned = K.T.copy()
    product = Q @ turned
    scaled = product / root
    allowed = mask > 0
    S = np.where(allowed, scaled, -1e9)
    power = np.exp(S - S.max(axis=1, keepdims=True))
    A = power / power.sum(axis=1, keepdims=True)
    out = A @ V
    D = out - Y
    squares = D**2
    cost = np.sum(squares)
    dsquares = np.ones(D.shape)
    slope_of_square = 2 * D
    dD = dsquares * slope_of_square
    dA, dV = dD @ V.T, A.T @ dD
    slopes = A[:, :, None] * (np.eye(n) - A[:, None, :])
    dS = (dA[:, None, :] @ slopes)[:, 0, :]
    slope_of_where = allowed.astype(float)
    dscaled = dS * slope_of_where
    slope_of_divide = np.full((rows, n), 1 / root)
    dproduct = dscaled * slope_of_divide
    dQ, dturned = dproduct @ turned.T, Q.T @ dproduct
    dK = dturned.T.copy()
    gradients = [X.T @ dQ, X.T @ dK, E.T @ dV]
    deltas = [-rate * gradient for gradient in gradients]
    updated = [W + delta for W, delta in zip((WQ, WK, WV), deltas, strict=True)]
    finite = all(np.isfinite(W).all() for W in updated)
    values = [Q, K, V, turned, product, scaled, S, A, out, D, squares, cost]
    slopes_kept = [slope_of_square, slopes, slope_of_where, slope_of_divide]
    gradients_kept = [dsquares, dD, dA, dV, dS, dscaled, dproduct, dQ, dturned, dK, *gradients]
    return float(cost), updated, (values, slopes_kept, gradients_kept, deltas, finite)


def comparisons() -> Iterator[Comparison]:
    document = examples.load()["attention"].experiment
    ours = checks.arrays(reading.validated(document, Experiment)).experiment
    values = [*ours.model.parameters, *ours.model.constants]
    rate = float(ours.fields["learning_rate"])
    found = iteration.step(ours)
    for cost, updated, *_ in (plain_step(rate, *values), kept_step(rate, *values)):
        assert np.isclose(found.trace.cost, cost, rtol=1e-12, atol=0.0)
        for one, other in zip(found.experiment.model.parameters, updated, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-14)
    times = in_turn(lambda: iteration.step(ours), lambda: plain_step(rate, *values), rounds=301, calls=50)
    yield Comparison("step of the attention example: NumPy by hand", *times, AIM)
    times = in_turn(lambda: iteration.step(ours), lambda: kept_step(rate, *values), rounds=301, calls=50)
    yield Comparison("… by hand, with all that ours keeps", *times, AIM)
