"""One iteration: its trace, and the step that it makes."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from app import limits
from app.api import body, openapi, queries
from app.api.answers import answered
from app.core.explaining.observations import observed
from app.core.graph.count import trace_numbers
from app.core.graph.structure import Graph
from app.core.training import iteration
from app.documents import traces
from app.documents.answer_models import StepAnswer, TraceAnswer

router = APIRouter(prefix=openapi.VERSION_1, tags=["Trace"])
_FEW = 2048  # numbers, which are written again sooner than found again
Lean = Annotated[queries.Lean, Query()]


@router.post("/trace", response_model=TraceAnswer, **openapi.posted("One forward and backward pass, with every number"))
async def post_trace(query: Lean, request: Request) -> Response:
    """Every node's value and gradient, every edge's local partial and contribution, over the rows of the iteration."""
    posted = await body.experiment(request)
    run = await posted.calculated(iteration.trace)
    document = traces.trace(posted.experiment, run, observed(posted.experiment, run), query.lean)
    return _answered(request, document, run.graph)


@router.post("/step", response_model=StepAnswer, **openapi.posted("One iteration: forward, backward, update"))
async def post_step(query: Lean, request: Request) -> Response:
    """The trace from before the update, what the update did to each parameter, and the next experiment to post."""
    posted = await body.experiment(request)
    result = await posted.calculated(iteration.whole_step)
    said = observed(posted.experiment, result.trace, result.updates)
    document = traces.step(posted.beside, posted.experiment, result, said, query.lean)
    return _answered(request, document, result.trace.graph)


def _answered(request: Request, document: Any, graph: Graph) -> Response:
    numbers = trace_numbers(graph)
    return answered(request, document, long=numbers > limits.INLINE_NUMBERS, few=numbers < _FEW)
