"""`capture(module, x, y, loss)`: a backward pass of PyTorch, its gradients beside the explorer's, digit by digit."""

import html
import json
import math
import urllib.request
from collections.abc import Iterator
from typing import Any, NamedTuple

from backprop_explorer.explored import Explored, explore
from backprop_explorer.models import Array, linear_layers

_DIGITS = 17  # that tell one double from the next
_SECONDS = 60
# What torch.nn calls the costs that have a name here. Those of several outputs are taken over all entries there.
_LOSSES = {
    "MSELoss": "mean_squared_error",
    "CrossEntropyLoss": "cross_entropy_from_logits",
    "BCELoss": "binary_cross_entropy",
    "BCEWithLogitsLoss": "binary_cross_entropy_from_logits",
}
_OF_ONE_OUTPUT = ("BCELoss", "BCEWithLogitsLoss")


class Comparison(NamedTuple):
    """A gradient by PyTorch and here: the entry where they part first, and how many leading digits agree there."""

    parameter: str
    shape: tuple[int, ...]
    digits: int
    entry: tuple[int, ...]
    torch: float
    explorer: float


class Captured:
    """The comparisons, the worst first, the cost by both, and the page on the same pass."""

    def __init__(self, comparisons: list[Comparison], costs: tuple[float, float], page: Explored) -> None:
        self.comparisons = sorted(comparisons, key=lambda it: it.digits)
        self.cost_by_torch, self.cost = costs
        self.page = page

    @property
    def digits(self) -> int:
        """How many leading digits all gradients have in common."""
        return min(it.digits for it in self.comparisons)

    def __repr__(self) -> str:
        lines = [f"C = {self.cost_by_torch!r} by PyTorch, {self.cost!r} here"]
        return "\n".join([*lines, *map(_line, self.comparisons)])

    def _repr_html_(self) -> str:
        """The table, and the page in a frame below it."""
        return f"<pre>{html.escape(repr(self))}</pre>{self.page._repr_html_()}"


def capture(module: Any, x: Any, y: Any, loss: Any, *, show: bool = True) -> Captured:
    """Run forward and backward with PyTorch, and here; say where the two part.

    `module` is one that `explore` takes; x: rows × inputs; y as `loss` takes it; `loss` is an MSELoss,
    CrossEntropyLoss, BCELoss or BCEWithLogitsLoss that takes the mean. The gradients that the parameters had are put
    back.   Raises: TypeError, ValueError, in words.
    """
    name = type(loss).__name__
    if name not in _LOSSES or getattr(loss, "reduction", "mean") != "mean":
        raise TypeError(f"{name} cannot be compared; {', '.join(_LOSSES)} with reduction='mean' can")
    outputs = linear_layers(module)[-1].weight.shape[0]
    if name in _OF_ONE_OUTPUT and outputs > 1:
        raise TypeError(f"{name} of {outputs} outputs is a mean over all entries; here a row's entries are added up")
    page = explore(module, _rows(x), _rows(y), cost=_LOSSES[name], show=show)
    cost, gradients = _by_torch(module, x, y, loss)
    trace = _asked(page)
    ours = {node["id"]: node["gradient"] for node in trace["nodes"]}
    comparisons = [_compared(id, theirs, ours[id]) for id, theirs in gradients]
    return Captured(comparisons, (cost, trace["cost"]), page)


def _rows(values: Any) -> Any:
    return values.detach().cpu().numpy() if hasattr(values, "detach") else values


def _by_torch(module: Any, x: Any, y: Any, loss: Any) -> tuple[float, list[tuple[str, Array]]]:
    """The cost, and each gradient under the name and in the orientation that it has here."""
    layers = linear_layers(module)
    weight = layers[0].weight
    parameters = list(module.parameters())
    kept = [it.grad for it in parameters]
    for it in parameters:
        it.grad = None
    rows = x if hasattr(x, "detach") else weight.new_tensor(x)
    targets = y if hasattr(y, "detach") else weight.new_tensor(y)
    try:
        cost = loss(module(rows), targets)
        cost.backward()
        found = []
        for number, layer in enumerate(layers):
            found.append((f"W{number}", layer.weight.grad.detach().cpu().double().numpy().T))
            if layer.bias is not None:
                found.append((f"b{number}", layer.bias.grad.detach().cpu().double().numpy()))
        return float(cost), found
    finally:
        for it, grad in zip(parameters, kept, strict=True):
            it.grad = grad


def _asked(page: Explored) -> Any:
    body = json.dumps(page.experiment).encode()
    address = page.url.split("#")[0] + "api/v1/trace"
    request = urllib.request.Request(address, body, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=_SECONDS) as answer:
        return json.load(answer)


def _compared(id: str, theirs: Array, ours: Any) -> Comparison:
    rows = [ours] if theirs.ndim == 1 else ours
    listed = [theirs.tolist()] if theirs.ndim == 1 else theirs.tolist()
    worst = min(_entries(listed, rows), key=lambda it: it[0])
    digits, (row, column), one, other = worst
    return Comparison(id, theirs.shape, digits, (column,) if theirs.ndim == 1 else (row, column), one, other)


def _entries(theirs: list[list[float]], ours: list[list[float]]) -> Iterator[tuple[int, tuple[int, int], float, float]]:
    for row, (ones, others) in enumerate(zip(theirs, ours, strict=True)):
        for column, (one, other) in enumerate(zip(ones, others, strict=True)):
            yield common_digits(one, float(other)), (row, column), one, float(other)


def common_digits(one: float, other: float) -> int:
    """How many leading digits that count two numbers have in common, 17 where they are the same double."""
    if one == other or (math.isnan(one) and math.isnan(other)):
        return _DIGITS
    if not (math.isfinite(one) and math.isfinite(other)):
        return 0
    apart = abs(one - other) / max(abs(one), abs(other))
    return max(0, min(_DIGITS - 1, math.floor(-math.log10(apart)))) if apart > 0.0 else _DIGITS


def _line(it: Comparison) -> str:
    place = ",".join(map(str, it.entry))
    if it.digits == _DIGITS:
        return f"{it.parameter} {it.shape}: every digit is the same"
    return (
        f"{it.parameter} {it.shape}: the same to {it.digits} digits; "
        f"∂C/∂{it.parameter}[{place}] is {it.torch!r} by PyTorch, {it.explorer!r} here"
    )
