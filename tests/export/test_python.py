"""What both scripts have in common, and that every row of the tables can be spelled."""

import numpy as np
import pytest

from app.core.training.optimizers import ROWS, Optimizer
from app.export.python import aligned, assigned, literal
from tests.helpers import lecture
from tests.test_exports import exported


@pytest.mark.parametrize("value", [0.0, 1.0, -3.0, 0.1, 5e-324, 1.7976931348623157e308, 1e21, 1e15, 1.2e17, -1e-7])
def test_a_literal_reads_back_to_the_same_bits(value: float) -> None:
    assert float(literal(value)) == value
    assert "e" in literal(value) or abs(value) < 2**63  # a whole number beyond is refused by some libraries


def test_a_literal_is_short() -> None:
    assert [literal(it) for it in (-0.0, 2.0, 1e20)] == ["-0.0", "2", "1e+20"]


def test_a_matrix_has_a_line_for_each_row() -> None:
    assert [*assigned("b = ", np.array([1.0, 2.0]), "")] == ["b = [1, 2]"]
    assert [*assigned("W = f(", np.array([[1.0, 2.0]]), ")")] == ["W = f([[1, 2]])"]
    assert [*assigned("W = f(", np.array([[1.0], [2.0]]), ")")] == ["W = f([", "    [1],", "    [2],", "])"]


def test_comments_stand_in_one_column() -> None:
    assert aligned([("a = 1", "one"), ("bbb = 2", "two")]) == ["a = 1    # one", "bbb = 2  # two"]


def test_the_numpy_script_of_the_lecture_is_its_equations_and_has_the_functions_it_calls_only() -> None:
    lines = exported(lecture(), "numpy").splitlines()
    code = [line.partition("  #")[0].rstrip() for line in lines]
    for line in ("m0 = x @ W0", "a0 = sigmoid(m0)", "dC_da1 = 2 * (a1 - y)", "dC_dW1 = a0.T @ dC_dm1"):
        assert line in code
    assert "W0_after = W0 - learning_rate * dC_dW0" in code
    assert [line for line in lines if line.startswith("def ")] == [
        "def sigmoid(m):",
        "def text(number):",
        "def show(name, tensor):",
    ]


@pytest.mark.parametrize("language", ["numpy", "pytorch"])
def test_a_title_cannot_end_its_comment_or_stand_where_python_looks_for_an_encoding(language: str) -> None:
    title = 'coding: latin-1 """\nimport os\r\''
    lines = exported(lecture() | {"title": title}, language).splitlines()
    assert next(number for number, line in enumerate(lines) if "coding" in line) > 1
    assert [line for line in lines if "import os" in line] == ['# coding: latin-1 """ import os \'']


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_an_optimizer_that_remembers_says_so_in_pytorch_too(row: Optimizer) -> None:
    for name in row.keeps:
        assert f"{name}_{{w}}" in row.torch_state


def test_a_name_that_the_rule_makes_is_not_a_parameters() -> None:
    formulas = {"text": "C = (w - g_w) ** 2 + mean_w ** 2", "parameters": {"w": 1.0, "g_w": 0.5, "mean_w": 2.0}}
    adam = exported({"formulas": formulas, "optimizer": {"name": "adam"}}, "numpy").splitlines()
    assert {"g_w = np.array(0.5, dtype=float)", "mean_w_ = np.array(2, dtype=float)"} <= {*adam}
    decaying = {"name": "sgd", "weight_decay": 0.5}
    sgd = exported({"formulas": formulas, "optimizer": decaying}, "numpy").splitlines()
    assert {"g_w_ = np.array(0.5, dtype=float)", "mean_w = np.array(2, dtype=float)"} <= {*sgd}
