"""Computational graphs of arrays: what an operation is, the tables of them, the passes over them."""
