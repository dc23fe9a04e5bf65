"""The routes: a parsed request, one call into the mathematics, an answer.

The server keeps nothing between two requests, so any answer can come from any copy of it. What some routes alone need
they import when they are first asked: the start is sooner over.
"""

import time
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from typing import Any, NamedTuple, TypeVar

from fastapi import HTTPException, Request
from fastapi.responses import Response, StreamingResponse

from app import __version__, body, checks, encode, examples, limits, outlines, queries, quick, wire
from app.core import train, training
from app.core.observations import observed
from app.description import INITIALIZATION, answered, computed, described, parameter, schema
from app.direct import Routes, query
from app.turns import Slices, apart, driven, hold, pieces

Result = TypeVar("Result")

router = Routes("/api/v1")
outside = Routes()


_TERMS_AT_ONCE, _ENTRIES_AT_ONCE = 64, 512  # written in one piece, in less than a millisecond
JSON, LINES = "application/json", "application/x-ndjson"
_JSON_HEADER = (b"content-type", JSON.encode())


class _Json(Response):
    """Bytes of JSON; their two headers written straight."""

    def __init__(self, content: bytes) -> None:
        self.status_code, self.background, self.body = 200, None, content
        self.raw_headers = [(b"content-length", b"%d" % len(content)), _JSON_HEADER]


def _in_pieces(request: Request, parts: Iterator[bytes], media_type: str = JSON, *, apart: bool = False) -> Response:
    """A long answer, written while it is sent.   Raises: Busy."""
    hold(request)
    return StreamingResponse(pieces(parts, apart=apart), media_type=media_type)


class Posted(NamedTuple):
    """The experiment that a request brings, and what it has besides; whether it is long, and a pass takes long."""

    beside: wire.Beside
    experiment: training.Experiment
    is_long: bool
    takes_long: bool


async def _posted(request: Request) -> Posted:
    content = await body.received(request)
    is_long = body.is_long(content)
    if is_long:
        read = await driven(request, _in_slices(await body.read(request, content)))
    else:
        read = quick.read(content) or wire.decode(checks.parse(body.parse(content)))
    beside, experiment = read
    work = train.work(experiment)
    if is_long or work > limits.APART_MULTIPLICATIONS // 10:
        hold(request, wire.numbers(train.graph_of(experiment)))
    return Posted(beside, experiment, is_long, work > limits.APART_MULTIPLICATIONS)


def _in_slices(document: dict[str, Any]) -> Slices[wire.Read]:
    checked = yield from checks.parsed(document, spent=True)
    return (yield from wire.decoded(checked))


async def _traced(request: Request) -> tuple[Posted, training.Trace]:
    posted = await _posted(request)
    return posted, await _calculated(request, posted, training.trace)


async def _calculated(request: Request, posted: Posted, calculate: Callable[[training.Experiment], Result]) -> Result:
    """What it makes of the experiment; where that takes long, in a turn of another thread.   Raises: as `apart`."""
    if posted.takes_long:
        return await apart(request, partial(calculate, posted.experiment))
    return calculate(posted.experiment)


@router.get(
    "/catalog", lambda: {"responses": answered(schema("CatalogAnswer")), "summary": "What networks can be made of"}
)
async def get_catalog(_request: Request) -> Response:
    """Activations, costs and optimizers with their formulas, derivatives, fields and defaults; datasets; limits."""
    return _Json(_catalog())


@lru_cache(maxsize=1)
def _catalog() -> bytes:
    from app import catalog

    return encode.dumps(catalog.document())


@router.get(
    "/examples",
    lambda: {
        "responses": answered({"type": "array", "items": schema("ExampleSummary")}),
        "summary": "The examples, by name",
    },
)
async def get_examples(_request: Request) -> Response:
    """The first is `lecture`."""
    return _Json(_examples())


@lru_cache(maxsize=1)
def _examples() -> bytes:
    known = examples.load().values()
    return encode.dumps_list([{"id": it.id, "title": it.title, "description": it.description} for it in known])


@router.get(
    "/examples/{id}",
    lambda: {
        "responses": answered(schema("Experiment"), {404: "There is no such example"}),
        "summary": "An example, ready to post",
        "openapi_extra": {
            "parameters": [parameter("id", "path", "string", "lecture", "its name in the list of examples")]
        },
    },
)
async def get_example(request: Request) -> Response:
    """The whole Experiment: network, data, optimizer, iteration."""
    known, id = examples.load(), request.path_params["id"]
    if id not in known:
        raise HTTPException(404, f"there is no example of that name; there are {', '.join(known)}")
    return _Json(_example(id))


@lru_cache(maxsize=64)
def _example(id: str) -> bytes:
    return encode.dumps(wire.experiment(*wire.decode(checks.parse(examples.load()[id].experiment))))


@router.post(
    "/trace",
    lambda: {**computed("TraceAnswer", queries.LEAN), "summary": "One forward and backward pass, with every number"},
)
async def post_trace(request: Request) -> Response:
    """Every node's value and gradient, every edge's local partial and contribution, over the rows of the iteration."""
    lean = query(request, queries.LEAN)["lean"]
    posted, run = await _traced(request)
    said = observed(posted.experiment, run)
    if wire.numbers(run.graph) > limits.INLINE_NUMBERS:
        return _in_pieces(request, encode.parts(wire.trace(run, said, lean)))
    return _Json(encode.dumps(wire.trace(run, said, lean)) if said.any else outlines.trace(run, lean))


@router.post(
    "/step", lambda: {**computed("StepAnswer", queries.LEAN), "summary": "One iteration: forward, backward, update"}
)
async def post_step(request: Request) -> Response:
    """The trace from before the update, what the update did to each parameter, and the next experiment to post."""
    lean = query(request, queries.LEAN)["lean"]
    posted = await _posted(request)
    result = await _calculated(request, posted, training.whole_step)
    said = observed(posted.experiment, result.trace, result.updates)
    if wire.numbers(result.trace.graph) > limits.INLINE_NUMBERS or posted.is_long:
        return _in_pieces(request, encode.parts(wire.step(posted.beside, result, said, lean)))
    if said.any:
        return _Json(encode.dumps(wire.step(posted.beside, result, said, lean)))
    return _Json(outlines.step(posted.beside, result, lean))


@router.post(
    "/initialize",
    lambda: {
        **described("Initialization", answered(schema("Experiment")), example=INITIALIZATION),
        "summary": "A new experiment from a few choices",
    },
)
async def post_initialize(request: Request) -> Response:
    """Sizes, activations, cost, initializer, data and optimizer make an Experiment; the same seed gives the same."""
    chosen = await body.read(request, await body.received(request))
    beside, experiment = await driven(request, _initialized(chosen))
    answer = wire.experiment(beside, experiment)
    if sum(array.size for array in (*experiment.network.parameters, experiment.x)) > limits.INLINE_NUMBERS:
        return _in_pieces(request, encode.parts(answer))
    return _Json(encode.dumps(answer))


def _initialized(chosen: dict[str, Any]) -> Slices[wire.Read]:
    from app import initial

    return (yield from wire.decoded((yield from initial.made(chosen))))


@router.post(
    "/train",
    lambda: {
        **computed("TrainLine", queries.TRAIN, media_type=LINES),
        "response_class": StreamingResponse,
        "summary": "Many iterations, streamed",
    },
)
async def post_train(request: Request) -> Response:
    """A line for every so many iterations; the last line has the experiment that n posts of /step would give."""
    asked = query(request, queries.TRAIN)
    posted = await _posted(request)
    work = train.work(posted.experiment) * asked["steps"]
    queries.demand_little(work, "Fewer steps in one call", limits.TRAIN_MULTIPLICATIONS)
    slices = train.train(posted.experiment, asked["steps"], asked["every"])
    return _in_pieces(request, _lines(posted.beside, slices), LINES, apart=posted.takes_long)


def _lines(beside: wire.Beside, slices: train.Lines) -> Iterator[bytes]:
    """The lines as they come, and then the last. Training that takes too long ends where it is."""
    spent = 0.0
    enough: bool | None = None
    while True:
        begin = time.perf_counter()
        try:
            lines = slices.send(enough)
        except StopIteration as end:
            yield from encode.parts(wire.trained(beside, end.value))
            yield b"\n"
            return
        spent += time.perf_counter() - begin
        enough = spent > limits.CALL_SECONDS or None
        yield encode.dumps_lines(lines)


@router.post(
    "/chain", lambda: {**computed("ChainAnswer", queries.CHAIN), "summary": "The chain rule of one number, written out"}
)
async def post_chain(request: Request) -> Response:
    """Every route from C to the number as a product of local partials; the products sum to its gradient."""
    from app import asked, explained
    from app.core import explain

    question = query(request, queries.CHAIN)
    posted, run = await _traced(request)
    place = asked.place(run.graph, question)
    result = await driven(request, explain.chain(run, place, asked.fold(run.graph, place, question)))
    document = explained.chain(posted.experiment, run, place, result)
    if len(result.terms) > _TERMS_AT_ONCE:
        return _in_pieces(request, encode.parts(document))
    return _Json(encode.dumps_scalars(document))


@router.post("/slope", lambda: {**computed("SlopeAnswer", queries.SLOPE), "summary": "C as a function of one number"})
async def post_slope(request: Request) -> Response:
    """C at weights on both sides, the slope where the number is, and what a step against the slope makes of it."""
    from app import asked, explained
    from app.core import slope

    question = query(request, queries.SLOPE)
    posted, run = await _traced(request)
    place, wanted = asked.place(run.graph, question), asked.asked_slope(question)
    queries.demand_little(slope.work(run, place, wanted), "Fewer rows (batch_size), points or steps")
    slices = slope.slope(posted.experiment, run, place, wanted)
    result = await driven(request, slices, apart=posted.takes_long)
    return _Json(encode.dumps_scalars(explained.slope(posted.experiment, run, place, result)))


@router.post(
    "/check", lambda: {**computed("CheckAnswer", queries.CHECK), "summary": "Every gradient beside its difference"}
)
async def post_check(request: Request) -> Response:
    """The gradient of every number of every parameter, and the same by a difference quotient of C."""
    from app import explained
    from app.core import check

    step = query(request, queries.CHECK)["step"]
    posted, run = await _traced(request)
    queries.demand_few(sum(array.size for array in posted.experiment.network.parameters))
    queries.demand_little(check.work(run), "Fewer rows (batch_size) or parameters")
    result = await driven(request, check.check(run, step), apart=posted.takes_long)
    document = explained.check(run, result)
    if len(result.entries) > _ENTRIES_AT_ONCE:
        return _in_pieces(request, encode.parts(document))
    return _Json(encode.dumps_scalars(document))


@outside.get("/health", lambda: {"responses": answered(schema("HealthAnswer")), "summary": "Is the server up?"})
async def get_health(_request: Request) -> Response:
    """For load balancers and containers."""
    return _Json(encode.dumps({"status": "ok", "version": __version__}))


@outside.head("/health")
async def head_health(request: Request) -> Response:
    """The same without its body: some load balancers ask so."""
    answer = await get_health(request)
    answer.body = b""
    return answer
