"""A model's nodes, read one after the other into the sheet. `ops` and others have a function for each op."""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from app.documents.problems import quoted
from app.models.onnx_file import Model, Node, refused
from app.models.sheet import Known, Operand, Sheet, Tensor

# What is said instead of a mere "unknown".
_MENDS = {
    "LSTM": "it hides its steps: export one step, written out in MatMul, Sigmoid and Tanh",
    "GRU": "it hides its steps: export one step, written out in MatMul, Sigmoid and Tanh",
    "RNN": "it hides its steps: export one step, written out in MatMul and Tanh",
    "If": "a graph without branches is read: export the branch that is meant",
    "Loop": "a graph without loops is read: export it with its steps written out",
    "Scan": "a graph without loops is read: export it with its steps written out",
    "Erf": "it is read within GELU alone, x · (1 + erf(x / √2)) / 2",
    "ConvTranspose": "of convolutions Conv is read",
    "RandomNormalLike": "what is drawn anew each time has no gradient to check; export the model in its eval mode",
    "RandomUniformLike": "what is drawn anew each time has no gradient to check; export the model in its eval mode",
}
_FAMILIES = (
    (
        ("Quantize", "Dequantize", "QLinear", "DynamicQuantize"),
        "quantized numbers have no slope: export the float model",
    ),
    (("TreeEnsemble", "SVM"), "it is no computation that backpropagation goes through"),
    (("String", "Tfidf", "LabelEncoder", "OneHotEncoder"), "text is not read: export the part behind it"),
    (("ArgM", "TopK", "NonZero", "Round", "Floor", "Ceil", "Sign"), "it jumps, so it has no gradient"),
)

_NUMBERED = re.compile(r"onnx::|val_\d+$")  # weights that PyTorch's exporters have turned over


class Comparison(NamedTuple):
    """Truth values that are computed: two operands and the sign between them."""

    sign: str
    left: Operand
    right: Operand


class Reader:
    """What the nodes so far have made, by name."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.opset = model.opset
        self.sheet = Sheet()
        self.made: dict[str, Operand | Comparison | None] = {}  # None: what is not read, such as labels
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        """What is to be told, once."""
        if text not in self.notes:
            self.notes.append(text)

    # --- what a node takes --------------------------------------------------------------------------------------------

    def has(self, node: Node, place: int) -> bool:
        """Whether that input is given."""
        return place < len(node.inputs) and node.inputs[place] != ""

    def operand(self, node: Node, place: int) -> Operand:
        """An input: computed, or an initializer as a parameter, or as a number.   Raises: Unprocessable."""
        name = self._name(node, place)
        if name not in self.made:
            self.made[name] = self._initial(node, place, self.model.array(name))
        found = self.made[name]
        if found is None or isinstance(found, Comparison):
            what = "a class, which has no gradient" if found is None else "truth values that are computed"
            raise refused(f"{node.label} takes {what}; only Where reads truth values")
        return found

    def condition(self, node: Node, place: int) -> Known | Comparison:
        """Truth values, there or computed.   Raises: Unprocessable."""
        found = self.made.get(self._name(node, place))
        return found if isinstance(found, Comparison) else self.known(node, place, "condition")

    def tensor(self, node: Node, place: int) -> Tensor:
        """The same as entries of the sheet."""
        return self.sheet.tensor(self.operand(node, place), self._name(node, place))

    def known(self, node: Node, place: int, noun: str) -> Known:
        """Numbers that must be there in the file.   Raises: Unprocessable."""
        name = self._name(node, place)
        if name in self.model.initializers and not isinstance(self.made.get(name), np.ndarray):
            array: Known = self.model.array(name)
            return array
        found = self.operand(node, place)
        if isinstance(found, Tensor):
            numbers = self.sheet.numbers(found.at)
            if numbers is None:
                raise refused(f"{node.label} computes its {noun} from the inputs; they must be numbers in the file")
            return numbers
        return found

    def whole(self, node: Node, place: int, noun: str) -> list[int]:
        """Whole numbers of the file, as a list.   Raises: Unprocessable."""
        found = self.known(node, place, noun)
        if found.dtype.kind not in "iub" or found.size > 4096:
            raise refused(f"{node.label}: its {noun} must be a few whole numbers")
        return [int(it) for it in found.ravel()]

    def _name(self, node: Node, place: int) -> str:
        if not self.has(node, place):
            raise refused(f"{node.label} lacks its input {place}")
        name = node.inputs[place]
        if name not in self.made and name not in self.model.initializers:
            raise refused(f"{node.label} reads {quoted(name)}, which nothing before it makes")
        return name

    def _initial(self, node: Node, place: int, array: Known) -> Operand:
        name = node.inputs[place]
        self.sheet.names[id(array)] = name
        if array.dtype.kind != "f" or (array.ndim == 0 and not named(name)):
            return array
        if not np.isfinite(array).all():
            self.note(f"{quoted(name)} has −∞ in it and is taken as a mask: a constant, with −1e30 for −∞")
            return array
        if _NUMBERED.match(name) and node.op in ("MatMul", "Gemm", "Conv"):
            layer = node.name.rpartition("/")[0] or node.outputs[0]
            name = f"{layer.strip('/')}.{'bias' if place == 2 else 'weight'}"
        return self.sheet.leaf("parameter", array, name)

    # --- one node -----------------------------------------------------------------------------------------------------

    def read(self, node: Node, table: Mapping[str, Callable[["Reader", Node], Any]]) -> None:
        """Let the node's outputs be made.   Raises: Unprocessable."""
        self.sheet.what = node.label
        self.sheet.name = node.outputs[0] if node.outputs else node.name
        known = node.domain in ("", "ai.onnx.ml") and node.op in table
        if not known:
            raise refused(f"the op {node.label} is not read here; {_mend(node.op)}")
        made = table[node.op](self, node)
        outputs = made if isinstance(made, list) else [made]
        for name, it in zip(node.outputs, outputs, strict=False):
            if isinstance(it, np.ndarray):
                self.sheet.room(it.shape or (1,))
            self.made[name] = it


def _mend(op: str) -> str:
    if op in _MENDS:
        return _MENDS[op]
    for beginnings, mend in _FAMILIES:
        if op.startswith(beginnings):
            return mend
    return "docs/models.md has the list of those that are"


def named(name: str) -> bool:
    """Whether a person may have named it: exporters number what they make themselves."""
    last = name.rpartition(".")[2]
    return "." in name and "/" not in name and ":" not in name and last.isidentifier()
