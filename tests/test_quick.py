"""What is read at a glance is what is read strictly, and what is wrong is never taken."""

import json
import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import body, encode, examples, limits, quick, wire
from app.core.optimizers import OPTIMIZERS
from app.problems import Problem
from tests.helpers import Document, copy, every_pair, lecture, name_of, network, networks, read, step
from tests.test_checks import FAULTS, changed

LECTURE = json.dumps(lecture()).encode()


def strictly(content: bytes) -> wire.Read:
    """Raises: Problem."""
    return read(body.parse(content))


def check(content: bytes) -> bool:
    """What is taken at a glance must be what is read strictly, to the last bit.   Returns whether it was taken."""
    taken = quick.read(content)
    if taken is None:
        return False
    strict = strictly(content)
    assert encode.dumps(wire.experiment(*taken)) == encode.dumps(wire.experiment(*strict))
    one, other = taken.experiment, strict.experiment
    assert one.network.architecture == other.network.architecture
    arrays = [(*it.network.parameters, it.x, it.y) for it in (one, other)]
    for array, wanted in zip(*arrays, strict=True):
        assert (array.dtype, array.shape, array.tobytes()) == (wanted.dtype, wanted.shape, wanted.tobytes())
    assert {name: (type(it), it) for name, it in one.fields.items()} == {
        name: (type(it), it) for name, it in other.fields.items()
    }
    return True


@pytest.mark.parametrize("document", every_pair(), ids=name_of)
def test_every_pair_of_rows_is_taken_at_a_glance(document: Document) -> None:
    assert check(json.dumps(document).encode())


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_what_an_optimizer_carries_over_is_taken_at_a_glance(name: str) -> None:
    document = step(lecture() | {"optimizer": {"name": name, "learning_rate": 0.1}})["experiment"]
    assert (document["optimizer_state"] is None) == (not OPTIMIZERS[name].keeps)
    assert check(json.dumps(document).encode())


@pytest.mark.parametrize("id", examples.load())
def test_every_short_example_is_taken_at_a_glance(id: str) -> None:
    document = examples.load()[id].experiment
    content = json.dumps(document).encode()
    parameters = sum(np.size(layer["weights"]) for layer in document["network"]["layers"])
    assert check(content) == (len(content) <= limits.INLINE_BYTES and parameters < 900)


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


def test_an_experiment_with_all_there_is_to_have_is_taken_at_a_glance() -> None:
    assert check(json.dumps(everything(), ensure_ascii=False).encode())
    assert quick.read(json.dumps(everything()).encode()) is None, "an escape might hide a colon"


@pytest.mark.parametrize(("path", "value", "_pointer", "_detail"), FAULTS)
def test_no_fault_is_taken(path: str, value: object, _pointer: str, _detail: str) -> None:
    try:
        content = json.dumps(changed(path, value)).encode()
    except TypeError:
        pytest.skip("what JSON cannot say")
    assert quick.read(content) is None


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


@given(st.integers(0, 2**32 - 1))
def test_what_is_taken_of_a_changed_experiment_is_what_is_read_strictly(seed: int) -> None:
    rng = random.Random(seed)
    for document in (everything(), lecture()):
        check(json.dumps(changed_somewhere(document, rng), ensure_ascii=False).encode())


@given(networks(most_width=8), st.integers(0, 2**32 - 1))
def test_what_is_taken_of_any_network_is_what_is_read_strictly(document: Document, seed: int) -> None:
    check(json.dumps(document).encode())
    check(json.dumps(changed_somewhere(document, random.Random(seed))).encode())


def test_what_is_sound_may_look_otherwise_but_is_mostly_taken() -> None:
    """So that the tests above are not passed by taking nothing."""
    rng = random.Random(1)
    taken = sound = 0
    for _ in range(3000):
        content = json.dumps(changed_somewhere(everything(), rng), ensure_ascii=False).encode()
        try:
            strictly(content)
        except Problem:
            assert quick.read(content) is None
        else:
            sound += 1
            taken += check(content)
    assert sound > 400
    assert taken > 0.9 * sound


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: text.replace('"cost":', '"cost": "cross_entropy", "cost":'),
        lambda text: text.replace('"x":', '"x" : [[1.0, 2.0]], "x":'),
        lambda text: text.replace('"activation":', '"activation": "relu", "activation":', 1),
        lambda text: text.replace('"title": "', '"iteration": 1, "iteration": 2, "title": "\\u003a'),
        lambda text: text.replace('"title": "', '"title": "\\ud800'),
        lambda text: text.replace("[[", "[[1e400, ", 1),
        lambda text: text.replace("[[", "[[NaN, ", 1),
        lambda text: text + "x",
        lambda text: "\ufeff" + text,
        lambda text: "[" + text + "]",
        lambda _text: "",
        lambda _text: "[]",
        lambda _text: "null",
        lambda _text: '"text"',
        lambda _text: "{}",
    ],
)
def test_what_is_no_strict_json_is_not_taken(edit: Any) -> None:
    content = edit(LECTURE.decode()).encode()
    assert content != LECTURE
    assert quick.read(content) is None
    with pytest.raises(Problem):
        strictly(content)


def test_bytes_that_are_no_text_are_not_taken() -> None:
    assert quick.read(LECTURE.replace(b'"title": "', b'"title": "\xff')) is None
