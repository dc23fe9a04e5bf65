"""What a small request waits while others keep the same process busy, as a ratio to a quiet server.

One client trains 100,000 iterations, again and again; another asks for a trace of 100,000 parameters, again and again.
The third asks for /health and for the lecture's trace: 99 of 100 answers come within so many times the quiet median.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from statistics import quantiles

from tests.bench.compare import Comparison
from tests.bench.request import BODY, ask, connected
from tests.helpers import network

AIM = 5.0
SECONDS = 3.0
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
    large = json.dumps(network(1, [310, 310, 2], ["tanh", "sigmoid"], rows=8)).encode()
    with connected(0) as connection:
        quiet = {path: _times(connection, path) for path in ("/health", "/api/v1/trace")}
        others = [("/api/v1/train?steps=100000&every=100", BODY), ("/api/v1/trace", large)]
        address = [str(connection.host), str(connection.port)]
        processes = [
            subprocess.Popen([sys.executable, "-c", BUSY, *address, path], stdin=subprocess.PIPE) for path, _ in others
        ]
        for process, (_, body) in zip(processes, others, strict=True):
            assert process.stdin is not None
            process.stdin.write(body)
            process.stdin.close()
        time.sleep(0.5)
        loud = {path: _times(connection, path) for path in quiet}
        for process in processes:
            process.terminate()
            process.wait()
    for path, times in loud.items():
        slow, median = quantiles(times, n=100)[98], quantiles(quiet[path], n=2)[0]
        yield Comparison(f"{path} beside long calls, p99: quiet p50", slow, median, AIM)


def _times(connection: HTTPConnection, path: str) -> list[float]:
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
