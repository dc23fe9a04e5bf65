"""What is written comes out as it was, in order, and not later than it must."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from app.gathered import Gathered
from app.main import create_app
from app.protocol import Protocol


class Transport(asyncio.Transport):
    """Notes what it is told to do."""

    def __init__(self) -> None:
        super().__init__()
        self.done: list[bytes | str] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.done.append(bytes(data))

    def write_eof(self) -> None:
        self.done.append("eof")

    def close(self) -> None:
        self.done.append("close")

    def abort(self) -> None:
        self.done.append("abort")

    def is_closing(self) -> bool:
        return "close" in self.done

    def get_write_buffer_size(self) -> int:
        return 100


def in_a_loop(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    @wraps(test)
    def run(**given: Any) -> None:
        asyncio.run(test(**given))

    return run


@in_a_loop
async def test_what_is_alone_is_written_at_once() -> None:
    inner = Transport()
    Gathered(inner, asyncio.get_running_loop(), {"this one"}).write(b"head")
    assert inner.done == [b"head"]


@in_a_loop
async def test_what_is_written_beside_others_goes_out_in_one_piece_in_the_next_turn_of_the_loop() -> None:
    inner, under_way = Transport(), {"this one", "another"}
    gathered = Gathered(inner, asyncio.get_running_loop(), under_way)
    gathered.write(b"head ")
    under_way.pop()
    gathered.write(b"body")  # alone by now, but never before what was written first
    assert (inner.done, gathered.get_write_buffer_size()) == ([], 109)
    await asyncio.sleep(0)
    assert (inner.done, gathered.get_write_buffer_size()) == ([b"head body"], 100)
    gathered.write(b"next")
    assert inner.done == [b"head body", b"next"]


@pytest.mark.parametrize("end", ["close", "write_eof"])
@in_a_loop
async def test_at_the_end_everything_is_written_first(end: str) -> None:
    inner = Transport()
    gathered = Gathered(inner, asyncio.get_running_loop(), {1, 2})
    gathered.write(b"all")
    getattr(gathered, end)()
    await asyncio.sleep(0)
    assert inner.done == [b"all", end.removeprefix("write_")]
    assert gathered.is_closing() == (end == "close")


@in_a_loop
async def test_what_is_aborted_writes_nothing_more() -> None:
    inner = Transport()
    gathered = Gathered(inner, asyncio.get_running_loop(), {1, 2})
    gathered.write(b"all")
    gathered.abort()
    await asyncio.sleep(0)
    assert inner.done == ["abort"]


@pytest.mark.parametrize("error", [None, ConnectionResetError()])
@in_a_loop
async def test_what_waits_when_the_client_leaves_is_dropped(error: Exception | None) -> None:
    """A transport that is closed would raise, in a callback that nobody waits for."""
    inner, state = Transport(), ServerState()
    connection = Protocol(uvicorn.Config(create_app()), state, {})
    connection.connection_made(inner)
    state.tasks |= {asyncio.ensure_future(asyncio.sleep(0)) for _ in range(2)}
    connection.transport.write(b"all")
    connection.connection_lost(error)
    await asyncio.sleep(0)
    assert b"all" not in inner.done
