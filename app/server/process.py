"""A process that only serves: set so that Python's own housekeeping never takes longer than a turn."""

import gc
import sys

from app import limits

# Python looks for cycles each time that so many more objects live, and goes through every number in each young list for
# it: a millisecond or two for the matrices of one long body, which are no cycles.
_OBJECTS = 20_000


def tune() -> None:
    """To be called once, when all is imported: what there is by then is never looked through again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS, 10, 10)
    # How long a thread that computes may keep the others waiting.
    sys.setswitchinterval(limits.TURN_SECONDS)
