"""Every request as one record, for those who keep the server: what was asked, how it ended, how long it took.

A record holds no body, no query and no path but the template of a route, so that nothing a client sends can fill a log
or a table of counts.
"""

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import request_ids

_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_OTHER = "other"
_FILE = "/{file}"  # what no route knows
_UNREAD = "/{unread}"  # of what was refused before it was a request
# Where the server's state, that all connections share, has what to tell of such a refusal.
REFUSED = "refused"


class Seen(NamedTuple):
    """One request that has ended. `status` is 0 where the client left before there was one; `bytes` are the answer's.

    `complete` tells whether the answer was sent to its end.
    """

    id: str
    method: str
    path: str
    status: int
    seconds: float
    bytes: int
    complete: bool


class Observer(Protocol):
    """Who is told."""

    def begin(self) -> None:
        """A request has come."""

    def end(self, seen: Seen) -> None:
        """It has ended."""


class Observed:
    """ASGI middleware that tells its observers of every request."""

    def __init__(self, app: ASGIApp, observers: Sequence[Observer], clock: Callable[[], float] = time.perf_counter):
        self._app, self._observers, self._clock = app, observers, clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and tell how it ended, whichever way it did."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan" and "state" in scope:
                scope["state"][REFUSED] = self.refused
            await self._app(scope, receive, send)
            return
        status, length, complete = 0, 0, False

        async def send_counted(message: Message) -> None:
            nonlocal status, length, complete
            await send(message)
            if message["type"] == "http.response.start":
                status = message["status"]
            elif message["type"] == "http.response.body":
                length += len(message.get("body", b""))
                complete = not message.get("more_body", False)

        begun = self._clock()
        for observer in self._observers:
            observer.begin()
        try:
            await self._app(scope, receive, send_counted)
        finally:
            seconds = self._clock() - begun
            seen = Seen(request_ids.of(scope), _method(scope), _template(scope), status, seconds, length, complete)
            for observer in self._observers:
                observer.end(seen)

    def refused(self, id: bytes, status: int, length: int) -> None:
        """Tell of what a connection refused by itself: no application has seen it."""
        seen = Seen(id.decode("ascii"), _OTHER, _UNREAD, status, 0.0, length, True)
        for observer in self._observers:
            observer.begin()
            observer.end(seen)


def _method(scope: Scope) -> str:
    method: str = scope["method"]
    return method if method in _METHODS else _OTHER


def _template(scope: Scope) -> str:
    """The route's path with its names in place of what stood there."""
    return getattr(scope.get("route"), "path", _FILE)
