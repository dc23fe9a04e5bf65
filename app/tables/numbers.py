"""Numbers as people write them: with decimal points or commas, marks between thousands, units; and cells without."""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

_PLAIN = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?", re.ASCII)
_COMMA = re.compile(r"[-+]?\d*,\d+(?:[eE][-+]?\d+)?", re.ASCII)
_GROUPS_BY_COMMA = re.compile(r"[-+]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?", re.ASCII)
_GROUPS_BY_POINT = re.compile(r"[-+]?[1-9]\d{0,2}(?:\.\d{3})+(?:,\d*)?", re.ASCII)
_GROUPS_BY_GAP = re.compile(r"[-+]?[1-9]\d{0,2}(?:[ \u00a0\u2009\u202f'’_]\d{3})+(?:[.,]\d+)?", re.ASCII)
_GAPS = str.maketrans("", "", " \u00a0\u2009\u202f'’_")
_LONE_GROUP = re.compile(r"[-+]?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
_UNIT = re.compile(
    r"(?P<before>[$€£¥₹]|[A-Z]{3} )?\s*(?P<number>[-+−]?[\d.,  '’]*\d(?:[eE][-+]?\d+)?)\s*"
    r"(?P<after>%|‰|[$€£¥₹]|[A-Za-zµ°²³Ωμ]{1,6}(?:/[A-Za-zµ°²³]{1,4})?)?"
)
_INFINITE = re.compile(r"[-+−]?(?:inf|infinity|∞)", re.IGNORECASE)
_NO_WORD = {"", "na", "n/a", "nan", "?", "null", "#n/a", "#na", "<na>", "(null)", "nil", "missing", "undefined", "nat"}
_NO_NUMBER = _NO_WORD | {"none", "-", "--", "–", "—", ".", "..", "#div/0!", "#value!", "#ref!", "#num!", "#name?"}


def is_missing(text: str, *, word: bool) -> bool:
    """Whether a cell of words, or of numbers, has none."""
    return text.lower() in (_NO_WORD if word else _NO_NUMBER)


def is_infinite(text: str) -> bool:
    """Whether a cell is meant as a number that is not finite."""
    return _INFINITE.fullmatch(text) is not None or (
        _PLAIN.fullmatch(text.replace("−", "-")) is not None and not math.isfinite(float(text.replace("−", "-")))
    )


def is_number(text: str, decimal: str) -> bool:
    """Whether a text is a plain number with that decimal sign."""
    text = text.replace("−", "-")
    return (_PLAIN if decimal == "." else _COMMA).fullmatch(text) is not None


class Style(NamedTuple):
    """How the numbers of a column are written."""

    decimal: str = "."
    points_group: bool = False  # with a decimal comma: whether points stand between thousands

    def number(self, cell: str) -> float | None:
        """A cell's number; None where it is none, or is not finite."""
        text = cell.strip().replace("−", "-")
        if self.decimal == ",":
            text = self._with_point(text)
        elif "," in text and _GROUPS_BY_COMMA.fullmatch(text):
            text = text.replace(",", "")
        if not _PLAIN.fullmatch(text):
            if not _GROUPS_BY_GAP.fullmatch(text):
                return None
            text = text.translate(_GAPS).replace(",", ".")
        value = float(text)
        return value if math.isfinite(value) else None

    def _with_point(self, text: str) -> str:
        if "." in text and (self.points_group or "," in text):
            if not _GROUPS_BY_POINT.fullmatch(text):
                return text if "," not in text else ""
            text = text.replace(".", "")
        return text.replace(",", ".") if _COMMA.fullmatch(text) or _PLAIN.fullmatch(text.replace(",", ".")) else text

    def numbers(self, cells: Sequence[str]) -> list[float] | None:
        """The numbers of many cells at once, where all are plain ones; None where some have to be looked at."""
        try:
            found = [*map(float, cells)]
        except ValueError:
            return None
        text = "".join(cells)
        if "_" in text or not text.isascii() or not all(map(math.isfinite, found)):
            return None
        return None if self.points_group and "." in text else found


class Evidence:
    """What the cells of a file say of its decimal sign: gathered from all that have a comma or might have one."""

    def __init__(self) -> None:
        self.comma = False  # a comma that parts no thousands: 0,5
        self.groups = False  # a comma that can only part thousands: 1,234.5
        self.point = False  # a point that is a decimal one
        self.point_groups = False  # points that can only part thousands: 1.234,5
        self.lone: str | None = None  # what may be either: 1,000
        self.lone_point: str | None = None  # 1.234

    def merge(self, other: "Evidence") -> None:
        """What another says too."""
        self.comma |= other.comma
        self.groups |= other.groups
        self.point |= other.point
        self.point_groups |= other.point_groups
        self.lone = self.lone or other.lone
        self.lone_point = self.lone_point or other.lone_point

    def add(self, cells: Iterable[str]) -> None:
        """Look at more cells."""
        for cell in cells:
            text = cell.strip().replace("−", "-")
            if text and not (text[0].isdigit() and text[-1].isdigit()) and (found := _UNIT.fullmatch(text)):
                text = found["number"]
            if "," in text:
                if _LONE_GROUP.fullmatch(text):
                    self.lone = self.lone or text
                elif _GROUPS_BY_COMMA.fullmatch(text):
                    self.groups = True
                elif _COMMA.fullmatch(text):
                    self.comma = True
                elif _GROUPS_BY_POINT.fullmatch(text):
                    self.comma = self.point_groups = True
            elif "." in text:
                if _LONE_GROUP.fullmatch(text):
                    self.lone_point = self.lone_point or text
                elif _GROUPS_BY_POINT.fullmatch(text):
                    self.point_groups = True
                elif _PLAIN.fullmatch(text):
                    self.point = True


def style_of(column: Evidence, file: Evidence, delimiter: str, decimal: str | None) -> tuple[Style, str | None]:
    """How the numbers of a column are written, by itself and by the file that it is in; and where there is doubt."""
    sign = decimal or _sign(column, file, delimiter)
    if sign == ",":
        groups = column.point_groups or (
            column.lone_point is not None and not column.point and (file.comma or decimal == ",")
        )
        style = Style(",", groups)
        if decimal is None and column.lone and not (column.comma or file.comma):
            return style, _doubt(column.lone, style)
        if decimal is None and groups and column.lone_point and not column.point_groups:
            return style, _doubt(column.lone_point, style)
        return style, None
    style = Style(".")
    doubtful = column.lone if not column.groups else None
    if delimiter == ";" and not (column.point or file.point):  # as where a comma stands before the decimals
        doubtful = doubtful or column.lone_point
    return style, _doubt(doubtful, style) if decimal is None and doubtful else None


def _sign(column: Evidence, file: Evidence, delimiter: str) -> str:
    if column.comma and not column.groups:
        return ","  # and 0.5 beside 0,5 is read too
    if column.groups or column.point:
        return "."
    if column.lone is None:
        return "," if file.comma and column.lone_point else "."
    if file.comma != (file.groups or file.point):
        return "," if file.comma else "."
    return "." if delimiter == "," else ","


def _doubt(text: str, style: Style) -> str:
    value = style.number(text) or 0.0
    other = "." if style.decimal == "," else ","
    mark = "comma" if other == "," else "point"
    return f"{text} is read as {value:.15g}; where a {mark} stands before the decimals, say so"


def unit_of(cells: Iterable[str], style: Style) -> tuple[str, Callable[[str], str]] | None:
    """The one unit of all these cells in words, and what takes it off a cell; None where there is none, or several."""
    units: set[tuple[str, str]] = set()
    for cell in cells:
        found = _UNIT.fullmatch(cell.strip())
        if not found or style.number(found["number"]) is None:
            return None
        units.add(((found["before"] or "").strip(), found["after"] or ""))
    units.discard(("", ""))
    if len(units) != 1:
        return None
    before, after = units.pop()

    def without(cell: str) -> str:
        return cell.strip().removeprefix(before).removesuffix(after).strip()

    return before or after, without
