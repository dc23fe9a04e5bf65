"""/export, asked as a client asks."""

import shlex

import numpy as np
import pytest
from fastapi.testclient import TestClient

from app import examples, limits
from app.api import export
from tests.helpers import Document, lecture, network
from tests.test_api import V1, check_problem

PLACE = "parameter=W0&row=0&column=0"
QUERIES = ["as=numpy", "as=pytorch", "as=latex", f"as=latex&{PLACE}", "as=curl", "as=curl&path=/train?steps=9"]
BEGINS = {"n": '"""One iteration of', "p": '"""One iteration of', "l": "\\documentclass", "c": "curl -sS"}


def asked(client: TestClient, query: str, document: Document) -> str:
    answer = client.post(f"{V1}/export?{query}", json=document)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    return answer.text


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("name", examples.load())
def test_every_example_in_every_language(client: TestClient, name: str, query: str) -> None:
    document = examples.load()[name].experiment
    if "formulas" in document:  # their parameters have names and shapes of their own
        first, value = next(iter(document["formulas"]["parameters"].items()))
        axes = np.ndim(value)
        query = query.replace("W0&row=0&column=0", first + ("", "&column=0", "&row=0&column=0")[axes])
    text = asked(client, query, document)
    assert text.startswith(BEGINS[query[3]])
    assert text.endswith("\n")
    assert "None" not in text.replace(", None", "").replace("[None]", "")  # but in an index


@pytest.mark.parametrize("query", QUERIES)
def test_a_large_one_comes_in_parts_that_are_the_same(
    client: TestClient, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = network(3, [20, 30, 2], ["gelu", "softmax"], rows=40)
    whole = asked(client, query, document)
    monkeypatch.setattr(limits, "INLINE_NUMBERS", 0)
    monkeypatch.setattr(export, "_EQUATIONS_AT_ONCE", 0)
    assert asked(client, query, document) == whole


@pytest.mark.parametrize("query", QUERIES)
def test_what_overflows_is_a_text_too(client: TestClient, query: str) -> None:
    document = network(3, [2, 2], ["identity"], rows=2)
    document["data"]["x"] = [[1e200, 1.0], [1.0, -1e200]]
    document["network"]["layers"][0]["weights"] = [[1e300, 1.0], [-1.7e308, 1.7e308]]
    asked(client, query, document)


def test_a_bias_has_no_row(client: TestClient) -> None:
    document = network(3, [2, 3, 2], ["tanh", "sigmoid"])
    text = asked(client, "as=latex&parameter=b0&column=2", document)
    assert "b_{0}[2]" in text
    assert asked(client, "as=latex&parameter=b0&row=0&column=2", document) == text


def test_the_terms_can_be_folded(client: TestClient) -> None:
    text = asked(client, f"as=latex&{PLACE}&fold=m1", lecture())
    assert "\\text{from the backward pass}" in text
    assert "\\text{from the backward pass}" not in asked(client, f"as=latex&{PLACE}", lecture())


@pytest.mark.parametrize(
    ("query", "address"),
    [
        ("", "http://testserver/api/v1/step"),
        ("&path=/step", "http://testserver/api/v1/step"),
        ("&path=/train?steps=9%26every=3", "'http://testserver/api/v1/train?steps=9&every=3'"),
        ("&path=/chain?parameter=it's%26column=0", "'http://testserver/api/v1/chain?parameter=it%27s&column=0'"),
    ],
)
def test_the_command_asks_what_it_is_told_to(client: TestClient, query: str, address: str) -> None:
    head = asked(client, f"as=curl{query}", lecture()).splitlines()[0]
    assert f" {address} -H 'Content-Type: application/json' --data-binary @- <<'END_OF_BODY'" in head
    assert ("--no-buffer" in head) == ("/train" in address)


@pytest.mark.parametrize(
    ("origin", "scheme"),
    [("https://testserver", "https"), ("https://elsewhere", "http"), ("null", "http"), ("https://[", "http")],
)
def test_the_page_of_this_host_knows_the_scheme_that_a_proxy_speaks(
    client: TestClient, origin: str, scheme: str
) -> None:
    answer = client.post(f"{V1}/export?as=curl", json=lecture(), headers={"origin": origin})
    assert f" {scheme}://testserver/api/v1/step " in answer.text


@pytest.mark.parametrize("host", ["a'$(id)`id`", "a b", "x;id", "é", "::["])
def test_a_host_cannot_be_a_command(client: TestClient, host: str) -> None:
    answer = client.post(f"{V1}/export?as=curl", json=lecture(), headers=[(b"host", host.encode())])
    _, _, address, *rest = shlex.split(answer.text.splitlines()[0].removesuffix("<<'END_OF_BODY'"))
    assert address.endswith("/api/v1/step")
    assert rest == ["-H", "Content-Type: application/json", "--data-binary", "@-"]


PATHS = "it must be one of /step, /trace, /train, /chain, /slope, /check, with a query that it takes"
WRONG = [
    ("", "as", "as is missing"),
    ("as=ruby", "as", 'as is "ruby"; it must be numpy, pytorch, latex or curl'),
    ("as=curl&as=curl", "as", "as is given 2 times; once is allowed"),
    ("as=curl&to=me", "to", '"to" is not known here; there are as, parameter, row, column, fold, path'),
    (f"as=numpy&{PLACE}", "parameter", "parameter goes with as=latex, and as is numpy"),
    ("as=latex&path=/step", "path", "path goes with as=curl, and as is latex"),
    ("as=latex&row=0", "row", "row is given without a parameter"),
    ("as=latex&parameter=W0&row=0", "column", "column is missing"),
    ("as=latex&parameter=W0&column=0", "row", "row is missing; W0 has rows 0 to 1"),
    ("as=latex&parameter=W9&row=0&column=0", "parameter", 'there is no parameter "W9"; there are W0, W1'),
    ("as=latex&parameter=W0&row=x&column=0", "row", 'row is "x"; it must be a whole number'),
    (f"as=latex&{PLACE}&fold=x", "fold", 'fold is "x"; the terms can be folded at C, a1, m1, a0, m0, W0'),
    ("as=curl&path=/initialize", "path", f'path is "/initialize"; {PATHS}'),
    ("as=curl&path=/step?lean=yes", "path", f'path is "/step?lean=yes"; {PATHS}'),
    ("as=curl&path=/step?lean=1%26lean=1", "path", PATHS),
    ("as=curl&path=//elsewhere/step", "path", PATHS),
    ("as=curl&path=/chain", "path", PATHS),
    ("as=curl&path=/trace?lean", "path", PATHS),
]


@pytest.mark.parametrize(("query", "name", "detail"), WRONG, ids=range(len(WRONG)))
def test_a_wrong_query_says_so(client: TestClient, query: str, name: str, detail: str) -> None:
    answer = client.post(f"{V1}/export?{query}", json=lecture())
    (fault,) = [it for it in check_problem(answer, 422)["errors"] if it["pointer"] == f"query:{name}"]
    assert detail in fault["detail"]


def test_a_wrong_body_is_told_as_elsewhere(client: TestClient) -> None:
    document = lecture()
    document["network"]["cost"] = "loss"
    here, there = (client.post(V1 + path, json=document) for path in ("/export?as=numpy", "/step"))
    assert check_problem(here, 422) == check_problem(there, 422)
