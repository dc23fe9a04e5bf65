"""Whether the server is up."""

from fastapi import APIRouter
from fastapi.responses import Response

from app import __version__
from app.api import openapi
from app.api.answers import Json
from app.documents import encoding
from app.documents.answer_models import HealthAnswer

router = APIRouter(tags=["Health"], default_response_class=Json)
_UP = encoding.dumps({"status": "ok", "version": __version__})


@router.get("/health", response_model=HealthAnswer, **openapi.told("Is the server up?"))
async def get_health() -> Response:
    """For load balancers and containers."""
    return Json(_UP)


@router.head("/health", include_in_schema=False)
async def head_health() -> Response:
    """The same without its body: some load balancers ask so."""
    return Json(_UP, headers={"content-length": str(len(_UP))})
