"""LaTeX that compiles: formulas, numbers and text, and whole documents of every kind."""

import math
import re
from typing import Any

import numpy as np
import pytest

from app.core.training import iteration
from app.core.training.optimizers import OPTIMIZERS
from app.documents import catalog
from app.export import latex
from app.export.python import one_line
from app.export.tex import equation, escaped, number, sides, symbol, tensor
from tests.core.formulas.programs import Program
from tests.equations import Unknown, worth
from tests.helpers import Document, decode, lecture
from tests.test_exports import CASES, CLIENT, exported
from tests.tools.fixtures import TEXTS

KNOWN = r"""
    \documentclass \usepackage \allowdisplaybreaks \setlength \parindent \addtolength \oddsidemargin \textwidth
    \begin \end \section \subsection \frac \sqrt \hat \varepsilon \partial \cdot \odot \left \right \sum \exp \ln \tanh
    \cos \max \min \operatorname \top \alpha \beta \mu \rho \Phi \varphi \sigma \leftarrow \le \cdots \vdots \dots \quad
    \lambda \text \infty \mathrm \% \& \# \_ \{ \} \$ \textbackslash \textasciitilde \textasciicircum \times \pi
    \ge \ne \sin
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


# --- formulas ---------------------------------------------------------------------------------------------------------


def of_text(text: str, parameters: Document, constants: Document) -> Document:
    return {"formulas": {"text": text, "parameters": parameters, "constants": constants}}


WRITTEN = {name: of_text(*given) for name, given in TEXTS.items()}
WRITTEN |= {
    f"random {seed}": of_text(
        program.text, {name: np.asarray(value).tolist() for name, value in program.leaves.items()}, {}
    )
    for seed in range(20)
    for program in [Program(seed, lines=3 + seed % 10)]
}


# Parameters that are called as the letters of the optimizers' rules are, and an output that is not called C.
LETTERS = {"v": 0.5, "t": -1.5, "s": [0.25, 2.0], "g": 0.75, "d": -0.5, "α": 1.25, "λ": 0.4}
WRITTEN |= {
    f"letters, {name}": {
        **of_text("C = v * t\nloss = C * C + sum(s * s) * g + d * d * α + λ * λ", LETTERS, {}),
        "optimizer": {"name": name, "learning_rate": 0.1, "weight_decay": 0.05},
        "schedule": {"name": "exponential"},
    }
    for name in OPTIMIZERS
}


@pytest.mark.parametrize("name", [*WRITTEN, *(it for it in CASES if "penalty" in it or "dropout" in it)])
def test_every_equation_is_true_of_its_numbers(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is used twice, in one operation too: what stands on the right comes to what is said to come out."""
    experiment = iteration.step(decode({**WRITTEN, **CASES}[name])).experiment  # the optimizer remembers something
    step = iteration.whole_step(experiment)
    shapes = {node.id: node.shape for node in step.trace.graph.nodes}
    seen = 0

    def checked(formula: str, lookup: Any, result: str) -> str:
        nonlocal seen
        left = re.split(" [=←] ", formula)[0]
        goals = {shapes[it.strip("∂")] for it in left.split("/") if it.strip("∂") in shapes} | {()}
        try:
            with np.errstate(all="ignore"):
                found = [value for goal in goals for value in worth(formula, lookup, goal)]
        except Unknown:
            return ""
        # One number may stand for as many that are equal, and where two are equal each counts half.
        found += [value.flat[0] for value in found if (value == value.flat[0]).all()]
        texts = {tensor(value * by) for value in found for by in (1.0, 1.0 + 1e-12, 1.0 - 1e-12)}
        is_shared = "[" in formula and "0.5" in result
        assert not found or result in texts or is_shared, f"{formula}: {result} is not {texts}"
        seen += bool(found)
        return ""

    monkeypatch.setattr(latex, "equation", checked)
    assert list(latex.iteration(experiment, None, step))
    assert seen > 5


@pytest.mark.parametrize("name", WRITTEN)
def test_formulas_and_the_chain_rule_of_each_leaf_are_sound(name: str) -> None:
    document = WRITTEN[name]
    assert_sound(exported(document, "latex"))
    for leaf, value in {**document["formulas"]["parameters"], **document["formulas"]["constants"]}.items():
        place = dict(zip(("column", "row"), "0" * np.ndim(value), strict=False))
        assert_sound(exported(document, "latex", parameter=leaf, **place))


def test_what_cannot_be_moved_and_what_is_not_reached_have_a_chain_rule_too() -> None:
    document = WRITTEN["unread"]
    assert "No step moves it: it is a constant." in exported(document, "latex", parameter="b")
    assert "No route leads from $C$ to it, so its slope is 0." in exported(document, "latex", parameter="a")
    folded = exported(lecture(), "latex", parameter="W0", row="0", column="0", fold="m1")
    assert r"$\frac{\partial C}{\partial m_{1}}$ from the backward pass stands for all before it" in folded


def test_a_letter_of_the_rule_that_is_a_name_has_a_prime_and_the_output_has_its_own_name() -> None:
    document = WRITTEN["letters, momentum"]
    update = CLIENT.post("/api/v1/step", json=document).json()["updates"][0]
    assert update["formula"] == "v ← v − α · vʹ"
    assert [line["formula"] for line in update["lines"]][1:] == ["g ← ∂loss/∂v + λ · v", "vʹ ← μ · vʹ + g"]
    assert update["lines"][2]["note"].startswith("The velocity vʹ of v fades by μ; g is added.")
    assert r"v' &\leftarrow \mu \cdot v' + g" in exported(document, "latex")
    assert "# vʹ ← μ · vʹ + g" in exported(document, "numpy")


def test_two_slopes_of_one_name_are_two() -> None:
    text = exported(of_text("C = w / w", {"w": 2.0}, {}), "latex", parameter="w")
    for part in (
        "w stands at 2 places of C: this is the slope by its place 1 alone.",
        r"&= \frac{1}{2} \\",
        "w stands at 2 places of C: this is the slope by its place 2 alone.",
        r"&= \frac{-2}{{2}^{2}} \\",
    ):
        assert part in text
