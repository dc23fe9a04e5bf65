"""The headers that keep a page safe and its files fresh, put on every answer."""

import re
from http import HTTPStatus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types lit-html"
)
# The vendored Swagger UI writes style attributes and needs a Trusted Types policy that we do not control.
_DOCS_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# An answer that is no page: nothing at all may be loaded or run in it. A page's policy is its document's alone, so a
# script, a sheet or a font, of which the first picture takes thirty, travels without those 350 bytes.
_DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"

_DATA = ("/api/", "/health", "/openapi.json", "/metrics")
_VERSIONED = re.compile(r"/vendor/[^/]+@[^/]+/")  # fonts are not: a new subset has the name of the old one
_DOCS = ("/docs", "/docs.html")
_PART = re.compile(r"\.(?!html$)[a-z0-9]+$")  # of a page: its scripts, sheets, fonts

Headers = list[tuple[bytes, bytes]]


def _safe(policy: str, frames: str | None = None) -> Headers:
    """`frames`: whose frames may hold the page, in the policy's own words; nobody's, where there is none."""
    kept_out = [(b"x-frame-options", b"DENY")]
    if frames is not None:
        kept_out = []  # it knows no list of origins, and the policy says it
        policy = policy.replace("frame-ancestors 'none'", f"frame-ancestors {frames}")
    return [
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
        *kept_out,
        (b"content-security-policy", policy.encode()),
    ]


_NO_STORE = (b"cache-control", b"no-store")
_OF_PART = _safe(_DATA_POLICY)
_OF_DATA = [*_OF_PART, _NO_STORE]
_OF_DOCS = _safe(_DOCS_POLICY)
_FOUND = (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT, HTTPStatus.NOT_MODIFIED)


class SafeHeaders:
    """ASGI middleware: content security policy, no sniffing, no referrer, no framing; caching by what a path holds."""

    def __init__(self, app: ASGIApp, frames: str | None = None) -> None:
        self._app = app
        self._of_page = _safe(_PAGE_POLICY, frames)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, adding the headers to the start of its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_headers(scope["path"], message["status"], self._of_page)]
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _headers(path: str, status: int, of_page: Headers) -> Headers:
    if path.startswith(_DATA):
        return _OF_DATA
    if _PART.search(path) and status in _FOUND:
        is_versioned = _VERSIONED.match(path)
        return [*_OF_PART, (b"cache-control", b"public, max-age=31536000, immutable" if is_versioned else b"no-cache")]
    return [*(_OF_DOCS if path in _DOCS else of_page), (b"cache-control", b"no-cache")]
