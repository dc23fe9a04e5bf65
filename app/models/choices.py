"""What may be said of a model in a query, rather than have it found."""

from typing import NamedTuple

from app.documents.problems import Fault, Unprocessable

OF_WEIGHTS = ("activation", "last", "weights")
OF_ONNX = ("output", "shape")


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

    def demand_none_of(self, names: tuple[str, ...], why: str) -> None:
        """Refuse what is said of these, which such a model says itself or has not.   Raises: Unprocessable."""
        said = [name for name in names if getattr(self, name) is not None]
        if said:
            raise Unprocessable([Fault(f"query:{name}", f"{name} says nothing here: {why}") for name in said])
