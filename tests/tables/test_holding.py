"""Rows held back, inputs scaled, what a column may become, and what is told of a table that makes no data."""

import statistics
from collections import Counter

import numpy as np
import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from app import limits
from app.documents.problems import Problem, Unprocessable
from tests.tables.reading import read

FLOWERS = "long,wide,kind\n1,2,rose\n3,4,lily\n5,6,rose\n7,8,lily\n9,10,rose\n11,12,lily\n"
KINDS = st.lists(st.sampled_from(["p", "q", "r"]), min_size=6, max_size=40).filter(lambda it: len({*it}) > 1)


def test_every_third_row_of_each_class_is_held_back() -> None:
    data = read(FLOWERS.encode(), hold_back=3)["data"]
    assert data["classes"] == ["rose", "lily"]
    assert data["x"].tolist() == [[1, 2], [3, 4], [5, 6], [7, 8]]
    assert data["held_back"]["x"].tolist() == [[9, 10], [11, 12]]
    assert data["held_back"]["y"].tolist() == [[1, 0], [0, 1]]


@given(KINDS, st.integers(2, 5))
def test_as_many_are_held_back_of_each_class_in_whatever_order_they_come(kinds: list[str], every: int) -> None:
    text = "a,kind\n" + "\n".join(f"{at / 8},{kind}" for at, kind in enumerate(kinds))
    answer = read(text.encode(), hold_back=every, header=True, roles={"a": "input", "kind": "class"})
    data = answer["data"]
    names = data["classes"]
    held = Counter(names[at] for at in data.get("held_back", {"y": np.zeros((0, 2))})["y"].argmax(axis=1))
    for name, number in Counter(kinds).items():
        assert held[name] == number // every
        if held:
            assert any(f"{name}: {number // every} of {number}" in note for note in answer["notes"])
    assert len(data["x"]) + sum(held.values()) == len(kinds) == answer["rows"]
    # The first ones of each class are learned from, in the order of the file.
    met: Counter[str] = Counter()
    learned = [at / 8 for at, kind in enumerate(kinds) if met.update([kind]) or met[kind] % every]
    assert data["x"][:, 0].tolist() == learned


def test_numbers_are_held_back_in_turn_and_yes_and_no_apart() -> None:
    answer = read(b"1,2.5\n2,3.5\n3,9\n4,9.5\n5,1", hold_back=2)
    assert answer["data"]["held_back"]["x"].tolist() == [[2], [4]]
    assert "held back: 2 of 5 rows" in answer["notes"]
    text = "a,won\n1,0\n2,1\n3,0\n4,1\n5,0\n6,1\n"
    flags = read(text.encode(), hold_back=2, roles={"won": "target"})
    assert flags["data"]["held_back"]["y"].tolist() == [[0], [1]]
    assert "held back, by class: won 0: 1 of 3, won 1: 1 of 3" in flags["notes"]
    none = read(FLOWERS.encode(), hold_back=4)
    assert "held_back" not in none["data"]
    assert "no row is held back: no class has 4 rows" in none["notes"]


def test_what_a_file_itself_holds_back_goes_before() -> None:
    body = b'{"x": [[1], [2], [3]], "y": [[0], [1], [0]], "held_back": {"x": [[9]], "y": [[1]]}}'
    answer = read(body, hold_back=2)
    assert answer["data"]["held_back"]["x"].tolist() == [[9]]
    assert "the file itself says which rows are held back: 1 of 4" in answer["notes"]


@given(st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(-1e300, 1e300)), min_size=4, max_size=20), st.booleans())
def test_scaled_inputs_are_those_of_statistics(rows: list[tuple[float, float]], is_held: bool) -> None:
    text = "\n".join(["a,b,c,t", *(f"{a!r},{b!r},7,{at + 0.5}" for at, (a, b) in enumerate(rows))])
    roles = {"a": "input", "b": "input", "c": "input", "t": "target"}
    choices = {"roles": roles, "header": True, "hold_back": 3 if is_held else 0}
    plain, scaled = (read(text.encode(), scale=scale, **choices)["data"] for scale in (False, True))
    for place in range(2):
        column = plain["x"][:, place].tolist()
        mean, spread = statistics.fmean(column), statistics.pstdev(column)
        if spread <= 1e-9 * max(map(abs, column)):
            continue  # whether it changes at all is a matter of rounding
        sides = [(plain, scaled)] + ([(plain["held_back"], scaled["held_back"])] if is_held else [])
        for before, after in sides:
            expected = [(value - mean) / spread for value in before["x"][:, place].tolist()]
            assert after["x"][:, place] == pytest.approx(expected, rel=1e-9, abs=1e-9)
    assert not scaled["x"][:, 2].any(), "a column that never changes becomes 0"


def test_scaled_numbers_fit_into_a_body(client: TestClient) -> None:
    lines = [",".join(str((at * k) % 7) for k in range(1, 62)) for at in range(9000)]
    text = "\n".join([",".join(f"c{at}" for at in range(61)), *lines])
    answer = client.post("/api/v1/table?scale=true&role.c60=target", content=text.encode())
    assert answer.status_code == 200
    assert answer.json()["rows"] < 9000
    assert len(answer.content) < limits.BODY_BYTES


@pytest.mark.parametrize(
    ("query", "words"), [("hold_back=1", "hold_back is"), ("hold_back=x", "a whole number"), ("scale=yes", "scale is")]
)
def test_a_choice_that_cannot_be_is_refused(client: TestClient, query: str, words: str) -> None:
    answer = client.post(f"/api/v1/table?{query}", content=b"1,2\n3,4\n")
    assert answer.status_code == 422
    assert words in answer.json()["detail"]


# --- what a column may be ---------------------------------------------------------------------------------------------

MIXED = (
    "n,flag,two,many,day,none,note\n"
    + "\n".join(
        f"{at / 4},{('yes', 'no')[at % 2]},{('p', 'q')[at // 2 % 2]},{'uvw'[at % 3]},2020-01-{at + 10},,note {at}"
        for at in range(12)
    )
).encode()


def test_a_column_may_be_what_it_is_said_to_be_and_nothing_else() -> None:
    columns = read(MIXED)["columns"]
    assert {it["name"]: it["may_be"] for it in columns if it["name"] != "note"} == {
        "n": ["input", "one_hot", "target", "class", "skip"],
        "flag": ["input", "one_hot", "target", "class", "skip"],
        "two": ["input", "one_hot", "class", "skip"],
        "many": ["input", "class", "skip"],
        "day": ["skip"],
        "none": ["skip"],
    }
    for column in columns:
        others = {it["name"]: "skip" for it in columns} | {"n": "input", "flag": "target"}
        for role in ("input", "target", "class", "one_hot"):
            if column["name"] in ("n", "flag"):
                continue
            aim = role in ("target", "class")
            roles = (
                others | ({"flag": "skip"} if aim else {}) | {column["name"]: "input" if role == "one_hot" else role}
            )
            choices = {"roles": roles, "one_hot": column["name"] if role == "one_hot" else None}
            if role in column["may_be"]:
                assert read(MIXED, **choices)["rows"] == 12
            elif role != "one_hot":  # of several words each is an input anyway
                with pytest.raises(Unprocessable):
                    read(MIXED, **choices)


def test_the_first_rows_of_a_column_are_told_as_they_are_read() -> None:
    answer = read(b"a;b;c;d\n1,50;x;;01.02.2020\n;y;;02.02.2020\noops;x;1;\n2,5;y;2;04.02.2020\n3,5;x;3;05.02.2020")
    assert {it["name"]: it["first"] for it in answer["columns"]} == {
        "a": ["1.5", "", ""],
        "b": ["x", "y", "x"],
        "c": ["", "", "1"],
        "d": ["01.02.2020", "02.02.2020", ""],
    }


@pytest.mark.parametrize(
    "roles", [{"a": "skip"}, {"a": "class", "b": "class"}, {"a": "target", "b": "target"}, {"x": "skip"}]
)
def test_columns_are_told_of_a_table_that_makes_no_data_so(client: TestClient, roles: dict[str, str]) -> None:
    query = {f"role.{name}": role for name, role in roles.items()}
    answer = client.post("/api/v1/table", params=query, content=b"a;b\n1;2,5\n2;3,5\n3;9,5\n")
    assert answer.status_code == 422
    table = answer.json()["table"]
    assert [it["name"] for it in table["columns"]] == ["a", "b"]
    assert (table["delimiter"], table["decimal"], table["header"], table["rows_in_file"]) == (";", ",", True, 3)
    asked = [it["role"] for it in table["columns"]]
    assert asked == ([roles.get("a", "input"), roles.get("b", "target")] if "x" not in roles else ["input", "target"])


def test_nothing_is_told_of_what_is_no_table(client: TestClient) -> None:
    assert "table" not in client.post("/api/v1/table", content=b"%PDF-1.7").json()


def test_dates_are_no_class() -> None:
    with pytest.raises(Problem, match="holds dates or times"):
        read(b"a,date\n1,20190102\n2,20190203\n", roles={"date": "class"})
