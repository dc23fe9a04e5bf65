"""`python -m tests.bench`: measure all, print one table. A busy machine tells little: look at the load first."""

import os

# As the app itself does: one thread is steadier for matrices of this size.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from tests.bench import neighbours, request, start, step, training
from tests.bench.compare import Comparison

COLUMNS = "{:<46}{:>12}{:>12}{:>8}{:>9}"


def main() -> None:
    """Print a line as soon as it is measured."""
    print(COLUMNS.format("what", "ours", "compared", "ratio", "aim"))
    for part in (step, training, request, neighbours, start):
        for comparison in part.comparisons():
            print(_line(comparison), flush=True)


def _line(it: Comparison) -> str:
    aim = f"{'≥' if it.more_is_better else '≤'} {it.aim}"
    columns = COLUMNS.format(it.name, _seconds(it.ours), _seconds(it.compared), f"{it.ratio:.2f}", aim)
    return columns if it.met else f"{columns}   missed"


def _seconds(seconds: float) -> str:
    return f"{seconds * 1e6:.1f} µs" if seconds < 1e-3 else f"{seconds * 1e3:.2f} ms"


if __name__ == "__main__":
    main()
