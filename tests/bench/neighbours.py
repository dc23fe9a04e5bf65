"""What a small request waits while others keep the same process busy: 99 of 100 answers come within a frame, 16 ms.

Two clients train 100,000 iterations, again and again; another asks for a trace of 100,000 parameters, again and again.
The fourth asks for /health and for the lecture's trace.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from statistics import quantiles

from tests.bench.compare import Comparison
from tests.bench.request import BODY, ask, connected
from tests.helpers import network

PATHS = ("/health", "/api/v1/trace")
FRAME_SECONDS = 0.016
SECONDS = 5.0
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
    with connected(0) as connection, _kept_busy(connection):
        for path in PATHS:
            slow = quantiles(_times_of(connection, path), n=100)[98]
            yield Comparison(f"{path.rpartition('/')[-1]} beside long calls, p99: a frame", slow, FRAME_SECONDS, 1.0)


@contextmanager
def _kept_busy(connection: HTTPConnection) -> Iterator[None]:
    """Three clients more for that server, each in a process of its own."""
    large = json.dumps(network(1, [310, 310, 2], ["tanh", "sigmoid"], rows=8)).encode()
    training = ("/api/v1/train?steps=100000&every=100", BODY)
    others = (training, training, ("/api/v1/trace", large))
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
