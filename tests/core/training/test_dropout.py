"""What an iteration leaves out: masks of the right share, drawn anew in each iteration, none at rest."""

from typing import Any

import numpy as np
import pytest

from app.core.training import train
from app.core.training.dropout import mask
from tests.core.training.test_train import assert_same, driven
from tests.helpers import Document, by_id, decode, network, step, trace


def dropping(share: float = 0.5, seed: int | None = 3, **more: Any) -> Document:
    document = network(5, [3, 40, 2], ["tanh", "sigmoid"], rows=20) | {"dropout_seed": seed, **more}
    document["network"]["layers"][0]["dropout"] = share
    return document


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_mask_leaves_out_its_share_and_keeps_the_mean(share: float) -> None:
    drawn = mask(share, (400, 300), 1, 2, 0)
    assert set(np.unique(drawn)) == {0.0, 1.0 / (1.0 - share)}
    # 120,000 draws: five standard deviations are less than 0.008.
    assert np.mean(drawn == 0.0) == pytest.approx(share, abs=0.008)
    assert drawn.mean() == pytest.approx(1.0, abs=0.008 / (1.0 - share))


def test_masks_are_others_in_each_iteration_layer_and_for_each_seed_and_always_the_same() -> None:
    # Kept: links and files that have a seed are to go the same way for ever.
    assert mask(0.5, (1, 8), 3, 0, 0).tolist() == [KEPT]
    drawn = [mask(0.5, (4, 8), *it).tolist() for it in ((3, 0, 0), (3, 1, 0), (3, 0, 1), (4, 0, 0))]
    assert all(one != other for at, one in enumerate(drawn) for other in drawn[at + 1 :])


KEPT = [0.0, 0.0, 2.0, 2.0, 0.0, 0.0, 0.0, 0.0]


def test_what_is_left_out_neither_goes_on_nor_comes_back() -> None:
    nodes = by_id(trace(dropping()))
    a, k, d = (np.array(nodes[id]["value"]) for id in ("a0", "k0", "d0"))
    np.testing.assert_array_equal(d, a * k)
    assert nodes["k0"]["role"] == "constant"
    np.testing.assert_array_equal(np.array(nodes["a0"]["gradient"]), np.array(nodes["d0"]["gradient"]) * k)
    assert np.all(np.array(nodes["a0"]["gradient"])[k == 0.0] == 0.0)


def test_at_rest_nothing_is_left_out() -> None:
    plain = network(5, [3, 40, 2], ["tanh", "sigmoid"], rows=20)
    assert trace(dropping(seed=None)) == trace(plain)
    assert step(dropping(seed=None))["experiment"]["network"]["layers"][0]["dropout"] == 0.5
    assert trace(dropping(share=0.0)) == trace(plain)
    assert "dropout" not in step(plain)["experiment"]["network"]["layers"][0]


@pytest.mark.parametrize("size", [None, 3])
def test_posts_of_step_go_the_same_way(size: int | None) -> None:
    document = dropping(batch_size=size, shuffle_seed=2, schedule={"name": "exponential"})
    document["optimizer"] = {"name": "momentum", "learning_rate": 0.1}
    lines, trained = driven(train.train(decode(document), 25, 5))
    costs = []
    for number in range(25):
        answer = step(document)
        if number % 5 == 0:
            costs.append(answer["trace"]["cost"])
        document = answer["experiment"]
    assert_same(trained.experiment, decode(document))
    assert [line.cost for line in lines] == costs
