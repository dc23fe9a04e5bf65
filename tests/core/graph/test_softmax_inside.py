"""Softmax between layers, where each entry of a row depends on all of that row."""

import numpy as np
import pytest

from app.core.explaining import chain_rule, check
from app.core.formulas import spelling
from app.core.graph.entries import Place
from app.core.training import iteration, train
from tests.core.formulas.programs import gradient
from tests.core.formulas.test_random import exhausted
from tests.helpers import Document, decode, network

PLACES = [["softmax", "sigmoid"], ["tanh", "softmax", "identity"], ["softmax", "softmax", "softmax"]]


def made(seed: int) -> Document:
    activations = PLACES[seed % len(PLACES)]
    widths = [*[3, 4, 3][: len(activations)], 2]
    return network(seed, widths, activations, "half_squared_error", rows=3, reduction=["mean", "sum"][seed % 2])


@pytest.mark.parametrize("seed", range(9))
def test_every_gradient_is_that_of_a_complex_step(seed: int) -> None:
    experiment = decode(made(seed))
    run = iteration.trace(experiment)
    arrays = experiment.model.leaves(experiment.x, experiment.y)
    leaves = dict(zip([leaf.id for leaf in run.graph.leaves], arrays, strict=True))
    text = "\n".join(spelling.lines(experiment.model))  # type: ignore[arg-type]
    for leaf in run.graph.leaves:
        expected = gradient(text, leaves, leaf.id, "C")
        np.testing.assert_allclose(run.backward.gradients[leaf.index], expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_its_routes_sum_it_is_right_and_it_trains_bit_for_bit(seed: int) -> None:
    experiment = decode(made(seed))
    run = iteration.trace(experiment)
    assert exhausted(check.check(run, None)).verdicts["differs"] == 0
    place = Place(run.graph.parameters[0], (1, 2))
    for most in (1, 4096):
        chain = exhausted(chain_rule.chain(run, place, chain_rule.chosen(run.graph, place, most, 60_000)))
        np.testing.assert_allclose(sum(term.product for term in chain.terms), chain.gradient, rtol=1e-12)
    stepped = experiment
    for _ in range(5):
        stepped = iteration.step(stepped).experiment
    trained = exhausted(train.train(experiment, 5, 1)).experiment
    for one, other in zip(trained.model.parameters, stepped.model.parameters, strict=True):
        assert one.tobytes() == other.tobytes()
