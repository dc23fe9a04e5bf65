"""The reader of models, driven to its end; and the model files of the tests."""

import json
from pathlib import Path
from typing import Any

from app.models import reading
from app.models.choices import Choices

FILES = Path(__file__).parent / "files"
NAMES = sorted(path.stem for path in FILES.glob("*.onnx"))

Answer = dict[str, Any]


def read(body: bytes, **choices: Any) -> Answer:
    """What `/model` answers, with arrays.   Raises: Problem."""
    slices = reading.model(body, Choices(**choices))
    while True:
        try:
            next(slices)
        except StopIteration as end:
            answer: Answer = end.value
            return answer


def content(name: str) -> bytes:
    """Of a model file."""
    return (FILES / f"{name}.onnx").read_bytes()


def beside(name: str) -> dict[str, Any]:
    """Its inputs, and what its framework says of it."""
    found: dict[str, Any] = json.loads((FILES / f"{name}.json").read_text("utf-8"))
    return found
