"""From the bytes of a file to what `/table` answers, in slices between which others have their turn."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from app import limits
from app.documents.problems import Fault, Unprocessable, printable
from app.tables import arff, columns, data, files, json_table, roles, text_table
from app.tables.choices import Choices
from app.tables.columns import Column
from app.tables.data import Made
from app.tables.grid import Grid
from app.tables.roles import Role

_SHOWN = 12  # values of a column
_FIRST = 3  # rows


def table(body: bytes, choices: Choices) -> Generator[None, None, dict[str, Any]]:
    """What a file holds, what each of its columns is for, and the data of an experiment that they make.

    Raises: BadRequest, TooLarge, UnsupportedMediaType, Unprocessable.
    """
    text = yield from files.text(body, choices.encoding)
    grid, delimiter = yield from _grid(text, choices)
    found = yield from columns.columns(grid, delimiter or "", choices)
    understood = {
        "encoding": text.encoding,
        "delimiter": delimiter,
        "decimal": "," if any(it.decimal == "," for it in found) else ".",
        "header": grid.header,
        "unit": grid.unit,
        "rows_in_file": grid.total,
    }
    assigned = roles.roles(grid, found, replace(choices, roles={}, one_hot=None))
    try:
        if choices.roles or choices.one_hot is not None:
            assigned = roles.roles(grid, found, choices)
        yield
        made = yield from data.data(grid, found, assigned, choices)
    except Unprocessable as refusal:
        refusal.table = understood | {"columns": _columns(found, assigned, {})}
        raise
    notes = [
        *([text.note] if text.note else []),
        *grid.notes,
        *(note for it in found for note in it.notes),
        *made.notes,
    ]
    return {
        **understood,
        "columns": _columns(found, assigned, made.inputs),
        "rows": len(made.x),
        "left_out": [it._asdict() for it in grid.left_out],
        "left_out_count": grid.left_out_count,
        "notes": [printable(note, 400) for note in notes[: limits.TABLE_NOTES]],
        "data": _data(made),
        "cost": made.cost,
        "activation": made.activation,
    }


def _grid(text: files.Text, choices: Choices) -> Generator[None, None, tuple[Grid, str | None]]:
    """The cells, and what parts them; nothing does in JSON."""
    with text.opened() as file:
        start = file.read(1 << 16).lstrip("\ufeff \t\r\n")
    if start[:1] in ("{", "["):
        for name in ("delimiter", "decimal"):
            if getattr(choices, name) is not None:
                raise Unprocessable([Fault(f"query:{name}", f"this file is JSON, to which {name} means nothing")])
        return (yield from json_table.grid(text, choices)), None
    with text.opened() as file:
        is_arff = arff.is_arff(file)
    if is_arff:
        return (yield from arff.grid(text, choices))
    return (yield from text_table.grid(text, choices))


def _columns(
    found: Sequence[Column], assigned: Sequence[Role], inputs: Mapping[int, list[str]]
) -> list[dict[str, Any]]:
    return [_column(it, role, inputs.get(it.place, [])) for it, role in zip(found, assigned, strict=True)]


def _column(column: Column, role: Role, inputs: list[str]) -> dict[str, Any]:
    if column.kind == "number":
        values = [f"{value:.15g}" for value in column.numbers[:_SHOWN].tolist()]
    else:
        values = [printable(word, 40) for word in column.words[:_SHOWN]]
    return {
        "name": column.name,
        "kind": column.kind,
        "role": role.role,
        "why": role.why,
        "may_be": roles.possible(column),
        "first": _first(column),
        "values": values,
        "different": column.different,
        "missing": int(column.is_missing.sum()),
        "inputs": inputs,
    }


def _first(column: Column) -> list[str]:
    """What is read in the first rows of a column."""
    there = column.is_used[:_FIRST].tolist()
    if column.codes is not None:
        shown = [printable(column.words[code], 40) if column.words else "" for code in column.codes[:_FIRST].tolist()]
    elif column.values is not None:
        shown = [f"{value:.15g}" for value in column.values[:_FIRST].tolist()]
    else:
        shown = [""] * len(there)
    return [text if is_used else "" for text, is_used in zip(shown, there, strict=True)]


def _data(made: Made) -> dict[str, Any]:
    """The data as an experiment has them."""
    document: dict[str, Any] = {"x": made.x, "y": made.y, "features": _named(made.features), "classes": made.classes}
    if made.held is not None and made.held.any():
        document["x"], document["y"] = made.x[~made.held], made.y[~made.held]
        document["held_back"] = {"x": made.x[made.held], "y": made.y[made.held]}
    return document


def _named(names: Sequence[str]) -> list[str]:
    return [printable(name, limits.TEXT_CHARACTERS) for name in names]
