"""Calls of a pass as Python source: what `program` and `learning` write into the functions that they compile.

What is given `known` puts into it what the names in its expression stand for.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from app.core.graph.ops import ELEMENTWISE, ONE, RULES, Bound, Shared
from app.core.graph.structure import Edge, Graph

Known = dict[str, Any]
Common = dict[tuple[Callable[..., Any], str], str]  # by function and arguments: the variable that has the common part


def names(letter: str, numbers: Iterable[int]) -> str:
    """v1, v2, …: a pass's names of what has these numbers, as arguments or entries of a list."""
    return ", ".join(f"{letter}{number}" for number in numbers)


def common_part(function: Callable[..., Any], arguments: str, known: Known, found: Common) -> Iterator[str]:
    """What the function has in common with others becomes a variable, where it is none yet."""
    if isinstance(function, Bound):
        function, arguments = _with_numbers(function, arguments, known)
    if isinstance(function, Shared) and (key := _key(function, arguments)) not in found:
        found[key] = f"s{len(found)}"
        yield f"    {found[key]} = {_call_of_common(function, found[key], arguments, known)}"


def called(function: Callable[..., Any], name: str, arguments: str, known: Known, found: Common) -> str:
    """The function of the arguments. `name` is what belongs to it in `known`."""
    if isinstance(function, Bound):
        function, arguments = _with_numbers(function, arguments, known)
    if isinstance(function, Shared):
        common = found.get(_key(function, arguments)) or _call_of_common(function, name, arguments, known)
        own, _ = function.parted(arguments.split(", "))
        return _from_common(function, name, ", ".join([*own, common]), known)
    known[f"f_{name}"] = function
    return f"f_{name}({arguments})"


def _with_numbers(bound: Bound, arguments: str, known: Known) -> tuple[Callable[..., Any], str]:
    """The function itself, and all its arguments: its numbers have names of their own, the same for the same number."""
    given, every = iter(arguments.split(", ")), []
    for number in bound.numbers:
        if number is None:
            every.append(next(given))
            continue
        every.append("n_" + re.sub(r"\W", "_", float(number).hex().replace("-", "m")))
        known[every[-1]] = number
    return bound.function, ", ".join([*every, *given])


def _key(shared: Shared, arguments: str) -> tuple[Callable[..., Any], str]:
    _, read = shared.parted(arguments.split(", "))
    return shared.common, ", ".join(read)


def _call_of_common(shared: Shared, name: str, arguments: str, known: Known) -> str:
    known[f"common_{name}"], read = _key(shared, arguments)
    return f"common_{name}({read})"


def _from_common(shared: Shared, name: str, arguments: str, known: Known) -> str:
    """The value of `shared`, whose common part is the last of the arguments."""
    value = arguments
    if shared.function is not None:
        known[f"f_{name}"] = shared.function
        value = f"f_{name}({arguments})"
    if shared.factor == 1.0:
        return value
    if shared.function is not None:
        known[f"k_{name}"] = shared.factor
        return f"{value} * k_{name}"
    # As an array, a number meets other arrays in half the time.
    known["multiply"], known[f"k_{name}"] = np.multiply, np.array(shared.factor)
    return f"multiply({value}, k_{name})"


def is_bare(edge: Edge, graph: Graph) -> bool:
    """Whether the edge's contribution is its local partial itself: 1 ⊙ p is p."""
    return edge.of == graph.output.index and edge.rule is ELEMENTWISE


def is_constant(edge: Edge) -> bool:
    """Whether the edge's local partial is the same in every pass."""
    return edge.local is not None and not edge.uses


def met(edge: Edge, graph: Graph, gradient: str, partial: str, known: Known, out: str = "") -> str:
    """What the edge contributes: its rule on the upstream gradient and the local partial; put into `out`, if given."""
    if is_bare(edge, graph):
        assert not out, "a local partial is there already, and need not be put anywhere"
        return partial
    product = _product(edge, graph, gradient, partial, known, f", {out}" if out else "")
    if edge.fused is None:
        return product
    assert not out, "what is mended is an array of its own"
    by, m, y, cost = edge.fused
    known[f"mended_{edge.of}"] = by.mended
    return f"mended_{edge.of}({product}, v{m}, v{y}, g{cost})"


def _product(edge: Edge, graph: Graph, gradient: str, partial: str, known: Known, put: str) -> str:
    if not put and edge.rule is ELEMENTWISE and edge.row.value == 1.0:
        return gradient  # g ⊙ 1 is g
    if not put and edge.of == graph.output.index and is_constant(edge):
        # The gradient of the output is 1, so this is the same in every pass too.
        name = f"c_{edge.of}_{edge.slot}"
        known[name] = edge.rule.apply(ONE, edge.partial(()))
        known[name].flags.writeable = False
        return name
    if edge.rule.source is not None:
        rows = graph.nodes[edge.of].shape[0]
        return edge.rule.source(rows).format(g=gradient, p=partial, out=put)
    # Rules that were made for their shapes have one name, and differ.
    rule = edge.rule.name if RULES.get(edge.rule.name) is edge.rule else f"{edge.rule.name}_{edge.of}_{edge.slot}"
    known[f"r_{rule}"] = edge.rule.apply
    return f"r_{rule}({gradient}, {partial}{put})"
