"""What a small request waits while others keep the same process busy, as a ratio to a quiet server.

One client trains 100,000 iterations, again and again; another asks for a trace of 100,000 parameters, again and again.
The third asks for /health and for the lecture's trace: 99 of 100 answers come within so many times the quiet median.

Not all that it waits for is the server's doing: four processes share the machine's processors. So it asks, in turn with
that server, another one that nobody else asks, and the two p99 are compared as well.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from statistics import median, quantiles

from tests.bench.compare import Comparison
from tests.bench.request import BODY, ask, connected
from tests.helpers import network

PATHS = ("/health", "/api/v1/trace")
AIM = 5.0
AIM_BESIDE_IDLE = 2.0
SECONDS = 1.0
ROUNDS = 5
PAUSE_SECONDS = 0.001
# In a process of its own, so that what is measured is the server and not the clients' common interpreter.
BUSY = """
import sys
from http.client import HTTPConnection
host, port, path = sys.argv[1:]
body = sys.stdin.buffer.read()
connection = HTTPConnection(host, int(port))
while True:
    connection.request("POST", path, body, {"content-type": "application/json"})
    answer = connection.getresponse()
    while answer.read(65536):
        pass
"""


def comparisons() -> Iterator[Comparison]:
    with connected(0) as busy, connected(0) as idle:
        quiet = {path: _times(path, busy, idle)[0] for path in PATHS}
        with _kept_busy(busy):
            loud = {path: _times(path, busy, idle) for path in PATHS}
    for path, (times, control) in loud.items():
        name = f"{path.rpartition('/')[-1]} beside long calls, p99"
        slow = _p99(times)
        yield Comparison(f"{name}: quiet p50", slow, median(quiet[path]), AIM)
        yield Comparison(f"{name}: an idle server's p99", slow, _p99(control), AIM_BESIDE_IDLE)


@contextmanager
def _kept_busy(connection: HTTPConnection) -> Iterator[None]:
    """Two clients more for that server, each in a process of its own."""
    large = json.dumps(network(1, [310, 310, 2], ["tanh", "sigmoid"], rows=8)).encode()
    others = (("/api/v1/train?steps=100000&every=100", BODY), ("/api/v1/trace", large))
    address = (connection.host, str(connection.port))
    processes = [
        subprocess.Popen([sys.executable, "-c", BUSY, *address, path], stdin=subprocess.PIPE) for path, _ in others
    ]
    try:
        for process, (_, body) in zip(processes, others, strict=True):
            assert process.stdin is not None
            process.stdin.write(body)
            process.stdin.close()
        time.sleep(0.5)
        yield
    finally:
        for process in processes:
            process.terminate()
            process.wait()


def _p99(times: list[float]) -> float:
    return quantiles(times, n=100)[98]


def _times(path: str, *connections: HTTPConnection) -> list[list[float]]:
    """Of each connection the seconds of each request; they are asked in turn, each for a while."""
    times: list[list[float]] = [[] for _ in connections]
    for _ in range(ROUNDS):
        for connection, kept in zip(connections, times, strict=True):
            kept += _times_of(connection, path)
    return times


def _times_of(connection: HTTPConnection, path: str) -> list[float]:
    times: list[float] = []
    end = time.perf_counter() + SECONDS
    while (begin := time.perf_counter()) < end:
        if path == "/health":
            connection.request("GET", path)
            connection.getresponse().read()
        else:
            ask(connection, path)
        times.append(time.perf_counter() - begin)
        time.sleep(PAUSE_SECONDS)
    return times
