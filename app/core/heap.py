"""Keep the memory of freed arrays, instead of giving it back to the system at the end of every step.

A traced step lets go of all its arrays at once. The C library of Linux then returns their pages, and the next step asks
for the same ones again, each of which the system first fills with zeros: that can take longer than the mathematics.
"""

import ctypes
import sys

_MMAP_THRESHOLD, _TRIM_THRESHOLD = -3, -1  # names of options in malloc.h
_KEPT_BYTES = 128 * 1024 * 1024
_LARGEST_KEPT_BYTES = 32 * 1024 * 1024  # of one array; the C library takes no more


def keep_freed_memory() -> None:
    """Ask the C library, where it is one that can be asked; elsewhere do nothing."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, _LARGEST_KEPT_BYTES)
        mallopt(_TRIM_THRESHOLD, _KEPT_BYTES)
