"""What is to be said of a trace besides its numbers: what cannot be meant, where a has rounded, why it has diverged."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from app.core.explaining.divergence import Divergence, divergence, overflow
from app.core.explaining.rounding import remarks
from app.core.explaining.warnings import Warning, warnings
from app.core.graph.costs import COSTS
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
        [*warnings(experiment), *([] if diverged else _beyond(run))],
        remarks(run),
        divergence(run, updates) if diverged else None,
        _probabilities(run),
        _row_costs(run),
    )


def _beyond(run: Trace) -> Iterator[Warning]:
    """A pre-activation that is infinite though C is not: σ(∞) is 1, but the sum may have been something else."""
    found = overflow(run)
    if found is not None:
        layer = found.node.lstrip("ma")
        yield Warning(f"/network/layers/{layer}/weights", f"{found.detail}. What is computed from it cannot be trusted")


def _probabilities(run: Trace) -> Array | None:
    output = run.graph.output
    predictions = COSTS[output.op.name].probabilities if output.op is not None else None
    if predictions is None:
        return None
    with np.errstate(all="ignore"):
        return predictions(run.values[output.inputs[0]])


def _row_costs(run: Trace) -> Array:
    """Σ over them is C, or B · C for the mean."""
    output, values = run.graph.output, run.values
    reads = [values[index] for index in output.reads]
    if len(reads[0]) == 1:
        return np.array([run.cost])
    assert output.op is not None
    assert output.op.by_row is not None
    with np.errstate(all="ignore"):
        return output.op.by_row(*reads)
