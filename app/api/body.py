"""The body of a request: said to be JSON, not too long, there in time; then read as what was posted.

A body is refused while it is being read, not after, once it is too long.
"""

import asyncio
from collections.abc import Callable, Generator
from functools import partial
from typing import NamedTuple, NoReturn, TypeVar

from fastapi import Request
from starlette.types import Scope

from app import limits
from app.api.queries import demand_once
from app.core.graph.count import trace_numbers
from app.core.training import iteration, train
from app.documents import reading
from app.documents.checks import Beside
from app.documents.experiment import Initialization
from app.documents.problems import Busy, TooLarge, TooSlow, UnsupportedMediaType, quoted
from app.server.turns import apart, driven, hold, turn

Result = TypeVar("Result")

_LITTLE_BYTES = 16_384  # a body up to this is taken however many others come
_receiving = 0  # bytes of all bodies that are being received


class Posted(NamedTuple):
    """The experiment that a request brings, and what it has besides; whether one pass takes long."""

    request: Request
    beside: Beside
    experiment: iteration.Experiment
    takes_long: bool

    async def calculated(self, calculate: Callable[[iteration.Experiment], Result]) -> Result:
        """What it makes of the experiment; where that takes long, in a turn of another thread.   Raises: as `apart`."""
        if self.takes_long:
            return await apart(self.request, partial(calculate, self.experiment))
        return calculate(self.experiment)

    async def driven(self, slices: Generator[None, None, Result]) -> Result:
        """The result of a calculation in slices (see `turns`)."""
        return await driven(self.request, slices, apart=self.takes_long)


async def experiment(request: Request) -> Posted:
    """The experiment that is posted, to be read once the query is right.   Raises: Problem; RequestValidationError."""
    demand_once(request)
    (beside, found), is_long = await _read(request, reading.experiment)
    work = train.work(found)
    if is_long or work > limits.APART_MULTIPLICATIONS // 10:
        hold(request, trace_numbers(found.graph))
    return Posted(request, beside, found, work > limits.APART_MULTIPLICATIONS)


async def initialization(request: Request) -> Initialization:
    """What a new experiment is to be made of.   Raises: Problem."""
    wanted, _ = await _read(request, partial(reading.read, model=Initialization))
    return wanted


async def _read(request: Request, read: Callable[[bytes], Result]) -> tuple[Result, bool]:
    """What is read of the body, and whether it is long: then it is read in a turn, for some 4 ms a megabyte."""
    content = await received(request)
    if len(content) <= limits.INLINE_BYTES:
        return read(content), False
    hold(request, len(content) // 16)  # in numbers of a trace, which take as much
    async with turn(request):
        return read(content), True


async def received(request: Request) -> bytes:
    """The request's body, said to be JSON.   Raises: UnsupportedMediaType, TooLarge, TooSlow, Busy."""
    content_type, announced = _told(request.scope)
    if content_type != b"application/json":
        _demand_json(content_type)
    return await _arrived(request, announced, limits.BODY_BYTES)


async def file(request: Request, most: int) -> bytes:
    """The bytes of a file that is the whole body, whatever it is said to be.   Raises: as `received`."""
    demand_once(request)
    _, announced = _told(request.scope)
    content = await _arrived(request, announced, most)
    if len(content) > limits.INLINE_BYTES:
        hold(request, len(content) // 2)  # all that is made of it takes some eight times its bytes
    return content


async def _arrived(request: Request, announced: bytes, most: int) -> bytes:
    # As many digits as Python reads at once; with more zeros before it, the length is seen while it is read.
    if announced.isdigit() and int(announced[:20]) > most:
        _refuse_length(most)
    try:
        async with asyncio.timeout(limits.BODY_SECONDS):
            return await _gathered(request, most)
    except TimeoutError:
        raise TooSlow(f"the body did not arrive within {limits.BODY_SECONDS} seconds") from None


def _told(scope: Scope) -> tuple[bytes, bytes]:
    """The content type, empty where there is none, and the length that is announced.   Raises: UnsupportedMediaType."""
    content_type, announced = b"", b"0"
    for name, value in scope["headers"]:
        if name == b"content-type":
            if content_type not in (b"", value):
                raise UnsupportedMediaType("there are two content types; there must be one, application/json")
            content_type = value
        elif name == b"content-length":
            announced = value
        elif name == b"content-encoding":
            _demand(value, b"identity", "the body's content encoding", "it must be sent as it is")
        elif name == b"transfer-encoding":
            _demand(value, b"chunked", "the transfer encoding", "it must be chunked")
    return content_type, announced


def _demand(value: bytes, allowed: bytes, thing: str, must: str) -> None:
    if value.strip().lower() != allowed:
        raise UnsupportedMediaType(f"{thing} is {quoted(value.decode('latin-1'))}; {must}")


def _demand_json(content_type: bytes) -> None:
    essence, *options = [part.strip().lower() for part in content_type.decode("latin-1").split(";")]
    if essence != "application/json" and not (essence.startswith("application/") and essence.endswith("+json")):
        given = f"is {quoted(essence)}" if essence else "is missing"
        raise UnsupportedMediaType(f"the content type {given}; it must be application/json")
    for option in options:
        name, _, value = option.partition("=")
        if name.strip() == "charset" and value.strip().strip('"') not in ("utf-8", "utf8"):
            raise UnsupportedMediaType(f"the charset is {quoted(value.strip())}; JSON is always utf-8")


async def _gathered(request: Request, most: int) -> bytes:
    """The whole body. What all bodies under way take together is bounded too.

    A short one is taken all the same: it adds little, and clients that stall their long ones should turn nobody away.
    """
    global _receiving
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            _receiving += len(chunk)
            if len(body) > most:
                _refuse_length(most)
            if _receiving > limits.BODIES_BYTES and len(body) > _LITTLE_BYTES:
                raise Busy(f"the bodies under way take more than {limits.BODIES_BYTES} bytes; ask again in a moment")
        return bytes(body)
    finally:
        _receiving -= len(body)


def _refuse_length(most: int) -> NoReturn:
    raise TooLarge(f"the body is longer than {most} bytes, which is the most allowed")
