"""What is kept of graphs: it is found again, it is bounded whatever is asked, and to lose it changes no answer."""

import pytest

from app.core.graph import cache, count, entries
from app.core.graph.compiled import unrolled
from app.core.graph.network import Architecture, Layer, build
from app.core.training import iteration
from app.documents import traces
from tests.helpers import decode, network


def architecture(layers: int, activation: str = "tanh", width: int = 2) -> Architecture:
    return Architecture((Layer(width, width, True, activation),) * layers)


def test_a_network_of_the_same_build_is_found_again() -> None:
    graph = build(architecture(3), 4)
    assert build(architecture(3), 4) is graph
    assert unrolled(graph) is unrolled(graph)
    assert build(architecture(3), 5) is not graph


def test_the_nodes_of_all_that_is_kept_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "NODES", 500)
    cache.let_go()
    most, nodes = 0, 12 * 4 + 3
    for width in range(1, 40):
        graph = build(architecture(12, width=width), 1)
        assert len(graph.nodes) == nodes
        for ask in (unrolled, entries.patterns, count.trace_numbers, traces._structure):
            ask(graph)
        most = max(most, cache.held())
    assert most == 5 * (500 // nodes), "a graph, and four answers about it, for as many graphs as there may be"


def test_one_that_is_larger_than_all_may_be_is_kept_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "NODES", 50)
    large = build(architecture(30), 1)
    assert build(architecture(30), 1) is large
    build(architecture(2), 1)
    assert build(architecture(30), 1) is not large


def test_what_was_let_go_is_worked_out_again_to_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = decode(network(1, [3, 4, 2], ["tanh", "sigmoid"]))
    first = iteration.trace(experiment)
    monkeypatch.setattr(cache, "NODES", 1)
    build(architecture(2), 1)
    again = iteration.trace(experiment)
    assert again.graph is not first.graph
    assert again.cost == first.cost
    for one, other in zip(first.backward.gradients, again.backward.gradients, strict=True):
        assert (one == other).all()
