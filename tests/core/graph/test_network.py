"""A network's gradients against three oracles: differences, 60 digits, the lecture's equations by hand."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from app.core.graph.activations import ACTIVATIONS
from app.core.graph.costs import COSTS
from app.core.graph.structure import Graph, Node
from app.core.training import iteration
from tests import exact
from tests.helpers import EPSILON, Document, by_id, decode, every_pair, lecture, name_of, network, networks, trace

STEPS = (2e-3, 2e-4, 2e-5, 2e-6)


def rerun(graph: Graph, values: list[Any], index: int, value: Any) -> list[Any]:
    """All values where node `index` has another value, whatever its inputs say."""
    changed = [*values[:index], value, *values[index + 1 :]]
    for node in graph.computed:
        if node.index > index:
            seen = cost_of_outputs(node, changed) if node.inputs[0] == index and node.op and node.op.fused else None
            changed[node.index] = node.compute(changed) if seen is None else seen
    return changed


def cost_of_outputs(node: Node, values: list[Any]) -> Any:
    """A cost of the outputs as they are, where the network's own looks through them at what they were made from."""
    assert node.op is not None
    a, y = (values[index] for index in node.inputs)
    total = COSTS[node.op.name].value(a, y)
    return total / len(a) if "/" in node.op.formula.split("Σ")[0] else total


def corners(graph: Graph, values: list[Any]) -> list[Any]:
    """On which side of its corner every input of a piecewise activation, or of such a cost, lies."""
    kinked = {name for name, row in ACTIVATIONS.items() if row.kink is not None}
    found = [(values[node.inputs[0]] > 0.0).tolist() for node in graph.computed if node.op and node.op.name in kinked]
    a, y = (values[index] for index in graph.loss.inputs)
    bends = {"absolute_error": a - y, "huber": abs(a - y) - 1.0, "hinge": 1.0 - y * a}
    assert graph.loss.op is not None
    held = [values[index] for node in graph.computed if node.op and node.op.name == "l1" for index in node.inputs]
    found += [(array > 0.0).tolist() for array in held]
    return [*found, *[(bend > 0.0).tolist() for name, bend in bends.items() if name == graph.loss.op.name]]


def check_differences(document: Document) -> int:
    """Compare each node's gradient with the slope of C along one random direction.   Returns how many were compared.

    The slope is the five-point difference D(h) = (8 (C₊₁ − C₋₁) − (C₊₂ − C₋₂)) / 12h. Its own error is of order h⁴, so
    that D(2h) − D(h) is 15 times it; where C bends sharply it is still half of it. To this comes rounding: each C is
    right to some roundings of |C| + 1 for each layer, and 18/12h of them enter D. The step is shortened until no input
    of a piecewise activation crosses its corner and no output leaves the domain of the cost.
    """
    run = iteration.trace(decode(document))
    rng = np.random.default_rng(5)
    compared = 0
    for node in run.graph.nodes[:-1]:
        value, gradient = run.values[node.index], run.backward.gradients[node.index]
        direction = rng.uniform(-1.0, 1.0, value.shape)
        sides = corners(run.graph, run.values)

        def along(distance: float, node: Any = node, value: Any = value, direction: Any = direction) -> list[Any]:
            return rerun(run.graph, run.values, node.index, value + distance * direction)

        for h in STEPS:
            with np.errstate(invalid="ignore", divide="ignore"):
                runs = {n: along(n * h) for n in (-4, -2, -1, 1, 2, 4)}
            if any(not math.isfinite(values[-1]) or corners(run.graph, values) != sides for values in runs.values()):
                continue
            C = {n: float(values[-1]) for n, values in runs.items()}
            near = (8.0 * (C[1] - C[-1]) - (C[2] - C[-2])) / (12.0 * h)
            far = (8.0 * (C[2] - C[-2]) - (C[4] - C[-4])) / (24.0 * h)
            layers = len(document["network"]["layers"])
            rounding = 8.0 * layers * EPSILON * (abs(run.cost) + 1.0) * 1.5 / h
            slope = float((gradient * direction).sum())
            assert abs(slope - near) <= 2.0 * abs(far - near) + rounding, (node.id, h, slope, near)
            compared += 1
            break
    return compared


@pytest.mark.parametrize("document", every_pair(), ids=name_of)
def test_every_gradient_is_the_slope_of_the_cost(document: Document) -> None:
    assert check_differences(document) == len(trace(document)["nodes"]) - 1


@given(networks())
def test_every_gradient_is_the_slope_of_the_cost_at_random(document: Document) -> None:
    assert check_differences(document) >= 2


@given(networks(most_layers=4, most_width=5, most_rows=4))
def test_every_number_is_the_oracles(document: Document) -> None:
    nodes = by_id(trace(document))
    values, gradients = exact.network(document, {id: it["value"] for id, it in nodes.items() if id[0] == "k"})
    assert values.keys() == gradients.keys() == nodes.keys()
    for id, value in values.items():
        np.testing.assert_allclose(nodes[id]["value"], exact.nearests(value), rtol=1e-12, atol=1e-13, err_msg=id)
    for id, exactly in gradients.items():
        # Sums may cancel: an entry is right in relation to the largest of its array.
        gradient = exact.nearests(exactly)
        largest = float(np.abs(gradient).max())
        np.testing.assert_allclose(nodes[id]["gradient"], gradient, rtol=1e-11, atol=1e-12 * largest, err_msg=id)


def sigmoid(m: float) -> float:
    return 1.0 / (1.0 + math.exp(-m))


def test_the_lectures_network_by_hand() -> None:
    """2-3-2: m0 = x·W0, a0 = σ(m0), m1 = a0·W1, a1 = σ(m1), C = ‖a1 − y‖², entry by entry."""
    document = lecture()
    W0, W1 = (layer["weights"] for layer in document["network"]["layers"])
    x, y = document["data"]["x"][0], document["data"]["y"][0]
    a0 = [sigmoid(sum(x[i] * W0[i][j] for i in range(2))) for j in range(3)]
    a1 = [sigmoid(sum(a0[j] * W1[j][k] for j in range(3))) for k in range(2)]
    wrt_m1 = [2.0 * (a1[k] - y[k]) * a1[k] * (1.0 - a1[k]) for k in range(2)]
    wrt_a0 = [sum(wrt_m1[k] * W1[j][k] for k in range(2)) for j in range(3)]
    wrt_m0 = [wrt_a0[j] * a0[j] * (1.0 - a0[j]) for j in range(3)]
    answer = trace(document)
    nodes = by_id(answer)
    assert answer["cost"] == pytest.approx(sum((a1[k] - y[k]) ** 2 for k in range(2)), rel=1e-15)
    for id, expected in {
        "a1": [[2.0 * (a1[k] - y[k]) for k in range(2)]],
        "m1": [wrt_m1],
        "W1": [[a0[j] * wrt_m1[k] for k in range(2)] for j in range(3)],
        "a0": [wrt_a0],
        "m0": [wrt_m0],
        "W0": [[x[i] * wrt_m0[j] for j in range(3)] for i in range(2)],
        "x": [[sum(W0[i][j] * wrt_m0[j] for j in range(3)) for i in range(2)]],
        "y": [[2.0 * (y[k] - a1[k]) for k in range(2)]],
    }.items():
        np.testing.assert_allclose(nodes[id]["gradient"], expected, rtol=1e-14, atol=1e-16, err_msg=id)


def test_the_lectures_chain_rule_in_scalars() -> None:
    """1-1-1: ∂C/∂w0 = ∂C/∂a1 · ∂a1/∂m1 · ∂m1/∂a0 · ∂a0/∂m0 · ∂m0/∂w0, factor by factor."""
    answer = trace(network(3, [1, 1, 1], ["sigmoid", "sigmoid"], bias=False, rows=1))
    local = {(edge["of"], edge["wrt"]): edge["value"][0][0] for edge in answer["partials"]}
    nodes = by_id(answer)
    value = {id: node["value"][0][0] for id, node in nodes.items() if id != "C"}
    assert local["C", "a1"] == pytest.approx(2.0 * (value["a1"] - value["y"]), rel=1e-15)
    assert local["a1", "m1"] == pytest.approx(value["a1"] * (1.0 - value["a1"]), rel=1e-15)
    assert local["m1", "a0"] == value["W1"]
    assert local["m1", "W1"] == value["a0"]
    assert local["m0", "W0"] == value["x"]
    upper = local["C", "a1"] * local["a1", "m1"]
    whole = upper * local["m1", "a0"] * local["a0", "m0"] * local["m0", "W0"]
    assert nodes["W1"]["gradient"][0][0] == pytest.approx(upper * local["m1", "W1"], rel=1e-15)
    assert nodes["W0"]["gradient"][0][0] == pytest.approx(whole, rel=1e-15)
