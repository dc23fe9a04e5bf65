"""What the OpenAPI document says besides what FastAPI sees by itself: topics, bodies, problems."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.encoders import jsonable_encoder
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from app import examples
from app.api.answers import LINES
from app.documents.answer_models import ProblemAnswer, TrainLine
from app.documents.experiment import Experiment, Initialization

Content = dict[str, dict[str, Any]]  # by media type
Errors = Mapping[int | str, str]  # by status

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
_ERRORS: Errors = {
    400: "The body is not JSON",
    408: "The body did not arrive in time",
    413: "The body is too long",
    415: "The content type is not JSON's",
    422: "Well-formed but wrong; `errors` says what and where",
    503: "Too much to do at the moment; Retry-After says when to ask again",
}
_REFERENCE = "#/components/schemas/{model}"


def described(model: type[BaseModel]) -> dict[str, str]:
    """A reference to the model's schema."""
    return {"$ref": _REFERENCE.format(model=model.__name__)}


_EXPERIMENT: Content = {"application/json": {"schema": described(Experiment)}}


def told(summary: str, errors: Errors | None = None) -> dict[str, Any]:
    """What to tell FastAPI of a route."""
    meanings: Errors = {**(errors or {}), "default": "Any other error, told in the same way"}
    content = {"application/problem+json": {"schema": described(ProblemAnswer)}}
    wrong = {status: {"description": meaning, "content": content} for status, meaning in meanings.items()}
    return {"summary": summary, "responses": {200: {"description": "What was asked for"}, **wrong}}


def posted(
    summary: str,
    content: Content = _EXPERIMENT,
    errors: Errors | None = None,
    *,
    lines_of: type[BaseModel] | None = None,
) -> dict[str, Any]:
    """The same of a route that takes a body, an Experiment unless `content` says otherwise, and may answer lines."""
    known = told(summary, {**_ERRORS, **(errors or {})})
    if lines_of is not None:
        known["responses"][200]["content"] = {LINES: {"schema": described(lines_of)}}
    return {**known, "openapi_extra": {"requestBody": {"required": True, "content": content}}}


def install(app: FastAPI) -> None:
    """Let the OpenAPI document of `app`, made once, when it is asked for, have what only bodies and errors hold."""
    seen = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is not None:
            return app.openapi_schema
        document = seen()
        for path in document["paths"].values():
            for operation in path.values():
                content = operation.get("requestBody", {}).get("content")
                if content == _EXPERIMENT:
                    content["application/json"]["example"] = examples.load()["lecture"].experiment
        _, definitions = models_json_schema(
            [(model, "validation") for model in (Initialization, ProblemAnswer, TrainLine)], ref_template=_REFERENCE
        )
        # As FastAPI has it: that a field may be left out is said by `required`, and by no default of null.
        document["components"]["schemas"].update(jsonable_encoder(definitions["$defs"], exclude_none=True))
        return document

    app.openapi = openapi  # type: ignore[method-assign]
