"""Print the OpenAPI document that the page's types are made of, with sorted keys: two prints differ where the types do.

What a table in `core` says (the names of its rows, which row a field is for) is left out, and so are examples: another
row is another value of the same type.
"""

import json
from typing import Any

from app.main import create_app

VALUES = ("example", "examples")
VALUES_FROM_TABLE = ("enum", "description", "x-from-table")


def document() -> str:
    return json.dumps(types_alone(create_app().openapi()), indent=2, sort_keys=True, ensure_ascii=False)


def types_alone(part: Any) -> Any:
    """`part` of an OpenAPI document without the values that a type does not depend on."""
    if isinstance(part, list):
        return [types_alone(entry) for entry in part]
    if not isinstance(part, dict):
        return part
    left_out = VALUES + (VALUES_FROM_TABLE if part.get("x-from-table") else ())
    return {name: types_alone(entry) for name, entry in part.items() if name not in left_out}


if __name__ == "__main__":
    print(document())
