"""Models that nobody exported: each is read or refused in words, and nothing outside of it is touched.

The seed is fixed. `make fuzz` damages as many as it asks requests, from another seed each day.
"""

import json
import os
import random
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any

import onnx
import pytest
from onnx import helper

from app import limits
from app.core.training import iteration
from app.documents.problems import Problem
from app.models.reading import TABLE
from tests.helpers import decode
from tests.models.reading import NAMES, beside, content, read
from tests.models.test_ops import CASES, model_of
from tests.models.test_values import copy_of
from tests.tables.test_broken import nothing_touched

MODELS = int(os.environ.get("BACKPROP_FUZZ", "400"))
SEED = date.today().toordinal() if "BACKPROP_FUZZ" in os.environ else 1
NUMBERS = [0, 1, -1, 2, 3, 7, 64, 1023, 100_000, 2**31, 2**40, 2**63 - 1, -(2**63)]
FLOATS = [0.0, -1.0, 1e30, -1e30, float("nan"), float("inf"), 1e-45]
Damage = Callable[[random.Random, Any], None]


def some(it: random.Random, things: Any) -> Any:
    """One of them; raises IndexError, where there is none."""
    return it.choice([*things])


def _attribute(it: random.Random, model: Any) -> None:
    attribute = some(it, some(it, [node for node in model.graph.node if node.attribute]).attribute)
    match it.randrange(5):
        case 0:
            attribute.i = it.choice(NUMBERS)
        case 1:
            attribute.f = it.choice(FLOATS)
        case 2:
            attribute.ints.append(it.choice(NUMBERS))
        case 3:
            attribute.ints[it.randrange(len(attribute.ints))] = it.choice(NUMBERS)
        case _:
            attribute.type = it.randrange(16)


def _another_attribute(it: random.Random, model: Any) -> None:
    names = ["axis", "axes", "perm", "kernel_shape", "pads", "strides", "group", "alpha", "transA", "to", "epsilon"]
    names += ["dilations", "auto_pad", "ceil_mode", "keepdims", "approximate", "norm", "offset", "value", "split"]
    values = [it.choice(NUMBERS), it.choice(FLOATS), [it.choice(NUMBERS)] * it.randint(1, 4), "SAME_UPPER", [1.5]]
    some(it, model.graph.node).attribute.append(helper.make_attribute(it.choice(names), it.choice(values)))


def _op(it: random.Random, model: Any) -> None:
    node = some(it, model.graph.node)
    node.op_type = it.choice([*TABLE, "LSTM", "Loop", "QLinearConv", "", "é🙂", "x" * 5000])
    if it.random() < 0.2:
        node.domain = it.choice(["", "ai.onnx.ml", "com.microsoft", "\n"])


def _inputs(it: random.Random, model: Any) -> None:
    graph = model.graph
    names = [name for node in graph.node for name in (*node.input, *node.output)]
    names += [array.name for array in graph.initializer] + ["", "gone"]
    node = some(it, graph.node)
    if node.input and it.random() < 0.8:
        node.input[it.randrange(len(node.input))] = it.choice(names)
    else:
        node.input.append(it.choice(names))


def _sizes(it: random.Random, model: Any) -> None:
    array = some(it, model.graph.initializer)
    if array.dims and it.random() < 0.7:
        array.dims[it.randrange(len(array.dims))] = it.choice(NUMBERS)
    else:
        array.dims.append(it.choice(NUMBERS))


def _array(it: random.Random, model: Any) -> None:
    array = some(it, model.graph.initializer)
    raw = bytearray(array.raw_data)
    match it.randrange(4):
        case 0:
            array.data_type = it.randrange(24)
        case 1:
            array.data_location = 1
            entry = array.external_data.add()
            entry.key, entry.value = "location", it.choice(["/etc/passwd", "../../x", "w.bin"])
        case 2:
            array.raw_data = bytes(raw[: it.randint(0, len(raw))])
        case _:
            raw[it.randrange(len(raw))] ^= 1 << it.randrange(8)
            array.raw_data = bytes(raw)


def _input(it: random.Random, model: Any) -> None:
    tensor = some(it, model.graph.input).type.tensor_type
    match it.randrange(3):
        case 0:
            tensor.elem_type = it.randrange(24)
        case 1:
            some(it, tensor.shape.dim).dim_value = it.choice(NUMBERS)
        case _:
            tensor.shape.dim.add().dim_value = it.choice([1, 1, 2, 2**40])


def _nodes(it: random.Random, model: Any) -> None:
    nodes = [*model.graph.node]
    it.shuffle(nodes)
    model.graph.ClearField("node")
    model.graph.node.extend(nodes[: it.randint(0, len(nodes))] + nodes[: it.randint(0, 2)])


DAMAGES: list[Damage] = [_attribute, _another_attribute, _op, _inputs, _sizes, _array, _input, _nodes]
SOUND = [*map(content, NAMES), *(model_of(case).SerializeToString() for case in CASES)]
WEIGHTS = [json.dumps(beside(name)["parameters"]).encode() for name in NAMES if name.startswith("torch")]
CHOICES: dict[str, list[Any]] = {
    "cost": ["cross_entropy", "hinge"],
    "activation": ["tanh"],
    "last": ["softmax"],
    "weights": ["in_out", "out_in"],
    "output": ["output", "gone"],
    "shape": [(1, 3), (1, 1, 8, 8), (2, 100_000)],
    "rows": [1, 7, 10_000],
}


def bytes_of(it: random.Random) -> bytes:
    """A model, or weights, damaged as a message or as bytes."""
    if it.random() < 0.15:
        body = bytearray(it.choice(WEIGHTS))
    else:
        body = bytearray(it.choice(SOUND))
        if it.random() < 0.8:
            model = onnx.ModelProto.FromString(bytes(body))
            for _ in range(it.choice([1, 1, 2, 4])):
                with suppress(IndexError, ValueError):
                    it.choice(DAMAGES)(it, model)
            body = bytearray(model.SerializeToString())
    if it.random() < 0.3:
        for _ in range(it.choice([1, 1, 2, 8])):
            body[it.randrange(len(body))] = it.randrange(256)
    if it.random() < 0.1:
        body = body[: it.randint(0, len(body))]
    return bytes(body)


def test_any_model_is_read_or_refused_in_words_and_touches_nothing() -> None:
    for body in (SOUND[0], WEIGHTS[0], content("sklearn_logistic")):  # what is imported late is imported
        read(body)
    read_whole = 0
    refusals: list[Problem] = []
    with nothing_touched() as touched:
        for number in range(MODELS):
            it = random.Random(SEED * 1_000_000 + number)
            body = bytes_of(it)
            choices = {name: it.choice(values) for name, values in CHOICES.items() if it.random() < 0.05}
            try:
                answer = read(body, **choices)
                iteration.trace(decode(copy_of(answer["experiment"])))
                read_whole += 1
            except Problem as problem:
                refusals.append(problem)
            except Exception as error:  # which model it was
                raise AssertionError((number, body, choices)) from error
    assert touched == []
    assert [it.detail for it in refusals if it.status >= 500 or not 15 < len(it.detail) < 700] == []
    assert MODELS / 10 < read_whole < MODELS, "the models are neither all wrong nor all right"


@pytest.mark.parametrize(
    "body",
    [
        b"\x0a\x00" * 1_000_000,
        b"\x3a\x80\x80\x80\x80\x08" + b"\x0a\x00" * 1_000_000,
        b"\x3a\xff\xff\xff\xff\xff\xff\xff\xff\x7f",
        b"{" * 1_000_000,
        b'{"a":' * 100_000,
        b'{"w": [' + b"[1]," * 400_000 + b"[1]]}",
        b'{"w": ' + b"[" * 5000 + b"]" * 5000 + b"}",
    ],
    ids=lambda body: str(body[:6]),
)
def test_bytes_without_end_are_refused(body: bytes) -> None:
    with pytest.raises(Problem):
        read(body)


@pytest.mark.parametrize("op", ["Mul", "Add", "Concat", "MatMul"])
def test_what_doubles_with_each_node_is_refused_at_once(op: str) -> None:
    attributes = {"axis": 0} if op == "Concat" else {}
    nodes = [helper.make_node(op, [f"v{k}", f"v{k}"], [f"v{k + 1}"], **attributes) for k in range(limits.MODEL_NODES)]
    ends = [
        helper.make_tensor_value_info(name, 1, shape) for name, shape in (("v0", [2, 2]), (nodes[-1].output[0], None))
    ]
    model = helper.make_model(helper.make_graph(nodes, "doubled", ends[:1], ends[1:]), ir_version=8)
    with pytest.raises(Problem):
        read(model.SerializeToString())


def test_graphs_within_one_another_without_end_are_refused() -> None:
    inner = b"\x0a\x00"
    for _ in range(300):  # a graph of a node of an attribute that is a graph
        node = b"\x2a" + _length(b"\x32" + _length(inner))
        inner = b"\x0a" + _length(node)
    with pytest.raises(Problem):
        read(b"\x3a" + _length(inner))


def _length(body: bytes) -> bytes:
    size, told = len(body), bytearray()
    while size > 127:
        told.append(size & 127 | 128)
        size >>= 7
    return bytes([*told, size]) + body


def test_a_file_as_long_as_allowed_is_read_in_little_memory() -> None:
    model = onnx.ModelProto.FromString(content("torch_mlp"))
    model.doc_string = "x" * (limits.MODEL_BYTES - 2000)
    assert read(model.SerializeToString())["kind"] == "layers"
