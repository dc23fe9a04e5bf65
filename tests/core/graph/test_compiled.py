"""The straight-line function against the two loops that it stands for."""

import gc
import weakref
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from app.core.graph import cache, compiled, ops
from app.core.graph.compiled import unrolled, unrolled_learning, unrolled_rest
from app.core.graph.network import Architecture, Layer, build
from app.core.graph.structure import Builder, Graph, backward, forward
from tests.graphs import PRODUCT, TOTAL
from tests.helpers import Document, decode, every_pair, name_of, networks


def check_same(graph: Graph, leaves: list[ops.Array]) -> None:
    values = forward(graph, leaves)
    looped = backward(graph, values)
    unrolled_values, straight = unrolled(graph)(*leaves)
    check_alike((values, *looped), (unrolled_values, *straight))
    learning_values, learned = unrolled_learning(graph)(*leaves)
    check_alike((values, *backward(graph, values, graph.edges[: graph.learning])), (learning_values, *learned))
    check_alike(looped, unrolled_rest(graph)(learning_values, learned))


def check_alike(looped: Sequence[list[Any]], straight: Sequence[list[Any]]) -> None:
    for one, other in zip(looped, straight, strict=True):
        assert [bits(array) for array in one] == [bits(array) for array in other]


def bits(array: Any) -> bytes | None:
    return None if array is None else np.asarray(array).tobytes()


def check_network(document: Document) -> None:
    experiment = decode(document)
    graph = experiment.graph
    check_same(graph, list(experiment.leaves(experiment.x, experiment.y)))


@pytest.mark.parametrize("document", every_pair(), ids=name_of)
def test_it_gives_the_numbers_of_the_loops_bit_for_bit(document: Document) -> None:
    check_network(document)


@given(networks())
def test_it_gives_the_numbers_of_the_loops_at_random(document: Document) -> None:
    check_network(document)


def test_it_adds_up_the_gradients_of_a_node_used_twice() -> None:
    """C = Σ (s ⊙ s) ⊙ s: s is reached by three edges, by way of two nodes."""
    builder = Builder()
    builder.leaf("s", "parameter", (2,))
    builder.apply(PRODUCT, "square", ["s", "s"], (2,))
    builder.apply(PRODUCT, "cube", ["square", "s"], (2,))
    builder.apply(TOTAL, "C", ["cube"], ())
    graph = builder.build()
    s = np.array([2.0, -3.0])
    check_same(graph, [s])
    np.testing.assert_array_equal(unrolled(graph)(s)[1].gradients[0], 3.0 * s * s)


def test_a_function_is_freed_with_its_graph_and_waits_for_no_collector() -> None:
    graph = build(Architecture((Layer(7, 7, True, "tanh"),)), 3)
    function = weakref.ref(unrolled(graph))
    gc.disable()
    try:
        cache.let_go()
        assert function() is None
    finally:
        gc.enable()


def test_a_large_graph_is_left_to_the_loops(monkeypatch: pytest.MonkeyPatch) -> None:
    """To compile so many lines takes long, and nobody else is answered until it is done."""
    few = compiled.MOST_NODES // 4
    deep = build(Architecture((Layer(2, 2, True, "tanh"),) * few), 3)
    assert len(deep.nodes) > compiled.MOST_NODES
    monkeypatch.setattr(compiled, "_compiled", pytest.fail)
    numbers = np.random.default_rng(0)
    check_same(deep, [numbers.normal(size=leaf.shape) for leaf in deep.leaves])
