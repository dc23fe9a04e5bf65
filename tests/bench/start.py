"""The cold start, until the app can serve, against FastAPI with a single route of one number. Whole processes, in turn.

Python keeps what it has compiled, of the app as of the packages, even where the environment says otherwise: a start is
not the first.
"""

import os
import subprocess
import sys
from collections.abc import Iterator

from tests.bench.compare import Comparison, in_turn

OURS = "import uvicorn; from app.main import create_app; create_app()"
COMPARED = """
import fastapi, numpy, uvicorn
async def read(number: int = 0) -> int: return number
fastapi.FastAPI().add_api_route("/", read)
"""
AIM = 1.25


def run(command: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run([sys.executable, "-c", command], check=True, env=environment)


def comparisons() -> Iterator[Comparison]:
    times = in_turn(lambda: run(OURS), lambda: run(COMPARED), rounds=11, calls=1)
    yield Comparison("cold start: FastAPI with one route, NumPy", *times, AIM)
