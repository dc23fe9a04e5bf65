"""The mathematics: computational graphs, networks and their training. Needs NumPy and nothing else.

`graph` stands by itself. Read it upwards: `ops` says what one operation computes and how a gradient passes back through
it; `activations` and `costs` are the tables of operations; `structure` runs any graph of them forward and backward;
`network` builds such a graph from layers; `compiled` runs it faster. `entries` sees single numbers in the tensors,
`count` what routes between them cost, `rerun` computes again with one number changed.

`training` stands on it: `optimizers` and `iteration` turn gradients into the next iteration, `train` does many.

`explaining` stands on both: `chain_rule` writes a chain rule out, `slope` draws C over one number, `check` holds every
gradient against a difference, `observations` are what is to be said of a trace besides its numbers.
"""

from app.core.heap import keep_freed_memory

keep_freed_memory()
