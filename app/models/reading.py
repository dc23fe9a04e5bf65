"""From the bytes of a model to what `/model` answers, in slices between which others have their turn."""

import math
from collections.abc import Generator
from typing import Any

import numpy as np

from app import limits
from app.documents.problems import BadRequest, printable, quoted
from app.models import experiments, formulas, onnx_file, weights
from app.models.choices import OF_ONNX, OF_WEIGHTS, Choices
from app.models.estimators import ESTIMATORS, complement
from app.models.experiments import Chosen
from app.models.formulas import Given
from app.models.layers import Layer, layers
from app.models.moves import MOVES
from app.models.onnx_file import Input, Model, Node, refused
from app.models.ops import OPS
from app.models.other_files import demand_no_other
from app.models.pictures import PICTURES
from app.models.reader import Reader
from app.models.sheet import Entries, Shape, Sheet, Tensor

TABLE = {**MOVES, **OPS, **PICTURES, **ESTIMATORS}

Slices = Generator[None, None, dict[str, Any]]


def model(body: bytes, choices: Choices) -> Slices:
    """An experiment of an ONNX file, or of JSON with weights: what it is, what was chosen, what is to be said.

    Raises: BadRequest, Unprocessable, UnsupportedMediaType.
    """
    start = body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if not body:
        raise BadRequest("the body is empty; it must be an ONNX file, or JSON with weights")
    if start in (b"{", b"["):
        choices.demand_none_of(OF_ONNX, "this is JSON with weights, which has one output and no sizes left open")
        return (yield from weights.model(body, choices))
    demand_no_other(body)
    choices.demand_none_of(OF_WEIGHTS, "an ONNX file has its activations and sizes in itself")
    return (yield from _OnnxFile(onnx_file.model(body), choices).answer())


class _OnnxFile:
    """One file on its way."""

    def __init__(self, file: Model, choices: Choices) -> None:
        self._file = file
        self._choices = choices
        self._reader = Reader(file)
        self._notes: list[str] = []
        self._given: list[Given] = []

    def answer(self) -> Slices:
        """All of it."""
        name = self._output()
        nodes = self._needed(name)
        output = yield from self._read(nodes, name)
        title = printable(f"Model from {self._file.producer or 'ONNX'}", limits.TEXT_CHARACTERS)
        found = self._layers(output)
        yield
        if found is None and any(len(it.shape) > 2 for it in self._given):
            output = yield from self._read(nodes, name, viewed=True)
        if found is not None:
            document, chosen = experiments.of_layers(title, found, self._choices, self._reader.notes)
        else:
            document, chosen = yield from formulas.of_formulas(
                title, self._reader.sheet, self._given, output, self._choices
            )
        if "data" in document:
            document["data"] |= _pictured(self._given[0].shape)
        yield
        return self._told("formulas" if found is None else "layers", document, chosen)

    def _told(self, kind: str, document: dict[str, Any], chosen: list[Chosen]) -> dict[str, Any]:
        return {
            "experiment": experiments.checked(document, f"the model as {kind}"),
            "kind": kind,
            "fits_both_ways": False,
            "chosen": [it._asdict() for it in chosen],
            "notes": [printable(note, 400) for note in [*self._notes, *self._reader.notes][: limits.TABLE_NOTES]],
        }

    # --- what is read -------------------------------------------------------------------------------------------------

    def _output(self) -> str:
        """Which output is read.   Raises: Unprocessable."""
        names = [name for name, _ in self._file.outputs]
        if self._choices.output is not None:
            if self._choices.output not in names:
                there = ", ".join(quoted(name) for name in names[:10])
                raise refused(f"there is no output {quoted(self._choices.output)}; there are {there}")
            return self._choices.output
        fit = [name for name, kind in self._file.outputs if kind != "whole numbers" and kind != "text"]
        if not fit:
            raise refused("no output of the model is a tensor of floats, and only such have gradients")
        likely = [name for name in fit if "prob" in name.lower()]
        if len(names) > 1:
            others = ", ".join(quoted(name) for name in names[:10])
            chosen = quoted((likely or fit)[0])
            self._notes.append(f"of the outputs {others} the one that is read is {chosen}; output=… says otherwise")
        return (likely or fit)[0]

    def _needed(self, output: str) -> list[Node]:
        """The nodes that the output is made by, in order.   Raises: Unprocessable."""
        maker = {name: place for place, node in enumerate(self._file.nodes) for name in node.outputs if name}
        found: set[int] = set()
        waiting = [output]
        while waiting:
            place = maker.get(waiting.pop())
            if place is not None and place not in found:
                found.add(place)
                waiting += [it for it in self._file.nodes[place].inputs if it]
        return [self._file.nodes[place] for place in sorted(found)]

    def _read(self, nodes: list[Node], name: str, *, viewed: bool = False) -> Generator[None, None, Entries]:
        """The entries of the output. `viewed`: a picture or a sequence that goes in is laid out as one first."""
        self._reader = Reader(self._file)
        self._given = []
        self._take_inputs(nodes, viewed)
        yield
        for node in nodes:
            self._reader.read(node, TABLE)
            yield
        return self._found(name)

    def _take_inputs(self, nodes: list[Node], viewed: bool) -> None:
        """Leaves for what goes in."""
        read = {name for node in nodes for name in node.inputs} | {name for name, _ in self._file.outputs}
        taken = [it for it in self._file.inputs if it.name in read]
        for it in taken:
            shape = self._shape(it, alone=len(taken) == 1)
            self._reader.sheet.what = f"the input {quoted(it.name)}"
            rows = (shape[0], math.prod(shape[1:])) if len(shape) > 2 else shape
            tensor = self._reader.sheet.leaf("input", np.zeros(self._reader.sheet.room(rows)), it.name)
            self._reader.made[it.name] = Tensor(tensor.at.reshape(shape))
            self._given.append(Given(it.name, shape, self._reader.sheet.values[-1]))
            if viewed and shape[0] == 1:
                self._reader.made[it.name] = Tensor(_view(self._reader.sheet, it.name, tensor.at, shape))

    def _shape(self, it: Input, *, alone: bool) -> Shape:
        if it.kind != "float":
            raise refused(
                f"the input {quoted(it.name)} takes {it.kind}; inputs of floats are read, which have gradients"
            )
        wanted = self._choices.shape if alone else None
        if wanted is not None and not _fits(wanted, it.shape):
            told = ", ".join("?" if size is None else str(size) for size in it.shape)
            raise refused(f"shape is {','.join(map(str, wanted))}, but the input {quoted(it.name)} has ({told})")
        sizes = list(wanted or it.shape)
        if wanted is None and sizes and sizes[0] is None:
            sizes[0] = self._choices.rows if len(sizes) == 2 and alone else 1
            if len(sizes) > 2:
                self._reader.note(f"the first axis of {quoted(it.name)}, which is open, is taken as one example")
        open_axes = [k for k, size in enumerate(sizes) if size is None]
        if open_axes:
            example = ",".join("1" if size is None else str(size) for size in sizes)
            raise refused(
                f"the length of axis {open_axes[0]} of the input {quoted(it.name)} is open; give all lengths, "
                f"shape={example} for example, or export it with fixed ones"
            )
        return tuple(int(size) for size in sizes if size is not None)

    def _found(self, name: str) -> Entries:
        """The entries of the output.   Raises: Unprocessable."""
        found = self._reader.made.get(name)
        if name in self._file.initializers or not isinstance(found, Tensor):
            raise refused(f"the output {quoted(name)} does not depend on the inputs in a way that has gradients")
        share = complement(self._reader, found)
        if share is not None:
            self._reader.note("of the two shares 1 − p and p that come out, p alone is kept")
            return share.at
        return found.at

    def _layers(self, output: Entries) -> list[Layer] | None:
        """The layers, where it is layers and nothing else."""
        if len(self._given) != 1 or output.ndim < 2:
            return None
        found = layers(self._reader.sheet, output.reshape(len(output), -1))
        if found is not None:
            experiments.demand_small(found)
        return found


def _view(sheet: Sheet, name: str, at: Entries, shape: Shape) -> Entries:
    """One example as a matrix, or as one for each channel that stands first."""
    sizes = [size for size in shape if size != 1]
    sheet.name = f"{name}_picture" if len(shape) == 4 else f"{name}_rows"
    if len(sizes) == 2:
        return sheet.computed("view", "{0}", [at.reshape(sizes)], (sizes[0], sizes[1])).reshape(shape)
    if len(sizes) != 3 or sizes[0] > 16:
        return at.reshape(shape)
    channels = at.reshape(sizes)
    return np.stack([sheet.computed("view", "{0}", [it], it.shape) for it in channels]).reshape(shape)


def _fits(wanted: Shape, open_shape: tuple[int | None, ...]) -> bool:
    return len(wanted) == len(open_shape) and all(a in (None, b) for a, b in zip(open_shape, wanted, strict=True))


def _pictured(shape: Shape) -> dict[str, Any]:
    """The shape of a picture in grey, with its channel first or last."""
    sizes = [size for size in shape[1:] if size != 1]
    return {"image_shape": sizes} if len(shape) == 4 and len(sizes) == 2 else {}
