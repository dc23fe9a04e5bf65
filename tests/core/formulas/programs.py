"""Random programs, and what they compute by themselves: the same text, run by Python on NumPy's arrays.

The gradients come from a complex step: f(x + ih) has the derivative in its imaginary part, divided by h, and no digit
is lost for an h of 1e-200. Nothing here knows of `app`: an oracle shares nothing with what it judges.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

Arrays = dict[str, Any]
STEP = 1e-200


def _real_order(of: Callable[..., Any]) -> Callable[..., Any]:
    """The larger or smaller of two by their real parts; of equal ones the mean, as a tie is shared."""

    def chosen(a: Any, b: Any) -> Any:
        return np.where(np.real(a) == np.real(b), (a + b) / 2, np.where(of(np.real(a), np.real(b)), a, b))

    return chosen


def _extreme(pick: Callable[..., Any]) -> Callable[..., Any]:
    def chosen(x: Any, axis: int | None = None, keepdims: bool = False) -> Any:
        best = pick(np.real(x), axis=axis, keepdims=True)
        mask = np.real(x) == best
        return np.sum(np.where(mask, x, 0), axis=axis, keepdims=keepdims) / np.sum(mask, axis=axis, keepdims=keepdims)

    return chosen


def _normal(x: Any) -> Any:
    """Φ of a number with a tiny imaginary part."""
    real = np.real(x)
    value = np.array([0.5 * math.erfc(-it / math.sqrt(2)) for it in np.ravel(real)]).reshape(np.shape(real))
    return value + 1j * np.imag(x) * np.exp(-real * real / 2) / math.sqrt(2 * math.pi)


def _softmax(x: Any) -> Any:
    power = np.exp(x - np.max(np.real(x), axis=-1, keepdims=True))
    return power / np.sum(power, axis=-1, keepdims=True)


def _windows(x: Any, rows: int, columns: int) -> Any:
    return np.array(
        [
            x[r : r + rows, c : c + columns].ravel()
            for r in range(x.shape[0] - rows + 1)
            for c in range(x.shape[1] - columns + 1)
        ]
    )


def _relu(x: Any) -> Any:
    return np.where(np.real(x) > 0, x, 0)


def _huber(d: Any) -> Any:
    return np.where(np.abs(np.real(d)) <= 1, d * d / 2, np.where(np.real(d) > 0, d, -d) - 0.5)


FUNCTIONS: Mapping[str, Any] = {
    "exp": np.exp,
    "log": np.log,
    "log1p": lambda x: np.log(1 + x),
    "sqrt": np.sqrt,
    "square": lambda x: x * x,
    "abs": lambda x: np.where(np.real(x) < 0, -x, np.where(np.real(x) == 0, np.real(x), x)),
    "sin": np.sin,
    "cos": np.cos,
    "reciprocal": lambda x: 1 / x,
    "tanh": np.tanh,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "relu": _relu,
    "leaky_relu": lambda x, slope=0.01: np.where(np.real(x) > 0, x, slope * x),
    "softplus": lambda x: np.log(1 + np.exp(x)),
    "silu": lambda x: x / (1 + np.exp(-x)),
    "gelu": lambda x: x * _normal(x),
    "identity": lambda x: x,
    "softmax": _softmax,
    "log_softmax": lambda x: np.log(_softmax(x)),
    "maximum": _real_order(np.greater),
    "minimum": _real_order(np.less),
    "max": _extreme(np.max),
    "min": _extreme(np.min),
    "sum": np.sum,
    "mean": np.mean,
    "where": lambda condition, u, v: np.where(np.real(condition) != 0, u, v),
    "clip": lambda x, low, high: np.where(np.real(x) < low, low, np.where(np.real(x) > high, high, x)),
    "transpose": np.transpose,
    "reshape": np.reshape,
    "concat": lambda values, axis=0: np.concatenate(values, axis),
    "stack": lambda values, axis=0: np.stack(values, axis),
    "windows": _windows,
    "matmul": np.matmul,
    "squared_error": lambda a, y, reduction="mean": np.sum((a - y) ** 2) / _share(a, reduction),
    "half_squared_error": lambda a, y, reduction="mean": np.sum((a - y) ** 2) / 2 / _share(a, reduction),
    "kl_divergence": lambda a, y, reduction="mean": np.sum(y * np.log(y / a)) / _share(a, reduction),
    "absolute_error": lambda a, y, reduction="mean": np.sum(FUNCTIONS["abs"](a - y)) / _share(a, reduction),
    "huber": lambda a, y, reduction="mean": np.sum(_huber(a - y)) / _share(a, reduction),
    "hinge": lambda a, y, reduction="mean": np.sum(_relu(1 - y * a)) / _share(a, reduction),
}


def _share(a: Any, reduction: str) -> int:
    return len(a) if reduction == "mean" and np.ndim(a) == 2 else 1


class _Real(np.ndarray):
    """An array whose comparisons look at real parts: NumPy orders complex numbers by both."""

    def __gt__(self, other: Any) -> Any:
        return np.real(np.asarray(self)) > np.real(np.asarray(other))

    def __lt__(self, other: Any) -> Any:
        return np.real(np.asarray(self)) < np.real(np.asarray(other))

    def __ge__(self, other: Any) -> Any:
        return np.real(np.asarray(self)) >= np.real(np.asarray(other))

    def __le__(self, other: Any) -> Any:
        return np.real(np.asarray(self)) <= np.real(np.asarray(other))


def run(text: str, leaves: Arrays) -> Arrays:
    """Every name's value, by Python itself."""
    names: Arrays = {name: np.asarray(value).view(_Real) for name, value in leaves.items()}
    with np.errstate(all="ignore"):
        exec(text, {"__builtins__": {}, **FUNCTIONS}, names)
    return names


def gradient(text: str, leaves: Arrays, leaf: str, output: str) -> Any:
    """∂output/∂leaf, entry by entry."""
    value = np.asarray(leaves[leaf], dtype=complex)
    found = np.zeros(value.shape)
    for entry in np.ndindex(value.shape):
        moved = value.copy()
        moved[entry] += 1j * STEP
        names = run(text, {name: np.asarray(it, dtype=complex) for name, it in leaves.items()} | {leaf: moved})
        found[entry] = np.imag(np.asarray(names[output]).item()) / STEP
    return found


# --- random programs --------------------------------------------------------------------------------------------------


class Program:
    """A random text and its leaves."""

    def __init__(self, seed: int, lines: int = 8) -> None:
        self._rng = np.random.default_rng(seed)
        self.leaves: Arrays = {}
        self.shapes: dict[str, tuple[int, ...]] = {}
        self._text: list[str] = []
        self._used: set[str] = set()
        for number in range(int(self._rng.integers(2, 5))):
            self._leaf(f"u{number}", self._shape())
        for number in range(lines):
            self._line(f"h{number}")
        self._finish()
        self.text = "\n".join(self._text)
        self.leaves = {name: value for name, value in self.leaves.items() if name in self._used}

    def _one(self, choices: Any) -> Any:
        return choices[int(self._rng.integers(len(choices)))]

    def _shape(self) -> tuple[int, ...]:
        r, c = (int(it) for it in self._rng.integers(1, 4, 2))
        return self._one([(), (c,), (r, c), (1, c), (r, 1), (3, 3), (2, 3)])  # type: ignore[no-any-return]

    def _leaf(self, name: str, shape: tuple[int, ...]) -> None:
        self.leaves[name] = self._rng.uniform(-1.5, 1.5, shape)
        self.shapes[name] = shape

    def _of(self, *axes: int) -> str | None:
        found = [name for name, shape in self.shapes.items() if not axes or len(shape) in axes]
        if not found:
            return None
        name: str = self._one(found[-6:] if self._rng.random() < 0.7 else found)
        return name

    def _line(self, name: str) -> None:
        for _ in range(40):
            expression = self._expression()
            if expression is None:
                continue
            try:
                value = run("\n".join([*self._text, f"{name} = {expression}"]), self.leaves)[name]
            except (ValueError, IndexError, np.exceptions.AxisError):
                continue
            value = np.asarray(value)
            if not 0 < value.size <= 16 or value.ndim > 2 or not np.isfinite(value).all() or np.abs(value).max() > 40:
                continue
            self._text.append(f"{name} = {expression}")
            self.shapes[name] = value.shape
            self._used |= {it for it in self.leaves if it in _names(expression)}
            return

    def _expression(self) -> str | None:
        make = self._one(
            [
                *(self._binary, self._binary, self._unary, self._unary, self._product, self._reduction, self._moved),
                *(self._choice, self._constant, self._nested),
            ]
        )
        return make()  # type: ignore[no-any-return]

    def _nested(self) -> str | None:
        return f"({self._binary()}) * tanh({self._of()}) - 0.5"

    def _binary(self) -> str:
        a, b = self._of(), self._of()
        return str(
            self._one(
                [
                    *(f"{a} + {b}", f"{a} - {b}", f"{a} * {b}", f"{a} / ({b}**2 + 1)", f"maximum({a}, {b})"),
                    *(f"minimum({a}, {b})", f"(abs({a}) + 0.5) ** {b}", f"{a} * {a}", f"{a} - {a} * {b}"),
                ]
            )
        )

    def _unary(self) -> str:
        a = self._of()
        return str(
            self._one(
                [f"exp({a} / 4)", f"log({a}**2 + 0.5)", f"log1p(square({a}))", f"sqrt({a} * {a} + 0.1)"]
                + [f"square({a})", f"abs({a})", f"sin({a})", f"cos({a})", f"reciprocal({a}**2 + 2)", f"-{a}"]
                + [f"{name}({a})" for name in ("tanh", "sigmoid", "relu", "softplus", "silu", "gelu")]
                + [f"leaky_relu({a}, slope=0.2)", f"{a}**3", f"(abs({a}) + 1)**-1.5", f"clip({a}, -1, 0.5)"]
            )
        )

    def _product(self) -> str | None:
        a, b = self._of(1, 2), self._of(1, 2)
        if a is None or b is None:
            return None
        return str(self._one([f"{a} @ {b}", f"{a} @ {b}.T" if len(self.shapes[b]) == 2 else f"{a} @ {b}"]))

    def _reduction(self) -> str | None:
        a = self._of(1, 2)
        if a is None:
            return None
        name, axis = self._one(["sum", "mean", "max", "min"]), self._one(["", ", axis=0", ", axis=-1"])
        return f"{name}({a}{axis}{self._one(['', ', keepdims=True']) if axis else ''})"

    def _moved(self) -> str | None:
        a = self._of(1, 2)
        if a is None:
            return None
        size = int(np.prod(self.shapes[a]))
        two = len(self.shapes[a]) == 2
        return str(
            self._one(
                [f"reshape({a}, ({size}, 1))", f"reshape({a}, -1)", f"{a}[0]", f"{a}[-1]", f"{a}[0:2]", f"{a}[None, :]"]
                + [f"concat([{a}, {a}])", f"softmax({a})", f"log_softmax({a})", f"stack([{a}[0], {a}[-1]])"]
                + (
                    [f"{a}.T", f"{a}[:, 0]", f"{a}[:, 1:]", f"{a}[0, 0]", f"concat([{a}, {a} * 2], axis=1)"]
                    if two
                    else []
                )
                + ([f"windows({a}, 2, 2)"] if two else [])
            )
        )

    def _choice(self) -> str:
        a, b = self._of(), self._of()
        return f"where({a} {self._one(['>', '<', '>=', '<='])} {self._one([b, '0', '0.25'])}, {a}, {b})"

    def _constant(self) -> str:
        return f"{self._one(['2', '0.5', '-1', '(1 / 3)', 'sqrt(2)'])} * {self._of()} + 1"

    def _finish(self) -> None:
        """What was computed is added up, so that most of it counts."""
        last = [name for name in self.shapes if name.startswith("h")][-3:] or [next(iter(self.leaves))]
        terms = [name if self.shapes[name] == () else f"mean({name} * {name})" for name in last]
        self._used |= {it for it in self.leaves if it in last}
        self._text.append(f"C = {' + '.join(terms)} + 0.1 * {terms[0]}")


def _names(expression: str) -> set[str]:
    return set("".join(it if it.isalnum() else " " for it in expression).split())
