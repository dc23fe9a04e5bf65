"""Training without traces is the same as step by step, bit for bit."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import limits
from app.core.graph.compiled import unrolled
from app.core.training import iteration, train
from app.core.training.optimizers import OPTIMIZERS
from app.core.training.schedules import SCHEDULES
from app.core.training.untraced import learning
from app.documents import encoding, traces
from tests.helpers import Document, copy, decode, network, networks, read, step


def driven(slices: train.Lines) -> tuple[list[train.Line], train.Trained]:
    lines: list[train.Line] = []
    while True:
        try:
            lines += next(slices)
        except StopIteration as end:
            return lines, end.value


def stepped(experiment: iteration.Experiment, steps: int) -> tuple[list[float], iteration.Experiment]:
    costs = []
    for _ in range(steps):
        result = iteration.step(experiment)
        costs.append(result.trace.cost)
        experiment = result.experiment
    return costs, experiment


def assert_same(one: iteration.Experiment, other: iteration.Experiment) -> None:
    assert one.iteration == other.iteration
    for a, b in zip(one.model.parameters, other.model.parameters, strict=True):
        assert a.tobytes() == b.tobytes()
    assert _remembered(one) == _remembered(other)


def _remembered(experiment: iteration.Experiment) -> Any:
    state = experiment.optimizer_state
    return state and {
        parameter: {name: np.asarray(value).tobytes() for name, value in memory.items()}
        for parameter, memory in state.items()
    }


@st.composite
def trainable(draw: st.DrawFn) -> Document:
    document = draw(networks(most_layers=4, most_width=9, most_rows=9))
    name = draw(st.sampled_from(list(OPTIMIZERS)))
    document["optimizer"] = {"name": name, "learning_rate": draw(st.sampled_from([1e-3, 0.1, 3.0]))}
    if name == "momentum":
        document["optimizer"]["nesterov"] = draw(st.booleans())
    rows = len(document["data"]["x"])
    document["batch_size"] = draw(st.none() | st.integers(1, rows))
    document["iteration"] = draw(st.integers(0, 20))
    return document


@given(trainable(), st.integers(1, 25), st.integers(1, 7))
def test_training_is_stepping_bit_for_bit(document: Document, steps: int, every: int) -> None:
    experiment = decode(document)
    costs, expected = stepped(experiment, steps)
    lines, result = driven(train.train(experiment, steps, every))
    assert_same(result.experiment, expected)
    start = experiment.iteration
    shown = {line.iteration: line.cost for line in lines}
    assert list(shown) == [it for it in range(start, start + steps) if it % every == 0 and it <= expected.iteration]
    assert all(np.float64(cost).tobytes() == np.float64(costs[it - start]).tobytes() for it, cost in shown.items())
    final = iteration.step(expected)
    assert result.line.iteration == expected.iteration
    assert np.float64(result.line.cost).tobytes() == np.float64(final.trace.cost).tobytes()


@given(trainable(), st.integers(1, 12), st.integers(1, 12))
def test_saving_in_the_middle_changes_nothing(document: Document, first: int, second: int) -> None:
    """The experiment goes through JSON on its way, as a saved file does."""
    experiment = decode(document)
    _, whole = driven(train.train(experiment, first + second, 1))
    _, half = driven(train.train(experiment, first, 1))
    checked = json.loads(encoding.dumps(traces.experiment(read(document).beside, half.experiment)))
    _, resumed = driven(train.train(decode(checked), second, 1))
    assert_same(resumed.experiment, whole.experiment)


@pytest.mark.parametrize("decay", [None, 0.0, 0.1])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_posts_of_step_go_the_same_way(name: str, decay: float | None) -> None:
    document = network(5, [3, 4, 2], ["tanh", "sigmoid"], rows=5) | {"batch_size": 2}
    document["optimizer"] = {"name": name} | ({} if decay is None else {"weight_decay": decay})
    _, trained = driven(train.train(decode(document), 30, 10))
    for _ in range(30):
        document = step(document)["experiment"]
    assert_same(trained.experiment, decode(document))


@pytest.mark.parametrize("size", [None, 2, 5])
@pytest.mark.parametrize("name", [None, *SCHEDULES])
def test_posts_of_step_go_the_same_way_where_the_rate_falls_and_rows_are_shuffled(name: str | None, size: int) -> None:
    document = network(5, [3, 4, 2], ["tanh", "sigmoid"], rows=5) | {"batch_size": size, "shuffle_seed": 3}
    document["optimizer"] = {"name": "adam", "learning_rate": 0.1}
    document["schedule"] = name and {"name": name, **SCHEDULES[name].fields}
    if name == "step":
        document["schedule"]["every"] = 4
    _, trained = driven(train.train(decode(document), 30, 10))
    for _ in range(30):
        document = step(document)["experiment"]
    assert_same(trained.experiment, decode(document))


def test_a_weight_decay_of_0_is_none_and_goes_unsaid() -> None:
    document = network(5, [3, 4, 2], ["tanh", "sigmoid"], rows=5)
    for name in ("sgd", "momentum", "rmsprop", "adagrad", "adam"):
        plain, zero = ({"optimizer": {"name": name, **more}} for more in ({}, {"weight_decay": 0}))
        assert encoding.dumps(step(document | plain)) == encoding.dumps(step(document | zero))
        assert "weight_decay" not in step(document | zero)["experiment"]["optimizer"]


@pytest.mark.parametrize(("name", "rate"), [("sgd", 1e3), ("momentum", 1e3), ("rmsprop", 1e307), ("adam", 1e308)])
def test_a_run_that_is_lost_ends_at_its_last_finite_iteration(name: str, rate: float) -> None:
    document = network(3, [2, 2], ["identity"], rows=2)
    document["optimizer"] = {"name": name, "learning_rate": rate}
    experiment = decode(document)
    expected = stepped(experiment, 1000)[1]
    lines, result = driven(train.train(experiment, 1000, 1))
    assert result.status == "diverged"
    assert expected.iteration < 1000
    assert_same(result.experiment, expected)
    assert lines[-1].iteration == expected.iteration


def test_what_the_optimizer_remembers_is_lost_before_the_parameters() -> None:
    """A gradient whose square is infinite moves no weight of rmsprop, but cannot be remembered."""
    document = network(3, [1, 1], ["identity"], bias=False, rows=1)
    document["data"] = {"x": [[1e200]], "y": [[0.0]]}
    document["network"]["layers"][0]["weights"] = [[1.0]]
    document["optimizer"] = {"name": "rmsprop", "learning_rate": 0.1}
    answer = step(document)
    assert answer["trace"]["status"] == "diverged"
    assert answer["experiment"]["iteration"] == 0
    assert driven(train.train(decode(document), 5, 1))[1].experiment.iteration == 0


def test_at_the_largest_exact_number_training_no_longer_counts_and_goes_on_as_stepping_does() -> None:
    document = network(5, [3, 4, 2], ["tanh", "sigmoid"], rows=5)
    document |= {"batch_size": 2, "iteration": iteration.LAST_ITERATION - 2}
    experiment = decode(document)
    costs, expected = stepped(experiment, 6)
    lines, result = driven(train.train(experiment, 6, 1))
    assert_same(result.experiment, expected)
    assert [line.cost for line in lines] == costs
    assert [iteration.LAST_ITERATION - line.iteration for line in lines] == [2, 1, 0, 0, 0, 0]
    assert result.line.iteration == iteration.LAST_ITERATION == limits.ITERATION


def test_many_steps_come_in_slices() -> None:
    document = network(3, [64, 64, 2], ["tanh", "softmax"], rows=64)
    slices = list(train.train(decode(document), 100, 10))
    assert len(slices) > 10
    assert [line.iteration for lines in slices for line in lines] == list(range(0, 100, 10))


@given(networks(most_layers=4, most_width=9, most_rows=9))
def test_learning_is_the_unrolled_pass_bit_for_bit(document: Document) -> None:
    experiment = decode(copy(document))
    graph = experiment.graph
    gradients = [np.empty_like(array) for array in experiment.model.parameters]
    run = learning(graph, experiment.model.parameters, gradients, experiment.constants)
    values, backward = unrolled(graph)(*experiment.leaves(experiment.x, experiment.y))
    for _ in range(2):  # what the first call left behind must not matter
        assert np.asarray(run(experiment.x, experiment.y, True)).tobytes() == np.asarray(values[-1]).tobytes()
        for node, gradient in zip(graph.parameters, gradients, strict=True):
            assert gradient.tobytes() == np.ascontiguousarray(backward.gradients[node.index]).tobytes()
    assert run(experiment.x, experiment.y, False) is None
