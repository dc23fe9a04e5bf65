"""`explore(thing, x, y)`: the page on a model of one's own, in the browser or in a frame of a notebook."""

import atexit
import base64
import html
import json
import os
import re
import subprocess
import sys
import webbrowser
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from backprop_explorer.models import Experiment, experiment_of

_HERE = Path(__file__).resolve().parent
_HOME = _HERE if (_HERE / "app").is_dir() else _HERE.parent
# What a browser and the ways to it take as an address.
MOST_OF_A_LINK = 100_000
# The Python that serves: the one that is installed with the app.
PYTHON = sys.executable
# Whose frames may hold the page: notebooks on this machine.
_NOTEBOOKS = "http://localhost:* http://127.0.0.1:*"
_STOP_SECONDS = 10


class Explored:
    """The page on an experiment: `url` is its address, `experiment` what the API takes. In a notebook it is a frame."""

    def __init__(self, url: str, experiment: Experiment) -> None:
        self.url = url
        self.experiment = experiment

    def __repr__(self) -> str:
        return f"Backprop Explorer at {self.url[:80]}{'…' if len(self.url) > 80 else ''}"

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        return f'<iframe src="{html.escape(self.url)}" width="100%" height="760" title="Backprop Explorer"></iframe>'


def explore(thing: Any, x: Any = None, y: Any = None, *, show: bool = True, **choices: Any) -> Explored:
    """Show the page on a model, arrays or an experiment; see `models.experiment_of` for what that may be.

    A server of this process's own is started where none runs, and ends with the process. Outside of notebooks the page
    opens in the browser, unless `show` is false.   Raises: TypeError, ValueError, in words; RuntimeError where the
    server does not start.
    """
    experiment = experiment_of(thing, x, y, **choices)
    fragment = f"#x=1.{_packed(experiment)}"
    if len(fragment) > MOST_OF_A_LINK:
        raise ValueError(
            f"packed, the experiment has {len(fragment):,} characters, and a link takes {MOST_OF_A_LINK:,}: "
            "take fewer rows of x and y, or save it as JSON and open the file with Share"
        )
    explored = Explored(_server() + fragment, experiment)
    if show and "ipykernel" not in sys.modules:
        webbrowser.open(explored.url)
    return explored


def _packed(experiment: Mapping[str, Any]) -> str:
    """As a link of the page has it: base64url(deflate-raw(JSON))."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = packer.compress(json.dumps(experiment, allow_nan=False).encode()) + packer.flush()
    return base64.urlsafe_b64encode(body).rstrip(b"=").decode()


_running: list[tuple["subprocess.Popen[str]", str]] = []


def _server() -> str:
    """The address of this process's server, which is started where it does not run."""
    if _running and _running[0][0].poll() is None:
        return _running[0][1]
    _running.clear()
    command = [PYTHON, "-m", "app", "--port", "0", "--no-browser", "--frames", _NOTEBOOKS]
    path = os.pathsep.join(filter(None, [str(_HOME), os.environ.get("PYTHONPATH")]))
    process = subprocess.Popen(
        command,
        cwd=_HOME,
        env=os.environ | {"PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    found = re.search(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())
    if not found:
        process.kill()
        raise RuntimeError(f"the server did not start: {' '.join(command)}")
    _running.append((process, found[0]))
    atexit.register(_stop, process)
    return found[0]


def _stop(process: "subprocess.Popen[str]") -> None:
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
    if process.stdout:
        process.stdout.close()
