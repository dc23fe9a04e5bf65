"""`python -m tests.bench`: measure all, print one table; `python -m tests.bench step page`: some parts of it.

A busy machine tells little: look at the load first, which is in the first line.
"""

import os

# As the app itself does: one thread is steadier for matrices of this size.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import platform

import numpy as np

from tests.bench import attention, drag, frames, memory, neighbours, page, pytorch, request, start, step, training
from tests.bench.compare import Absent, Comparison, Unit

PARTS = {
    "step": step.comparisons,
    "attention": attention.comparisons,
    "pytorch": pytorch.comparisons,
    "training": training.comparisons,
    "request": request.comparisons,
    "neighbours": neighbours.comparisons,
    "start": start.comparisons,
    "memory": memory.comparisons,
    "page": page.comparisons,
    "frames": frames.comparisons,
    "drag": drag.comparisons,
}
COLUMNS = "{:<56}{:>12}{:>12}{:>8}{:>9}"


def main() -> None:
    """Print a line as soon as it is measured."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure, and print a table of ratios.")
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)} (default: all)")
    parts = parser.parse_args().parts or list(PARTS)
    if unknown := [it for it in parts if it not in PARTS]:
        parser.error(f"there is no part {unknown[0]!r}; there are {', '.join(PARTS)}")
    print(_machine())
    print(COLUMNS.format("what: against what", "ours", "compared", "ratio", "aim"))
    missed = 0
    for part in parts:
        for comparison in PARTS[part]():
            print(line(comparison), flush=True)
            missed += isinstance(comparison, Comparison) and not comparison.met
    print(f"{missed} missed")


def _machine() -> str:
    load = f"; load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{os.cpu_count()} cores, {platform.machine()}, {python}, NumPy {np.__version__}{load}"


def line(it: Comparison | Absent) -> str:
    """A row of the table."""
    if isinstance(it, Absent):
        return f"{it.name}: {it.reason}"
    aim = f"{'≥' if it.more_is_better else '≤'} {it.aim:g}"
    ours, compared = (_quantity(value, it.unit) for value in (it.ours, it.compared))
    ratio = f"{it.ratio:.2f}" if it.ratio >= 0.1 else f"{it.ratio:.3f}"
    columns = COLUMNS.format(it.name, ours, compared, ratio, aim)
    return columns if it.met else f"{columns}   missed"


def _quantity(value: float, unit: Unit) -> str:
    match unit:
        case "bytes":
            return f"{value / 2**20:.1f} MB" if value >= 2**20 else f"{value / 2**10:.1f} KB"
        case "count":
            return f"{value:g}"
        case "seconds":
            return f"{value * 1e6:.1f} µs" if value < 1e-3 else f"{value * 1e3:.2f} ms"


if __name__ == "__main__":
    main()
