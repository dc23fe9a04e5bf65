"""Why a gradient is what it is: the chain rule of one number, C along one number, every gradient measured."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from app import limits
from app.api import body, openapi, queries
from app.api.answers import answered
from app.core.explaining import chain_rule, check, slope
from app.core.graph.entries import Place
from app.core.graph.network import Network
from app.core.graph.structure import Graph
from app.core.training import iteration
from app.documents import explanations
from app.documents.explanation_models import ChainAnswer, CheckAnswer, SlopeAnswer
from app.documents.problems import Unprocessable, printable, quoted, wrong

router = APIRouter(prefix=openapi.VERSION_1, tags=["Explain"])
_TERMS_AT_ONCE, _ENTRIES_AT_ONCE = 64, 512  # written in one piece, in less than a millisecond


@router.post("/chain", response_model=ChainAnswer, **openapi.posted("The chain rule of one number, written out"))
async def post_chain(query: Annotated[queries.ChainOf, Query()], request: Request) -> Response:
    """Every route from C to the number as a product of local partials; the products sum to its gradient."""
    posted = await body.experiment(request)
    run = await posted.calculated(iteration.trace)
    at = place(run.graph, query)
    result = await posted.driven(chain_rule.chain(run, at, fold(run.graph, at, query)))
    document = explanations.chain(posted.experiment, run, at, result)
    return answered(request, document, long=len(result.terms) > _TERMS_AT_ONCE)


@router.post("/slope", response_model=SlopeAnswer, **openapi.posted("C as a function of one number"))
async def post_slope(query: Annotated[queries.SlopeOf, Query()], request: Request) -> Response:
    """C at weights on both sides, the slope where the number is, and what a step against the slope makes of it."""
    posted = await body.experiment(request)
    run = await posted.calculated(iteration.trace)
    at = place(run.graph, query)
    asked = slope.Asked(query.span, query.points, query.center, query.steps)
    queries.demand_little(slope.work(run, at, asked), "Fewer rows (batch_size), points or steps")
    result = await posted.driven(slope.slope(posted.experiment, run, at, asked))
    return answered(request, explanations.slope(posted.experiment, run, at, result), long=False)


@router.post("/check", response_model=CheckAnswer, **openapi.posted("Every gradient beside its difference"))
async def post_check(query: Annotated[queries.Difference, Query()], request: Request) -> Response:
    """The gradient of every number of every parameter, and the same by a difference quotient of C."""
    posted = await body.experiment(request)
    run = await posted.calculated(iteration.trace)
    _demand_few(posted.experiment)
    queries.demand_little(check.work(run), "Fewer rows (batch_size) or parameters")
    result = await posted.driven(check.check(run, query.step))
    document = explanations.check(run, result)
    return answered(request, document, long=len(result.entries) > _ENTRIES_AT_ONCE)


# --- whether the experiment has what is asked about -------------------------------------------------------------------


def place(graph: Graph, query: queries.Entry) -> Place:
    """The number that is asked about, of a parameter or any other leaf.   Raises: Unprocessable."""
    nodes = {node.id: node for node in graph.leaves}
    if query.parameter not in nodes:
        there = printable(", ".join(node.id for node in graph.parameters or graph.leaves), 200)
        raise _wrong("parameter", f"there is no parameter {quoted(query.parameter)}; there are {there}")
    node = nodes[query.parameter]
    axes = len(node.shape)
    given = [("row", query.row), ("column", query.column)]
    for name, number in given[: 2 - axes]:
        if number not in (None, 0):
            kind = "a bias" if axes else "a number"
            raise _wrong(name, f"{name} is {quoted(number)}; {node.id} is {kind}: leave the {name} out, or give 0")
    entry = []
    for (name, number), count in zip(given[2 - axes :], node.shape, strict=True):
        if number is None or not 0 <= number < count:
            told = "missing" if number is None else quoted(number)
            raise _wrong(name, f"{name} is {told}; {node.id} has {name}s 0 to {count - 1}")
        entry.append(number)
    return Place(node, tuple(entry))


def fold(graph: Graph, at: Place, query: queries.ChainOf) -> chain_rule.Fold:
    """Where the terms are folded: where it was asked for, or else by their number.   Raises: Unprocessable."""
    most, name = query.max_paths, query.fold
    if name is None:
        return chain_rule.chosen(graph, at, most, limits.FACTORS)
    folds = {graph.nodes[it.node].id: it for it in chain_rule.folds(graph, at)}
    if name not in folds:
        there = printable(", ".join(folds), 200)
        raise _wrong("fold", f"fold is {quoted(name)}; the terms can be folded at {there}")
    asked = folds[name]
    if asked.terms > most:
        raise _wrong("fold", f"folded at {name} there are {asked.terms} terms; max_paths allows {most}")
    if asked.factors > limits.FACTORS:
        raise _wrong("fold", f"folded at {name} there are {asked.factors} factors; {limits.FACTORS} are allowed")
    return asked


def _wrong(name: str, detail: str) -> Unprocessable:
    return wrong(f"query:{name}", detail)


def _demand_few(experiment: iteration.Experiment) -> None:
    """Refuse a check of too many numbers.   Raises: Unprocessable."""
    entries = sum(array.size for array in experiment.model.parameters)
    if entries > limits.CHECK_ENTRIES:
        allowed = f"a check compares at most {limits.CHECK_ENTRIES}"
        pointer = "/network/layers" if isinstance(experiment.model, Network) else "/formulas/parameters"
        raise wrong(pointer, f"the network has {entries} parameters; {allowed}")
