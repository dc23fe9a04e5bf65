"""What the OpenAPI document says of bodies and answers, which the routes read and write by themselves.

Schemas are named here and made when somebody asks for the document: to make them takes longer than all the rest of the
start.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from app import examples
from app.direct import DirectRoute, Field

Responses = dict[int | str, dict[str, Any]]


def schema(name: str) -> dict[str, str]:
    """The model `name` of `answers`."""
    return {"$ref": f"#/components/schemas/{name}"}


def answered(
    document: dict[str, Any], errors: dict[int | str, str] | None = None, media_type: str = "application/json"
) -> Responses:
    """A route's answers: its document, and its errors by status."""
    meanings = {**(errors or {}), "default": "Any other error, told in the same way"}
    return {
        200: {"description": "What was asked for", "content": {media_type: {"schema": document}}},
        **_told(meanings),
    }


def _told(meanings: Mapping[int | str, str]) -> Responses:
    content = {"application/problem+json": {"schema": schema("ProblemAnswer")}}
    return {status: {"description": meaning, "content": content} for status, meaning in meanings.items()}


def parameter(name: str, where: str, type: str, example: Any, description: str) -> dict[str, Any]:
    """A parameter in the "path" or the "query"."""
    return {
        "name": name,
        "in": where,
        "required": where == "path",
        "schema": {"type": type},
        "description": description,
        "example": example,
    }


_TYPES = {"flag": "boolean", "whole": "integer", "number": "number", "text": "string"}
_BOUNDS = {"least": "minimum", "most": "maximum", "above": "exclusiveMinimum", "default": "default"}


def in_query(field: Field) -> dict[str, Any]:
    """A parameter of the query, by the field that reads it."""
    described = parameter(field.name, "query", _TYPES[field.kind], field.example, field.description)
    described["required"] = field.required
    bounds = {name: getattr(field, attribute) for attribute, name in _BOUNDS.items()}
    described["schema"] |= {name: bound for name, bound in bounds.items() if bound is not None}
    return described


INITIALIZATION = {
    "sizes": [2, 8, 2],
    "activations": ["tanh", "softmax"],
    "cost": "cross_entropy",
    "dataset": "moons",
    "optimizer": {"name": "adam", "learning_rate": 0.05},
}


def computed(name: str, fields: Sequence[Field], media_type: str = "application/json") -> dict[str, Any]:
    """What to tell FastAPI of a route that takes an Experiment and a query, and answers the model `name`."""
    responses = answered(schema(name), media_type=media_type)
    return described("Experiment", responses, examples.load()["lecture"].experiment, fields)


def described(body: str, responses: Responses, example: Any, fields: Sequence[Field] = ()) -> dict[str, Any]:
    """What to tell FastAPI of a route that takes the model `body`."""
    content = {"application/json": {"schema": schema(body), "example": example}}
    errors: dict[int | str, str] = {
        400: "The body is not JSON",
        408: "The body did not arrive in time",
        413: "The body is too long",
        415: "The content type is not JSON's",
        422: "Well-formed but wrong; `errors` says what and where",
        503: "Too much to do at the moment; Retry-After says when to ask again",
    }
    return {
        "responses": {**responses, **_told(errors)},
        "openapi_extra": {
            "parameters": list(map(in_query, fields)),
            "requestBody": {"required": True, "content": content},
        },
    }


def install(app: FastAPI) -> None:
    """Let the OpenAPI document of `app` be made of its direct routes and the schemas, once, when it is asked for."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            routes = [_described_route(route) for route in app.routes if isinstance(route, DirectRoute)]
            document = get_openapi(
                title=app.title,
                version=app.version,
                description=app.description,
                routes=[route for route in routes if route],
            )
            document.setdefault("components", {}).setdefault("schemas", {}).update(_schemas())
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _described_route(route: DirectRoute) -> APIRoute | None:
    return route.describe and APIRoute(route.path, route.endpoint, methods=[route.method], **route.describe())


def _schemas() -> dict[str, Any]:
    from pydantic.json_schema import models_json_schema

    from app import answers, explanations

    models = (*answers.DOCUMENTS, *explanations.DOCUMENTS)
    _, definitions = models_json_schema(
        [(model, "validation") for model in models], ref_template="#/components/schemas/{model}"
    )
    known: dict[str, Any] = _without_null_defaults(definitions["$defs"])
    return known


def _without_null_defaults(part: Any) -> Any:
    """A default of null says no more than that a field may be left out, which `required` says already."""
    if isinstance(part, list):
        return [_without_null_defaults(entry) for entry in part]
    if not isinstance(part, dict):
        return part
    return {
        name: _without_null_defaults(entry) for name, entry in part.items() if not (name == "default" and entry is None)
    }
