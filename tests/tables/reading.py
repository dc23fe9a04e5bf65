"""The reader of tables, driven to its end."""

from typing import Any

from app.tables import reading
from app.tables.choices import Choices

Answer = dict[str, Any]


def read(body: bytes, **choices: Any) -> Answer:
    """What `/table` answers, with arrays.   Raises: Problem."""
    return counted(body, **choices)[0]


def counted(body: bytes, **choices: Any) -> tuple[Answer, int]:
    """The same, and in how many slices it was made."""
    slices = reading.table(body, Choices(**choices))
    number = 1
    while True:
        try:
            next(slices)
        except StopIteration as end:
            answer: Answer = end.value
            return answer, number
        number += 1
