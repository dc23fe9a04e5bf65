"""What its reader may say of a table, rather than have it found."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app import limits

ROLES = ("input", "target", "class", "skip")


@dataclass(frozen=True)
class Choices:
    """None, or nothing, means that it is found."""

    delimiter: str | None = None
    decimal: str | None = None
    header: bool | None = None
    encoding: str | None = None
    rows: int = limits.ROWS
    roles: Mapping[str, str] = field(default_factory=dict)  # by name of a column
    one_hot: str | None = None  # the name of a column, or several with commas between them
    hold_back: int = 0  # every so manieth row, of each class where there are classes; 0: none
    scale: bool = False  # inputs to mean 0 and standard deviation 1
