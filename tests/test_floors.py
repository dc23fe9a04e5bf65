"""Who may import whom, by room. A Python module imports from its own room and from rooms below it."""

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# The lowest first. What stands at the top level is a room by itself.
CORE = ["app.core", "app.core.graph", "app.core.formulas", "app.core.training", "app.core.explaining"]
ROOMS = [
    "app",
    "app.limits",
    *CORE,
    "app.examples",
    "app.documents",
    "app.tables",
    "app.models",
    "app.export",
    "app.server",
    "app.api",
]
ROOMS += ["app.main", "app.__main__"]
NEEDED_BY_CORE = {"numpy"}  # and the standard library

# The page's rooms. The trunk, the lowest first: each imports from those before it. The others, one for each thing that
# a reader can do, import from the trunk; `app` puts them together.
JS_TRUNK = ["base", "server", "trace", "layout", "time", "formula", "experiment", "state"]
# What a page's module may do stands in its name: it draws (-view), it acts (work), it touches the page or what the
# browser keeps (-dom, -storage). All else is pure: it knows neither the document nor the network nor the clock.
JS_SUFFIX = re.compile(r"(?:-(view|dom|storage)|(?:^|-)(work))$")
JS_NOT_FOR_PURE = re.compile(r"\b(?:document|window|fetch|localStorage|requestAnimationFrame|setTimeout)\b[.(]")

# Not what `import()` brings: that is loaded when it is needed.
STATIC_IMPORT = re.compile(r"""(?:\bfrom|\bimport)\s*["'](\.[^"']+)["']""")


def name_of(path: Path) -> str:
    """app/core/graph/ops.py → app.core.graph.ops."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


PYTHON = {name_of(path): path for path in sorted((ROOT / "app").rglob("*.py"))}


def room_of(name: str) -> str:
    """app.api.trace → app.api, app.core.graph.ops → app.core.graph."""
    parts = name.split(".")
    deep = ".".join(parts[:3])
    return deep if deep in CORE else ".".join(parts[:2])


def imports(path: Path) -> Iterator[str]:
    """The modules that a Python file imports; of `from app.core.graph import ops`, app.core.graph.ops."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written out in full"
            source = node.module or ""
            for alias in node.names:
                submodule = f"{source}.{alias.name}"
                yield submodule if submodule in PYTHON else source


@pytest.mark.parametrize("name", PYTHON)
def test_a_python_module_imports_from_its_room_and_from_rooms_below(name: str) -> None:
    for imported in imports(PYTHON[name]):
        if imported.partition(".")[0] == "app":
            assert ROOMS.index(room_of(imported)) <= ROOMS.index(room_of(name)), f"{name} imports {imported}"


@pytest.mark.parametrize("name", [name for name in PYTHON if room_of(name) in CORE])
def test_the_mathematics_needs_numpy_and_nothing_else(name: str) -> None:
    for imported in imports(PYTHON[name]):
        package = imported.partition(".")[0]
        # The bounds are plain numbers.
        assert (
            imported.startswith(("app.core", "app.limits"))
            or imported == "app"
            or package in NEEDED_BY_CORE
            or package in sys.stdlib_module_names
        ), f"{name} imports {imported}"


@pytest.mark.parametrize("name", [name for name in PYTHON if room_of(name) in ("app.api", "app.server")])
def test_arrays_stay_behind_the_documents(name: str) -> None:
    assert not any(it.partition(".")[0] == "numpy" for it in imports(PYTHON[name]))


@pytest.mark.parametrize(
    "name", [name for name in PYTHON if room_of(name) in ("app.documents", "app.examples", "app.tables", "app.models")]
)
def test_documents_know_nothing_of_http(name: str) -> None:
    assert not {it.partition(".")[0] for it in imports(PYTHON[name])} & {"fastapi", "starlette", "uvicorn"}


MOST_MODULES = 22
JS_ROOT = ROOT / "static" / "js"
JAVASCRIPT = {path.relative_to(JS_ROOT).with_suffix("").as_posix(): path for path in sorted(JS_ROOT.rglob("*.js"))}
FROM = re.compile(r"""^(?:import|export)\b(?:[^"';]*?\bfrom)?\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']""", re.M)
COMMENT = re.compile(r"/\*.*?\*/|^\s*//.*?$", re.S | re.M)


# Each panel's row names the modules that are loaded when it is opened: by nothing else are rooms known to the trunk.
JS_REGISTRY = "state/panels"


def js_imports(name: str) -> Iterator[str]:
    """What a JavaScript file imports, static or not: "time/timeline" or "../vendor/…"."""
    code = COMMENT.sub("", JAVASCRIPT[name].read_text("utf-8"))
    for found in FROM.finditer(code):
        if found[2] and name == JS_REGISTRY:
            continue
        path = (JAVASCRIPT[name].parent / (found[1] or found[2])).resolve()
        inside = path.is_relative_to(JS_ROOT)
        yield path.relative_to(JS_ROOT).with_suffix("").as_posix() if inside else (found[1] or found[2])


def is_vendored(imported: str) -> bool:
    return "/vendor/" in imported


def js_room(name: str) -> str:
    return name.partition("/")[0]


def js_kind(name: str) -> str:
    """ "view", "dom", "storage", "work", "pure"; "edge" in the rooms that meet the server and put all together."""
    if js_room(name) in ("app", "server", "main"):
        return "view" if name.endswith("-view") else "edge"
    found = JS_SUFFIX.search(name.rpartition("/")[2])
    return (found[1] or found[2]) if found else "pure"


PURE = [name for name in JAVASCRIPT if js_kind(name) == "pure"]
VIEWS = [name for name in JAVASCRIPT if js_kind(name) == "view"]


def test_the_page_is_a_house_of_rooms() -> None:
    assert [name for name in JAVASCRIPT if "/" not in name] == ["main"]
    rooms = Counter(js_room(name) for name in JAVASCRIPT)
    assert not {room: many for room, many in rooms.items() if many > MOST_MODULES}


@pytest.mark.parametrize("name", [name for name in JAVASCRIPT if js_room(name) not in ("app", "main")])
def test_a_room_of_the_page_imports_from_itself_and_from_the_trunk_below(name: str) -> None:
    room = js_room(name)
    below = JS_TRUNK[: JS_TRUNK.index(room)] if room in JS_TRUNK else JS_TRUNK
    for imported in js_imports(name):
        assert is_vendored(imported) or js_room(imported) in (room, *below), f"{name} imports {imported}"


@pytest.mark.parametrize("name", PURE)
def test_a_pure_module_imports_pure_modules(name: str) -> None:
    for imported in js_imports(name):
        assert is_vendored(imported) or js_kind(imported) == "pure", f"{name} imports {imported}"


@pytest.mark.parametrize("name", PURE)
def test_a_pure_module_touches_neither_page_nor_network_nor_clock(name: str) -> None:
    assert not JS_NOT_FOR_PURE.search(COMMENT.sub("", JAVASCRIPT[name].read_text("utf-8")))


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_knows_nothing_of_store_network_and_clock(name: str) -> None:
    for imported in js_imports(name):
        assert is_vendored(imported) or js_kind(imported) in ("pure", "view"), f"{name} imports {imported}"


def with_all_it_imports(*names: str) -> set[str]:
    """The modules that a browser must have before it runs these: by path from static, without what is loaded later."""
    found: set[str] = set()
    waiting = [(ROOT / "static" / name).resolve() for name in names]
    while waiting:
        path = waiting.pop()
        name = path.relative_to(ROOT / "static").as_posix()
        if name in found:
            continue
        found.add(name)
        code = COMMENT.sub("", path.read_text("utf-8"))
        waiting += [(path.parent / it).resolve() for it in STATIC_IMPORT.findall(code)]
    return found


def test_no_module_of_the_first_picture_is_found_by_way_of_another() -> None:
    """The index names them all, so a browser asks for all at once, and for nothing that the picture can do without."""
    index = (ROOT / "static" / "index.html").read_text("utf-8")
    named = re.findall(r'(?:modulepreload" href|module" src)="([^"]+)"', index)
    assert len(named) == len(set(named))
    assert set(named) == with_all_it_imports("js/main.js")


def test_no_module_behind_the_first_picture_is_found_by_way_of_another() -> None:
    listed = re.search(r"const BEHIND = \[(.*?)\];", JAVASCRIPT["main"].read_text("utf-8"), re.DOTALL)
    assert listed
    named = [f"js/{it}.js" for it in re.findall(r'"([^"]+)"', listed[1])]
    first = with_all_it_imports("js/main.js")
    assert set(named) == with_all_it_imports(*named) - first
