"""Networks of any depth, as experiments."""

import random
from typing import Any


def deep(layers: int, width: int = 2, bias: bool = False) -> dict[str, Any]:
    """An experiment of so many layers of one width, tanh, the same weights at every call."""
    rng = random.Random(layers)
    weights = [[[round(rng.uniform(-1, 1), 2) for _ in range(width)] for _ in range(width)] for _ in range(layers)]
    return {
        "title": f"{layers} layers",
        "network": {
            "layers": [
                {"weights": matrix, "bias": [0.1] * width if bias else None, "activation": "tanh"} for matrix in weights
            ],
            "cost": "squared_error",
            "reduction": "mean",
        },
        "data": {"x": [[0.5] * width], "y": [[0.25] * width]},
        "optimizer": {"name": "sgd", "learning_rate": 0.1},
        "batch_size": None,
        "iteration": 0,
        "optimizer_state": None,
    }


def nodes(layers: int, bias: bool) -> int:
    """How many nodes its graph has: x, y and C, and for each layer W, m, a and maybe b."""
    return 3 + layers * (4 if bias else 3)
