"""Answers: in one piece where they are short, else in parts that are made while they are sent."""

from collections.abc import Iterator
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse

from app.documents import encoding
from app.server.turns import hold, pieces

JSON, LINES = "application/json", "application/x-ndjson"


class Json(JSONResponse):
    """Bytes of JSON."""

    def render(self, content: bytes) -> bytes:
        """They are written already."""
        return content


def answered(request: Request, document: Any, *, long: bool) -> Response:
    """The document.   Raises: Busy, where it is long and too many are under way."""
    if not long:
        return Json(encoding.dumps(document))
    hold(request)
    return StreamingResponse(pieces(encoding.parts(document)), media_type=JSON)


def written(request: Request, parts: Iterator[str], *, long: bool) -> Response:
    """Plain text.   Raises: Busy, where it is long and too many are under way."""
    if not long:
        return PlainTextResponse("".join(parts))
    hold(request)
    return StreamingResponse(pieces(map(str.encode, parts)), media_type=PlainTextResponse.media_type)


def streamed(request: Request, parts: Iterator[bytes], *, apart: bool) -> Response:
    """Lines as they come.   Raises: Busy."""
    hold(request)
    return StreamingResponse(pieces(parts, apart=apart), media_type=LINES)
