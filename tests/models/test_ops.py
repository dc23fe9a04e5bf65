"""Each op by itself, in the forms that its description allows, against onnx's reference evaluator."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from app.models.reading import TABLE
from tests.helpers import decode
from tests.models.reading import read
from tests.models.test_values import copy_of, output, with_rows

Array = np.ndarray[Any, Any]
DRAWN = np.random.default_rng(5)


class Case(NamedTuple):
    """An op on an input of this shape, with arrays of the file and attributes behind it."""

    op: str
    shape: tuple[int, ...] = (2, 3)
    behind: Sequence[Any] = ()
    attributes: Mapping[str, Any] = MappingProxyType({})
    opset: int = 20
    domain: str = ""
    positive: bool = False
    outputs: int = 1
    first: bool = True  # the input before what is behind it, or after

    def __str__(self) -> str:
        told = ",".join(f"{name}={it}" for name, it in self.attributes.items())
        return f"{self.op}{self.shape}{told}"[:60]


def whole(*numbers: int) -> Array:
    return np.array(numbers, np.int64)


def drawn(*shape: int) -> Array:
    return np.round(DRAWN.normal(0, 1, shape), 3)


UNARY = ["Neg", "Abs", "Exp", "Sin", "Cos", "Reciprocal", "Relu", "Sigmoid", "Tanh", "Softplus", "Softsign", "Mish"]
UNARY += ["HardSwish", "Identity", "Gelu", "HardSigmoid", "LeakyRelu", "Elu", "Celu", "Selu", "ThresholdedRelu"]
REDUCED = ["ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceL1", "ReduceL2", "ReduceSumSquare"]
PICTURE = (1, 2, 5, 6)
CASES = [
    *[Case(op) for op in UNARY],
    *[Case(op, (1, 2, 2, 3)) for op in ("Tanh", "Softplus")],
    *[Case(op, positive=True) for op in ("Log", "Sqrt")],
    Case("Gelu", attributes={"approximate": "tanh"}),
    Case("Elu", attributes={"alpha": 0.5}),
    Case("Celu", attributes={"alpha": 2.0}),
    Case("PRelu", behind=[drawn(3)]),
    *[Case(op, behind=[drawn(2, 3)]) for op in ("Add", "Sub", "Mul", "Div", "Max", "Min", "Sum", "Mean")],
    *[Case(op, behind=[drawn(3)], first=False) for op in ("Sub", "Div")],
    Case("Add", (1, 3, 2, 2), [drawn(3, 1, 1)]),
    Case("Add", (2, 1), [drawn(1, 4)]),
    Case("Mul", (3, 1, 2), [drawn(4, 1)]),
    Case("Pow", behind=[np.array(3.0)]),
    Case("Pow", behind=[np.array(0.5)], positive=True),
    Case("Pow", behind=[np.array([2.0, 3.0, 1.0])], positive=True),
    Case("Sum", behind=[drawn(3), drawn(2, 1)]),
    Case("Clip", behind=[np.array(-0.5), np.array(0.5)]),
    Case("Clip", behind=[np.array(0.1)]),
    Case("Clip", attributes={"max": 0.25}, opset=6),
    Case("MatMul", behind=[drawn(3, 4)]),
    Case("MatMul", (1, 2, 3), [drawn(3, 4)]),
    Case("MatMul", (1, 2, 2, 3), [drawn(1, 2, 3, 4)]),
    Case("MatMul", (1, 2, 3), [drawn(3)]),
    Case("MatMul", (3, 2), [drawn(4, 3)], first=False),
    Case("Gemm", behind=[drawn(3, 4), drawn(4)]),
    Case("Gemm", behind=[drawn(4, 3), drawn(2, 4)], attributes={"transB": 1, "alpha": 0.5, "beta": 2.0}),
    Case("Gemm", (3, 2), [drawn(3, 4)], {"transA": 1}),
    Case("Gemm", behind=[drawn(3, 1), drawn(1)]),
    *[Case(op, (2, 3, 4), [whole(1)]) for op in REDUCED],
    *[Case(op, (2, 3, 4), [whole(0, 2)], {"keepdims": 0}) for op in REDUCED],
    *[Case(op, (2, 3), []) for op in REDUCED],
    Case("ReduceMean", (2, 3), [], {"axes": [-1]}, 13),
    Case("ReduceLogSumExp", (2, 3), [whole(1)]),
    Case("ReduceLogSum", (2, 3), [whole(1)], positive=True),
    Case("Softmax"),
    Case("Softmax", (2, 3, 2), attributes={"axis": 1}),
    Case("LogSoftmax", (1, 3, 2), attributes={"axis": 0}),
    Case("LogSoftmax"),
    Case("LayerNormalization", (1, 3, 4), [drawn(4), drawn(4)], {"epsilon": 0.125}),
    Case("LayerNormalization", (1, 2, 3), [drawn(2, 3)], {"axis": 1}),
    Case("BatchNormalization", (1, 2, 2, 2), [drawn(2), drawn(2), drawn(2), np.abs(drawn(2))], opset=15),
    Case("BatchNormalization", (3, 2), [drawn(2), drawn(2), drawn(2), np.abs(drawn(2))], opset=15),
    Case("Reshape", (2, 6), [whole(2, 3, -1)]),
    Case("Reshape", (2, 6), [whole(0, 3, 2)]),
    Case("Flatten", (2, 3, 2)),
    Case("Flatten", (2, 3, 2), attributes={"axis": 2}),
    Case("Flatten", (2, 3, 2), attributes={"axis": 0}),
    Case("Transpose", (2, 3)),
    Case("Transpose", (1, 2, 3, 2), attributes={"perm": [0, 3, 1, 2]}),
    Case("Squeeze", (1, 3, 1), [whole(0, 2)]),
    Case("Squeeze", (1, 3, 1), []),
    Case("Unsqueeze", (2, 3), [whole(0, 3)]),
    Case("Unsqueeze", (2, 3), [], {"axes": [1]}, 11),
    Case("Concat", (2, 3), [drawn(2, 2)], {"axis": 1}),
    Case("Concat", (2, 3), [drawn(1, 3)], {"axis": -2}, first=False),
    Case("Split", (2, 6), [whole(2, 4)], {"axis": 1}, outputs=2),
    Case("Split", (2, 6), [], {"axis": 1, "num_outputs": 3}, outputs=3),
    Case("Slice", (4, 6), [whole(1, 0), whole(4, 6), whole(0, 1), whole(1, 2)]),
    Case("Slice", (4, 6), [whole(-1), whole(-100), whole(0), whole(-1)]),
    Case("Slice", (4, 6), [], {"starts": [1], "ends": [3], "axes": [1]}, 9),
    Case("Gather", (4, 3), [whole(2, 0, 2)]),
    Case("Gather", (4, 3), [np.array(-1)], {"axis": 1}),
    Case("Gather", (4, 3), [np.array([[0, 1], [1, 2]])], {"axis": 1}),
    Case("Expand", (2, 1), [whole(2, 3)]),
    Case("Expand", (1, 3), [whole(2, 1)]),
    Case("Tile", (2, 3), [whole(2, 2)]),
    Case("Pad", (2, 3), [whole(1, 0, 0, 2), np.array(0.5)]),
    Case("Pad", (1, 1, 2, 3), [whole(0, 0, 1, 1, 0, 0, 1, 1)]),
    Case("Trilu", (3, 3), attributes={"upper": 0}),
    Case("Where", (2, 3), [np.array([[True, False, True]]), drawn(2, 3)], first=False),
    Case("Conv", PICTURE, [drawn(3, 2, 3, 3), drawn(3)]),
    Case("Conv", PICTURE, [drawn(3, 2, 3, 2)], {"strides": [2, 1], "pads": [1, 0, 1, 1]}),
    Case("Conv", PICTURE, [drawn(4, 1, 2, 2), drawn(4)], {"group": 2, "dilations": [2, 1]}),
    Case("Conv", PICTURE, [drawn(3, 2, 1, 1), drawn(3)], {"strides": [2, 2]}),
    Case("Conv", PICTURE, [drawn(2, 2, 5, 6)]),
    Case("Conv", PICTURE, [drawn(2, 2, 3, 3)], {"auto_pad": "SAME_UPPER", "strides": [2, 2]}),
    Case("Conv", PICTURE, [drawn(2, 2, 2, 2)], {"auto_pad": "SAME_LOWER"}),
    Case("Conv", (2, 1, 4, 4), [drawn(2, 1, 3, 3), drawn(2)]),
    Case("Conv", (1, 2, 7), [drawn(3, 2, 3), drawn(3)], {"strides": [2], "pads": [1, 1]}),
    Case("MaxPool", PICTURE, attributes={"kernel_shape": [2, 2]}),
    Case("MaxPool", PICTURE, attributes={"kernel_shape": [3, 2], "strides": [2, 2], "pads": [1, 0, 1, 0]}),
    Case("MaxPool", PICTURE, attributes={"kernel_shape": [5, 6]}),
    Case("MaxPool", (1, 2, 7), attributes={"kernel_shape": [3], "strides": [2]}),
    Case("AveragePool", PICTURE, attributes={"kernel_shape": [2, 3], "strides": [1, 2]}),
    Case("AveragePool", PICTURE, attributes={"kernel_shape": [2, 2], "pads": [1, 1, 0, 0], "count_include_pad": 1}),
    Case("GlobalAveragePool", PICTURE),
    Case("GlobalMaxPool", PICTURE),
    Case("Dropout", (2, 3)),
    Case("Cast", (2, 3), attributes={"to": TensorProto.DOUBLE}),
    Case("Normalizer", attributes={"norm": "L1"}, domain="ai.onnx.ml"),
    Case("Normalizer", attributes={"norm": "L2"}, domain="ai.onnx.ml"),
    Case("Scaler", attributes={"offset": [1.0, 2.0, 0.5], "scale": [0.5, 0.25, 2.0]}, domain="ai.onnx.ml"),
    Case(
        "LinearRegressor",
        attributes={"coefficients": [1.0, 0.5, 0.25, -1.0, 2.0, 0.5], "intercepts": [1.0, -0.5], "targets": 2},
        domain="ai.onnx.ml",
    ),
    Case("ArrayFeatureExtractor", behind=[whole(2, 0)], domain="ai.onnx.ml"),
]


def model_of(case: Case) -> onnx.ModelProto:
    """The op, and a weight behind it to learn."""
    names = [f"b{k}" for k in range(len(case.behind))]
    taken = [names[0], "v", names[1]] if case.op == "Where" else ["v", *names] if case.first else [*names, "v"]
    made = [f"made{k}" for k in range(case.outputs)]
    nodes = [
        helper.make_node(case.op, taken, made, domain=case.domain, **case.attributes),
        helper.make_node("Mul", [made[-1], "w"], ["out"]),
    ]
    arrays = [numpy_helper.from_array(np.asarray(it), name) for it, name in zip(case.behind, names, strict=True)]
    graph = helper.make_graph(
        nodes,
        "one op",
        [helper.make_tensor_value_info("v", TensorProto.DOUBLE, case.shape)],
        [helper.make_tensor_value_info("out", TensorProto.DOUBLE, None)],
        [*arrays, numpy_helper.from_array(np.array([1.5]), "w")],
    )
    opsets = [helper.make_opsetid("", case.opset), helper.make_opsetid("ai.onnx.ml", 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=8)


def inputs_of(case: Case) -> Array:
    rows = np.random.default_rng(sum(map(ord, str(case)))).normal(0, 1, case.shape)
    return np.abs(rows) + 0.5 if case.positive else rows


@pytest.mark.parametrize("case", CASES, ids=str)
def test_an_op_computes_what_the_reference_evaluator_does(case: Case) -> None:
    model = model_of(case)
    rows = inputs_of(case)
    right = np.asarray(ReferenceEvaluator(model).run(None, {"v": rows})[0])
    answer = read(model.SerializeToString(), cost="squared_error")
    document = with_rows(answer, {"v": rows})
    found = output(document)
    tolerance = 1e-6 if case.domain or case.op in ("Gelu", "HardSigmoid", "Selu", "HardSwish", "LeakyRelu") else 1e-12
    if "data" not in document and found.shape != right.shape:  # then targets are laid as the last value is
        found, right = np.sort(found, axis=None), np.sort(right, axis=None)
    np.testing.assert_allclose(found.reshape(right.shape), right, rtol=tolerance, atol=tolerance * 10)
    assert decode(copy_of(answer["experiment"])).model.parameters, "the weight is learned"


def test_an_old_softmax_takes_all_axes_behind_its_own_together() -> None:
    case = Case("Softmax", (1, 3, 2), attributes={"axis": 1}, opset=11)
    rows = inputs_of(case)
    shares = np.exp(rows) / np.exp(rows).sum()
    answer = read(model_of(case).SerializeToString(), cost="squared_error")
    np.testing.assert_allclose(output(with_rows(answer, {"v": rows})).reshape(1, 3, 2), 1.5 * shares, rtol=1e-14)


def test_every_op_that_computes_is_here_or_in_a_file() -> None:
    in_files = {"Constant", "Shape", "Greater", "Erf", "ZipMap", "LinearClassifier"}
    for_numbers_alone = {"Size", "Range", "ConstantOfShape", "Mod", "And", "Or", "Not", "Equal", "CastLike"}
    compared = {"Less", "GreaterOrEqual", "LessOrEqual"}  # as Greater, and below
    assert set(TABLE) == {case.op for case in CASES} | in_files | for_numbers_alone | compared


def test_the_docs_list_every_op() -> None:
    text = (Path(__file__).parents[2] / "docs" / "models.md").read_text("utf-8")
    silent = {
        "Constant",
        "ConstantOfShape",
        "Range",
        "Size",
        "Mod",
        "And",
        "Or",
        "CastLike",
        "Erf",
    }  # in exporters' forms
    silent |= {"GreaterOrEqual", "LessOrEqual"}
    assert [op for op in TABLE if op not in silent and not re.search(rf"\b{op}\b", text)] == []
