"""Long work in turns: how one process computes for many clients at once, and keeps none of them waiting.

A long calculation is a generator that yields wherever it may be left for a while. `driven` runs it for a turn, of
`limits.TURN_SECONDS`, then lets the server answer others. Turns are taken one after another in the order they were
asked for, so what a short request waits for is one turn, however many long calls are under way.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from contextlib import asynccontextmanager
from typing import TypeVar
from weakref import WeakKeyDictionary

from starlette.requests import ClientDisconnect, Request
from starlette.types import Scope

from app import limits
from app.documents.problems import Busy, wrong

Result = TypeVar("Result")
Slices = Generator[None, None, Result]

# Where a request's scope says that the call counts as a long one, and how many numbers it holds.
_SLOT = "backprop.slot"
_locks: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()
_long_calls = 0
_numbers = 0  # that all of them hold


def hold(request: Request, numbers: int = 0) -> None:
    """Let the call count as a long one from here to its end, and as one that holds so many numbers more.

    Raises: Busy, if as many calls or numbers are under way as may be; what one call holds alone is always taken.
    """
    global _long_calls, _numbers
    held = request.scope.get(_SLOT)
    if held is None and _long_calls >= limits.LONG_CALLS:
        raise Busy(f"{_long_calls} long calls are under way, as many as one process takes; ask again in a moment")
    others = _numbers - (held or 0)
    if numbers and others and _numbers + numbers > limits.NUMBERS_UNDER_WAY:
        most = f"more than {limits.NUMBERS_UNDER_WAY} with this call's, the most that one process takes"
        raise Busy(f"other calls hold {others} numbers, {most}; ask again in a moment")
    _long_calls += held is None
    _numbers += numbers
    request.scope[_SLOT] = (held or 0) + numbers


def let_go(scope: Scope) -> None:
    """The call is at its end."""
    global _long_calls, _numbers
    held = scope.pop(_SLOT, None)
    if held is not None:
        _long_calls -= 1
        _numbers -= held


async def driven(request: Request, slices: Slices[Result], *, apart: bool = False) -> Result:
    """The result of a calculation in slices; between two turns the server answers others.

    `apart` runs it in another thread: for slices so long that NumPy computes most of the time, and lets others in.

    Raises: Busy, after the first turn; ClientDisconnect, within a turn of it; Unprocessable, past the bound.
    """
    spent = 0.0
    found: list[Result] = []
    while not found:
        async with turn(request):
            spent += (await asyncio.to_thread(_run, slices, found)) if apart else _run(slices, found)
        if not found:
            hold(request)
            if spent > limits.CALL_SECONDS:
                allowed = f"a call may compute for {limits.CALL_SECONDS} seconds"
                raise wrong("", f"this takes too long: {allowed}. Ask for less at once")
            await asyncio.sleep(0)
    return found[0]


def _run(slices: Slices[Result], found: list[Result]) -> float:
    """Run for a turn; once there is a result, it is `found`.   Returns the seconds that it took."""
    begin = now = time.perf_counter()
    while not found and now - begin <= limits.TURN_SECONDS:
        try:
            next(slices)
        except StopIteration as end:
            found.append(end.value)
        now = time.perf_counter()
    return now - begin


async def apart(request: Request, calculate: Callable[[], Result]) -> Result:
    """The result of a calculation in one piece, that another thread runs, in a turn.   Raises: as `turn`; Busy."""
    hold(request)
    async with turn(request):
        return await asyncio.to_thread(calculate)


@asynccontextmanager
async def turn(request: Request | None) -> AsyncIterator[None]:
    """Wait for a turn, and take it.   Raises: ClientDisconnect, where nobody waits for the answer any more."""
    async with _locks.setdefault(asyncio.get_running_loop(), asyncio.Lock()):
        # What has arrived while the last turn was taken is now in line behind this call: let it go first.
        await asyncio.sleep(0)
        if request is not None and await request.is_disconnected():
            raise ClientDisconnect
        yield


async def pieces(parts: Iterator[bytes], *, apart: bool = False) -> AsyncIterator[bytes]:
    """The parts of a long answer, made in turns, gathered into pieces worth sending."""
    piece = bytearray()
    sent = time.perf_counter()
    more = True
    while more:
        async with turn(None):
            more = (await asyncio.to_thread(_gather, parts, piece)) if apart else _gather(parts, piece)
        now = time.perf_counter()
        if piece and (len(piece) >= limits.PIECE_BYTES or now - sent >= limits.PIECE_SECONDS or not more):
            yield bytes(piece)
            piece.clear()
            sent = now
        await asyncio.sleep(0)


def _gather(parts: Iterator[bytes], piece: bytearray) -> bool:
    """Add the parts of one turn.   Returns whether there may be more."""
    begin = now = time.perf_counter()
    while len(piece) < limits.PIECE_BYTES and now - begin <= limits.TURN_SECONDS:
        part = next(parts, None)
        if part is None:
            return False
        piece += part
        now = time.perf_counter()
    return True
