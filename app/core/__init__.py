"""The mathematics: computational graphs, networks and their training. Needs NumPy and nothing else.

Read it upwards: `ops` says what one operation computes and how a gradient passes back through it; `activations` and
`costs` are the tables of operations; `graph` runs any graph of them forward and backward; `network` builds such a graph
from layers; `program` runs it faster; `optimizers` and `training` turn gradients into the next iteration.

What explains a trace stands on these: `entries` sees single numbers in the tensors, `routes` the ways between them,
`count` counts what they cost, `rerun` computes again with one number changed. `explain` writes a chain rule out,
`slope` draws C over one number, `check` holds every gradient against a difference.
"""

from app.core.heap import keep_freed_memory

keep_freed_memory()
