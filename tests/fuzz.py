"""Requests that nobody would write, made from the OpenAPI document: for tests/test_fuzz.py, and for `make fuzz`.

A body is an experiment that the app takes, changed in a few places: types swapped, fields dropped and added, lists cut,
doubled and nested, numbers huge and tiny. So most get past the first check, and some are answered. A query is drawn
from what the document says of each parameter, inside its bounds and out.
"""

import copy
import json
from typing import Any

from hypothesis import strategies as st

from tests.helpers import Document, lecture, network

Place = tuple[str | int, ...]
MOST_STEPS = 2000  # of /train: legal, and soon done

BODIES: list[Document] = [
    lecture(),
    network(5, [2, 3, 2], ["leaky_relu", "softmax"], "cross_entropy"),
    network(7, [3, 4, 4, 1], ["relu", "gelu", "sigmoid"], "binary_cross_entropy", reduction="sum", rows=5)
    | {"optimizer": {"name": "adam", "learning_rate": 0.05, "beta1": 0.5}, "batch_size": 2, "iteration": 3},
]
INITIALIZATION: Document = {
    "sizes": [2, 8, 2],
    "activations": ["tanh", "softmax"],
    "cost": "cross_entropy",
    "dataset": "moons",
    "optimizer": {"name": "adam", "learning_rate": 0.05},
}
WEIGHTS: Document = {"fc1.weight": [[1, 2], [0.5, -1], [0, 3]], "fc1.bias": [0, 1, 0.5], "fc2.weight": [[1, -1, 2]]}
NUMBERS = [0, -0.0, -1, 5e-324, 1e-300, 1e300, -1.7976931348623157e308, 2**31, 2**53, 2**64, 10**400, 0.1, 1e-9]
WORDS = ["", "softmax", "relu", "sum", "cross_entropy", "adam", "momentum", "\u0000", "\ud800", "é", "W0", "C" * 300]
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.sampled_from(NUMBERS),
    st.sampled_from(WORDS),
    st.text(max_size=5),
    st.recursive(st.sampled_from([0.0, "x", None]), lambda inner: st.lists(inner, max_size=3), max_leaves=5),
    st.dictionaries(st.sampled_from(["x", "y", "weights", "v", ""]), st.integers(0, 1), max_size=2),
)


def places(value: Any, path: Place = ()) -> list[Place]:
    """The path of every value within `value`, itself included."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, entry in entries for place in places(entry, (*path, key)))]


@st.composite
def bodies(draw: st.DrawFn, start: list[Document]) -> Document:
    """A valid body, changed in none to three places."""
    document = copy.deepcopy(draw(st.sampled_from(start)))
    for _ in range(draw(st.sampled_from([0, 0, 1, 1, 2, 3]))):
        inside = places(document)[1:]
        if not inside:
            break
        *way, last = draw(st.sampled_from(inside))
        holder: Any = document
        for key in way:
            holder = holder[key]
        _change(draw, holder, last)
    return document


def _change(draw: st.DrawFn, holder: Any, last: str | int) -> None:
    kind = draw(st.sampled_from(["junk", "number", "drop", "add", "double", "nest", "cut"]))
    value = holder[last]
    match kind, value:
        case "number", int() | float():
            holder[last] = draw(st.sampled_from(NUMBERS))
        case "drop", _:
            del holder[last]
        case "add", dict():
            value[draw(st.sampled_from([*WORDS, "slope", "bias", "eps", "title"]))] = draw(JUNK)
        case "double", list():
            holder[last] = value * draw(st.sampled_from([2, 3, 40]))
        case "nest", _:
            way = draw(st.sampled_from(["list", "object", "both"]))
            for number in range(draw(st.sampled_from([1, 2, 15, 16, 30, 200]))):
                value = [value] if way == "list" or (way == "both" and number % 2) else {"a": value}
            holder[last] = value
        case "cut", list():
            holder[last] = value[: draw(st.integers(0, 1))]
        case _:
            holder[last] = draw(JUNK)


def values(name: str, schema: Document, example: Any) -> st.SearchStrategy[str]:
    """What a parameter may be given: what it allows, its bounds and beyond, and anything at all."""
    if name == "steps" and schema.get("maximum", 0) > MOST_STEPS:
        schema = schema | {"maximum": MOST_STEPS}
    bounds = [schema[bound] for bound in ("minimum", "maximum", "exclusiveMinimum") if bound in schema]
    near = [bound + by for bound in bounds for by in (-1, 0, 1)] if name != "steps" else [0, 1, 2]
    return st.one_of(
        *[st.just(example)] * 5,
        st.sampled_from([*near, *schema.get("enum", ()), example]),
        st.integers(0, 3),
        st.sampled_from(
            [*WORDS[:-3], "NaN", "Infinity", "1e999", "-1", "1_0", "１", "true", "9" * 500, "0.1", "W0", "b0"]
        ),
    ).map(str)


@st.composite
def queries(draw: st.DrawFn, parameters: list[Document]) -> list[tuple[str, str]]:
    """Names with values: mostly those that are known and needed, now and then twice, or another."""
    required = {it["name"] for it in parameters if it["required"]}
    if "parameter" in required:
        required.add("row")
    others = 1 if "as" in required else 4  # few of the others go with one another there
    given = [
        (it["name"], draw(values(it["name"], it["schema"], it["schema"]["examples"][0])))
        for it in parameters
        if draw(st.integers(0, 9)) < (9 if it["name"] in required else others)
    ]
    if not draw(st.integers(0, 15)):
        given.append((draw(st.sampled_from(["lean", "steps", "x" * 300, "é"])), draw(st.sampled_from(["1", ""]))))
    return given


def written(document: Document) -> bytes:
    """As JSON; lone surrogates as escapes."""
    return json.dumps(document).encode()
