"""What a direct route reads of a query by itself."""

import pytest
from fastapi.testclient import TestClient

from tests.helpers import lecture


@pytest.mark.parametrize(
    ("query", "lean"),
    [
        ("", False),
        ("?lean=true", True),
        ("?lean=1", True),
        ("?lean=false", False),
        ("?lean=0", False),
    ],
)
def test_a_flag_is_read(client: TestClient, query: str, lean: bool) -> None:
    answer = client.post("/api/v1/trace" + query, json=lecture())
    assert answer.status_code == 200
    assert ("contribution" not in answer.json()["partials"][0]) == lean


def test_a_name_that_is_not_known_is_told(client: TestClient) -> None:
    answer = client.post("/api/v1/trace?lea=true", json=lecture())
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "query:lea"
    assert "lean" in answer.json()["detail"]


@pytest.mark.parametrize("text", ["", "perhaps", "True", "2"])
def test_a_flag_that_is_none_says_what_is_allowed(client: TestClient, text: str) -> None:
    answer = client.post(f"/api/v1/trace?lean={text}", json=lecture())
    assert answer.status_code == 422
    (fault,) = answer.json()["errors"]
    assert fault == {"pointer": "query:lean", "detail": f'lean is "{text}"; it must be true or false'}


def test_a_direct_route_is_described_like_any_other(client: TestClient) -> None:
    trace = client.get("/openapi.json").json()["paths"]["/api/v1/trace"]["post"]
    (lean,) = trace["parameters"]
    assert (lean["name"], lean["in"], lean["required"], lean["schema"]["type"]) == ("lean", "query", False, "boolean")
