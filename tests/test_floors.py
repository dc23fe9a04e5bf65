"""Who may import whom. Each module imports from floors below its own and from nowhere else.

A table of floors for each language is at the top, the lowest floor first; to add a module, add its name to its floor.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

PYTHON_FLOORS: list[set[str]] = [
    {
        "app",
        "app.request_ids",
        "app.core.kept",
        "app.core.heap",
        "app.core.ops",
        "app.examples",
        "app.limits",
        "app.encode",
        "app.files",
        "app.gathered",
    },
    {
        "app.core",
        "app.core.activations",
        "app.core.datasets",
        "app.core.graph",
        "app.core.initializers",
        "app.core.optimizers",
        "app.problems",
        "app.headers",
        "app.observed",
    },
    {"app.turns", "app.steady", "app.protocol", "app.core.source", "app.core.costs"},
    {
        "app.connection",
        "app.core.network",
        "app.core.entries",
        "app.direct",
        "app.core.learning",
        "app.core.program",
        "app.catalog",
        "app.longjson",
        "app.schemas",
        "app.logs",
        "app.metrics",
        "app.stopping",
    },
    {"app.core.training", "app.core.count", "app.core.routes", "app.answers", "app.body", "app.memory"},
    {"app.core.rerun", "app.explanations", "app.checks"},
    {"app.core.difference", "app.core.warnings", "app.core.slope", "app.core.train", "app.description", "app.initial"},
    {"app.core.check", "app.core.explain", "app.core.divergence"},
    {"app.core.rounding"},
    {"app.core.observations"},
    {"app.queries", "app.asked", "app.explained", "app.wire"},
    {"app.outlines", "app.quick"},
    {"app.api"},
    {"app.main"},
    {"app.__main__"},
]
NEEDED_BY_CORE = {"numpy"}  # and the standard library
MAY_USE_NUMPY = {"app.wire", "app.encode", "app.quick"}  # besides core

# Pure modules know neither the document nor the network nor the clock; they import pure modules and vendored ones.
JS_WORDS = ["format", "formula", "keys", "sentences", "state", "timeline", "trace", "url", "walk"]
JS_SHAPES = [
    "arcs",
    "camera",
    "cards",
    "chain",
    "checking",
    "entries",
    "experiments",
    "layout",
    "lights",
    "memory",
    "neurons",
    "slope",
    "sums",
]
JS_SHAPES += ["zeros", "curve", "detail", "diverged", "folding"]
JS_SCRIPTS = ["curl", "numpy", "numpy-rows", "plan", "python", "pytorch", "pytorch-rows"]
JS_PAPER = ["equations", "latex", "tex", "weight"]
JS_DATA = ["aside", "columns", "csv", "dataset", "datastate", "edits", "fitting", "intake", "jsontable"]
JS_DATA += ["mapping", "numerals", "paint", "sample", "scores", "surface"]
JS_RUNS = ["build", "changes", "compare", "comparestate", "parting", "run", "twocurves", "variants"]
JS_PURE = JS_WORDS + JS_SHAPES + JS_DATA + JS_RUNS + [f"export/{name}" for name in JS_SCRIPTS + JS_PAPER]
JS_EDGES = ["api", "comparework", "datawork", "docs", "draft", "kept", "main", "packing", "player", "pulses", "session"]
JS_EDGES += [
    "focus",
    "folds",
    "hands",
    "zooming",
    "picture",
    "scrub",
    "sharing",
    "stage",
    "steering",
    "takeaway",
    "train",
    "workshop",
]
JS_NOT_FOR_PURE = re.compile(r"\b(?:document|window|fetch|localStorage|requestAnimationFrame|setTimeout)\b[.(]")


def name_of(path: Path) -> str:
    """app/core/ops.py → app.core.ops."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


PYTHON = {name_of(path): path for path in sorted((ROOT / "app").rglob("*.py"))}
FLOOR = {name: number for number, names in enumerate(PYTHON_FLOORS) for name in names}


def imports(path: Path) -> Iterator[str]:
    """The modules that a Python file imports; of `from app import wire`, app.wire."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written out in full"
            source = node.module or ""
            for alias in node.names:
                submodule = f"{source}.{alias.name}"
                yield submodule if submodule in PYTHON else source


def test_every_python_module_has_a_floor() -> None:
    assert set(FLOOR) == set(PYTHON)


@pytest.mark.parametrize("name", PYTHON)
def test_a_python_module_imports_from_below(name: str) -> None:
    for imported in imports(PYTHON[name]):
        if imported.partition(".")[0] == "app":
            assert FLOOR[imported] < FLOOR[name], f"{name} imports {imported}"


@pytest.mark.parametrize("name", [name for name in PYTHON if name.startswith("app.core")])
def test_the_mathematics_needs_numpy_and_nothing_else(name: str) -> None:
    for imported in imports(PYTHON[name]):
        package = imported.partition(".")[0]
        assert imported.startswith("app.core") or package in NEEDED_BY_CORE or package in sys.stdlib_module_names, (
            f"{name} imports {imported}"
        )


@pytest.mark.parametrize("name", [name for name in PYTHON if not name.startswith("app.core")])
def test_arrays_stay_behind_the_wire(name: str) -> None:
    assert name in MAY_USE_NUMPY or not any(it.partition(".")[0] == "numpy" for it in imports(PYTHON[name]))


JS_ROOT = ROOT / "static" / "js"
JAVASCRIPT = {path.relative_to(JS_ROOT).with_suffix("").as_posix(): path for path in sorted(JS_ROOT.rglob("*.js"))}
VIEWS = [name for name in JAVASCRIPT if name.startswith("views/")]
FROM = re.compile(r"""^(?:import|export)\b(?:[^"';]*?\bfrom)?\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']""", re.M)
COMMENT = re.compile(r"/\*.*?\*/|^\s*//.*?$", re.S | re.M)


def js_imports(name: str) -> Iterator[str]:
    """What a JavaScript file imports, static or not: "timeline", "views/page" or "../vendor/…"."""
    code = COMMENT.sub("", JAVASCRIPT[name].read_text("utf-8"))
    for found in FROM.finditer(code):
        path = (JAVASCRIPT[name].parent / (found[1] or found[2])).resolve()
        inside = path.is_relative_to(JS_ROOT)
        yield path.relative_to(JS_ROOT).with_suffix("").as_posix() if inside else (found[1] or found[2])


def is_vendored(imported: str) -> bool:
    return "/vendor/" in imported


def test_every_javascript_module_has_a_floor() -> None:
    assert sorted([*JS_PURE, *JS_EDGES, *VIEWS]) == sorted(JAVASCRIPT)


@pytest.mark.parametrize("name", JS_PURE)
def test_a_pure_module_imports_pure_modules(name: str) -> None:
    for imported in js_imports(name):
        assert is_vendored(imported) or imported in JS_PURE, f"{name} imports {imported}"


@pytest.mark.parametrize("name", JS_PURE)
def test_a_pure_module_touches_neither_page_nor_network_nor_clock(name: str) -> None:
    assert not JS_NOT_FOR_PURE.search(COMMENT.sub("", JAVASCRIPT[name].read_text("utf-8")))


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_knows_nothing_of_store_network_and_clock(name: str) -> None:
    for imported in js_imports(name):
        assert is_vendored(imported) or imported not in JS_EDGES, f"{name} imports {imported}"


@pytest.mark.parametrize("name", JS_EDGES)
def test_main_is_imported_by_nobody(name: str) -> None:
    assert "main" not in js_imports(name)
