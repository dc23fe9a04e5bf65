"""What has been worked out of a graph, kept for the next request about a network of the same build.

Each cache has a bound of its own, but a network of sixty layers takes forty times as much as one of two. So the nodes
of all graphs that are built are counted, and when they are too many everything that is kept is let go, and begins anew.
That costs nothing where something is found, and a millisecond a network once in thousands.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

NODES = 16_384  # of all graphs built since the last time: some 5 KB each
Function = TypeVar("Function", bound=Callable[..., Any])

_caches: list[Any] = []
_nodes = 0


def kept(most: int) -> Callable[[Function], Function]:
    """Keep the answers to the last so many different calls."""

    def keeping(function: Function) -> Function:
        cache: Any = lru_cache(maxsize=most)(function)
        _caches.append(cache)
        return cache  # type: ignore[no-any-return]

    return keeping


def make_room(nodes: int) -> None:
    """Another graph of so many nodes is about to be kept."""
    global _nodes
    _nodes += nodes
    if _nodes > NODES:
        _nodes = nodes
        let_go()


def let_go() -> None:
    """Keep nothing of what there is."""
    for cache in _caches:
        cache.cache_clear()


def held() -> int:
    """How many answers are kept."""
    return sum(cache.cache_info().currsize for cache in _caches)
