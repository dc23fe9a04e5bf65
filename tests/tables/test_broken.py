"""Files that nobody exported: each is read or refused in words, and no row of it is lost unsaid.

The seed is fixed. `make fuzz` damages as many as it asks requests, from another seed each day.
"""

import json
import os
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from typing import Any

import numpy as np
import pytest

from app import limits
from app.documents.problems import Problem
from tests.tables.kinds import CASES
from tests.tables.reading import Answer, read

FILES = int(os.environ.get("BACKPROP_FUZZ", "600"))
SEED = date.today().toordinal() if "BACKPROP_FUZZ" in os.environ else 1
CELLS = [
    "1",
    "0.5",
    "−2",
    "1e-3",
    "1,5",
    "1,000",
    "NaN",
    "inf",
    "",
    " ",
    "red",
    "blau",
    "é🙂",
    "5 cm",
    "12%",
    "yes",
    "2019-01-02",
]
ODD = ['a"b', '"', '""', "a\nb", "\x00", "\u2028", "\x1f", "=1+1", "<b>", "9" * 400, "#", "sep=;", "@data", "[", "{"]
SPOILERS = [
    '"',
    '""',
    "\n",
    "\r",
    "\r\n",
    ",",
    ";",
    "\t",
    " ",
    "|",
    "\ufeff",
    "{",
    "[",
    "]",
    "}",
    ":",
    "\x00",
    "#",
    "@relation",
    "x",
]
ENCODINGS = ["utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "latin-1"]
CHOICES: dict[str, list[Any]] = {
    "delimiter": [",", ";", "\t", "|", " "],
    "decimal": [".", ","],
    "header": [True, False],
    "rows": [1, 3, 10_000],
    "encoding": ["utf-8", "windows-1252", "utf-16le"],
    "one_hot": ["column 1", "1", "red"],
    "hold_back": [2, 3],
    "scale": [True],
    "roles": [{"column 1": "class"}, {"column 2": "target"}, {"1": "skip"}, {"column 1": "what"}],
}


def text_of(it: random.Random) -> str:
    """Rows of cells, some odd, some too short, in CSV or JSON; or one of the kinds that are known."""
    if it.random() < 0.4:
        return it.choice(CASES).body[:4000].decode("utf-8", "replace")
    width = it.randint(1, 6)
    cells = CELLS + ODD if it.random() < 0.3 else CELLS
    rows = [
        [
            str(it.randint(-9, 9)) if it.random() < 0.5 else it.choice(cells)
            for _ in range(width if it.random() < 0.9 else 3)
        ]
        for _ in range(it.randint(0, 12))
    ]
    if it.random() < 0.2:
        return json.dumps(
            it.choice([rows, [dict(zip("abcdef", row, strict=False)) for row in rows], {"x": rows, "y": rows}])
        )
    delimiter = it.choice(",;\t| ")
    return it.choice(["\n", "\r\n", "\r"]).join(delimiter.join(row) for row in rows)


def bytes_of(it: random.Random) -> bytes:
    """Such a text, damaged, in some encoding, and that damaged."""
    text = text_of(it)
    for _ in range(it.choice([0, 0, 1, 2, 5])):
        at = it.randint(0, len(text))
        text = text[:at] + it.choice(SPOILERS) + text[at + it.randint(0, 2) :]
    body = bytearray(text.encode(it.choice(ENCODINGS), "replace"))
    if body and it.random() < 0.2:
        body[it.randrange(len(body))] = it.randrange(256)
    return bytes(body[: it.randint(0, len(body))] if it.random() < 0.1 else body)


def is_whole(answer: Answer, most: int = limits.ROWS) -> None:
    """Rows that can be learned from, and a word for each that is not there."""
    x, y = answer["data"]["x"], answer["data"]["y"]
    held = answer["data"].get("held_back", {"x": []})["x"]
    assert np.isfinite(x).all()
    assert np.isfinite(y).all()
    assert len(x) == len(y) == answer["rows"] - len(held)
    assert (x.shape[1], y.shape[1]) == (len(answer["data"]["features"]), len(answer["data"]["classes"]))
    assert len(answer["left_out"]) == min(answer["left_out_count"], 100)
    if answer["rows_in_file"] <= most and not any("have bytes" in note for note in answer["notes"]):
        assert answer["rows"] + answer["left_out_count"] >= answer["rows_in_file"]
    lines = [it["line"] for it in answer["left_out"]]
    assert lines == sorted(lines)
    assert all(line > 0 for line in lines)
    assert all(it["why"] for it in answer["columns"])


@contextmanager
def nothing_touched() -> Iterator[list[str]]:
    """What is opened or connected to meanwhile."""
    touched: list[str] = []
    _watching.append(touched)
    try:
        yield touched
    finally:
        _watching.remove(touched)


_watching: list[list[str]] = []


def _watch(event: str, given: tuple[Any, ...]) -> None:
    if _watching and event in ("open", "socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system"):
        _watching[-1].append(f"{event} {given[:1]}")


sys.addaudithook(_watch)


def test_any_bytes_are_read_or_refused_in_words_and_touch_nothing() -> None:
    for case in CASES:  # what is imported late is imported
        with suppress(Problem):
            read(case.body)
    read_whole = 0
    refusals: list[Problem] = []
    with nothing_touched() as touched:
        for number in range(FILES):
            it = random.Random(SEED * 1_000_000 + number)
            body = bytes_of(it)
            choices = {name: it.choice(values) for name, values in CHOICES.items() if it.random() < 0.08}
            try:
                is_whole(read(body, **choices), choices.get("rows", limits.ROWS))
                read_whole += 1
            except Problem as problem:
                refusals.append(problem)
            except Exception as error:  # which file it was
                raise AssertionError((body, choices)) from error
    assert touched == []
    assert [it.detail for it in refusals if it.status >= 500 or not 15 < len(it.detail) < 700] == []
    assert FILES / 10 < read_whole < FILES, "the files are neither all wrong nor all right"


def test_every_line_is_a_row_or_is_told() -> None:
    for number in range(FILES // 3):
        it = random.Random(SEED * 2_000_000 + number)
        lines = [
            ",".join(it.choice(["1", "2.5", "x", "", "inf"]) for _ in range(it.choice([3, 3, 3, 2, 4])))
            for _ in range(9)
        ]
        try:
            answer = read(("a,b,c\n" + "\n".join(lines)).encode(), header=True, roles={"a": "input", "b": "input"})
        except Problem:
            continue
        empty = sum(not line.strip(",") for line in lines)
        assert answer["rows"] + answer["left_out_count"] == len(lines) - empty


MANY = 100_000


@pytest.mark.parametrize(
    "text",
    [
        "1" * (5 * MANY),
        "1," * MANY,
        f"a,b\n1,{'x' * MANY}\n2,y",
        f'"{"a" * (5 * MANY)}',
        '"' * (2 * MANY + 1),
        '"a\n' * MANY,
        'a"b,1\n' * MANY,
        '"""x\n' * MANY,
        ('"' + '""' * 1000 + "\n") * 100,
        'x,"' + "\n" * MANY,
        ",\n" * MANY,
        "\r" * MANY,
        "[" * MANY + "]" * MANY,
        "[" + '{"a":' * MANY + "1" + "}" * MANY + "]",
        '{"data":' * MANY + "1" + "}" * MANY,
        "[" + '{"a":1},' * MANY + '{"b":2}]',
        "a,b\n" + "\n".join(f"{k},k{k}" for k in range(MANY)),
        ",".join(f"c{k}" for k in range(2000)) + "\n" + ("1," * 2000)[:-1],
        "@relation r\n" + "@attribute a numeric\n" * MANY + "@data\n1,2\n",
        "@relation r\n@attribute a {" + "x," * MANY + "y}\n@attribute b real\n@data\nx,2\n",
        "1 " * 1000 + "\n" + "1:1 " * MANY,
        "#\n" * MANY,
        "1 000" + " 000" * MANY + ",1\n2,2",
    ],
    ids=lambda text: text[:12],
)
def test_huge_lines_and_quotes_without_end_are_read_or_refused(text: str) -> None:
    with suppress(Problem):
        is_whole(read(text.encode()))
