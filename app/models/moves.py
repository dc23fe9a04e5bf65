"""Ops that move entries and compute nothing: done with the numbers of the entries, or with numbers themselves."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from app import limits
from app.models.onnx_file import Node, refused
from app.models.reader import Reader
from app.models.sheet import Known, Operand, Tensor


def moved(operand: Operand, move: Callable[[Any], Any]) -> Operand:
    """The move of the operand's entries, or of its numbers."""
    return Tensor(move(operand.at)) if isinstance(operand, Tensor) else move(operand)


def shape_of(operand: Operand) -> tuple[int, ...]:
    """Of either kind."""
    array: Known = operand.at if isinstance(operand, Tensor) else operand
    return tuple(array.shape)


def axis_of(node: Node, axis: int, axes: int) -> int:
    """Counted from 0.   Raises: Unprocessable."""
    if not -axes <= axis < axes:
        raise refused(f"{node.label} goes along axis {axis} of something with {axes} axes")
    return axis % axes


def axes_of(reader: Reader, node: Node, place: int) -> list[int] | None:
    """The axes that an attribute names, or an input of newer files; None for all."""
    if "axes" in node.attributes:
        return node.attributes.wholes("axes", [])
    return reader.whole(node, place, "axes") if reader.has(node, place) else None


def same(reader: Reader, node: Node) -> Operand:
    """Identity, and what is so once a model is trained."""
    return reader.operand(node, 0)


def cast(reader: Reader, node: Node) -> Operand:
    """To floats nothing changes; what is computed does not become whole."""
    operand = reader.operand(node, 0)
    to = node.attributes.whole("to", 1) if node.op == "Cast" else 1
    if to in (1, 10, 11, 16):
        return operand if isinstance(operand, Tensor) else operand.astype(np.float64)
    if isinstance(operand, Tensor):
        raise refused(f"{node.label} rounds what is computed to whole numbers or truth values, which have no slope")
    return operand.astype(bool) if to == 9 else operand.astype(np.int64)


def constant(reader: Reader, node: Node) -> Operand:
    """Numbers in a node: weights where they are many floats."""
    for name in ("value", "value_float", "value_int", "value_floats", "value_ints"):
        if name in node.attributes:
            array: Known = node.attributes.array(name)
            if array.size > 1 and array.dtype.kind == "f" and np.isfinite(array).all():
                return reader.sheet.leaf("parameter", array, node.outputs[0])
            return array
    raise refused(f"{node.label} holds no numbers that are read here")


def shape(reader: Reader, node: Node) -> Known:
    sizes = np.array(shape_of(reader.operand(node, 0)), np.int64)
    return sizes[node.attributes.whole("start", 0) : node.attributes.whole("end", 8)]


def size(reader: Reader, node: Node) -> Known:
    return np.array(math.prod(shape_of(reader.operand(node, 0))), np.int64)


def reshape(reader: Reader, node: Node) -> Operand:
    operand = reader.operand(node, 0)
    old = shape_of(operand)
    wanted = node.attributes.wholes("shape", []) if "shape" in node.attributes else reader.whole(node, 1, "shape")
    if not node.attributes.whole("allowzero", 0):
        wanted = [old[k] if it == 0 and k < len(old) else it for k, it in enumerate(wanted)]
    left = math.prod(it for it in wanted if it != -1)
    if wanted.count(-1) == 1 and left > 0 and math.prod(old) % left == 0:
        wanted = [math.prod(old) // left if it == -1 else it for it in wanted]
    if any(it < 1 for it in wanted) or math.prod(wanted) != math.prod(old):
        raise refused(f"{node.label} reshapes {old} to {tuple(wanted)[:9]}, which holds others")
    return moved(operand, lambda it: it.reshape(reader.sheet.room(wanted)))


def flatten(reader: Reader, node: Node) -> Operand:
    operand = reader.operand(node, 0)
    sizes = shape_of(operand)
    axis = node.attributes.whole("axis", 1)
    if not -len(sizes) <= axis <= len(sizes):
        raise refused(f"{node.label} flattens behind axis {axis} of something with {len(sizes)} axes")
    axis = axis + len(sizes) if axis < 0 else axis
    return moved(operand, lambda it: it.reshape(math.prod(sizes[:axis]), -1))


def transpose(reader: Reader, node: Node) -> Operand:
    operand = reader.operand(node, 0)
    axes = len(shape_of(operand))
    order = node.attributes.wholes("perm", range(axes)[::-1])
    if sorted(order) != [*range(axes)]:
        raise refused(f"{node.label} has the order {order[:9]} for {axes} axes")
    return moved(operand, lambda it: it.transpose(order))


def squeeze(reader: Reader, node: Node) -> Operand:
    operand = reader.operand(node, 0)
    sizes = shape_of(operand)
    axes = axes_of(reader, node, 1)
    gone = {axis_of(node, it, len(sizes)) for it in axes} if axes else {k for k, it in enumerate(sizes) if it == 1}
    if any(sizes[it] != 1 for it in gone):
        raise refused(f"{node.label} drops an axis of {sizes} that is longer than 1")
    return moved(operand, lambda it: it.reshape([size for k, size in enumerate(sizes) if k not in gone]))


def unsqueeze(reader: Reader, node: Node) -> Operand:
    operand = reader.operand(node, 0)
    axes = axes_of(reader, node, 1) or []
    count = len(shape_of(operand)) + len(axes)
    places = {axis_of(node, it, count) for it in axes}
    if len(places) != len(axes) or count > 8:
        raise refused(f"{node.label} has the axes {axes[:9]}")
    sizes = iter(shape_of(operand))
    return moved(operand, lambda it: it.reshape([1 if k in places else next(sizes) for k in range(count)]))


def concat(reader: Reader, node: Node) -> Operand:
    operands = [reader.operand(node, k) for k in range(len(node.inputs))]
    if not operands:
        raise refused(f"{node.label} puts nothing together")
    return joined(reader, node, operands, node.attributes.whole("axis", 0))


def joined(reader: Reader, node: Node, operands: Sequence[Operand], axis: int) -> Operand:
    """One behind the other.   Raises: Unprocessable."""
    shapes = [shape_of(it) for it in operands]
    axis = axis_of(node, axis, len(shapes[0]))
    rest = {(*it[:axis], *it[axis + 1 :]) for it in shapes}
    if len(rest) > 1 or len({len(it) for it in shapes}) > 1:
        raise refused(f"{node.label} puts {' and '.join(map(str, shapes[:4]))} together along axis {axis}")
    total = sum(it[axis] for it in shapes)
    if math.prod(shapes[0]):
        reader.sheet.room((math.prod(shapes[0]) // shapes[0][axis] * total,))
    if not any(isinstance(it, Tensor) for it in operands):
        return np.concatenate([it for it in operands if not isinstance(it, Tensor)], axis)
    return Tensor(np.concatenate([reader.sheet.tensor(it).at for it in operands], axis))


def split(reader: Reader, node: Node) -> list[Operand]:
    operand = reader.operand(node, 0)
    sizes = shape_of(operand)
    axis = axis_of(node, node.attributes.whole("axis", 0), len(sizes))
    if "split" in node.attributes:
        parts = node.attributes.wholes("split", [])
    elif reader.has(node, 1):
        parts = reader.whole(node, 1, "sizes")
    else:
        count = node.attributes.whole("num_outputs", len(node.outputs))
        if not 0 < count <= limits.WIDTH:
            raise refused(f"{node.label} makes {count} parts")
        part = -(-sizes[axis] // count)
        parts = [min(part, sizes[axis] - k * part) for k in range(count)]
    if any(it < 1 for it in parts) or sum(parts) != sizes[axis]:
        raise refused(f"{node.label} cuts {sizes[axis]} into parts of {parts[:9]}")
    ends = np.cumsum(parts)[:-1]
    return [moved(operand, lambda it, k=k: np.split(it, ends, axis)[k]) for k in range(len(parts))]  # type: ignore[misc]


def slices(reader: Reader, node: Node) -> Operand:
    operand = reader.operand(node, 0)
    sizes = shape_of(operand)
    if "starts" in node.attributes:
        starts, ends = node.attributes.wholes("starts", []), node.attributes.wholes("ends", [])
        axes, steps = node.attributes.wholes("axes", range(len(starts))), [1] * len(starts)
    else:
        starts, ends = reader.whole(node, 1, "starts"), reader.whole(node, 2, "ends")
        axes = reader.whole(node, 3, "axes") if reader.has(node, 3) else [*range(len(starts))]
        steps = reader.whole(node, 4, "steps") if reader.has(node, 4) else [1] * len(starts)
    if not len(starts) == len(ends) == len(axes) == len(steps) or 0 in steps:
        raise refused(f"{node.label} does not say where each of its slices begins and ends")
    key = [slice(None)] * len(sizes)
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        place = axis_of(node, axis, len(sizes))
        stop = None if step < 0 and end < -sizes[place] else end
        key[place] = slice(start, stop, step)
    return _some(node, moved(operand, lambda it: it[tuple(key)]))


def _some(node: Node, operand: Operand) -> Operand:
    if isinstance(operand, Tensor) and not operand.at.size:
        raise refused(f"{node.label} takes nothing of what comes in")
    return operand


def gather(reader: Reader, node: Node) -> Operand:
    operand, sizes = reader.operand(node, 0), shape_of(reader.operand(node, 0))
    places = reader.known(node, 1, "indices")
    axis = axis_of(node, node.attributes.whole("axis", 0), len(sizes))
    if places.dtype.kind not in "iu":
        raise refused(f"{node.label}: its indices must be whole numbers")
    if places.size and (places.min() < -sizes[axis] or places.max() >= sizes[axis]):
        raise refused(f"{node.label} takes an entry beyond the {sizes[axis]} that there are")
    reader.sheet.room((max(1, places.size) * (math.prod(sizes) // sizes[axis]),))
    return _some(node, moved(operand, lambda it: np.take(it, places, axis)))


def features(reader: Reader, node: Node) -> Operand:
    """ArrayFeatureExtractor: columns."""
    operand = reader.operand(node, 0)
    places = np.array(reader.whole(node, 1, "columns"))
    if places.size == 0 or places.min() < 0 or places.max() >= shape_of(operand)[-1]:
        raise refused(f"{node.label} takes a column that is not there")
    return moved(operand, lambda it: np.take(it, places, -1))


def expand(reader: Reader, node: Node) -> Operand:
    operand = reader.operand(node, 0)
    wanted = reader.sheet.broadcast([operand, np.empty(_few(node, reader.whole(node, 1, "shape")), bool)])
    return moved(operand, lambda it: np.broadcast_to(it, wanted).copy())


def _few(node: Node, sizes: Sequence[int]) -> tuple[int, ...]:
    if any(it < 1 for it in sizes) or len(sizes) > 8 or math.prod(sizes) > limits.PARAMETERS:
        raise refused(
            f"{node.label} asks for the sizes {tuple(sizes)[:9]}; at most {limits.PARAMETERS} numbers are allowed"
        )
    return tuple(sizes)


def tile(reader: Reader, node: Node) -> Operand:
    operand = reader.operand(node, 0)
    times = reader.whole(node, 1, "repeats")
    sizes = shape_of(operand)
    if len(times) != len(sizes):
        raise refused(f"{node.label} repeats {len(sizes)} axes {times[:9]} times")
    _few(node, [a * b for a, b in zip(sizes, times, strict=True)])
    return moved(operand, lambda it: np.tile(it, times))


def filled(reader: Reader, node: Node) -> Known:
    """ConstantOfShape."""
    value = node.attributes.array("value").ravel() if "value" in node.attributes else np.zeros(1)
    sizes = reader.whole(node, 0, "shape")
    if not value.size:
        raise refused(f"{node.label} holds no number")
    return np.full(_few(node, sizes), value[0])


def counted(reader: Reader, node: Node) -> Known:
    """Range."""
    start, end, step = (float(reader.known(node, k, "ends").flat[0]) for k in range(3))
    if not step or not math.isfinite(start + end + step) or not 0 < (end - start) / step <= limits.PARAMETERS:
        raise refused(f"{node.label} counts from {start:g} to {end:g} by {step:g}")
    found = np.arange(start, end, step)
    return found.astype(np.int64) if reader.known(node, 0, "start").dtype.kind == "i" else found


def pad(reader: Reader, node: Node) -> Operand:
    operand = reader.operand(node, 0)
    sizes = shape_of(operand)
    mode = node.attributes.word("mode", "constant")
    widths = node.attributes.wholes("pads", []) if "pads" in node.attributes else reader.whole(node, 1, "pads")
    axes = [*range(len(sizes))]
    if reader.has(node, 3):
        axes = [axis_of(node, it, len(sizes)) for it in reader.whole(node, 3, "axes")]
    if mode != "constant" or len(widths) != 2 * len(axes) or any(it < 0 for it in widths):
        raise refused(f"{node.label} pads by {widths[:9]} in the mode {mode}; constant, by 0 or more, is read")
    value = float(reader.known(node, 2, "value").flat[0]) if reader.has(node, 2) else 0.0
    around = [(0, 0)] * len(sizes)
    for k, axis in enumerate(axes):
        around[axis] = (widths[k], widths[k + len(axes)])
    _few(node, [size + a + b for size, (a, b) in zip(sizes, around, strict=True)])
    if not isinstance(operand, Tensor):
        return np.pad(operand, around, constant_values=value)
    return Tensor(np.pad(operand.at, around, constant_values=int(reader.sheet.number(value))))


MOVES: dict[str, Callable[[Reader, Node], Any]] = {
    "Identity": same,
    "Dropout": same,
    "ZipMap": same,
    "Cast": cast,
    "CastLike": cast,
    "Constant": constant,
    "Shape": shape,
    "Size": size,
    "Reshape": reshape,
    "Flatten": flatten,
    "Transpose": transpose,
    "Squeeze": squeeze,
    "Unsqueeze": unsqueeze,
    "Concat": concat,
    "Split": split,
    "Slice": slices,
    "Gather": gather,
    "ArrayFeatureExtractor": features,
    "Expand": expand,
    "Tile": tile,
    "ConstantOfShape": filled,
    "Range": counted,
    "Pad": pad,
}
