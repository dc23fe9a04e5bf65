"""LaTeX that compiles: formulas, numbers and text, and whole documents of every kind."""

import math
import re
from typing import Any

import numpy as np
import pytest

from app.documents import catalog
from app.export.python import one_line
from app.export.tex import equation, escaped, number, sides, symbol, tensor
from tests.helpers import lecture
from tests.test_exports import CASES, exported

KNOWN = r"""
    \documentclass \usepackage \allowdisplaybreaks \setlength \parindent \addtolength \oddsidemargin \textwidth
    \begin \end \section \subsection \frac \sqrt \hat \varepsilon \partial \cdot \odot \left \right \sum \exp \ln \tanh
    \cos \max \min \operatorname \top \alpha \beta \mu \rho \Phi \varphi \sigma \leftarrow \le \cdots \vdots \dots \quad
    \lambda \text \infty \mathrm \% \& \# \_ \{ \} \$ \textbackslash \textasciitilde \textasciicircum \times \pi
"""


def assert_sound(document: str) -> None:
    """It consists of what is known, and all that opens closes."""
    text = re.sub("^%.*$", "", document, count=1, flags=re.M)
    assert set(re.findall(r"\\(?:[a-zA-Z]+|.)", text.replace("\\\\", "\n"), re.S)) <= {*KNOWN.split()}
    depth = 0
    for brace in re.findall("[{}]", re.sub(r"\\[{}]", "", text)):
        depth += 1 if brace == "{" else -1
        assert depth >= 0
    assert depth == 0
    opened: list[str] = []
    for verb, name in re.findall(r"\\(begin|end)\{(\w+\*?)\}", text):
        if verb == "begin":
            opened.append(name)
        else:
            assert opened.pop() == name
    assert not opened
    assert len(re.findall(r"\\left[(\[|]", text)) == len(re.findall(r"\\right[)\]|]", text))
    assert re.fullmatch("[ -~\nÀ-ÿ]*", text)
    assert text.replace("\\$", "").count("$") % 2 == 0
    assert not re.search(r"\\\\\s*\[", text)  # LaTeX would read a length there


@pytest.mark.parametrize("name", CASES)
def test_every_iteration_and_every_chain_rule_is_sound(name: str) -> None:
    assert_sound(exported(CASES[name], "latex"))
    assert_sound(exported(CASES[name], "latex", parameter="W0", row="0", column="0"))


def test_a_title_cannot_be_a_command() -> None:
    title = "\\end{document} $ % ~^ 猫 α\n\\x"
    assert_sound(exported(lecture() | {"title": title}, "latex"))


@pytest.mark.parametrize("table", ["activations", "costs", "optimizers"])
def test_every_formula_of_the_tables_can_be_set(table: str) -> None:
    for row in catalog.document()[table]:
        for formula in (row["formula"], row["derivative"] or "0", *row.get("lines", ())):
            symbols = sides(formula, lambda *_: None).symbols
            assert re.fullmatch("[ -~]*", symbols)
            assert "\\text{" not in symbols


def test_the_iteration_of_the_lecture() -> None:
    text = exported(lecture(), "latex")
    for part in (
        r"\section*{The lecture's network: iteration 0}",
        r"""m_{0} &= x \cdot W_{0} \\
&= \begin{pmatrix} 0.5 & 0.8 \end{pmatrix} \cdot \begin{pmatrix} 0.4 & -0.6 & 0.2 \\ 0.3 & 0.5 & -0.7 \end{pmatrix} \\
&= \begin{pmatrix} 0.44 & 0.1 & -0.46 \end{pmatrix}""",
        r"\frac{\partial C}{\partial W_{1}} &= \left(\frac{\partial m_{1}}{\partial W_{1}}\right)^{\top} \cdot "
        r"\frac{\partial C}{\partial m_{1}} \\",
        r"""W_{0} &\leftarrow W_{0} - \alpha \cdot \frac{\partial C}{\partial W_{0}} \\
&= \begin{pmatrix} 0.4 & -0.6 & 0.2 \\ 0.3 & 0.5 & -0.7 \end{pmatrix} - 0.5 \cdot \begin{pmatrix}""",
    ):
        assert part in text


def test_the_chain_rule_of_a_weight() -> None:
    text = exported(lecture(), "latex", parameter="W0", row="1", column="2")
    for part in (
        r"""\frac{\partial a_{1}[0,0]}{\partial m_{1}[0,0]} &= a_{1}[0,0] \cdot \left(1 - a_{1}[0,0]\right) \\
&= 0.4164 \cdot \left(1 - 0.4164\right) \\
&= 0.2430""",
        r"\left(-1.1671\right) \cdot 0.2430 \cdot \left(-0.9\right) \cdot 0.2372 \cdot 0.8",
        "&= 0.0484",
        r"W_{0}[1,2] &\leftarrow -0.7 + \left(",
        "agrees.",
    ):
        assert part in text


def test_the_update_is_written_out_line_by_line() -> None:
    text = exported(CASES["adam goes on"], "latex").partition("Update")[2]
    assert r"\hat{v} &\leftarrow \frac{v}{1 - {\beta_{1}}^{t}}" in text
    assert "{0.8}^{8}" in text  # β1ᵗ at t = 8
    assert "t &\\leftarrow t + 1 \\\\\n&= 7 + 1 \\\\\n&= 8" in text
    assert "\\top" not in text


def test_where_a_has_rounded_it_is_said() -> None:
    assert "to all 16 digits" in exported(CASES["rounded, x = 40"], "latex")
    straight = exported(CASES["rounded, x = 1000"], "latex", parameter="W0", row="0", column="0")
    assert re.search(r"is taken from \$.*\$ straight", straight)


def test_a_name_that_is_not_known_leaves_the_symbols() -> None:
    assert equation("W0 ← W0 − α · v / (sqrt(s) + ε)", lambda *_: None, "1") == (
        "\\begin{align*}\nW_{0} &\\leftarrow W_{0} - \\frac{\\alpha \\cdot v}{\\sqrt{s} + \\varepsilon} \\\\\n&= 1\n"
        "\\end{align*}"
    )


@pytest.mark.parametrize("formula", ["W0 ← β₁^t % {", "a +", "(a", "[a]", "max(a", "a b", ")", "∂C", "", "a0 = ="])
def test_what_is_no_formula_stands_as_text(formula: str) -> None:
    found = sides(formula, lambda *_: 1.0)
    assert found == ("", "", f"\\text{{{escaped(formula)}}}", None)


def test_numbers_in_formulas_stand_in_brackets_where_they_need_some() -> None:
    def numbers(formula: str, value: Any) -> str | None:
        return sides(formula, lambda *_: value).numbers

    assert numbers("x · W0", -0.5) == r"\left(-0.5\right) \cdot \left(-0.5\right)"
    assert numbers("x / W0", -0.5) == r"\frac{-0.5}{-0.5}"
    assert numbers("x", np.array([[-0.5]])) == "-0.5"
    assert numbers("(x)² / (1 + x) · (x)", 2.0) == r"\frac{{\left(2\right)}^{2}}{1 + 2} \cdot \left(2\right)"


def test_large_matrices_are_abridged() -> None:
    row = np.arange(9.0)
    assert tensor(row) == r"\begin{pmatrix} 0 & 1 & 2 & 3 & \cdots & 8 \end{pmatrix}"
    assert tensor(np.stack([row, row], axis=1)) == (
        r"\begin{pmatrix} 0 & 0 \\ 1 & 1 \\ 2 & 2 \\ 3 & 3 \\ \vdots & \vdots \\ 8 & 8 \end{pmatrix}"
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-1.5e-7, r"-1.5 \cdot 10^{-7}"),
        (123456.0, r"1.2 \cdot 10^{5}"),
        (1e200, r"1 \cdot 10^{200}"),
        (0.03125, "0.0313"),
        (0.5, "0.5"),
        (-0.0, "0"),
        (1234.56, "1234.6"),
        (-math.inf, r"-\infty"),
        (math.nan, r"\mathrm{NaN}"),
    ],
)
def test_a_number_is_rounded_as_on_the_page(value: float, text: str) -> None:
    assert number(value) == text


def test_names_and_text() -> None:
    assert [symbol(id) for id in ("W0[1,2]", "β1", "v̂", "softmax")] == [
        "W_{0}[1,2]",
        r"\beta_{1}",
        r"\hat{v}",
        r"\mathrm{softmax}",
    ]
    assert escaped("50 % of {a_b} \\ é ∂ 猫") == r"50 \% of \{a\_b\} \textbackslash{} é $\partial$ ?"
    assert one_line(" a\r\nb\u2028c\u202ed\0 ") == "a b c d"
