"""A cost fused with the activation before it: one way for every engine, for the chain rule, for any fold."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.graph.compiled import unrolled
from app.core.graph.structure import backward, forward
from app.core.training import iteration, train
from tests.core.explaining.test_chain_rule import chain
from tests.helpers import Document, by_id, decode, network, step, trace

PAIRS = [("sigmoid", "binary_cross_entropy"), ("softmax", "cross_entropy")]


@st.composite
def extreme(draw: st.DrawFn) -> Document:
    """A network that ends in such a pair, with pre-activations up to some thousands."""
    activation, cost = draw(st.sampled_from(PAIRS))
    widths = [draw(st.integers(1, 3)), draw(st.integers(1, 3)), draw(st.integers(2, 3))]
    rows = draw(st.integers(1, 3))
    document = network(draw(st.integers(0, 999)), widths, ["tanh", activation], cost, rows=rows)
    factor = draw(st.sampled_from([1.0, 30.0, 300.0, 3000.0]))
    last = document["network"]["layers"][1]
    last["weights"] = [[factor * weight for weight in row] for row in last["weights"]]
    if draw(st.booleans()):
        document["data"]["y"] = [[1.0, *[0.0] * (widths[-1] - 1)]] * rows
    return document


@given(extreme())
def test_loops_and_straight_code_mend_alike(document: Document) -> None:
    experiment = decode(document)
    graph = experiment.graph
    leaves = experiment.model.leaves(experiment.x, experiment.y)
    with np.errstate(all="ignore"):
        values = forward(graph, leaves)
        looped = backward(graph, values)
        _, straight = unrolled(graph)(*leaves)
    for one, other in zip(looped.gradients, straight.gradients, strict=True):
        np.testing.assert_array_equal(one, other)


@given(extreme())
def test_training_without_traces_goes_the_same_way(document: Document) -> None:
    stepped = experiment = decode(document)
    for _ in range(5):
        stepped = iteration.step(stepped).experiment
    slices = train.train(experiment, 5, 5)
    try:
        while True:
            next(slices)
    except StopIteration as end:
        trained = end.value.experiment
    for one, other in zip(stepped.model.parameters, trained.model.parameters, strict=True):
        np.testing.assert_array_equal(one, other)


@given(extreme())
def test_the_terms_of_the_chain_rule_sum_to_the_gradient(document: Document) -> None:
    nodes = by_id(trace(document))
    for number, most in ((("W0", 0, 0), 64), (("W1", 0, 1), 64), (("b1", None, 0), 1), (("W0", 0, 0), 1)):
        answer = chain(document, number, most)
        gradient = np.array(nodes[number[0]]["gradient"])[number[2] if number[1] is None else number[1:]]
        products = [term["product"] for term in answer["terms"]]
        size = sum(map(abs, products))
        assert all(math.isfinite(product) for product in products)
        assert math.fsum(products) == pytest.approx(float(gradient), rel=1e-9, abs=1e-12 * size + 1e-300)
        for term in answer["terms"]:
            assert [factor["wrt"] for factor in term["factors"]] == term["path"][1:]
            assert math.prod(factor["value"] for factor in term["factors"]) == term["product"]


def test_the_edge_and_the_cost_say_how_their_numbers_came_to_be() -> None:
    document = network(1, [1, 1], ["sigmoid"], "binary_cross_entropy", bias=False, rows=1)
    document["network"]["layers"][0]["weights"] = [[40.0]]
    document["data"] = {"x": [[1.0]], "y": [[0.0]]}
    answer = step(document)["trace"]
    assert "Computed from m0" in by_id(answer)["C"]["note"]
    said = {(edge["of"], edge["wrt"]): edge["remarks"] for edge in answer["partials"] if edge["remarks"]}
    assert list(said) == [("a0", "m0")]
    document["network"]["layers"][0]["weights"] = [[3.0]]
    assert all(not edge["remarks"] for edge in trace(document)["partials"])
