"""Two real servers behind the proxy of deploy/haproxy.cfg, on loopback, for tests."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from types import TracebackType

from tests.tools import proxy
from tests.tools.serving import ROOT

CONFIGURATION = ROOT / "deploy" / "haproxy.cfg"
HAPROXY = proxy.find()
START_SECONDS = 20
UNDER_WAY = "http_requests_inprogress "


class Server:
    """One explorer, which can be killed, told to stop, and started again at the same port."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._process = self._started()

    def _started(self) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "app", "--port", str(self.port), "--no-browser", "--grace", "5", "--metrics"]
        environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)

    def under_way(self) -> int:
        """How many requests it has that have not ended, beside the one that asks."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=START_SECONDS) as answer:
            (line,) = [it for it in answer.read().decode().splitlines() if it.startswith(UNDER_WAY)]
        return int(float(line.removeprefix(UNDER_WAY))) - 1

    def end(self, by: signal.Signals) -> None:
        """Send it a signal, and wait until it has ended."""
        self._process.send_signal(by)
        self._process.wait(START_SECONDS)

    def start_again(self) -> None:
        """Come back, empty-handed: there is nothing to remember."""
        self._process = self._started()
        wait_for(self.port)


class Balanced:
    """Two servers and their proxy, while the `with` lasts; `port` is the proxy's."""

    def __init__(self) -> None:
        assert HAPROXY
        self.port, one, two = free_ports(3)
        self.servers = [Server(one), Server(two)]
        where = {
            "BIND": f"127.0.0.1:{self.port}",
            "SERVER_ONE": f"127.0.0.1:{one}",
            "SERVER_TWO": f"127.0.0.1:{two}",
        }
        command = [HAPROXY, "-db", "-q", "-f", str(CONFIGURATION)]
        self._proxy = subprocess.Popen(command, env=os.environ | where, stdout=subprocess.DEVNULL)

    def __enter__(self) -> "Balanced":
        for port in (*(server.port for server in self.servers), self.port):
            wait_for(port)
        return self

    def __exit__(
        self, type: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._proxy.terminate()
        for server in self.servers:
            server.end(signal.SIGKILL)
        self._proxy.wait(START_SECONDS)


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on, all different."""
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [listener.getsockname()[1] for listener in listeners]
    for listener in listeners:
        listener.close()
    return ports


def wait_for(port: int) -> None:
    """Until what listens there is healthy.   Raises: TimeoutError."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2) as answer:
                if json.load(answer)["status"] == "ok":
                    return
        except OSError:  # HTTPError too
            time.sleep(0.05)
    raise TimeoutError(f"nothing healthy at port {port} in {START_SECONDS} s")
