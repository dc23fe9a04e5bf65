"""What a connection reads, little in one go.

Left to itself, the event loop reads four times as much of a long body at once, and others wait while it does. How much
the kernel keeps is left as it is, so a far client sends as fast as ever.
"""

import asyncio
from typing import Any, cast
from weakref import WeakKeyDictionary

from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT

from app.protocol import Protocol

# More than what uvicorn lets a body grow to before it stops reading: so it stops after the first go.
_GO_BYTES = HIGH_WATER_LIMIT + 1024
_buffers: WeakKeyDictionary[asyncio.AbstractEventLoop, memoryview] = WeakKeyDictionary()


class Connection(asyncio.BufferedProtocol):
    """What the event loop knows of a connection: it reads for a `Protocol`."""

    __slots__ = ("_buffer", "_protocol")

    def __init__(self, **given: Any) -> None:
        self._protocol = Protocol(**given)
        self._buffer = _buffer_of(self._protocol.loop)

    def get_buffer(self, _sizehint: int) -> memoryview:
        """Where the next go is put; the one before has been taken out."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """It is there."""
        self._protocol.data_received(bytes(self._buffer[:nbytes]))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """One more."""
        self._protocol.connection_made(cast(asyncio.Transport, transport))

    def connection_lost(self, exc: Exception | None) -> None:
        """The end, however it came."""
        self._protocol.connection_lost(exc)

    def eof_received(self) -> None:
        """The client will send no more."""
        self._protocol.eof_received()

    def pause_writing(self) -> None:
        """The client reads slower than it is written to."""
        self._protocol.pause_writing()

    def resume_writing(self) -> None:
        """It has caught up."""
        self._protocol.resume_writing()


def _buffer_of(loop: asyncio.AbstractEventLoop) -> memoryview:
    """One for all connections of a loop: it reads from one at a time, and each takes out at once what is there."""
    if loop not in _buffers:
        _buffers[loop] = memoryview(bytearray(_GO_BYTES))
    return _buffers[loop]
