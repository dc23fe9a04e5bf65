"""The worked solution as a LaTeX document that needs amsmath only: of an iteration, or of one weight's chain rule."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from app.core.explaining.chain_rule import Chain, Factor
from app.core.explaining.observations import observed
from app.core.graph.entries import Place, spelled
from app.core.graph.ops import JACOBIAN, SUM_ROWS
from app.core.graph.structure import Edge
from app.core.training.iteration import Experiment, Step, Trace, Update
from app.core.training.optimizers import SYMBOLS
from app.export.python import one_line
from app.export.tex import Lookup, aligned, equation, escaped, factor, number, ratio, sides, symbol, tensor

_MOST_JACOBIANS = 4
_VERDICTS = {"kink": "a corner: no verdict", "too small": "too small to compare", "too coarse": "C is too coarse here"}
_ROUNDED = "Numbers are rounded to four decimals."
_READING = (
    "Each row of $x$ is an example. The product $\\odot$, quotients, squares and functions are taken entry by entry; "
    "a bias is added to every row. The sum $\\sum$ is over all entries in the cost, over the rows at a bias, and "
    "within a row at softmax."
)


def iteration(experiment: Experiment, title: str | None, step: Step) -> Iterator[str]:
    """The forward pass, the backward pass and the update, in symbols and numbers, part by part."""
    return _document(experiment, title, _iteration(experiment, step))


def chain_rule(experiment: Experiment, title: str | None, step: Step, place: Place, chain: Chain) -> Iterator[str]:
    """The chain rule of one number: the routes, their products, every factor, part by part."""
    return _document(experiment, title, _chain_rule(experiment, step, place, chain))


def _document(experiment: Experiment, title: str | None, parts: Iterator[str]) -> Iterator[str]:
    named = one_line(title or "") or "Backpropagation"
    yield f"""\\documentclass{{article}}
\\usepackage{{amsmath}}
\\allowdisplaybreaks
\\setlength{{\\parindent}}{{0pt}}
\\addtolength{{\\oddsidemargin}}{{-2cm}}
\\addtolength{{\\textwidth}}{{4cm}}
% {named}
\\begin{{document}}
\\section*{{{escaped(named)}: iteration {experiment.iteration}}}
"""
    yield from (f"\n{part}\n" for part in parts)
    yield "\\end{document}\n"


def _iteration(experiment: Experiment, step: Step) -> Iterator[str]:
    run = step.trace
    graph, values, lookup = run.graph, run.values, _known(experiment, run)
    remarks = observed(experiment, run, step.updates).remarks
    yield f"{_ROUNDED} {_READING}"
    yield "\\subsection*{Given}"
    yield from (aligned([f"{symbol(leaf.id)} &= {tensor(values[leaf.index])}"]) for leaf in graph.leaves)
    yield "\\subsection*{Forward pass}"
    for node in graph.computed:
        yield equation(node.formula or "", lookup, tensor(values[node.index]))
        yield from _sentence(node.note)
    yield "\\subsection*{Backward pass}"
    for place, edge in enumerate(graph.edges):
        contribution = tensor(run.backward.contributions[place])
        if edge.of != graph.output.index:
            yield _local(edge, run, run.backward.partials[place], lookup)
        yield equation(edge.chain, lookup, contribution)
        said = remarks.get(place, ())
        yield from _sentence(" ".join([edge.note, *said]) if said else "")
    yield "\\subsection*{Update}"
    for update in step.updates:
        yield from _update(experiment, update)
    yield f"The cost was ${symbol(graph.output.id)} = {number(run.cost)}$."


def _known(experiment: Experiment, run: Trace) -> Lookup:
    """The numbers of a trace by the names that formulas have for them."""
    graph, backward = run.graph, run.backward
    nodes = {node.id: node.index for node in graph.nodes}
    partials = {
        (graph.nodes[edge.of].id, graph.nodes[edge.wrt].id): _first(edge, partial)
        for edge, partial in zip(graph.edges, backward.partials, strict=True)
    }

    def lookup(name: str, wrt: str | None) -> Any:
        if wrt is None:
            id, _, entry = name.partition("[")
            if id not in nodes:
                return experiment.rule_fields.get("learning_rate") if name == "α" else None
            value = run.values[nodes[id]]
            return value[tuple(map(int, entry[:-1].split(",")))] if entry else value
        if name == graph.output.id:
            return backward.gradients[nodes[wrt]] if wrt in nodes else None
        return partials.get((name, wrt))

    return lookup


def _first(edge: Edge, partial: Any) -> Any:
    """A local partial; where each row has a matrix of its own, that of the only row."""
    if edge.rule.name != JACOBIAN.name:
        return partial
    return partial[0] if len(partial) == 1 else None


def _local(edge: Edge, run: Trace, partial: Any, lookup: Lookup) -> str:
    if edge.rule.name != JACOBIAN.name or len(partial) == 1:
        return equation(edge.formula, lookup, "1" if edge.rule is SUM_ROWS else tensor(_first(edge, partial)))
    left, _, symbols, _ = sides(edge.formula, lookup)
    shown = [
        f"{left} &= {tensor(it)} \\quad \\text{{in row {row}}}" for row, it in enumerate(partial[:_MOST_JACOBIANS])
    ]
    dots = ["&\\dots"] if len(partial) > _MOST_JACOBIANS else []
    return aligned([f"{left} &= {symbols} \\quad \\text{{for each row}}", *shown, *dots])


def _sentence(text: str) -> list[str]:
    return [escaped(text)] if text.strip() else []


def _update(experiment: Experiment, update: Update) -> Iterator[str]:
    """The optimizer's rule, line by line."""
    *lines, last = experiment.rule_lines
    memory = (experiment.optimizer_state or {}).get(update.parameter, {})
    known: dict[str, Any] = {update.parameter: update.before}
    known |= {SYMBOLS[name]: value for name, value in experiment.rule_fields.items() if name in SYMBOLS}
    known |= {line.name: memory.get(line.name, np.zeros_like(update.values[line.name])) for line in lines}

    def lookup(name: str, wrt: str | None) -> Any:
        return known.get(name) if wrt is None else update.gradient

    for line in lines:
        yield equation(line.formula.format(w=update.parameter), lookup, tensor(update.values[line.name]))
        known[line.name] = update.values[line.name]
    yield equation(last.formula.format(w=update.parameter), lookup, tensor(update.after))


# --- the chain rule of one number -------------------------------------------------------------------------------------


def _chain_rule(experiment: Experiment, step: Step, place: Place, chain: Chain) -> Iterator[str]:
    run, terms, name = step.trace, chain.terms, spelled(place.node.id, place.entry)
    output, lookup = run.graph.output.id, _known(experiment, run)
    routes = "There is one route" if len(terms) == 1 else f"There are {len(terms)} routes"
    yield f"\\subsection*{{The chain rule of ${symbol(name)}$}}"
    yield (
        f"${symbol(name)} = {number(chain.weight)}$. {routes} from ${symbol(output)}$ to it: multiply along a route, "
        f"add over the routes. {_ROUNDED}"
    )
    lines = [
        *_sum([" \\cdot ".join(ratio(it.of, it.wrt) for it in term.factors) for term in terms]),
        *_sum([" \\cdot ".join(factor(it.value) for it in term.factors) for term in terms]),
        *_sum([factor(term.product) for term in terms]),
        f"&= {number(chain.gradient)}",
    ]
    yield aligned([f"{ratio(output, name)} {lines[0]}", *lines[1:]])
    yield "The factors:"
    factors = {(it.of, it.wrt): it for term in terms for it in term.factors}.values()
    yield from (_factor(it, lookup) for it in factors)
    yield from _straight(run, factors)
    numeric, verdict = chain.measured.numeric, _VERDICTS.get(chain.verdict, chain.verdict)
    moved = f"Measured, by moving the weight by $h = {number(chain.measured.step)}$"
    yield f"{moved}, it is ${number(numeric)}$: {verdict}."
    update = next(it for it in step.updates if it.parameter == place.node.id)
    before, delta, after = (it[place.entry] for it in (update.before, update.delta, update.after))
    yield "The update:"
    yield aligned([f"{symbol(name)} &\\leftarrow {number(before)} + {factor(delta)}", f"&= {number(after)}"])


def _sum(parts: list[str]) -> list[str]:
    first, *others = parts
    return [f"&= {first}", *(f"&\\quad + {it}" for it in others)]


def _factor(it: Factor, lookup: Lookup) -> str:
    if it.folded:
        return aligned([f"{ratio(it.of, it.wrt)} &= {number(it.value)} \\quad \\text{{from the backward pass}}"])
    return equation(it.formula, lookup, number(it.value))


def _straight(run: Trace, factors: Any) -> Iterator[str]:
    """Why some routes pass over an activation."""
    found = next((it for it in factors if it.edge is None and not it.folded), None)
    if found is not None:
        m = found.wrt.partition("[")[0]
        edge = next(it for it in run.graph.edges if it.fused is not None and run.graph.nodes[it.wrt].id == m)
        yield (
            f"Where ${symbol(run.graph.nodes[edge.of].id)}$ has rounded, the partials through it have no product; so "
            f"${ratio(found.of, found.wrt)}$ is taken from ${symbol(m)}$ straight."
        )
