"""Answers: in one piece where they are short, else in parts that are made while they are sent."""

from collections.abc import Iterator
from typing import Any

from fastapi import Request
from fastapi.responses import PlainTextResponse, Response, StreamingResponse

from app.documents import encoding
from app.server.turns import hold, pieces

JSON, LINES = "application/json", "application/x-ndjson"


def ready(document: Any, *, few: bool = False) -> Response:
    """The document, which may have `few` numbers (see `encoding`)."""
    return Response(encoding.dumps(document, few=few), media_type=JSON)


def answered(request: Request, document: Any, *, long: bool, few: bool = False) -> Response:
    """The same of one that may be long.   Raises: as `streamed`, where it is."""
    return streamed(request, encoding.parts(document), JSON) if long else ready(document, few=few)


def written(request: Request, parts: Iterator[str], *, long: bool) -> Response:
    """Plain text.   Raises: as `streamed`, where it is long."""
    if long:
        return streamed(request, map(str.encode, parts), PlainTextResponse.media_type)
    return PlainTextResponse("".join(parts))


def streamed(request: Request, parts: Iterator[bytes], media_type: str | None, *, apart: bool = False) -> Response:
    """The parts as they come.   Raises: Busy, where too many long calls are under way."""
    hold(request)
    return StreamingResponse(pieces(parts, apart=apart), media_type=media_type)
