"""Every kind of file is read as it is meant, or refused by its name; never read wrong without a word."""

import re

import pytest
from fastapi.testclient import TestClient

from app.documents.answer_models import TableAnswer
from tests.tables.kinds import CASES, Case


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_file_is_read_as_it_is_meant(client: TestClient, case: Case) -> None:
    answer = client.post("/api/v1/table", content=case.body, params=case.query)
    document = answer.json()
    assert answer.status_code == case.status, answer.text[:300]
    if case.status != 200:
        assert re.search(case.said, document["detail"]), document["detail"]
        assert len(answer.content) < 8000
        return
    TableAnswer.model_validate_json(answer.content, strict=True)
    data = document["data"]
    for name in ("x", "y", "features", "classes"):
        if (right := getattr(case, name)) not in (None, ...):
            assert data[name] == right
    assert [(it["line"], it["column"]) for it in document["left_out"]] == case.left_out
    assert document["rows"] + document["left_out_count"] >= document["rows_in_file"]
    assert case.more.items() <= document.items()
    told = [*document["notes"], *(it["why"] for it in document["columns"])]
    assert re.search(case.said, "\n".join(told)), told


def test_there_are_as_many_kinds_as_people_bring() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 100
