"""Counts for Prometheus: requests by route and status, their seconds, those under way.

They are kept in the memory of one process; `python -m app` refuses to keep them for several.
"""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, exposition
from starlette.requests import Request
from starlette.responses import Response

from app import __version__
from app.observed import Seen

PATH = "/metrics"
# A small trace takes a tenth of a millisecond, a long training a minute.
_SECONDS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """An observer that counts, and the route that tells what it counted."""

    def __init__(self) -> None:
        # When a series was made is of no use, and doubles what is told.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = CollectorRegistry()
        by = ("method", "path")
        self._requests = Counter(
            "backprop_requests", "Requests that have ended", (*by, "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "backprop_request_seconds",
            "From a request's first byte to the end of its answer",
            by,
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._bytes = Counter("backprop_answer_bytes", "Bytes of answers' bodies", by, registry=self._registry)
        self._cut = Counter(
            "backprop_cut_requests", "Requests whose answer did not reach its end", by, registry=self._registry
        )
        self._under_way = Gauge("backprop_requests_under_way", "Requests that have not ended", registry=self._registry)
        version = Gauge("backprop_version", "The version that answers", ("version",), registry=self._registry)
        version.labels(__version__).set(1)

    def begin(self) -> None:
        """One more is under way."""
        self._under_way.inc()

    def end(self, seen: Seen) -> None:
        """Count it."""
        self._under_way.dec()
        self._requests.labels(seen.method, seen.path, str(seen.status)).inc()
        self._seconds.labels(seen.method, seen.path).observe(seen.seconds)
        self._bytes.labels(seen.method, seen.path).inc(seen.bytes)
        if not seen.complete:
            self._cut.labels(seen.method, seen.path).inc()

    async def answer(self, _request: Request) -> Response:
        """All counts, in Prometheus's text format."""
        return Response(exposition.generate_latest(self._registry), media_type=exposition.CONTENT_TYPE_PLAIN_0_0_4)
