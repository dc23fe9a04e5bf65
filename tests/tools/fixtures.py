"""Write the traces that the front end's unit tests read: tests/js/fixtures/*.json.

`python -m tests.tools.fixtures` posts each experiment below to the app, without a network, and keeps what was posted
beside what came back, in the lean and in the full form. tests/test_fixtures.py fails when they are out of date.
"""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from app.main import create_app

FOLDER = Path(__file__).resolve().parents[1] / "js" / "fixtures"
API = "/api/v1"

Document = dict[str, Any]

# A second input that is 0, a gate that is closed, an output that hits its target, and in ∂C/∂x two terms that cancel.
ZEROS: Document = {
    "title": "Zeros and their reasons",
    "network": {
        "layers": [
            {"weights": [[1, -2, 0.5], [0.5, 0.5, -0.5]], "bias": None, "activation": "relu"},
            {"weights": [[0.5, 1], [2, -1], [1, 1]], "bias": None, "activation": "identity"},
        ],
        "cost": "squared_error",
        "reduction": "mean",
    },
    "data": {"x": [[1, 0]], "y": [[1, 0]]},
    "optimizer": {"name": "sgd", "learning_rate": 0.1},
}

# Sigmoid at ±3000 is 0 or 1 to the last digit of a double: its slope is exactly 0.
SATURATED: Document = {
    "title": "Saturated",
    "network": {
        "layers": [
            {"weights": [[2000]], "bias": None, "activation": "sigmoid"},
            {"weights": [[-0.5]], "bias": None, "activation": "sigmoid"},
        ]
    },
    "data": {"x": [[1.5]], "y": [[1]]},
}

# C is infinite at once: "Infinity" and "-Infinity" stand in the answer.
DIVERGED: Document = {
    "title": "Diverged",
    "network": {
        "layers": [
            {"weights": [[1e200]], "bias": None, "activation": "identity"},
            {"weights": [[1e200]], "bias": None, "activation": "identity"},
        ]
    },
    "data": {"x": [[1.5]], "y": [[1]]},
}

# The one operation whose local partial has three dimensions; rows held back; biases that sum over rows.
SOFTMAX: Document = {
    "title": "Softmax",
    "network": {
        "layers": [
            {"weights": [[0.3, -0.4], [0.5, 0.2]], "bias": [0.1, -0.1], "activation": "tanh"},
            {"weights": [[0.6, -0.2, 0.1], [-0.3, 0.8, 0.4]], "bias": [0, 0.2, 0], "activation": "softmax"},
        ],
        "cost": "cross_entropy",
        "reduction": "sum",
    },
    "data": {
        "x": [[1, 0.5], [-0.5, 2]],
        "y": [[1, 0, 0], [0, 0, 1]],
        "classes": ["one", "two", "three"],
        "held_back": {"x": [[0.5, 0.5], [-1, 1], [2, -1]], "y": [[1, 0, 0], [0, 1, 0], [0, 0, 1]]},
    },
    "optimizer": {"name": "sgd", "learning_rate": 0.1},
}

# Of the two terms of ∂C/∂W0[0,0] one is 0 by its input, the other by a closed gate.
DIFFERENT_ZEROS: Document = {
    "title": "Zeros for different reasons",
    "network": {
        "layers": [
            {"weights": [[1], [0.5]], "bias": None, "activation": "relu"},
            {"weights": [[1]], "bias": None, "activation": "identity"},
        ],
        "cost": "squared_error",
        "reduction": "sum",
    },
    "data": {"x": [[0, 1], [-2, -1]], "y": [[1], [1]]},
    "optimizer": {"name": "sgd", "learning_rate": 0.1},
}


def unit(x: list[list[float]], weights: list[list[float]], y: list[list[float]], how: tuple[str, str]) -> Document:
    """One layer, without a bias; `how` has its activation and the cost."""
    activation, cost = how
    layers = [{"weights": weights, "bias": None, "activation": activation}]
    return {"title": cost, "network": {"layers": layers, "cost": cost, "reduction": "sum"}, "data": {"x": x, "y": y}}


def penalized() -> Document:
    """The cost is a loss and a penalty: C = L + R."""
    layers = [
        {"weights": [[0.4, -0.6], [0.3, 0.5]], "bias": [0.1, -0.1], "activation": "tanh"},
        {"weights": [[0.5], [-0.2]], "bias": None, "activation": "sigmoid"},
    ]
    network = {"layers": layers, "penalty": {"name": "l2", "strength": 0.02}}
    return {"title": "A penalty", "network": network, "data": {"x": [[0.5, 0.8]], "y": [[1]]}}


def dropped() -> Document:
    """In its first iteration two of three outputs of the hidden layer are left out. The learning rate falls."""
    layers = [
        {"weights": [[0.4, -0.6, 0.2], [0.3, 0.5, -0.7]], "activation": "sigmoid", "dropout": 0.5},
        {"weights": [[-0.5], [0.6], [-0.9]], "activation": "sigmoid"},
    ]
    data = {"x": [[0.5, 0.8]], "y": [[1]]}
    schedule = {"name": "step", "every": 2, "factor": 0.5}
    return {"title": "Dropout", "network": {"layers": layers}, "data": data, "dropout_seed": 3, "schedule": schedule}


def written() -> Document:
    """Formulas: vectors and numbers beside a matrix, stretched over one another; numbers as slopes."""
    lines = ["h = x @ W + b", "d = h - mean(h)", "z = w @ d * k", "a = 1 / (1 + exp(-z))", "C = (a - t)**2"]
    parameters = {"W": [[0.4, -0.6, 0.2], [0.3, 0.5, -0.7]], "b": [0.1, -0.1, 0.2], "w": [0.5, -0.3, 0.8], "k": 2}
    formulas = {"text": "\n".join(lines), "parameters": parameters, "constants": {"x": [1, 0.5], "t": 1}}
    return {"title": "Formulas", "formulas": formulas, "optimizer": {"name": "momentum", "learning_rate": 0.1}}


def shares() -> Document:
    """Softmax of a vector: its local partial is one matrix, and not one for each row."""
    formulas = {"text": "p = softmax(z)\nC = -log(p[1])", "parameters": {"z": [-2, -0.3, 0.8]}}
    return {"title": "Shares", "formulas": formulas}


def nothing() -> Document:
    """Formulas in which some values and some slopes are exactly 0."""
    lines = ["u = x - k", "p = u * z", "s = q ** 2", "m = maximum(v, r)", "C = sum(p) + sum(s) + sum(m) + w @ y"]
    leaves = {"x": [3, 1], "k": 1, "z": [0, 2], "q": [0, 1], "r": [0, 1], "v": [1, -1], "w": [1, 2], "y": [3, 0]}
    return {"title": "Nothing", "formulas": {"text": "\n".join(lines), "parameters": leaves}}


BEHIND_SIGMOID = ("sigmoid", "binary_cross_entropy")
CASES: dict[str, Document] = {
    # a is 1 to all its digits, and C is computed from m all the same; at 1000 the two factors have no product besides.
    "rounded": unit([[40]], [[1]], [[0]], BEHIND_SIGMOID),
    "straight": unit([[1000]], [[1]], [[0]], BEHIND_SIGMOID),
    # Of two examples one is as usual, and in the other an output is 0.
    "straight_softmax": unit([[1], [1000]], [[1, -1, 0]], [[0, 1, 0], [0, 1, 0]], ("softmax", "cross_entropy")),
    # Logits: the predictions are probabilities. And a target that is none.
    "logits": unit([[1], [-2]], [[0.5, 2]], [[0, 1], [0.5, 1.5]], ("identity", "cross_entropy_from_logits")),
    # A cost that cannot be taken of what the activation gives.
    "unfit": unit([[0.5]], [[1]], [[1]], ("tanh", "binary_cross_entropy")),
    "zeros": ZEROS,
    "different_zeros": DIFFERENT_ZEROS,
    "saturated": SATURATED,
    "diverged": DIVERGED,
    "softmax": SOFTMAX,
    "penalized": penalized(),
    "dropped": dropped(),
    "written": written(),
    "shares": shares(),
    "nothing": nothing(),
}
# What the optimizers remember, one case each; the rest of the network does not matter.
OPTIMIZERS: Document = {
    "momentum": {"name": "momentum", "learning_rate": 0.1},
    "nesterov": {"name": "momentum", "learning_rate": 0.1, "nesterov": True},
    "rmsprop": {"name": "rmsprop"},
    "adam": {"name": "adam", "learning_rate": 0.05},
}
for _name, _optimizer in OPTIMIZERS.items():
    _layers = [
        {"weights": [[0.3, -0.4], [0.5, 0.2]], "bias": [0.1, -0.1], "activation": "tanh"},
        {"weights": [[0.6, -0.2], [-0.3, 0.8]], "activation": "sigmoid"},
    ]
    _data = {"x": [[1, 0.5]], "y": [[1, 0]]}
    CASES[_name] = {"title": _name, "network": {"layers": _layers}, "data": _data, "optimizer": _optimizer}
EXAMPLES = ("lecture", "scalar", "xor")
# Formulas, in which nothing is as in a network: what is used twice, in one operation too; vectors before and behind a
# matrix; what is stretched; axes; entries that are equal, and moved; what C does not depend on; an output with a name
# of its own.
WRITTEN = ("used-twice", "recurrent", "attention", "layer-norm", "lstm")
TEXTS: dict[str, tuple[str, Document, Document]] = {
    "slots": (
        "q = w / w\nd = w - w\np = v ** v\nr = v - w * v\nC = w * w + q + d * w + p * r",
        {"w": 1.5, "v": 0.5},
        {},
    ),
    "vectors": (
        "m = w @ X\nn = X @ v\nk = v @ v\nC = m @ v + n @ n + k * (w @ u)",
        {"w": [0.5, -1.0, 2.0], "v": [1.5, -0.5]},
        {"X": [[1, 2], [-1, 0.5], [0.25, 3]], "u": [2, 0.5, -1]},
    ),
    "stretched": (
        "S = row + col\nT = S * row\nU = col / T\nV = k * U\nW = where(col > 1, V, row)\nC = sum(W * W) + k",
        {"row": [0.5, -1.5, 2.0], "col": [[1.0], [3.0]], "k": 0.7},
        {},
    ),
    "axes": (
        "a = sum(X, axis=0)\nb = mean(X * X, axis=1, keepdims=True)\nc = max(X, axis=1)\nd = mean(X, axis=1)\n"
        "C = sum(a * a) + sum(b * X) + c @ d + min(X) * mean(X)",
        {"X": [[1.0, -2.0, 1.0], [0.5, 3.0, -1.0]]},
        {},
    ),
    "choices": (
        "m = maximum(u, v)\nw = where(u > v, u * v, -v)\nk = clip(u, 0, 1)\nC = sum(m * w + k + abs(u) * 0.5) + max(u)",
        {"u": [0.0, 1.0, 2.0, -1.0], "v": [0.0, 0.5, 2.0, 3.0]},
        {},
    ),
    "moved": (
        "a = concat([r, X[0], r])\nb = stack([a, a])\nP = windows(X, 2, 2)\nT = reshape(X, (2, 3)).T\n"
        "C = sum(b * b) + sum(P @ r2) * X[1, 0] + X[1, 0] * T[2, 1]",
        {"X": [[1.0, 2.0], [-0.5, 0.25], [3.0, -1.0]], "r": [0.5, -0.25], "r2": [1.0, -1.0, 0.5, 2.0]},
        {},
    ),
    "zeroed": (
        "p = w * x\nq = where(x > 0, p, u)\ns = (q - t)**2\nC = sum(s) + 0.5 * z * z + u @ o",
        {"w": [0.0, 2.0, 1.0], "u": [0.5, 0.25, 1.0], "z": 0.0},
        {"x": [3.0, 0.0, 1.0], "t": [1.0, 0.25, 1.0], "o": [1.0, 0.0, -1.0]},
    ),
    "unread": ("n = 2 * a\nq = where(a > b, w, w * w)\nC = (w * q)**2", {"w": 1.5, "a": 2.0}, {"b": 1.0}),
    # The rule of adam has lines called t, v and s; and there is a C that is not the output.
    "named": (
        "C = v * t\ns = C**3 + g\nloss = s * s + C",
        {"v": 0.5, "t": -1.5, "g": 0.25},
        {},
    ),
}
WRITTEN_CHAINS = {
    "used-twice": ["parameter=w", "parameter=x"],
    "recurrent": ["parameter=W&row=0&column=0", "parameter=x&row=0&column=1"],
    "layer-norm": ["parameter=g&column=0", "parameter=x&row=1&column=2"],
    "slots": ["parameter=w", "parameter=v"],
    "vectors": ["parameter=v&column=1", "parameter=X&row=2&column=1"],
    "stretched": ["parameter=row&column=1"],
    "axes": ["parameter=X&row=1&column=1"],
    "moved": ["parameter=X&row=1&column=0", "parameter=r&column=0"],
    "unread": ["parameter=w", "parameter=a"],
    "named": ["parameter=v", "parameter=g"],
}
# What the chain lens asks, and of which experiment at its start.
CHAINS = {
    "lecture": ["parameter=W0&row=1&column=2", "parameter=W0&row=1&column=2&fold=m1", "parameter=W1&row=0&column=0"],
    "xor": ["parameter=W0&row=0&column=0", "parameter=b0&column=1"],
    "softmax": ["parameter=W0&row=0&column=1", "parameter=b1&column=2"],
    "zeros": ["parameter=W0&row=1&column=0"],
    "diverged": ["parameter=W0&row=0&column=0"],
    "rounded": ["parameter=W0&row=0&column=0"],
    "straight": ["parameter=W0&row=0&column=0"],
    "straight_softmax": ["parameter=W0&row=0&column=1"],
    "written": ["parameter=b&column=1", "parameter=k"],
}
CHECKS = ("lecture", "rounded", "straight", "zeros", "diverged", "written")
STEPS = 3


def fixtures() -> Iterator[tuple[str, Document]]:
    """Each file's name and what stands in it."""
    client = TestClient(create_app())
    yield "catalog.json", client.get(f"{API}/catalog").json()
    for name in EXAMPLES:
        yield f"{name}.json", run(client, client.get(f"{API}/examples/{name}").json())
    yield "chains.json", chains(client)
    yield "checks.json", checks(client)
    yield "formulas.json", first_steps(client)
    for name, experiment in CASES.items():
        yield f"{name}.json", run(client, copy.deepcopy(experiment))


def first_steps(client: TestClient) -> Document:
    """By name, the first step of each text, and what /chain says of the first entry of some leaves."""
    known = {name: client.get(f"{API}/examples/{name}").json() for name in WRITTEN}
    known |= {name: formulas(name, *given) for name, given in TEXTS.items()}
    known["named"]["optimizer"] = {"name": "adam", "learning_rate": 0.05}
    return {
        name: {
            "experiment": experiment,
            "lean": post(client, "/step?lean=true", experiment),
            "chains": {query: post(client, f"/chain?{query}", experiment) for query in WRITTEN_CHAINS.get(name, ())},
        }
        for name, experiment in known.items()
    }


def formulas(title: str, text: str, parameters: Document, constants: Document) -> Document:
    """An experiment with that text."""
    return {"title": title, "formulas": {"text": text, "parameters": parameters, "constants": constants}}


def chains(client: TestClient) -> Document:
    """By experiment, what /chain says to each question."""
    known = {name: client.get(f"{API}/examples/{name}").json() for name in EXAMPLES} | CASES
    return {
        name: {query: post(client, f"/chain?{query}", known[name]) for query in queries}
        for name, queries in CHAINS.items()
    }


def checks(client: TestClient) -> Document:
    """By experiment, what /check says of it."""
    known = {name: client.get(f"{API}/examples/{name}").json() for name in EXAMPLES} | CASES
    return {name: post(client, "/check", known[name]) for name in CHECKS}


def run(client: TestClient, experiment: Document) -> Document:
    """Some iterations of one experiment; with rows held back, what the network says of them at the start."""
    held_back = experiment.get("data", {}).get("held_back")
    trial = {**experiment, "data": held_back, "batch_size": None, "iteration": 0} if held_back else None
    steps = []
    for _ in range(STEPS):
        lean, full = (post(client, f"/step?lean={lean}", experiment) for lean in ("true", "false"))
        steps.append({"experiment": experiment, "lean": lean, "full": full})
        experiment = full["experiment"]
    return {"steps": steps, "trial": trial and post(client, "/trace?lean=true", trial)}


def post(client: TestClient, path: str, experiment: Document) -> Document:
    """Raises: RuntimeError with the server's words where it refuses."""
    response = client.post(API + path, json=experiment)
    if response.status_code != 200:
        raise RuntimeError(f"{experiment.get('title')}: {response.text}")
    answer: Document = response.json()
    return answer


def render(document: Document) -> str:
    """One line a step, so that a change of one is a change of one line."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return text.replace('{"experiment":{', '\n{"experiment":{') + "\n" if "steps" in document else text + "\n"


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, document in fixtures():
        (FOLDER / name).write_text(render(document), encoding="utf-8", newline="\n")
        print(f"{name}: {(FOLDER / name).stat().st_size} bytes")


if __name__ == "__main__":
    main()
