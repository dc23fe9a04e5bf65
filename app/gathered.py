"""What a connection writes, gathered while other requests wait to be computed.

To hand bytes to the kernel takes longer than most else in a small request, and whatever is computed after it runs
slowly for a while: the processor has forgotten the way. So where several requests are under way, what they write is
kept until all those that can go on have done so, and then goes out in one piece for each connection. A request that is
alone writes at once.
"""

import asyncio
from collections.abc import Sized
from typing import Any


class Gathered:
    """A transport that gathers what is written to another, for a turn of the loop at most.

    All else is that other one's. `under_way` are the requests that are being answered.
    """

    __slots__ = ("_loop", "_parts", "_transport", "_under_way")

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop, under_way: Sized) -> None:
        self._transport, self._loop, self._under_way = transport, loop, under_way
        self._parts: list[bytes] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Take it, to be written soon."""
        if self._parts:
            self._parts.append(data)
        elif len(self._under_way) > 1:
            self._parts.append(data)
            self._loop.call_soon(self._written)
        else:
            self._transport.write(data)

    def _written(self) -> None:
        if self._parts:
            data = b"".join(self._parts)
            self._parts.clear()
            self._transport.write(data)

    def get_write_buffer_size(self) -> int:
        """Bytes that are still here."""
        return sum(map(len, self._parts)) + self._transport.get_write_buffer_size()

    def close(self) -> None:
        """No more will come; what has come is written before the end."""
        self._written()
        self._transport.close()

    def write_eof(self) -> None:
        """The same, and the other side may still write."""
        self._written()
        self._transport.write_eof()

    def abort(self) -> None:
        """The end, at once: what has not been written is dropped."""
        self.drop()
        self._transport.abort()

    def drop(self) -> None:
        """The connection is lost: what has not been written has nowhere to go."""
        self._parts.clear()
