"""One iteration: its trace, and the step that it makes."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from app import limits
from app.api import openapi, queries
from app.api.answers import Json, answered
from app.api.body import BodyOf
from app.core.explaining.observations import observed
from app.core.training import iteration
from app.documents import traces
from app.documents.answer_models import StepAnswer, TraceAnswer

router = APIRouter(prefix=openapi.VERSION_1, tags=["Trace"], default_response_class=Json)
Lean = Annotated[queries.Lean, Query()]


@router.post("/trace", response_model=TraceAnswer, **openapi.posted("One forward and backward pass, with every number"))
async def post_trace(query: Lean, body: BodyOf) -> Response:
    """Every node's value and gradient, every edge's local partial and contribution, over the rows of the iteration."""
    posted = await body.experiment()
    run = await posted.calculated(iteration.trace)
    document = traces.trace(run, observed(posted.experiment, run), query.lean)
    return answered(body.request, document, long=traces.numbers_of(run.graph) > limits.INLINE_NUMBERS)


@router.post("/step", response_model=StepAnswer, **openapi.posted("One iteration: forward, backward, update"))
async def post_step(query: Lean, body: BodyOf) -> Response:
    """The trace from before the update, what the update did to each parameter, and the next experiment to post."""
    posted = await body.experiment()
    result = await posted.calculated(iteration.whole_step)
    said = observed(posted.experiment, result.trace, result.updates)
    document = traces.step(posted.beside, result, said, query.lean)
    return answered(body.request, document, long=traces.numbers_of(result.trace.graph) > limits.INLINE_NUMBERS)
