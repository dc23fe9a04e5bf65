"""Costs behind their activations and from logits against the oracle, where sigmoid and softmax have long rounded off.

C and every gradient must be right to 1e-12 of what it is a sum of: of its terms' sizes where terms of both signs meet
(σ(m) − y, a sum over rows), of itself where there is one term. What is beyond all doubles must be infinite.
"""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.core.training import train
from app.documents import encoding, traces
from tests import exact
from tests.exact import Number, Row, Rows
from tests.helpers import Document, by_id, copy, network, read, step, trace

CASES = Path(__file__).parents[2] / "cases"
RELATIVE = 1e-12
ABSOLUTE = 1e-315  # smallest doubles lose digits, and weights of 1000 come on top
LARGEST = exact.number(np.finfo(np.float64).max)

PAIRS = [
    ("sigmoid", "binary_cross_entropy"),
    ("softmax", "cross_entropy"),
    ("identity", "binary_cross_entropy_from_logits"),
    ("identity", "cross_entropy_from_logits"),
    ("softmax", "kl_divergence"),
]
MIXED = {"softmax", "cross_entropy_from_logits"}  # an output depends on all pre-activations of its row


def close(actual: float, right: Number, size: Number | None = None) -> bool:
    """Whether they agree to 1e-12 of `size`, which is that of `right` unless it is given."""
    tolerance = RELATIVE * (abs(right) if size is None else size) + ABSOLUTE
    if math.isinf(actual):
        return bool(exact.number(math.copysign(1.0, actual)) * right > LARGEST - tolerance)
    return bool(abs(exact.number(actual) - right) <= tolerance)  # false for NaN


# --- how large the terms are that a gradient is a sum of -----------------------------------------------------------


def sizes(document: Document, right: exact.Network) -> dict[str, Any]:
    """By node of which the gradient is a sum: the sum of its terms' absolute values, carried on to the nodes before."""
    layers = document["network"]["layers"]
    last = len(layers) - 1
    m, y = right.values[f"m{last}"], right.values["y"]
    scale = exact.number(1) / (len(m) if document["network"]["reduction"] == "mean" else 1)
    mixed = bool(MIXED & {layers[last]["activation"], document["network"]["cost"]})
    upstream = [
        [scale * size for size in (_of_softmax if mixed else _of_sigmoid)(*rows)] for rows in zip(m, y, strict=True)
    ]
    found: dict[str, Any] = {}
    if layers[last]["activation"] == "identity":
        found[f"a{last}"] = upstream
    elif not mixed:
        found[f"a{last}"] = [[scale * size for size in _of_quotients(*rows)] for rows in zip(m, y, strict=True)]
    for number in reversed(range(len(layers))):
        found[f"m{number}"] = upstream
        found[f"W{number}"] = _product(_turned(right.values[f"a{number - 1}" if number else "x"]), upstream)
        found[f"b{number}"] = [sum(column) for column in _turned(upstream)]
        before = found[f"a{number - 1}" if number else "x"] = _product(upstream, _turned(right.values[f"W{number}"]))
        if number:
            layer = layers[number - 1]
            options = {"slope": layer["slope"]} if "slope" in layer else {}
            slopes = [
                [exact.derivative(layer["activation"], entry, **options) for entry in row]
                for row in right.values[f"m{number - 1}"]
            ]
            upstream = [[one * s for one, s in zip(*rows, strict=True)] for rows in zip(before, slopes, strict=True)]
    return found


def _of_sigmoid(m: Row, y: Row) -> Row:
    return [
        abs(1 - t) * exact.activation("sigmoid", one) + abs(t) * exact.activation("sigmoid", -one)
        for one, t in zip(m, y, strict=True)
    ]


def _of_softmax(m: Row, y: Row) -> Row:
    outputs, rests, whole = exact.softmax(m), exact.softmax_rest(m), sum(map(abs, y))
    return [p * (whole - abs(t)) + abs(t) * rest for p, rest, t in zip(outputs, rests, y, strict=True)]


def _of_quotients(m: Row, y: Row) -> Row:
    return [
        abs(1 - t) / exact.activation("sigmoid", -one) + abs(t) / exact.activation("sigmoid", one)
        for one, t in zip(m, y, strict=True)
    ]


def _product(one: Rows, other: Rows) -> Rows:
    return [[sum(abs(a * b) for a, b in zip(row, column, strict=True)) for column in _turned(other)] for row in one]


def _turned(rows: Rows) -> Rows:
    return [list(column) for column in zip(*rows, strict=True)]


# --- the app beside the oracle ---------------------------------------------------------------------------------------


def faults(document: Document) -> list[str]:
    """What of the answer to /trace is wrong: C, every gradient, the status, any NaN."""
    answer, right = trace(document), exact.network(document)
    nodes = by_id(answer)
    terms = sizes(document, right)
    found = [] if answer["status"] == "ok" else [f"status is {answer['status']}"]
    if "NaN" in encoding.dumps(answer).decode():
        found.append("a NaN in the answer")
    if not close(float(answer["cost"]), right.values["C"]):
        found.append(_told("C", float(answer["cost"]), right.values["C"], None))
    assert set(right.gradients) == set(nodes)
    for id, gradient in right.gradients.items():
        for place, actual, expected, size in _entries(nodes[id]["gradient"], gradient, terms.get(id)):
            if not close(actual, expected, size):
                found.append(_told(f"∂C/∂{id}{place}", actual, expected, size))
    return found


def _entries(actual: Any, right: Any, size: Any, place: str = "") -> Iterator[tuple[str, float, Number, Number | None]]:
    if not isinstance(right, list):
        yield place, float(actual), right, size
        return
    assert len(actual) == len(right)
    for i, entry in enumerate(right):
        yield from _entries(actual[i], entry, None if size is None else size[i], f"{place}[{i}]")


def _told(name: str, actual: float, right: Number, size: Number | None) -> str:
    off = abs(exact.number(actual) - right) / (abs(right) if size is None else size or 1)
    return f"{name} is {actual!r}, not {float(right)!r}: {float(off):.2g} of its terms"


def exact_costs(document: Document, steps: int) -> Row:
    """C at iterations 0 … steps under plain sgd, whose rule is the oracle's own."""
    document = copy(document)
    fields = {"learning_rate": document["optimizer"]["learning_rate"]}
    costs = []
    for _ in range(steps + 1):
        run = exact.network(document)
        costs.append(run.values["C"])
        for number, layer in enumerate(document["network"]["layers"]):
            moved = _moved(run.values[f"W{number}"], run.gradients[f"W{number}"], fields)
            layer["weights"] = moved
            if layer["bias"] is not None:
                layer["bias"] = _moved(run.values[f"b{number}"], run.gradients[f"b{number}"], fields)
    return costs


def _moved(value: Any, gradient: Any, fields: dict[str, float]) -> Any:
    if isinstance(value, list):
        return [_moved(*pair, fields) for pair in zip(value, gradient, strict=True)]
    return value + exact.update("sgd", fields, gradient).delta


def trained(document: Document, steps: int) -> tuple[list[float], Document]:
    """C at iterations 0 … steps as /train gives it, and the trace at the end."""
    beside, experiment = read(document)
    slices = train.train(experiment, steps, 1)
    costs: list[float] = []
    while True:
        try:
            costs += [float(line.cost) for line in next(slices)]
        except StopIteration as end:
            answer = json.loads(encoding.dumps(traces.trained(beside, end.value)))
            assert (answer["iteration"], answer["status"]) == (steps, "ok")
            return [*costs, answer["cost"]], trace(answer["experiment"])


# --- the four cases --------------------------------------------------------------------------------------------------


def case(name: str) -> Document:
    document: Document = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
    return document


def test_a_saturated_sigmoid_keeps_its_cost() -> None:
    document = case("bce_saturated_40")
    assert faults(document) == []
    answer = trace(document)
    nodes = by_id(answer)
    assert answer["cost"] == 40.0
    assert nodes["m0"]["gradient"][0] == pytest.approx([1.0], rel=RELATIVE)
    assert nodes["W0"]["gradient"][0] == pytest.approx([40.0], rel=RELATIVE)
    assert answer["warnings"] == []
    costs, _ = trained(document, 1)
    assert all(map(close, costs, exact_costs(document, 1)))


def test_features_that_nobody_has_scaled_are_learned() -> None:
    document = case("raw_features_logistic")
    costs, answer = trained(document, 200)
    assert costs[:5] == pytest.approx([0.6931471806, 8.0098577603, 44.4952073055, 24.0296106, 17.3870719], rel=1e-8)
    assert costs[200] == pytest.approx(1.272e-6, rel=1e-3)
    a, y = (np.array(by_id(answer)[id]["value"]) for id in ("a0", "y"))
    assert ((a > 0.5) == (y > 0.5)).all()
    right = exact_costs(document, 200)
    off = [float(abs(exact.number(one) - other) / other) for one, other in zip(costs, right, strict=True)]
    assert max(off) < 1e-9, f"at iteration {off.index(max(off))}"
    assert faults(document) == []


def test_a_square_matrix_is_read_the_way_it_is_said_to_be_written() -> None:
    document = case("orientation_square_as_printed")
    assert trace(document)["cost"] == pytest.approx(0.4401911384, rel=1e-9)
    document["network"]["layers"][0]["orientation"] = "in_out"
    assert trace(document)["cost"] == pytest.approx(0.4401911384, rel=1e-9)
    document["network"]["layers"][0]["orientation"] = "out_in"
    answer = step(document)
    assert answer["trace"]["cost"] == pytest.approx(0.4349584369, rel=1e-9)
    nodes = by_id(answer["trace"])
    assert nodes["m0"]["value"] == [[0.1, 0.3]]
    assert nodes["W0"]["value"] == [[0.1, 0.3], [0.2, 0.4]]
    layer = answer["experiment"]["network"]["layers"][0]
    assert "orientation" not in layer
    assert np.array(layer["weights"]).shape == (2, 2)


def test_all_matrices_as_others_print_them_are_read_so_where_it_is_said() -> None:
    document = network(7, [3, 4, 2], ["tanh", "sigmoid"], rows=5)
    turned = copy(document)
    for layer in turned["network"]["layers"]:
        layer |= {"weights": np.transpose(layer["weights"]).tolist(), "orientation": "out_in"}
    assert trace(turned) == trace(document)
    assert step(turned)["experiment"] == step(document)["experiment"]


def test_a_target_that_is_no_probability_is_told() -> None:
    document = case("bce_target_two")
    answer = trace(document)
    assert answer["cost"] == pytest.approx(-1.2985867, rel=1e-7)
    assert faults(document) == []
    assert answer["warnings"][0]["pointer"] == "/data/y/0/0"
    assert "lie in 0 … 1" in answer["warnings"][0]["detail"]


def test_a_target_that_sigmoid_never_reaches_is_told() -> None:
    document = case("sigmoid_target_two")
    answer, right = trace(document), exact.network(document)
    assert close(answer["cost"], right.values["C"])
    for id, gradient in right.gradients.items():
        for place, actual, expected, _ in _entries(by_id(answer)[id]["gradient"], gradient, None):
            assert close(actual, expected), f"∂C/∂{id}{place}"
    assert answer["warnings"][0]["pointer"] == "/data/y/0/0"
    assert "never reaches" in answer["warnings"][0]["detail"]
    costs, _ = trained(document, 100)
    assert all(map(close, costs, exact_costs(document, 100)))
    assert 0.5 < costs[100] < 0.51


# --- random networks, whose numbers are short enough that m is exact or nearly so -------------------------------------

HIDDEN = [None, None, "relu", "leaky_relu", "tanh", "sigmoid"]
SPREADS = [1000.0, 1000.0, 300.0, 40.0, 4.0]


def random_network(activation: str, cost: str, seed: int) -> Document:
    """One or two layers whose last pre-activations reach to ±1000: whole numbers over 8 and 16.

    Columns of the last weights sum to the spread at most, absolutely, and what comes in lies in −1 … 1.
    """
    rng = np.random.default_rng([seed, len(cost)])
    mixed = bool(MIXED & {activation, cost})
    rows, takes, gives = (int(rng.integers(*bounds)) for bounds in ((1, 4), (1, 4), (2 if mixed else 1, 5)))
    hidden, spread = HIDDEN[seed % len(HIDDEN)], float(rng.choice(SPREADS))
    layers: list[Document] = []
    if hidden is not None:
        between = int(rng.integers(1, 4))
        reach = 1.0 if "relu" in hidden else 4.0
        layers.append(_layer(rng, takes, between, reach, 16.0, hidden))
        takes = between
    layers.append(_layer(rng, takes, gives, spread, 8.0, activation))
    return {
        "network": {"layers": layers, "cost": cost, "reduction": ["mean", "sum"][seed // 7 % 2]},
        "data": {"x": _inputs(rng, rows, len(layers[0]["weights"])), "y": _targets(rng, rows, gives, mixed)},
    }


def _layer(rng: np.random.Generator, takes: int, gives: int, reach: float, parts: float, activation: str) -> Document:
    has_bias = bool(rng.integers(2))
    largest = reach / (takes + has_bias)
    shares = rng.beta(0.2, 0.2, (takes + 1, gives))  # most lie near an end
    numbers = np.trunc((2.0 * shares - 1.0) * largest * parts) / parts
    layer: Document = {
        "weights": numbers[:-1].tolist(),
        "bias": numbers[-1].tolist() if has_bias else None,
        "activation": activation,
    }
    return layer | ({"slope": 0.125} if activation == "leaky_relu" else {})


def _inputs(rng: np.random.Generator, rows: int, takes: int) -> Any:
    return rng.choice([-1.0, -0.875, -0.5, 0.0, 0.125, 0.75, 1.0, 1.0], (rows, takes)).tolist()


def _targets(rng: np.random.Generator, rows: int, gives: int, mixed: bool) -> Any:
    hard = rng.integers(2)
    if not mixed:
        return (rng.integers(0, 2, (rows, gives)) if hard else rng.integers(0, 9, (rows, gives)) / 8).tolist()
    if hard:
        return np.eye(gives)[rng.integers(0, gives, rows)].tolist()
    return (rng.multinomial(8, np.full(gives, 1 / gives), rows) / 8).tolist()


@pytest.mark.parametrize(("activation", "cost"), PAIRS)
@pytest.mark.parametrize("tens", range(5))
def test_a_cost_and_its_gradients_are_right_far_out(activation: str, cost: str, tens: int) -> None:
    wrong = {}
    for seed in range(10 * tens, 10 * tens + 10):
        document = random_network(activation, cost, seed)
        if found := faults(document):
            wrong[seed] = found
    assert not wrong


def test_the_random_networks_do_reach_that_far() -> None:
    for activation, cost in PAIRS:
        documents = [random_network(activation, cost, seed) for seed in range(50)]
        m = [np.ravel(by_id(trace(one))[f"m{len(one['network']['layers']) - 1}"]["value"]) for one in documents]
        assert np.concatenate(m).min() < -900.0
        assert np.concatenate(m).max() > 900.0


# --- hard points: one layer, m given entry by entry ------------------------------------------------------------------

# Where sigmoid rounds to 1, where exp leaves the normal doubles and the doubles, where 1/σ(m) does.
TURNS = [
    0.0,
    1e-300,
    2.0**-30,
    1.0,
    36.7368005696771,
    37.0,
    40.0,
    300.0,
    700.0,
    708.396,
    709.782,
    709.79,
    744.44,
    745.2,
]
SHARES = [0.0, 1.0, 0.0, 1.0, 0.5, 0.125]
TINY = [*SHARES, 2.0**-53, 1.0 - 2.0**-53, 1e-300]


def hard_point(activation: str, cost: str, seed: int, rows: int, shares: list[float]) -> Document:
    rng = np.random.default_rng([seed, len(cost), rows])
    mixed = bool(MIXED & {activation, cost})
    shape = (rows, int(rng.integers(2, 5)) if mixed else 1)
    m = rng.choice([*TURNS, 1000.0], shape) * rng.choice([-1.0, 1.0], shape)
    m = np.where(rng.integers(3, size=shape) > 0, m, rng.uniform(-1000.0, 1000.0, shape))
    y = rng.choice(shares, shape)
    if mixed:
        share, one, other = rng.choice(shares, (rows, 1)), *rng.integers(shape[1], size=(2, rows))
        y = (1.0 - share) * np.eye(shape[1])[one] + share * np.eye(shape[1])[other]
    return layer_of(activation, cost, m.tolist(), y.tolist())


def layer_of(activation: str, cost: str, m: list[list[float]], y: list[list[float]]) -> Document:
    """Weights that are the pre-activations: every row picks its own."""
    return {
        "network": {
            "layers": [{"weights": m, "bias": None, "activation": activation}],
            "cost": cost,
            "reduction": "mean",
        },
        "data": {"x": np.eye(len(m)).tolist(), "y": y},
    }


@pytest.mark.parametrize(("activation", "cost"), PAIRS)
def test_hard_points(activation: str, cost: str) -> None:
    wrong = {}
    for seed in range(200):
        if found := faults(hard_point(activation, cost, seed, 1, SHARES)):
            wrong[seed] = found
    assert not wrong


@pytest.mark.parametrize(("activation", "cost"), PAIRS)
def test_hard_points_with_tiny_targets_and_means(activation: str, cost: str) -> None:
    wrong = {}
    for seed in range(100):
        if found := faults(hard_point(activation, cost, seed, 1 + seed % 3, TINY)):
            wrong[seed] = found
    assert not wrong


@pytest.mark.parametrize(
    ("activation", "cost", "m", "y"),
    [
        ("sigmoid", "binary_cross_entropy", [[-740.0]], [[1e-300]]),  # it was wrong by 0.26 %
        ("sigmoid", "binary_cross_entropy", [[-745.0]], [[1e-300]]),  # it was wrong by 43 %
        ("sigmoid", "binary_cross_entropy", [[-745.2]], [[1e-300]]),  # it was infinite, not −4.3e23
        ("sigmoid", "binary_cross_entropy", [[746.0]], [[1.0 - 2.0**-53]]),  # it was infinite, not 1.07e308
        ("softmax", "cross_entropy", [[0.0, -740.0]], [[1.0, 1e-300]]),  # it was wrong by 0.26 %
        ("softmax", "cross_entropy", [[0.0, -800.0]], [[1.0, 1e-300]]),  # it was infinite, not −2.7e47
        ("sigmoid", "binary_cross_entropy", [[-710.0], [0.0]], [[1.0], [0.0]]),  # it was infinite, not −1.1e308
        (
            "softmax",
            "cross_entropy",
            [[-710.0, 0.0], [0.0, 0.0]],
            [[1.0, 0.0], [1.0, 0.0]],
        ),  # it was infinite, not −1.1e308
    ],
)
def test_the_slope_by_an_output_below_the_normal_doubles(
    activation: str, cost: str, m: list[list[float]], y: list[list[float]]
) -> None:
    assert faults(layer_of(activation, cost, m, y)) == []
