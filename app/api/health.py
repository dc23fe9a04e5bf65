"""For those who keep the server, and those who would open it elsewhere: whether it is up, and where it is found."""

import asyncio

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app import __version__
from app.api import openapi
from app.api.answers import ready
from app.documents.answer_models import AddressesAnswer, HealthAnswer
from app.server import addresses

router = APIRouter(tags=["Health"])


@router.get(
    f"{openapi.VERSION_1}/addresses",
    response_model=AddressesAnswer,
    **openapi.told("Where do other machines find the server?"),
)
async def get_addresses(request: Request) -> Response:
    """URLs for a link that is to be opened elsewhere, the likeliest first; none where it serves this machine alone."""
    # In a thread: a name may have to be looked up.
    found = await asyncio.to_thread(addresses.known_to_others, request.app.state.listening)
    return ready({"addresses": found})


@router.head("/health", include_in_schema=False)  # some load balancers ask so
@router.get("/health", response_model=HealthAnswer, **openapi.told("Is the server up?"))
async def get_health() -> Response:
    """For load balancers and containers."""
    return ready({"status": "ok", "version": __version__})
