"""One operation of a computational graph: what it computes, and how a gradient passes back through it.

An `Op` is a row of a table. Its `value` makes the output from the inputs; each `Partial` says, for one input, what the
local partial is made of and by which `Rule` it meets the upstream gradient. A partial is computed from the cached
nodes named in `uses` and from nothing else, so the answer's "which cached value is this made of" cannot be wrong.

Formulas are templates in slot names ("{a} ⊙ (1 − {a})"); the graph fills in the node ids. They are the one source of
what API, page and documentation print, so they keep to a small grammar: + − · ⊙ / ² ᵀ, parentheses, [conditions],
function(argument), Σ, numbers and names. `numpy` and `torch` spell the same in those two libraries,
for the scripts that are given away (see `app.export`).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
if TYPE_CHECKING:
    Draws = np.random.Generator
else:
    Draws = Any  # NumPy imports its module of random numbers when it is first named, which takes its time

EVERYWHERE = (-math.inf, math.inf)
# A scalar as an array: NumPy meets an array in half the time that it needs for a Python number.
ONE = np.array(1.0)
ONE.flags.writeable = False


def all_finite(*arrays: Array) -> bool:
    """Whether no entry is infinite or NaN. The sum of squares tells at once, unless it overflows itself."""
    squares = 0.0
    for array in arrays:
        flat = array.ravel()
        squares += flat.dot(flat)
    return math.isfinite(squares) or all(np.isfinite(array).all() for array in arrays)


@dataclass(frozen=True, slots=True)
class Shared:
    """factor · function(common(inputs)): a value whose first part others of the same op have too.

    It is called like any function. Who writes a pass down (see `source`) sees into it, and may compute what is common
    once. No `function`: the common part as it is. The first `own` of the inputs, or the last where it is negative, do
    not go into the common part, but to the function, before it.
    """

    common: Callable[..., Any]
    function: Callable[..., Any] | None = None
    factor: float = 1.0
    own: int = 0

    def __call__(self, *inputs: Any) -> Any:
        own, read = self.parted(inputs)
        common = self.common(*read)
        value = common if self.function is None else self.function(*own, common)
        return value if self.factor == 1.0 else value * self.factor

    def parted(self, inputs: Sequence[Any]) -> tuple[Sequence[Any], Sequence[Any]]:
        """Those that go to the function alone, and those that go into the common part."""
        first, last = inputs[: self.own], inputs[self.own :]
        return (first, last) if self.own >= 0 else (last, first)

    def times(self, factor: float) -> "Shared":
        """So many times that value."""
        return replace(self, factor=self.factor * factor)


@dataclass(frozen=True, slots=True)
class Bound:
    """A function some of whose inputs are numbers that never change; it takes the others, in order.

    `numbers` has one for each input of the function, None where it is to be given. Who writes a pass down sees into it.
    """

    function: Callable[..., Any]
    numbers: tuple[Array | None, ...]

    def __call__(self, *inputs: Any) -> Any:
        given = iter(inputs)
        return self.function(*[next(given) if number is None else number for number in self.numbers])


@dataclass(frozen=True, slots=True)
class Rule:
    """How a local partial p meets the upstream gradient g: contribution = apply(g, p).

    `formula` is a template in {g} and {p}. `of`, `wrt` and `p` are the indices of one scalar edge, a letter each: the
    entry `of` of the output depends on the entry `wrt` of the input, and the local partial between the two is the entry
    `p`. All that looks at single entries follows from them. Tensors with fewer axes have the last letters only.

    What letters cannot say, `source_map` does: it has the output's shape, and for each entry of it the place in the
    flat input that it was taken from, −1 where it comes from another input. The local partial is then 1.

    `apply` may be given an array to put the contribution into. `source`, where there is one, gives the same for so many
    rows as a Python expression in {g}, {p} and {out}, which is empty or a comma and that array. It is written down
    where `apply` would be called (see `source`). `numpy` is how a reader would write it.

    Equation: contribution[wrt] = Σ g[of] · p[p], over the letters that `wrt` has not.
    """

    name: str
    apply: Callable[..., Any]
    formula: str
    numpy: str
    of: str
    wrt: str
    p: str
    source: Callable[[int], str] | None = None
    source_map: NDArray[np.int64] | None = None


_sum: Callable[..., Any] = np.add.reduce


# With so many rows it pays to write the turned matrix out first: OpenBLAS has a faster way for two that are not turned.
_ROWS_WORTH_A_COPY = 16


def _matmul_right(upstream: Array, partial: Array, out: Array | None = None) -> Array:
    turned = partial.T if len(upstream) < _ROWS_WORTH_A_COPY else partial.T.copy()
    contribution: Array = upstream.dot(turned, out)
    return contribution


def _matmul_right_source(rows: int) -> str:
    return "{g}.dot({p}.T{out})" if rows < _ROWS_WORTH_A_COPY else "{g}.dot({p}.T.copy(){out})"


def _matmul_left(upstream: Array, partial: Array, out: Array | None = None) -> Array:
    contribution: Array = partial.T.dot(upstream, out)
    return contribution


def _sum_rows(upstream: Array, _one: Array, out: Array | None = None) -> Array:
    contribution: Array = _sum(upstream, 0, None, out)
    return contribution


def _through_jacobian(upstream: Array, jacobian: Array, out: Array | None = None) -> Array:
    """contribution[r, j] = Σ_i upstream[r, i] · jacobian[r, i, j].   Shapes: (B, n), (B, n, n) → (B, n)."""
    contribution: Array = np.vecmat(upstream, jacobian, out)
    return contribution


ELEMENTWISE = Rule("elementwise", np.multiply, "{g} ⊙ {p}", "{g} * {p}", of="rc", wrt="rc", p="rc")
MATMUL_RIGHT = Rule(
    "matmul_right",
    _matmul_right,
    "{g} · {p}ᵀ",
    "{g} @ {p}.T",
    of="rj",
    wrt="ri",
    p="ij",
    source=_matmul_right_source,
)
MATMUL_LEFT = Rule(
    "matmul_left",
    _matmul_left,
    "{p}ᵀ · {g}",
    "{p}.T @ {g}",
    of="rj",
    wrt="ij",
    p="ri",
    source=lambda _rows: "{p}.T.dot({g}{out})",
)
SUM_ROWS = Rule("sum_rows", _sum_rows, "Σ {g}", "{g}.sum(axis=0)", of="rj", wrt="j", p="")
JACOBIAN = Rule(
    "jacobian", _through_jacobian, "{g} · {p}", "({g}[:, None, :] @ {p})[:, 0, :]", of="ri", wrt="rj", p="rij"
)

RULES = {rule.name: rule for rule in (ELEMENTWISE, MATMUL_RIGHT, MATMUL_LEFT, SUM_ROWS, JACOBIAN)}


@dataclass(frozen=True, slots=True)
class Partial:
    """The local partial ∂output/∂input of one input slot.

    `value` takes the arrays of the slots in `uses`, in that order; None says that it is the last of them as it stands.
    Where the partial is the same number everywhere (`uses` is empty) `value` is that number, and the graph spreads it
    over the shape that the rule needs.

    For one entry the formula reads the same, each slot at the indices `p` of the rule. Where it does not, `scalar` has
    two templates, for an entry of the output that stands at the input's own place and for any other; their slots are
    {a_of} and {a_wrt}, a slot at the place of either.

    `numpy` spells `value` in slot names; it is empty where the partial is a node as it stands, or the rule needs none.
    `torch` does where autograd passes the input by: behind a fused cost.
    """

    wrt: str
    rule: Rule
    formula: str
    uses: tuple[str, ...]
    value: Callable[..., Any] | float | None
    note: str = ""
    scalar: tuple[str, str] | None = None
    numpy: str = ""
    torch: str = ""


@dataclass(frozen=True, slots=True)
class Fused:
    """What a cost does together with the activation right before it: it looks through the output a at what went in.

    a = σ(m) rounds to 0 or 1 long before C and ∂C/∂m are out of a double's reach. So the cost's own functions take m,
    in the slot `through`, and the contribution of a's edge to m is mended wherever the product of its two factors is
    lost. `gradient` takes (m, y) and gives ∂C/∂m; `lost` takes m and tells by entry, or by row, where a has rounded, or
    a factor is so small or so large that their product has no digits. `formula` and `numpy` spell `gradient`.

    Shapes: m, y, gradient (B, K); lost (B, K) or (B, 1).
    """

    gradient: Callable[[Array, Array], Array]
    lost: Callable[[Array], Any]
    formula: str
    numpy: str = ""
    through: str = "m"

    def missing(self, product: Array, m: Array) -> Any:
        """Where the product of the two factors is not to be had, as a mask that spreads over m's shape."""
        return self.lost(m) | ~np.isfinite(product)

    def mended(self, product: Array, m: Array, y: Array, upstream: Array) -> Array:
        """The contribution to m: the product, and straight from m what it misses; `upstream` is C's own gradient."""
        missing = self.missing(product, m)
        if not np.count_nonzero(missing):
            return product
        return np.where(missing, self.gradient(m, y) * upstream, product)


@dataclass(frozen=True, slots=True)
class Op:
    """One row: `inputs` and `output` are slot names, `value` takes the arrays of `reads` in order: the inputs, or else.

    `corner` takes what `value` does, and changes its sign where the slope jumps; None for smooth ops. `work` is about
    how long it takes for one entry of the largest of the first two inputs, besides its products; its unit is a
    multiplication in a matrix product. Where `takes_out`, `value` may be given an array more, to put the output into.
    `size` takes what `value` does and gives how large the terms are that the output is a sum of; without it they are as
    large as the output. `fused` is set for a cost that looks through its first input, and `note` says so in words, in
    slot names. `numpy` and `torch` spell `value`, in slot names; `words` say what is done, as the beginning of a
    sentence. `range` has the bounds of the output; nothing comes through of an input that is not above `gate`. `by_row`
    is a cost's: that of each row, of what `value` takes, before the reduction.
    """

    name: str
    inputs: tuple[str, ...]
    output: str
    formula: str
    value: Callable[..., Any]
    partials: tuple[Partial, ...]
    corner: Callable[..., Array] | None = None
    work: int = 20
    takes_out: bool = False
    size: Callable[..., Any] | None = None
    reads: tuple[str, ...] = ()
    fused: Fused | None = None
    note: str = ""
    numpy: str = ""
    torch: str = ""
    words: str = ""
    range: tuple[float, float] = EVERYWHERE
    gate: float | None = None
    by_row: Callable[..., Array] | None = None


def _linear_with_bias(x: Array, W: Array, b: Array, out: Array | None = None) -> Array:
    m: Array = x.dot(W, out)
    m += b
    return m


def _size_of_linear(x: Array, W: Array, b: Array | float = 0.0) -> Array:
    size: Array = np.abs(x).dot(np.abs(W)) + np.abs(b)
    return size


_WRT_INPUT = Partial("x", MATMUL_RIGHT, "{W}", ("W",), None)
_WRT_WEIGHTS = Partial("W", MATMUL_LEFT, "{x}", ("x",), None)
_WRT_BIAS = Partial("b", SUM_ROWS, "1", (), 1.0)

# The lecture's x·W0 = m0 and a0·W1 = m1.   Shapes: (B, n_in) · (n_in, n_out) (+ (n_out)) → (B, n_out).
LINEAR = Op(
    "linear",
    ("x", "W"),
    "m",
    "{x} · {W}",
    np.ndarray.dot,
    (_WRT_INPUT, _WRT_WEIGHTS),
    takes_out=True,
    size=_size_of_linear,
    numpy="{x} @ {W}",
    torch="{x} @ {W}",
    words="Multiply {x} by the weights {W}",
)
LINEAR_WITH_BIAS = Op(
    "linear",
    ("x", "W", "b"),
    "m",
    "{x} · {W} + {b}",
    _linear_with_bias,
    (_WRT_INPUT, _WRT_WEIGHTS, _WRT_BIAS),
    takes_out=True,
    size=_size_of_linear,
    numpy="{x} @ {W} + {b}",
    torch="{x} @ {W} + {b}",
    words="Multiply {x} by the weights {W} and add the bias {b}",
)

# d0 = a0 ⊙ k0: some outputs left out, by a mask of 0 and 1 / (1 − p).   Shapes: (B, n) ⊙ (B, n) → (B, n).
DROPOUT = Op(
    "dropout",
    ("a", "k"),
    "d",
    "{a} ⊙ {k}",
    np.multiply,
    (Partial("a", ELEMENTWISE, "{k}", ("k",), None), Partial("k", ELEMENTWISE, "{a}", ("a",), None)),
    None,
    1,
    numpy="{a} * {k}",
    torch="{a} * {k}",
    words="Drop the outputs of {a} where the mask {k} is 0. The rest is larger by as much as is left out on average.",
)
