"""The bytes of an answer."""

import json
import math
from typing import Any

import numpy as np
import pytest

from app.documents import encoding

NUMBERS = [0.0, -0.0, 0.1, 1 / 3, 5e-324, 1.7976931348623157e308, 2.0**53, 1e22, 1e23, -1e-7, 123456.789]


@pytest.mark.parametrize("others", [[], [math.inf]], ids=["finite", "infinite"])
def test_every_double_reads_back_to_the_same_bits(others: list[float]) -> None:
    read = json.loads(encoding.dumps({"value": np.array([*NUMBERS, *others])}))["value"]
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
    assert encoding.dumps(encoding.spelled({"value": value})) == b'{"value":["NaN","Infinity","-Infinity"]}'


def test_null_and_text_stay_what_they_are() -> None:
    document = {"bias": None, "features": ["a,null", "[null"], "value": np.array([1.0])}
    assert json.loads(encoding.dumps(document)) == {**document, "value": [1.0]}


@pytest.mark.parametrize(
    "value", [[np.nan, np.inf, -np.inf], [[np.nan] * 3000, [1.0] * 3000], [[[1.0, -np.inf]] * 40] * 50]
)
def test_parts_spell_out_what_json_lacks(value: Any) -> None:
    array = np.array(value)
    document = {"value": array, "again": [{"value": array}], "cost": "NaN", "bias": None}
    assert b"".join(encoding.parts(document)) == encoding.dumps(document)


def test_an_array_is_written_once_and_let_go_after_the_last_time(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[Any] = []
    write = encoding._digits

    def counted(array: Any) -> bytes:
        written.append(array)
        return write(array)

    twice, other = np.arange(12.0).reshape(3, 4), np.arange(5000.0)
    document = {"one": twice, "two": {"value": twice}, "three": [{"value": other}, {"value": other}]}
    whole = encoding.dumps(document)
    monkeypatch.setattr(encoding, "_digits", counted)
    parts = encoding._Parts(document)
    assert b"".join(parts.of(document)) == whole
    assert (sum(array.size for array in written), parts._digits) == (12 + 5000, {})


def test_an_iterator_stands_for_a_list() -> None:
    whole, sliced = ({"entries": ({"n": n} for n in range(200)), "n": 1} for _ in range(2))
    assert b"".join(encoding.parts(sliced)) == encoding.dumps(whole)
