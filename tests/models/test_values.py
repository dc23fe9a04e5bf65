"""What a model computes here is what onnx's reference evaluator makes of it; its gradients are PyTorch's own.

The files are what PyTorch, Keras and scikit-learn wrote: see tests/tools/make_models.py.
"""

from typing import Any

import numpy as np
import onnx
import pytest
from onnx import numpy_helper
from onnx.reference import ReferenceEvaluator

from app.core.training import iteration
from tests.helpers import copy, decode
from tests.models.reading import NAMES, Answer, beside, content, read

Array = np.ndarray[Any, Any]

# Where a node has a number of 32 bits, as every attribute is, the evaluator computes with what it rounds to: 0.2 is
# 0.20000000298 there. And its softplus has a threshold.
LESS = {
    "torch_activations": 1e-7,
    "torch_activations_dynamo": 1e-7,
    "torch_other_activations": 1e-6,
    "torch_residual": 1e-7,
    "torch_residual_dynamo": 1e-7,
    "torch_cnn_deep": 1e-7,
    "torch_cnn_dynamo": 1e-7,
    "torch_attention": 1e-7,
    "torch_attention_dynamo": 1e-7,
    "keras_normalized": 1e-7,
}
# What of PyTorch's parameters is no longer there: the exporter puts a normalization into the convolution before it.
FUSED = {"torch_cnn_deep": {"0.weight", "0.bias", "1.weight", "1.bias"}}
FUSED["torch_cnn_dynamo"] = FUSED["torch_cnn_deep"]
DOUBLE = onnx.TensorProto.DOUBLE


def doubled(body: bytes) -> onnx.ModelProto:
    """The model in 64 bits, so that the evaluator's digits are its own."""
    model = onnx.ModelProto.FromString(body)
    graph = model.graph

    def wide(tensor: Any) -> None:
        if tensor.data_type == onnx.TensorProto.FLOAT:
            tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor).astype(np.float64), tensor.name))

    for tensor in graph.initializer:
        wide(tensor)
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.type == onnx.AttributeProto.TENSOR:
                wide(attribute.t)
            if node.op_type == "Cast" and attribute.name == "to" and attribute.i == onnx.TensorProto.FLOAT:
                attribute.i = DOUBLE
    for node in [it for it in graph.node if it.op_type == "ZipMap"]:  # which the evaluator does not know
        node.op_type, node.domain = "Identity", ""
        node.ClearField("attribute")
    for value in (*graph.input, *graph.value_info, *graph.output):
        if value.type.tensor_type.elem_type == onnx.TensorProto.FLOAT:
            value.type.tensor_type.elem_type = DOUBLE
    return model


def said_by_onnx(name: str, inputs: dict[str, Array]) -> Array:
    """The output that is read: the shares of classes, of a classifier."""
    outputs = ReferenceEvaluator(doubled(content(name))).run(None, inputs)
    return np.asarray(outputs[-1], np.float64)


def given(name: str) -> dict[str, Array]:
    """The inputs beside a file."""
    return {it: np.array(value, np.float64) for it, value in beside(name)["inputs"].items()}


def with_rows(answer: Answer, inputs: dict[str, Array], targets: Array | None = None) -> dict[str, Any]:
    """The experiment with these inputs, and targets, in place of those that were drawn."""
    document: dict[str, Any] = copy_of(answer["experiment"])
    if "data" in document:
        (rows,) = inputs.values()
        document["data"]["x"] = rows.reshape(len(rows), -1).tolist()
        width = len(document["data"]["y"][0])
        y = np.zeros((len(rows), width)) if targets is None else targets.reshape(len(rows), -1)
        document["data"]["y"] = y.tolist()
        document["batch_size"] = None
    else:
        constants = document["formulas"]["constants"]
        constants |= {it: value.reshape(np.shape(constants[it])).tolist() for it, value in inputs.items()}
        if targets is not None:
            constants["y"] = targets.tolist()
        else:
            constants["y"] = np.zeros_like(constants["y"]).tolist()
    return document


def copy_of(document: Any) -> Any:
    """Without arrays."""
    if isinstance(document, dict):
        return {name: copy_of(it) for name, it in document.items()}
    if isinstance(document, list | tuple):
        return [copy_of(it) for it in document]
    return document.tolist() if isinstance(document, np.ndarray) else document


def output(document: dict[str, Any]) -> Array:
    """What comes out, in the order of the targets: C is the mean of Σ (a − y)², so ∂C/∂y says it where y is 0."""
    run = iteration.trace(decode(document))
    graph = run.graph
    assert graph.output.op is not None
    assert graph.output.op.name == "squared_error"
    y = next(node for node in graph.nodes if node.id == "y")
    assert not np.any(run.values[y.index])
    rows = len(np.asarray(run.values[graph.output.inputs[0]]))
    return np.asarray(run.backward.gradients[y.index]) * rows / -2


@pytest.mark.parametrize("name", NAMES)
def test_a_model_computes_what_the_reference_evaluator_does(name: str) -> None:
    inputs = given(name)
    rows = len(next(iter(inputs.values())))
    answer = read(content(name), rows=rows, cost="squared_error")
    found = output(with_rows(answer, inputs))
    right = said_by_onnx(name, inputs)
    if right.shape[1:] == (2,) and found.shape[1] == 1:
        right = right[:, 1:]
    tolerance = LESS.get(name, 1e-4 if name.startswith("sklearn") and "mlp" not in name else 1e-9)
    np.testing.assert_allclose(found.reshape(right.shape), right, rtol=tolerance, atol=tolerance * np.abs(right).max())


TORCH = [name for name in NAMES if name.startswith("torch")]


def alike(ours: Array, theirs: Array) -> Array | None:
    """Ours in the shape of theirs, where that is the same parameter, perhaps turned."""
    if ours.size != theirs.size:
        return None
    turned = [ours.reshape(theirs.shape), *([ours.T] if ours.T.shape == theirs.shape else [])]
    return next((it for it in turned if np.array_equal(it, theirs)), None)


@pytest.mark.parametrize("name", TORCH)
def test_gradients_are_those_of_pytorchs_autograd(name: str) -> None:
    said = beside(name)
    inputs = given(name)
    targets = np.array(said["targets"])
    answer = read(content(name), rows=len(next(iter(inputs.values()))), cost="squared_error")
    document = with_rows(answer, inputs, targets)
    run = iteration.trace(decode(document))
    # The cost is the mean over the rows of what is compared, and theirs that over the rows that go in.
    compared = np.asarray(run.values[run.graph.output.inputs[0]])
    factor = len(compared) / len(targets)
    found: set[str] = set()
    for node in run.graph.parameters:
        value, gradient = np.asarray(run.values[node.index]), np.asarray(run.backward.gradients[node.index])
        for theirs, numbers in said["parameters"].items():
            array = np.array(numbers)
            if theirs in found or alike(value, array) is None:
                continue
            is_turned = value.shape != array.shape and value.T.shape == array.shape
            is_turned |= not is_turned and value.ndim == 2 and not np.array_equal(value.reshape(array.shape), array)
            right = np.array(said["gradients"][theirs])
            mine = (gradient.T if is_turned else gradient.reshape(right.shape)) * factor
            tolerance = 1e-7 if name in LESS else 1e-9
            np.testing.assert_allclose(mine, right, rtol=tolerance, atol=tolerance, err_msg=theirs)
            found.add(theirs)
            break
        else:
            assert name in FUSED, f"{node.id} is no parameter of the model's"
    assert found == set(said["parameters"]) - FUSED.get(name, set())


@pytest.mark.parametrize("name", NAMES)
def test_the_experiment_can_be_posted_and_learns(name: str) -> None:
    answer = read(content(name))
    document = copy_of(answer["experiment"])
    step = iteration.step(decode(document))
    assert step.trace.status == "ok"
    assert step.updates
    assert copy(document) == document, "it is JSON"


def test_there_are_files_of_all_three_frameworks() -> None:
    assert len(NAMES) >= 12
    assert {name.partition("_")[0] for name in NAMES} == {"torch", "keras", "sklearn"}
    assert {read(content(name))["kind"] for name in NAMES} == {"layers", "formulas"}
