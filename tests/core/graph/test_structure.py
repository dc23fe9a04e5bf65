"""Laws of any trace, checked on the answer as a client has it, with the contract's rules and nothing else."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from app.core.graph import ops
from app.core.graph.structure import Builder, backward, forward
from tests.graphs import PRODUCT
from tests.helpers import ALL_RULES, EPSILON, Document, by_id, every_pair, name_of, network, networks, trace


def test_a_product_of_leaves_by_hand() -> None:
    """Any graph will do, not only a network: C = Σ (u ⊙ v)², with both inputs learned."""
    squares = ops.Op(
        "squares",
        ("p",),
        "C",
        "Σ {p}²",
        lambda p: (p * p).sum(),
        (ops.Partial("p", ops.ELEMENTWISE, "2 · {p}", ("p",), lambda p: 2.0 * p),),
    )
    builder = Builder()
    builder.leaf("u", "parameter", (2,))
    builder.leaf("v", "parameter", (2,))
    builder.apply(PRODUCT, "p", ["u", "v"], (2,))
    builder.apply(squares, "C", ["p"], ())
    graph = builder.build()
    u, v = np.array([1.0, 2.0]), np.array([3.0, -1.0])
    values = forward(graph, (u, v))
    gradients = backward(graph, values).gradients
    assert values[-1] == 13.0
    np.testing.assert_array_equal(gradients[0], 2.0 * u * v * v)
    np.testing.assert_array_equal(gradients[1], 2.0 * u * u * v)


def test_gradients_of_a_node_used_twice_add_up() -> None:
    """C = Σ s ⊙ s, by an operation with two inputs that are the same node."""
    dot = replace(PRODUCT, output="C", formula="Σ {u} ⊙ {v}", value=lambda u, v: (u * v).sum())
    builder = Builder()
    builder.leaf("s", "parameter", (3,))
    builder.apply(dot, "C", ["s", "s"], ())
    graph = builder.build()
    s = np.array([1.0, -2.0, 0.5])
    run = backward(graph, forward(graph, (s,)))
    assert len(run.contributions) == 2
    np.testing.assert_array_equal(run.gradients[0], 2.0 * s)


def test_an_id_is_taken_once() -> None:
    builder = Builder()
    builder.leaf("x", "input", (1, 1))
    with pytest.raises(ValueError, match="'x' is in the graph already"):
        builder.leaf("x", "input", (1, 1))


def check_laws(document: Document) -> None:
    answer = trace(document)
    nodes = by_id(answer)
    sums: dict[str, Any] = {}
    for edge in answer["partials"]:
        upstream = np.array(nodes[edge["of"]]["gradient"], dtype=float)
        partial, contribution = (np.array(edge[key], dtype=float) for key in ("value", "contribution"))
        apply = ALL_RULES[edge["rule"]]
        # A sum of n products, in whatever order, is right to n roundings of the sum of their absolute values.
        terms = max(upstream.shape + partial.shape, default=1)
        allowed = terms * EPSILON * apply(np.abs(upstream), np.abs(partial))
        assert np.all(np.abs(contribution - apply(upstream, partial)) <= allowed), (edge["of"], edge["wrt"])
        sums[edge["wrt"]] = sums.get(edge["wrt"], 0.0) + contribution
    assert nodes["C"]["gradient"] == 1
    assert set(sums) == set(nodes) - {"C"}
    for id, total in sums.items():
        node = nodes[id]
        np.testing.assert_array_equal(np.array(node["gradient"]), total, err_msg=id)
        assert np.shape(node["value"]) == np.shape(node["gradient"]) == tuple(node["shape"]), id


@pytest.mark.parametrize("document", every_pair(), ids=name_of)
def test_contributions_are_rules_applied_and_sum_to_gradients(document: Document) -> None:
    check_laws(document)


@given(networks())
def test_contributions_are_rules_applied_and_sum_to_gradients_at_random(document: Document) -> None:
    check_laws(document)


@given(networks(most_rows=4))
def test_nodes_stand_after_their_inputs_and_partials_after_what_they_need(document: Document) -> None:
    answer = trace(document)
    place = {node["id"]: number for number, node in enumerate(answer["nodes"])}
    assert list(place)[-1] == "C"
    for node in answer["nodes"]:
        assert all(place[input] < place[node["id"]] for input in node["inputs"])
        assert (node["role"] == "computed") == (node["op"] is not None) == (node["formula"] is not None)
    complete = {"C"}
    left: dict[str, int] = {}
    for edge in answer["partials"]:
        left[edge["wrt"]] = left.get(edge["wrt"], 0) + 1
    for edge in answer["partials"]:
        assert edge["of"] in complete, "an edge is walked once the gradient of its upper node is whole"
        left[edge["wrt"]] -= 1
        if not left[edge["wrt"]]:
            complete.add(edge["wrt"])


def test_the_walk_begins_as_in_the_contract() -> None:
    answer = trace(network(1, [2, 3, 2], ["sigmoid", "sigmoid"], bias=False, rows=1))
    walk = [(edge["of"], edge["wrt"], edge["rule"]) for edge in answer["partials"]]
    assert walk[:4] == [
        ("C", "a1", "elementwise"),
        ("a1", "m1", "elementwise"),
        ("m1", "W1", "matmul_left"),
        ("m1", "a0", "matmul_right"),
    ]
    assert [node["id"] for node in answer["nodes"]] == ["x", "W0", "m0", "a0", "W1", "m1", "a1", "y", "C"]


@given(networks(most_rows=4, most_width=4))
def test_the_local_partial_of_a_product_is_the_last_node_it_uses(document: Document) -> None:
    answer = trace(document)
    nodes = by_id(answer)
    for edge in answer["partials"]:
        if edge["rule"].startswith("matmul"):
            assert edge["value"] == nodes[edge["uses"][-1]]["value"]


@given(networks(most_layers=4, most_width=5, most_rows=4))
def test_the_letters_say_which_entries_belong_together(document: Document) -> None:
    """contribution[wrt] = Σ g[of] · value[partial]: the whole of a rule, in a sum that knows nothing of it."""
    answer = trace(document)
    nodes = by_id(answer)
    for edge in answer["partials"]:
        letters, of = edge["letters"], nodes[edge["of"]]
        upstream, partial = np.array(of["gradient"], float), np.array(edge["value"], float)
        summed = np.einsum(f"{letters['of']},{letters['partial']}->{letters['wrt']}", upstream, partial)
        np.testing.assert_allclose(edge["contribution"], summed, rtol=1e-11, atol=1e-13)
        assert of["inputs"][edge["slot"]] == edge["wrt"]


def test_two_edges_between_the_same_nodes_are_told_apart_by_their_slots() -> None:
    factors = (
        ops.Partial("u", ops.ELEMENTWISE, "{v}", ("v",), None),
        ops.Partial("v", ops.ELEMENTWISE, "{u}", ("u",), None),
    )
    builder = Builder()
    builder.leaf("s", "parameter", (3,))
    builder.apply(ops.Op("dot", ("u", "v"), "C", "Σ {u} ⊙ {v}", np.vdot, factors), "C", ["s", "s"], ())
    assert [(edge.wrt, edge.slot) for edge in builder.build().edges] == [(0, 0), (0, 1)]
