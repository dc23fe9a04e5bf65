"""HTTP on one connection: uvicorn's protocol, with a bound on everything that a client could do for ever.

uvicorn waits for ever for the rest of a head, takes a head of any length, and waits for ever until what it has written
is read. Here each of these ends, and what is refused before there is a request is told as every other error is. What
most requests bring, a head in one piece and an answer that is read, passes with no timer and two comparisons more.
"""

import asyncio
import sys
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from itertools import islice
from typing import cast

from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from app import headers, limits, observed, problems, request_ids
from app.gathered import Gathered

_LINGER_SECONDS = 2.0  # for a refusal to be read: closed at once, it is lost where the client still sends
_PATIENT_SECONDS = 1.0  # after which a request that was sent with its connection has long been read
_LOOKED_AT = 64  # connections that might give way: to look at all of a thousand for each that comes takes too long
_MALFORMED = "this is no HTTP request, or one that two servers could read differently"


def most() -> int:
    """How many connections there may be: of the process's descriptors at most half, so that some are left for all else.

    At the last of them, a server can accept nobody, not even to say so.
    """
    try:
        import resource
    except ImportError:  # there are none on Windows
        return limits.CONNECTIONS
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return limits.CONNECTIONS if soft == resource.RLIM_INFINITY else max(min(limits.CONNECTIONS, soft // 2), 1)


def _untaken(transport: Gathered) -> int:
    """Bytes that were written and that the client has not taken: here, and where it can be asked, in the kernel.

    The kernel makes room for more only once a third of its megabytes is free, however steadily the client reads.
    """
    here = transport.get_write_buffer_size()
    try:
        import fcntl
        import termios

        waiting = fcntl.ioctl(transport.get_extra_info("socket").fileno(), termios.TIOCOUTQ, bytes(4))
    except (ImportError, OSError):
        return here
    return here + int.from_bytes(waiting, sys.byteorder)


class _Refused(Exception):
    """Ends the parsing of a head that is refused."""


class Protocol(HttpToolsProtocol):
    """One connection.

    uvicorn's `cycle` is the request that was read last. Where a client sends several without waiting, that may be in
    line behind the one that is being answered.
    """

    transport: Gathered  # type: ignore[assignment]
    _answered: RequestResponseCycle | None = None  # the last whose answer was begun; those in line are none yet
    _head_timer: asyncio.TimerHandle | None = None
    _send_timer: asyncio.TimerHandle | None = None
    _end_timer: asyncio.TimerHandle | None = None
    _is_refused = False
    _loose = 0  # bytes since the last that were a whole head or a body's
    _untaken = 0  # bytes that were written and not taken when the timer was set

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """One more, if there may be."""
        super().connection_made(Gathered(transport, self.loop, self.tasks))  # type: ignore[arg-type]
        allowed = most()
        if len(self.connections) > allowed:
            self._make_room()
        if len(self.connections) <= allowed:
            self._head_timer = self.loop.call_later(limits.HEAD_SECONDS, self._head_is_late)
        elif len(self.connections) <= allowed + allowed // 2 + 1:
            detail = f"{allowed} connections are open, as many as one process takes; ask again in a moment"
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE, detail, problems.Busy.headers)
        else:  # even a refusal takes a descriptor for a while
            transport.abort()

    def _make_room(self) -> None:
        """Who has asked nothing for long gives way to who may be about to."""
        others = cast(Iterable[Protocol], self.connections)
        waiting = islice((it for it in others if it._seconds_idle() > _PATIENT_SECONDS), _LOOKED_AT)
        longest = max(waiting, key=Protocol._seconds_idle, default=None)
        if longest is not None:
            self.connections.discard(longest)
            longest.transport.close()
            longest._see_it_closed()

    def _seconds_idle(self) -> float:
        """How long it has waited for a whole head; 0 where a request is being read or answered."""
        if self._is_refused:
            return 0.0
        if self._head_timer is not None:
            return self.loop.time() - self._head_timer.when() + limits.HEAD_SECONDS
        if self.timeout_keep_alive_task is not None:
            return self.loop.time() - self.timeout_keep_alive_task.when() + self.timeout_keep_alive
        return 0.0

    def connection_lost(self, exc: Exception | None) -> None:
        """The end, however it came."""
        for timer in (self._head_timer, self._send_timer, self._end_timer):
            if timer is not None:
                timer.cancel()
        self.transport.drop()
        self._leave()  # uvicorn says so to the last in line alone
        super().connection_lost(exc)

    # What comes in.

    def data_received(self, data: bytes) -> None:
        """Parse it, unless there has been enough."""
        if self._is_refused:
            return
        self._loose += len(data)
        super().data_received(data)
        if self._loose and self._is_too_long():
            self._refuse_long_head()
        elif (self.cycle is None or self.cycle.response_complete) and not self._is_refused and not self._is_timed():
            # Nothing is being answered, and uvicorn has stopped its own clock: the next head has to come in time.
            self._head_timer = self.loop.call_later(limits.HEAD_SECONDS, self._head_is_late)

    def on_headers_complete(self) -> None:
        """A whole head is there."""
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None
        if len(self.headers) > limits.HEAD_LINES or (self._loose > limits.HEAD_BYTES and self._is_head_long()):
            raise _Refused
        self._loose = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Some of a body; that it is not too long, `app/body.py` looks after."""
        self._loose = 0
        super().on_body(body)

    def _is_timed(self) -> bool:
        return self._head_timer is not None or self.timeout_keep_alive_task is not None

    def _is_head_long(self) -> bool:
        """Of a whole head, which a body may have come with."""
        return len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers) > limits.HEAD_BYTES

    def _is_too_long(self) -> bool:
        """Whether what is there of a head is, or of the lines after a body in chunks."""
        return self._loose > limits.HEAD_BYTES or len(self.headers or ()) > limits.HEAD_LINES

    def _head_is_late(self) -> None:
        self._head_timer = None
        if self.transport.is_closing():
            return
        if self._loose and (self.cycle is None or not self.cycle.more_body):
            detail = f"the head of the request did not arrive within {limits.HEAD_SECONDS} seconds"
            self._refuse(HTTPStatus.REQUEST_TIMEOUT, detail)
        else:  # nothing has been asked
            self.transport.close()
            self._see_it_closed()

    # What is refused.

    def send_400_response(self, msg: str) -> None:
        """The parser has given up."""
        if self._loose and self._is_too_long():
            self._refuse_long_head()
        else:
            self._refuse(HTTPStatus.BAD_REQUEST, _MALFORMED)

    def _refuse_long_head(self) -> None:
        allowed = f"{limits.HEAD_BYTES} bytes in {limits.HEAD_LINES} lines"
        self._refuse(
            HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, f"the head of the request is too long: it may have {allowed}"
        )

    def _refuse(self, status: HTTPStatus, detail: str, more: Mapping[str, str] | None = None) -> None:
        """Say so, where that can be no part of another answer, and end the connection."""
        if self._is_refused or self.transport.is_closing():
            return
        self._is_refused = True
        self._unset_keepalive_if_required()
        if self._head_timer is not None:
            self._head_timer.cancel()
        if self._may_answer():
            self._write_refusal(status, detail, more)
        self._leave()  # nothing that the application writes now may follow what has been said
        self.flow.resume_reading()  # it pauses while requests are in line: the client's end would not be seen
        self.transport.write_eof()
        self._end_timer = self.loop.call_later(_LINGER_SECONDS, self.transport.abort)

    def _may_answer(self) -> bool:
        """Whether what is written now is the answer to what was read last, and to nothing before it."""
        cycle = self.cycle
        if cycle is None or cycle.response_complete:
            return True
        return cycle is self._answered and cycle.more_body and not cycle.response_started

    def _write_refusal(self, status: HTTPStatus, detail: str, more: Mapping[str, str] | None) -> None:
        response = problems.answer(status, detail, headers=more)
        id = request_ids.take({"headers": []})
        lines: list[tuple[bytes, bytes]] = [
            *self.server_state.default_headers,
            *response.raw_headers,
            *headers.OF_DATA,
            (request_ids.HEADER, id),
            (b"connection", b"close"),
        ]
        head = b"".join(b"%s: %s\r\n" % line for line in lines)
        self.transport.write(b"%s%s\r\n%s" % (STATUS_LINE[status.value], head, response.body))
        tell = self.app_state.get(observed.REFUSED)
        if tell is not None:
            tell(id, status.value, len(response.body))

    # What goes out.

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        """It is this request's turn to be answered."""
        self._answered = cycle
        super()._start_asgi_task(cycle, app)

    def _leave(self) -> None:
        """To the application the client has left: what is being answered ends, and what is in line is not begun."""
        self.pipeline.clear()
        if self._answered is not None and not self._answered.response_complete:
            self._answered.disconnected = True
            self._answered.message_event.set()

    def pause_writing(self) -> None:
        """The client does not take what is written: from here it has so long for the next piece."""
        super().pause_writing()
        self._wait_for_reader()

    def resume_writing(self) -> None:
        """It has taken it."""
        super().resume_writing()
        if self._send_timer is not None:
            self._send_timer.cancel()
            self._send_timer = None

    def _wait_for_reader(self) -> None:
        self._untaken = _untaken(self.transport)
        self._send_timer = self.loop.call_later(limits.SEND_SECONDS, self._look_at_reader)

    def _look_at_reader(self) -> None:
        """Cut the answer off, unless a long piece is on its way. What is cut has no end, and looks so to the client."""
        self._send_timer = None
        if self._untaken - _untaken(self.transport) >= limits.PIECE_BYTES:
            self._wait_for_reader()
        else:
            self.transport.abort()

    def on_response_complete(self) -> None:
        """Everything is written, if not yet taken."""
        super().on_response_complete()
        if self.transport.is_closing():
            self._see_it_closed()

    def timeout_keep_alive_handler(self) -> None:
        """Nothing more has been asked."""
        super().timeout_keep_alive_handler()
        self._see_it_closed()

    def _see_it_closed(self) -> None:
        """A connection is not closed before everything has been taken: not to wait for that for ever."""
        if self._end_timer is None and self.transport.get_write_buffer_size():
            self._end_timer = self.loop.call_later(limits.SEND_SECONDS, self.transport.abort)
