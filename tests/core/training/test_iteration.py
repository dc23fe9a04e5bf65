"""Laws of an iteration."""

import numpy as np
import pytest
from hypothesis import given

from app.core.training import iteration
from tests.helpers import EPSILON, Document, by_id, copy, decode, lecture, network, networks, step, trace


def with_rows(rows: int, batch_size: int | None) -> Document:
    return network(7, [2, 3, 1], ["tanh", "identity"], rows=rows) | {"batch_size": batch_size}


@given(networks())
def test_a_small_enough_step_never_raises_the_cost(document: Document) -> None:
    """So short that it changes no parameter by more than 1e-7; C itself is right to some roundings only."""
    document["dropout_seed"] = None  # what the next iteration leaves out would be something else
    gradients = [np.array(node["gradient"]) for node in trace(document)["nodes"] if node["role"] == "parameter"]
    steepest = max(float(np.abs(gradient).max()) for gradient in gradients)
    document["optimizer"]["learning_rate"] = 1e-7 / max(steepest, 1.0)
    before = step(document)
    after = trace(before["experiment"])
    assert after["cost"] <= before["trace"]["cost"] + 64.0 * EPSILON * (abs(before["trace"]["cost"]) + 1.0)


def test_an_update_is_the_lectures_rule() -> None:
    """w ← w − α · ∂C/∂w."""
    document = lecture()
    answer = step(document)
    nodes = by_id(answer["trace"])
    assert [update["parameter"] for update in answer["updates"]] == ["W0", "W1"]
    for update, layer in zip(answer["updates"], answer["experiment"]["network"]["layers"], strict=True):
        assert update["before"] == nodes[update["parameter"]]["value"]
        assert update["gradient"] == nodes[update["parameter"]]["gradient"]
        assert update["delta"] == (-0.5 * np.array(update["gradient"])).tolist()
        assert update["after"] == (np.array(update["before"]) + np.array(update["delta"])).tolist()
        assert update["after"] == layer["weights"]


@given(networks(most_rows=8, most_width=8))
def test_the_trace_of_a_step_is_the_trace(document: Document) -> None:
    assert step(document)["trace"] == trace(document)


@pytest.mark.parametrize("batch_size", [None, 1, 2, 5])
def test_posting_n_times_is_the_loop_bit_for_bit(batch_size: int | None) -> None:
    document = with_rows(5, batch_size)
    looped = decode(document)
    for number in range(12):
        assert document.get("iteration", 0) == number
        document = step(document)["experiment"]
        looped = iteration.step(looped).experiment
    posted = decode(document)
    assert posted.iteration == looped.iteration == 12
    for one, other in zip(posted.model.parameters, looped.model.parameters, strict=True):
        assert one.tobytes() == other.tobytes()


@pytest.mark.parametrize(
    ("batch_size", "iteration", "rows"),
    [
        (None, 3, [0, 1, 2, 3, 4]),
        (2, 0, [0, 1]),
        (2, 1, [2, 3]),
        (2, 2, [4, 0]),
        (2, 5, [0, 1]),
        (5, 9, [0, 1, 2, 3, 4]),
        (3, 2**53 - 1, [(3 * (2**53 - 1) + n) % 5 for n in range(3)]),
    ],
)
def test_a_batch_goes_on_where_the_last_one_ended_and_wraps(
    batch_size: int | None, iteration: int, rows: list[int]
) -> None:
    document = with_rows(5, batch_size) | {"iteration": iteration}
    nodes = by_id(trace(document))
    assert nodes["x"]["value"] == [document["data"]["x"][row] for row in rows]
    assert nodes["y"]["value"] == [document["data"]["y"][row] for row in rows]


def diverging(learning_rate: float) -> Document:
    document = network(3, [2, 2], ["identity"], rows=2)
    document["optimizer"]["learning_rate"] = learning_rate
    return document


def test_a_step_that_would_lose_a_parameter_leaves_the_experiment_as_it_is() -> None:
    document = diverging(1e308)
    document["network"]["layers"][0]["weights"][0][0] = 1e3
    answer = step(document)
    assert answer["trace"]["status"] == "diverged"
    assert answer["experiment"]["iteration"] == 0
    assert answer["experiment"]["network"] == document["network"]
    assert any(isinstance(entry, str) for update in answer["updates"] for entry in np.ravel(update["after"]).tolist())
    assert step(answer["experiment"]) == answer


def test_a_run_that_diverges_stays_one_that_can_be_posted() -> None:
    document = diverging(1e3)
    for _ in range(120):
        answer = step(document)
        document = answer["experiment"]
    assert answer["trace"]["status"] == "diverged"
    assert trace(document)["status"] in ("ok", "diverged")
    assert copy(document) == step(document)["experiment"]


def test_the_iteration_stops_counting_at_the_largest_exact_number() -> None:
    document = with_rows(5, 2) | {"iteration": 2**53 - 1}
    assert step(step(document)["experiment"])["experiment"]["iteration"] == 2**53 - 1


def test_the_same_experiment_gives_the_same_numbers() -> None:
    document = network(9, [64, 64, 64, 2], ["tanh", "gelu", "softmax"], "cross_entropy", rows=33)
    assert step(document) == step(document)


def test_a_step_leaves_out_the_gradients_of_data_and_a_whole_one_does_not() -> None:
    experiment = decode(lecture())
    graph, _, whole, *_ = iteration.trace(experiment)
    part, complete = iteration.step(experiment), iteration.whole_step(experiment)
    data = [node.index for node in graph.nodes if node.role in ("input", "target")]
    assert [index for index, gradient in enumerate(part.trace.backward.gradients) if gradient is None] == data
    assert len(part.trace.backward.partials) == graph.learning == len(graph.edges) - len(data)
    for one, other in zip(complete.trace.backward, whole, strict=True):
        assert [np.asarray(array).tobytes() for array in one] == [np.asarray(array).tobytes() for array in other]
    assert part.experiment.iteration == complete.experiment.iteration
