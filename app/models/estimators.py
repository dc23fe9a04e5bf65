"""Ops of ai.onnx.ml, as skl2onnx writes scikit-learn's linear models and scalers. Labels are not read."""

from collections.abc import Callable
from typing import Any

import numpy as np

from app.models.moves import shape_of
from app.models.onnx_file import Node, refused
from app.models.ops import applied, reduced, softmax
from app.models.reader import Reader
from app.models.sheet import Known, Operand, Tensor


def _numbers(node: Node, name: str) -> Known:
    return np.array(node.attributes.numbers(name), np.float64)


def _scaler(reader: Reader, node: Node) -> Operand:
    x = reader.tensor(node, 0)
    offset, scale = _numbers(node, "offset"), _numbers(node, "scale")
    columns = x.at.shape[-1] if x.at.ndim else 0
    if not {len(offset), len(scale)} <= {1, columns}:
        raise refused(f"{node.label} has {len(offset)} offsets and {len(scale)} scales for {columns} columns")
    constants = [reader.sheet.tensor(it, name) for it, name in ((offset, "offset"), (scale, "scale"))]
    return applied(reader, "scaled", "({0} - {1}) * {2}", [x, *constants], None)


def _linear(reader: Reader, node: Node, rows: int, matrix: Known, intercepts: Known) -> Operand:
    x = reader.tensor(node, 0).at
    if x.ndim != 2 or rows < 1 or matrix.size != rows * x.shape[1] or len(intercepts) not in (0, rows):
        raise refused(
            f"{node.label} has {matrix.size} coefficients and {len(intercepts)} intercepts "
            f"for what has the sizes {x.shape}"
        )
    coefficients = reader.sheet.leaf("parameter", matrix.reshape(rows, -1), "coefficients").at
    made: Operand = Tensor(reader.sheet.matmul(x, coefficients.T))
    if not len(intercepts):
        return made
    bias = reader.sheet.leaf("parameter", intercepts, "intercepts")
    return applied(reader, "add", "{0} + {1}", [made, bias], np.add)


def _regressor(reader: Reader, node: Node) -> Operand:
    if node.attributes.word("post_transform", "NONE") != "NONE":
        raise refused(f"{node.label} has the post_transform {node.attributes.word('post_transform', '')}; NONE is read")
    rows = node.attributes.whole("targets", 1)
    return _linear(reader, node, rows, _numbers(node, "coefficients"), _numbers(node, "intercepts"))


def _classifier(reader: Reader, node: Node) -> list[Operand | None]:
    """The label, which is not read, and the scores."""
    matrix, intercepts = _numbers(node, "coefficients"), _numbers(node, "intercepts")
    rows = max(1, len(intercepts))
    kind = node.attributes.word("post_transform", "NONE")
    half = matrix.size // 2
    if kind == "LOGISTIC" and rows == 2 and np.array_equal(matrix[:half], -matrix[half:]):
        reader.note("of two classes with opposite weights the second is kept, and the first is 1 − it")
        scores = _linear(reader, node, 1, matrix[half:], intercepts[1:])
        share = applied(reader, "sigmoid", "sigmoid({0})", [scores], None)
        other = applied(reader, "subtract", "{0} - {1}", [np.ones(()), share], None)
        assert isinstance(share, Tensor)
        assert isinstance(other, Tensor)
        return [None, Tensor(np.concatenate([other.at, share.at], axis=1))]
    scores = _linear(reader, node, rows, matrix, intercepts)
    if kind == "SOFTMAX":
        return [None, softmax(reader, scores, 1)]
    if kind == "LOGISTIC":
        return [None, applied(reader, "sigmoid", "sigmoid({0})", [scores], None)]
    if kind != "NONE":
        raise refused(f"{node.label} has the post_transform {kind}; NONE, LOGISTIC and SOFTMAX are read")
    return [None, scores]


def _normalizer(reader: Reader, node: Node) -> Operand:
    x = reader.tensor(node, 0)
    kind = node.attributes.word("norm", "MAX")
    if x.at.ndim != 2 or kind not in ("L1", "L2"):
        raise refused(f"{node.label} has the norm {kind} for {x.at.ndim} axes; L1 and L2 of rows are read")
    if kind == "L1" and (reader.sheet.of(int(x.at[0, 0])).op == "softmax" or complement(reader, x)):
        reader.note("shares that sum to 1 are not divided by their sum once more")
        return x
    inner = applied(reader, "abs", "abs({0})" if kind == "L1" else "square({0})", [x], None)
    total = reduced(reader, inner, [1], "sum", keepdims=True)
    template = "{0} / {1}" if kind == "L1" else "{0} / sqrt({1})"
    return applied(reader, "divide" if kind == "L1" else "normalized", template, [x, total], None)


def complement(reader: Reader, tensor: Operand) -> Tensor | None:
    """Of two columns, 1 − p and p: p, a column."""
    if shape_of(tensor)[1:] != (2,) or not isinstance(tensor, Tensor):
        return None
    share, other = reader.sheet.whole(tensor.at[:, 1:]), reader.sheet.whole(tensor.at[:, :1])
    if share is None or other is None or other.op != "subtract" or other.arguments[0] != 1.0:
        return None
    return Tensor(share.entries) if np.array_equal(other.arguments[1], share.entries) else None


ESTIMATORS: dict[str, Callable[[Reader, Node], Any]] = {
    "Scaler": _scaler,
    "LinearRegressor": _regressor,
    "LinearClassifier": _classifier,
    "Normalizer": _normalizer,
}
