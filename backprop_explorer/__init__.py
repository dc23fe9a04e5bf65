"""Backprop Explorer as an installed tool: `backprop-explorer`, `python -m backprop_explorer`, `explore(model, x, y)`.

The app and its page stand beside this file in the wheel, and beside its folder in a checkout.
"""

from typing import Any

__all__ = ["explore"]


def __getattr__(name: str) -> Any:
    """`explore`, with NumPy, when it is first asked for: the command needs neither."""
    if name != "explore":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from backprop_explorer.explored import explore

    return explore
