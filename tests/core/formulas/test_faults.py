"""What is wrong with a text is told with its line, its column and how to mend it; and nothing of a text is ever run."""

import re

import numpy as np
import pytest

from app import limits
from app.core.formulas.program import formulas
from app.core.formulas.text import Fault, Wrong

LEAVES = {
    "x": np.ones((2, 3)),
    "W": np.ones((3, 2)),
    "v": np.ones(3),
    "s": np.array(2.0),
    "y": np.ones((2, 2)),
}

# A text; where it is wrong; what its sentence must name.
FAULTS = [
    # signs of other languages
    ("C = s ^ 2", 1, 5, "`**`"),
    ("C = 2 s", 1, 7, "operator is missing"),
    ("C = 2s", 1, 5, "`2 * s`"),
    ("C = s × 2", 1, 7, "`*`"),
    ("C = s · 2", 1, 7, "`*`"),
    ("C = s − 1", 1, 7, "`-`"),
    ("C = s²", 1, 6, "`**2`"),
    ("C = sum(xᵀ)", 1, 10, "`.T`"),
    ("C = s / 2; D = 1", 1, 10, "new line"),
    ("C = s % 2", 1, 5, "no slope"),
    ("C = s // 2", 1, 5, "write `/`"),
    ("C = s | 2", 1, 5, "abs(x)"),
    ("C = s & 2", 1, 5, "where"),
    ("C = Σ x", 1, 5, "sum(…)"),
    ("C = √s", 1, 5, "sqrt(…)"),
    ("C = ‖v‖", 1, 5, "sum(… ** 2)"),
    ("C = s ≤ 2", 1, 7, "<="),
    # brackets and lines
    ("C = (s + 1", 1, 5, "bracket"),
    ("C = s + 1)", 1, 10, "bracket"),
    ("C = s +", 1, 8, "Python cannot read this"),
    ("a = s\nC = a\n    b = a", 3, 4, "indent"),
    ("C = x\n  @ W", 2, 2, "brackets"),
    ("s", 1, 1, "C = …"),
    ("C == s", 1, 1, "one `=`"),
    ("2 = s", 1, 1, "left side"),
    ("a, b = s, s", 1, 1, "one line for each"),
    ("a = b = s", 1, 1, "one line for each"),
    ("a += s", 1, 1, "a2 = a + …"),
    ("x[0] = s", 1, 1, "concat, stack or where"),
    ("", 1, 1, "there is no line"),
    ("# nothing but a comment", 1, 1, "there is no line"),
    # what belongs to programs
    ("for i in range(3):\n    a = s", 1, 1, "line of its own"),
    ("while s:\n    a = s", 1, 1, "line of its own"),
    ("if s:\n    a = s", 1, 1, "where(a > b"),
    ("def f(a):\n    return a", 1, 1, "write its lines out"),
    ("class A:\n    a = 1", 1, 1, "lines of the computation"),
    ("import os\nC = s * s", 1, 1, "by name"),
    ("C = lambda a: a", 1, 5, "write what it computes out"),
    ("C = [a for a in x]", 1, 5, "line of its own"),
    ("C = s if s > 0 else 0", 1, 5, "where(a > b"),
    ("C = s > 0", 1, 5, "where(a > b"),
    ("C = s and s", 1, 5, "where(a > b"),
    ("C = not s", 1, 5, "where"),
    ("C = 'a'", 1, 5, "quotes"),
    ("C = f'{s}'", 1, 5, "quotes"),
    ("C = True * s", 1, 5, "write 1"),
    ("C = 2j * s", 1, 5, "real"),
    ("C = None", 1, 5, "None is no number"),
    ("C = (a := s)", 1, 6, "line of its own"),
    ("print(s)", 1, 1, "take this line out"),
    ("C = {1: s}", 1, 5, "round brackets"),
    # names
    ("C = q * s", 1, 5, "no value; give it one among parameters or constants"),
    ("C = b * s\nb = s * 2", 1, 5, "exchange the two"),
    ("C = C * s", 1, 5, "C2"),
    ("a = s * 2\na = s * 3", 2, 1, "`a2`"),
    ("hidden = s * 2\nC = hiden * s", 2, 5, "is `hidden` meant?"),
    ("sum = s * 2", 1, 1, "call the value differently"),
    ("s = 3\nC = s * 2", 1, 1, "is given a value beside the text"),
    ("C = sum", 1, 5, "call it, as in sum(x, axis=1)"),
    # functions
    ("C = foo(s)", 1, 5, "the help lists"),
    ("C = sigmod(s)", 1, 5, "is `sigmoid` meant?"),
    ("C = ln(s)", 1, 5, "write log(x)"),
    ("C = np.linalg.norm(v)", 1, 5, "sqrt(sum(x ** 2))"),
    ("C = exp(s, s)", 1, 5, "one argument, and 2 are given"),
    ("C = exp()", 1, 5, "needs x too"),
    ("C = max(s, s)", 1, 12, "larger of two is maximum(a, b)"),
    ("C = max(0, s)", 1, 12, "larger of two is maximum(a, b)"),
    ("C = min(s, 1)", 1, 5, "of two values it is minimum(a, b)"),
    ("C = sum(F.cross_entropy(x, x))", 1, 9, "before softmax; write cross_entropy_from_logits"),
    ("C = torch.nn.functional.binary_cross_entropy(y, y)", 1, 5, "mean over all entries"),
    ("C = nn.CrossEntropyLoss()(y, y)", 1, 5, "write cross_entropy_from_logits"),
    ("C = np.cumsum(v)[2]", 1, 5, "triangular matrix"),
    ("C = sum(np.array([s, s]))", 1, 9, "stack([a, b])"),
    ("C = sum(x)\nC.backward()", 2, 1, "follows by itself"),
    ("C = sum(y.T @ x[:1, 0])", 1, 9, "inner sizes"),
    ("C = max(s, 1, False, 3)", 1, 5, "maximum(a, b)"),
    ("C = sum(x, axes=1)", 1, 17, "nothing that sum takes"),
    ("C = sum(x, axis=2)", 1, 5, "the axes 0 and 1"),
    ("C = sum(x, axis=s)", 1, 17, "whole number"),
    ("C = sum(x, keepdims=2)", 1, 21, "True or False"),
    ("C = s(2)", 1, 5, "no function; for a product"),
    ("C = squared_error(x, y)", 1, 5, "same shape"),
    ('C = squared_error(y, y, reduction="max")', 1, 35, '"mean" or "sum"'),
    ("C = sum(*x)", 1, 9, "spreads nothing"),
    ("C = sum(x.shape)", 1, 9, "`.T` is known"),
    ("C = sum(x.T.T.foo())", 1, 9, "no function `foo`"),
    ("C = sum(softmax(x, axis=0))", 1, 9, "softmax(x.T).T"),
    ("C = softmax(s)", 1, 5, "vector or a matrix"),
    ("C = sum(where(x > 0 > s, x, x))", 1, 15, "one comparison"),
    ("C = sum(where(x > 0, x))", 1, 9, "needs v too"),
    # shapes
    ("C = sum(x @ x)", 1, 9, "inner sizes 3 and 2 differ"),
    ("C = sum(x @ y)", 1, 9, "inner sizes 3 and 2 differ"),
    ("C = sum(x @ s)", 1, 9, "written with `*`"),
    ("C = sum(x * W)", 1, 9, "`@`"),
    ("C = sum(x + y)", 1, 9, "no common shape"),
    ("C = x @ W", 1, 5, "sum(…) or mean(…)"),
    ("C = sum(x[2])", 1, 9, "0 to 1"),
    ("C = sum(x[0, 3])", 1, 9, "0 to 2"),
    ("C = sum(x[0, 0, 0])", 1, 9, "one for each axis"),
    ("C = sum(x[3:])", 1, 9, "takes nothing"),
    ("C = sum(x[s])", 1, 11, "no whole number"),
    ("C = sum(x[::-1])", 1, 11, "1 or more"),
    ("C = sum(x[None, None])", 1, 9, "two at most"),
    ("C = sum(reshape(x, (4, 2)))", 1, 9, "6 entries"),
    ("C = sum(reshape(x, (1, 2, 3)))", 1, 9, "two at most"),
    ("C = sum(concat([x, v]))", 1, 9, "vectors go with vectors"),
    ("C = sum(concat([x, y]))", 1, 9, "equally long"),
    ("C = sum(concat(x))", 1, 16, "takes a list"),
    ("C = sum(stack([x, y]))", 1, 9, "same shape"),
    ("C = sum(windows(x, 3, 3))", 1, 9, "do not fit"),
    ("W2 = [[1, 2], [3]]\nC = sum(x @ W2)", 1, 6, "as many"),
    ("W2 = [1, s]\nC = sum(W2)", 1, 10, "a list holds numbers"),
    # numbers
    ("C = 1e999 * s", 1, 5, "range of a double|finite"),
    ("C = 10**400 * s", 1, 5, "too large a number"),
    ("C = 1 / 0 * s", 1, 5, "too large a number"),
    ("C = log(-1) * s", 1, 5, "no number"),
    ("C = 3", 1, 5, "values that have names"),
]


def faults_of(text: str) -> list[Fault]:
    with pytest.raises(Wrong) as wrong:
        formulas(text, LEAVES, {})
    return wrong.value.faults


def test_there_are_more_than_sixty_kinds() -> None:
    assert len(FAULTS) >= 60


@pytest.mark.parametrize(("text", "line", "column", "mend"), FAULTS)
def test_a_fault_says_where_it_is_and_how_to_mend_it(text: str, line: int, column: int, mend: str) -> None:
    fault = faults_of(text)[0]
    assert (fault.line, fault.column) == (line, column), fault.detail
    assert fault.detail.startswith(f"line {line}, column {column}: ")
    assert any(part in fault.detail for part in mend.split("|")), fault.detail


def test_every_wrong_line_is_told_once_and_what_reads_it_is_not() -> None:
    found = faults_of("a = foo(s)\nb = a * 2\nc = s ^ 2\nC = d + b + c")
    assert [(it.line, it.column) for it in found] == [(1, 5), (3, 5), (4, 5)]


@pytest.mark.parametrize(
    "text",
    [
        "C = __import__('os').system('touch /tmp/owned')",
        "C = ().__class__.__bases__[0].__subclasses__()",
        "C = eval('1')",
        "C = exec('a = 1')",
        "C = open('/etc/passwd').read()",
        "C = s.__class__",
        "C = globals()",
        "import subprocess\nC = s * s",
        "C = (lambda: 0)()",
        "C = [].append(s)",
        "@x\ndef C(): pass",
        "C = s.tolist()",
    ],
)
def test_nothing_is_run(text: str) -> None:
    assert faults_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "C = s" + " + s" * 20_000,
        "C = " + "(" * 5_000 + "s" + ")" * 5_000,
        "C = " + "-" * 15_000 + "s",
        "C = " + "s ** " * 1_900 + "s",
        "C = " + "f(" * 60 + "s" + ")" * 60,
        "C = s" + "[0]" * 500,
        "C = s" + ".T" * 3_000,
        "\n".join(f"a{number} = s * 2" for number in range(250)),
        "C = " + "9" * 10_000,
        "x" * 30_000,
        "a" * 100 + " = s",
        "C = s\0",
        "\ud800 = s",
        "C = 9**9**9**9 * s",
        "C = sum(x[:, None] * x[None, :])",
        "b = [" + "1, " * 900 + "1]\nC = sum(b[:, None] * b[None, :])",
    ],
)
def test_what_is_too_much_is_refused_in_words(text: str) -> None:
    for fault in faults_of(text):
        assert len(fault.detail) < 400
        assert re.match(r"line \d+, column \d+: ", fault.detail)


def test_as_many_operations_as_a_picture_shows() -> None:
    lines = [f"a{number} = s * {number} + s * s" for number in range(190)]
    with pytest.raises(Wrong, match=f"the text has 571 operations; at most {limits.FORMULA_OPERATIONS}"):
        formulas("\n".join([*lines, "C = a1 * a2"]), LEAVES, {})


@pytest.mark.parametrize(
    "text",
    [
        "import numpy as np\nimport torch.nn.functional as F\nC = np.sum(F.relu(x) @ W)",
        "C = x.sum()",
        "C = torch.sigmoid(x).mean(dim=1, keepdim=True).sum()",
        "C = math.exp(s) * np.pi",
        "C = np.dot(v, v)",
        "C = (x.reshape(3, 2) * W).sum()",
        "A = np.array([[1, 2, 3], [4, 5, 6]])\nC = (A * x).sum()",
        "C = sum(np.where(x, x, -1e9))",
        "C = x[0, -1] + x[-1][0] + s",
        "    a = s * 2\n    C = a * a",
        "C = (\n    s\n    + 1\n)",
        "C: float = s * 2  # with a hint",
        '"""A comment in quotes."""\nC = s * 2',
        "σ = s * 2\nC = σ * σ",
        "C = sum(x, 1)[0]",
        "C = +s",
        "C = s",
        "d = 2\nC = s / sqrt(d)",
    ],
)
def test_what_a_script_may_have_is_taken(text: str) -> None:
    assert formulas(text, LEAVES, {}).program.graph.output.shape == ()


def test_all_names_without_a_value_are_told_at_once() -> None:
    text = "r = sqrt(mean(q**2, axis=-1) + eps)\nn = x / r * g\nh = np.maximum(0, n @ U + b1)\nC = mean(x + h - eps)"
    found = faults_of(text)
    named = [re.findall(r"`(\w+)` is read in line (\d) but has no value", it.detail) for it in found]
    assert named == [[("q", "1")], [("eps", "1")], [("g", "2")], [("U", "3")], [("b1", "3")]]
    assert [(it.line, it.column) for it in found] == [(1, 15), (1, 32), (2, 13), (3, 23), (3, 27)]
    # Also where a shape is wrong first; but not what a line will give, a function, or what has no place at all.
    found = faults_of("a = x @ x\nb = [k for k in z]\nC = sum(a + later + exp) + np.pi + j\nlater = a")
    assert [(it.line, it.detail.split("`")[1]) for it in found if "has no value" in it.detail] == [(3, "j")]


def test_names_without_a_value_are_few_or_the_first() -> None:
    found = faults_of("C = s\n" + "\n".join(f"c{n} = n{n} + m{n}" for n in range(100)))
    assert len([it for it in found if it.detail.count("`m")]) == 20


def test_every_line_that_cannot_be_read_is_told_at_once() -> None:
    found = faults_of("a = s ^ 2\nb = (s + 1\nc = x W\nlambda = 2\nd = 2s\ne = s × 2\nC = s * 2")
    assert [(it.line, it.column) for it in found] == [(6, 7)], "a character that Python does not know comes first"
    found = faults_of("a = s ^ 2\nb = (s + 1\nc = x W\nlambda = 2\nd = 2s\nC = s * 2")
    assert [it.line for it in found] == [2, 3, 4, 5]
    assert "was never closed" in found[0].detail
    assert "between `x` and `W` an operator is missing: `*`, or `@`" in found[1].detail
    assert "`lambda` is a word of Python's own; call the value `lambda_`" in found[2].detail
    assert "write `2 * s`" in found[3].detail


def test_a_text_of_nothing_but_faults_is_answered_at_once() -> None:
    assert len(faults_of("\n".join(["a = ("] * 200))) <= 20
    assert len(faults_of("\n".join(["a = x W"] * 200))) == 20
