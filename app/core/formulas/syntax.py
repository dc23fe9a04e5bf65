"""What of Python's syntax has a meaning in formulas, and what is said of the rest."""

import ast
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from app.core.graph.rules import Shape

FUNCTIONAL = ("F", "nn.functional", "torch.nn.functional")
PREFIXES = ("np", "numpy", "math", "torch", "torch.special", *FUNCTIONAL)
NUMBERS: Mapping[str, float] = {"pi": np.pi, "e": np.e, "inf": np.inf}
BINARY: dict[type, tuple[str, str]] = {
    ast.Add: ("add", "+"),
    ast.Sub: ("subtract", "-"),
    ast.Mult: ("multiply", "*"),
    ast.Div: ("divide", "/"),
    ast.Pow: ("power", "**"),
    ast.MatMult: ("matmul", "@"),
}
NO_OPERATOR: dict[type, str] = {
    ast.BitXor: "`^` is not a power here; write `**`",
    ast.Mod: "`%` has no slope; write the number itself",
    ast.FloorDiv: "`//` has no slope; write `/`",
    ast.BitAnd: "`&` has no place here; put one where(…) into the other",
    ast.BitOr: "`|` has no place here; for a size write abs(x)",
    ast.LShift: "`<<` has no place here; write * 2 ** n",
    ast.RShift: "`>>` has no place here; write / 2 ** n",
}
COMPARISON_SIGNS: dict[type, str] = {
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}


def refused(node: ast.expr) -> str:
    match node:
        case ast.Compare() | ast.BoolOp():
            return "a comparison belongs into where(a > b, this, that)"
        case ast.IfExp():
            return "there is no `if` here; write where(a > b, this, that)"
        case ast.List() | ast.Tuple():
            return "a list belongs where a function takes one: stack([a, b]); numbers get a line of their own"
        case ast.ListComp() | ast.GeneratorExp() | ast.SetComp() | ast.DictComp():
            return "there are no loops here; write each turn as a line of its own"
        case ast.Lambda():
            return "functions are not defined here; write what it computes out"
        case ast.NamedExpr():
            return "`:=` has no place here; give the value a line of its own"
        case ast.JoinedStr():
            return "quotes have no place here; names and numbers need none"
        case ast.Await() | ast.Yield() | ast.YieldFrom():
            return "nothing waits here; write the value itself"
        case ast.Dict() | ast.Set():
            return "braces have no place here; use round brackets"
        case ast.Starred():
            return "`*` before a name spreads nothing here; write each value out"
    return "this has no place in a formula"


def no_number(value: object) -> str:
    if isinstance(value, bool):
        return f"{value} is no number; write {int(value)}"
    if value is None:
        return "None is no number; write one"
    if isinstance(value, complex):
        return "numbers are real here; take the `j` away"
    if value is ...:
        return "`...` stands for nothing here; write it out"
    return "quotes have no place here; names and numbers need none"


def counted(count: int) -> str:
    return "one argument" if count == 1 else f"{count} arguments"


def is_number(node: ast.expr) -> bool:
    """Whether it is written as a number, with or without a sign, or as None."""
    while isinstance(node, ast.UnaryOp):
        node = node.operand
    return isinstance(node, ast.Constant)


def dotted_name(node: ast.expr) -> str:
    """ "np.exp" of the function of np.exp(x); empty where it is no such name."""
    match node:
        case ast.Name(id=id):
            return id
        case ast.Attribute(value=value, attr=attr):
            before = dotted_name(value)
            return f"{before}.{attr}" if before else ""
    return ""


def names_in(node: ast.expr) -> list[ast.Name]:
    """The names that an expression reads, in their order; none of functions, nor in what has no place here."""
    found, waiting = [], [node]
    while waiting:
        match waiting.pop():
            case ast.Name() as name:
                found.append(name)
            case ast.UnaryOp(operand=operand):
                waiting.append(operand)
            case ast.BinOp(left=left, right=right):
                waiting += [left, right]
            case ast.Compare(left=left, comparators=others):
                waiting += [left, *others]
            case ast.Call(func=func, args=args):
                waiting += args
                if isinstance(func, ast.Attribute) and dotted_name(func.value) not in PREFIXES:
                    waiting.append(func.value)  # x.sum(axis=1)
            case ast.Attribute(value=value) as attribute if dotted_name(attribute.value) not in PREFIXES:
                waiting.append(value)
            case ast.Subscript(value=value):
                waiting.append(value)
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                waiting += elements
    return sorted(found, key=lambda it: (it.lineno, it.col_offset))


def key_text(part: Any) -> str:
    if isinstance(part, slice):
        ends = [("" if it is None else str(it)) for it in (part.start, part.stop)]
        return ":".join(ends) + ("" if part.step is None else f":{part.step}")
    return str(part)


def counted_from_the_front(key: tuple[Any, ...], shape: Shape) -> Iterator[Any]:
    """The same indices without negative ones: an entry has one name."""
    sizes = iter(shape)
    for part in key:
        size = 0 if part is None else next(sizes)
        yield part % size if isinstance(part, int) else part


def label_of(node: ast.AST) -> str:
    """How an expression is written, in the signs of formulas: "(O − Y)²"."""
    text = ast.unparse(node)
    for python, sign in ((" ** 2", "²"), (" * ", " · "), (" - ", " − "), (" ** ", "^"), (".T", "ᵀ")):
        text = text.replace(python, sign)
    for prefix in ("np.", "numpy.", "math.", "torch."):
        text = text.replace(prefix, "")
    if text.startswith("-"):
        text = f"−{text[1:]}"
    return text if len(text) <= 80 else f"{text[:79]}…"
