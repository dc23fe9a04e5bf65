"""The scripts of /export, run: each prints the numbers that the API answers, to the last digit.

They are run in an empty directory by a Python that sees nothing of this project. A script prints ten digits that count.
NumPy sums in an order of its own, and so does PyTorch; where terms of a sum cancel, or the tenth digit is about to
turn, two right answers may part in the last printed digit. So a number may be off by one unit there, or by as much as
rounding makes of the largest number of its tensor.

PyTorch is no dependency of this project: its scripts are run where the variable BACKPROP_TORCH_PYTHON names a Python
that has it, or this one has, and else skipped.
"""

import importlib.util
import json
import math
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.core.graph.activations import ACTIVATIONS
from app.core.graph.costs import COSTS
from app.core.training.optimizers import OPTIMIZERS
from app.core.training.schedules import SCHEDULES, Schedule
from app.main import create_app
from tests.helpers import copy, network, read
from tests.tools.fixtures import CASES as FIXTURES
from tests.tools.fixtures import DIVERGED, SATURATED, SOFTMAX, ZEROS

Document = dict[str, Any]
Tensor = Any  # a number, a list of numbers, a list of lists

SECONDS = 120
TORCH = "BACKPROP_TORCH_PYTHON"
DIGITS = 10
ROUNDING = 2e-15  # of the largest number of a tensor: some ten roundings of a double
SGD: Document = {"name": "sgd", "learning_rate": 0.1}
TITLE = """It's "π" \\ 100 % $HOME `id` !! ''' \"\"\" \u2028 \u202e 猫 🐈 \r\n import os # coding: latin-1"""


# --- experiments that cover the tables --------------------------------------------------------------------------------


def mapped(function: Any, *tensors: Tensor) -> Tensor:
    """`function` of the numbers that stand in the same place."""
    if isinstance(tensors[0], list):
        return [mapped(function, *parts) for parts in zip(*tensors, strict=True)]
    return function(*tensors)


def with_optimizer(document: Document, optimizer: Document, state: Document | None = None) -> Document:
    return document | {"optimizer": optimizer, "optimizer_state": state}


def state_like(document: Document, *names: str, t: int | None = None) -> Document:
    """Some memory of each parameter, as if iterations had gone before."""
    state: Document = {}
    for number, layer in enumerate(document["network"]["layers"]):
        state[f"W{number}"] = memory(layer["weights"], names, t)
        if layer["bias"] is not None:
            state[f"b{number}"] = memory(layer["bias"], names, t)
    return state


def memory(tensor: Tensor, names: tuple[str, ...], t: int | None) -> Document:
    made = {"v": lambda w: w / 3 - 0.02, "s": lambda w: abs(w) / 7 + 0.01}
    return {name: mapped(made[name], tensor) for name in names} | ({} if t is None else {"t": t})


def in_batches(document: Document, size: int, iteration: int) -> Document:
    return document | {"batch_size": size, "iteration": iteration}


def dropped(document: Document) -> Document:
    for layer in document["network"]["layers"][:-1]:
        layer["dropout"] = 0.4
    return document | {"dropout_seed": 11, "shuffle_seed": 1}


def penalized(penalty: Document, document: Document | None = None) -> Document:
    document = copy(document or BASE)
    document["network"]["penalty"] = penalty
    return document


def leaky(slope: float | None) -> Document:
    document = network(3, [2, 3, 2], ["leaky_relu", "leaky_relu"], "half_squared_error", rows=4)
    if slope is not None:
        document["network"]["layers"][0]["slope"] = slope
    return document


def one_hot(document: Document) -> Document:
    """Targets of which most are 0: terms that are absent from the cost."""
    rows, columns = len(document["data"]["y"]), len(document["data"]["y"][0])
    document["data"]["y"] = [[float(column == row % columns) for column in range(columns)] for row in range(rows)]
    return document


def least() -> Document:
    """Only what is required."""
    return {
        "network": {"layers": [{"weights": [[0.5, -1], [1e-7, 123456789]], "activation": "tanh"}]},
        "data": {"x": [[1, 2e-9]], "y": [[0.25, -0.5]]},
    }


def far_out(activation: str) -> Document:
    """Pre-activations in both tails, where a careless formula cancels or overflows."""
    weights = [[-700.0, -40.0, -15.0, -3.0, 0.0, 3.0, 15.0, 40.0, 700.0]]
    layer = {"weights": weights, "bias": None, "activation": activation}
    return {
        "network": {"layers": [layer], "cost": "squared_error"},
        "data": {"x": [[1.0]], "y": [[0.0] * 9]},
        "optimizer": SGD,
    }


def saturated(cost: str, activation: str) -> Document:
    """Outputs that are 0 or 1 to the last bit, and right: 0 · ln 0."""
    layer = {"weights": [[800.0, -800.0]], "bias": None, "activation": activation}
    return {
        "network": {"layers": [layer], "cost": cost, "reduction": "sum"},
        "data": {"x": [[1.0], [-1.0]], "y": [[1.0, 0.0], [0.0, 1.0]]},
        "optimizer": SGD,
    }


def beyond(cost: str, activation: str) -> Document:
    """An output below the normal doubles: its slope is beyond them, but that of the mean is not."""
    document = saturated(cost, activation)
    document["network"]["reduction"] = "mean"
    document["network"]["layers"][0]["weights"] = [[0.0, -710.5]]
    document["data"] |= {"x": [[1.0]] * 8, "y": [[0.0, 1.0]] * 8}
    return document


def squares_beyond() -> Document:
    """A sum of squares beyond the doubles, and a mean within them."""
    document = network(14, [2, 1], ["identity"], "squared_error", rows=4)
    document["data"]["y"] = [[1e154]] * 4
    return document


MOMENTUM: Document = {"name": "momentum", "learning_rate": 0.05, "momentum": 0.8}
RMSPROP: Document = {"name": "rmsprop", "learning_rate": 0.02, "alpha": 0.9, "eps": 1e-6}
ADAM: Document = {"name": "adam", "learning_rate": 0.03, "beta1": 0.8, "beta2": 0.99, "eps": 1e-7}
BASE = network(11, [3, 4, 2], ["sigmoid", "tanh"], "mean_squared_error", rows=5)

INNER = list(ACTIVATIONS)

CASES: dict[str, Document] = {
    "least": least(),
    "title": least() | {"title": TITLE},
    "plain": network(1, [3, 2], ["identity"], "squared_error", bias=False, rows=1),
    "relu, sum": network(2, [3, 5, 2], ["relu", "identity"], "squared_error", reduction="sum"),
    "leaky_relu": leaky(None),
    "leaky_relu, slope": leaky(0.25),
    "softplus, gelu": network(4, [2, 4, 3, 2], ["softplus", "gelu", "tanh"], "mean_squared_error", rows=4),
    "silu, entropy": network(5, [3, 4, 2], ["silu", "sigmoid"], "binary_cross_entropy"),
    "softmax, one-hot": one_hot(network(6, [3, 4, 3], ["tanh", "softmax"], "cross_entropy", rows=5)),
    "softmax, sum": network(7, [3, 4, 3], ["gelu", "softmax"], "squared_error", reduction="sum"),
    "entropy, one-hot": one_hot(network(8, [2, 3], ["sigmoid"], "binary_cross_entropy", bias=False)),
    "batch": in_batches(network(9, [2, 3, 1], ["tanh", "identity"], "half_squared_error", rows=5), 3, 1),
    "batch wraps": in_batches(network(9, [2, 3, 1], ["tanh", "identity"], "squared_error", rows=5), 4, 2**53 - 1),
    "deep": network(10, [4] * 9, ["tanh", "sigmoid"] * 4, "squared_error", rows=20),
    "momentum": with_optimizer(BASE, MOMENTUM),
    "momentum goes on": with_optimizer(BASE, MOMENTUM, state_like(BASE, "v")),
    "nesterov": with_optimizer(BASE, MOMENTUM | {"nesterov": True}),
    "nesterov goes on": with_optimizer(BASE, MOMENTUM | {"nesterov": True}, state_like(BASE, "v")),
    "nesterov without momentum": with_optimizer(BASE, MOMENTUM | {"nesterov": True, "momentum": 0}),
    "rmsprop": with_optimizer(BASE, {"name": "rmsprop"}),
    "rmsprop goes on": with_optimizer(BASE, RMSPROP, state_like(BASE, "s")),
    "adam": with_optimizer(BASE, {"name": "adam"}),
    "adam goes on": with_optimizer(in_batches(BASE, 2, 7), ADAM, state_like(BASE, "v", "s", t=7)),
    "zeros": ZEROS,
    "saturated": SATURATED,
    "diverged": DIVERGED,
    "rows held back": SOFTMAX,
    "logits": network(12, [3, 4, 1], ["tanh", "identity"], "binary_cross_entropy_from_logits"),
    "logits, one-hot": one_hot(network(13, [3, 4, 3], ["tanh", "identity"], "cross_entropy_from_logits", rows=5)),
    "rounded, x = 40": FIXTURES["rounded"],
    "rounded, x = 1000": FIXTURES["straight"],
    "rounded softmax": FIXTURES["straight_softmax"],
    "logits of any size": FIXTURES["logits"],
    **{
        f"beyond a double, {name}": beyond(*name)
        for name in (("cross_entropy", "softmax"), ("binary_cross_entropy", "sigmoid"))
    },
    "squares beyond a double": squares_beyond(),
    "cross_entropy of zeros": saturated("cross_entropy", "softmax"),
    "binary_cross_entropy of zeros": saturated("binary_cross_entropy", "sigmoid"),
    **{f"far out, {name}": far_out(name) for name in INNER},
    **{f"behind {name}": network(15, [3, 2, 2], [name, "sigmoid"], rows=3) for name in INNER},
    **{f"cost {name}": one_hot(network(16, [3, 3], ["softmax"], name)) for name in COSTS},
    **{f"optimizer {name}": with_optimizer(BASE, {"name": name}) for name in OPTIMIZERS},
    **{
        f"optimizer {name} decays": with_optimizer(BASE, {"name": name, "weight_decay": 0.3, "learning_rate": 0.1})
        for name in OPTIMIZERS
    },
    "nesterov decays": with_optimizer(BASE, MOMENTUM | {"nesterov": True, "weight_decay": 0.3}, state_like(BASE, "v")),
    "adagrad goes on": with_optimizer(BASE, {"name": "adagrad", "weight_decay": 0.3}, state_like(BASE, "s")),
    "adamw goes on": with_optimizer(BASE, ADAM | {"name": "adamw"}, state_like(BASE, "v", "s", t=7)),
    **{
        f"rate falls, {name}": in_batches(BASE, 2, 250) | {"shuffle_seed": 4, "schedule": {"name": name}}
        for name in SCHEDULES
    },
    "penalty l2": penalized({"name": "l2", "strength": 0.3}),
    "penalty l2, whole, biases": penalized({"name": "l2", "strength": 0.3, "halved": False, "biases": True}),
    "penalty l1": penalized({"name": "l1", "strength": 0.3}),
    "penalty behind softmax": penalized(
        {"name": "l1", "biases": True}, network(6, [3, 4, 3], ["tanh", "softmax"], "cross_entropy", rows=5)
    ),
    "dropout": dropped(in_batches(network(9, [2, 6, 5, 1], ["tanh", "relu", "identity"], rows=5), 3, 7)),
    "adamw without decay": with_optimizer(BASE, {"name": "adamw", "weight_decay": 0}),
}


# --- what the API says ------------------------------------------------------------------------------------------------


CLIENT = TestClient(create_app())


def expected(document: Document) -> list[tuple[str, Tensor]]:
    """The tensors that a script prints, by name and in order."""
    response = CLIENT.post("/api/v1/step", json=document)
    assert response.status_code == 200, response.text
    answer = response.json()
    printed: list[tuple[str, Tensor]] = []
    for node in answer["trace"]["nodes"]:
        printed += [(node["id"], node["value"]), (f"grad {node['id']}", node["gradient"])]
    return printed + [(f"after {update['parameter']}", update["after"]) for update in answer["updates"]]


# --- comparing --------------------------------------------------------------------------------------------------------


def rows(name: str, tensor: Tensor) -> Iterator[tuple[str, list[Any]]]:
    """The lines of a tensor: what stands in front, and the numbers."""
    if not isinstance(tensor, list):
        yield name, [tensor]
    elif not isinstance(tensor[0], list):
        yield name, tensor
    else:
        yield from ((f"{name}[{index}]", row) for index, row in enumerate(tensor))


def largest(tensor: Tensor) -> float:
    flat = tensor if isinstance(tensor, list) else [tensor]
    return max(largest(it) if isinstance(it, list) else abs(float(it)) for it in flat)


def text(number: Any) -> str:
    """As the scripts write it."""
    return number if isinstance(number, str) else format(number + 0.0, f".{DIGITS}g")


# PyTorch's tanh′ is 1 − a², and its update is rounded once: what is left of 1 is off by as much.
OF_PYTORCH = 1e-15


def same(printed: str, number: Any, scale: float, least: float = 0.0) -> bool:
    """Equal as text; or one unit of the last digit apart, or as much as rounding makes of numbers of size `scale`."""
    if printed == text(number):
        return True
    if isinstance(number, str) or not math.isfinite(float(printed)):
        return False
    unit = 10.0 ** (math.floor(math.log10(abs(number))) + 1 - DIGITS) if number else 0.0
    slack = ROUNDING * scale if math.isfinite(scale) else 0.0
    return abs(float(printed) - float(text(number))) <= max(1.001 * unit, slack, least)


def assert_prints(output: str, tensors: list[tuple[str, Tensor]], least: float = 0.0) -> None:
    """Each line by its name, each number by its digits, nothing left over."""
    lines = output.splitlines()
    wanted = [(front, numbers, largest(tensor)) for name, tensor in tensors for front, numbers in rows(name, tensor)]
    assert len(lines) == len(wanted), output
    for line, (front, numbers, scale) in zip(lines, wanted, strict=True):
        words = line.removeprefix(f"{front} ").split(" ")
        assert line.startswith(f"{front} "), f"{line!r} should begin with {front}"
        assert len(words) == len(numbers), line
        for word, number in zip(words, numbers, strict=True):
            assert same(word, number, scale, least), f"{front}: printed {word}, the API says {text(number)} ({number})"


def run(python: str, script: str, folder: Path) -> str:
    """What the script prints, run by itself where there is nothing else."""
    path = folder / "iteration.py"
    path.write_text(script, encoding="utf-8", newline="\n")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [python, "-I", "-W", "error", str(path)],
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout


# --- the tests --------------------------------------------------------------------------------------------------------


def exported(document: Document, language: str, **more: str) -> str:
    response = CLIENT.post("/api/v1/export", params={"as": language, **more}, json=document)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    return response.text


@pytest.mark.parametrize("name", CASES)
def test_the_numpy_script_prints_the_numbers_of_the_api(name: str, tmp_path: Path) -> None:
    assert_prints(run(sys.executable, exported(CASES[name], "numpy"), tmp_path), expected(CASES[name]))


def torch_python() -> str | None:
    """A Python that has torch."""
    if named := os.environ.get(TORCH):
        return named
    return sys.executable if importlib.util.find_spec("torch") else None


# One process runs all of them: to import torch takes seconds.
ALL = """import contextlib, io, json, sys, warnings
warnings.simplefilter("error")
outputs = []
for script in json.load(sys.stdin):
    with contextlib.redirect_stdout(io.StringIO()) as output:
        exec(compile(script, "iteration.py", "exec"), {"__name__": "__main__"})
    outputs.append(output.getvalue())
json.dump(outputs, sys.stdout)
"""


@pytest.fixture(scope="module")
def torch_outputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    python = torch_python()
    if python is None:
        pytest.skip(f"NO PYTORCH: the PyTorch scripts were not run. Set {TORCH} to a Python that has torch.")
    done = subprocess.run(
        [python, "-I", "-c", ALL],
        input=json.dumps([exported(case, "pytorch") for case in CASES.values()]),
        cwd=tmp_path_factory.mktemp("torch"),
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(zip(CASES, json.loads(done.stdout), strict=True))


@pytest.mark.parametrize("name", CASES)
def test_the_pytorch_script_prints_them_too(name: str, torch_outputs: dict[str, str]) -> None:
    assert_prints(torch_outputs[name], expected(CASES[name]), OF_PYTORCH)


def test_a_pytorch_script_runs_by_itself(tmp_path: Path) -> None:
    python = torch_python()
    if python is None:
        pytest.skip(f"NO PYTORCH: the PyTorch scripts were not run. Set {TORCH} to a Python that has torch.")
    assert_prints(run(python, exported(CASES["title"], "pytorch"), tmp_path), expected(CASES["title"]))


RATES = """import json, sys, torch
optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr={rate})
scheduler = {scheduler}
rates = []
for _ in range({count}):
    rates.append(optimizer.param_groups[0]["lr"])
    optimizer.step()
    scheduler.step()
json.dump(rates, sys.stdout)
"""


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_rate_falls_as_pytorch_lets_it_fall(name: str, tmp_path: Path) -> None:
    python = torch_python()
    if python is None:
        pytest.skip(f"NO PYTORCH: the PyTorch scripts were not run. Set {TORCH} to a Python that has torch.")
    fields = {
        "step": {"every": 7, "factor": 0.5},
        "exponential": {"factor": 0.9},
        "cosine": {"steps": 60, "least": 0.1},
    }
    schedule = Schedule(name, fields[name])
    spelled = {field: repr(value) for field, value in schedule.fields.items()}
    code = RATES.format(rate=0.3, scheduler=schedule.row.torch.format(**spelled), count=60)
    found = json.loads(run(python, code, tmp_path))
    assert found == pytest.approx([schedule.rate(0.3, iteration) for iteration in range(60)], rel=1e-12)


@pytest.mark.parametrize("name", CASES)
def test_a_pytorch_script_is_python(name: str) -> None:
    compile(exported(CASES[name], "pytorch"), "iteration.py", "exec")


FAKE_CURL = """#!/bin/sh
for argument in "$@"; do printf '%s\\n' "$argument"; done > arguments
cat > body
"""


def pasted(command: str, folder: Path) -> tuple[list[str], Document]:
    """The arguments and the body that curl gets when the command is run by bash."""
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("there is no bash to paste the command into")
    tools = folder / "tools"
    tools.mkdir()
    (tools / "curl").write_text(FAKE_CURL, encoding="utf-8")
    (tools / "curl").chmod(0o755)
    environment = os.environ | {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}
    subprocess.run([bash], input=command, cwd=folder, env=environment, encoding="utf-8", check=True, timeout=SECONDS)
    body: Document = json.loads((folder / "body").read_text("utf-8"))
    return (folder / "arguments").read_text("utf-8").splitlines(), body


@pytest.mark.parametrize("name", ["least", "title", "adam goes on", "diverged"])
def test_the_command_posts_the_experiment(name: str, tmp_path: Path) -> None:
    arguments, body = pasted(exported(CASES[name], "curl", path="/step?lean=true"), tmp_path)
    assert read(body)[0] == read(CASES[name])[0]
    assert CLIENT.post("/api/v1/step", json=body).text == CLIENT.post("/api/v1/step", json=CASES[name]).text
    assert arguments[1] == "http://testserver/api/v1/step?lean=true"
    assert arguments[-2:] == ["--data-binary", "@-"]


def test_a_command_may_be_long(tmp_path: Path) -> None:
    document = copy(CASES["plain"])
    document["data"] |= {"x": [[1 / 3, index / 7, -index / 9] for index in range(10_000)], "y": [[0.1, 1e-9]] * 10_000}
    command = exported(document, "curl")
    assert len(command) > 500_000
    assert pasted(command, tmp_path)[1]["data"] == document["data"]
