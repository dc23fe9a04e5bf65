"""From a text to its lines: `name = expression`, parsed by Python's own `ast`, and what is wrong with it, in words.

Nothing of it is ever evaluated by Python. What a text may be made of is small, so that what is pasted from a script
either means the same here or is refused with a sentence that says how to mend it.
"""

import ast
import keyword
import re
import textwrap
import warnings
from collections.abc import Iterator
from typing import NamedTuple

from app import limits


class Fault(NamedTuple):
    """What is wrong, and where in the text, from 1; the sentence names both places itself."""

    line: int
    column: int
    detail: str


class Wrong(ValueError):
    """A text that is no computation.   `faults` are in their order: one for each line, and names without a value."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(faults[0].detail)
        self.faults = faults


class Line(NamedTuple):
    """One line: the name that it gives to what its expression makes, and the number of the line in the text."""

    name: str
    expression: ast.expr
    number: int


# So many lines that Python cannot read are told at once.
_MOST_UNREADABLE = 20


class Reader:
    """A text, its lines, and places in it."""

    def __init__(self, text: str) -> None:
        self.text = text.replace("\r\n", "\n").replace("\r", "\n")
        self._rows = self.text.split("\n")
        dedented = textwrap.dedent(self.text)
        first = next((row for row in self._rows if row.strip()), "")
        self._indent = len(first) - len(next((row for row in dedented.split("\n") if row.strip()), ""))
        self.source = dedented

    def fault(self, node: ast.AST | tuple[int, int], detail: str) -> Fault:
        """What is wrong at a part of the text, or at a line and column that are known."""
        line, column = node if isinstance(node, tuple) else self._place(node)
        return Fault(line, column, f"line {line}, column {column}: {detail}")

    def wrong(self, node: ast.AST | tuple[int, int], detail: str) -> Wrong:
        """The same, to be raised."""
        return Wrong([self.fault(node, detail)])

    def _place(self, node: ast.AST) -> tuple[int, int]:
        line, offset = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        rows = self.source.split("\n")
        row = rows[line - 1] if line <= len(rows) else ""
        return line, len(row.encode()[:offset].decode(errors="ignore")) + self._indent + 1

    def lines(self) -> list[Line]:
        """The lines that give a value to a name.   Raises: Wrong."""
        self._demand_short()
        statements, faults = self._parsed()
        found = []
        for statement in statements:
            try:
                line = self._line(statement)
            except Wrong as wrong:
                faults += wrong.faults
                continue
            if line is not None:
                faults += self._too_deep(line)
                found.append(line)
        if not found and not faults:
            raise Wrong([Fault(1, 1, "line 1, column 1: there is no line; write one such as C = (x + y) * z")])
        faults += self._twice(found)
        if faults:
            raise Wrong(sorted(faults))
        return found

    # --- before it is parsed ------------------------------------------------------------------------------------------

    def _demand_short(self) -> None:
        """Python's parser goes deep into itself, so what is too long or too deep never comes to it."""
        if len(self.text) > limits.FORMULA_CHARACTERS:
            detail = f"the text has {len(self.text)} characters; at most {limits.FORMULA_CHARACTERS} are allowed"
            raise self.wrong((1, 1), detail)
        if len(self._rows) > limits.FORMULA_LINES:
            detail = f"the text has {len(self._rows)} lines; at most {limits.FORMULA_LINES} are allowed"
            raise self.wrong((limits.FORMULA_LINES + 1, 1), detail)
        bare = re.sub("#.*", "", self.text)
        signs = len(re.findall(r"[-+*/@%^&|~<>=(\[{,]|\bnot\b|\blambda\b", bare))
        if signs > limits.FORMULA_SIGNS:
            detail = f"the text has {signs} operators, brackets and commas; at most {limits.FORMULA_SIGNS} are allowed"
            raise self.wrong((1, 1), detail)
        faults = []
        for number, row in enumerate(self._rows, 1):
            try:
                self._demand_readable(number, row)
            except Wrong as wrong:
                faults += wrong.faults
        if faults:
            raise Wrong(faults)

    def _demand_readable(self, number: int, row: str) -> None:
        depth = 0
        for column, char in enumerate(row, 1):
            if char == "#":
                return
            if char in _MENDS:
                raise self.wrong((number, column), f"{_MENDS[char]}")
            if char == "\0" or (ord(char) < 32 and char not in "\t\f"):
                raise self.wrong((number, column), "there is a character that cannot be seen; take it out")
            depth += (char in "([{") - (char in ")]}")
            if depth > limits.FORMULA_DEPTH:
                raise self.wrong(
                    (number, column), f"brackets are {depth} deep; at most {limits.FORMULA_DEPTH} are allowed"
                )
            if re.match(r"(?<![-+~])[-+~ ]{200}", row[column - 1 : column + 199]):
                raise self.wrong((number, column), "there are hundreds of signs before a number; one is enough")

    def _parsed(self) -> tuple[list[ast.stmt], list[Fault]]:
        """The statements, and the lines that Python cannot read: each is told, and left out for the next try."""
        rows, faults = self.source.split("\n"), list[Fault]()
        while True:
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    return ast.parse("\n".join(rows)).body, faults
            except SyntaxError as error:
                line = min(max(error.lineno or 1, 1), len(rows))
                told = self._unreadable(line, error)
            except (ValueError, RecursionError, MemoryError, UnicodeError):
                told = self.fault((1, 1), "Python cannot read the text; write lines such as C = (x + y) * z")
                raise Wrong(sorted([*faults, told])) from None
            faults.append(told)
            if not rows[line - 1].strip() or len(faults) == _MOST_UNREADABLE:
                raise Wrong(sorted(faults))
            rows[line - 1] = ""

    def _unreadable(self, line: int, error: SyntaxError) -> Fault:
        row = self._rows[min(line, len(self._rows)) - 1]
        column = min(max((error.offset or 1) + self._indent, 1), len(row) + 1)
        return self.fault((line, column), _explained(error.msg or "", row))

    # --- statements ---------------------------------------------------------------------------------------------------

    def _line(self, statement: ast.stmt) -> Line | None:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                return Line(self._name(statement, name), value, statement.lineno)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                return Line(self._name(statement, name), value, statement.lineno)
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                self._import(statement, names)
                return None
            case ast.Expr(value=ast.Constant(value=str())):
                return None  # a comment in quotes
        raise self.wrong(statement, _refused(statement))

    def _import(self, statement: ast.Import | ast.ImportFrom, names: list[ast.alias]) -> None:
        """What a script begins with is passed over: its functions are known here."""
        module = statement.module if isinstance(statement, ast.ImportFrom) else None
        for name in [module] if module else [it.name for it in names]:
            if (name or "").split(".")[0] not in ("numpy", "math", "torch"):
                detail = f"`import {name}`: nothing is imported here; the functions of NumPy that are known are there"
                raise self.wrong(statement, f"{detail} by name")

    def _name(self, statement: ast.stmt, name: str) -> str:
        if len(name) > limits.FORMULA_NAME:
            detail = f"the name `{name[:12]}…` has {len(name)} letters; at most {limits.FORMULA_NAME} are allowed"
            raise self.wrong(statement, detail)
        return name

    def _too_deep(self, line: Line) -> Iterator[Fault]:
        """A sum of hundreds of terms is as deep as it is long: whoever reads it goes into it term by term."""
        depth, level = 0, [line.expression]
        while level and depth <= limits.FORMULA_STEPS:
            depth += 1
            level = [it for node in level for it in ast.iter_child_nodes(node) if isinstance(it, ast.expr)]
        if level:
            detail = f"this line has more than {limits.FORMULA_STEPS} operations one after the other"
            yield self.fault((line.number, self._indent + 1), f"{detail}; give parts of it names of their own")

    def _twice(self, lines: list[Line]) -> Iterator[Fault]:
        first: dict[str, int] = {}
        for line in lines:
            if line.name in first:
                other = f"`{line.name}{_next(line.name)}`"
                detail = (
                    f"`{line.name}` has its value in line {first[line.name]} already, and a name is given one only; "
                    f"call this one {other}, and read {other} from here on"
                )
                yield self.fault((line.number, self._indent + 1), detail)
            first.setdefault(line.name, line.number)


def _next(name: str) -> str:
    return "_2" if name[-1:].isdigit() else "2"


_MENDS = {
    "×": "`×` is no operator here; write `*`, or `@` for a product of matrices",
    "·": "`·` is no operator here; write `*`, or `@` for a product of matrices",
    "⊙": "`⊙` is no operator here; write `*`",
    "⋅": "`⋅` is no operator here; write `*`, or `@` for a product of matrices",
    "÷": "`÷` is no operator here; write `/`",
    "−": "`−` is a long minus; write `-`",
    "–": "`–` is a dash; write `-`",
    "²": "`²` is no power here; write `**2`",
    "³": "`³` is no power here; write `**3`",
    "ᵀ": "`ᵀ` turns nothing here; write `.T`",
    "√": "`√` is no function here; write `sqrt(…)`",
    "Σ": "`Σ` is no sum here; write `sum(…)`",
    "∑": "`∑` is no sum here; write `sum(…)`",
    "‖": "`‖` is no norm here; write `sum(… ** 2)`",
    "≤": "write `<=` for `≤`",
    "≥": "write `>=` for `≥`",
    "≠": "write `!=` for `≠`",
    "∞": "write `np.inf` for `∞`",
    "“": "quotes have no place here; names and numbers need none",
    "”": "quotes have no place here; names and numbers need none",
    "…": "`…` stands for nothing here; write the line out",
    ";": "`;` ends no line here; begin a new line",
    "$": "`$` has no meaning here; take it out",
    "\\": "`\\` has no meaning here; put what goes over several lines into brackets",
    "?": "`?` has no meaning here; take it out",
}


def _explained(message: str, row: str) -> str:
    """What the parser says, with the mend."""
    quoted = re.sub(r"'(.)'", r"`\1`", message)
    if "was never closed" in message or "does not match" in message or "unmatched" in message:
        return f"{quoted}; count the brackets of this line"
    if "decimal literal" in message or "imaginary" in message:
        found = re.search(r"\d+(?:\.\d+)?[^\W\d]\w*", row)
        number = re.match(r"[\d.]+", found[0])[0] if found else "2"  # type: ignore[index]
        text = found[0] if found else "2x"
        return f"`{text}` is neither a number nor a name; for a product write `{number} * {text[len(number) :]}`"
    if "cannot assign" in message or "Maybe you meant '=='" in message:
        return "the left side of `=` must be one name, as in m = x @ W"
    if "indent" in message and re.match(r"\s*[-+*/@]", row):
        return "what goes over several lines stands in brackets: C = (a\\n + b)"
    if "indent" in message:
        return "this line is indented, and there are no blocks here; begin it where the others begin"
    if "digits" in message:
        return "this number has too many digits; write it as 1.5e300"
    if "positional argument follows keyword" in message:
        return "what has no name comes first: sum(x, axis=1)"
    if "keyword argument repeated" in message:
        return f"{quoted}; give it once"
    if "forgot a comma" in message:
        return "an operator or a comma is missing here; a product is written with `*`, one of matrices with `@`"
    if "string" in message or "f-string" in message:
        return "quotes have no place here; names and numbers need none"
    if "invalid character" in message or "non-printable" in message:
        found = re.search(r"'(.)'", message)
        return f"`{found[1]}` has no meaning here; take it out" if found else "there is a character without a meaning"
    begins = re.match(r"\s*(\w+)\s*=", row)
    if begins and keyword.iskeyword(begins[1]):
        return f"`{begins[1]}` is a word of Python's own; call the value `{begins[1]}_`"
    beside = re.search(r"([\w.)\]]+)\s+([^\W\d]\w*)", row.split("#")[0].partition("=")[2])
    if beside and "invalid syntax" in message:
        one, other = beside[1], beside[2]
        return f"between `{one}` and `{other}` an operator is missing: `*`, or `@` for a product of matrices"
    return "Python cannot read this; write a line such as C = (x + y) * z"


_STATEMENTS: dict[type, str] = {
    ast.For: "there are no loops here; write each turn as a line of its own: h1 = …, h2 = …",
    ast.While: "there are no loops here; write each turn as a line of its own: h1 = …, h2 = …",
    ast.If: "there is no `if` here; write where(a > b, this, that)",
    ast.FunctionDef: "functions are not defined here; write its lines out where it is called",
    ast.AsyncFunctionDef: "functions are not defined here; write its lines out where it is called",
    ast.ClassDef: "classes have no place here; write the lines of the computation alone",
    ast.Return: "there is no `return` here; the last line is what comes out: C = …",
    ast.Delete: "names stay; take this line out",
    ast.Assert: "nothing is asserted here; take this line out",
    ast.With: "there is no `with` here; write its lines alone",
    ast.Try: "there is no `try` here; write its lines alone",
    ast.Raise: "nothing is raised here; take this line out",
    ast.Global: "names need no `global` here; take this line out",
    ast.Pass: "`pass` does nothing; take this line out",
}


def _refused(statement: ast.stmt) -> str:
    for kind, detail in _STATEMENTS.items():
        if isinstance(statement, kind):
            return detail
    match statement:
        case ast.AugAssign(target=ast.Name(id=name), op=op):
            sign = _SIGNS.get(type(op), "+")
            return f"`{sign}=` changes a name, and a name has one value only; write {name}2 = {name} {sign} …"
        case ast.Assign(targets=[_, _, *_]):
            return "two names for one value; write one line for each"
        case ast.Assign(targets=[ast.Tuple() | ast.List()]):
            return "several names at once; write one line for each: a = …, b = …"
        case ast.Assign(targets=[ast.Subscript()]):
            return "an entry cannot be set; put the parts together with concat, stack or where"
        case ast.Assign(targets=[ast.Attribute()]):
            return "the left side of `=` must be a plain name, as in m = x @ W"
        case ast.AnnAssign():
            return "the left side of `=` must be a plain name with a value, as in m = x @ W"
        case ast.Expr(value=ast.Compare(ops=[ast.Eq()])):
            return "`==` compares; a value is given with one `=`"
        case ast.Expr(value=ast.Call(func=ast.Name(id="print"))):
            return "nothing is printed: every number is shown anyway; take this line out"
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr="backward"))):
            return "the backward pass follows by itself; take this line out"
        case ast.Expr():
            return "this line gives its value no name; write C = … in front"
    return "this line is no `name = expression`; write one such as C = (x + y) * z"


_SIGNS: dict[type, str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "**",
    ast.MatMult: "@",
    ast.Mod: "%",
    ast.FloorDiv: "//",
}
