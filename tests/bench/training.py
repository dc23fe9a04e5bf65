"""Training without traces: in the process against plain NumPy by hand, and streamed against posts of /step."""

import json
from collections.abc import Iterator
from http.client import HTTPConnection

from app import examples
from app.core.training.train import Learner
from tests.bench.compare import Comparison, in_turn
from tests.bench.request import connected
from tests.bench.step import experiment, plain_step

STEPS = 100
STREAMED = 10_000
POSTS = 200


def comparisons() -> Iterator[Comparison]:
    yield _in_process()
    yield _streamed()


def _in_process() -> Comparison:
    ours = experiment([2, 3, 2], 1)
    learner = Learner(ours)
    weights, x, y = list(ours.model.parameters), ours.x, ours.y

    def by_hand() -> None:
        now = weights
        for _ in range(STEPS):
            _, now = plain_step(now, x, y)

    times = in_turn(lambda: learner.run(STEPS, STEPS), by_hand, rounds=101, calls=5)
    return Comparison("a step of training, 2-3-2: NumPy by hand", times[0] / STEPS, times[1] / STEPS, 0.5)


def _streamed() -> Comparison:
    with connected(0) as connection:
        times = in_turn(lambda: _train(connection), lambda: _post(connection), rounds=11, calls=1)
    streamed, posted = times[0] / STREAMED, times[1] / POSTS
    return Comparison("an iteration of 2-3-2, streamed: posted", streamed, posted, 40, more_is_better=True)


BODY = json.dumps(examples.load()["lecture"].experiment).encode()
HEADERS = {"content-type": "application/json"}


def _train(connection: HTTPConnection) -> None:
    connection.request("POST", f"/api/v1/train?steps={STREAMED}&every=100", BODY, HEADERS)
    answer = connection.getresponse()
    last = answer.read().splitlines()[-1]
    assert json.loads(last)["iteration"] == STREAMED


def _post(connection: HTTPConnection) -> None:
    """Each answer's experiment is the next one's body, as a client of the API would do it."""
    body = BODY
    for _ in range(POSTS):
        connection.request("POST", "/api/v1/step?lean=true", body, HEADERS)
        body = json.dumps(json.loads(connection.getresponse().read())["experiment"]).encode()
