"""Operations that only move entries: turned, reshaped, taken out, put together, the windows of a picture.

Each entry of the output comes from one entry of one input. Where from, the move itself says, done to the places 0, 1,
2, … of the input in place of its values; the gradient returns there (see `rules.gather`).
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from app.core.graph.ops import Array, Op, Partial
from app.core.graph.rules import Indices, Shape, gather

Move = Callable[..., Any]


def _op(
    name: str,
    formula: str,
    move: Move,
    shapes: Sequence[Shape],
    words: str,
    numpy: str,
    torch: str,
    back: Sequence[str],
    ways: Sequence[Callable[[Array], Array] | None] = (),
) -> tuple[Op, Shape]:
    """The move as an operation on inputs of such shapes, in the slots x0, x1, …; and the shape that comes out.

    `back` spells in NumPy how the gradient {g} of the output returns to each input, `ways` does it where it is shorter.
    """
    slots = tuple(f"x{number}" for number in range(len(shapes)))

    def value(*arrays: Array) -> Array:
        return np.ascontiguousarray(move(*arrays)).reshape(shape)

    sources = [_source(move, shapes, number) for number in range(len(shapes))]
    shape: Shape = sources[0].shape
    partials = tuple(
        Partial(
            slot,
            gather(source, own, code, way),
            "1",
            (),
            1.0,
            numpy="1.0",
        )
        for slot, source, own, code, way in zip(slots, sources, shapes, back, ways or [None] * len(shapes), strict=True)
    )
    return Op(name, slots, "out", formula, value, partials, None, 1, numpy=numpy, torch=torch, words=words), shape


def _source(move: Move, shapes: Sequence[Shape], number: int) -> Indices:
    """By entry of the output: its place in the flat input of that number, −1 where it comes from another."""
    arrays = [
        np.arange(np.prod(shape, dtype=int)).reshape(shape) if place == number else np.full(shape, -1)
        for place, shape in enumerate(shapes)
    ]
    return np.array(move(*arrays), dtype=np.int64)


def transpose(shape: Shape) -> tuple[Op, Shape]:
    """Rows become columns.   Shapes: (r, c) → (c, r)."""
    op, turned = _op(
        "transpose",
        "{x0}ᵀ",
        np.transpose,
        [shape],
        "Turn {x0}: its rows become columns",
        "{x0}.T.copy()",
        "{x0}.T.clone()",
        ["{g}.T"],
        [_turned],
    )
    return replace(op, value=_turned), turned


def _turned(x: Array) -> Array:
    return x.T.copy()


def reshape(shape: Shape, to: Shape) -> tuple[Op, Shape]:
    """The same entries, read line by line, in other lines; one of `to` may be −1, for what is left.

    Raises: ValueError where they do not fit.
    """
    return _op(
        "reshape",
        "reshape({x0})",
        lambda x: np.reshape(x, to),
        [shape],
        f"Reshape {{x0}} to {to}, line by line",
        f"{{x0}}.reshape({to})",
        f"{{x0}}.reshape({to})",
        [f"{{g}}.reshape({shape})"],
        [lambda g: np.reshape(g, shape)],
    )


def index(shape: Shape, key: tuple[Any, ...], text: str) -> tuple[Op, Shape]:
    """An entry, a row, a part: whole numbers, slices and None, as NumPy reads them. `text` is how the key is written.

    Raises: IndexError where there is no such entry.
    """
    return _op(
        "index",
        f"{{x0}}[{text}]",
        lambda x: x[key],
        [shape],
        f"Take [{text}] of {{x0}}",
        f"{{x0}}[{text}].copy()",
        f"{{x0}}[{text}].clone()",
        [f"placed({{g}}, {shape}, np.s_[{text}])"],
    )


def concat(shapes: Sequence[Shape], axis: int) -> tuple[Op, Shape]:
    """One behind the other along an axis.   Raises: ValueError where the other axis differs."""
    parts, start = [], 0
    for shape in shapes:
        end = start + shape[axis]
        parts.append(f"{{g}}[{':, ' * axis}{start}:{end}]")
        start = end
    names = ", ".join(f"{{x{number}}}" for number in range(len(shapes)))
    return _op(
        "concat",
        f"concat({names})",
        lambda *arrays: np.concatenate(arrays, axis),
        shapes,
        f"Put {names} one {'below' if axis == 0 and len(shapes[0]) == 2 else 'behind'} the other",
        f"np.concatenate([{names}], axis={axis})",
        f"torch.cat([{names}], dim={axis})",
        parts,
    )


def stack(shapes: Sequence[Shape], axis: int) -> tuple[Op, Shape]:
    """Numbers as a vector, vectors as the rows of a matrix, or with axis 1 as its columns.   Raises: ValueError."""
    names = ", ".join(f"{{x{number}}}" for number in range(len(shapes)))
    return _op(
        "stack",
        f"stack({names})",
        lambda *arrays: np.stack(arrays, axis),
        shapes,
        f"Put {names} together as {'numbers of a vector' if shapes[0] == () else 'columns' if axis else 'rows'}",
        f"np.stack([{names}], axis={axis})",
        f"torch.stack([{names}], dim={axis})",
        [f"{{g}}[{':, ' * axis}{number}]" for number in range(len(shapes))],
    )


def windows(shape: Shape, rows: int, columns: int) -> tuple[Op, Shape]:
    """Each window of a picture as a row, so that a convolution is a product.

    Shapes: (r, c) → ((r − rows + 1) · (c − columns + 1), rows · columns).   Raises: ValueError where none fits.
    """
    return _op(
        "windows",
        f"windows({{x0}}, {rows}, {columns})",
        lambda x: sliding_window_view(x, (rows, columns)).reshape(-1, rows * columns),
        [shape],
        f"Lay each {rows}×{columns} window of {{x0}} out as a row",
        f"windows({{x0}}, {rows}, {columns})",
        f"windows({{x0}}, {rows}, {columns})",
        [f"unwindowed({{g}}, {shape}, {rows}, {columns})"],
    )


# The functions that `numpy` calls in scripts.
NUMPY = {
    "placed": '''def placed(g, shape, key):
    """Zeros of that shape, with g where it was taken from."""
    back = np.zeros(shape)
    back[key] = g
    return back''',
    "windows": '''def windows(x, rows, columns):
    """Each window of a picture as a row."""
    found = np.lib.stride_tricks.sliding_window_view(x, (rows, columns))
    return found.reshape(-1, rows * columns)''',
    "unwindowed": '''def unwindowed(g, shape, rows, columns):
    """The rows of g added back to where their windows were."""
    places = windows(np.arange(shape[0] * shape[1]).reshape(shape), rows, columns)
    return np.bincount(places.ravel(), g.ravel(), shape[0] * shape[1]).reshape(shape)''',
}
TORCH = {
    "windows": '''def windows(x, rows, columns):
    """Each window of a picture as a row."""
    return x.unfold(0, rows, 1).unfold(1, columns, 1).reshape(-1, rows * columns)''',
}
