"""The optimizers, a table: how a gradient becomes a change of its parameter. Rules and defaults as in torch.optim.

To add one, add a row. `delta` takes the gradient, what the optimizer remembers of this parameter, and its fields; it
gives the change (to be added to the parameter) and what to remember for the next iteration.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.core.ops import Array


@dataclass(frozen=True, slots=True)
class Optimizer:
    """A row. `fields` are its numbers with their defaults; `formula` is a template in the parameter {w}."""

    name: str
    formula: str
    delta: Callable[[Array, Any, Mapping[str, float]], tuple[Array, Any]]
    fields: Mapping[str, float]
    note: str = ""


ROWS = (
    Optimizer(
        "sgd",
        "{w} ← {w} − α · ∂C/∂{w}",
        lambda gradient, _nothing, fields: (gradient * -fields["learning_rate"], None),
        fields={"learning_rate": 0.001},
        note="Against the slope, by the learning rate α.",
    ),
)

OPTIMIZERS = {row.name: row for row in ROWS}
