"""The worked solution as a LaTeX document that needs amsmath only: of an iteration, or of one weight's chain rule."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from app.core.explaining.chain_rule import Chain, Factor
from app.core.explaining.observations import observed
from app.core.graph.entries import Place, spelled
from app.core.graph.network import Network
from app.core.graph.ops import JACOBIAN, SUM_ROWS
from app.core.graph.structure import Edge, Graph, Node
from app.core.training.iteration import Experiment, Step, Trace, Update
from app.core.training.optimizers import COUNT, PRIME, SYMBOLS
from app.export.python import one_line
from app.export.tex import Lookup, aligned, equation, escaped, factor, number, ratio, sides, symbol, tensor

_MOST_JACOBIANS = 4
_VERDICTS = {
    "kink": "a corner: no verdict",
    "too small": "too small to compare",
    "too coarse": "${output}$ is too coarse here",
}
_ROUNDED = "Numbers are rounded to four decimals."
_READING = (
    "Each row of $x$ is an example. The product $\\odot$, quotients, squares and functions are taken entry by entry; "
    "a bias is added to every row. The sum $\\sum$ is over all entries in the cost, over the rows at a bias, and "
    "within a row at softmax."
)
_READING_OF_FORMULAS = (
    "The product $\\odot$, quotients, powers and functions are taken entry by entry; what is smaller is stretched over "
    "what is larger. Vectors are written as rows. In the backward pass a sum $\\sum$ is over the axes along which a "
    "value was stretched."
)
_UNMOVED = "No step moves it"


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
    yield f"{_ROUNDED} {_READING if isinstance(experiment.model, Network) else _READING_OF_FORMULAS}"
    yield "\\subsection*{Given}"
    yield from (aligned([f"{symbol(leaf.id)} &= {tensor(values[leaf.index])}"]) for leaf in graph.leaves)
    yield "\\subsection*{Forward pass}"
    for node in graph.computed:
        yield equation(node.formula or "", lookup, tensor(values[node.index]))
        yield from _sentence(f"{node.words}. {node.note}" if _goes_along_an_axis(node) else node.note)
    yield "\\subsection*{Backward pass}"
    yield from _backward(experiment, step, lookup)
    yield "\\subsection*{Update}"
    for update in step.updates:
        yield from _update(experiment, update, graph.output.id)
    yield f"The cost was ${symbol(graph.output.id)} = {number(run.cost)}$."


def _backward(experiment: Experiment, step: Step, lookup: Lookup) -> Iterator[str]:
    """Edge by edge; where several lead back to a node, what has come by those before is a number of the equation."""
    run, graph = step.trace, step.trace.graph
    remarks = observed(experiment, run, step.updates).remarks
    come: dict[int, Any] = {}
    for place, edge in enumerate(graph.edges):
        partial, contribution = run.backward.partials[place], run.backward.contributions[place]
        before = come.get(edge.wrt)
        come[edge.wrt] = contribution if before is None else before + contribution
        yield from _sentence(edge.part)
        if edge.of != graph.output.index:
            yield _local(edge, run, partial, lookup)
        yield equation(edge.chain, _on_the_way(lookup, graph, edge, partial, before), tensor(come[edge.wrt]))
        said = remarks.get(place, ())
        yield from _sentence(" ".join([edge.note, *said]) if said or graph.nodes[edge.of].scope else "")


def _on_the_way(lookup: Lookup, graph: Graph, edge: Edge, partial: Any, before: Any) -> Lookup:
    """The numbers by their names as an edge is walked: its own local partial, and what has come to its lower end."""
    output, of, wrt = graph.output.id, graph.nodes[edge.of].id, graph.nodes[edge.wrt].id

    def known(name: str, by: str | None) -> Any:
        if (name, by) == (output, wrt):
            return before
        return _first(edge, partial) if (name, by) == (of, wrt) else lookup(name, by)

    return known


def _goes_along_an_axis(node: Node) -> bool:
    """Whether only its words say what its sum, or its largest, is taken over."""
    return node.op is not None and any(it.rule.name == "spread" for it in node.op.partials) and bool(node.scope)


def _known(experiment: Experiment, run: Trace) -> Lookup:
    """The numbers of a trace by the names that formulas have for them."""
    graph, backward = run.graph, run.backward
    nodes = {node.id: node.index for node in graph.nodes}

    def lookup(name: str, wrt: str | None) -> Any:
        if wrt is None:
            id, _, entry = name.partition("[")
            if id not in nodes:
                return experiment.rule_fields.get("learning_rate") if name == "α" else None
            value = run.values[nodes[id]]
            return value[tuple(map(int, entry[:-1].split(",")))] if entry else value
        return backward.gradients[nodes[wrt]] if name == graph.output.id and wrt in nodes else None

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


def _update(experiment: Experiment, update: Update, output: str) -> Iterator[str]:
    """The optimizer's rule, line by line."""
    *lines, last = experiment.rule_lines
    memory = (experiment.optimizer_state or {}).get(update.parameter, {})
    known: dict[str, Any] = {SYMBOLS[name]: it for name, it in experiment.rule_fields.items() if name in SYMBOLS}
    known |= {line.name: memory.get(line.name, np.zeros_like(update.values[line.name])) for line in lines}

    def lookup(name: str, wrt: str | None) -> Any:
        if wrt is not None:
            return update.gradient
        if name == "ᵗ":  # as in β1ᵗ: the count
            return known.get(COUNT)
        return update.before if name == update.parameter else known.get(name.removesuffix(PRIME))

    for line in lines:
        yield equation(line.told(update.parameter, output).formula, lookup, tensor(update.values[line.name]))
        known[line.name] = update.values[line.name]
    yield equation(last.told(update.parameter, output).formula, lookup, tensor(update.after))


# --- the chain rule of one number -------------------------------------------------------------------------------------


def _chain_rule(experiment: Experiment, step: Step, place: Place, chain: Chain) -> Iterator[str]:
    run, terms, name = step.trace, chain.terms, spelled(place.node.id, place.entry)
    output, lookup = run.graph.output.id, _known(experiment, run)
    yield f"\\subsection*{{The chain rule of ${symbol(name)}$}}"
    yield f"${symbol(name)} = {number(chain.weight)}$. {_routes(chain, output)} {_ROUNDED}"
    if terms:
        lines = [
            *_sum([" \\cdot ".join(ratio(it.of, it.wrt) for it in term.factors) for term in terms]),
            *_sum([" \\cdot ".join(factor(it.value) for it in term.factors) for term in terms]),
            *_sum([factor(term.product) for term in terms]),
            f"&= {number(chain.gradient)}",
        ]
        yield aligned([f"{ratio(output, name)} {lines[0]}", *lines[1:]])
        yield "The factors:"
        factors = {(it.of, it.wrt, it.slot): it for term in terms for it in term.factors}.values()
        for it in factors:
            yield from _sentence(_part(run.graph, it))
            yield _factor(it, lookup)
        yield from _straight(run, factors)
    numeric = chain.measured.numeric
    verdict = _VERDICTS.get(chain.verdict, chain.verdict).format(output=symbol(output))
    moved = f"Measured, by moving it by $h = {number(chain.measured.step)}$"
    yield f"{moved}, it is ${number(numeric)}$: {verdict}."
    update = next((it for it in step.updates if it.parameter == place.node.id), None)
    if update is None:
        yield f"{_UNMOVED}: it is {'a constant' if place.node.role == 'constant' else 'data'}."
        return
    before, delta, after = (it[place.entry] for it in (update.before, update.delta, update.after))
    yield "The update:"
    yield aligned([f"{symbol(name)} &\\leftarrow {number(before)} + {factor(delta)}", f"&= {number(after)}"])


def _routes(chain: Chain, output: str) -> str:
    """How many there are, and what is done with them; where they are folded, what stands for those not written out."""
    count, what = len(chain.terms), "multiply along a route, add over the routes."
    if not count:
        return f"No route leads from ${symbol(output)}$ to it, so its slope is 0."
    if chain.fold is not None:
        cached = f"${ratio(output, chain.fold)}$ from the backward pass stands for all before it"
        return f"{cached}; from there on there {'is one route' if count == 1 else f'are {count} routes'}: {what}"
    routes = "There is one route" if count == 1 else f"There are {count} routes"
    return f"{routes} from ${symbol(output)}$ to it: {what}"


def _part(graph: Graph, it: Factor) -> str:
    """Which of several slopes of the same name a factor is."""
    edges = (edge for edge in graph.edges if f"{graph.nodes[edge.of].id}>{graph.nodes[edge.wrt].id}" == it.edge)
    return next((edge.part for edge in edges if edge.slot == it.slot), "")


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
