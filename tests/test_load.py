"""A short load, with every check of the long one; and that those checks see what they are for."""

import asyncio
import json

import pytest

from tests.bench.load import Asked, Load, Told, measured, report
from tests.bench.mix import STEP, Chain, Known, Wrong, errands, known_answers
from tests.helpers import step
from tests.tools.asking import Answer
from tests.tools.processes import Running, running

CLIENTS, TIMES = 8, 40


def answer(document: object, status: int = 200) -> Answer:
    return Answer(status, {}, json.dumps(document).encode())


@pytest.fixture(scope="module")
def known() -> list[Known]:
    return known_answers()


def demand_all_right(told: Told, asked: Asked) -> None:
    lines = report(told, asked)
    assert told.errors == [], "\n".join(lines)
    assert lines[-1] == "0 errors"
    assert sum(map(len, told.seconds.values())) >= CLIENTS * TIMES
    assert len(told.chains) == CLIENTS
    assert min(chain.steps for chain in told.chains) > 0


def test_every_answer_under_load_is_the_one_in_quiet() -> None:
    asked = Asked(CLIENTS, None, TIMES)
    told = measured(asked)
    demand_all_right(told, asked)
    assert told.lost == 0


def test_no_run_loses_or_doubles_an_iteration_while_each_worker_is_killed() -> None:
    asked = Asked(CLIENTS, None, TIMES, kill=True)
    told = measured(asked)
    demand_all_right(told, asked)
    assert len(told.killed) == 2
    assert told.lost > 0, "else nobody was cut off, and nothing was tested"


def test_every_errand_is_answered_in_quiet_as_it_says(known: list[Known]) -> None:
    assert [it.errand for it in known] == errands()
    for it in known:
        it.check(Answer(it.errand.status, {}, it.body))


def test_another_status_and_another_byte_are_seen(known: list[Known]) -> None:
    first = known[0]
    with pytest.raises(Wrong, match="status 500, not 200"):
        first.check(Answer(500, {}, first.body))
    with pytest.raises(Wrong, match="differ"):
        first.check(Answer(200, {}, first.body.replace(b"1", b"2", 1)))


def test_a_lost_and_a_doubled_iteration_are_seen() -> None:
    chain = Chain(0)
    once = step(chain.first, lean=True)
    twice = step(once["experiment"], lean=True)
    with pytest.raises(Wrong, match="iteration 2 after 0"):
        chain.take(answer(twice))
    chain.take(answer(once))
    with pytest.raises(Wrong, match="iteration 1 after 1"):
        chain.take(answer(once))
    chain.take(answer(twice))
    chain.check()


def test_a_run_that_leads_elsewhere_by_one_bit_is_seen() -> None:
    chain = Chain(1)
    changed = step(chain.first, lean=True)
    weights = changed["experiment"]["network"]["layers"][0]["weights"]
    weights[0][0] += 2**-54
    chain.take(answer(changed))
    with pytest.raises(Wrong, match="lead elsewhere"):
        chain.check()


def test_a_busy_server_is_asked_again_and_one_that_is_gone_is_an_error(known: list[Known]) -> None:
    replies = [Answer(503, {"retry-after": "0"}, b""), Answer(429, {"retry-after": "0"}, b""), answer({})]

    async def ask() -> Answer:
        return replies.pop(0)

    async def asked_thrice() -> Told:
        load = Load(Running(1, 1), Asked(1, None, 1), known)
        assert await load._answered(STEP, ask) == answer({})
        return load.told

    told = asyncio.run(asked_thrice())
    assert (told.busy, told.errors, len(told.seconds[STEP])) == (2, [], 1)

    with running() as server:
        gone = server
    told = asyncio.run(Load(gone, Asked(1, None, 1), known).run())
    assert len(told.errors) == 1
    assert "127.0.0.1" in told.errors[0] or "refused" in told.errors[0].lower()
