"""What its reader may say of a table, rather than have it found: all that is known of tables before one is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app import limits

ROLES = ("input", "target", "class", "skip")
DELIMITER_NAMES = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|", "space": " "}
_NO_DELIMITER = frozenset("\"'.+-_#%@{}[]\r\n\x00\x1f")
# By what an encoding is called, what Python calls it.
ENCODINGS = {
    "utf-8": "utf-8-sig",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "windows-1250": "cp1250",
    "windows-1251": "cp1251",
    "windows-1252": "cp1252",
    "iso-8859-1": "latin-1",
    "iso-8859-15": "iso8859-15",
    "macintosh": "mac-roman",
    "shift_jis": "shift_jis",
    "euc-kr": "euc-kr",
    "gb18030": "gb18030",
    "big5": "big5",
}


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
    hold_back: int | None = None  # every so manieth row, of each class where there are classes; None: none
    scale: bool = False  # inputs to mean 0 and standard deviation 1


def delimiter_meant(text: str) -> str:
    """The sign that is meant, by its name or by itself.   Raises: ValueError, where that parts no cells."""
    delimiter = DELIMITER_NAMES.get(text, text)
    if len(delimiter) != 1 or delimiter.isalnum() or delimiter in _NO_DELIMITER:
        raise ValueError
    return delimiter
