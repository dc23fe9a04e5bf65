"""Whether the server is up."""

from fastapi import APIRouter
from fastapi.responses import Response

from app import __version__
from app.api import openapi
from app.api.answers import ready
from app.documents import encoding
from app.documents.answer_models import HealthAnswer

router = APIRouter(tags=["Health"])
_UP = encoding.dumps({"status": "ok", "version": __version__})


@router.head("/health", include_in_schema=False)  # some load balancers ask so
@router.get("/health", response_model=HealthAnswer, **openapi.told("Is the server up?"))
async def get_health() -> Response:
    """For load balancers and containers."""
    return ready(_UP)
