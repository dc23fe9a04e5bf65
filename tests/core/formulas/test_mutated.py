"""Thousands of texts that were damaged: each is a computation or is refused in words, at once, and nothing is run."""

import os
import random
import re
import tracemalloc
from typing import Any

import numpy as np
import pytest

from app import examples
from app.core.formulas.program import formulas
from app.core.formulas.text import Wrong
from app.core.graph import cache
from app.core.graph.structure import backward, forward
from tests.core.formulas.test_faults import FAULTS, LEAVES

Leaves = dict[str, Any]
MANY = int(os.environ.get("BACKPROP_FUZZ", "0")) or 600


def leaves_of(document: dict[str, Any]) -> Leaves:
    values = {**document["parameters"], **document["constants"]}
    return {name: np.array(value, dtype=float) for name, value in values.items()}


# Texts that are sound with the leaves beside them, and texts that are not.
SOUND = [
    (it.experiment["formulas"]["text"], leaves_of(it.experiment["formulas"]))
    for it in examples.load().values()
    if it.kind == "formulas"
]
TEXTS = [*SOUND, *((text, LEAVES) for text, *_ in FAULTS)]
PIECES = """( ) [ ] @ ** * + - / , : = # .T 0 1e308 -1 x W v s y sum( where( softmax( reshape( axis=1 None lambda é '
    windows(x,2,2) concat([x,x]) [0] [:,1] exp( __class__ np. if > squared_error("""
PIECES_OF_TEXTS = [*PIECES.split(), " ", "\n", "\t"]


def mutated(draw: random.Random) -> tuple[str, Leaves]:
    text, leaves = draw.choice(SOUND if draw.random() < 0.7 else TEXTS)
    for _ in range(draw.randint(1, 4)):
        at, to = sorted(draw.randint(0, len(text)) for _ in range(2))
        match draw.randint(0, 5):
            case 0:
                text = text[:at] + draw.choice(PIECES_OF_TEXTS) + text[at:]
            case 1:
                text = text[:at] + text[min(to, at + 3) :]
            case 2:
                text = text[:at] + text[at:to] * draw.randint(1, 2) + text[to:]
            case 3:
                tokens = re.split(r"(\W)", text)
                one, other = draw.randrange(len(tokens)), draw.randrange(len(tokens))
                tokens[one], tokens[other] = tokens[other], tokens[one]
                text = "".join(tokens)
            case 4:
                text = re.sub(r"[-+*]", lambda _: draw.choice("+-*/"), text, count=1)
            case _:
                text = text[:at] + draw.choice(TEXTS)[0][: draw.randint(0, 30)] + text[at:]
    return text, leaves


def run(text: str, leaves: Leaves) -> str:
    try:
        made = formulas(text, leaves, {})
    except Wrong as wrong:
        for fault in wrong.faults:
            assert re.match(rf"line {fault.line}, column {fault.column}: .", fault.detail), (text, fault)
            assert fault.line >= 1
            assert fault.column >= 1
            assert len(fault.detail) < 500, (text, fault)
        return "refused"
    with np.errstate(all="ignore"):
        graph = made.program.graph
        values = forward(graph, made.leaves(None, None))
        gradients = backward(graph, values).gradients
    assert all(np.shape(value) == node.shape for node, value in zip(graph.nodes, values, strict=True)), text
    assert all(np.shape(it) == node.shape for node, it in zip(graph.nodes, gradients, strict=True)), text
    return "made"


@pytest.mark.parametrize("part", range(4))
def test_a_damaged_text_is_a_computation_or_is_refused(part: int) -> None:
    draw = random.Random(part)
    found = [run(*mutated(draw)) for _ in range(MANY // 4)]
    assert "made" in found
    assert "refused" in found


def test_memory_does_not_grow_with_them() -> None:
    draw = random.Random(9)
    texts = [mutated(draw) for _ in range(150)]

    def held() -> int:
        for text, leaves in texts:
            run(text, leaves)
        cache.let_go()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        held()
        before = held()
        assert held() - before < 200_000
    finally:
        tracemalloc.stop()
