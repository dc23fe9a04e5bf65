"""Write app/examples/face-or-car.json from the drawings in face-or-car.txt.

Run it from the top of the project:

    python -m tests.tools.drawings

The same drawings give the same bytes: the initial weights come from a fixed seed.
"""

import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[2] / "app" / "examples"
SOURCE = EXAMPLES / "face-or-car.txt"
TARGET = EXAMPLES / "face-or-car.json"

SIDE = 8
HIDDEN = 16
CLASSES = ("face", "car")
INK = {".": 0.0, "+": 0.5, "#": 1.0}
SEED = 0
LEARNING_RATE = 0.1

TITLE = "Face or car, from drawings"
DESCRIPTION = (
    "A network of 64 inputs learns to tell small drawings of faces from drawings of"
    " cars. It is then tested on drawings that it never learnt from."
)


@dataclass(frozen=True)
class Drawing:
    """One drawing: what it shows, whether it is held back, its squares by line."""

    label: str
    held: bool
    name: str
    lines: tuple[str, ...]


def read_drawings(text: str) -> list[Drawing]:
    """Find the drawings in the text; a block that starts with neither class is a comment."""
    drawings: list[Drawing] = []
    seen: dict[tuple[str, ...], str] = {}
    for block in text.split("\n\n"):
        head, *lines = block.strip("\n").split("\n")
        label, _, rest = head.partition(" ")
        part, colon, name = rest.partition(": ")
        if label not in CLASSES:
            continue
        if part not in ("train", "held") or not colon:
            raise ValueError(f"{head!r} is not like {label + ' train: in words'!r}")
        if len(lines) != SIDE or any(len(line) != SIDE for line in lines):
            raise ValueError(f"{head!r} is not {SIDE} lines of {SIDE} squares")
        if not set("".join(lines)) <= set(INK):
            raise ValueError(f"{head!r} has a character other than {' '.join(INK)}")
        drawing = Drawing(label, part == "held", name, tuple(lines))
        if drawing.lines in seen:
            raise ValueError(f"{head!r} is the same drawing as {seen[drawing.lines]!r}")
        seen[drawing.lines] = head
        drawings.append(drawing)
    return drawings


def alternate(drawings: Iterable[Drawing], *, held: bool) -> list[Drawing]:
    """Order one part of the drawings: face, car, face, car."""
    part = [drawing for drawing in drawings if drawing.held is held]
    faces, cars = ([d for d in part if d.label == label] for label in CLASSES)
    return [drawing for pair in zip(faces, cars, strict=True) for drawing in pair]


def xavier(rng: random.Random, rows: int, columns: int) -> list[list[float]]:
    """Draw weights evenly from -r to r, r = sqrt(6 / (rows + columns)), 3 decimals."""
    reach = (6 / (rows + columns)) ** 0.5
    # Adding 0.0 turns a rounded -0.0 into 0.0.
    return [[round((2 * rng.random() - 1) * reach, 3) + 0.0 for _ in range(columns)] for _ in range(rows)]


def block(rows: Iterable[str], indent: int) -> str:
    """Lay out a JSON list with one entry a line."""
    margin = " " * indent
    return "[\n" + ",\n".join(margin + "  " + row for row in rows) + f"\n{margin}]"


def numbers(row: Sequence[float], width: int) -> str:
    """Write one row of numbers in columns of one width."""
    return ", ".join(f"{value:g}".rjust(width) for value in row)


def matrix(rows: Sequence[Sequence[float]], indent: int) -> str:
    """Lay out weights, one row a line."""
    return block((f"[{numbers(row, 6)}]" for row in rows), indent)


def pictures(drawings: Sequence[Drawing], indent: int) -> str:
    """Lay out rows of x as they look: a drawing is 8 lines of 8 numbers."""
    gap = ",\n" + " " * (indent + 3)
    return block(
        ("[" + gap.join(numbers([INK[c] for c in line], 3) for line in drawing.lines) + "]" for drawing in drawings),
        indent,
    )


def targets(drawings: Sequence[Drawing], indent: int) -> str:
    """Lay out rows of y, a face and a car a line."""
    rows = [json.dumps([int(d.label == label) for label in CLASSES]) for d in drawings]
    pairs = zip(rows[::2], rows[1::2], strict=True)
    return block((f"{face}, {car}" for face, car in pairs), indent)


def render(drawings: Sequence[Drawing]) -> str:
    """Write the whole example as JSON that a person can read."""
    train = alternate(drawings, held=False)
    held = alternate(drawings, held=True)
    rng = random.Random(SEED)
    first = xavier(rng, SIDE * SIDE, HIDDEN)
    second = xavier(rng, HIDDEN, len(CLASSES))
    return f"""{{
  "order": 3,
  "title": {json.dumps(TITLE)},
  "description": {json.dumps(DESCRIPTION)},
  "experiment": {{
    "title": {json.dumps(TITLE)},
    "network": {{
      "layers": [
        {{
          "weights": {matrix(first, 10)},
          "bias": {json.dumps([0] * HIDDEN)},
          "activation": "sigmoid"
        }},
        {{
          "weights": {matrix(second, 10)},
          "bias": {json.dumps([0] * len(CLASSES))},
          "activation": "sigmoid"
        }}
      ],
      "cost": "squared_error",
      "reduction": "mean"
    }},
    "data": {{
      "x": {pictures(train, 6)},
      "y": {targets(train, 6)},
      "classes": {json.dumps(CLASSES)},
      "image_shape": {json.dumps([SIDE, SIDE])},
      "held_back": {{
        "x": {pictures(held, 8)},
        "y": {targets(held, 8)}
      }}
    }},
    "optimizer": {{"name": "sgd", "learning_rate": {LEARNING_RATE}}},
    "batch_size": null,
    "iteration": 0,
    "optimizer_state": null
  }}
}}
"""


def main() -> None:
    """Read the drawings, write the example, and say what was written."""
    drawings = read_drawings(SOURCE.read_text(encoding="utf-8"))
    text = render(drawings)
    json.loads(text)
    TARGET.write_text(text, encoding="utf-8", newline="\n")
    held = sum(drawing.held for drawing in drawings)
    print(f"{TARGET.name}: {len(drawings) - held} to train, {held} held back")


if __name__ == "__main__":
    main()
