"""An experiment in other languages. What this route alone needs it imports when it is first asked."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import PlainTextResponse, Response

from app import limits
from app.api import body, explain, openapi, queries
from app.api.answers import written
from app.api.body import Posted
from app.core.explaining import chain_rule
from app.core.training import iteration
from app.documents import traces
from app.documents.problems import printable

router = APIRouter(prefix=openapi.VERSION_1, tags=["Export"])
_EQUATIONS_AT_ONCE = 32  # written in one piece, in a few milliseconds


@router.post("/export", response_class=PlainTextResponse, **openapi.posted("The experiment in another language"))
async def post_export(query: Annotated[queries.Exported, Query()], request: Request) -> Response:
    """One iteration as a NumPy or a PyTorch script, as a worked solution in LaTeX, or as the command that asks for it.

    The scripts run by themselves, and print every value, every gradient and every parameter after the update.
    """
    chain = query.chain()
    posted = await body.experiment(request)
    if query.language == "latex":
        return await _latex(posted, chain)
    return written(request, _parts(posted, query), long=posted.experiment.numbers > limits.INLINE_NUMBERS)


def _parts(posted: Posted, query: queries.Exported) -> Iterator[str]:
    from app.export import curl, numpy_script, pytorch_script

    request, beside, experiment, _ = posted
    if query.language == "curl":
        server = printable(_server(request), 500)
        address = f"{server}{openapi.VERSION_1}{query.path or '/step'}"
        return curl.lines(address, traces.experiment(beside, experiment))
    lines = numpy_script.lines if query.language == "numpy" else pytorch_script.lines
    return lines(experiment, beside.title)


def _server(request: Request) -> str:
    """Where the server is for who asks: a page of this very host knows that a proxy speaks https before it."""
    url = str(request.base_url).rstrip("/")
    is_safe = request.headers.get("origin") == f"https://{request.headers.get('host')}"
    return "https://" + url.removeprefix("http://") if is_safe and url.startswith("http://") else url


async def _latex(posted: Posted, query: queries.ChainOf | None) -> Response:
    from app.export import latex

    step = await posted.calculated(iteration.whole_step)
    experiment, title, run = posted.experiment, posted.beside.title, step.trace
    if query is None:
        parts, equations = latex.iteration(experiment, title, step), len(run.graph.edges)
    else:
        at = explain.place(run.graph, query)
        chain = await posted.driven(chain_rule.chain(run, at, explain.fold(run.graph, at, query)))
        parts = latex.chain_rule(experiment, title, step, at, chain)
        equations = sum(len(term.factors) for term in chain.terms)
    return written(posted.request, parts, long=equations > _EQUATIONS_AT_ONCE)
