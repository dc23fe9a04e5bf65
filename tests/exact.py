"""What the right numbers are, to 60 digits: every activation, cost and optimizer, and whole networks. With mpmath.

Written from the definitions and without looking at `app.core`: an oracle shares nothing with what it judges. Exponents
have no bounds here, so nothing overflows or is lost below the smallest double. Sums of numbers that differ by the
whole range of doubles (1e308 − 1, as an exponent) and differences such as 1 − tanh(m) would lose digits. So all is
computed with 400, and 1 − a is never a difference where a is close to 1: an activation gives it beside a.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import mpmath

DIGITS = 60
_mp = mpmath.MPContext()
_mp.dps = 400

Number = Any  # mpmath's mpf; it has no types
Row = list[Number]
Rows = list[Row]
Document = Mapping[str, Any]

NAN = _mp.nan


def number(value: Any) -> Number:
    """The double (or what is exact already), exactly."""
    return value if isinstance(value, _mp.mpf) else _mp.mpf(float(value))


def rounded(value: Number) -> Number:
    """To 60 digits."""
    with _mp.workdps(DIGITS):
        return +value


def nearest(value: Number) -> float:
    """The double nearest to it, as a Python number is rounded; also where that is one of the smallest."""
    value = number(value)
    if not _mp.isfinite(value) or value == 0:
        return float(value)
    sign = -1.0 if value < 0 else 1.0
    if abs(value) < _mp.ldexp(1, -1100):
        return sign * 0.0
    if abs(value) >= _mp.ldexp(1, 1024):
        return sign * float("inf")
    mantissa, exponent = abs(value).man_exp
    try:
        return sign * float(Fraction(int(mantissa)) * Fraction(2) ** exponent)
    except OverflowError:
        return sign * float("inf")


def nearests(values: Any) -> Any:
    """The doubles nearest to all numbers of nested lists."""
    return [nearests(value) for value in values] if isinstance(values, list) else nearest(values)


SMALLEST = 2.0**-1074
_HALF_ULP = 2.0**-53


def roundings(actual: float, right: Number) -> float:
    """The relative error of `actual` in units of 2^−53: the double nearest to `right` is 1 away at most.

    Below 2^−1022, where doubles have fewer digits, the unit is half the smallest one. Infinite where one of the two is
    NaN, or infinite, and the other not the same.
    """
    right = number(right)
    if abs(right) >= _mp.ldexp(1, 1024) - _mp.ldexp(1, 970):
        right = _mp.sign(right) * _mp.inf
    if not _mp.isfinite(right) or not _mp.isfinite(actual):
        same = right == actual or (_mp.isnan(right) and actual != actual)
        return 0.0 if same else float("inf")
    unit = max(abs(right) * _HALF_ULP, number(SMALLEST) / 2)
    return float(min(abs(number(actual) - right) / unit, _mp.mpf(1e300)))


# --- activations -----------------------------------------------------------------------------------------------------


def _sigmoid(m: Number) -> Number:
    return 1 / (1 + _mp.exp(-m))


def _softplus(m: Number) -> Number:
    return max(m, _mp.mpf(0)) + _mp.log1p(_mp.exp(-abs(m)))


def _density(m: Number) -> Number:
    return _mp.exp(-m * m / 2) / _mp.sqrt(2 * _mp.pi)


def _normal(m: Number) -> Number:
    if m < _mp.mpf("-1e100"):
        return _density(m) / -m  # 200 digits of the asymptotic series; mpmath's erfc has no arguments so large
    return _mp.erfc(-m / _mp.sqrt(2)) / 2


_Function = Callable[..., Number]

_ACTIVATIONS: dict[str, tuple[_Function, _Function]] = {
    "identity": (lambda m: m, lambda _m: _mp.mpf(1)),
    "sigmoid": (_sigmoid, lambda m: _sigmoid(m) * _sigmoid(-m)),
    "tanh": (_mp.tanh, lambda m: 1 / _mp.cosh(m) ** 2),
    "relu": (lambda m: max(m, _mp.mpf(0)), lambda m: _mp.mpf(m > 0)),
    "leaky_relu": (
        lambda m, slope=0.01: m if m > 0 else number(slope) * m,
        lambda m, slope=0.01: _mp.mpf(1) if m > 0 else number(slope),
    ),
    "softplus": (_softplus, _sigmoid),
    "gelu": (lambda m: m * _normal(m), lambda m: _normal(m) + m * _density(m)),
    "silu": (lambda m: m * _sigmoid(m), lambda m: _sigmoid(m) * (1 + m * _sigmoid(-m))),
}
# 1 − a where a may be close to 1.
_RESTS: dict[str, _Function] = {"sigmoid": lambda m: _sigmoid(-m), "tanh": lambda m: 2 * _sigmoid(-2 * m)}

ACTIVATIONS = (*_ACTIVATIONS, "softmax")


def activation(name: str, m: Any, **options: float) -> Number:
    """σ(m)."""
    return rounded(_ACTIVATIONS[name][0](number(m), **options))


def derivative(name: str, m: Any, **options: float) -> Number:
    """σ′(m); at a kink that of the left side, as the contract has it."""
    return rounded(_ACTIVATIONS[name][1](number(m), **options))


def _softmax(row: Row) -> tuple[Row, Row]:
    """The outputs, and 1 − each of them."""
    largest = max(row)
    powers = [_mp.exp(m - largest) for m in row]
    total = _mp.fsum(powers)
    rests = [_mp.fsum(powers[:i] + powers[i + 1 :]) / total for i in range(len(row))]
    return [power / total for power in powers], rests


def softmax(row: Iterable[Any]) -> Row:
    """softmax of a row of numbers."""
    return [rounded(a) for a in _softmax([number(m) for m in row])[0]]


def softmax_rest(row: Iterable[Any]) -> Row:
    """1 − softmax of a row of numbers."""
    return [rounded(rest) for rest in _softmax([number(m) for m in row])[1]]


def softmax_jacobian(row: Iterable[Any]) -> Rows:
    """[i][j] is ∂a_i/∂m_j = a_i (δ_ij − a_j)."""
    jacobian = _jacobian(*_softmax([number(m) for m in row]))
    return [[rounded(entry) for entry in line] for line in jacobian]


def _jacobian(a: Row, rest: Row) -> Rows:
    indices = range(len(a))
    return [[a[i] * rest[i] if i == j else -a[i] * a[j] for j in indices] for i in indices]


# --- costs: of one row of outputs a, with the rests 1 − a, and targets y: C, ∂C/∂a, ∂C/∂y -----------------------------

_Terms = tuple[Number, Row, Row]


def _squares(factor: Callable[[int], Number]) -> Callable[[Row, Row, Row], _Terms]:
    def cost(a: Row, _rest: Row, y: Row) -> _Terms:
        scale = factor(len(a))
        apart = [one - other for one, other in zip(a, y, strict=True)]
        slopes = [2 * scale * d for d in apart]
        return scale * _mp.fsum(d * d for d in apart), slopes, [-slope for slope in slopes]

    return cost


def _log(a: Number, rest: Number) -> Number:
    """ln a, by its rest where it is close to 1; NaN where a is below 0."""
    if a < 0:
        return NAN
    if a == 0:
        return -_mp.inf
    return _mp.log1p(-rest) if abs(rest) < _mp.mpf("0.5") else _mp.log(a)


def _weighted(weight: Number, log: Number) -> Number:
    """0 · ln 0 counts as 0."""
    return weight * log if weight != 0 else _mp.mpf(0)


def _share(weight: Number, a: Number) -> Number:
    """weight / a, of a term that is absent where the weight is 0; at a = 0, the limit from above."""
    if weight == 0:
        return _mp.mpf(0)
    return weight / a if a != 0 else weight * _mp.inf


def _binary_cross_entropy(a: Row, rest: Row, y: Row) -> _Terms:
    logs = [_log(*pair) for pair in zip(a, rest, strict=True)]
    rest_logs = [_log(*pair) for pair in zip(rest, a, strict=True)]
    terms = [
        _weighted(t, log) + _weighted(1 - t, rest_log) for t, log, rest_log in zip(y, logs, rest_logs, strict=True)
    ]
    slopes = [_share(1 - t, r) - _share(t, one) for one, r, t in zip(a, rest, y, strict=True)]
    return -_mp.fsum(terms), slopes, [r - log for r, log in zip(rest_logs, logs, strict=True)]


def _cross_entropy(a: Row, rest: Row, y: Row) -> _Terms:
    logs = [_log(*pair) for pair in zip(a, rest, strict=True)]
    terms = [_weighted(t, log) for t, log in zip(y, logs, strict=True)]
    slopes = [-_share(t, one) for one, t in zip(a, y, strict=True)]
    return -_mp.fsum(terms), slopes, [-log for log in logs]


def _binary_from_logits(a: Row, _rest: Row, y: Row) -> _Terms:
    terms = [(1 - t) * _softplus(m) + t * _softplus(-m) for m, t in zip(a, y, strict=True)]
    slopes = [(1 - t) * _sigmoid(m) - t * _sigmoid(-m) for m, t in zip(a, y, strict=True)]
    return _mp.fsum(terms), slopes, [-m for m in a]


def _from_logits(a: Row, _rest: Row, y: Row) -> _Terms:
    largest = max(a)
    at = a.index(largest)
    below = [m - largest for m in a]
    others = _mp.fsum(_mp.exp(d) for i, d in enumerate(below) if i != at)
    logs = [d - _mp.log1p(others) for d in below]
    outputs, rests = _softmax(a)
    whole = _mp.fsum(y)
    slopes = [p * (whole - t) - t * rest for p, rest, t in zip(outputs, rests, y, strict=True)]
    return -_mp.fsum(t * log for t, log in zip(y, logs, strict=True)), slopes, [-log for log in logs]


def _absolute_error(a: Row, _rest: Row, y: Row) -> _Terms:
    apart = [one - t for one, t in zip(a, y, strict=True)]
    slopes = [_mp.sign(d) for d in apart]
    return _mp.fsum(map(abs, apart)), slopes, [-slope for slope in slopes]


def _huber(a: Row, _rest: Row, y: Row) -> _Terms:
    apart = [one - t for one, t in zip(a, y, strict=True)]
    terms = [d * d / 2 if abs(d) <= 1 else abs(d) - _mp.mpf(1) / 2 for d in apart]
    slopes = [d if abs(d) <= 1 else _mp.sign(d) for d in apart]
    return _mp.fsum(terms), slopes, [-slope for slope in slopes]


def _hinge(a: Row, _rest: Row, y: Row) -> _Terms:
    missing = [1 - t * one for one, t in zip(a, y, strict=True)]
    counts = [_mp.mpf(left > 0) for left in missing]
    terms = [count * left for count, left in zip(counts, missing, strict=True)]
    slopes = [-t * count for t, count in zip(y, counts, strict=True)]
    return _mp.fsum(terms), slopes, [-one * count for one, count in zip(a, counts, strict=True)]


def _kl_divergence(a: Row, rest: Row, y: Row) -> _Terms:
    logs = [_log(t, 1 - t) - _log(*pair) for t, *pair in zip(y, a, rest, strict=True)]
    terms = [_weighted(t, log) for t, log in zip(y, logs, strict=True)]
    return _mp.fsum(terms), [-_share(t, one) for one, t in zip(a, y, strict=True)], [log + 1 for log in logs]


_COSTS: dict[str, Callable[[Row, Row, Row], _Terms]] = {
    "squared_error": _squares(lambda _n: _mp.mpf(1)),
    "half_squared_error": _squares(lambda _n: _mp.mpf(1) / 2),
    "mean_squared_error": _squares(lambda n: _mp.mpf(1) / n),
    "binary_cross_entropy": _binary_cross_entropy,
    "cross_entropy": _cross_entropy,
    "binary_cross_entropy_from_logits": _binary_from_logits,
    "cross_entropy_from_logits": _from_logits,
    "kl_divergence": _kl_divergence,
    "absolute_error": _absolute_error,
    "huber": _huber,
    "hinge": _hinge,
}

COSTS = tuple(_COSTS)


class Cost(NamedTuple):
    """C and its gradients.   Shapes: wrt_a, wrt_y (B, K)."""

    value: Number
    wrt_a: Rows
    wrt_y: Rows


def cost(name: str, a: Sequence[Iterable[Any]], y: Sequence[Iterable[Any]], reduction: str = "sum") -> Cost:
    """The cost of outputs a that are as exact as they are given.   Shapes: a, y (B, K)."""
    outputs = [[number(entry) for entry in row] for row in a]
    rests = [[1 - entry for entry in row] for row in outputs]
    targets = [[number(entry) for entry in row] for row in y]
    value, wrt_a, wrt_y = _cost(name, outputs, rests, targets, reduction)
    return Cost(rounded(value), _rounded_rows(wrt_a), _rounded_rows(wrt_y))


def pair(name: str, activation: str, m: Sequence[Iterable[Any]], y: Sequence[Iterable[Any]]) -> tuple[Number, Rows]:
    """C, summed over the rows, and ∂C/∂m of a cost right behind an activation.   Shapes: m, y (B, K)."""
    before = [[number(entry) for entry in row] for row in m]
    targets = [[number(entry) for entry in row] for row in y]
    layer = _activated(activation, before, {})
    value, slopes, _ = _cost(name, layer.a, layer.rest, targets, "sum")
    return rounded(value), _rounded_rows([layer.back(r, upstream) for r, upstream in enumerate(slopes)])


def _cost(name: str, a: Rows, rest: Rows, y: Rows, reduction: str) -> tuple[Number, Rows, Rows]:
    scale = _mp.mpf(1) / len(a) if reduction == "mean" else _mp.mpf(1)
    terms = [_COSTS[name](*rows) for rows in zip(a, rest, y, strict=True)]
    wrt_a = [[scale * slope for slope in slopes] for _, slopes, _ in terms]
    wrt_y = [[scale * slope for slope in slopes] for _, _, slopes in terms]
    return scale * _mp.fsum(value for value, _, _ in terms), wrt_a, wrt_y


# --- networks --------------------------------------------------------------------------------------------------------


class Network(NamedTuple):
    """Of every node by its id: C a number, biases rows, all others rows of rows."""

    values: dict[str, Any]
    gradients: dict[str, Any]


class _Layer(NamedTuple):
    """Outputs, their rests, and the way back: from a row's number and its ∂C/∂a to its ∂C/∂m."""

    a: Rows
    rest: Rows
    back: Callable[[int, Row], Row]


def _activated(name: str, m: Rows, options: Mapping[str, float]) -> _Layer:
    if name == "softmax":
        pairs = [_softmax(row) for row in m]
        return _Layer([a for a, _ in pairs], [rest for _, rest in pairs], lambda r, g: _mixed(g, _jacobian(*pairs[r])))
    value, slope = _ACTIVATIONS[name]
    a = [[value(entry, **options) for entry in row] for row in m]
    slopes = [[slope(entry, **options) for entry in row] for row in m]
    if name in _RESTS:
        rest = [[_RESTS[name](entry) for entry in row] for row in m]
    else:
        rest = [[1 - entry for entry in row] for row in a]
    return _Layer(a, rest, lambda r, g: [one * s for one, s in zip(g, slopes[r], strict=True)])


def _mixed(upstream: Row, jacobian: Rows) -> Row:
    return [_dot(upstream, [line[j] for line in jacobian]) for j in range(len(upstream))]


def _dot(one: Iterable[Number], other: Iterable[Number]) -> Number:
    return _mp.fdot(one, other)  # rounded once, at its end


def _product(one: Rows, other: Rows) -> Rows:
    columns = _turned(other)
    return [[_dot(row, column) for column in columns] for row in one]


def _turned(rows: Rows) -> Rows:
    return [list(column) for column in zip(*rows, strict=True)]


def _rounded_rows(rows: Rows) -> Rows:
    return [[rounded(entry) for entry in row] for row in rows]


def _rounded_all(values: Mapping[str, Any]) -> dict[str, Any]:
    def each(value: Any) -> Any:
        return [each(entry) for entry in value] if isinstance(value, list) else rounded(value)

    return {id: each(value) for id, value in values.items()}


def _matrix(rows: Iterable[Iterable[Any]]) -> Rows:
    return [[number(entry) for entry in row] for row in rows]


def _batch(document: Document) -> tuple[Rows, Rows]:
    x, y, size = document["data"]["x"], document["data"]["y"], document.get("batch_size")
    if size is None:
        return _matrix(x), _matrix(y)
    chosen = [(document.get("iteration", 0) * size + k) % len(x) for k in range(size)]
    return _matrix(x[row] for row in chosen), _matrix(y[row] for row in chosen)


def network(document: Document, masks: Mapping[str, Any] | None = None) -> Network:
    """Forward and backward over the rows of the experiment's iteration, as /trace does it.

    Which outputs are left out is a matter of chance: the masks k0, k1, … are given, by name.
    """
    masks = masks or {}
    x, y = _batch(document)
    described = document["network"]
    values: dict[str, Any] = {"x": x, "y": y}
    layers: list[_Layer] = []
    above, rest = x, x  # the rest of x is never asked for: there is a layer
    for number_, layer in enumerate(described["layers"]):
        weights = _matrix(layer["weights"])
        bias = None if layer.get("bias") is None else [number(entry) for entry in layer["bias"]]
        # The bias is one more weight, of an input that is always 1: so an m is rounded once.
        with_bias = weights if bias is None else [*weights, bias]
        m = _product(above if bias is None else [[*row, _mp.mpf(1)] for row in above], with_bias)
        options = {"slope": layer["slope"]} if "slope" in layer else {}
        layers.append(_activated(layer["activation"], m, options))
        above, rest = layers[-1].a, layers[-1].rest
        values |= {f"W{number_}": weights, f"m{number_}": m, f"a{number_}": above}
        if f"k{number_}" in masks:
            values[f"k{number_}"] = _matrix(masks[f"k{number_}"])
            above = values[f"d{number_}"] = _times(above, values[f"k{number_}"])
        if bias is not None:
            values[f"b{number_}"] = bias
    reduction = described.get("reduction", "mean")
    values["C"], upstream, wrt_y = _cost(described.get("cost", "squared_error"), above, rest, y, reduction)
    gradients: dict[str, Any] = {"C": _mp.mpf(1), "y": wrt_y}
    for number_ in reversed(range(len(layers))):
        if f"k{number_}" in masks:
            gradients[f"d{number_}"] = upstream
            gradients[f"k{number_}"] = _times(upstream, values[f"a{number_}"])
            upstream = _times(upstream, values[f"k{number_}"])
        gradients[f"a{number_}"] = upstream
        wrt_m = [layers[number_].back(r, row) for r, row in enumerate(upstream)]
        entering = values.get(f"d{number_ - 1}", values.get(f"a{number_ - 1}", x))
        gradients[f"m{number_}"] = wrt_m
        gradients[f"W{number_}"] = _product(_turned(entering), wrt_m)
        if f"b{number_}" in values:
            gradients[f"b{number_}"] = [_mp.fsum(column) for column in _turned(wrt_m)]
        upstream = _product(wrt_m, _turned(values[f"W{number_}"]))
    gradients["x"] = upstream
    if described.get("penalty"):
        _penalize(described["penalty"], values, gradients)
    return Network(_rounded_all(values), _rounded_all(gradients))


def _times(one: Any, other: Any) -> Any:
    return [[a * b for a, b in zip(*rows, strict=True)] for rows in zip(one, other, strict=True)]


def _penalize(penalty: Document, values: dict[str, Any], gradients: dict[str, Any]) -> None:
    """C becomes L, and C = L + R: λ · Σ |w|, λ · Σ w², or λ/2 · Σ w²."""
    strength = number(penalty.get("strength", 0.01))
    is_square = penalty["name"] == "l2"
    if is_square and penalty.get("halved", True):
        strength /= 2
    held = [name for name in values if name[0] == "W" or (name[0] == "b" and penalty.get("biases"))]
    entries = [entry for name in held for entry in _entries(values[name])]
    values["L"], gradients["L"], gradients["R"] = values["C"], _mp.mpf(1), _mp.mpf(1)
    values["R"] = strength * _mp.fsum(entry * entry if is_square else abs(entry) for entry in entries)
    values["C"] = values["L"] + values["R"]
    for name in held:
        slopes = _mapped(lambda entry: strength * (2 * entry if is_square else _mp.sign(entry)), values[name])
        gradients[name] = _added(gradients[name], slopes)


def _entries(tensor: Any) -> Iterator[Number]:
    for part in tensor:
        yield from _entries(part) if isinstance(part, list) else [part]


def _mapped(function: Any, tensor: Any) -> Any:
    return [_mapped(function, part) for part in tensor] if isinstance(tensor, list) else function(tensor)


def _added(one: Any, other: Any) -> Any:
    if not isinstance(other, list):
        return one + other
    return [_added(part, beside) for part, beside in zip(one, other, strict=True)]


# --- optimizers: the rules of torch.optim, of one number --------------------------------------------------------------

Memory = dict[str, Any]
Fields = Mapping[str, Any]


class Change(NamedTuple):
    """What is added to the parameter, what is remembered, and every line of the rule by its name."""

    delta: Number
    memory: Memory
    lines: Memory


def _adagrad(fields: Fields, g: Number, memory: Memory) -> Memory:
    s = memory.get("s", 0) + g * g
    return {"s": s, "Δ": -fields["learning_rate"] * _quotient(g, _mp.sqrt(s) + fields["eps"])}


def _sgd(fields: Fields, g: Number, _memory: Memory) -> Memory:
    return {"Δ": -fields["learning_rate"] * g}


def _momentum(fields: Fields, g: Number, memory: Memory) -> Memory:
    v = fields["momentum"] * memory.get("v", 0) + g
    if not fields["nesterov"]:
        return {"v": v, "Δ": -fields["learning_rate"] * v}
    d = g + fields["momentum"] * v
    return {"v": v, "d": d, "Δ": -fields["learning_rate"] * d}


def _quotient(above: Number, below: Number) -> Number:
    """As a double has it where both are 0, or one."""
    if below == 0:
        return NAN if above == 0 else _mp.sign(above) * _mp.inf
    return above / below


def _rmsprop(fields: Fields, g: Number, memory: Memory) -> Memory:
    s = fields["alpha"] * memory.get("s", 0) + (1 - fields["alpha"]) * g * g
    return {"s": s, "Δ": -fields["learning_rate"] * _quotient(g, _mp.sqrt(s) + fields["eps"])}


def _adam(fields: Fields, g: Number, memory: Memory) -> Memory:
    t = memory.get("t", 0) + 1
    v = fields["beta1"] * memory.get("v", 0) + (1 - fields["beta1"]) * g
    s = fields["beta2"] * memory.get("s", 0) + (1 - fields["beta2"]) * g * g
    true_v, true_s = v / (1 - fields["beta1"] ** t), s / (1 - fields["beta2"] ** t)
    delta = -fields["learning_rate"] * _quotient(true_v, _mp.sqrt(true_s) + fields["eps"])
    return {"t": t, "v": v, "s": s, "v̂": true_v, "ŝ": true_s, "Δ": delta}


_OPTIMIZERS: dict[str, tuple[Callable[[Fields, Number, Memory], Memory], tuple[str, ...]]] = {
    "sgd": (_sgd, ()),
    "momentum": (_momentum, ("v",)),
    "rmsprop": (_rmsprop, ("s",)),
    "adagrad": (_adagrad, ("s",)),
    "adam": (_adam, ("t", "v", "s")),
    "adamw": (_adam, ("t", "v", "s")),
}

OPTIMIZERS = tuple(_OPTIMIZERS)


def update(
    name: str, fields: Mapping[str, Any], gradient: Any, memory: Mapping[str, Any] | None = None, w: Any = 0.0
) -> Change:
    """One update of w; a memory of None is that before the first. What is remembered keeps all its 400 digits."""
    rule, keeps = _OPTIMIZERS[name]
    exact_fields = {key: value if isinstance(value, bool) else number(value) for key, value in fields.items()}
    exact_memory = {key: value if key == "t" else number(value) for key, value in (memory or {}).items()}
    decay = exact_fields.get("weight_decay", 0) * number(w)
    if not exact_fields.get("weight_decay"):
        lines = rule(exact_fields, number(gradient), exact_memory)
    elif name == "adamw":  # w is made smaller first, and then moved by the gradient alone
        lines = rule(exact_fields, number(gradient), exact_memory)
        lines |= {"d": decay, "Δ": lines["Δ"] - exact_fields["learning_rate"] * decay}
    else:
        lines = {"g": number(gradient) + decay, **rule(exact_fields, number(gradient) + decay, exact_memory)}
    kept = {key: lines[key] for key in keeps}
    shown = {key: value if key == "t" else rounded(value) for key, value in lines.items()}
    return Change(shown["Δ"], kept, shown)
