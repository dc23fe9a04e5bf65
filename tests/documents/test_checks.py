"""Well-formed but wrong: for each fault where it is and what is said of it."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from pydantic_core import ErrorDetails

from app import limits
from app.documents import reading
from app.documents.problems import Fault, Unprocessable
from tests.helpers import Document, decode, lecture, network, read
from tests.tools.serving import ROOT

DELETE = object()


def changed(path: str, value: object) -> Document:
    """The lecture's experiment with one place changed, given as a pointer."""
    document = lecture()
    *way, last = [int(part) if part.isdecimal() else part for part in path.split("/")[1:]]
    place: Any = document
    for part in way:
        place = place[part]
    if value is DELETE:
        del place[last]
    else:
        place[last] = value
    return document


ZEROS = [[0.0] * 3] * 2
FAULTS: list[tuple[str, object, str, str]] = [  # where, what, the fault's pointer, what is said
    ("/network", DELETE, "", "network is missing"),
    ("/network/layers/0/weights", DELETE, "", "network.layers[0].weights is missing"),
    ("/network", [], "", "network must be an object, and is a list of 0"),
    ("/network/layers", {}, "", "network.layers must be a list, and is an object"),
    ("/network/layers", [], "", "network.layers is a list of 0"),
    ("/network/layers/1", None, "", "network.layers[1] must be an object, and is null"),
    ("/network/layers/0/wieghts", 1, "", "network.layers[0].wieghts is not a known field"),
    ("/network/layers/0/weights", "[[1]]", "", 'network.layers[0].weights must be a list, and is "[[1]]"'),
    ("/network/layers/0/weights/1", 3, "", "network.layers[0].weights[1] must be a list, and is 3"),
    ("/network/layers/0/weights/1/2", "3", "", 'network.layers[0].weights[1][2] must be a number, and is "3"'),
    ("/network/layers/0/weights/1/2", True, "", "network.layers[0].weights[1][2] must be a number, and is true"),
    ("/network/layers/0/weights/1/2", None, "", "network.layers[0].weights[1][2] must be a number, and is null"),
    ("/network/layers/0/weights/1/2", float("inf"), "", "must be a number within the range of a double"),
    ("/network/layers/0/weights/1/2", 10**400, "", "a number of over 20 digits"),
    (
        "/network/layers/0/weights",
        [],
        "",
        "weights is empty; it needs at least one row and one column",
    ),
    ("/network/layers/0/weights", [[], []], "", "network.layers[0].weights is empty"),
    ("/network/layers/0/weights/1", [0.5], "", "row 1 of network.layers[0].weights has 1 numbers, but row 0 has 3"),
    ("/network/layers/1/weights", ZEROS, "", "layer 1 takes 2 inputs, but layer 0 gives 3"),
    (
        "/network/layers/0/weights",
        [[0.0]] * 1025,
        "",
        "weights has 1025 rows; at most 1024 are allowed",
    ),
    ("/network/layers/1/weights", [[0.0] * 1025] * 3, "", "has 1025 columns; at most 1024 are allowed"),
    ("/network/layers/1/bias", [0.0], "", "the bias of layer 1 has 1 numbers, but the layer has 2 neurons"),
    ("/network/layers/1/bias", 0.0, "", "network.layers[1].bias must be a list, and is 0.0"),
    (
        "/network/layers/0/activation",
        "sigmoit",
        "",
        'activation "sigmoit" is unknown; allowed are identity, sigmoid',
    ),
    ("/network/layers/0/activation", 3, "", "network.layers[0].activation must be text, and is 3"),
    ("/network/layers/0/slope", 0.1, "", "sigmoid has no field slope; it takes none"),
    ("/network/cost", "loss", "", 'cost "loss" is unknown; allowed are squared_error'),
    ("/network/reduction", "max", "", 'reduction "max" is unknown; allowed are mean, sum'),
    ("/network/layers", [{"weights": [[1.0]], "activation": "tanh"}] * 65, "", "network.layers is a list of 65"),
    ("/data", DELETE, "", "data is missing"),
    ("/data/x", [], "", "data.x is empty"),
    ("/data/x/0", [1.0], "/data/x", "a row of data.x has 1 numbers, but the network takes 2"),
    ("/data/y/0", [1.0, 0.0, 0.0], "/data/y", "a row of data.y has 3 numbers, but the network gives 2"),
    ("/data/y", [[1.0, 0.0]] * 2, "", "data.x has 1 rows, but data.y has 2"),
    ("/data/y/0/1", False, "", "data.y[0][1] must be a number, and is false"),
    ("/data/features", ["one"], "", "features has 1 names, but the network has 2 inputs"),
    ("/data/classes", ["a", "b", "c"], "", "classes has 3 names, but the network has 2 outputs"),
    ("/data/classes/1", "x" * 201, "", "data.classes[1] has 201 characters; at most 200 are allowed"),
    (
        "/data/held_back",
        {"x": [[1.0]], "y": [[1.0, 0.0]]},
        "/data/held_back/x",
        "of data.held_back.x has 1 numbers",
    ),
    ("/data/image_shape", [2, 2], "", "image_shape is 2 × 2, but a row of x has 2 numbers"),
    ("/data/image_shape", [-1, -2], "", "image_shape is -1 × -2"),
    ("/data/image_shape", [10**30, 1], "", "image_shape is a number of over 20 digits × 1"),
    ("/optimizer", "sgd", "", 'optimizer must be an object, and is "sgd"'),
    ("/optimizer/name", "sdg", "", 'optimizer "sdg" is unknown; allowed are sgd'),
    ("/optimizer/learning_rate", -0.5, "", "learning_rate is -0.5; it must be 0 or more"),
    ("/optimizer/learning_rate", "0.5", "", 'optimizer.learning_rate must be a number, and is "0.5"'),
    ("/optimizer_state", {}, "", 'the optimizer "sgd" carries nothing over; optimizer_state must be null'),
    ("/network/penalty", {"name": "l3"}, "/network/penalty/name", 'penalty "l3" is unknown; allowed are l2, l1'),
    ("/network/penalty", 0.1, "", "network.penalty must be an object, and is 0.1"),
    (
        "/network/penalty",
        {"name": "l2", "strength": -0.5},
        "/network/penalty/strength",
        "strength is -0.5; it must be 0 or more",
    ),
    (
        "/network/penalty",
        {"name": "l1", "halved": True},
        "/network/penalty/halved",
        "l1 has no field halved; it takes strength, biases",
    ),
    (
        "/network/layers/0/orientation",
        "W·x",
        "",
        'orientation "W·x" is unknown; allowed are in_out, out_in',
    ),
    ("/network/layers/0/dropout", 1.0, "", "dropout is 1.0; it must be from 0 to below 1"),
    ("/network/layers/0/dropout", -0.5, "", "dropout is -0.5; it must be from 0 to below 1"),
    ("/network/layers/1/dropout", 0.5, "", "layer 1 is the last: what it gives is the answer"),
    ("/dropout_seed", -1, "", "dropout_seed is -1"),
    ("/schedule", {"name": "steps"}, "/schedule/name", 'schedule "steps" is unknown; allowed are step, exponential'),
    ("/schedule", "step", "", 'schedule must be an object, and is "step"'),
    ("/schedule", {}, "/schedule/name", "schedule.name is missing"),
    (
        "/schedule",
        {"name": "step", "every": 0.5},
        "/schedule/every",
        "every is 0.5; it must be a whole number, 1 or more",
    ),
    ("/schedule", {"name": "step", "every": 2.5}, "/schedule/every", "every is 2.5; it must be a whole number, 1 or"),
    ("/schedule", {"name": "step", "factor": 1.5}, "/schedule/factor", "factor is 1.5; it must be from 0 to 1"),
    ("/schedule", {"name": "cosine", "least": -0.5}, "/schedule/least", "least is -0.5; it must be 0 or more"),
    (
        "/schedule",
        {"name": "cosine", "factor": 1},
        "/schedule/factor",
        "cosine has no field factor; it takes steps, least",
    ),
    (
        "/schedule",
        {"name": "cosine", "least": 2.5},
        "/schedule/least",
        "least is 2.5, above the learning rate 0.5; a rate falls",
    ),
    ("/shuffle_seed", -1, "", "shuffle_seed is -1"),
    ("/shuffle_seed", 2**32, "", "shuffle_seed is 4294967296"),
    ("/shuffle_seed", 1.5, "", "shuffle_seed must be a whole number, and is 1.5"),
    ("/batch_size", 0, "", "batch_size is 0; it must be 1 or more"),
    ("/batch_size", 2, "", "batch_size is 2, but there are 1 rows"),
    ("/batch_size", 1.0, "", "batch_size must be a whole number, and is 1.0"),
    ("/iteration", -1, "", "iteration is -1"),
    ("/iteration", 2**53, "", "iteration is 9007199254740992"),
    ("/iteration", True, "", "iteration must be a whole number, and is true"),
    ("/title", "\ud800", "", 'title holds the text "?", which has a lone surrogate'),
    ("/title", "x" * 201, "", "title has 201 characters; at most 200 are allowed"),
    ("/a~b", 1, "/a~0b", "a~b is not a known field"),
]


@pytest.mark.parametrize(("path", "value", "pointer", "detail"), FAULTS)
def test_a_fault_says_where_and_what(path: str, value: object, pointer: str, detail: str) -> None:
    with pytest.raises(Unprocessable) as caught:
        read(changed(path, value))
    (fault,) = caught.value.errors
    assert fault.pointer == (pointer or path)
    assert detail in fault.detail
    assert len(fault.detail) < 250


def test_every_fault_is_told_at_once() -> None:
    document = changed("/network/cost", "loss") | {"batch_size": 7}
    document["data"]["classes"] = ["one"]
    document["network"]["layers"][0]["bias"] = [1.0]
    document["optimizer"]["learning_rate"] = -1
    with pytest.raises(Unprocessable) as caught:
        read(document)
    assert [fault.pointer for fault in caught.value.errors] == [
        "/network/cost",
        "/optimizer/learning_rate",
        "/network/layers/0/bias",
    ]
    assert caught.value.detail.endswith("(and 2 more)")


def test_no_more_faults_are_told_than_a_reader_can_use() -> None:
    document = lecture()
    document["network"]["layers"] = [{"weights": [], "activation": "?"}] * 60
    with pytest.raises(Unprocessable) as caught:
        read(document)
    assert len(caught.value.errors) == limits.ERRORS
    assert caught.value.detail.endswith("(and 119 more)")


def test_a_network_with_too_many_parameters_is_refused() -> None:
    with pytest.raises(Unprocessable, match="the network has 264192 parameters; at most 250000 are allowed"):
        read(network(1, [512, 512, 4], ["tanh", "tanh"], bias=False, rows=1))


def test_a_trace_that_would_be_too_long_is_refused() -> None:
    with pytest.raises(Unprocessable, match=r"the trace would hold \d+ numbers; at most 1500000"):
        read(network(1, [2, 64, 2], ["tanh", "tanh"], rows=5000))
    small_batches = network(1, [2, 64, 2], ["tanh", "tanh"], rows=5000) | {"batch_size": 10}
    assert decode(small_batches).batch_size == 10


def test_what_may_be_left_out_may_be_null() -> None:
    document = lecture() | {"title": None, "batch_size": None, "optimizer_state": None}
    document["data"] |= {"features": None, "classes": None, "held_back": None, "image_shape": None}
    document["network"]["layers"][0] |= {"bias": None, "slope": None}
    read(document)


def test_only_network_and_data_are_required() -> None:
    document = lecture()
    read(
        {
            "network": {
                "layers": [{k: it[k] for k in ("weights", "activation")} for it in document["network"]["layers"]]
            },
            "data": {"x": document["data"]["x"], "y": document["data"]["y"]},
        }
    )


@pytest.mark.parametrize("where", ["", "/network", "/network/layers/0", "/data"])
def test_a_key_with_a_lone_surrogate_is_no_key(where: str) -> None:
    with pytest.raises(Unprocessable) as caught:
        read(changed(where + "/\ud800", 1))
    (fault,) = caught.value.errors
    assert fault.pointer == where
    assert fault.detail.endswith('holds the text "?", which has a lone surrogate')


@pytest.mark.parametrize("seed", ["1", "2", "3"])
def test_faults_of_an_optimizers_memory_come_in_the_order_of_the_parameters(seed: str) -> None:
    """Whichever process answers: a set of names has another order in each."""
    document = lecture() | {"optimizer": {"name": "adam"}, "optimizer_state": {"W1": 0, "W0": 0}}
    script = "import json, sys; from tests.helpers import read; read(json.load(sys.stdin))"
    environment = os.environ | {"PYTHONHASHSEED": seed}
    command = [sys.executable, "-c", script]
    told = subprocess.run(
        command, cwd=ROOT, env=environment, input=json.dumps(document), capture_output=True, text=True, timeout=60
    ).stderr
    assert "optimizer_state.W0 must be an object" in told


def test_only_as_many_faults_as_an_answer_lists_are_put_into_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words take time: a body can have thousands of faults, and all are found in one piece."""
    worded: list[ErrorDetails] = []

    def word(entry: ErrorDetails) -> Fault:
        worded.append(entry)
        return Fault("/", "wrong")

    monkeypatch.setattr(reading, "_fault", word)
    with pytest.raises(Unprocessable) as caught:
        read(lecture() | {f"name{number}": 0 for number in range(1000)})
    assert len(worded) == limits.ERRORS == len(caught.value.errors)
    assert caught.value.detail == "wrong (and 999 more)"


@pytest.mark.parametrize(("field", "most"), [("features", limits.WIDTH), ("classes", limits.WIDTH)])
def test_a_list_that_is_too_long_is_not_looked_through(field: str, most: int) -> None:
    document = lecture()
    document["data"][field] = [0] * 5000
    with pytest.raises(Unprocessable) as caught:
        read(document)
    assert [fault.detail for fault in caught.value.errors] == [
        f"data.{field} is a list of 5000; it may have at most {most}"
    ]


def test_matrices_printed_for_w_times_x_are_recognized() -> None:
    document: Document = {
        "network": {
            "layers": [
                {"weights": [[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]], "bias": [0, 0, 0], "activation": "tanh"},
                {"weights": [[0.1, 0.2, 0.3]], "activation": "sigmoid"},
            ]
        },
        "data": {"x": [[1, 2]], "y": [[1]]},
    }
    turned = "with each matrix of weights turned all sizes fit"
    with pytest.raises(Unprocessable) as told:
        read(document)
    assert turned in told.value.errors[0].detail
    # Turned or not, they do not fit: nothing is promised.
    document["data"]["x"] = [[1, 2, 3]]
    with pytest.raises(Unprocessable) as told:
        read(document)
    assert not [it for it in told.value.errors if turned in it.detail]
