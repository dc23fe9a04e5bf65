"""A process that only serves, in a process of its own: what is set there stays set."""

import subprocess
import sys

from app import limits

CHILD = """
import gc, sys
from app.main import create_app
create_app()
before = gc.get_freeze_count(), gc.get_threshold(), sys.getswitchinterval()
app = create_app(alone=True)
print(before[0], before[1][0], gc.get_freeze_count() > 10_000, gc.get_threshold()[0], sys.getswitchinterval())
"""


def test_only_an_app_that_is_served_sets_its_process() -> None:
    told = subprocess.run([sys.executable, "-c", CHILD], capture_output=True, text=True, check=True).stdout.split()
    assert told == ["0", "700", "True", "20000", str(limits.TURN_SECONDS)]
