"""Where the server is found from other machines."""

import asyncio

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.api import openapi
from app.api.answers import ready
from app.documents import encoding
from app.documents.answer_models import AddressesAnswer
from app.server import addresses

router = APIRouter(prefix=openapi.VERSION_1, tags=["Health"])


@router.get("/addresses", response_model=AddressesAnswer, **openapi.told("Where do other machines find the server?"))
async def get_addresses(request: Request) -> Response:
    """URLs for a link that is to be opened elsewhere, the likeliest first; none where it serves this machine alone."""
    listening = getattr(request.app.state, "listening", None)
    found = await asyncio.to_thread(addresses.known_to_others, listening)  # a name may have to be looked up
    return ready(encoding.dumps({"addresses": found}))
