"""What networks can be made of, told from the tables themselves."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from app import examples, limits
from app.core.formulas.calls import CALLS
from app.core.graph import activations, costs, penalties
from app.core.graph.structure import LETTERS
from app.core.training import initializers, optimizers, schedules
from app.core.training.datasets import DATASETS
from app.documents import answer_models as models
from app.documents.encoding import bounds

_CURVE = np.linspace(-6.0, 6.0, 65)  # 0, where some have a kink, is one of them
_SLOTS = {"m": "m", "a": "a", "y": "y", "w": "w", "C": "C", "K": "K"}


@cache
def document() -> dict[str, Any]:
    """The contract's catalog."""
    return {
        "activations": [_activation(row) for row in activations.ROWS],
        "costs": [_cost(row) for row in costs.ROWS],
        "penalties": [_entry(models.PenaltyEntry, row, f"R = λ · Σ {row.of}", row.fields) for row in penalties.ROWS],
        "optimizers": [_optimizer(row) for row in optimizers.ROWS],
        "schedules": [_entry(models.ScheduleEntry, row, f"α = {row.formula}", row.fields) for row in schedules.ROWS],
        "initializers": [models.InitializerEntry.told(row) for row in initializers.ROWS],
        "reductions": costs.REDUCTIONS,
        "datasets": [_dataset(example) for example in examples.load().values() if "data" in example.experiment],
        "functions": [models.FunctionEntry.told(row, usage=row.example) for row in CALLS.values()],
        "limits": limits.LIMITS,
        "bounds": [models.BoundEntry.told(bound) for bound in limits.BOUNDS],
    }


def _entry(
    model: type[models.CatalogEntry], row: Any, formula: str, fields: Mapping[str, float], **more: Any
) -> dict[str, Any]:
    names = _SLOTS | {field: field for field in fields}
    derivative = more.pop("derivative", "").format_map(names)
    more |= {"formula": formula.format_map(names), "derivative": derivative, "note": row.note.format_map(LETTERS)}
    return model.told(row, fields=list(fields), defaults=fields, **more)


def _activation(row: activations.Activation) -> dict[str, Any]:
    # To be drawn; where each output is made of a whole row there is nothing to draw.
    curve = None if row.per_row else {"m": _CURVE.tolist(), "a": row.op().value(_CURVE).tolist()}
    more = {"derivative": f"∂a/∂m = {row.derivative_formula}", "range": bounds(row.range), "curve": curve}
    return _entry(models.ActivationEntry, row, f"a = {row.formula}", row.options, last_only=False, **more)


def _cost(row: costs.Cost) -> dict[str, Any]:
    more = {"derivative": f"∂C/∂a = {row.wrt_output_formula}", "targets": bounds(row.targets)}
    return _entry(models.CostEntry, row, f"C = {row.formula}", {}, logits=row.probabilities is not None, **more)


def _optimizer(row: optimizers.Optimizer) -> dict[str, Any]:
    symbols = {name: optimizers.SYMBOLS[name] for name in row.fields if name in optimizers.SYMBOLS}
    lines = [line.told("w", "C").formula for line in row.lines(row.fields)]
    return _entry(models.OptimizerEntry, row, row.formula, row.fields, lines=lines, symbols=symbols)


def _dataset(example: examples.Example) -> dict[str, Any]:
    data = example.experiment["data"]
    return models.DatasetEntry.told(
        example,
        name=example.id,
        inputs=len(data["x"][0]),
        outputs=len(data["y"][0]),
        rows=len(data["x"]),
        held_back=len(data.get("held_back", {"x": []})["x"]),
        drawn=example.id in DATASETS,
    )
