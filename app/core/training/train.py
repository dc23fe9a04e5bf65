"""Many iterations without traces: the numbers of `iteration.step`, bit for bit, at a fraction of its time.

All parameters lie one after another in one long vector, and their gradients in another, so that an optimizer's rule
is worked out once an iteration, whatever the number of layers. Only now and then does one look whether all is finite:
a number that was lost stays lost, so the last good iteration is found again by repeating a slice.
"""

from collections.abc import Generator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from app.core.graph import count
from app.core.graph.cache import kept
from app.core.graph.ops import Array, all_finite
from app.core.graph.rerun import PASSES_OF_A_STEP, SLICE_WORK
from app.core.graph.structure import Graph
from app.core.training.iteration import LAST_ITERATION, Experiment, Status, batch, with_parameters
from app.core.training.iteration import trace as trace_of
from app.core.training.optimizers import COUNT, OPTIMIZERS, Memory
from app.core.training.untraced import Pass, learning


class Line(NamedTuple):
    """C at an iteration, before its update."""

    iteration: int
    cost: float


class Trained(NamedTuple):
    """Where training ended: C and the status are those of the experiment's own next trace."""

    line: Line
    status: Status
    experiment: Experiment


Lines = Generator[list[Line], bool | None, Trained]

CALLS_WORK = 10_000  # what it takes to call NumPy for an iteration of any size, in multiplications (see `count.work`)


def work(experiment: Experiment) -> int:
    """About how much there is to do in one iteration (see `count.work`)."""
    return _work(experiment.graph)


@kept(256)
def _work(graph: Graph) -> int:
    return CALLS_WORK + PASSES_OF_A_STEP * count.work(graph, graph.computed)


def train(experiment: Experiment, steps: int, every: int) -> Lines:
    """`steps` iterations, in slices; each yields C at those of its iterations that `every` divides.

    Training ends early where the next update would make a number infinite or NaN, as `iteration.step` does, and where
    True is sent for an answer to some lines.
    """
    learner = Learner(experiment)
    size = max(1, SLICE_WORK // work(experiment))
    left = steps
    while left:
        lines = learner.run(min(left, size), every)
        left -= min(left, size)
        enough = yield lines
        if learner.stopped or enough:
            break
    result = learner.experiment
    trace = trace_of(result)
    status: Status = "diverged" if learner.stopped else trace.status
    return Trained(Line(result.iteration, trace.cost), status, result)


class Learner:
    """An experiment that is trained in place."""

    def __init__(self, experiment: Experiment) -> None:
        self._start = experiment
        self._optimizer = OPTIMIZERS[experiment.optimizer]
        self._rule = self._optimizer.rule(experiment.fields)
        arrays = experiment.model.parameters
        self._names = [node.id for node in experiment.graph.parameters]
        self._parameters = _flat(arrays)
        self._gradients = np.zeros_like(self._parameters)
        self._memory = self._gathered(experiment.optimizer_state)
        self._passes: dict[int, Pass] = {}
        self._constants: tuple[Array, ...] = ()
        self._batches: dict[int, tuple[tuple[Array, ...], Pass]] = {}
        self.iteration = experiment.iteration
        self.stopped = False

    def run(self, steps: int, every: int) -> list[Line]:
        """So many iterations, or as many as stay finite; then `stopped` is set."""
        with np.errstate(all="ignore"):
            before = self._saved()
            lines = self._run(steps, every)
            if not self._is_finite():
                self._restore(before)
                lines = self._run_with_care(every)
                self.stopped = True
        return lines

    def _run(self, steps: int, every: int) -> list[Line]:
        lines: list[Line] = []
        parameters, gradients, memory, rule = self._parameters, self._gradients, self._memory, self._rule
        batched, scheduled = self._start.batch_size is not None, self._start.schedule is not None
        dropping = self._start.dropout_seed is not None
        data, run = self._batch(self.iteration)
        for iteration in self._numbers(steps):
            if batched:
                data, run = self._batch(iteration)
            if dropping:
                self._drop(iteration)
            if scheduled:
                rule = self._optimizer.rule(self._start._replace(iteration=iteration).rule_fields)
            wanted = iteration % every == 0
            cost = run(*data, wanted)
            delta, memory, _ = rule(gradients, memory, parameters)
            parameters += delta
            if wanted:
                lines.append(Line(iteration, float(cost)))
        self.iteration = min(self.iteration + steps, LAST_ITERATION)
        self._memory = memory
        return lines

    def _numbers(self, steps: int) -> Sequence[int]:
        """Those of the next iterations."""
        numbers = range(self.iteration, self.iteration + steps)
        if numbers[-1] <= LAST_ITERATION:
            return numbers
        return [min(number, LAST_ITERATION) for number in numbers]

    def _run_with_care(self, every: int) -> list[Line]:
        """Up to the last iteration whose update is finite, and the line of the one that is not."""
        lines: list[Line] = []
        while True:
            before = self._saved()
            lines += self._run(1, every)
            if not self._is_finite():
                self._restore(before)
                return lines

    def _saved(self) -> tuple[int, Array, Memory | None]:
        return self.iteration, self._parameters.copy(), self._memory

    def _restore(self, saved: tuple[int, Array, Memory | None]) -> None:
        self.iteration, self._parameters[...], self._memory = saved

    def _batch(self, iteration: int) -> tuple[tuple[Array, ...], Pass]:
        """The rows of an iteration and the pass over so many; the same rows come round again."""
        size, rows = self._start.batch_size, self._start.rows
        first = iteration * size % rows if size else 0
        found = self._batches.get(first)
        if found is None:
            x, y = batch(self._start._replace(iteration=iteration))
            found = self._start.model.data(x, y), self._pass(1 if x is None else len(x))
            if self._start.shuffle_seed is None:  # another order never comes again
                self._batches[first] = found
        return found

    def _pass(self, examples: int) -> Pass:
        if examples not in self._passes:
            model = self._start.model
            views = self._split(self._parameters), self._split(self._gradients)
            self._constants = self._start.constants
            self._passes[examples] = learning(model.graph(examples), *views, self._constants)
        return self._passes[examples]

    def _drop(self, iteration: int) -> None:
        """Draw the masks of that iteration into those that the pass reads."""
        for mask, drawn in zip(self._constants, self._start._replace(iteration=iteration).constants, strict=True):
            mask[...] = drawn

    def _is_finite(self) -> bool:
        arrays = [value for name, value in (self._memory or {}).items() if name != COUNT]
        return all_finite(self._parameters, *arrays)

    @property
    def experiment(self) -> Experiment:
        """Where training stands."""
        model = with_parameters(self._start.model, [array.copy() for array in self._split(self._parameters)])
        return self._start._replace(model=model, iteration=self.iteration, optimizer_state=self._scattered())

    def _split(self, flat: Array) -> list[Array]:
        """The arrays of all parameters, as views into one long vector."""
        views: list[Array] = []
        start = 0
        for array in self._start.model.parameters:
            views.append(flat[start : start + array.size].reshape(array.shape))
            start += array.size
        return views

    def _gathered(self, state: Mapping[str, Memory] | None) -> Memory | None:
        """What is remembered of each parameter, as of one long vector. The counts of all are the same."""
        if state is None:
            return None
        memories = [state[name] for name in self._names]
        return {
            name: memories[0][name] if name == COUNT else _flat([memory[name] for memory in memories])
            for name in self._optimizer.keeps
        }

    def _scattered(self) -> dict[str, Memory] | None:
        if self._memory is None:
            return None
        whole: dict[str, Memory] = {name: {} for name in self._names}
        for key, value in self._memory.items():
            parts: Sequence[Any] = [value] * len(self._names) if key == COUNT else self._split(value)
            for name, part in zip(self._names, parts, strict=True):
                whole[name] = {**whole[name], key: part}
        return whole


def _flat(arrays: Sequence[Array]) -> Array:
    return np.concatenate([array.ravel() for array in arrays])
