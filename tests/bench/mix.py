"""What a class asks of a server, all at once: every endpoint, files, and what must be refused.

An `Errand` is a request whose right answer is known beforehand, byte for byte: an app in this process has given it, in
quiet. A `Chain` is a run of one client's, each step of which is made of the answer to the one before.
"""

import json
from typing import Any, NamedTuple

from fastapi.testclient import TestClient

from app import examples
from app.core.training import iteration
from app.documents import encoding, traces
from app.main import create_app
from tests.helpers import Document, copy, lecture, network, read
from tests.tools.asking import Answer

STEP = "/step, chained"
STEP_WEIGHT = 160
_OPTIMIZERS = ("adam", "momentum", "sgd", "rmsprop")


class Wrong(Exception):
    """An answer that is not what it must be."""


class Errand(NamedTuple):
    """A request. `weight` is how often it is made, beside the others."""

    name: str
    weight: int
    method: str
    path: str
    body: bytes | None = None
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


class Known(NamedTuple):
    """An errand and the body of its right answer."""

    errand: Errand
    body: bytes

    def check(self, answer: Answer) -> None:
        """Raises: Wrong."""
        if answer.status != self.errand.status:
            raise Wrong(f"{self.errand.name}: status {answer.status}, not {self.errand.status}: {answer.body[:200]!r}")
        if answer.body != self.body:
            raise Wrong(
                f"{self.errand.name}: {len(answer.body)} bytes that differ from the {len(self.body)} right ones"
            )


def errands() -> list[Errand]:
    """All that is asked beside chained steps."""
    known = {id: json.dumps(example.experiment).encode() for id, example in examples.load().items()}
    first, xor, spiral = known["lecture"], known["xor"], known["spiral"]
    middle = json.dumps(network(1, [16, 64, 16], ["tanh", "sigmoid"], rows=32)).encode()
    large = json.dumps(network(2, [200, 200, 2], ["tanh", "sigmoid"], rows=8)).encode()
    chosen = {"sizes": [2, 8, 2], "activations": ["tanh", "softmax"], "cost": "cross_entropy", "dataset": "moons"}
    wide = copy(lecture())
    wide["network"]["layers"][0]["weights"] = [[0.5]]
    at = "parameter=W0&row=0&column=0"
    api = "/api/v1"
    gzip = (("accept-encoding", "gzip"),)
    return [
        Errand("/trace", 48, "POST", f"{api}/trace", first),
        Errand("/trace", 16, "POST", f"{api}/trace?lean=true", xor),
        Errand("/trace, middle", 4, "POST", f"{api}/trace?lean=true", middle),
        Errand("/trace, large", 1, "POST", f"{api}/trace?lean=true", large),
        Errand("/train, 100", 24, "POST", f"{api}/train?steps=100&every=10", first),
        Errand("/train, 20,000", 1, "POST", f"{api}/train?steps=20000&every=100", first),
        Errand("/train, 500 of spiral", 1, "POST", f"{api}/train?steps=500&every=50", spiral),
        Errand("/chain", 20, "POST", f"{api}/chain?{at}", first),
        Errand("/slope", 20, "POST", f"{api}/slope?{at}", first),
        Errand("/check", 12, "POST", f"{api}/check", xor),
        Errand("/initialize", 12, "POST", f"{api}/initialize", json.dumps(chosen).encode()),
        Errand("/catalog", 8, "GET", f"{api}/catalog"),
        Errand("/examples", 8, "GET", f"{api}/examples"),
        Errand("/examples/{id}", 8, "GET", f"{api}/examples/xor"),
        Errand("/health", 16, "GET", "/health"),
        Errand("files", 4, "GET", "/", headers=gzip),
        Errand("files", 8, "GET", "/js/main.js", headers=gzip),
        Errand("files", 8, "GET", "/css/page.css", headers=gzip),
        Errand("files", 4, "GET", "/fonts/inter.woff2", headers=gzip),
        Errand("files", 4, "HEAD", "/index.html"),
        Errand("refused", 4, "POST", f"{api}/step", b'{"network": ', 400),
        Errand("refused", 4, "POST", f"{api}/trace", b'{"network": NaN}', 400),
        Errand("refused", 4, "POST", f"{api}/trace", json.dumps(wide).encode(), 422),
        Errand("refused", 4, "POST", f"{api}/train?steps=many", first, 422),
        Errand("refused", 4, "POST", f"{api}/step", first, 415, (("content-type", "text/plain"),)),
        Errand("refused", 4, "GET", f"{api}/step", status=405),
        Errand("refused", 4, "GET", "/js/nothing.js", status=404),
        Errand("refused", 4, "GET", f"{api}/examples/nothing", status=404),
    ]


def known_answers() -> list[Known]:
    """Every errand with its right answer.   Raises: Wrong, where it is not the status or the JSON that it must be."""
    with TestClient(create_app()) as asking:
        return [_known(asking, errand) for errand in errands()]


def _known(asking: TestClient, errand: Errand) -> Known:
    headers = {"accept-encoding": "identity"} | dict(errand.headers)
    if errand.body is not None:
        headers.setdefault("content-type", "application/json")
    # As the bytes travel: what is packed is compared packed.
    with asking.stream(errand.method, errand.path, content=errand.body, headers=headers) as answer:
        body = b"".join(answer.iter_raw())
    kind = answer.headers["content-type"]
    if answer.status_code != errand.status:
        raise Wrong(f"{errand.name}: status {answer.status_code}, not {errand.status}")
    if "json" in kind:
        for line in body.splitlines() if kind == "application/x-ndjson" else [body]:
            json.loads(line, parse_constant=_no_constant)
    return Known(errand, body)


def _no_constant(name: str) -> Any:
    raise Wrong(f"{name} is not JSON")


class Chain:
    """A client's own run: where it is, and how many steps have been answered."""

    def __init__(self, client: int) -> None:
        optimizer = {"name": _OPTIMIZERS[client % len(_OPTIMIZERS)], "learning_rate": 0.001 * (client + 1)}
        self.first: Document = lecture() | {"title": f"client {client}", "optimizer": optimizer}
        self.experiment = self.first
        self.steps = 0

    def body(self) -> bytes:
        """Of the next request."""
        return json.dumps(self.experiment).encode()

    def take(self, answer: Answer) -> None:
        """Go on to where the answer leads.   Raises: Wrong."""
        if answer.status != 200:
            raise Wrong(f"{STEP}: status {answer.status}: {answer.body[:200]!r}")
        document = json.loads(answer.body, parse_constant=_no_constant)
        before, after = self.steps, document["experiment"]["iteration"]
        if after != before + 1:
            raise Wrong(f"{STEP}: iteration {after} after {before}")
        self.experiment, self.steps = document["experiment"], after

    def check(self) -> None:
        """Compare it with the same run without any server.   Raises: Wrong, where one bit differs."""
        if self.steps and self.experiment != alone(self.first, self.steps):
            raise Wrong(f"{self.first['title']}: {self.steps} steps lead elsewhere than in a lone run")


def alone(first: Document, steps: int) -> Document:
    """Where as many steps end without any server."""
    beside, experiment = read(first)
    for _ in range(steps):
        experiment = iteration.step(experiment).experiment
    document: Document = json.loads(encoding.dumps(traces.experiment(beside, experiment)))
    return document
