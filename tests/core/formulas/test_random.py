"""Random programs: values as NumPy has them, gradients as a complex step has them, sums of contributions and routes."""

from typing import Any

import numpy as np
import pytest

from app.core.explaining import chain_rule
from app.core.formulas.program import Formulas, formulas
from app.core.graph.compiled import unrolled
from app.core.graph.entries import Place
from app.core.graph.structure import backward, forward
from app.core.training import iteration, train
from app.core.training.optimizers import OPTIMIZERS
from tests.core.formulas.programs import Program, gradient, run

SEEDS = range(500)
CLOSE: dict[str, Any] = {"rtol": 1e-9, "atol": 1e-11}


def model(program: Program) -> Formulas:
    return formulas(program.text, program.leaves, {})


@pytest.mark.parametrize("first", SEEDS[::25])
def test_values_and_gradients_are_those_of_the_same_text_in_numpy(first: int) -> None:
    for seed in range(first, first + 25):
        program = Program(seed, lines=3 + seed % 10)
        made = model(program)
        graph = made.program.graph
        with np.errstate(all="ignore"):
            values = forward(graph, made.leaves(None, None))
            back = backward(graph, values)
        right = run(program.text, program.leaves)
        for node, value in zip(graph.nodes, values, strict=True):
            assert np.shape(value) == node.shape, f"{program.text}\n{node.id}"
            if node.id in right:
                np.testing.assert_allclose(value, np.asarray(right[node.id]), **CLOSE, err_msg=program.text)
        for leaf in graph.leaves:
            assert np.shape(back.gradients[leaf.index]) == leaf.shape
            expected = gradient(program.text, program.leaves, leaf.id, graph.output.id)
            np.testing.assert_allclose(
                back.gradients[leaf.index], expected, **CLOSE, err_msg=f"{leaf.id} of\n{program.text}"
            )
        check_contributions(made, values, back)


@pytest.mark.parametrize("shape", [(), (3,), (2, 3)], ids=str)
@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("name", ["kl_divergence", "absolute_error", "huber", "hinge"])
def test_a_cost_by_its_name_is_that_of_numpy(name: str, reduction: str, shape: tuple[int, ...]) -> None:
    """As a part of a line, of outputs of every shape; with gradients for the targets too."""
    rng = np.random.default_rng(len(name))
    leaves = {"a": rng.uniform(0.1, 2.5, shape), "y": rng.uniform(0.1, 0.9, shape)}
    text = f'C = 3 * {name}(2 * a, y, reduction="{reduction}") + mean(a)'
    made = formulas(text, leaves, {})
    graph = made.program.graph
    values = forward(graph, made.leaves(None, None))
    back = backward(graph, values)
    np.testing.assert_allclose(values[-1], np.real(run(text, leaves)["C"]), **CLOSE)
    for leaf in graph.leaves:
        np.testing.assert_allclose(back.gradients[leaf.index], gradient(text, leaves, leaf.id, "C"), **CLOSE)
    check_contributions(made, values, back)


def check_contributions(made: Formulas, values: Any, back: Any) -> None:
    """They sum to the gradients, have their shapes, and the compiled pass has the same bits."""
    graph, leaves = made.program.graph, made.leaves(None, None)
    with np.errstate(all="ignore"):
        compiled, again = unrolled(graph)(*leaves)
    for node in graph.nodes:
        assert np.array_equal(values[node.index], compiled[node.index])
        assert np.array_equal(back.gradients[node.index], again.gradients[node.index])
        into = [back.contributions[at] for at, edge in enumerate(graph.edges) if edge.wrt == node.index]
        if into:
            np.testing.assert_allclose(sum(into), back.gradients[node.index], **CLOSE)
    for at, edge in enumerate(graph.edges):
        assert np.shape(back.contributions[at]) == graph.nodes[edge.wrt].shape
        assert np.asarray(back.contributions[at]).flags.c_contiguous


def exhausted(slices: Any) -> Any:
    while True:
        try:
            next(slices)
        except StopIteration as end:
            return end.value


@pytest.mark.parametrize("seed", range(120))
def test_the_routes_of_a_number_multiply_and_sum_to_its_gradient(seed: int) -> None:
    program = Program(seed, lines=2 + seed % 6)
    experiment = iteration.Experiment(model(program), None, None)
    trace = iteration.trace(experiment)
    rng = np.random.default_rng(seed)
    for leaf in trace.graph.leaves:
        place = Place(leaf, tuple(int(rng.integers(size)) for size in leaf.shape))
        for fold in {chain_rule.chosen(trace.graph, place, most, 4000) for most in (1, 8, 400)}:
            chain = exhausted(chain_rule.chain(trace, place, fold))
            assert chain.verdict in ("agrees", "kink", "too small", "too coarse"), program.text
            total = sum(term.product for term in chain.terms)
            np.testing.assert_allclose(total, chain.gradient, **CLOSE, err_msg=program.text)
            for term in chain.terms:
                assert term.path[0] == "C"
                assert len(term.path) == len(term.factors) + 1


@pytest.mark.parametrize("seed", range(40))
def test_training_is_steps_bit_for_bit(seed: int) -> None:
    program = Program(seed, lines=3 + seed % 6)
    optimizer = list(OPTIMIZERS)[seed % len(OPTIMIZERS)]
    fields = {**OPTIMIZERS[optimizer].fields, "learning_rate": 0.01, "weight_decay": 0.1 * (seed % 3)}
    experiment = iteration.Experiment(model(program), None, None, optimizer, fields)
    stepped = experiment
    for _ in range(7):
        stepped = iteration.step(stepped).experiment
    trained = exhausted(train.train(experiment, 7, 1)).experiment
    assert trained.iteration == stepped.iteration
    for one, other in zip(trained.model.parameters, stepped.model.parameters, strict=True):
        assert np.asarray(one).tobytes() == np.asarray(other).tobytes(), program.text
