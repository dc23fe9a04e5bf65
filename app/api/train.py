"""Many iterations, as lines that come while they are computed."""

import time
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response, StreamingResponse

from app import limits
from app.api import body, openapi, queries
from app.api.answers import LINES, streamed
from app.core.training import train
from app.documents import encoding, traces
from app.documents.answer_models import TrainLine
from app.documents.checks import Beside

router = APIRouter(prefix=openapi.VERSION_1, tags=["Train"])


@router.post(
    "/train", response_class=StreamingResponse, **openapi.posted("Many iterations, streamed", lines_of=TrainLine)
)
async def post_train(query: Annotated[queries.Steps, Query()], request: Request) -> Response:
    """A line for every so many iterations; the last line has the experiment that n posts of /step would give."""
    posted = await body.experiment(request)
    work = train.work(posted.experiment) * query.steps
    queries.demand_little(work, "Fewer steps in one call", limits.TRAIN_MULTIPLICATIONS)
    slices = train.train(posted.experiment, query.steps, query.every)
    return streamed(request, _lines(posted.beside, slices), LINES, apart=posted.takes_long)


def _lines(beside: Beside, slices: train.Lines) -> Iterator[bytes]:
    """The lines as they come, and then the last. Training that takes too long ends where it is."""
    spent = 0.0
    enough: bool | None = None
    while True:
        begin = time.perf_counter()
        try:
            lines = slices.send(enough)
        except StopIteration as end:
            yield from encoding.parts(traces.trained(beside, end.value))
            yield b"\n"
            return
        spent += time.perf_counter() - begin
        enough = spent > limits.CALL_SECONDS or None
        yield b"".join(
            encoding.dumps({"iteration": iteration, "cost": encoding.number(cost)}) + b"\n" for iteration, cost in lines
        )
