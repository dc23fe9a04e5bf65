"""What networks can be made of, the ready experiments, and new ones."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Request
from fastapi.responses import Response

from app import examples, limits
from app.api import body, openapi
from app.api.answers import answered, ready
from app.core.training import iteration
from app.documents import checks, initialization, reading, traces
from app.documents.answer_models import CatalogAnswer, ExampleSummary
from app.documents.experiment import Experiment, Initialization

router = APIRouter(prefix=openapi.VERSION_1, tags=["Network"])


@router.get("/catalog", response_model=CatalogAnswer, **openapi.told("What networks can be made of"))
async def get_catalog() -> Response:
    """Activations, costs and optimizers with their formulas, derivatives, fields and defaults; datasets; limits."""
    from app.documents import catalog

    return ready(catalog.document())


@router.get("/examples", response_model=list[ExampleSummary], **openapi.told("The examples, by name"))
async def get_examples() -> Response:
    """The first is `lecture`."""
    return ready([ExampleSummary.told(it) for it in examples.load().values()])


_NAME = Path(description="its name in the list of examples", examples=["lecture"])


@router.get(
    "/examples/{id}",
    response_model=Experiment,
    **openapi.told("An example, ready to post", {404: "There is no such example"}),
)
async def get_example(id: Annotated[str, _NAME]) -> Response:
    """The whole Experiment: network, data, optimizer, iteration."""
    known = examples.load()
    if id not in known:
        raise HTTPException(404, f"there is no example of that name; there are {', '.join(known)}")
    read = checks.arrays(reading.validated(known[id].experiment, Experiment))
    return ready(traces.experiment(*read))


@router.post("/formulas", response_model=Experiment, **openapi.posted("A network written down in formulas"))
async def post_formulas(request: Request) -> Response:
    """The same experiment with formulas in place of its layers: same ids, same numbers. One with formulas stays."""
    posted = await body.experiment(request)
    from app.documents import formulas

    return _told(request, posted.beside, await posted.calculated(formulas.of_network))


_CHOICES: openapi.Content = {
    "application/json": {
        "schema": openapi.described(Initialization),
        "example": {
            "sizes": [2, 8, 2],
            "activations": ["tanh", "softmax"],
            "cost": "cross_entropy",
            "dataset": "moons",
            "optimizer": {"name": "adam", "learning_rate": 0.05},
        },
    }
}


@router.post(
    "/initialize", response_model=Experiment, **openapi.posted("A new experiment from a few choices", _CHOICES)
)
async def post_initialize(request: Request) -> Response:
    """Sizes, activations, cost, initializer, data and optimizer make an Experiment; the same seed gives the same."""
    return _told(request, *initialization.experiment(await body.initialization(request)))


def _told(request: Request, beside: checks.Beside, experiment: iteration.Experiment) -> Response:
    return answered(request, traces.experiment(beside, experiment), long=experiment.numbers > limits.INLINE_NUMBERS)
