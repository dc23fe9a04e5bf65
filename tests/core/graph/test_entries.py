"""A rule's letters say what its function does."""

from typing import Any

import numpy as np
import pytest

from app.core.graph import ops
from app.core.graph.count import CALL, work
from app.core.graph.entries import above, patterns, spelled
from app.core.graph.structure import Builder
from app.core.training.iteration import trace
from tests.core.graph.test_ops import SHAPES
from tests.helpers import Document, decode, every_pair, name_of, network

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("name", ops.RULES)
def test_letters_are_the_rule(name: str) -> None:
    rule = ops.RULES[name]
    upstream, partial = (RNG.normal(size=shape) for shape in SHAPES[name])
    partial = partial if partial.ndim else np.ones(())  # the one of sum_rows is the number 1
    by_letters = np.einsum(f"{rule.of},{rule.p}->{rule.wrt}", upstream, partial)
    np.testing.assert_allclose(rule.apply(upstream, partial), by_letters, rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("document", every_pair(), ids=name_of)
def test_scalar_edges_make_up_every_contribution(document: Document) -> None:
    run = trace(decode(document))
    for number, (edge, pattern) in enumerate(zip(run.graph.edges, patterns(run.graph), strict=True)):
        gradient, partial = run.backward.gradients[edge.of], run.backward.partials[number]
        made: Any = np.zeros(run.graph.nodes[edge.wrt].shape)
        for entry in np.ndindex(made.shape):
            made[entry] = sum(gradient[up.of] * partial[up.p] for up in above(pattern, entry))
        np.testing.assert_allclose(made, run.backward.contributions[number], rtol=1e-12, atol=1e-14)


def test_a_vector_has_the_last_letters() -> None:
    square = ops.Op(
        "square",
        ("u",),
        "s",
        "{u}²",
        np.square,
        (ops.Partial("u", ops.ELEMENTWISE, "2 · {u}", ("u",), lambda u: 2 * u),),
    )
    total = ops.Op("sum", ("s",), "C", "Σ {s}", np.sum, (ops.Partial("s", ops.ELEMENTWISE, "1", (), 1.0),))
    builder = Builder()
    builder.leaf("u", "parameter", (3,))
    builder.apply(square, "s", ["u"], (3,))
    builder.apply(total, "C", ["s"], ())
    graph = builder.build()
    assert [(it.of, it.wrt, it.p) for it in patterns(graph)] == [("", "c", "c"), ("c", "c", "c")]
    assert work(graph, graph.computed) == 3 + 3 + 2 * CALL + 2 * 20 * 3


@pytest.mark.parametrize(("id", "entry", "text"), [("C", (), "C"), ("b0", (2,), "b0[2]"), ("a1", (0, 1), "a1[0,1]")])
def test_an_entry_is_spelled(id: str, entry: tuple[int, ...], text: str) -> None:
    assert spelled(id, entry) == text


def test_a_linear_layer_takes_a_multiplication_for_each_weight_and_row() -> None:
    graph = trace(decode(network(1, [3, 4], ["identity"], rows=5, bias=True))).graph
    linear = next(node for node in graph.computed if node.id == "m0")
    assert work(graph, (linear,)) == 5 * 3 * 4 + CALL + 20 * 5 * 3
