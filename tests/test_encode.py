"""The bytes of an answer."""

import json
import math
from typing import Any

import numpy as np
import pytest

from app import encode

NUMBERS = [0.0, -0.0, 0.1, 1 / 3, 5e-324, 1.7976931348623157e308, 2.0**53, 1e22, 1e23, -1e-7, 123456.789]


@pytest.mark.parametrize("others", [[], [math.inf]], ids=["finite", "infinite"])
def test_every_double_reads_back_to_the_same_bits(others: list[float]) -> None:
    read = json.loads(encode.dumps({"value": np.array([*NUMBERS, *others])}))["value"]
    assert np.array(read[: len(NUMBERS)]).tobytes() == np.array(NUMBERS).tobytes()


@pytest.mark.parametrize(
    "value",
    [
        np.array([math.nan, math.inf, -math.inf]),
        np.array([[math.nan, math.inf, -math.inf]])[0],
        [math.nan, math.inf, -math.inf],
    ],
)
def test_what_json_lacks_travels_as_text(value: Any) -> None:
    assert encode.dumps({"value": value}) == b'{"value":["NaN","Infinity","-Infinity"]}'


@pytest.mark.parametrize("wrap", [lambda cost: {"cost": cost}, lambda cost: {"trace": {"cost": cost}}])
def test_a_cost_that_is_not_finite_travels_as_text(wrap: Any) -> None:
    assert json.loads(encode.dumps(wrap(-math.inf))) == wrap("-Infinity")


def test_null_and_text_stay_what_they_are() -> None:
    document = {"bias": None, "features": ["a,null", "[null"], "value": np.array([1.0])}
    assert json.loads(encode.dumps(document)) == {**document, "value": [1.0]}
