"""What is to be said of a trace besides its numbers: what cannot be meant, where a has rounded, why it has diverged."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from app.core.explaining.divergence import Divergence, divergence, overflow
from app.core.explaining.rounding import remarks
from app.core.explaining.warnings import Warning, warnings
from app.core.graph.costs import COSTS
from app.core.graph.network import Network
from app.core.graph.ops import Array
from app.core.training.iteration import Experiment, Trace, Update


class Observations(NamedTuple):
    """All of it. `remarks` are by number of an edge; `probabilities` are predictions where the outputs are logits.

    `row_costs` are those of each row alone, before the reduction. Shapes: (B,); probabilities as the outputs, (B, K).
    """

    warnings: Sequence[Warning] = ()
    remarks: Mapping[int, Sequence[str]] = {}
    divergence: Divergence | None = None
    probabilities: Array | None = None
    row_costs: Array | None = None

    @property
    def any(self) -> bool:
        """Whether there is something to say."""
        return bool(self.warnings or self.divergence or self.probabilities is not None or any(self.remarks.values()))


NOTHING = Observations()


def observed(experiment: Experiment, run: Trace, updates: Sequence[Update] = ()) -> Observations:
    """What is to be said of a run of the experiment, and of what its update did."""
    diverged = run.status == "diverged"
    return Observations(
        [*warnings(experiment), *([] if diverged else _beyond(experiment, run))],
        remarks(run),
        divergence(run, updates) if diverged else None,
        _probabilities(run),
        _row_costs(run),
    )


def _beyond(experiment: Experiment, run: Trace) -> Iterator[Warning]:
    """A pre-activation that is infinite though C is not: σ(∞) is 1, but the sum may have been something else."""
    found = overflow(run)
    if found is not None:
        is_network = isinstance(experiment.model, Network)
        pointer = f"/network/layers/{found.node.lstrip('ma')}/weights" if is_network else "/formulas/text"
        yield Warning(pointer, f"{found.detail}. What is computed from it cannot be trusted")


def _probabilities(run: Trace) -> Array | None:
    output = run.graph.loss
    row = COSTS.get(output.op.name) if output.op is not None else None
    predictions = None if row is None else row.probabilities
    if predictions is None or len(run.graph.nodes[output.inputs[0]].shape) != 2:
        return None
    with np.errstate(all="ignore"):
        return predictions(run.values[output.inputs[0]])


def _row_costs(run: Trace) -> Array | None:
    """Σ over them is C, or B · C for the mean, but for a penalty. None where the output is no cost."""
    output, values = run.graph.loss, run.values
    if output.op is None or output.op.by_row is None:
        return None
    reads = [values[index] for index in output.reads]
    if np.ndim(reads[0]) < 2 or len(reads[0]) == 1:
        return np.array([float(values[output.index])])
    with np.errstate(all="ignore"):
        return output.op.by_row(*reads)
