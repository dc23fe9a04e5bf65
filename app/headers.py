"""The headers that keep a page safe and its files fresh, put on every answer."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_PAGE_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types lit-html",
    )
)
# The vendored Swagger UI writes style attributes and needs a Trusted Types policy that we do not control.
_DOCS_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

_VERSIONED = ("/vendor/", "/fonts/")

Headers = list[tuple[bytes, bytes]]


def _safe(policy: str) -> Headers:
    return [
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
        (b"content-security-policy", policy.encode()),
    ]


_OF_PAGE, _OF_DOCS = _safe(_PAGE_POLICY), _safe(_DOCS_POLICY)


class SafeHeaders:
    """ASGI middleware: content security policy, no sniffing, no referrer; caching by what a path holds."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, adding the headers to the start of its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                safe = _OF_DOCS if path == "/docs" else _OF_PAGE
                message["headers"] = [*message["headers"], *safe, (b"cache-control", _caching(path, message["status"]))]
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _caching(path: str, status: int) -> bytes:
    if path.startswith("/api/") or path in ("/health", "/openapi.json"):
        return b"no-store"
    if path.startswith(_VERSIONED) and status == 200:
        return b"public, max-age=31536000, immutable"
    return b"no-cache"
