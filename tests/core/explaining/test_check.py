"""Every gradient beside a difference: what agrees, what a corner spoils, and what a wrong derivative looks like."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from hypothesis import given

from app.core.explaining.check import check
from app.core.explaining.difference import noise, resolution
from app.core.graph import activations, cache, costs
from app.core.training import iteration
from app.documents import encoding, explanations
from tests import chains, exact
from tests.core.explaining.test_chain_rule import finished
from tests.core.explaining.test_slope import moved
from tests.helpers import Document, by_id, copy, decode, every_pair, last_layer, lecture, name_of, networks, trace
from tests.helpers import network as random_network


def ask(document: Document, step: float | None = 1e-6) -> Document:
    """The answer to /check, by way of its bytes."""
    run = iteration.trace(decode(document))
    answer: Document = json.loads(encoding.dumps(explanations.check(run, finished(check(run, step)))))
    return answer


@pytest.mark.parametrize("document", every_pair(), ids=name_of)
def test_every_number_is_there_once_and_agrees(document: Document) -> None:
    answer = ask(document)
    numbers = [(it["parameter"], it["row"], it["column"]) for it in answer["entries"]]
    assert sorted(numbers, key=str) == sorted(chains.numbers(document), key=str)
    assert answer["kinks"] == 0
    assert answer["worst"] == answer["entries"][0]["relative"] < 1e-5
    relatives = [it["relative"] for it in answer["entries"]]
    assert relatives == sorted(relatives, reverse=True)


@given(networks(most_layers=4, most_width=5, most_rows=4))
def test_at_random(document: Document) -> None:
    answer = ask(document)
    assert answer["worst"] < 1e-4
    masks = {id: it["value"] for id, it in by_id(trace(document)).items() if id[0] == "k"}
    right = exact.network(document, masks).gradients
    for it in answer["entries"]:
        gradient = exact.nearests(right[it["parameter"]])
        largest = float(np.abs(gradient).max())
        scalar = gradient[it["column"]] if it["row"] is None else gradient[it["row"]][it["column"]]
        assert it["analytic"] == pytest.approx(scalar, rel=1e-11, abs=1e-12 * largest)
        assert it["absolute"] == abs(it["analytic"] - it["numeric"])


def test_a_wrong_derivative_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = replace(activations.ACTIVATIONS["tanh"], derivative=lambda a, _m: 1.0 - a * a * a)
    monkeypatch.setitem(activations.ACTIVATIONS, "tanh", wrong)
    cache.let_go()
    try:
        answer = ask(random_network(1, [2, 3, 2], ["tanh", "sigmoid"]))
    finally:
        cache.let_go()
    assert answer["worst"] > 1e-2
    assert {it["parameter"] for it in answer["entries"] if it["relative"] > 1e-3} == {"W0", "b0"}


@pytest.mark.parametrize("step", [1e-6, 0.05, 0.5])
@pytest.mark.parametrize("activation", ["relu", "leaky_relu"])
def test_a_kink_is_marked_exactly_where_one_is_crossed(activation: str, step: float) -> None:
    document = random_network(11, [3, 4, 4, 2], [activation, activation, "sigmoid"], rows=4)
    document["data"]["x"][0] = [0.0, 0.0, 0.0]
    document["network"]["layers"][0]["bias"][1] = 0.0  # so m0[0,1] stands on the kink
    answer = ask(document, step)

    def sides(moved_document: Document) -> Any:
        nodes = by_id(trace(moved_document))
        return [np.sign(nodes[id]["value"]).tolist() for id in ("m0", "m1")]

    for it in answer["entries"]:
        number = it["parameter"], it["row"], it["column"]
        weight = document["network"]["layers"][int(number[0][1:])]
        weight = weight["bias"][number[2]] if number[1] is None else weight["weights"][number[1]][number[2]]
        runs = [sides(moved(document, number, weight + distance)) for distance in (-step, 0.0, step)]
        assert it["kink"] == (not runs[0] == runs[1] == runs[2]), number
    assert answer["kinks"] == sum(it["kink"] for it in answer["entries"]) > 0
    assert [it["kink"] for it in answer["entries"]] == sorted(it["kink"] for it in answer["entries"])


def test_below_the_resolution_rounding_is_no_fault() -> None:
    """Saturated sigmoids have gradients of 1e-13, of which the difference sees nothing."""
    document = lecture()
    for row in document["network"]["layers"][0]["weights"]:
        row[:] = [40.0, 40.0, 40.0]
    answer = ask(document)
    assert answer["resolution"] == resolution(noise(iteration.trace(decode(document))), 1e-6)
    assert answer["worst"] < 1e-4


@pytest.mark.parametrize("weight", [5.0, 12.0, 18.0, 25.0, 36.0])
def test_an_output_at_its_target_is_no_fault(weight: float) -> None:
    """There C is 1e-16 and less, while a − y has lost its digits already."""
    document = random_network(0, [1, 1], ["sigmoid"], bias=False, rows=1)
    document["data"] = {"x": [[1.0]], "y": [[1.0]]}
    document["network"]["layers"][0]["weights"] = [[weight]]
    assert ask(document)["worst"] < 1e-5


def test_where_every_step_crosses_a_kink_nothing_is_judged() -> None:
    document = at_a_kink()
    answer = ask(document)
    assert (answer["kinks"], answer["worst"]) == (1, 0.0)


def at_a_kink() -> Document:
    """relu at m = 0: the slope is 0 to the left, and −2 to the right."""
    document = random_network(0, [1, 1], ["relu"], bias=False, rows=1)
    document["data"] = {"x": [[1.0]], "y": [[1.0]]}
    document["network"]["layers"][0]["weights"] = [[0.0]]
    return document


@pytest.mark.parametrize(
    ("cost", "y", "weight", "kinks", "gradient"),
    [
        ("absolute_error", 2.0, 2.0, 1, 0.0),
        ("absolute_error", 2.0, 2.5, 0, 1.0),
        ("hinge", -1.0, -1.0, 1, 0.0),
        ("hinge", -1.0, -0.5, 0, 1.0),
        ("hinge", -1.0, -1.5, 0, 0.0),
        ("huber", 2.0, 3.0, 0, 1.0),
        ("huber", 2.0, 2.0, 0, 0.0),
    ],
)
def test_a_corner_of_a_cost_is_one_too(cost: str, y: float, weight: float, kinks: int, gradient: float) -> None:
    """Where the target is met, and where the margin is; huber has bends, but no corner."""
    document = of_bends([[[weight]]], ["identity"], cost, [[1.0]], [[y]])
    for step in (None, 1e-6):
        answer = ask(document, step)
        (entry,) = answer["entries"]
        assert (answer["kinks"], entry["analytic"]) == (kinks, gradient)
        assert entry["verdict"] == ("kink" if kinks else "too small" if entry["verdict"] == "too small" else "agrees")


@pytest.mark.parametrize(("weight", "kink"), [(0.0, True), (0.5, False), (-1e-9, False)])
def test_a_corner_is_told_by_chain_and_slope(client: TestClient, weight: float, kink: bool) -> None:
    document = at_a_kink()
    document["network"]["layers"][0]["weights"] = [[weight]]
    chain, slope = (
        client.post(f"/api/v1/{it}?parameter=W0&row=0&column=0", json=document) for it in ("chain", "slope")
    )
    assert slope.json()["kink"] == kink
    # The chain's own difference takes a wider step, which crosses the corner beside it too.
    assert chain.json()["kink"] == (abs(weight) < chain.json()["numeric_step"])


@pytest.mark.parametrize(
    ("line", "corners"),
    [
        ("clip(w, 0, 1)", [0.0, 1.0]),
        ("clip(w, lower, 1)", [0.0, 1.0]),
        ("maximum(w, 0)", [0.0]),
        ("minimum(w, 1)", [1.0]),
        ("abs(w)", [0.0]),
        ("where(w > 1, 2 * w, w + 1)", [1.0]),
    ],
)
def test_every_corner_of_a_function_of_formulas_is_told(client: TestClient, line: str, corners: list[float]) -> None:
    """At a corner the difference lies between two slopes, so it must not be held against the gradient."""
    for weight in (-0.5, 0.0, 0.5, 1.0, 1.5):
        given = {"lower": 0.0} if "lower" in line else {}
        text = f"C = ({line}) * 3 + w"
        document = {"formulas": {"text": text, "parameters": {"w": weight}, "constants": given}}
        (entry,) = client.post("/api/v1/check", json=document).json()["entries"]
        assert entry["verdict"] == ("kink" if weight in corners else "agrees"), (line, weight)
        slope = client.post("/api/v1/slope?parameter=w", json=document).json()
        assert slope["kink"] == (weight in corners), (line, weight)


def test_the_formula_of_the_difference_has_the_name_of_the_output(client: TestClient) -> None:
    document = {"formulas": {"text": "loss = w * w", "parameters": {"w": 1.5}}}
    answer = client.post("/api/v1/check?step=1e-4", json=document).json()
    assert answer["formula"] == "(loss(w + h) − loss(w − h)) / 2h"


def test_a_diverged_trace_is_checked_all_the_same() -> None:
    document = copy(random_network(3, [2, 2], ["identity"], rows=2))
    document["data"]["x"] = [[1e200, 1.0], [1.0, -1e200]]
    answer = ask(document)
    assert answer["status"] == "diverged"
    assert "NaN" in {it["relative"] for it in answer["entries"]}
    assert answer["verdicts"]["agrees"] == 0, "what could not be compared is never said to agree"


def saturated(x: float) -> Document:
    """Sigmoid and binary cross-entropy, entirely sure and entirely wrong."""
    document = random_network(0, [1, 1], ["sigmoid"], "binary_cross_entropy", bias=False, rows=1)
    document["data"] = {"x": [[x]], "y": [[0.0]]}
    document["network"]["layers"][0]["weights"] = [[1.0]]
    return document


@pytest.mark.parametrize("x", [34.0, 36.0, 37.0, 40.0, 700.0, 709.5, 1000.0])
def test_the_cost_of_an_output_that_has_rounded_to_1_agrees(x: float) -> None:
    (entry,) = ask(saturated(x), None)["entries"]
    assert entry["verdict"] == "agrees"
    assert entry["analytic"] == pytest.approx(x, rel=1e-14)


def of_a_lost_logarithm() -> Document:
    """Binary cross-entropy of a softmax: nobody looks through that at m, so C is a staircase of 1 − a."""
    document = random_network(0, [1, 2], ["softmax"], "binary_cross_entropy", bias=False, rows=1)
    document["data"] = {"x": [[1.0]], "y": [[0.0, 1.0]]}
    document["network"]["layers"][0]["weights"] = [[36.0, 0.0]]
    return document


@pytest.mark.parametrize("step", [None, 1e-6])
def test_where_c_is_a_staircase_nothing_agrees_and_nothing_is_accused(step: float | None) -> None:
    verdicts = ask(of_a_lost_logarithm(), step)["verdicts"]
    assert verdicts["agrees"] == verdicts["differs"] == 0
    assert verdicts["too coarse"] == 2


@pytest.mark.parametrize("step", [None, 1e-6])
def test_what_rounding_swallows_is_not_said_to_agree(step: float | None) -> None:
    """A hidden sigmoid at m = 800: its slope is 0 in doubles, and C does not move; that proves nothing."""
    document = random_network(1, [1, 1, 1], ["sigmoid", "identity"], bias=False, rows=1)
    document["network"]["layers"][0]["weights"] = [[-800.0]]
    document["data"] = {"x": [[1.0]], "y": [[1.0]]}
    first, *_ = [it for it in ask(document, step)["entries"] if it["parameter"] == "W0"]
    assert first["verdict"] == "too small"


def test_a_closed_gate_and_an_input_of_0_are_zeros_that_agree() -> None:
    document = random_network(1, [2, 2, 1], ["relu", "identity"], bias=False, rows=1)
    document["network"]["layers"][0]["weights"] = [[-1.0, 1.0], [-1.0, 1.0]]
    document["data"] = {"x": [[0.0, 2.0]], "y": [[1.0]]}
    zero = [it for it in ask(document, None)["entries"] if it["analytic"] == 0.0 == it["numeric"]]
    assert len(zero) == 4
    assert {it["verdict"] for it in zero} == {"agrees"}


def test_a_step_that_is_far_too_wide_accuses_nobody() -> None:
    document = random_network(2, [2, 3, 2], ["tanh", "sigmoid"])
    document["data"]["x"] = [[50.0, -80.0]] * 3
    assert ask(document, 0.5)["verdicts"]["differs"] == 0
    assert ask(document, None)["verdicts"]["agrees"] > 0


@given(networks(most_layers=3, most_width=4, most_rows=3))
def test_with_the_best_step_right_gradients_agree_to_many_digits(document: Document) -> None:
    answer = ask(document, None)
    assert answer["verdicts"]["differs"] == 0
    assert sum(answer["verdicts"].values()) == len(answer["entries"])
    assert answer["worst"] < 1e-5
    for it in answer["entries"]:
        if it["verdict"] == "agrees":
            assert it["absolute"] <= max(4.0 * it["error"], 1e-5 * abs(it["analytic"]))


ROWS = [*(("activations", name) for name in activations.ACTIVATIONS), *(("costs", name) for name in costs.COSTS)]


@pytest.mark.parametrize("point", [1.0, 40.0])
@pytest.mark.parametrize(("table", "name"), ROWS)
def test_a_flipped_sign_in_any_row_is_caught(
    monkeypatch: pytest.MonkeyPatch, table: str, name: str, point: float
) -> None:
    """The partial by the input that is learned through, of each row, turned round; at ordinary and at large numbers."""
    last = "sigmoid" if table == "activations" else last_layer(name)[0]
    hidden = name if table == "activations" and name != "softmax" else "identity"
    document = random_network(3, [2, 3, 2], [hidden, "softmax" if name == "softmax" else last],
                              name if table == "costs" else "squared_error", rows=2)  # fmt: skip
    if table == "costs":
        document["data"]["x"] = [[point, 1.0], [1.0, -point]]
    rows: Any = activations.ACTIVATIONS if table == "activations" else costs.COSTS
    monkeypatch.setitem(rows, name, flipped(rows[name]))
    cache.let_go()
    try:
        answer = ask(document, None)
    finally:
        cache.let_go()
    assert answer["verdicts"]["differs"] > 0, name
    assert answer["entries"][0]["verdict"] == "differs"


def flipped(row: Any) -> Any:
    """The row with the sign of its partial turned."""
    if isinstance(row, activations.Activation):
        old = row.derivative
        return replace(row, derivative=(lambda *a, **k: -old(*a, **k)) if callable(old) else -old)
    behind = {name: _turned(it) for name, it in row.behind.items()}
    wrt_output = row.wrt_output
    return replace(row, wrt_output=lambda a, y: -wrt_output(a, y), behind=behind)


def _turned(behind: costs.Behind) -> costs.Behind:
    return replace(
        behind,
        wrt_output=lambda factor, a, y, m: -behind.wrt_output(factor, a, y, m),
        gradient=lambda m, y: -behind.gradient(m, y),
    )


def of_bends(W: list[list[list[float]]], activations: list[str], cost: str, x: Any, y: Any) -> Document:
    document = random_network(1, [len(x[0]), *[len(it[0]) for it in W]], activations, cost, bias=False, rows=len(x))
    for layer, weights in zip(document["network"]["layers"], W, strict=True):
        layer["weights"] = weights
    document["network"]["reduction"] = "sum"
    document["data"] = {"x": x, "y": y}
    return document


# C has bends that are narrower than the first step: its points lie on two plateaus, or on two straight lines.
BENDS = [
    of_bends([[[1e-4]]], ["tanh"], "squared_error", [[5000.0]], [[0.0]]),
    of_bends([[[1e-6]]], ["sigmoid"], "half_squared_error", [[1e6]], [[0.5]]),
    of_bends(
        [[[0.3, -0.2], [0.1, 0.9]], [[900.0, -900.0, 30.0], [-300.0, 300.0, 1.0]]],
        ["relu", "softmax"],
        "cross_entropy",
        [[1.0, 2.0], [-0.5, 0.3]],
        [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    ),
    of_bends(
        [[[0.3, -0.2], [0.1, 0.9]], [[500.0], [-300.0]]],
        ["tanh", "sigmoid"],
        "binary_cross_entropy",
        [[1.0, 2.0], [-0.5, 0.3]],
        [[0.0], [1.0]],
    ),
]


@pytest.mark.parametrize("step", [None, 0.5, 1e-3, 1e-6, 1e-10])
@pytest.mark.parametrize("document", BENDS)
def test_a_bend_between_two_points_accuses_no_right_gradient(document: Document, step: float | None) -> None:
    verdicts = ask(document, step)["verdicts"]
    assert verdicts["differs"] == 0
    if step is None:
        assert verdicts["agrees"] > 0


@pytest.mark.parametrize("scale", [1.0, 100.0, 3000.0])
@pytest.mark.parametrize("seed", range(4))
def test_columns_as_raw_as_they_come_accuse_nobody(seed: int, scale: float) -> None:
    document = random_network(seed, [6, 5, 3], ["tanh", "softmax"], "cross_entropy", rows=20)
    document["data"]["x"] = (scale * np.random.default_rng(seed).normal(size=(20, 6))).tolist()
    assert ask(document, None)["verdicts"]["differs"] == 0


@pytest.mark.parametrize(("weight", "y", "step"), [(1e10, 0.0, 1e-10), (1e150, 0.0, 1e-6), (2.0, 2.0, 1e-6)])
def test_a_step_that_does_not_move_a_number_or_a_cost_of_0_is_too_small(weight: float, y: float, step: float) -> None:
    document = of_bends([[[weight]]], ["identity"], "squared_error", [[1.0]], [[y]])
    assert ask(document, step)["entries"][0]["verdict"] == "too small"
