"""How the learning rate falls: against the formulas in sixty digits, and as the answers tell it."""

import itertools
import math
from typing import Any

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.training.schedules import SCHEDULES, Schedule
from tests.helpers import Document, network, step

RATE = 0.3
CASES = [
    ("step", {"every": 10, "factor": 0.5}),
    ("step", {"every": 1, "factor": 0.0}),
    ("exponential", {"factor": 0.97}),
    ("exponential", {"factor": 1.0}),
    ("cosine", {"steps": 40, "least": 0.01}),
    ("cosine", {"steps": 1, "least": 0.0}),
]


def exact(name: str, fields: dict[str, Any], n: int) -> Any:
    """Kept as a textbook writes it, in sixty digits."""
    rate = mpmath.mpf(RATE)
    if name == "cosine":
        share = mpmath.mpf(min(n, fields["steps"])) / fields["steps"]
        least = mpmath.mpf(fields["least"])
        return least + (rate - least) * (1 + mpmath.cos(mpmath.pi * share)) / 2
    for before in range(n):
        if name == "exponential" or (before + 1) % fields["every"] == 0:
            rate *= mpmath.mpf(fields["factor"])
    return rate


@pytest.mark.parametrize(("name", "fields"), CASES)
def test_a_rate_is_that_of_its_formula(name: str, fields: dict[str, Any]) -> None:
    schedule = Schedule(name, fields)
    with mpmath.workdps(60):
        for n in [*range(45), 399, 4000]:
            assert schedule.rate(RATE, n) == pytest.approx(float(exact(name, fields, n)), rel=1e-12, abs=1e-18)


@given(st.sampled_from(CASES), st.integers(0, 2**53))
def test_a_rate_never_rises_and_stays_within_its_ends(case: tuple[str, dict[str, Any]], n: int) -> None:
    schedule = Schedule(*case)
    first, now, later = (schedule.rate(RATE, it) for it in (0, n, n + 1))
    assert first == pytest.approx(RATE, rel=1e-15)
    assert 0.0 <= later <= now <= first * (1 + 1e-15)


def with_schedule(name: str, iteration: int = 0, **fields: float) -> Document:
    document = network(5, [3, 4, 2], ["tanh", "sigmoid"], rows=5)
    document["optimizer"] = {"name": "sgd", "learning_rate": RATE}
    return document | {"schedule": {"name": name, **fields}, "iteration": iteration}


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_step_goes_by_the_rate_of_its_iteration_and_says_which(name: str) -> None:
    document = with_schedule(name, 250)
    answer = step(document)
    rate = Schedule(name, SCHEDULES[name].fields).rate(RATE, 250)
    plain = step(document | {"schedule": None, "optimizer": {"name": "sgd", "learning_rate": rate}})
    for told, same in itertools.zip_longest(answer["updates"], plain["updates"]):
        assert told["after"] == same["after"]
        (line,) = told["lines"]
        assert (line["name"], line["value"]) == ("α", rate)
        assert line["formula"].startswith("α ← 0.3 · ")
        said = f"In iteration 250, {told['parameter']} moves by the learning rate that the schedule gives. "
        assert line["note"].startswith(said)
    assert answer["experiment"]["schedule"] == {"name": name, **SCHEDULES[name].fields}
    assert answer["experiment"]["optimizer"]["learning_rate"] == RATE
    assert answer["experiment"]["iteration"] == 251


def test_a_formula_of_a_rate_has_the_numbers_in_it() -> None:
    lines = [step(with_schedule(*it))["updates"][0]["lines"][0]["formula"] for it in (("step", 250), ("cosine", 250))]
    assert lines == ["α ← 0.3 · 0.5^2", "α ← 0.3 · (1 + cos(π · 250 / 1000)) / 2"]
    (line,) = step(with_schedule("cosine", 2000, least=0.1))["updates"][0]["lines"]
    assert line["formula"] == "α ← 0.1 + (0.3 − 0.1) · (1 + cos(π · 1000 / 1000)) / 2"
    assert line["value"] == pytest.approx(0.1, rel=1e-15)


def test_no_schedule_goes_unsaid() -> None:
    document = network(5, [3, 2], ["tanh"])
    assert "schedule" not in step(document)["experiment"]
    assert step(document | {"schedule": None})["experiment"] == step(document)["experiment"]
    assert math.isclose(Schedule("cosine", {"steps": 10, "least": 0.0}).rate(1.0, 5), 0.5)
