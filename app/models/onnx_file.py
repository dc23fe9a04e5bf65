"""The bytes of an ONNX file as plain nodes and arrays. The one module that knows the package `onnx`.

Only its message classes and the decoding of one tensor are used: its checker and its loader of external data open
files, and its shape inference trusts what a file says.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from app import limits
from app.documents.problems import BadRequest, Fault, Unprocessable, printable, quoted

MISSING = (
    "to read ONNX files this server needs the package onnx, which is not installed here: "
    "pip install 'backprop-explorer[onnx]', then start it again"
)
_FLOATS = {1: "float32", 10: "float16", 11: "float64", 16: "bfloat16"}
_WHOLE = {2, 3, 4, 5, 6, 7, 9, 12, 13}  # integers of all sizes, and truth values
_MOST_WHOLES = 4096  # of a list that says sizes or places
DOMAINS = ("", "ai.onnx", "ai.onnx.ml")


def refused(detail: str, pointer: str = "") -> Unprocessable:
    """What a model has that cannot be read, to be raised; `pointer` says what of the query would mend it."""
    return Unprocessable([Fault(pointer, printable(detail, 600))])


class Node(NamedTuple):
    """One operation. Names of inputs are "" where they are left out."""

    op: str
    domain: str
    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: "Attributes"

    @property
    def label(self) -> str:
        """How a message names it: `LSTM (node "/rnn/LSTM")`."""
        told = self.name or (self.outputs[0] if self.outputs else "")
        kind = f"{self.domain}.{self.op}" if self.domain not in DOMAINS else self.op
        return f"{printable(kind, 60)} (node {quoted(told)})" if told else printable(kind, 60)


class Input(NamedTuple):
    """What goes in: its name and axes, None for one whose length is left open."""

    name: str
    kind: str  # "float", or what else it is
    shape: tuple[int | None, ...]


class Model(NamedTuple):
    """A file, read. `arrays` decodes an initializer when it is asked for."""

    nodes: tuple[Node, ...]
    inputs: tuple[Input, ...]
    outputs: tuple[tuple[str, str], ...]  # name, and "float" or what else it is
    initializers: Mapping[str, Any]
    opset: int
    producer: str

    def array(self, name: str) -> Any:
        """An initializer's array.   Raises: Unprocessable."""
        return _array(self.initializers[name], f"the initializer {quoted(name)}")


def imported() -> Any:
    """The package, which takes a fifth of a second when it is first imported; None where it is not installed."""
    try:
        import onnx
        import onnx.numpy_helper
    except ImportError:
        return None
    return onnx


def model(body: bytes) -> Model:
    """The file's graph.   Raises: BadRequest, Unprocessable."""
    onnx = imported()
    if onnx is None:
        raise refused(MISSING)
    try:
        proto: Any = onnx.ModelProto.FromString(body)
        return _model(proto)
    except (Unprocessable, BadRequest):
        raise
    except Exception as error:  # protobuf raises its own of several kinds; a name may be no UTF-8
        if isinstance(error, MemoryError):
            raise
        raise BadRequest("the file is no ONNX model, or it is damaged: its bytes cannot be decoded") from None


def _model(proto: Any) -> Model:
    if not proto.HasField("graph") or not proto.graph.output:
        raise BadRequest("the file is no ONNX model, or it is damaged: there is no graph with an output in it")
    graph = proto.graph
    if len(graph.node) > limits.MODEL_NODES:
        raise refused(f"the model has {len(graph.node)} nodes; at most {limits.MODEL_NODES} are allowed")
    given = {_text(it.name): it for it in graph.initializer}
    inputs = [_input(it) for it in graph.input if _text(it.name) not in given]
    versions = [it.version for it in proto.opset_import if it.domain in ("", "ai.onnx")]
    return Model(
        tuple(_node(it) for it in graph.node),
        tuple(inputs),
        tuple((_text(it.name), _kind(it.type)) for it in graph.output),
        given,
        max([1, *versions]),
        printable(_text(proto.producer_name), 40),
    )


def _kind(type_proto: Any) -> str:
    which: str | None = type_proto.WhichOneof("value")
    if which is None:
        return "float"  # it is not said
    if which != "tensor_type":
        return which.removesuffix("_type").replace("_", " ")
    number = type_proto.tensor_type.elem_type
    return "float" if number in _FLOATS or number == 0 else "text" if number == 8 else "whole numbers"


def _input(value: Any) -> Input:
    shape = [it.dim_value if it.dim_value > 0 else None for it in value.type.tensor_type.shape.dim]
    return Input(_text(value.name), _kind(value.type), tuple(shape))


def _node(proto: Any) -> Node:
    domain = "" if proto.domain == "ai.onnx" else _text(proto.domain)
    known = {_text(it.name): it for it in proto.attribute}
    op, name = _text(proto.op_type), _text(proto.name)
    attributes = Attributes(known, f"of {printable(op, 60)} (node {quoted(name)})")
    return Node(op, domain, name, tuple(map(_text, proto.input)), tuple(map(_text, proto.output)), attributes)


def _text(value: str | bytes) -> str:
    """A name; one that is no UTF-8 is left as bytes by the decoder."""
    return value if isinstance(value, str) else value.decode("utf-8", "replace")


class Attributes:
    """A node's, decoded when they are asked for, each of the kind that is asked for.   Raises: Unprocessable."""

    def __init__(self, known: Mapping[str, Any], of: str) -> None:
        self._known = known
        self._of = of

    def __contains__(self, name: str) -> bool:
        return name in self._known

    def whole(self, name: str, default: int) -> int:
        """A whole number."""
        return int(self._of_kind(name, 2, "a whole number").i) if name in self else default

    def number(self, name: str, default: float) -> float:
        """A finite number."""
        found = shortest(self._of_kind(name, 1, "a number").f) if name in self else default
        if not math.isfinite(found):
            raise refused(f"{self._named(name)} is {found}; it must be finite")
        return found

    def word(self, name: str, default: str) -> str:
        """One of a few words."""
        if name not in self:
            return default
        return printable(_text(self._of_kind(name, 3, "a word").s), 40)

    def wholes(self, name: str, default: Sequence[int]) -> list[int]:
        """A few whole numbers."""
        found = [*(self._of_kind(name, 7, "a list of whole numbers").ints if name in self else default)]
        if len(found) > _MOST_WHOLES:
            raise refused(f"{self._named(name)} has {len(found)} whole numbers; at most {_MOST_WHOLES} are allowed")
        return found

    def numbers(self, name: str) -> Any:
        """Numbers, none where they are not given, as an array."""
        return np.array(self._of_kind(name, 6, "a list of numbers").floats if name in self else [], np.float64)

    def array(self, name: str) -> Any:
        """An array, or a number or numbers as one."""
        proto = self._known[name]
        match proto.type:
            case 1:
                return np.array(self.number(name, 0.0))
            case 2:
                return np.array(self.whole(name, 0))
            case 4:
                return _array(proto.t, self._named(name))
            case 6:
                return self.numbers(name)
            case 7:
                return np.array(self.wholes(name, []), np.int64)
        raise refused(f"{self._named(name)} holds no numbers")

    def _of_kind(self, name: str, kind: int, what: str) -> Any:
        proto = self._known[name]
        if proto.type != kind:
            raise refused(f"{self._named(name)} must be {what}")
        return proto

    def _named(self, name: str) -> str:
        return f"the attribute {quoted(name)} {self._of}"


def shortest(value: float) -> float:
    """0.2 for the 32-bit number 0.20000000298: what was meant by who wrote it."""
    return float(str(np.float32(value)))


def _array(proto: Any, what: str) -> Any:
    """Float64, int64 or bool.   Raises: Unprocessable."""
    from onnx import numpy_helper

    if proto.data_location == 1 or proto.external_data:
        raise refused(
            f"{what} has its numbers in another file; only files that hold all their numbers are read: save it as one, "
            "with external_data=False, or onnx.save(onnx.load(path), path, save_as_external_data=False)"
        )
    if proto.data_type not in _FLOATS and proto.data_type not in _WHOLE:
        kind = "text" if proto.data_type == 8 else f"the data type {proto.data_type}"
        raise refused(f"{what} holds {kind}; numbers of 16, 32 and 64 bits are read")
    if any(it < 0 for it in proto.dims) or math.prod(proto.dims) > limits.PARAMETERS:
        sizes = printable(" × ".join(map(str, proto.dims)), 80)
        raise refused(f"{what} has the sizes {sizes}; at most {limits.PARAMETERS} numbers are allowed")
    try:
        array = numpy_helper.to_array(proto)
    except Exception:  # what to_array raises on damaged tensors is of many kinds
        raise refused(f"{what} is damaged: it holds more or fewer numbers than its sizes say") from None
    if proto.data_type == 1 and not array.ndim:
        return np.array(shortest(array))
    if proto.data_type in _FLOATS:
        return array.astype(np.float64)
    return array.astype(bool) if proto.data_type == 9 else array.astype(np.int64)
