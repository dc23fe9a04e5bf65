"""What may be said of a model in a query, rather than have it found."""

from typing import NamedTuple


class Choices(NamedTuple):
    """None: it is to be found."""

    cost: str | None = None
    activation: str | None = None  # of the layers before the last, for weights alone
    last: str | None = None  # of the last layer, for weights alone
    weights: str | None = None  # which way matrices stand: out_in or in_out
    output: str | None = None  # of a model with several
    shape: tuple[int, ...] | None = None  # of the input
    rows: int = 4
    seed: int = 0
