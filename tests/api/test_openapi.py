"""The description of the API: whole, true, and with examples that work."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.documents import answer_models as answers
from app.main import create_app
from tests.helpers import Document, initialized, read
from tests.tools.openapi import types_alone

DESCRIPTION: Document = create_app().openapi()
OPERATIONS = [
    (method, path, operation) for path, item in DESCRIPTION["paths"].items() for method, operation in item.items()
]
NAMES = [f"{method} {path}" for method, path, _ in OPERATIONS]


def references(part: Any) -> list[str]:
    """Every $ref below `part`."""
    if isinstance(part, list):
        return [found for entry in part for found in references(entry)]
    if not isinstance(part, dict):
        return []
    own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
    return own + [found for entry in part.values() for found in references(entry)]


def test_every_reference_leads_somewhere() -> None:
    assert DESCRIPTION["openapi"].startswith("3.1")
    for reference in references(DESCRIPTION):
        part: Any = DESCRIPTION
        for name in reference.removeprefix("#/").split("/"):
            part = part[name]


def test_every_schema_is_used_and_explained() -> None:
    schemas = DESCRIPTION["components"]["schemas"]
    used = {reference.rpartition("/")[2] for reference in references(DESCRIPTION)}
    assert set(schemas) == used
    assert all(schema.get("description") for schema in schemas.values())


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=NAMES)
def test_an_operations_example_works_and_its_answer_is_as_declared(
    client: TestClient, method: str, path: str, operation: Document
) -> None:
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "path":
            path = path.replace("{" + parameter["name"] + "}", parameter["schema"]["examples"][0])
    bodies = {kind: it["example"] for kind, it in operation.get("requestBody", {}).get("content", {}).items()}
    query = {it["name"]: it["schema"]["examples"][0] for it in operation.get("parameters", []) if it["in"] == "query"}
    if query.get("as") == "latex":
        del query["path"]  # of another language
    if path.endswith("/model"):
        del query["output"], query["shape"]  # of another kind of model
    if "text/csv" in bodies:
        answer = client.request(method, path, content=bodies["text/csv"], params=query)
    else:
        answer = client.request(method, path, json=bodies.get("application/json"), params=query)
    assert answer.status_code == 200
    ((media_type, content),) = operation["responses"]["200"]["content"].items()
    assert answer.headers["content-type"].removesuffix("; charset=utf-8") == media_type
    assert operation["summary"]
    assert operation["description"]
    documents = answer.text.splitlines() if media_type == "application/x-ndjson" else [answer.text]
    for document in documents:
        check(content["schema"], document if media_type == "text/plain" else json.loads(document), path)


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=NAMES)
def test_an_operations_errors_are_problems(method: str, path: str, operation: Document) -> None:
    errors = {status: it for status, it in operation["responses"].items() if status != "200"}
    for response in errors.values():
        assert list(response["content"]) == ["application/problem+json"]
    if method == "post":
        assert {"400", "413", "415", "422"} <= set(errors)


def check(schema: Document, value: Any, where: str) -> None:
    """Hold `value` against the part of JSON Schema that the description uses.   Raises: AssertionError."""
    if "$ref" in schema:
        check(DESCRIPTION["components"]["schemas"][schema["$ref"].rpartition("/")[2]], value, where)
    if "anyOf" in schema:
        assert any(fits(option, value) for option in schema["anyOf"]), where
    if "enum" in schema:
        assert value in schema["enum"], where
    kinds: Any = {
        "object": dict,
        "array": list,
        "string": str,
        "number": (int, float),
        "integer": int,
        "null": type(None),
        "boolean": bool,
    }
    if "type" in schema:
        assert isinstance(value, kinds[schema["type"]]), where
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        assert set(schema.get("required", [])) <= set(value), where
        for name, entry in value.items():
            if properties or schema.get("additionalProperties") is False:
                assert name in properties or isinstance(schema.get("additionalProperties"), dict), f"{where}.{name}"
            more = schema.get("additionalProperties")
            check(properties.get(name, more if isinstance(more, dict) else {}), entry, f"{where}.{name}")
    if isinstance(value, list) and "items" in schema:
        for number, entry in enumerate(value):
            check(schema["items"], entry, f"{where}[{number}]")


def fits(schema: Document, value: Any) -> bool:
    try:
        check(schema, value, "")
    except AssertionError:
        return False
    return True


def test_the_examples_are_experiments() -> None:
    for method, _, operation in OPERATIONS:
        if method == "post":
            content = operation["requestBody"]["content"]["application/json"]
            if "$ref" not in content["schema"]:
                continue  # a file, which may hold anything
            parse = read if content["schema"]["$ref"].endswith("/Experiment") else initialized
            parse(json.loads(json.dumps(content["example"])))


def test_the_errors_schema_is_that_of_the_answers() -> None:
    assert set(DESCRIPTION["components"]["schemas"]["ProblemAnswer"]["properties"]) == set(
        answers.ProblemAnswer.model_fields
    )


def test_the_pages_types_do_not_know_the_tables_rows() -> None:
    """So a new row of a table leaves them as they are."""
    types = json.dumps(types_alone(DESCRIPTION))
    for word in ("sigmoid", "cross_entropy", "leaky", "roundness"):
        assert word not in types
