"""The answers to /chain, /slope and /check, from the mathematics to documents."""

from typing import Any

from app import limits
from app.core.explaining import chain_rule
from app.core.explaining.chain_rule import Chain, Factor, Term
from app.core.explaining.check import Check, Checked
from app.core.explaining.slope import Difference, Point, Slope
from app.core.graph import count
from app.core.graph.entries import Entry, Place
from app.core.graph.network import Network
from app.core.training.iteration import Experiment, Trace
from app.documents.encoding import number, spelled


def chain(experiment: Experiment, run: Trace, place: Place, result: Chain) -> dict[str, Any]:
    """The contract's answer to /chain. Its terms are made as they are asked for."""
    graph = run.graph
    factors: dict[int, dict[str, Any]] = {}
    routes = count.routes(graph, place.node.index, place.entry)
    _, *folds, _ = chain_rule.folds(graph, place)
    return spelled(
        {
            **_named(place.node.id, place.entry),
            "weight": result.weight,
            "gradient": result.gradient,
            "numeric": result.measured.numeric,
            "numeric_step": result.measured.step,
            "numeric_error": result.measured.error,
            "kink": result.measured.kink,
            "verdict": result.verdict,
            "terms": (_term(term, factors) for term in result.terms),
            "fold": result.fold,
            "folds": [graph.nodes[fold.node].id for fold in folds],
            "paths": routes.terms[graph.output.index],
            "shared": [entry._asdict() for entry in chain_rule.shared(graph, place.node.index)],
            "multiplications": {
                **routes.multiplications._asdict(),
                "network": count.whole(graph)._asdict(),
                "depths": [
                    {"layers": depth.layers, **depth.multiplications._asdict()} for depth in _depths(experiment)
                ],
            },
            "status": run.status,
        }
    )


def _depths(experiment: Experiment) -> tuple[count.Depth, ...]:
    """How the gap grows with more layers; of formulas nobody knows what more of them would be."""
    model = experiment.model
    return count.depths(model.architecture, limits.LAYERS) if isinstance(model, Network) else ()


def _term(term: Term, made: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """Terms have most of their factors in common: each is made once, and found again by its identity."""
    factors = [_factor(factor, made) for factor in term.factors]
    return {"path": term.path, "factors": factors, "product": number(term.product)}


def _factor(factor: Factor, made: dict[int, dict[str, Any]]) -> dict[str, Any]:
    document = made.get(id(factor))
    if document is None:
        document = made[id(factor)] = spelled(factor._asdict())
    return document


def slope(experiment: Experiment, run: Trace, place: Place, result: Slope) -> dict[str, Any]:
    """The contract's answer to /slope."""
    weight, cost, steepness = result.point
    return spelled(
        {
            **_named(place.node.id, place.entry),
            "weight": weight,
            "cost": cost,
            "slope": steepness,
            "weights": result.weights,
            "costs": result.costs,
            "learning_rate": experiment.rule_fields.get("learning_rate"),
            "next_weight": result.next_weight,
            "next_cost": result.next_cost,
            "predicted_change": steepness * (result.next_weight - weight),
            "actual_change": result.next_cost - cost,
            "kink": result.kink,
            "status": run.status,
            "descent": list(map(Point._asdict, result.descent)),
            "differences": list(map(Difference._asdict, result.differences)),
        }
    )


def check(run: Trace, result: Check) -> dict[str, Any]:
    """The contract's answer to /check. Its entries are made as they are asked for."""
    output = run.graph.output.id
    return spelled(
        {
            "step": result.step,
            "formula": result.formula.replace("C(", f"{output}("),
            "worst": result.worst,
            "verdicts": result.verdicts,
            "entries": map(_checked, result.entries),
            "resolution": result.resolution,
            "kinks": result.verdicts["kink"],
            "status": run.status,
        }
    )


def _checked(entry: Checked) -> dict[str, Any]:
    return spelled(
        {
            **_named(entry.place.node.id, entry.place.entry),
            "analytic": entry.analytic,
            "numeric": entry.measured.numeric,
            "absolute": entry.absolute,
            "relative": entry.relative,
            "kink": entry.verdict == "kink",
            "verdict": entry.verdict,
            "step": entry.measured.step,
            "error": entry.measured.error,
        }
    )


def _named(parameter: str, entry: Entry) -> dict[str, Any]:
    """A number of a leaf; that of a bias has no row, and one that is alone has no column either."""
    row, column = (None, None, *entry)[-2:]
    return {"parameter": parameter, "row": row, "column": column}
