"""A class at one server: many clients, every endpoint, for a bounded time; every answer is checked.

`python -m tests.bench.load` starts `python -m app` and 32 clients on loopback, for 60 seconds, and prints by endpoint
how many answers came, and how long half and 99 % of them took; then the memory. With `--kill` the server has two
workers, each of which is killed once and started again by the server itself: what got no answer is asked again, as the
page does. At the end each client's run is compared, bit for bit, with one without a server. It exits with 1 if
anything was wrong.
"""

import argparse
import asyncio
import os
import random
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from statistics import quantiles
from typing import NamedTuple

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from tests.bench.mix import STEP, STEP_WEIGHT, Chain, Known, Wrong, known_answers
from tests.tools.asking import Answer, Connection, Lost
from tests.tools.processes import Running, running

SECONDS, CLIENTS, WORKERS = 60.0, 32, 2
BUSY = (429, 503)
PAUSE_SECONDS = 0.1  # before what got no answer is asked again
MOST_PAUSES = 200
LOOK_SECONDS = 0.25
REPLACED_SECONDS = 30.0
MOST_GROWTH = 1.1  # of the most memory in the second half, to that in the first
MOST_TOLD = 20


class Asked(NamedTuple):
    """How much: for so many seconds, or so many times by each client; either way until all is killed that will be."""

    clients: int = CLIENTS
    seconds: float | None = SECONDS
    times: int | None = None
    kill: bool = False


class Told:
    """What came of it. Seconds are from the first asking to the answer, pauses and new askings included."""

    def __init__(self) -> None:
        self.seconds: dict[str, list[float]] = defaultdict(list)
        self.busy = 0  # answers that said so, and were asked for again
        self.lost = 0  # requests without an answer that were asked again
        self.killed: list[float] = []  # seconds until there was another worker
        self.errors: list[str] = []
        self.chains: list[Chain] = []
        self.memory: list[tuple[float, int]] = []  # how far the run was, from 0 to 1, and bytes

    def growth(self) -> float:
        """The most memory in the second half of the run, to that in the first."""
        halves = [[held for at, held in self.memory if (at >= 0.5) is second] for second in (False, True)]
        return max(halves[1]) / max(halves[0]) if all(halves) else 1.0


class Load:
    """A run: its clients, who kills, who watches."""

    def __init__(self, server: Running, asked: Asked, known: list[Known]) -> None:
        self._server, self._asked, self._known = server, asked, known
        self._weights = [STEP_WEIGHT, *(it.errand.weight for it in known)]
        self._begun = time.perf_counter()
        self._done = [0] * asked.clients
        self._is_killing = asked.kill
        self.told = Told()

    async def run(self) -> Told:
        """All of it."""
        watching = asyncio.create_task(self._watch())
        killing = asyncio.create_task(self._kill()) if self._asked.kill else None
        await asyncio.gather(*(self._client(number) for number in range(self._asked.clients)))
        watching.cancel()
        if killing is not None:
            await killing
        self._remember()
        for chain in self.told.chains:
            self._keep(chain.check)
        return self.told

    def _progress(self, done: int) -> float:
        """How far a client is that has done so much, from 0 to 1 and beyond."""
        if self._asked.times is not None:
            return done / self._asked.times
        return (time.perf_counter() - self._begun) / (self._asked.seconds or SECONDS)

    def _progress_of_all(self) -> float:
        return self._progress(sum(self._done) // len(self._done))

    async def _client(self, number: int) -> None:
        choice, chain = random.Random(number), Chain(number)
        self.told.chains.append(chain)
        async with Connection(self._server.port) as connection:
            while self._progress(self._done[number]) < 1 or self._is_killing:
                (known,) = choice.choices([None, *self._known], self._weights)
                await (self._step(connection, chain) if known is None else self._errand(connection, known))
                self._done[number] += 1

    async def _step(self, connection: Connection, chain: Chain) -> None:
        path, body = "/api/v1/step?lean=true", chain.body()
        answer = await self._answered(STEP, lambda: connection.ask("POST", path, body))
        if answer is not None:
            self._keep(lambda: chain.take(answer))

    async def _errand(self, connection: Connection, known: Known) -> None:
        _, _, method, path, body, _, headers = known.errand
        answer = await self._answered(known.errand.name, lambda: connection.ask(method, path, body, dict(headers)))
        if answer is not None:
            self._keep(lambda: known.check(answer))

    async def _answered(self, name: str, ask: Callable[[], Awaitable[Answer]]) -> Answer | None:
        """The answer, asked for until it comes; None where that is an error."""
        begun = time.perf_counter()
        for _ in range(MOST_PAUSES):
            try:
                answer = await ask()
            except Lost as lost:
                if not self._asked.kill:
                    self.told.errors.append(str(lost))
                    return None
                self.told.lost += 1
                await asyncio.sleep(PAUSE_SECONDS)
                continue
            except TimeoutError:
                break
            if answer.status in BUSY and "retry-after" in answer.headers:
                self.told.busy += 1
                await asyncio.sleep(float(answer.headers["retry-after"]))
                continue
            self.told.seconds[name].append(time.perf_counter() - begun)
            return answer
        self.told.errors.append(f"{name}: no answer in {time.perf_counter() - begun:.0f} seconds")
        return None

    def _keep(self, check: Callable[[], None]) -> None:
        try:
            check()
        except Wrong as wrong:
            self.told.errors.append(str(wrong))

    async def _watch(self) -> None:
        while True:
            self._remember()
            await asyncio.sleep(LOOK_SECONDS)

    def _remember(self) -> None:
        self.told.memory.append((self._progress_of_all(), self._server.resident()))

    async def _kill(self) -> None:
        """Kill one worker after the other, each time until there is a new one in its place."""
        try:
            workers = self._server.workers()
            for number, worker in enumerate(workers, start=1):
                while self._progress_of_all() < number / (len(workers) + 1):
                    await asyncio.sleep(0.01)
                os.kill(worker.id, signal.SIGKILL)
                begun = time.perf_counter()
                await asyncio.wait_for(self._replaced({it.id for it in workers}, number), REPLACED_SECONDS)
                self.told.killed.append(time.perf_counter() - begun)
        except TimeoutError:
            self.told.errors.append(f"no new worker in {REPLACED_SECONDS:g} seconds")
        finally:
            self._is_killing = False

    async def _replaced(self, first: set[int], count: int) -> None:
        """Until there are so many workers that were not there at first, and none is missing."""
        while True:
            await asyncio.sleep(0.05)
            now = {it.id for it in self._server.workers()}
            if len(now - first) == count and len(now) == len(first):
                return


def measured(asked: Asked) -> Told:
    """Start a server, put the load on it, stop it."""
    known = known_answers()
    with running(*(["--workers", str(WORKERS)] if asked.kill else [])) as server:
        asyncio.run(_up(server.port))
        return asyncio.run(Load(server, asked, known).run())


async def _up(port: int) -> None:
    async with Connection(port) as connection:
        for _ in range(MOST_PAUSES):
            try:
                if (await connection.ask("GET", "/health")).status == 200:
                    return
            except Lost:
                await asyncio.sleep(PAUSE_SECONDS)
    raise TimeoutError("the server does not come up")


def report(told: Told, asked: Asked) -> list[str]:
    """The table, and what there is to say of it."""
    lines = [f"{'endpoint':<24}{'answers':>9}{'p50':>12}{'p99':>12}{'longest':>12}"]
    for name, seconds in sorted(told.seconds.items()):
        cuts = quantiles(seconds, n=100) if len(seconds) > 1 else seconds * 99
        times = "".join(f"{it * 1e3:>9.1f} ms" for it in (cuts[49], cuts[98], max(seconds)))
        lines.append(f"{name:<24}{len(seconds):>9}{times}")
    total = sum(map(len, told.seconds.values()))
    lines.append(f"{total} answers to {asked.clients} clients, each checked; {told.busy} told to come again")
    if asked.kill:
        after = ", ".join(f"{seconds:.1f} s" for seconds in told.killed)
        lines.append(
            f"{len(told.killed)} workers killed, another started after {after}; {told.lost} requests asked anew"
        )
    steps = sum(chain.steps for chain in told.chains)
    lines.append(f"{steps} steps in {len(told.chains)} runs, compared bit for bit with runs without a server")
    start, middle, end = (_memory_at(told, at) / 2**20 for at in (0.0, 0.5, 1.0))
    lines.append(f"memory: {start:.0f} MB at the start, {middle:.0f} MB in the middle, {end:.0f} MB at the end")
    lines.append(f"the most memory in the second half is {told.growth():.2f} of that in the first")
    lines += [f"WRONG: {error}" for error in told.errors[:MOST_TOLD]]
    lines.append(f"{len(told.errors)} errors")
    return lines


def _memory_at(told: Told, progress: float) -> int:
    return min(told.memory, key=lambda it: abs(it[0] - progress))[1]


def main() -> int:
    """Measure and print.   Returns the exit status."""
    parser = argparse.ArgumentParser(description="Put a load on a server, and check every answer.")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="how long (default: 60)")
    parser.add_argument("--clients", type=int, default=CLIENTS, help="how many at once (default: 32)")
    parser.add_argument("--kill", action="store_true", help="with two workers, each of which is killed once")
    options = parser.parse_args()
    asked = Asked(options.clients, options.seconds, kill=options.kill)
    told = measured(asked)
    # Workers that begin anew have no memory to compare.
    if not asked.kill and told.growth() > MOST_GROWTH:
        told.errors.append(f"memory grew to {told.growth():.2f} of what it was; {MOST_GROWTH} is allowed")
    print("\n".join(report(told, asked)))
    return 1 if told.errors else 0


if __name__ == "__main__":
    sys.exit(main())
