"""The cold start, until the app can serve, against importing what it is made of. Whole processes, in turn."""

import subprocess
import sys
from collections.abc import Iterator

from tests.bench.compare import Comparison, in_turn

OURS = "import uvicorn; from app.main import create_app; create_app()"
COMPARED = "import fastapi, numpy, uvicorn"
AIM = 1.15


def run(command: str) -> None:
    subprocess.run([sys.executable, "-c", command], check=True)


def comparisons() -> Iterator[Comparison]:
    times = in_turn(lambda: run(OURS), lambda: run(COMPARED), rounds=11, calls=1)
    yield Comparison("cold start: importing FastAPI, NumPy, uvicorn", *times, AIM)
