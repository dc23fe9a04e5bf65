"""What networks can be made of, told from the tables themselves."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from app import examples, limits
from app.core.formulas.calls import CALLS
from app.core.graph import activations, costs, penalties
from app.core.graph.structure import LETTERS
from app.core.training import initializers, optimizers, schedules
from app.core.training.datasets import DATASETS
from app.documents.encoding import bounds

_CURVE = np.linspace(-6.0, 6.0, 65)  # 0, where some have a kink, is one of them
_SLOTS = {"m": "m", "a": "a", "y": "y", "w": "w", "C": "C", "K": "K"}


def document() -> dict[str, Any]:
    """The contract's catalog."""
    return {
        "activations": [
            _entry(row.name, f"a = {row.formula}", f"∂a/∂m = {row.derivative_formula}", row.options, row.note)
            | {
                "last_only": False,
                "per_row": row.per_row,
                "range": bounds(row.range),
                "gate": row.gate,
                "curve": _curve(row),
            }
            for row in activations.ROWS
        ],
        "costs": [
            _entry(row.name, f"C = {row.formula}", f"∂C/∂a = {row.wrt_output_formula}", {}, row.note)
            | {
                "domain": row.domain,
                "activation": row.activation,
                "targets": bounds(row.targets),
                "target_values": list(row.target_values),
                "one_in_all": row.one_in_all,
                "logits": row.probabilities is not None,
            }
            for row in costs.ROWS
        ],
        "penalties": [_entry(row.name, f"R = λ · Σ {row.of}", "", row.fields, row.note) for row in penalties.ROWS],
        "optimizers": [_optimizer(row) for row in optimizers.ROWS],
        "schedules": [
            _entry(row.name, f"α = {row.formula}", "", row.fields, row.note)
            | {"whole": list(row.whole), "most": dict(row.most)}
            for row in schedules.ROWS
        ],
        "initializers": [{"name": row.name, "formula": row.formula, "note": row.note} for row in initializers.ROWS],
        "reductions": list(costs.REDUCTIONS),
        "datasets": [_dataset(example) for example in examples.load().values() if "data" in example.experiment],
        "functions": [
            {"name": it.name, "group": it.group, "signature": it.signature, "usage": it.example, "words": it.words}
            for it in CALLS.values()
        ],
        "limits": limits.LIMITS,
        "bounds": [bound._asdict() for bound in limits.BOUNDS],
    }


def _curve(row: activations.Activation) -> dict[str, list[float]] | None:
    """The function with its default options, to be drawn; None where each output is made of a whole row."""
    if row.per_row:
        return None
    return {"m": _CURVE.tolist(), "a": row.op().value(_CURVE).tolist()}


def _entry(name: str, formula: str, derivative: str, defaults: Mapping[str, float], note: str) -> dict[str, Any]:
    names = _SLOTS | {option: option for option in defaults}
    return {
        "name": name,
        "formula": formula.format_map(names),
        "derivative": derivative.format_map(names),
        "fields": list(defaults),
        "defaults": dict(defaults),
        "note": note.format_map(LETTERS),
    }


def _optimizer(row: optimizers.Optimizer) -> dict[str, Any]:
    symbols = {name: optimizers.SYMBOLS[name] for name in row.fields if name in optimizers.SYMBOLS}
    return _entry(row.name, row.formula, "", row.fields, row.note) | {
        "lines": [line.told("w", "C").formula for line in row.lines(row.fields)],
        "symbols": symbols,
        "below": dict(row.below),
        "keeps": list(row.keeps),
    }


def _dataset(example: examples.Example) -> dict[str, Any]:
    data = example.experiment["data"]
    return {
        "name": example.id,
        "title": example.title,
        "description": example.description,
        "inputs": len(data["x"][0]),
        "outputs": len(data["y"][0]),
        "rows": len(data["x"]),
        "held_back": len(data.get("held_back", {"x": []})["x"]),
        "drawn": example.id in DATASETS,
    }
