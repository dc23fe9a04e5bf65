"""What holds for every table: it reads back as it was written, in any dialect, in slices, in little memory."""

import csv
import io
import json
import re
import subprocess
import sys
import tracemalloc
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from app import limits
from app.documents.problems import Problem
from app.tables.choices import DELIMITER_NAMES, ENCODINGS
from tests.tables.kinds import CASES, Case
from tests.tables.reading import counted, read

ROOT = Path(__file__).parents[2]
DOUBLES = st.floats(allow_nan=False, allow_infinity=False)
WORDS = st.text(st.sampled_from('aß"\n,;|\t 1é🙂'), max_size=8).map(lambda text: f"x{text}y")


@st.composite
def dialects(draw: st.DrawFn) -> dict[str, Any]:
    """What csv.writer may be told."""
    return {
        "delimiter": draw(st.sampled_from([",", ";", "\t", "|"])),
        "lineterminator": draw(st.sampled_from(["\n", "\r\n", "\r", "\n\n"])),
        "quoting": draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])),
    }


def written(rows: Sequence[Sequence[object]], dialect: dict[str, Any]) -> str:
    """The rows as csv.writer has them."""
    into = io.StringIO(newline="")
    csv.writer(into, **dialect).writerows(rows)
    return into.getvalue()


@given(st.data())
def test_numbers_read_back_to_the_same_bits_in_any_dialect(data: st.DataObject) -> None:
    width = data.draw(st.integers(2, 6))
    rows = data.draw(st.lists(st.lists(DOUBLES, min_size=width, max_size=width), min_size=2, max_size=12))
    names = [f"name {place}" for place in range(width)]
    is_named = data.draw(st.booleans())
    text = written([*([names] if is_named else []), *rows], data.draw(dialects()))
    roles = {name if is_named else f"column {at + 1}": "input" for at, name in enumerate(names)}
    roles[[*roles][-1]] = "target"
    answer = read(text.encode("utf-8-sig" if data.draw(st.booleans()) else "utf-8"), roles=roles)
    assert answer["header"] is is_named
    assert answer["left_out"] == []
    found = np.column_stack([answer["data"]["x"], answer["data"]["y"]])
    assert found.tobytes() == np.array(rows, dtype=np.float64).tobytes()


@given(st.lists(WORDS, min_size=3, max_size=12), dialects())
def test_words_read_back_whatever_is_in_them(words: list[str], dialect: dict[str, Any]) -> None:
    text = written([["x", "kind"], *([at / 8, word] for at, word in enumerate([*words, *words]))], dialect)
    choices = {"roles": {"kind": "class"}, "delimiter": dialect["delimiter"]}
    if len(different := [*dict.fromkeys(words)]) < 2:
        with pytest.raises(Problem, match="same in every row"):
            read(text.encode(), **choices)
        return
    answer = read(text.encode(), **choices)
    if dialect["lineterminator"] == "\r" or any("\n" in word for word in words):
        assert len(answer["data"]["classes"]) == len(different)
    else:
        assert answer["data"]["classes"] == different
    assert [different[at] for at in answer["data"]["y"].argmax(axis=1)] == [*words, *words]


@given(st.lists(st.tuples(DOUBLES, DOUBLES), min_size=2, max_size=8), st.sampled_from([";", "\t", "|"]))
def test_decimal_commas_read_back_to_the_same_bits(rows: list[tuple[float, float]], delimiter: str) -> None:
    lines = [delimiter.join(repr(number).replace(".", ",") for number in row) for row in rows]
    text = "\n".join([delimiter.join("ab"), *lines])
    answer = read(text.encode(), decimal=",", header=True, roles={"a": "input", "b": "target"})
    found = np.column_stack([answer["data"]["x"], answer["data"]["y"]])
    assert found.tobytes() == np.array(rows, dtype=np.float64).tobytes()


@given(st.lists(st.lists(DOUBLES, min_size=3, max_size=3), min_size=2, max_size=8))
def test_json_reads_back_to_the_same_bits_in_any_form(rows: list[list[float]]) -> None:
    names = ["a", "b", "c"]
    records = [dict(zip(names, row, strict=True)) for row in rows]
    forms = [
        json.dumps(records),
        "\n".join(map(json.dumps, records)),
        json.dumps({name: [record[name] for record in records] for name in names}),
        json.dumps({"columns": names, "data": rows}),
        json.dumps([names, *rows]),
    ]
    for form in forms:
        answer = read(form.encode(), roles={"a": "input", "b": "input", "c": "target"})
        found = np.column_stack([answer["data"]["x"], answer["data"]["y"]])
        assert found.tobytes() == np.array(rows, dtype=np.float64).tobytes()


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_an_encoding_that_is_named_is_read(encoding: str) -> None:
    body = "a;b\n0,5;1\n1,5;2\n".encode(ENCODINGS[encoding])
    answer = read(body, encoding=encoding)
    assert (answer["encoding"], answer["data"]["x"].tolist()) == (encoding, [[0.5], [1.5]])


def test_the_page_offers_what_may_be_named() -> None:
    text = (ROOT / "static/js/data/table-choices.js").read_text("utf-8")
    encodings = re.search(r"ENCODINGS = Object.freeze\(\[(.*?)\]\)", text, re.DOTALL)
    assert encodings
    assert {*re.findall(r'"(.+?)"', encodings[1])} <= {*ENCODINGS}
    signs = dict(re.findall(r'(\w+): { sign: "(.+?)", words: "(?!a )', text))
    assert {name: sign.replace(r"\t", "\t") for name, sign in signs.items()} == DELIMITER_NAMES


@pytest.mark.parametrize("case", [it for it in CASES if it.status == 200], ids=lambda it: it.name)
def test_the_data_of_an_answer_can_be_posted(client: TestClient, case: Case) -> None:
    answer = client.post("/api/v1/table", content=case.body, params=case.query).json()
    inputs, outputs = (len(answer["data"][side][0]) for side in "xy")
    layer = {"weights": [[0.01] * outputs] * inputs, "activation": answer["activation"]}
    network = {"layers": [layer], "cost": answer["cost"]}
    data = {"x": answer["data"]["x"], "y": answer["data"]["y"]}
    posted = {"network": network, "data": {**answer["data"], **data}}
    traced = client.post("/api/v1/trace?lean=true", json=posted)
    assert traced.status_code == 200, traced.text[:300]


# --- many rows --------------------------------------------------------------------------------------------------------


def numbered(rows: int, turn: int) -> bytes:
    return ("x,kind\n" + "\n".join(f"{at},c{at % turn}" for at in range(rows))).encode()


@pytest.mark.parametrize("turn", [2, 3, 5])
def test_of_too_many_rows_a_part_is_taken_in_order_the_same_each_time(turn: int) -> None:
    body = numbered(20_000 + turn, turn)
    answer = read(body)
    x = answer["data"]["x"][:, 0]
    assert len(x) == answer["rows"] == limits.ROWS
    assert answer["rows_in_file"] == 20_000 + turn
    assert (np.diff(x) > 0).all()
    assert np.array_equal(read(body)["data"]["x"][:, 0], x)
    shares = answer["data"]["y"].mean(axis=0)
    assert np.abs(shares - 1 / turn).max() < 0.03, "no class is lost that comes in turn"
    assert "drawn at random, the same each time" in answer["notes"][0]


def test_fewer_rows_are_taken_where_fewer_are_asked_for() -> None:
    assert read(numbered(100, 2), rows=10)["rows"] == 10


def test_no_more_rows_are_taken_than_a_body_may_have(client: TestClient) -> None:
    row = ",".join(["0.123456789"] * 200)
    body = ("\n".join([",".join(f"c{at}" for at in range(200)), *[row] * 6000])).encode()
    answer = client.post("/api/v1/table", content=body).json()
    assert 2000 < answer["rows"] < 6000
    assert len(json.dumps(answer["data"])) < limits.BODY_BYTES
    assert any("more than an experiment may have bytes" in note for note in answer["notes"])


def test_of_many_rows_left_out_the_first_are_told_and_all_are_counted() -> None:
    answer = read(("a,b\n" + "1,1\n2,2\n,1\n" * 300).encode())
    assert len(answer["left_out"]) == limits.TABLE_LEFT_OUT
    assert (answer["left_out_count"], answer["rows"]) == (300, 600)
    assert answer["left_out"][0] == {"line": 4, "column": 1, "detail": '"a" is empty'}


# --- what it takes ----------------------------------------------------------------------------------------------------

RANDOM = np.random.default_rng(1)
LARGE = {
    "few columns": "\n".join(",".join(f"{n:.6f}" for n in row) for row in RANDOM.random((8000, 10))),
    "many columns": "\n".join(",".join(map(str, row)) for row in RANDOM.integers(0, 256, (1000, 785)).tolist()),
    "digits": "\n".join(",".join(map(str, row)) for row in RANDOM.integers(0, 10, (1500, 1000)).tolist()),
    "words": "\n".join(
        ",".join(["alpha", "beta", "gamma"][n] for n in row) for row in RANDOM.integers(0, 3, (12_000, 9))
    ),
    "quoted": "\n".join(",".join(f'"{n:.4f}"'.replace(".", ",") for n in row) for row in RANDOM.random((8000, 9))),
    "records": json.dumps([{"a": n, "b": m, "c": k} for n, m, k in RANDOM.random((6000, 3)).tolist()]),
}


@pytest.mark.parametrize("name", LARGE)
def test_a_table_is_read_in_less_than_ten_times_its_memory(name: str) -> None:
    body = LARGE[name].encode()
    read(b"1,2")  # what is imported late is imported
    tracemalloc.start()
    try:
        read(body)
        assert tracemalloc.get_traced_memory()[1] < 10 * len(body)
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", LARGE)
def test_others_have_their_turn_while_a_table_is_read(name: str) -> None:
    body = LARGE[name].encode()
    assert counted(body)[1] > len(body) / 40_000


def test_nothing_that_reads_one_is_imported_before_it_is_asked_for() -> None:
    code = (
        "import sys, app.main; app.main.create_app(); print([it for it in sys.modules if it.startswith('app.tables')])"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "['app.tables', 'app.tables.choices']"


# --- over HTTP --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["text/csv", "application/octet-stream", "application/x-www-form-urlencoded", ""])
def test_bytes_are_taken_whatever_they_are_said_to_be(client: TestClient, kind: str) -> None:
    headers = {"content-type": kind} if kind else {}
    assert client.post("/api/v1/table", content=b"1,2\n3,4\n", headers=headers).json()["rows"] == 2


def test_a_file_that_is_too_long_is_refused(client: TestClient) -> None:
    answer = client.post("/api/v1/table", content=b"1,2\n" * (limits.TABLE_BYTES // 4 + 1))
    assert answer.status_code == 413
    assert str(limits.TABLE_BYTES) in answer.json()["detail"]


def test_a_long_one_is_answered_in_pieces(client: TestClient) -> None:
    body = LARGE["few columns"].encode()
    assert client.post("/api/v1/table", content=body).json()["rows"] == 8000


def test_what_is_packed_is_refused(client: TestClient) -> None:
    answer = client.post("/api/v1/table", content=b"1,2\n", headers={"content-encoding": "gzip"})
    assert answer.status_code == 415


def test_a_choice_that_is_given_twice_is_refused(client: TestClient) -> None:
    answer = client.post("/api/v1/table?role.a=input&role.a=skip", content=b"a,b\n1,2\n")
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"pointer": "query:role.a", "detail": "role.a is given 2 times; once is allowed"}
    ]


def test_a_point_that_may_part_thousands_is_told() -> None:
    """A file with semicolons is often of a country whose decimals follow a comma."""
    text = "a;b;y\n1.000;2;0\n12.500;3;1\n"
    answer = read(text.encode())
    assert answer["data"]["x"][0].tolist() == [1, 2]
    assert '"a": 1.000 is read as 1; where a comma stands before the decimals, say so' in answer["notes"]
    assert read(text.encode(), decimal=",")["data"]["x"][:, 0].tolist() == [1000, 12500]
    assert read(text.replace(";3;", ";3.5;").encode())["notes"] == []  # a point before the decimals, in another column
    assert read(text.replace(";", ",").encode())["notes"] == []
