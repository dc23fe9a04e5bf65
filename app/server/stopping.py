"""What a request meets that the end of the server cuts short: a clean error, never half an answer that looks whole.

Told to stop, the server lets the requests under way finish, for so many seconds, then cancels the rest. One that has
not begun to answer answers 503, to be asked again elsewhere; one that has is cut off, so that its reader sees that the
last line is missing.
"""

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from multiprocessing.process import BaseProcess

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.server.turns import let_go

_CANCELLED_SECONDS = 1.0  # far more than the longest slice of a calculation, and far less than an operator waits
_LOOK_SECONDS = 0.01
_under_way = 0


def under_way() -> int:
    """How many requests have not ended."""
    return _under_way


def stop_with_supervisor() -> None:
    """Where this process is one of several workers: stop when the one that started them is gone, however it went.

    Else nobody would end them, and the next server could not have their port.
    """
    supervisor = multiprocessing.parent_process()
    if supervisor is not None:
        threading.Thread(target=_stop_after, args=(supervisor,), daemon=True).start()


def _stop_after(supervisor: BaseProcess) -> None:
    supervisor.join()
    os.kill(os.getpid(), signal.SIGTERM)


class Stopping:
    """ASGI middleware: a cancelled request ends as it should, by the refusal, and the server waits for that end.

    However a request ends, its place among the long calls is free.
    """

    def __init__(self, app: ASGIApp, refusal: ASGIApp) -> None:
        self._app, self._refusal = app, refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and end it if it is cancelled."""
        global _under_way
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_on(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        _under_way += 1
        try:
            await self._app(scope, receive, send_on)
        except asyncio.CancelledError:
            if not started:
                await self._refusal(scope, receive, send)
            # An answer that has begun ends here without its end: the server then closes the connection.
        finally:
            let_go(scope)
            _under_way -= 1


@asynccontextmanager
async def waiting(_app: object) -> AsyncIterator[None]:
    """The app's lifespan. Its end is asked for right after what was left is cancelled, and the server exits then."""
    yield
    for _ in range(int(_CANCELLED_SECONDS / _LOOK_SECONDS)):
        if not _under_way:
            break
        await asyncio.sleep(_LOOK_SECONDS)
    await asyncio.sleep(_LOOK_SECONDS)  # for what was written to leave
