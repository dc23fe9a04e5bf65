"""C as a function of one number, against the traces of experiments that have that number."""

import json
import math
from itertools import pairwise
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from app.api import explain as asked
from app.api.queries import Entry
from app.core.explaining import slope
from app.core.training import iteration
from app.documents import encoding, explanations
from tests import chains
from tests.core.explaining.test_chain_rule import Number, finished
from tests.helpers import Document, copy, decode, lecture, network, networks, step, trace


def entry(parameter: str, row: int | None, column: int) -> Entry:
    return Entry.model_construct(parameter=parameter, row=row, column=column)


def ask(document: Document, number: Number, **question: Any) -> Document:
    """The answer to /slope, by way of its bytes."""
    experiment = decode(document)
    run = iteration.trace(experiment)
    place = asked.place(run.graph, entry(*number))
    wanted = slope.Asked(**{"span": 2.0, "points": 5, "center": None, "steps": 0} | question)
    result = finished(slope.slope(experiment, run, place, wanted))
    answer: Document = json.loads(encoding.dumps(explanations.slope(experiment, run, place, result)))
    return answer


def moved(document: Document, number: Number, weight: float) -> Document:
    """The document with one of its numbers changed."""
    parameter, row, column = number
    changed = copy(document)
    layer = changed["network"]["layers"][int(parameter[1:])]
    if row is None:
        layer["bias"][column] = weight
    else:
        layer["weights"][row][column] = weight
    return changed


@given(networks(most_layers=4, most_width=8, most_rows=9), st.data())
def test_every_cost_is_that_of_a_trace_bit_for_bit(document: Document, data: st.DataObject) -> None:
    number = data.draw(st.sampled_from(list(chains.numbers(document))))
    answer = ask(document, number, steps=2)
    assert answer["cost"] == trace(document)["cost"]
    pairs = list(zip(answer["weights"], answer["costs"], strict=True))
    pairs += [(answer["next_weight"], answer["next_cost"])]
    pairs += [(point["weight"], point["cost"]) for point in answer["descent"]]
    pairs += [(answer["weight"] - it["step"], it["lower"]) for it in answer["differences"]]
    pairs += [(answer["weight"] + it["step"], it["upper"]) for it in answer["differences"]]
    for weight, cost in pairs:
        assert trace(moved(document, number, weight))["cost"] == cost


@pytest.mark.parametrize("batch_size", [None, 2])
def test_the_next_weight_is_that_of_a_step(batch_size: int | None) -> None:
    document = network(3, [3, 4, 2], ["tanh", "sigmoid"], rows=5) | {"batch_size": batch_size, "iteration": 1}
    stepped = {update["parameter"]: update for update in step(document)["updates"]}
    for parameter, row, column in chains.numbers(document):
        answer = ask(document, (parameter, row, column))
        after = stepped[parameter]["after"]
        assert answer["next_weight"] == (after[column] if row is None else after[row][column])
        assert answer["cost"] == trace(document)["cost"]
        assert answer["learning_rate"] == 0.1
        assert answer["predicted_change"] == answer["slope"] * (answer["next_weight"] - answer["weight"])
        assert answer["actual_change"] == answer["next_cost"] - answer["cost"]
        assert answer["actual_change"] == pytest.approx(answer["predicted_change"], rel=0.2, abs=1e-6)


def test_what_is_not_learned_stays_where_it_is(client: TestClient) -> None:
    document = {"formulas": {"text": "C = (w * x - 1)**2", "parameters": {"w": 2.0}, "constants": {"x": 1.5}}}
    moved, stays = (client.post(f"/api/v1/slope?parameter={it}&steps=4", json=document).json() for it in "wx")
    assert moved["next_weight"] != moved["weight"]
    assert len(moved["descent"]) == 5
    assert stays["slope"] == 8.0
    assert (stays["next_weight"], stays["predicted_change"], stays["actual_change"]) == (1.5, 0.0, 0.0)
    assert stays["descent"] == [{"weight": 1.5, "cost": 4.0, "slope": 8.0}]


def test_descent_is_the_lectures_rule_again_and_again() -> None:
    document, number = lecture(), ("W1", 0, 0)
    points = ask(document, number, steps=8)["descent"]
    assert len(points) == 9
    weight = document["network"]["layers"][1]["weights"][0][0]
    for point in points:
        assert point["weight"] == weight
        there = ask(moved(document, number, weight), number)
        assert (point["cost"], point["slope"]) == (there["cost"], there["slope"])
        weight = weight + point["slope"] * -0.5
    assert [one["cost"] > other["cost"] for one, other in pairwise(points)] == [True] * 8


def test_descent_stops_where_it_is_no_longer_finite() -> None:
    document = network(3, [1, 1], ["identity"], rows=1)
    document["optimizer"]["learning_rate"] = 1e80
    points = ask(document, ("W0", 0, 0), steps=50)["descent"]
    assert 1 < len(points) < 10
    assert all(math.isfinite(number) for point in points for number in point.values())


def test_without_steps_descent_is_where_one_stands() -> None:
    answer = ask(lecture(), ("W0", 0, 1))
    assert answer["descent"] == [{name: answer[name] for name in ("weight", "cost", "slope")}]


@pytest.mark.parametrize("points", [2, 3, 101, 2001])
def test_weights_are_equally_spaced_about_the_center(points: int) -> None:
    weights = slope.spread(0.1, 2.0, points)
    assert (weights[0], weights[-1], len(weights)) == (0.1 - 2.0, 0.1 + 2.0, points)
    if points % 2:
        assert weights[points // 2] == 0.1
    gaps = [other - one for one, other in pairwise(weights)]
    assert gaps == pytest.approx([4.0 / (points - 1)] * (points - 1), rel=1e-9)


def test_the_center_can_be_chosen() -> None:
    assert ask(lecture(), ("W0", 0, 1), center=3.0, span=1.0, points=3)["weights"] == [2.0, 3.0, 4.0]


def test_differences_come_near_the_slope_and_part_from_it() -> None:
    answer = ask(lecture(), ("W0", 0, 1))
    errors = [it["error"] for it in answer["differences"]]
    assert [it["step"] for it in answer["differences"]] == [float(f"1e-{n}") for n in range(1, 15)]
    best = errors.index(min(errors))
    assert 3 <= best <= 6
    assert errors[0] > 1e3 * errors[best]
    assert errors[-1] > 1e3 * errors[best]
    for it in answer["differences"]:
        assert it["quotient"] == (it["upper"] - it["lower"]) / (2.0 * it["step"])
        assert it["error"] == abs(it["quotient"] - answer["slope"])


def test_work_grows_with_what_is_asked() -> None:
    run = iteration.trace(decode(lecture()))
    place = asked.place(run.graph, entry("W0", 0, 1))
    wanted = slope.Asked(2.0, 101, None, 0)
    less = slope.work(run, place, wanted)
    assert (
        less < slope.work(run, place, wanted._replace(points=102)) < slope.work(run, place, wanted._replace(steps=50))
    )
