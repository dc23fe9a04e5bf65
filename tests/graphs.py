"""Operations of graphs that are no networks: any graph will do."""

import numpy as np

from app.core.graph.ops import ELEMENTWISE, Op, Partial

PRODUCT = Op(
    "product",
    ("u", "v"),
    "p",
    "{u} ⊙ {v}",
    np.multiply,
    (Partial("u", ELEMENTWISE, "{v}", ("v",), None), Partial("v", ELEMENTWISE, "{u}", ("u",), None)),
)
TOTAL = Op("total", ("p",), "C", "Σ {p}", np.sum, (Partial("p", ELEMENTWISE, "1", (), 1.0),))
