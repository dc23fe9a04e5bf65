"""Numbers, names, text, and the one-line formulas of the graph as LaTeX. They need no more than amsmath.

statement  = expression [("=" | "←") expression]
expression = term {("+" | "−") term}
term       = factor {("·" | "⊙" | "/") factor}
factor     = "−" factor | "Σ" term | primary {"²" | "ᵗ" | "ᵀ" | "^" primary}
primary    = number | name ["(" relation {"," relation} ")"] | ∂name/∂name
             (a name may be an entry's: m0[0,1], b0[1]; or that of a part of a line: C.1)
           | "(" expression ")" | "[" relation "]"
relation   = expression {(">" | "≥" | "<" | "≤" | "=" | "≠") expression}
"""

import math
import re
import unicodedata
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any, NamedTuple

import numpy as np

from app.core.training.optimizers import PRIME
from app.export.python import one_line

# What a name (wrt None) or a ratio ∂of/∂wrt stands for; None to leave it a symbol.
Lookup = Callable[[str, str | None], Any]

_GREEK = {"α": "alpha", "β": "beta", "ε": "varepsilon", "η": "eta", "λ": "lambda", "μ": "mu", "ρ": "rho", "σ": "sigma"}
_GREEK |= {"π": "pi", "φ": "varphi", "Δ": "Delta", "Φ": "Phi"}
_GREEK = {letter: f"\\{name}" for letter, name in _GREEK.items()}
_SIGNS = {"=": "=", "+": "+", "←": "\\leftarrow", "−": "-", "·": "\\cdot", "⊙": "\\odot", ">": ">", "≤": "\\le"}
_RELATIONS = {">": ">", "≥": "\\ge", "<": "<", "≤": "\\le", "=": "=", "≠": "\\ne"}
_MARKS = {"²": "2", "ᵀ": "\\top", "ᵗ": "t"}
_FUNCTIONS = {"exp", "ln", "tanh", "cos", "max", "min"}
_IN_TEXT = {letter: f"${tex}$" for letter, tex in (_GREEK | _SIGNS).items() if letter not in "=+"}
_IN_TEXT |= {"<": "$<$", "|": "$|$", "∂": "$\\partial$", "Σ": "$\\sum$", "²": "${}^{2}$", "ᵀ": "${}^{\\top}$"}
_IN_TEXT |= {"×": "$\\times$", "√": "$\\surd$", "π": "$\\pi$", "ᵗ": "${}^{t}$"}
_IN_TEXT |= {letter: f"${{}}_{{{digit}}}$" for digit, letter in enumerate("₀₁₂₃₄₅₆₇₈₉")}
_IN_TEXT |= {"\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}"}
_IN_TEXT |= {letter: f"\\{letter}" for letter in "#$%&_{}"}
_PLAIN = re.compile("[ -~À-ÏÑ-ÖÙ-Ýß-ïñ-öù-ýÿ]")  # letters that LaTeX's standard fonts have
_ENTRY = r"\[\d+(?:,\d+)?\]"
_NAME = rf"(?:[^\W\d²ᵀᵗΣ][^\W²ᵀᵗΣ]*\u0302?\d*)(?:\.\d+)?(?:{_ENTRY})?"
_TOKEN = re.compile(rf"\s*(∂{_NAME}/∂{_NAME}|\d+(?:\.\d+)?(?:e[-+]?\d+)?|{_NAME}|[Σ+−·⊙/=←>≥<≤≠(),²ᵀᵗ^\[\]])")
_MOST_ENTRIES = 6
_TWO_DIGITS = Context(prec=2, rounding=ROUND_HALF_UP)


def escaped(text: str) -> str:
    """Text as it is read, not as commands. Letters that LaTeX's standard fonts do not have become "?"."""
    return "".join(_IN_TEXT.get(it) or (it if _PLAIN.match(it) else "?") for it in one_line(text))


def aligned(lines: Iterable[str]) -> str:
    """Equations below one another."""
    return "\\begin{align*}\n" + " \\\\\n".join(lines) + "\n\\end{align*}"


def symbol(id: str) -> str:
    """A node's or an entry's name: W0[1,2] is W_{0}[1,2], and C.1, a part of the line C, is C^{(1)}."""
    name, bracket, entry = id.partition("[")
    if name.endswith(PRIME):
        return f"{symbol(name[:-1])}'{bracket}{entry}"
    name, dot, inner = name.partition(".")
    if dot:
        return f"{symbol(name)}^{{({inner})}}{bracket}{entry}"
    letters = unicodedata.normalize("NFD", name.rstrip("0123456789"))
    plain, number = letters.replace("\u0302", ""), name[len(name.rstrip("0123456789")) :]
    tex = _GREEK.get(plain) or (plain if len(plain) == 1 else f"\\mathrm{{{plain}}}")
    tex = tex if plain == letters else f"\\hat{{{tex}}}"
    return tex.replace("_", "\\_") + (f"_{{{number}}}" if number else "") + bracket + entry


def ratio(of: str, wrt: str) -> str:
    """∂of/∂wrt."""
    return f"\\frac{{\\partial {symbol(of)}}}{{\\partial {symbol(wrt)}}}"


def number(value: float) -> str:
    """A number, rounded as the page rounds it: to four decimals, or to two digits and a power of ten."""
    if not math.isfinite(value):
        return "\\mathrm{NaN}" if math.isnan(value) else "\\infty" if value > 0 else "-\\infty"
    size = abs(value)
    if value == 0.0:
        return "0"
    if size >= 1e5 or size < 5e-4:
        mantissa, _, exponent = f"{_TWO_DIGITS.plus(Decimal(value)):.1e}".partition("e")
        return f"{mantissa.removesuffix('.0')} \\cdot 10^{{{int(exponent)}}}"
    decimals = 1 if size >= 1000 else 2 if size >= 100 else 3 if size >= 10 else 4
    rounded = Decimal(value).quantize(Decimal(10) ** -decimals, ROUND_HALF_UP)
    is_exact = abs(float(rounded) - value) <= 1e-12 * size  # a number that is short by itself stays short
    return f"{float(rounded)!r}".removesuffix(".0") if is_exact else str(rounded)


def tensor(value: Any) -> str:
    """A number, or a matrix; of a large one the first and the last rows and columns."""
    rows = np.atleast_2d(value)
    if rows.size == 1:
        return number(rows.item())
    columns = _shown(rows.shape[1])
    lines = (
        ["\\vdots" if row is None else "\\cdots" if column is None else number(rows[row, column]) for column in columns]
        for row in _shown(len(rows))
    )
    return "\\begin{pmatrix} " + " \\\\ ".join(map(" & ".join, lines)) + " \\end{pmatrix}"


def _shown(count: int) -> list[int | None]:
    """Which of so many are written; None for dots."""
    return [*range(count)] if count <= _MOST_ENTRIES else [*range(_MOST_ENTRIES - 2), None, count - 1]


def factor(value: Any) -> str:
    """A number, or a tensor, as a part of a product."""
    text = tensor(value)
    return text if np.size(value) > 1 or re.fullmatch(r"[\d.]+", text) else f"\\left({text}\\right)"


class Sides(NamedTuple):
    """A formula in TeX: "m0 = x · W0" has a left side, a sign, and a right one in symbols and in numbers.

    `numbers` is None where a name on the right stands for nothing known.
    """

    left: str
    sign: str
    symbols: str
    numbers: str | None


def sides(formula: str, lookup: Lookup) -> Sides:
    """The sides of a formula; one that is not in the grammar stands as text."""
    left, sign, right = re.fullmatch("(?:(.*?) ([=←]) )?(.*)", formula).groups("")  # type: ignore[union-attr]
    try:
        symbols = _Setter(right).whole()
        left = _Setter(left).whole() if left else ""
    except SyntaxError:
        return Sides("", "", f"\\text{{{escaped(formula)}}}", None)
    try:
        numbers = _Setter(right, lookup).whole()
    except LookupError:
        numbers = None
    return Sides(left, _SIGNS.get(sign, ""), symbols, numbers)


def equation(formula: str, lookup: Lookup, result: str) -> str:
    """A formula in symbols, with numbers, and what comes out; what repeats is left out."""
    left, sign, symbols, numbers = sides(formula, lookup)
    rights = [it for it in (symbols, numbers, result) if it is not None]
    first, *others = [it for place, it in enumerate(rights) if place == 0 or it != rights[place - 1]]
    return aligned([f"{left} &{sign} {first}", *(f"&= {it}" for it in others)])


class _Setter:
    """Reads an expression and sets it, with numbers where there is a lookup.   Raises: SyntaxError; LookupError."""

    def __init__(self, formula: str, lookup: Lookup | None = None) -> None:
        self._tokens = [found[1] for found in _TOKEN.finditer(formula)]
        if "".join(self._tokens) != formula.replace(" ", ""):
            raise SyntaxError(formula)
        self._tokens.append("")
        self._at = 0
        self._lookup = lookup

    def whole(self) -> str:
        alone = len(self._tokens) == 2
        tex = self._expression()
        if self._tokens[self._at]:
            raise SyntaxError(self._tokens[self._at])
        return _bare(tex) if alone else tex

    def _expression(self) -> str:
        tex = self._term()
        while sign := self._accept("+−"):
            tex = f"{tex} {_SIGNS[sign]} {self._term()}"
        return tex

    def _term(self) -> str:
        tex = self._factor()
        while sign := self._accept("·⊙/"):
            right = self._factor()
            tex = f"\\frac{{{_bare(tex)}}}{{{_bare(right)}}}" if sign == "/" else f"{tex} {_SIGNS[sign]} {right}"
        return tex

    def _factor(self) -> str:
        if self._accept("−"):
            return f"-{self._factor()}"
        if self._accept("Σ"):
            return f"\\sum {self._term()}"
        tex = self._primary()
        while mark := self._accept("²ᵀᵗ^"):
            above = self._named(mark) if mark == "ᵗ" else _bare(self._primary()) if mark == "^" else _MARKS[mark]
            tex = (f"\\left({tex}\\right)" if tex.startswith("\\frac") else f"{{{tex}}}") + f"^{{{above}}}"
        return tex

    def _primary(self) -> str:
        token = self._tokens[self._at]
        self._at += 1
        if token == "(":
            return f"\\left({self._closed(self._expression(), ')')}\\right)"
        if token == "[":
            return f"\\left[{self._closed(self._relation(alone=False), ']')}\\right]"
        if token[:1].isdigit():
            return token
        if token[:1] != "∂" and not token[:1].isalpha():
            raise SyntaxError(token)
        if not self._accept("("):
            return self._named(*token.removeprefix("∂").split("/∂"))
        inside = self._relation()
        while self._accept(","):
            inside = f"{inside}, {self._relation()}"
        return _called(token, self._closed(inside, ")"))

    def _relation(self, *, alone: bool = True) -> str:
        """A comparison; or an expression `alone`, where that may be."""
        tex = self._expression()
        if not alone and self._tokens[self._at] not in _RELATIONS:
            raise SyntaxError(tex)
        while sign := self._accept("".join(_RELATIONS)):
            tex = f"{tex} {_RELATIONS[sign]} {self._expression()}"
        return tex

    def _named(self, of: str, wrt: str | None = None) -> str:
        if self._lookup is None:
            return _MARKS.get(of) or symbol(of) if wrt is None else ratio(of, wrt)
        value = self._lookup(of, wrt)
        if value is None:
            raise LookupError(of)
        return factor(value)

    def _closed(self, tex: str, bracket: str) -> str:
        if not self._accept(bracket):
            raise SyntaxError(bracket)
        return tex

    def _accept(self, tokens: str) -> str:
        token = self._tokens[self._at]
        if not token or token not in tokens:
            return ""
        self._at += 1
        return token


def _bare(tex: str) -> str:
    """Without the brackets around it, where there are some: above or below a line it needs none."""
    depth = 0
    for found in re.finditer(r"\\(left|right)[()]", tex):
        depth += 1 if found[1] == "left" else -1
        if depth == 0:
            return tex[6:-7] if tex.startswith("\\left(") and found.end() == len(tex) else tex
    return tex


def _called(name: str, inside: str) -> str:
    if name == "abs":
        return f"\\left|{inside}\\right|"
    if name == "sqrt":
        return f"\\sqrt{{{inside}}}"
    known = f"\\{name}" if name in _FUNCTIONS else _GREEK.get(name, f"\\operatorname{{{name}}}")
    return f"{known}\\left({inside}\\right)"
