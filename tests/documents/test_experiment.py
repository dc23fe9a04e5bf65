"""The tables' fields are in the schema."""

from app.core.graph.activations import ACTIVATIONS
from app.core.graph.costs import COSTS, REDUCTIONS
from app.core.training.optimizers import OPTIMIZERS
from app.documents import experiment


def enum(model: type, field: str) -> object:
    return model.model_json_schema()["properties"][field]["enum"]  # type: ignore[attr-defined]


def test_the_names_are_those_of_the_tables() -> None:
    assert enum(experiment.Layer, "activation") == list(ACTIVATIONS)
    assert enum(experiment.Network, "cost") == list(COSTS)
    assert enum(experiment.Network, "reduction") == list(REDUCTIONS)
    assert enum(experiment.Optimizer, "name") == list(OPTIMIZERS)


def test_the_fields_are_those_of_the_tables() -> None:
    options = {option for row in ACTIVATIONS.values() for option in row.options}
    fields = {name for row in OPTIMIZERS.values() for name in row.fields}
    assert set(experiment.Layer.model_fields) == set(experiment.LayerBase.model_fields) | options
    assert set(experiment.Optimizer.model_fields) == set(experiment.OptimizerBase.model_fields) | fields
