"""An experiment in other languages: as a NumPy and a PyTorch script, a worked solution in LaTeX, a command for a shell.

All are written from the nodes and edges of the graph. What an operation is called in a language, its row says.
"""
