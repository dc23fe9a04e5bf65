"""What is added to the cost of the data so that weights stay small, a table: C = L + R.

L is the cost of the data, R the penalty, each a node of its own. To add a penalty, add a row.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from app.core.graph.ops import ELEMENTWISE, Array, Op, Partial
from app.core.graph.rules import Shape, spread


@dataclass(frozen=True, slots=True)
class PenaltyRow:
    """A row: R = λ · Σ `of` over all entries of the parameters, which `fields` are for with their defaults.

    `of` and what it is in NumPy and PyTorch are templates in {w}, its `slope` in {w} and {λ}; `halved_slope` is that of
    λ / 2, for rows with the switch `halved`. `value` and `derivative` compute `of` and its own slope. `corner` changes
    its sign where the slope jumps.
    """

    name: str
    of: str
    value: Callable[[Array], Any]
    slope: str
    derivative: Callable[[Array], Any]
    numpy: str
    numpy_slope: str
    torch: str
    fields: Mapping[str, float]
    words: str
    note: str
    corner: Callable[..., Any] | None = None
    halved_slope: str = ""


ROWS = (
    PenaltyRow(
        "l2",
        "{w}²",
        np.square,
        "{λ} · 2 · {w}",
        lambda w: w + w,
        "np.sum({w} ** 2)",
        "2 * {w}",
        "({w} ** 2).sum()",
        {"strength": 0.01, "halved": True, "biases": False},
        "the squares",
        "R = λ/2 · Σ w², or λ · Σ w² where it is not halved: each weight is drawn to 0, the harder the larger it is.",
        halved_slope="{λ} · {w}",
    ),
    PenaltyRow(
        "l1",
        "abs({w})",
        np.absolute,
        "{λ} · sign({w})",
        np.sign,
        "np.sum(np.abs({w}))",
        "np.sign({w})",
        "{w}.abs().sum()",
        {"strength": 0.01, "biases": False},
        "the sizes",
        "R = λ · Σ |w|: each weight is drawn to 0 as hard as any other, so that some become 0. At 0 the slope is 0.",
        corner=lambda w: w,
    ),
)

PENALTIES = {row.name: row for row in ROWS}


class Penalty(NamedTuple):
    """A row, and its fields in their order."""

    name: str
    fields: tuple[tuple[str, float], ...]

    @property
    def row(self) -> PenaltyRow:
        """Of the table."""
        return PENALTIES[self.name]

    @property
    def on_biases(self) -> bool:
        """Whether the biases are held small too."""
        return bool(dict(self.fields)["biases"])

    def op(self, shapes: Sequence[Shape]) -> Op:
        """R of parameters of such shapes."""
        row, fields = self.row, dict(self.fields)
        halved = bool(fields.get("halved"))
        strength = fields["strength"]
        scale = strength / 2.0 if halved else strength
        written = f"{strength:.15g} / 2" if halved else f"{strength:.15g}"
        slots = tuple(f"w{number}" for number in range(len(shapes)))
        sums = " + ".join(f"Σ {row.of.format(w=f'{{{slot}}}')}" for slot in slots)
        codes = [" + ".join(code.format(w=f"{{{slot}}}") for slot in slots) for code in (row.numpy, row.torch)]
        slope = row.halved_slope if halved else row.slope
        held = "parameters" if self.on_biases else "weights"

        def value(*arrays: Array) -> Any:
            return scale * sum(np.add.reduce(row.value(array), None) for array in arrays)

        partials = tuple(
            Partial(
                slot,
                spread(shape, tuple(range(len(shape))), keepdims=False, constant=False),
                slope.format(w=f"{{{slot}}}", λ=f"{strength:.15g}"),
                (slot,),
                lambda w: scale * row.derivative(w),
                numpy=f"{scale!r} * " + row.numpy_slope.format(w=f"{{{slot}}}"),
            )
            for slot, shape in zip(slots, shapes, strict=True)
        )
        corner = row.corner
        return Op(
            self.name,
            slots,
            "out",
            f"{written} · ({sums})" if len(slots) > 1 else f"{written} · {sums}",
            value,
            partials,
            None if corner is None else lambda *arrays: np.concatenate([corner(array).ravel() for array in arrays]),
            2,
            numpy=f"{scale!r} * ({codes[0]})",
            torch=f"{scale!r} * ({codes[1]})",
            words=f"Add up {row.words} of all {held}, times {written}. All are the entries of {_listed(slots)}.",
            range=(0.0, np.inf),
        )


def _listed(slots: Sequence[str]) -> str:
    *before, last = [f"{{{slot}}}" for slot in slots]
    return f"{', '.join(before)} and {last}" if before else last


# C = L + R: what the data costs, and the penalty. `Graph.loss` is known by the slot.   Shapes: (), () → ().
TOTAL = Op(
    "total",
    ("loss", "penalty"),
    "out",
    "{loss} + {penalty}",
    np.add,
    (
        Partial("loss", ELEMENTWISE, "1", (), 1.0, numpy="1.0"),
        Partial("penalty", ELEMENTWISE, "1", (), 1.0, numpy="1.0"),
    ),
    None,
    1,
    numpy="{loss} + {penalty}",
    torch="{loss} + {penalty}",
    words="Add what the data cost, {loss}, and the penalty {penalty}",
)
