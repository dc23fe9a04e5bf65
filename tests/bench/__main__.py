"""`python -m tests.bench`: measure all, print one table. The exit status tells whether every aim is met."""

import os
import sys

# As the app itself does: one thread is steadier for matrices of this size.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from tests.bench import request, start, step
from tests.bench.compare import Comparison

COLUMNS = "{:<44}{:>12}{:>12}{:>8}{:>9}"


def main() -> int:
    """Print a line as soon as it is measured."""
    print(COLUMNS.format("what", "ours", "compared", "ratio", "aim"))
    missed = 0
    for part in (step, request, start):
        for comparison in part.comparisons():
            print(_line(comparison), flush=True)
            missed += not comparison.met
    return 1 if missed else 0


def _line(it: Comparison) -> str:
    aim = f"{'≥' if it.more_is_better else '≤'} {it.aim}"
    return COLUMNS.format(it.name, _seconds(it.ours), _seconds(it.compared), f"{it.ratio:.2f}", aim)


def _seconds(seconds: float) -> str:
    return f"{seconds * 1e6:.1f} µs" if seconds < 1e-3 else f"{seconds * 1e3:.2f} ms"


if __name__ == "__main__":
    sys.exit(main())
