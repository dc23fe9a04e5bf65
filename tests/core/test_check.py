"""Every gradient beside a difference: what agrees, what a corner spoils, and what a wrong derivative looks like."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from hypothesis import given

from app.core import activations, kept, training
from app.core.check import check, resolution
from app.documents import encoding, explanations
from tests import chains, scalars
from tests.core.test_explain import finished
from tests.core.test_slope import moved
from tests.helpers import Document, by_id, copy, decode, every_pair, lecture, name_of, networks, trace
from tests.helpers import network as random_network


def ask(document: Document, step: float = 1e-6) -> Document:
    """The answer to /check, by way of its bytes."""
    run = training.trace(decode(document))
    answer: Document = json.loads(encoding.dumps(explanations.check(run, step, finished(check(run, step)))))
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
    expected = scalars.run(document).gradients
    for it in answer["entries"]:
        gradient = expected[it["parameter"]]
        largest = float(np.abs(gradient).max())
        scalar = gradient[it["column"]] if it["row"] is None else gradient[it["row"]][it["column"]]
        assert it["analytic"] == pytest.approx(scalar, rel=1e-11, abs=1e-12 * largest)
        assert it["absolute"] == abs(it["analytic"] - it["numeric"])


def test_a_wrong_derivative_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = replace(activations.ACTIVATIONS["tanh"], derivative=lambda a: 1.0 - a * a * a)
    monkeypatch.setitem(activations.ACTIVATIONS, "tanh", wrong)
    kept.let_go()
    try:
        answer = ask(random_network(1, [2, 3, 2], ["tanh", "sigmoid"]))
    finally:
        kept.let_go()
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
    assert answer["resolution"] == resolution(training.trace(decode(document)), 1e-6)
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


def test_a_diverged_trace_is_checked_all_the_same() -> None:
    document = copy(random_network(3, [2, 2], ["identity"], rows=2))
    document["data"]["x"] = [[1e200, 1.0], [1.0, -1e200]]
    answer = ask(document)
    assert answer["status"] == "diverged"
    assert answer["worst"] == "NaN"
    assert {it["relative"] for it in answer["entries"]} >= {"NaN"}
