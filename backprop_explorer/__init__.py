"""Backprop Explorer as an installed tool: `backprop-explorer`, `python -m backprop_explorer`, `explore(model, x, y)`,
`capture(module, x, y, loss)`.

The app and its page stand beside this file in the wheel, and beside its folder in a checkout.
"""

from typing import Any

__all__ = ["capture", "explore"]


def __getattr__(name: str) -> Any:
    """`explore` and `capture`, with NumPy, when they are first asked for: the command needs neither."""
    if name == "explore":
        from backprop_explorer.explored import explore

        return explore
    if name == "capture":
        from backprop_explorer.captured import capture

        return capture
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
