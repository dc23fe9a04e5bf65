"""The traces in tests/js/fixtures are what the app answers today; `python -m tests.tools.fixtures` writes them anew."""

import json
import math
from typing import Any

import pytest

from tests.tools import fixtures

CURRENT = dict(fixtures.fixtures())

# Processors differ in the last digit of exp and tanh; a change of the mathematics is larger than this.
SAME_RELATIVE = 1e-9


def assert_same(stored: Any, current: Any, path: str) -> None:
    """The same names, texts and lengths, and numbers equal but for the last digits."""
    if isinstance(stored, float | int) and isinstance(current, float | int) and not isinstance(stored, bool):
        # How far a measured gradient is off is itself made of last digits, which another processor rounds otherwise.
        least = 1e-10 if path.endswith(("/worst", "/absolute", "/relative", "/error")) else 1e-15
        assert math.isclose(stored, current, rel_tol=SAME_RELATIVE, abs_tol=least), f"{path}: {stored} is now {current}"
    elif isinstance(stored, dict) and isinstance(current, dict):
        assert stored.keys() == current.keys(), path
        for name in stored:
            assert_same(stored[name], current[name], f"{path}/{name}")
    elif isinstance(stored, list) and isinstance(current, list):
        assert len(stored) == len(current), path
        for index, (old, new) in enumerate(zip(stored, current, strict=True)):
            assert_same(old, new, f"{path}/{index}")
    else:
        assert stored == current, path


# The catalog grows by a row for each new activation; what is stored of it need only be still true.
TABLES = ("activations", "costs", "optimizers", "datasets")


def known_rows(current: dict[str, Any], stored: dict[str, Any]) -> dict[str, Any]:
    """Today's catalog, in its tables only the rows that were there when it was stored."""
    names = {table: {row["name"] for row in stored[table]} for table in TABLES}
    return current | {table: [row for row in current[table] if row["name"] in names[table]] for table in TABLES}


def test_every_stored_row_of_the_catalog_is_still_there_as_it_was() -> None:
    stored = json.loads((fixtures.FOLDER / "catalog.json").read_text(encoding="utf-8"))
    assert_same(stored, known_rows(CURRENT["catalog.json"], stored), "catalog.json")


@pytest.mark.parametrize("name", sorted(CURRENT.keys() - {"catalog.json"}))
def test_stored_trace_is_what_the_app_answers(name: str) -> None:
    stored = json.loads((fixtures.FOLDER / name).read_text(encoding="utf-8"))
    assert_same(stored, CURRENT[name], name)


def test_no_stored_trace_is_left_over() -> None:
    assert {path.name for path in fixtures.FOLDER.iterdir()} == CURRENT.keys()


@pytest.mark.parametrize(
    ("stored", "current"),
    [(1.0, 1.001), (1.0, "1"), ([1], [1, 2]), ({"a": 1}, {"b": 1}), ({"a": [1, 2]}, {"a": [1, 3]}), ("x", "y")],
)
def test_a_difference_is_seen(stored: Any, current: Any) -> None:
    with pytest.raises(AssertionError):
        assert_same(stored, current, "here")
