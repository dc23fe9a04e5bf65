"""Convolutions and pools: windows as rows, then a product, a mean or a maximum."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from app.models.moves import shape_of
from app.models.onnx_file import Node, refused
from app.models.ops import Op, applied, reduced
from app.models.reader import Reader
from app.models.sheet import Entries, Operand, Tensor


class Frame(NamedTuple):
    """How windows lie on a picture: their sizes, the steps between them, and within them; what is put around it."""

    kernel: tuple[int, int]
    strides: tuple[int, int]
    dilations: tuple[int, int]
    pads: tuple[int, int, int, int]  # top, left, bottom, right


def _frame(node: Node, kernel: Sequence[int], sizes: Sequence[int]) -> Frame:
    """The node's; of a line, as that of a picture of one row.   Raises: Unprocessable."""
    axes = len(kernel)
    numbers = node.attributes
    strides, dilations = numbers.wholes("strides", [1] * axes), numbers.wholes("dilations", [1] * axes)
    pads = numbers.wholes("pads", [0] * 2 * axes)
    if axes not in (1, 2) or not len(strides) == len(dilations) == axes or len(pads) != 2 * axes:
        raise refused(f"{node.label} works on {axes} axes; lines and pictures, of one and two, are read")
    if min([*kernel, *strides, *dilations]) < 1 or min(pads) < 0 or max([*kernel, *strides, *dilations, *pads]) > 1024:
        raise refused(
            f"{node.label} has the kernel {tuple(kernel)}, strides {strides}, dilations {dilations}, pads {pads}"
        )
    if numbers.whole("ceil_mode", 0):
        raise refused(f"{node.label} rounds its size up (ceil_mode); export it without")
    auto = numbers.word("auto_pad", "NOTSET")
    if auto in ("SAME_UPPER", "SAME_LOWER"):
        pads = _same_pads(auto, kernel, strides, dilations, sizes)
    elif auto not in ("NOTSET", "VALID"):
        raise refused(f"{node.label} has auto_pad {auto}; NOTSET, VALID and SAME are read")
    elif auto == "VALID":
        pads = [0] * 2 * axes
    if axes == 1:
        return Frame((1, kernel[0]), (1, strides[0]), (1, dilations[0]), (0, pads[0], 0, pads[1]))
    return Frame((kernel[0], kernel[1]), (strides[0], strides[1]), (dilations[0], dilations[1]), (*pads,))  # type: ignore[arg-type]


def _same_pads(
    auto: str, kernel: Sequence[int], strides: Sequence[int], dilations: Sequence[int], sizes: Sequence[int]
) -> list[int]:
    before, after = [], []
    for k, s, d, size in zip(kernel, strides, dilations, sizes, strict=True):
        wanted = max(0, (-(-size // s) - 1) * s + (k - 1) * d + 1 - size)
        small, large = wanted // 2, wanted - wanted // 2
        before.append(small if auto == "SAME_UPPER" else large)
        after.append(large if auto == "SAME_UPPER" else small)
    return [*before, *after]


def _pictures(reader: Reader, node: Node, operand: Operand) -> Entries:
    """As (pictures, channels, rows, columns)."""
    at = reader.sheet.tensor(operand).at
    if at.ndim not in (3, 4):
        raise refused(f"{node.label} takes something of {at.ndim} axes; pictures of 4 and lines of 3 are read")
    return at if at.ndim == 4 else at[:, :, None, :]


def _padded(reader: Reader, at: Entries, frame: Frame, value: float) -> Entries:
    top, left, bottom, right = frame.pads
    if not any(frame.pads):
        return at
    reader.sheet.room((*at.shape[:-2], at.shape[-2] + top + bottom, at.shape[-1] + left + right))
    around = [(0, 0)] * (at.ndim - 2) + [(top, bottom), (left, right)]
    return np.pad(at, around, constant_values=int(reader.sheet.number(value)))


def _sizes(node: Node, at: Entries, frame: Frame) -> tuple[int, int]:
    """Rows and columns of what comes out.   Raises: Unprocessable."""
    spans = [(k - 1) * d + 1 for k, d in zip(frame.kernel, frame.dilations, strict=True)]
    if spans[0] > at.shape[-2] or spans[1] > at.shape[-1]:
        raise refused(
            f"{node.label}: windows of {spans[0]} × {spans[1]} do not fit into {at.shape[-2]} × {at.shape[-1]}"
        )
    found = [(size - span) // step + 1 for size, span, step in zip(at.shape[-2:], spans, frame.strides, strict=True)]
    return found[0], found[1]


def _windows(reader: Reader, picture: Entries, frame: Frame, sizes: tuple[int, int]) -> Entries:
    """Each window of one picture as a row."""
    (rows, columns), (down, right) = frame.kernel, frame.strides
    if frame.kernel == (1, 1):
        return picture[::down, ::right][: sizes[0], : sizes[1]].reshape(-1, 1)
    spans = [(k - 1) * d + 1 for k, d in zip(frame.kernel, frame.dilations, strict=True)]
    places = (picture.shape[0] - spans[0] + 1, picture.shape[1] - spans[1] + 1)
    template = f"windows({{0}}, {spans[0]}, {spans[1]})"
    made = reader.sheet.computed("windows", template, [picture], (math.prod(places), math.prod(spans)))
    inside = np.add.outer(np.arange(rows) * frame.dilations[0] * spans[1], np.arange(columns) * frame.dilations[1])
    taken = np.add.outer(np.arange(sizes[0]) * down * places[1], np.arange(sizes[1]) * right)
    rows_taken: Entries = made[taken.ravel()]
    return rows_taken[:, inside.ravel()]


def _conv(reader: Reader, node: Node) -> Operand:
    source = reader.operand(node, 0)
    kernel = reader.tensor(node, 1).at
    at = _pictures(reader, node, source)
    frame = _frame(node, kernel.shape[2:], at.shape[4 - (kernel.ndim - 2) :])
    groups = node.attributes.whole("group", 1)
    out, each = kernel.shape[:2]
    if groups < 1 or out % groups or each * groups != at.shape[1] or kernel.ndim != len(shape_of(source)):
        raise refused(f"{node.label} has {groups} groups and a kernel {kernel.shape} for {at.shape[1]} channels")
    at = _padded(reader, at, frame, 0.0)
    sizes = _sizes(node, at, frame)
    name = reader.sheet.name
    flat = kernel.reshape(out, -1)
    parts = []
    for group in range(groups):
        reader.sheet.name = f"{name}_windows"
        rows = [
            np.concatenate([_windows(reader, it, frame, sizes) for it in picture], axis=1)
            for picture in at[:, group * each : (group + 1) * each]
        ]
        reader.sheet.name = f"{name}_product" if reader.has(node, 2) else name
        kernels = flat[group * (out // groups) : (group + 1) * (out // groups)]
        parts.append(reader.sheet.matmul(np.concatenate(rows), kernels.T))
    made = np.concatenate(parts, axis=1)
    found: Operand = Tensor(made)
    if reader.has(node, 2):
        reader.sheet.name = name
        found = applied(reader, "add", "{0} + {1}", [found, reader.operand(node, 2)], np.add)
    entries = reader.sheet.tensor(found).at.reshape(len(at), *sizes, out).transpose(0, 3, 1, 2)
    return Tensor(entries if len(shape_of(source)) == 4 else entries[:, :, 0])


def _pool(reader: Reader, node: Node) -> Operand:
    """The largest of each window, or its mean: the picture is taken once for each place in a window."""
    source = reader.operand(node, 0)
    at = _pictures(reader, node, source)
    kernel = node.attributes.wholes("kernel_shape", [])
    if len(kernel) != len(shape_of(source)) - 2:
        raise refused(f"{node.label} has the kernel {kernel[:9]} for {len(shape_of(source)) - 2} axes")
    frame = _frame(node, kernel, at.shape[4 - len(kernel) :])
    is_mean = node.op == "AveragePool"
    if any(frame.pads) and is_mean and not node.attributes.whole("count_include_pad", 0):
        raise refused(f"{node.label} leaves the padding out of its means; count_include_pad=1, or no padding, is read")
    at = _padded(reader, at, frame, 0.0 if is_mean else -1e30)
    sizes = _sizes(node, at, frame)
    if math.prod(frame.kernel) > 64 and sizes != (1, 1):
        raise refused(f"{node.label} has windows of {math.prod(frame.kernel)} entries; at most 64 are read")
    if sizes == (1, 1):
        inside = at[:, :, : (frame.kernel[0] - 1) * frame.dilations[0] + 1 : frame.dilations[0]]
        inside = inside[..., : (frame.kernel[1] - 1) * frame.dilations[1] + 1 : frame.dilations[1]]
        found = reduced(reader, Tensor(inside), [2, 3], "mean" if is_mean else "max", keepdims=True)
    else:
        found = _taken(reader, at, frame, sizes, is_mean)
    entries = reader.sheet.tensor(found).at
    return Tensor(entries if len(shape_of(source)) == 4 else entries[:, :, 0])


def _taken(reader: Reader, at: Entries, frame: Frame, sizes: tuple[int, int], is_mean: bool) -> Operand:
    pictures, channels = at.shape[:2]
    op, template, value = ("add", "{0} + {1}", np.add) if is_mean else ("maximum", "maximum({0}, {1})", np.maximum)
    found: Operand | None = None
    for row in range(frame.kernel[0]):
        for column in range(frame.kernel[1]):
            down, right = row * frame.dilations[0], column * frame.dilations[1]
            taken = at[:, :, down :: frame.strides[0], right :: frame.strides[1]][:, :, : sizes[0], : sizes[1]]
            part = Tensor(taken.transpose(0, 2, 3, 1).reshape(-1, channels))  # a row for each place
            found = part if found is None else applied(reader, op, template, [found, part], value)
    if is_mean and found is not None:
        count = np.array(float(math.prod(frame.kernel)))
        found = applied(reader, "divide", "{0} / {1}", [found, count], np.divide)
    assert isinstance(found, Tensor)
    return Tensor(found.at.reshape(pictures, *sizes, channels).transpose(0, 3, 1, 2))


def _global(name: str) -> Op:
    def make(reader: Reader, node: Node) -> Operand:
        found = reader.tensor(node, 0)
        if found.at.ndim < 3:
            raise refused(
                f"{node.label} takes something of {found.at.ndim} axes; pictures of 4 and lines of 3 are read"
            )
        return reduced(reader, found, range(2, found.at.ndim), name, keepdims=True)

    return make


PICTURES: dict[str, Op] = {
    "Conv": _conv,
    "MaxPool": _pool,
    "AveragePool": _pool,
    "GlobalAveragePool": _global("mean"),
    "GlobalMaxPool": _global("max"),
}
