"""Links that nobody would make, and some made to do harm, from a seed: for tests/browser/test_links.py."""

import base64
import copy
import json
import random
import zlib
from typing import Any

from tests import fuzz
from tests.helpers import Document, lecture, network

HELD = {"x": [[0.1, 0.2]], "y": [[0, 1]]}
SCRIPT = '<img src=x onerror="window.harmed=1"><script>window.harmed=1</script>${1}{{1}}\u202e\u0000javascript:'
STARTS: list[Document] = [
    *fuzz.BODIES,
    lecture() | {"title": SCRIPT[:60]},
    lecture() | {"data": lecture()["data"] | {"held_back": HELD, "classes": [SCRIPT[:60], "b"]}},
    network(3, [2, 1], ["identity"]) | {"iteration": 2**53 - 1},
    network(4, [3, 40, 30, 2], ["tanh", "relu", "softmax"], "cross_entropy", rows=9),
]
VALUES: dict[str, list[str]] = {
    "example": ["lecture", "xor", "scalar", "spiral", "no-such", "__proto__", "../x", "%00"],
    "iteration": ["0", "1", "3", "40", "999999", "-1", "1e3", "9" * 400],
    "beat": ["0", "5", "13", "9999", "NaN"],
    "view": ["graph", "neurons", "both", "table", "constructor"],
    "layers": ["auto", "all", "folded", "folded:1", "all:999", "x"],
    "select": ["W0", "W0[1,2]", "a1>m1", "W0[99999,0]", "C", "x[0,0]", "toString", "b0[0,1]", "<b>"],
    "panel": ["beat", "inspect", "chain", "slope", "cache", "check", "build", "data", "compare", "__proto__"],
    "form": ["routes", "matrices", ""],
    "fold": ["a0", "C", "zz"],
    "slope": ["sum:rising,w:1.85", "center:1e300,span:1e-300", "span:0", "h:NaN", "rate:-1e308", "w:"],
    "stop": ["0", "12", "13"],
    "row": ["0", "3", "9999"],
}
CHARACTERS = "AZaz09-_.=+/%#& é√"


def packed(content: str | bytes, level: int = 9) -> str:
    """As the page packs an experiment."""
    data = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    deflate = zlib.compressobj(level, zlib.DEFLATED, -15)
    return "1." + base64.urlsafe_b64encode(deflate.compress(data) + deflate.flush()).decode().rstrip("=")


def changed(chance: random.Random) -> Document:
    """An experiment, changed in none to three places."""
    document = copy.deepcopy(chance.choice(STARTS))
    for _ in range(chance.choice([0, 0, 1, 1, 2, 3])):
        *way, last = chance.choice(fuzz.places(document)[1:] or [("title",)])
        holder: Any = document
        for key in way:
            holder = holder[key]
        match chance.randrange(6):
            case 0:
                del holder[last]
            case 1:
                holder[last] = chance.choice(fuzz.NUMBERS)
            case 2:
                holder[last] = [holder.get(last) if isinstance(holder, dict) else holder[last]]
            case 3:
                holder[last] = {"__proto__": {"harmed": 1}, "constructor": None}
            case 4:
                holder[last] = chance.choice([None, True, "", SCRIPT, [], {}, [[]], "NaN"])
            case _:
                holder[last] = round(chance.uniform(-3, 3), 3)
    return document


def spoiled(chance: random.Random, text: str) -> str:
    for _ in range(chance.randint(1, 4)):
        at = chance.randint(0, len(text))
        text = text[:at] + chance.choice(CHARACTERS) + text[at + chance.randint(0, 2) :]
    return text


def link(chance: random.Random) -> str:
    """A fragment, with the mark in front."""
    names = chance.sample(list(VALUES), chance.randint(0, 5))
    parts = [f"{name}={chance.choice(VALUES[name])}" for name in names]
    if chance.random() < 0.6:
        text = json.dumps(changed(chance))
        kind = chance.randrange(8)
        if kind == 0:
            text = spoiled(chance, text)
        elif kind == 1:
            text = text[: chance.randint(0, len(text))]
        experiment = packed(text)
        parts.append(f"x={spoiled(chance, experiment) if kind == 2 else experiment}")
    fragment = "&".join(parts)
    return "#" + (spoiled(chance, fragment) if chance.random() < 0.2 else fragment)
