"""Computations written down in lines of Python's own arithmetic, as graphs.

`text` reads the lines and says what is wrong with them; `calls` has every function that a line may call; `program`
makes a graph of them for leaves of given shapes; `spelling` writes a network down in such lines. Nothing of a text is
ever run by Python: it is parsed, and only what is known here is taken.
"""
