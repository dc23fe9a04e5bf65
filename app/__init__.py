"""Backprop Explorer: every number of backpropagation, and where it came from."""

__version__ = "0.1.0"
