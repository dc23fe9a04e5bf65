"""Write the examples whose data is drawn, by the same code as `/initialize`.

Run it from the top of the project:

    python -m tests.tools.examples
"""

import json
from pathlib import Path
from typing import Any

from app.core.training.datasets import DATASETS
from app.documents import encoding, traces
from tests.helpers import initialized

EXAMPLES = Path(__file__).resolve().parents[2] / "app" / "examples"
FIRST_ORDER = 4

# What each is made of: defaults with which a newcomer's training succeeds.
CHOICES: dict[str, dict[str, Any]] = {
    "moons": {
        "sizes": [2, 6, 2],
        "activations": ["tanh", "softmax"],
        "cost": "cross_entropy",
        "optimizer": {"name": "adam", "learning_rate": 0.05},
    },
    "circles": {
        "sizes": [2, 6, 2],
        "activations": ["tanh", "softmax"],
        "cost": "cross_entropy",
        "optimizer": {"name": "adam", "learning_rate": 0.05},
    },
    "spiral": {
        "sizes": [2, 10, 10, 2],
        "activations": ["tanh", "tanh", "softmax"],
        "cost": "cross_entropy",
        "optimizer": {"name": "adam", "learning_rate": 0.02},
    },
    "wave": {
        "sizes": [1, 8, 1],
        "activations": ["tanh", "identity"],
        "cost": "mean_squared_error",
        "optimizer": {"name": "adam", "learning_rate": 0.03},
    },
}


def example(name: str, order: int) -> dict[str, Any]:
    """What the file of an example holds."""
    row = DATASETS[name]
    read = initialized({"title": row.title, "dataset": name, **CHOICES[name]})
    experiment = json.loads(encoding.dumps(traces.experiment(*read)))
    return {"order": order, "title": row.title, "description": row.description, "experiment": experiment}


def render(document: dict[str, Any]) -> str:
    """JSON with every row of a matrix on one line."""
    return _laid_out(document, "") + "\n"


def _laid_out(value: Any, indent: str) -> str:
    inner = indent + "  "
    if isinstance(value, dict) and value:
        members = (f"{inner}{json.dumps(name)}: {_laid_out(part, inner)}" for name, part in value.items())
        return "{\n" + ",\n".join(members) + f"\n{indent}}}"
    if isinstance(value, list) and any(isinstance(part, list | dict) for part in value):
        return "[\n" + ",\n".join(inner + _laid_out(part, inner) for part in value) + f"\n{indent}]"
    return json.dumps(value)


def main() -> None:
    """Write them all, and say which."""
    for number, name in enumerate(CHOICES):
        path = EXAMPLES / f"{name}.json"
        path.write_text(render(example(name, FIRST_ORDER + number)), encoding="utf-8", newline="\n")
        print(path.name)


if __name__ == "__main__":
    main()
