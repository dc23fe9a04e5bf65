"""What Pydantic reads in one go is what is read strictly, and what two readers could take differently is refused."""

import json
import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import examples
from app.core.training.optimizers import OPTIMIZERS
from app.documents import encoding, reading, strict_json, traces
from app.documents.checks import Read
from app.documents.problems import BadRequest, Problem
from tests.helpers import Document, copy, every_pair, lecture, name_of, network, networks, read, step

LECTURE = json.dumps(lecture()).encode()


def outcome(body: bytes, how: Any) -> Any:
    """The experiment that is read, written again, or what is wrong."""
    try:
        taken: Read = how(body)
    except Problem as problem:
        return type(problem), problem.detail, list(problem.errors)
    return encoding.dumps(traces.experiment(*taken))


def check(body: bytes) -> bool:
    """Read in one go, and strictly, it is the same.   Returns whether it is right."""
    result = outcome(body, reading.experiment)
    assert result == outcome(body, lambda body: read(strict_json.read(body)))
    return isinstance(result, bytes)


@pytest.mark.parametrize("document", every_pair(), ids=name_of)
def test_every_pair_of_rows_is_read(document: Document) -> None:
    assert check(json.dumps(document).encode())


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_what_an_optimizer_carries_over_is_read(name: str) -> None:
    document = step(lecture() | {"optimizer": {"name": name, "learning_rate": 0.1}})["experiment"]
    assert (document["optimizer_state"] is None) == (not OPTIMIZERS[name].keeps)
    assert check(json.dumps(document).encode())


def everything() -> Document:
    """An experiment that has all there is to have."""
    document = network(3, [4, 3, 2], ["leaky_relu", "softmax"], rows=3)
    document |= {"title": "3:1 at 50%", "batch_size": 2, "iteration": 7, "optimizer": {"name": "adam", "eps": 1}}
    x, y = document["data"]["x"], document["data"]["y"]
    document["data"] |= {
        "features": ["a", "b:", ",", ""],
        "classes": ["yes", "é"],
        "held_back": {"x": x[:1], "y": y[:1]},
        "image_shape": [2, 2],
    }
    document["optimizer_state"] = {
        f"{letter}{number}": {"t": 3, "v": layer[kind], "s": np.abs(layer[kind]).tolist()}
        for number, layer in enumerate(document["network"]["layers"])
        for letter, kind in (("W", "weights"), ("b", "bias"))
    }
    return document


@pytest.mark.parametrize("document", [everything(), lecture(), *(it.experiment for it in examples.load().values())])
def test_what_is_right_is_read_once(document: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    """Colons in texts are no doubt."""
    monkeypatch.setattr(strict_json, "read", lambda _body: pytest.fail("it is read again"))
    reading.experiment(json.dumps(document, ensure_ascii=False).encode())


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value in a document."""
    within = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path] * bool(path) + [place for key, entry in within for place in places(entry, (*path, key))]


def at(document: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        document = document[key]
    return document


STRANGE: list[Any] = [None, True, False, 0, -1, 1, 2, 3, 1.0, 2.0, 2**53, 2**63, -(2**64), 1.5, -0.5, -0.0, 1e308]
STRANGE += ["", "t", "softmax", "relu", "adam", "momentum", "a:b", "x" * 201]
STRANGE += [[], {}, [[]], [0], [[0.5]], [[True]], [["1"]], {"x": [[1]], "y": [[1]]}]


def changed_somewhere(document: Document, rng: random.Random) -> Document:
    """One place made another's value, or a strange one, or taken away, or given a name that nothing has."""
    document = copy(document)
    path = rng.choice(places(document))
    holder, key = at(document, path[:-1]), path[-1]
    match rng.randrange(5):
        case 0:
            holder[key] = copy(at(document, rng.choice(places(document))))
        case 1:
            del holder[key]
        case 2 if isinstance(holder, dict):
            holder[rng.choice(["slope", "bias", "name", "t", "v", "nesterov", "beta1", "more"])] = rng.choice(STRANGE)
        case _:
            holder[key] = rng.choice(STRANGE)
    return document


@given(st.integers(0, 2**32 - 1), st.booleans())
def test_a_changed_experiment_is_read_alike(seed: int, escaped: bool) -> None:
    rng = random.Random(seed)
    for document in (everything(), lecture()):
        check(json.dumps(changed_somewhere(document, rng), ensure_ascii=escaped).encode())


@given(networks(most_width=8))
def test_any_network_is_read_alike(document: Document) -> None:
    assert check(json.dumps(document).encode())


@given(st.data())
def test_a_damaged_body_is_read_alike(data: st.DataObject) -> None:
    text = bytearray(LECTURE)
    at = data.draw(st.integers(0, len(text) - 1))
    text[at : at + 1] = data.draw(st.sampled_from([b"", b"[", b"]", b"{", b"}", b'"', b",", b":", b" ", b"9", b"\\"]))
    check(bytes(text))


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: text.replace('"cost":', '"cost": "cross_entropy", "cost":'),
        lambda text: text.replace('"x":', '"x" : [[1.0, 2.0]], "x":'),
        lambda text: text.replace('"activation":', '"activation": "relu", "activation":', 1),
        lambda text: text.replace('"title": "', '"iteration": 1, "iteration": 2, "title": "\\u003a'),
        lambda text: text.replace("[[", "[[NaN, ", 1),
        lambda text: text + "x",
        lambda text: "\ufeff" + text,
        lambda _text: "",
    ],
)
def test_what_is_no_strict_json_is_refused(edit: Any) -> None:
    body = edit(LECTURE.decode()).encode()
    assert body != LECTURE
    with pytest.raises(BadRequest):
        reading.experiment(body)


def test_a_key_given_twice_in_what_an_optimizer_carries_over_is_refused() -> None:
    text = json.dumps(everything())
    with pytest.raises(BadRequest, match='the key "t" is given twice'):
        reading.experiment(text.replace('"t":', '"t": 3, "t":', 1).encode())
