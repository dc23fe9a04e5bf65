"""The answers to /chain, /slope and /check, from the mathematics to documents."""

from typing import Any

from app import limits
from app.core.explaining import chain_rule
from app.core.explaining.chain_rule import Chain, Factor, Term
from app.core.explaining.check import Check, Checked
from app.core.explaining.slope import Difference, Point, Slope
from app.core.graph import count
from app.core.graph.entries import Place
from app.core.graph.network import Network
from app.core.training.iteration import Experiment, Trace
from app.documents.encoding import number, spelled
from app.documents.explanation_models import ChainAnswer, CheckAnswer, CheckedAnswer, SlopeAnswer


def chain(experiment: Experiment, run: Trace, place: Place, result: Chain) -> dict[str, Any]:
    """The contract's answer to /chain. Its terms are made as they are asked for."""
    graph, measured = run.graph, result.measured
    factors: dict[int, dict[str, Any]] = {}
    routes = count.routes(graph, place.node.index, place.entry)
    _, *folds, _ = chain_rule.folds(graph, place)
    depths = [{"layers": it.layers, **it.multiplications._asdict()} for it in _depths(experiment)]
    multiplications = {**routes.multiplications._asdict(), "network": count.whole(graph)._asdict(), "depths": depths}
    document = ChainAnswer.told(
        result,
        **_named(place),
        numeric=measured.numeric,
        numeric_step=measured.step,
        numeric_error=measured.error,
        kink=measured.kink,
        terms=(_term(term, factors) for term in result.terms),
        folds=[graph.nodes[fold.node].id for fold in folds],
        paths=routes.terms[graph.output.index],
        shared=[entry._asdict() for entry in chain_rule.shared(graph, place.node.index)],
        multiplications=multiplications,
        status=run.status,
    )
    return spelled(document)


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
    point = result.point
    document = SlopeAnswer.told(
        result,
        **_named(place),
        **point._asdict(),
        learning_rate=experiment.rule_fields.get("learning_rate"),
        predicted_change=point.slope * (result.next_weight - point.weight),
        actual_change=result.next_cost - point.cost,
        status=run.status,
        descent=list(map(Point._asdict, result.descent)),
        differences=list(map(Difference._asdict, result.differences)),
    )
    return spelled(document)


def check(run: Trace, result: Check) -> dict[str, Any]:
    """The contract's answer to /check. Its entries are made as they are asked for."""
    kinks, entries = result.verdicts["kink"], map(_checked, result.entries)
    formula = result.formula.replace("C(", f"{run.graph.output.id}(")
    return spelled(CheckAnswer.told(result, formula=formula, entries=entries, kinks=kinks, status=run.status))


def _checked(entry: Checked) -> dict[str, Any]:
    found = {"numeric": entry.measured.numeric, "step": entry.measured.step, "error": entry.measured.error}
    return spelled(CheckedAnswer.told(entry, **_named(entry.place), **found, kink=entry.verdict == "kink"))


def _named(place: Place) -> dict[str, Any]:
    """A number of a leaf; that of a bias has no row, and one that is alone has no column either."""
    row, column = (None, None, *place.entry)[-2:]
    return {"parameter": place.node.id, "row": row, "column": column}
