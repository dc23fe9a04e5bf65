"""The chain rule written out, and the multiplications in it, against loops over neurons."""

import contextlib
import json
import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import limits
from app.api import explain as asked
from app.api.queries import ChainOf
from app.core.explaining import chain_rule
from app.core.graph import count, ops
from app.core.graph.entries import Place
from app.core.graph.network import Network, deepened
from app.core.graph.structure import Builder, backward, forward
from app.core.training import iteration
from app.documents import encoding, explanations
from app.documents.problems import Unprocessable
from tests import chains
from tests.graphs import PRODUCT, TOTAL
from tests.helpers import Document, by_id, decode, every_pair, lecture, name_of, network, networks, trace

Number = tuple[str, int | None, int]


def finished(slices: Any) -> Any:
    """The result of a calculation in slices."""
    while True:
        try:
            next(slices)
        except StopIteration as end:
            return end.value


def chain(document: Document, number: Number, max_paths: int = limits.PATHS, fold: str | None = None) -> Document:
    """The answer to /chain, by way of its bytes."""
    parameter, row, column = number
    query = ChainOf.model_construct(parameter=parameter, row=row, column=column, max_paths=max_paths, fold=fold)
    experiment = decode(document)
    run = iteration.trace(experiment)
    place = asked.place(run.graph, query)
    result = finished(chain_rule.chain(run, place, asked.fold(run.graph, place, query)))
    answer: Document = json.loads(encoding.dumps(explanations.chain(experiment, run, place, result)))
    return answer


def check_sum(answer: Document) -> None:
    """Terms of either sign may cancel to almost nothing, so a sum is right in relation to the sum of their sizes."""
    products = [term["product"] for term in answer["terms"]]
    size = math.fsum(map(abs, products))
    assert abs(math.fsum(products) - answer["gradient"]) <= 1e-12 * size
    for term in answer["terms"]:
        assert term["product"] == math.prod(factor["value"] for factor in term["factors"])
        assert term["path"] == [term["factors"][0]["of"], *[factor["wrt"] for factor in term["factors"]]]
        assert all(one["wrt"] == other["of"] for one, other in zip(term["factors"], term["factors"][1:], strict=False))


def check_unfolded(document: Document, number: Number) -> None:
    answer = chain(document, number, fold="C")
    expected = list(chains.routes(document, *number))
    paths = [term["path"] for term in answer["terms"]]
    assert sorted(paths) == sorted(expected)
    assert paths == sorted(paths, key=in_order), "in the order of rows, then of indices"
    assert answer["paths"] == len(expected)
    assert answer["fold"] is None
    check_sum(answer)
    counted = answer["multiplications"]
    assert counted["naive"] == sum(len(term["factors"]) - 1 for term in answer["terms"])
    edges = {(it["of"], it["wrt"]) for term in answer["terms"] for it in term["factors"] if it["of"] != "C"}
    assert counted["cached"] == len(edges)


def places(path: list[str]) -> list[list[int]]:
    """The indices in a path's names."""
    return [json.loads("[" + name.partition("[")[2]) if "[" in name else [] for name in path]


def in_order(path: list[str]) -> tuple[bool, list[list[int]]]:
    """Those by way of the penalty last."""
    return "R" in path, places(path)


@pytest.mark.parametrize("document", every_pair(), ids=name_of)
def test_every_weight_of_every_pair(document: Document) -> None:
    for number in chains.numbers(document):
        check_unfolded(document, number)


@given(networks(most_layers=4, most_width=4, most_rows=3), st.data())
def test_a_random_weight_of_a_random_network(document: Document, data: st.DataObject) -> None:
    number = data.draw(st.sampled_from(list(chains.numbers(document))))
    if chain(document, number)["paths"] <= 600:
        check_unfolded(document, number)


@given(networks(most_layers=5, most_width=6, most_rows=8), st.data())
def test_a_fold_leaves_the_sum(document: Document, data: st.DataObject) -> None:
    number = data.draw(st.sampled_from(list(chains.numbers(document))))
    most = data.draw(st.sampled_from([1, 2, 7, 64, 300]))
    answer = chain(document, number, most)
    assert len(answer["terms"]) <= most
    assert (answer["fold"] is None) == (answer["paths"] <= most)
    check_sum(answer)
    nodes = by_id(trace(document))
    gradient = nodes[number[0]]["gradient"][number[2]] if number[1] is None else None
    assert answer["gradient"] == (gradient if number[1] is None else nodes[number[0]]["gradient"][number[1]][number[2]])
    for fold in [*answer["folds"], number[0]]:
        with contextlib.suppress(Unprocessable):  # too many terms there
            by_hand = chain(document, number, most, fold)
            assert by_hand["fold"] == fold
            assert by_hand["terms"][0]["factors"][0] == by_hand["terms"][0]["factors"][0] | {
                "of": "C",
                "edge": None,
                "rule": None,
                "uses": [],
                "folded": True,
            }
            check_sum(by_hand)


# Which entry of an edge's value stands between two entries: the contract's rules, in indices.
PARTIAL_ENTRY: dict[str, Callable[[list[int], list[int]], list[int]]] = {
    "elementwise": lambda of, wrt: wrt,
    "matmul_right": lambda of, wrt: [wrt[1], of[1]],
    "matmul_left": lambda of, wrt: [of[0], wrt[0]],
    "sum_rows": lambda of, wrt: [],
    "jacobian": lambda of, wrt: [of[0], of[1], wrt[1]],
}


def test_values_are_those_of_the_trace() -> None:
    document = network(4, [3, 4, 3], ["gelu", "softmax"], "cross_entropy", rows=2)
    answer = trace(document)
    edges = {f"{edge['of']}>{edge['wrt']}": edge for edge in answer["partials"]}
    seen = set()
    for number in chains.numbers(document):
        for term in chain(document, number)["terms"]:
            for factor in term["factors"]:
                edge = edges[factor["edge"]]
                assert (factor["rule"], factor["uses"]) == (edge["rule"], edge["uses"])
                of, wrt = places([factor["of"], factor["wrt"]])
                index = PARTIAL_ENTRY[factor["rule"]](of, wrt)
                assert factor["value"] == np.array(edge["value"])[tuple(index)]
                seen.add(factor["rule"])
    assert seen == set(ops.RULES)


@pytest.mark.parametrize(
    ("activation", "number", "formulas"),
    [
        (
            "sigmoid",
            ("W0", 1, 2),
            [
                "∂C/∂a1[0,0] = 1/2 · 2 · (a1[0,0] − y[0,0])",
                "∂a1[0,0]/∂m1[0,0] = a1[0,0] · (1 − a1[0,0])",
                "∂m1[0,0]/∂a0[0,2] = W1[2,0]",
                "∂a0[0,2]/∂m0[0,2] = 1 − a0[0,2]²",
                "∂m0[0,2]/∂W0[1,2] = x[0,1]",
            ],
        ),
        ("sigmoid", ("b1", None, 1), ["∂C/∂a1[0,1]", "∂a1[0,1]/∂m1[0,1]", "∂m1[0,1]/∂b1[1] = 1"]),
        ("softmax", ("b1", None, 0), ["∂C/∂a1[0,0]", "∂a1[0,0]/∂m1[0,0] = a1[0,0] · (1 − a1[0,0])"]),
        ("gelu", ("b1", None, 0), ["∂C/∂a1[0,0]", "∂a1[0,0]/∂m1[0,0] = Φ(m1[0,0]) + m1[0,0] · φ(m1[0,0])"]),
    ],
)
def test_formulas_are_written_in_entries(activation: str, number: Number, formulas: list[str]) -> None:
    factors = chain(network(2, [2, 3, 2], ["tanh", activation], rows=2), number)["terms"][0]["factors"]
    for factor, expected in zip(factors, formulas, strict=False):
        assert factor["formula"].startswith(expected)


def test_softmax_between_two_entries() -> None:
    answer = chain(network(2, [2, 3], ["softmax"], rows=1), ("b0", None, 0))
    assert answer["terms"][2]["factors"][1]["formula"] == "∂a0[0,2]/∂m0[0,0] = −a0[0,2] · a0[0,0]"


@given(networks(most_layers=5, most_width=6, most_rows=4))
def test_a_formula_is_in_the_small_grammar(document: Document) -> None:
    answer = chain(document, ("W0", 0, 0), 64)
    for factor in answer["terms"][-1]["factors"]:
        # The one sum is that of a row's targets, which is the same for every entry.
        assert not set(factor["formula"].replace("Σ y", "")) & set("⊙Σᵀ{}")


def test_where_it_folds() -> None:
    document = network(1, [2, 3, 4, 2], ["tanh"] * 3, rows=1)
    asked = {most: chain(document, ("W0", 0, 0), most)["fold"] for most in (8, 7, 4, 3, 1)}
    # 8 routes, also at a2 and m2; at a1 and m1 there are 4, at a0 and m0 one: of two alike the nearest to C.
    assert asked == {8: None, 7: "a1", 4: "a1", 3: "a0", 1: "a0"}
    assert chain(document, ("W0", 0, 0))["folds"] == ["a2", "m2", "a1", "m1", "a0", "m0"]


def test_of_nodes_that_leave_as_many_terms_the_widest() -> None:
    document = network(1, [2, 3, 5, 1, 3], ["tanh"] * 4, rows=1)
    assert chain(document, ("W0", 0, 0), 5)["fold"] == "a1"  # 5 at a2, of width 1, and 5 at a1


def test_more_examples_than_paths_leave_one_term() -> None:
    answer = chain(network(1, [2, 3, 2], ["tanh", "tanh"], rows=20), ("W0", 1, 2), 16)
    (term,) = answer["terms"]
    assert term["path"] == ["C", "W0[1,2]"]
    assert term["product"] == answer["gradient"]
    assert answer["fold"] == "W0"


def test_too_many_factors_fold_too() -> None:
    document = network(1, [2] * 11 + [1] * 40, ["tanh"] * 50, rows=1)
    answer = chain(document, ("W0", 0, 0))
    assert answer["paths"] == 512
    assert answer["fold"] is None
    deep = network(1, [2] * 13 + [1] * 50, ["tanh"] * 62, rows=1)
    assert sum(len(term["factors"]) for term in chain(deep, ("W0", 0, 0))["terms"]) <= limits.FACTORS
    with pytest.raises(Unprocessable, match=f"factors; {limits.FACTORS} are allowed"):
        chain(deep, ("W0", 0, 0), fold="C")


def test_a_gradient_serves_none_that_are_only_compared() -> None:
    """u decides which of the two is taken, and gets no slope from it."""
    parameters = {"w": [1.5, 0.5], "u": [2.0, -1.0], "v": [3.0, 1.0]}
    document = {"formulas": {"text": "s = where(u > 0, w, v)\nC = s @ w", "parameters": parameters}}
    answer = chain(document, ("w", None, 0))
    assert answer["shared"] == [{"node": "s", "parameters": ["w", "v"], "weights": 4}]


def test_shared_nodes_of_the_lecture() -> None:
    answer = chain(lecture(), ("W0", 0, 1))
    assert answer["shared"] == [
        {"node": "a1", "parameters": ["W0", "W1"], "weights": 12},
        {"node": "m1", "parameters": ["W0", "W1"], "weights": 12},
        {"node": "a0", "parameters": ["W0"], "weights": 6},
        {"node": "m0", "parameters": ["W0"], "weights": 6},
    ]


@given(networks(most_layers=5, most_width=6, most_rows=4), st.data())
def test_the_difference_agrees(document: Document, data: st.DataObject) -> None:
    """Away from corners, to a tolerance that no wrong derivative would meet by chance."""
    if any("relu" in layer["activation"] for layer in document["network"]["layers"]):
        return
    answer = chain(document, data.draw(st.sampled_from(list(chains.numbers(document)))), 1)
    cost = trace(document)["cost"]
    assert abs(answer["numeric"] - answer["gradient"]) <= 1e-6 * (abs(answer["gradient"]) + abs(cost) + 1.0)


# --- multiplications --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("document", every_pair()[:12], ids=name_of)
def test_the_networks_count_is_that_of_its_numbers(document: Document) -> None:
    naive, edges = 0, set()
    for number in chains.numbers(document):
        for path in chains.routes(document, *number):
            naive += len(path) - 2
            edges |= {pair for pair in pairwise(path) if pair[0] != "C"}
    assert chain(document, ("W0", 0, 0))["multiplications"]["network"] == {"naive": naive, "cached": len(edges)}


def test_depths_by_hand() -> None:
    """2-3-2: W1 has 6 routes of 3 factors, W0 6 · 2 of 5. Twice as deep it is 2-3-3-3-2."""
    counted = chain(lecture(), ("W0", 0, 1))["multiplications"]
    assert (counted["naive"], counted["cached"]) == (8, 6)
    once, twice, *_ = counted["depths"]
    assert once == {"layers": 2, "naive": 6 * 2 + 6 * 2 * 4, "cached": 2 + 6 + 6 + 3 + 6}
    # W3: 6 routes of 3; W2: 9 · 2 of 5; W1: 9 · 6 of 7; W0: 6 · 18 of 9.
    naive = 6 * 2 + 18 * 4 + 54 * 6 + 108 * 8
    assert twice == {"layers": 4, "naive": naive, "cached": 2 + 6 + 6 + 2 * (3 + 9 + 9) + 3 + 6}
    assert [depth["layers"] for depth in counted["depths"]] == [2, 4, 6, 8]


def test_depths_stay_within_the_limit() -> None:
    answer = chain(network(1, [2] * 31, ["tanh"] * 30, rows=1), ("W29", 0, 0))
    assert [depth["layers"] for depth in answer["multiplications"]["depths"]] == [30, 60]


@given(networks())
def test_a_deepened_network_fits_together(document: Document) -> None:
    model = decode(document).model
    assert isinstance(model, Network)
    architecture = model.architecture
    assert deepened(architecture, 1) == architecture
    layers = deepened(architecture, 3).layers
    assert len(layers) == 3 * len(architecture.layers)
    assert all(one.outputs == other.inputs for one, other in pairwise(layers))
    assert all(layer.activation != "softmax" for layer in layers[:-1])


def test_numbers_too_large_to_be_exact_are_still_numbers() -> None:
    counted = chain(network(1, [8] * 41, ["tanh"] * 40, rows=2), ("W0", 0, 0))["multiplications"]
    assert counted["naive"] == pytest.approx(2 * 8.0**39 * 80, rel=1e-12)
    assert isinstance(counted["cached"], int)


def test_any_graph_will_do() -> None:
    """C = Σ (u ⊙ u) ⊙ v: two edges to u, no layer, vectors."""
    builder = Builder()
    builder.leaf("u", "parameter", (3,))
    builder.leaf("v", "parameter", (3,))
    builder.apply(PRODUCT, "s", ["u", "u"], (3,))
    builder.apply(PRODUCT, "p", ["s", "v"], (3,))
    builder.apply(TOTAL, "C", ["p"], ())
    graph = builder.build()
    values = forward(graph, (np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0, 6.0])))
    run = iteration.Trace(graph, values, backward(graph, values), float(values[-1]), "ok")
    place = Place(graph.nodes[0], (1,))
    fold = chain_rule.chosen(graph, place, 64, 64)
    answer = finished(chain_rule.chain(run, place, fold))
    assert [term.path for term in answer.terms] == [("C", "p[1]", "s[1]", "u[1]")] * 2
    assert [term.product for term in answer.terms] == [10.0, 10.0]
    assert answer.gradient == 20.0
    assert answer.terms[0].factors[1].formula == "∂p[1]/∂s[1] = v[1]"
    assert count.routes(graph, 0, (1,)).multiplications == (4, 3)
    assert count.whole(graph) == (2 * 3 * 2 + 3, 3 * 2 + 3 + 3)
