"""The routes: a parsed request, one call into the mathematics, an answer.

The server keeps nothing between two requests, so any answer can come from any copy of it.
"""

import asyncio
from collections.abc import AsyncIterator
from functools import lru_cache

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response, StreamingResponse

from app import __version__, body, catalog, checks, encode, examples, explained, initial, limits, queries, schemas, wire
from app.core import check, explain, slope, train, training
from app.description import INITIALIZATION, answered, computed, described, parameter, schema
from app.direct import DirectRoute, driven, flag, query

router = APIRouter(prefix="/api/v1", route_class=DirectRoute)
outside = APIRouter(route_class=DirectRoute)


def _json(content: bytes) -> Response:
    return Response(content, media_type="application/json")


async def _experiment(request: Request) -> schemas.Experiment:
    return checks.parse(await body.read(request))


@router.get("/catalog", responses=answered(schema("CatalogAnswer")), summary="What networks can be made of")
async def get_catalog(_request: Request) -> Response:
    """Activations, costs and optimizers with their formulas, derivatives, fields and defaults; datasets; limits."""
    return _json(_catalog())


@lru_cache(maxsize=1)
def _catalog() -> bytes:
    return encode.dumps(catalog.document())


@router.get(
    "/examples",
    responses=answered({"type": "array", "items": schema("ExampleSummary")}),
    summary="The examples, by name",
)
async def get_examples(_request: Request) -> Response:
    """The first is `lecture`."""
    return _json(_examples())


@lru_cache(maxsize=1)
def _examples() -> bytes:
    known = examples.load().values()
    return encode.dumps_list([{"id": it.id, "title": it.title, "description": it.description} for it in known])


@router.get(
    "/examples/{id}",
    responses=answered(schema("Experiment"), {404: "There is no such example"}),
    summary="An example, ready to post",
    openapi_extra={"parameters": [parameter("id", "path", "string", "lecture", "its name in the list of examples")]},
)
async def get_example(request: Request) -> Response:
    """The whole Experiment: network, data, optimizer, iteration."""
    known, id = examples.load(), request.path_params["id"]
    if id not in known:
        raise HTTPException(404, f"there is no example of that name; there are {', '.join(known)}")
    return _json(_example(id))


@lru_cache(maxsize=64)
def _example(id: str) -> bytes:
    document = checks.parse(examples.load()[id].experiment)
    return encode.dumps(wire.experiment(document, wire.decode(document)))


@router.post(
    "/trace", **computed("TraceAnswer", queries.LEAN), summary="One forward and backward pass, with every number"
)
async def post_trace(request: Request) -> Response:
    """Every node's value and gradient, every edge's local partial and contribution, over the rows of the iteration."""
    lean = flag(request, "lean")
    document = await _experiment(request)
    return _json(encode.dumps(wire.trace(training.trace(wire.decode(document)), lean)))


@router.post("/step", **computed("StepAnswer", queries.LEAN), summary="One iteration: forward, backward, update")
async def post_step(request: Request) -> Response:
    """The trace from before the update, what the update did to each parameter, and the next experiment to post."""
    lean = flag(request, "lean")
    document = await _experiment(request)
    return _json(encode.dumps(wire.step(document, training.step(wire.decode(document)), lean)))


@router.post(
    "/initialize",
    **described("Initialization", answered(schema("Experiment")), example=INITIALIZATION),
    summary="A new experiment from a few choices",
)
async def post_initialize(request: Request) -> Response:
    """Sizes, activations, cost, initializer, data and optimizer make an Experiment; the same seed gives the same."""
    document = initial.experiment(await body.read(request))
    return _json(encode.dumps(wire.experiment(document, wire.decode(document))))


@router.post(
    "/train",
    **computed("TrainLine", queries.TRAIN, media_type="application/x-ndjson"),
    response_class=StreamingResponse,
    summary="Many iterations, streamed",
)
async def post_train(request: Request) -> Response:
    """A line for every so many iterations; the last line has the experiment that n posts of /step would give."""
    asked = query(request, queries.TRAIN)
    document = await _experiment(request)
    experiment = wire.decode(document)
    work = train.work(experiment) * asked["steps"]
    queries.demand_little(work, "Fewer steps in one call", limits.TRAIN_MULTIPLICATIONS)
    slices = train.train(experiment, asked["steps"], asked["every"])
    return StreamingResponse(_streamed(document, slices), media_type="application/x-ndjson")


async def _streamed(document: schemas.Experiment, slices: train.Lines) -> AsyncIterator[bytes]:
    """The lines as they come; between two slices the server answers others."""
    while True:
        try:
            lines = next(slices)
        except StopIteration as end:
            yield encode.dumps(wire.trained(document, end.value)) + b"\n"
            return
        if lines:
            yield encode.dumps_lines(lines)
        await asyncio.sleep(0)


@router.post("/chain", **computed("ChainAnswer", queries.CHAIN), summary="The chain rule of one number, written out")
async def post_chain(request: Request) -> Response:
    """Every route from C to the number as a product of local partials; the products sum to its gradient."""
    asked = query(request, queries.CHAIN)
    experiment = wire.decode(await _experiment(request))
    run = training.trace(experiment)
    place = queries.place(run.graph, asked)
    result = await driven(explain.chain(run, place, queries.fold(run.graph, place, asked)))
    return _json(encode.dumps_scalars(explained.chain(experiment, run, place, result)))


@router.post("/slope", **computed("SlopeAnswer", queries.SLOPE), summary="C as a function of one number")
async def post_slope(request: Request) -> Response:
    """C at weights on both sides, the slope where the number is, and what a step against the slope makes of it."""
    asked = query(request, queries.SLOPE)
    experiment = wire.decode(await _experiment(request))
    run = training.trace(experiment)
    place, wanted = queries.place(run.graph, asked), queries.asked_slope(asked)
    queries.demand_little(slope.work(run, place, wanted), "Fewer rows (batch_size), points or steps")
    result = await driven(slope.slope(experiment, run, place, wanted))
    return _json(encode.dumps_scalars(explained.slope(experiment, run, place, result)))


@router.post("/check", **computed("CheckAnswer", queries.CHECK), summary="Every gradient beside its difference")
async def post_check(request: Request) -> Response:
    """The gradient of every number of every parameter, and the same by a central difference of C."""
    step = query(request, queries.CHECK)["step"]
    run = training.trace(wire.decode(await _experiment(request)))
    queries.demand_little(check.work(run), "Fewer rows (batch_size) or parameters")
    result = await driven(check.check(run, step))
    return _json(encode.dumps_scalars(explained.check(run, step, result)))


@outside.get("/health", responses=answered(schema("HealthAnswer")), summary="Is the server up?")
async def get_health(_request: Request) -> Response:
    """For load balancers and containers."""
    return _json(encode.dumps({"status": "ok", "version": __version__}))
