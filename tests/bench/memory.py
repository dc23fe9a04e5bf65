"""Whether a server's memory grows: after many requests against after some, in bytes that its process really holds.

Runs of /step go on and on, each from the answer to the one before; and networks are asked about of which no two are
built alike, so that whatever is kept for the next one of the same build is filled to its bound.
"""

import asyncio
import json
import random
from collections.abc import Callable, Iterator, Sequence

from app.limits import LAYERS
from tests.bench.compare import Comparison
from tests.bench.request import BODY
from tests.helpers import BETWEEN_LAYERS, Document, network
from tests.tools.asking import Connection
from tests.tools.processes import Running, running

STEPS, STEPS_BEFORE = 100_000, 1_000
BUILDS, BUILDS_BEFORE = 4_000, 1_500  # more than any cache has entries
DEEP, DEEP_BEFORE = 400, 130  # of as many layers as there may be: twice as many as are kept
CONNECTIONS = 4
AIM = 1.02
EXPERIMENT = b'"experiment":'
ASKED = (
    "/trace?lean=true",
    "/chain?parameter=W0&row=0&column=0",
    "/slope?parameter=W0&row=0&column=0&points=3",
    "/check",
)
ASKED_OF_DEEP = ASKED[:2]  # the others compute for long


def comparisons() -> Iterator[Comparison]:
    with running() as server:
        before, after = asyncio.run(_of_steps(server))
    yield Comparison(f"memory after {STEPS:,} steps: after {STEPS_BEFORE:,}", after, before, AIM, unit="bytes")
    kinds = (
        ("different networks", _different, BUILDS_BEFORE, BUILDS, ASKED),
        ("deep networks", _deep, DEEP_BEFORE, DEEP, ASKED_OF_DEEP),
    )
    for kind, draw, few, many, asked in kinds:
        with running() as server:
            before, after = asyncio.run(_of_builds(server, draw, (few, many - few), asked))
        yield Comparison(f"memory after {many:,} {kind}: after {few:,}", after, before, AIM, unit="bytes")


async def _of_steps(server: Running) -> tuple[int, int]:
    """The memory after the first steps, and after all."""
    bodies = [BODY] * CONNECTIONS
    held = []
    for steps in (STEPS_BEFORE, STEPS - STEPS_BEFORE):
        share = steps // CONNECTIONS
        bodies = await asyncio.gather(*(_stepped(server.port, body, share) for body in bodies))
        held.append(server.resident())
    assert {json.loads(body)["iteration"] for body in bodies} == {STEPS // CONNECTIONS}
    return held[0], held[1]


async def _stepped(port: int, body: bytes, steps: int) -> bytes:
    """The experiment so many steps on. It is cut out of each answer as it stands there: that is the quickest."""
    async with Connection(port) as connection:
        for _ in range(steps):
            answer = await connection.ask("POST", "/api/v1/step?lean=true", body)
            assert answer.status == 200, answer.body
            body = answer.body[answer.body.rindex(EXPERIMENT) + len(EXPERIMENT) : -1]
    return body


async def _of_builds(
    server: Running, draw: Callable[[random.Random], Document], counts: tuple[int, int], asked: Sequence[str]
) -> tuple[int, int]:
    choice = random.Random(0)
    held = []
    async with Connection(server.port) as connection:
        for count in counts:
            for _ in range(count):
                body = json.dumps(draw(choice)).encode()
                for path in asked:
                    answer = await connection.ask("POST", f"/api/v1{path}", body)
                    assert answer.status == 200, answer.body
            held.append(server.resident())
    return held[0], held[1]


def _different(choice: random.Random) -> Document:
    """A network of two to four layers, of 7 million that there are."""
    widths = [choice.randint(1, 6) for _ in range(choice.randint(3, 5))]
    activations = [choice.choice(BETWEEN_LAYERS) for _ in widths[1:]]
    return network(choice.getrandbits(32), widths, activations, bias=choice.random() < 0.5)


def _deep(choice: random.Random) -> Document:
    return network(
        choice.getrandbits(32), [2] * (LAYERS + 1), [choice.choice(BETWEEN_LAYERS) for _ in range(LAYERS)], rows=1
    )
