"""One iteration of training: forward, backward, update. What an experiment is, and what one step makes of it.

`trace` and `step` are pure functions of an `Experiment`: posting the answer's experiment again goes on where it left
off, and any step can be repeated.
"""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Union

import numpy as np

from app.core.graph.compiled import unrolled, unrolled_learning, unrolled_rest
from app.core.graph.network import Network
from app.core.graph.ops import Array, all_finite
from app.core.graph.rules import Indices
from app.core.graph.structure import Backward, Graph
from app.core.training.dropout import masks
from app.core.training.optimizers import COUNT, OPTIMIZERS, Fields, Line, Memory
from app.core.training.rows import batch_rows
from app.core.training.schedules import Schedule

if TYPE_CHECKING:
    from app.core.formulas.program import Formulas

Status = Literal["ok", "diverged"]
LAST_ITERATION = 2**53 - 1  # the largest number that a double tells from the next; there counting stops


Model = Union[Network, "Formulas"]  # the latter's module is read when there are formulas


class Experiment(NamedTuple):
    """Everything a run depends on.   Shapes: x (rows, n_in), y (rows, n_out); both None where formulas have no data.

    `batch_size` None means all rows in every iteration; `shuffle_seed` None, that batches take the rows in order;
    `schedule` None, that the learning rate stays; `dropout_seed` None, that no layer leaves anything out.
    `optimizer_state` is what the optimizer remembers, by parameter.
    """

    model: Model
    x: Array | None
    y: Array | None
    optimizer: str = "sgd"
    fields: Mapping[str, float] = OPTIMIZERS["sgd"].told(OPTIMIZERS["sgd"].fields)
    batch_size: int | None = None
    iteration: int = 0
    optimizer_state: Mapping[str, Memory] | None = None
    schedule: Schedule | None = None
    shuffle_seed: int | None = None
    dropout_seed: int | None = None

    @property
    def constants(self) -> tuple[Array, ...]:
        """The arrays of the leaves of that role: what formulas are given, and the masks of layers that drop."""
        model = self.model
        if isinstance(model, Network) and model.architecture.drops and self.dropout_seed is not None:
            return masks(model.architecture, self.batch_size or self.rows, self.dropout_seed, self.iteration)
        return model.constants

    def leaves(self, x: Array | None, y: Array | None) -> Sequence[Any]:
        """The arrays of the graph's leaves over such rows of this iteration, in their order."""
        model = self.model
        if isinstance(model, Network) and model.architecture.drops:
            return model.leaves(x, y, self.constants)
        return model.leaves(x, y)

    @property
    def rule_fields(self) -> Fields:
        """The optimizer's fields in this iteration: with the learning rate that its schedule has come to."""
        if self.schedule is None:
            return self.fields
        rate = self.schedule.rate(self.fields["learning_rate"], self.iteration)
        return {**self.fields, "learning_rate": rate}

    @property
    def rule_lines(self) -> tuple[Line, ...]:
        """The lines of the rule, the first of which gives the learning rate where it falls."""
        lines = OPTIMIZERS[self.optimizer].lines(self.fields)
        if self.schedule is None:
            return lines
        return self.schedule.line(self.fields["learning_rate"], self.iteration), *lines

    @property
    def rows(self) -> int:
        """How many rows there are; one where there are no data."""
        return 1 if self.x is None else len(self.x)

    @property
    def numbers(self) -> int:
        """How many numbers it has: parameters, constants and data."""
        return sum(array.size for array in self.model.leaves(self.x, self.y))

    @property
    def graph(self) -> Graph:
        """The graph of an iteration's pass."""
        return self.model.graph(self.batch_size or self.rows)


class Trace(NamedTuple):
    """Everything one forward and backward pass computed, by node index (values, gradients) and by edge (the rest)."""

    graph: Graph
    values: list[Any]
    backward: Backward
    cost: float
    status: Status


class Update(NamedTuple):
    """What one iteration does to one parameter: after = before + delta. `values` are its rule's, by name."""

    parameter: str
    before: Array
    gradient: Array
    delta: Array
    after: Array
    values: Mapping[str, Any]


class Step(NamedTuple):
    """One iteration: the trace from before the update (see `step`), the updates, and the experiment that comes next."""

    trace: Trace
    updates: list[Update]
    experiment: Experiment


def batch(experiment: Experiment) -> tuple[Array | None, Array | None]:
    """The rows of this iteration: all, or batch_size of them (see `rows`)."""
    x, y = experiment.x, experiment.y
    if experiment.batch_size is None or x is None or y is None:
        return x, y
    taken = taken_rows(experiment)
    return x[taken], y[taken]


def taken_rows(experiment: Experiment) -> slice | Indices:
    """Which rows of the data this iteration takes."""
    size = experiment.batch_size
    if size is None:
        return slice(None)
    return batch_rows(experiment.rows, size, experiment.iteration, experiment.shuffle_seed)


# The reader is shown what overflows; the server's log need not be.
_quietly = np.errstate(all="ignore")


@_quietly
def trace(experiment: Experiment) -> Trace:
    """Forward and backward over the rows of the experiment's iteration.

    The status is "diverged" where C or a parameter's gradient is infinite or NaN.
    """
    run = _run(experiment)
    gradients = run.backward.gradients
    finite = all_finite(*[gradients[node.index] for node in run.graph.parameters])
    return run if finite else run._replace(status="diverged")


@_quietly
def step(experiment: Experiment) -> Step:
    """Forward, backward, update: w ← w − α · ∂C/∂w (the lecture's rule) for `sgd`, the optimizer's own otherwise.

    Where the update would make a parameter, or what the optimizer remembers, infinite or NaN, the next experiment is
    this one and the status "diverged".

    The trace is all that the iteration needs and makes. Nothing is learned from the gradients of data: those of x and y
    are None in it, and their edges missing, until somebody asks for the `whole_step`.
    """
    return _step(experiment)


@_quietly
def whole_step(experiment: Experiment) -> Step:
    """The same with the whole trace, as `trace` gives it."""
    run, updates, following = _step(experiment)
    graph, values, backward, cost, status = run
    run = _new(Trace, (graph, values, unrolled_rest(graph)(values, backward), cost, status))
    return _new(Step, (run, updates, following))


def _step(experiment: Experiment) -> Step:
    run = _run(experiment, only_learning=True)
    updates, state = _updates(experiment, run)
    parameters = [update[4] for update in updates]  # `after`
    remembered = [] if state is None else [array for memory in state.values() for array in _arrays(memory)]
    # A gradient that is not finite makes `after` not finite too, so this one look covers both.
    if not all_finite(*parameters, *remembered):
        return Step(run._replace(status="diverged"), updates, experiment)
    model, x, y, optimizer, fields, size, iteration, _, *others = experiment
    moved = with_parameters(model, parameters)
    following = _new(
        Experiment, (moved, x, y, optimizer, fields, size, min(iteration + 1, LAST_ITERATION), state, *others)
    )
    return _new(Step, (run, updates, following))


def with_parameters(model: Model, parameters: list[Array]) -> Model:
    """The model with other parameters."""
    if isinstance(model, Network):
        return _new(Network, (model.architecture, tuple(parameters)))
    text, names, program, _, given = model
    return _new(type(model), (text, names, program, tuple(map(np.asarray, parameters)), given))


_new = tuple.__new__  # of a NamedTuple, in half the time that its own name takes


def _run(experiment: Experiment, *, only_learning: bool = False) -> Trace:
    x, y = batch(experiment)
    graph = experiment.model.graph(1 if x is None else len(x))
    leaves = experiment.leaves(x, y)
    values, gradients = (unrolled_learning if only_learning else unrolled)(graph)(*leaves)
    cost = float(values[-1])
    return _new(Trace, (graph, values, gradients, cost, "ok" if math.isfinite(cost) else "diverged"))


def _updates(experiment: Experiment, run: Trace) -> tuple[list[Update], Mapping[str, Memory] | None]:
    rule = OPTIMIZERS[experiment.optimizer].rule(experiment.rule_fields)
    remembered = experiment.optimizer_state or {}
    parameters, gradients = experiment.model.parameters, run.backward.gradients
    updates: list[Update] = []
    state: dict[str, Memory] = {}
    for number, node in enumerate(run.graph.parameters):
        id, before, gradient = node.id, parameters[number], gradients[node.index]
        delta, memory, values = rule(gradient, remembered.get(id), before)
        updates.append(_new(Update, (id, before, gradient, delta, before + delta, values)))
        if memory is not None:
            state[id] = memory
    return updates, state or None


def _arrays(memory: Memory) -> list[Array]:
    """What an optimizer remembers of a parameter, but for the count of its updates."""
    return [value for name, value in memory.items() if name != COUNT]
