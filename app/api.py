"""The routes: a parsed request, one call into the mathematics, an answer.

The server keeps nothing between two requests, so any answer can come from any copy of it.
"""

from functools import lru_cache
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Query, Request
from fastapi.responses import Response

from app import __version__, answers, body, catalog, checks, encode, examples, schemas, wire
from app.core import training
from app.direct import DirectRoute

router = APIRouter(prefix="/api/v1")
computing = APIRouter(prefix="/api/v1", route_class=DirectRoute)
outside = APIRouter()


def _problems(meanings: dict[int | str, str]) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI description of the errors that a route answers, by status."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemAnswer"}}}
    meanings = {**meanings, "default": "Any other error, told in the same way"}
    return {status: {"description": meaning, "content": content} for status, meaning in meanings.items()}


NO_SUCH_EXAMPLE = _problems({404: "There is no such example"})
WRONG_BODY = _problems(
    {
        400: "The body is not JSON",
        413: "The body is too long",
        415: "The content type is not JSON's",
        422: "Well-formed but wrong; `errors` says what and where",
    }
)

Lean = Annotated[bool, Query(description="Leave out what stands elsewhere in the same answer")]


def _takes_experiment() -> dict[str, Any]:
    """The OpenAPI description of a body that the route reads by itself, since it reads JSON more strictly."""
    content = {"schema": {"$ref": "#/components/schemas/Experiment"}, "example": examples.load()["lecture"].experiment}
    return {"requestBody": {"required": True, "content": {"application/json": content}}}


def _json(content: bytes) -> Response:
    return Response(content, media_type="application/json")


async def _experiment(request: Request) -> schemas.Experiment:
    return checks.parse(await body.read(request))


@router.get("/catalog", response_model=answers.CatalogAnswer, summary="What networks can be made of")
async def get_catalog() -> Response:
    """Activations, costs and optimizers with their formulas, derivatives, fields and defaults; datasets; limits."""
    return _json(_catalog())


@lru_cache(maxsize=1)
def _catalog() -> bytes:
    return encode.dumps(catalog.document())


@router.get("/examples", response_model=list[answers.ExampleSummary], summary="The examples, by name")
async def get_examples() -> Response:
    """The first is `lecture`."""
    return _json(_examples())


@lru_cache(maxsize=1)
def _examples() -> bytes:
    known = examples.load().values()
    return encode.dumps_list([{"id": it.id, "title": it.title, "description": it.description} for it in known])


@router.get(
    "/examples/{id}",
    response_model=schemas.Experiment,
    summary="An example, ready to post",
    responses=NO_SUCH_EXAMPLE,
)
async def get_example(id: Annotated[str, Path(openapi_examples={"lecture": {"value": "lecture"}})]) -> Response:
    """The whole Experiment: network, data, optimizer, iteration."""
    known = examples.load()
    if id not in known:
        raise HTTPException(404, f"there is no example of that name; there are {', '.join(known)}")
    return _json(_example(id))


@lru_cache(maxsize=64)
def _example(id: str) -> bytes:
    document = checks.parse(examples.load()[id].experiment)
    return encode.dumps(wire.experiment(document, wire.decode(document)))


@computing.post(
    "/trace",
    response_model=answers.TraceAnswer,
    responses=WRONG_BODY,
    openapi_extra=_takes_experiment(),
    summary="One forward and backward pass, with every number",
)
async def post_trace(request: Request, lean: Lean = False) -> Response:
    """Every node's value and gradient, every edge's local partial and contribution, over the rows of the iteration."""
    document = await _experiment(request)
    return _json(encode.dumps(wire.trace(training.trace(wire.decode(document)), lean)))


@computing.post(
    "/step",
    response_model=answers.StepAnswer,
    responses=WRONG_BODY,
    openapi_extra=_takes_experiment(),
    summary="One iteration: forward, backward, update",
)
async def post_step(request: Request, lean: Lean = False) -> Response:
    """The trace from before the update, what the update did to each parameter, and the next experiment to post."""
    document = await _experiment(request)
    return _json(encode.dumps(wire.step(document, training.step(wire.decode(document)), lean)))


@outside.get("/health", response_model=answers.HealthAnswer, summary="Is the server up?")
async def get_health() -> Response:
    """For load balancers and containers."""
    return _json(encode.dumps({"status": "ok", "version": __version__}))
