"""The ready experiments: one JSON file each, `{order, title, description, experiment}`, named by its id.

To add one, add a file; `order` says where it stands in the list.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple


class Example(NamedTuple):
    """A ready experiment and what to say of it."""

    id: str
    title: str
    description: str
    experiment: dict[str, Any]

    @property
    def kind(self) -> str:
        """What it is made of: "network" or "formulas"."""
        return "formulas" if "formulas" in self.experiment else "network"


@lru_cache(maxsize=1)
def load() -> dict[str, Example]:
    """All examples by id, in their order; the first is `lecture`."""
    files = {path.stem: json.loads(path.read_text("utf-8")) for path in Path(__file__).parent.glob("*.json")}
    ordered = sorted(files.items(), key=lambda entry: entry[1]["order"])
    return {id: Example(id, file["title"], file["description"], file["experiment"]) for id, file in ordered}
