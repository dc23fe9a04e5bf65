"""A small HTTP client for many connections at once in one process: what a load needs, and no more.

A connection is kept open and used again. An answer counts only where it is whole: one that breaks off is a `Lost`.
"""

import asyncio
from collections.abc import AsyncIterator
from types import TracebackType
from typing import NamedTuple

ANSWER_SECONDS = 60
_LONGEST_HEAD = 65_536


class Lost(Exception):
    """No answer, or not all of it: the connection was refused, or ended too early."""


class Answer(NamedTuple):
    """Names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


class Connection:
    """One client's, to 127.0.0.1. It is opened when first needed, and again after it was lost."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def __aenter__(self) -> "Connection":
        return self

    async def __aexit__(
        self, type: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """The next request opens another."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    async def ask(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Answer:
        """The answer, whole.   Raises: Lost; TimeoutError, after ANSWER_SECONDS."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await self._ask(method, path, body, headers or {})
        except (OSError, EOFError) as error:
            self.close()
            if isinstance(error, TimeoutError):
                raise
            raise Lost(f"{method} {path}: {error!r}") from error
        except BaseException:
            self.close()  # what is left of the answer must not be taken for the next one's
            raise

    async def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port, limit=_LONGEST_HEAD)
        reader, writer = self._streams
        lines = [f"{method} {path} HTTP/1.1", f"host: 127.0.0.1:{self._port}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if body is not None:
            lines += ["content-type: application/json"] if "content-type" not in headers else []
            lines += [f"content-length: {len(body)}"]
        writer.write("\r\n".join([*lines, "", ""]).encode() + (body or b""))
        answer = await _answer(reader, method)
        if answer.headers.get("connection") == "close":
            self.close()
        return answer


async def _answer(reader: asyncio.StreamReader, method: str) -> Answer:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")[:-2]
    status = int(first.split(" ", 2)[1])
    headers: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    if method == "HEAD" or status in (204, 304):
        return Answer(status, headers, b"")
    if headers.get("transfer-encoding") == "chunked":
        return Answer(status, headers, b"".join([chunk async for chunk in _chunks(reader)]))
    return Answer(status, headers, await reader.readexactly(int(headers["content-length"])))


async def _chunks(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while length := await _length(reader):
        yield (await reader.readexactly(length + 2))[:-2]
    await reader.readline()


async def _length(reader: asyncio.StreamReader) -> int:
    """Of the next chunk.   Raises: EOFError, where the connection ended instead."""
    line = await reader.readline()
    if not line.endswith(b"\r\n"):
        raise EOFError("the answer ended in the middle")
    return int(line, 16)
