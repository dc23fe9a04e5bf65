"""What the OpenAPI document says besides what FastAPI sees by itself: topics, bodies, problems."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel

from app import examples
from app.api.answers import LINES

VERSION_1 = "/api/v1"
TOPICS = [
    {"name": "Trace", "description": "One iteration: every value, every local partial, every gradient, and the update"},
    {"name": "Explain", "description": "Why a gradient is what it is: its routes, its curve, its measurement"},
    {"name": "Train", "description": "Many iterations, as lines that come while they are computed"},
    {"name": "Export", "description": "An experiment in other languages"},
    {"name": "Data", "description": "Files as the data of an experiment"},
    {"name": "Network", "description": "What networks can be made of, the ready experiments, and new ones"},
    {"name": "Health", "description": "For those who keep the server"},
]
_ERRORS: dict[int | str, str] = {
    400: "The body is not JSON",
    408: "The body did not arrive in time",
    413: "The body is too long",
    415: "The content type is not JSON's",
    422: "Well-formed but wrong; `errors` says what and where",
    503: "Too much to do at the moment; Retry-After says when to ask again",
}
_INITIALIZATION = {
    "sizes": [2, 8, 2],
    "activations": ["tanh", "softmax"],
    "cost": "cross_entropy",
    "dataset": "moons",
    "optimizer": {"name": "adam", "learning_rate": 0.05},
}
_TABLE = "wide,long,kind\n1.4,0.2,a\n4.7,1.4,b\n1.3,0.3,a\n"
_WEIGHTS = {"fc1.weight": [[0.1, -0.2], [0.4, 0.3], [0.5, 0.1]], "fc1.bias": [0, 0, 0.1], "fc2.weight": [[1, -1, 2]]}
_ONNX = "the bytes of an ONNX file"
_RECORDS = [
    {"wide": 1.4, "long": 0.2, "kind": "a"},
    {"wide": 4.7, "long": 1.4, "kind": "b"},
    {"wide": 1.3, "long": 0.3, "kind": "a"},
]


def told(summary: str, errors: Mapping[int | str, str] | None = None) -> dict[str, Any]:
    """What to tell FastAPI of a route, its errors by status."""
    meanings: dict[int | str, str] = {**(errors or {}), "default": "Any other error, told in the same way"}
    content = {"application/problem+json": {"schema": _schema("ProblemAnswer")}}
    responses: dict[int | str, Any] = {
        status: {"description": meaning, "content": content} for status, meaning in meanings.items()
    }
    return {"summary": summary, "responses": {200: {"description": "What was asked for"}, **responses}}


def posted(summary: str, *, lines_of: type[BaseModel] | None = None) -> dict[str, Any]:
    """The same of a route that takes an Experiment, and may answer lines."""
    described = _with_body(summary, "Experiment")
    if lines_of is not None:
        described["responses"][200]["content"] = {LINES: {"schema": _schema(lines_of.__name__)}}
    return described


def initialized(summary: str) -> dict[str, Any]:
    """The same of a route that takes an Initialization."""
    return _with_body(summary, "Initialization")


def filed(summary: str) -> dict[str, Any]:
    """The same of a route that takes the bytes of a file."""
    errors = _ERRORS | {400: "There is nothing in the file, or it breaks off", 415: "The file is no table in text"}
    content = {
        "text/csv": {"schema": {"type": "string"}},
        "application/json": {"schema": {}},
        "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
    }
    return {**told(summary, errors), "openapi_extra": {"requestBody": {"required": True, "content": content}}}


def modelled(summary: str) -> dict[str, Any]:
    """The same of a route that takes the bytes of a model, or its weights."""
    errors = _ERRORS | {
        400: "There is nothing in the file, or it is damaged",
        415: "It is a model of another kind, or none",
    }
    content = {
        "application/octet-stream": {"schema": {"type": "string", "format": "binary", "title": _ONNX}},
        "application/json": {"schema": {"type": "object"}},
    }
    return {**told(summary, errors), "openapi_extra": {"requestBody": {"required": True, "content": content}}}


def _with_body(summary: str, model: str) -> dict[str, Any]:
    content = {"application/json": {"schema": _schema(model)}}
    return {**told(summary, _ERRORS), "openapi_extra": {"requestBody": {"required": True, "content": content}}}


def _schema(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def install(app: FastAPI) -> None:
    """Let the OpenAPI document of `app`, made once, when it is asked for, have what only bodies and errors hold."""
    seen = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = seen()
            document["components"]["schemas"].update(_schemas())
            for path in document["paths"].values():
                for operation in path.values():
                    _exemplified(operation)
            app.openapi_schema = _without_null_defaults(document)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _schemas() -> dict[str, Any]:
    from pydantic.json_schema import models_json_schema

    from app.documents.answer_models import ProblemAnswer, TrainLine
    from app.documents.experiment import Experiment, Initialization

    models = (Experiment, Initialization, ProblemAnswer, TrainLine)
    _, definitions = models_json_schema(
        [(model, "validation") for model in models], ref_template="#/components/schemas/{model}"
    )
    known: dict[str, Any] = definitions["$defs"]
    return known


def _exemplified(operation: dict[str, Any]) -> None:
    """The body's example."""
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        match content["schema"]:
            case {"$ref": "#/components/schemas/Initialization"}:
                content["example"] = _INITIALIZATION
            case {"$ref": _}:
                content["example"] = examples.load()["lecture"].experiment
            case {"title": title}:
                content["example"] = f"({title})"
            case {"type": "object"}:
                content["example"] = _WEIGHTS
            case _:
                content["example"] = _RECORDS if media_type == "application/json" else _TABLE


def _without_null_defaults(part: Any) -> Any:
    """A default of null says no more than that a field may be left out, which `required` says already."""
    if isinstance(part, list):
        return [_without_null_defaults(entry) for entry in part]
    if not isinstance(part, dict):
        return part
    return {
        name: _without_null_defaults(entry) for name, entry in part.items() if not (name == "default" and entry is None)
    }
