"""Backprop Explorer as an installed tool: `backprop-explorer`, `python -m backprop_explorer`, `uvx backprop-explorer`.

The app and its page stand beside this file in the wheel, and beside its folder in a checkout; both are run by `app`.
"""
