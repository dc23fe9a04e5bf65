"""Every number on the page is the API's, digit by digit: in the graph, in the tables, in the inspector."""

import pytest
from playwright.sync_api import expect

from tests.browser.explorer import Explorer, entries, trace_entries

EXAMPLES = ["lecture", "scalar", "xor"]


def gradients_done(explorer: Explorer) -> None:
    """Go to the moment at which all gradients are there and no parameter has moved."""
    for phase in ("Forward", "Cost", "Backward"):
        explorer.command("Phase on")
        expect(explorer.page.locator(".phase-name")).to_have_text(phase)


@pytest.mark.parametrize("example", EXAMPLES)
def test_graph_shows_the_numbers_of_the_api(explorer: Explorer, example: str) -> None:
    explorer.open(f"#example={example}&iteration=1")
    first = explorer.step(explorer.example(example))
    second = explorer.step(first["experiment"])
    gradients_done(explorer)
    shown = explorer.graph_numbers()
    expected = trace_entries(second["trace"])
    assert shown == {name: expected[name] for name in shown}
    shapes = {node["id"]: node["shape"] for node in second["trace"]["nodes"]}
    as_numbers = [
        name
        for name in expected
        if (shape := shapes[name.split("[")[0].removeprefix("∂C/∂")]) is not None
        and (len(shape) < 2 or shape[0] <= 4)
        and (not shape or shape[-1] <= 3)
    ]
    assert shown.keys() == set(as_numbers)
    explorer.go(explorer.beats)
    for update in second["updates"]:
        after = entries(update["parameter"], update["after"])
        assert {name: explorer.graph_numbers()[name] for name in after} == after


@pytest.mark.parametrize("example", EXAMPLES)
def test_tables_show_the_numbers_of_the_api(explorer: Explorer, example: str) -> None:
    explorer.open(f"#example={example}&view=table")
    answer = explorer.step(explorer.example(example))
    gradients_done(explorer)
    expect(explorer.page.locator(".tables article")).to_have_count(
        len(answer["trace"]["nodes"]) + len(answer["trace"]["partials"])
    )
    shown = explorer.table_numbers(".tables h2:first-of-type ~ article")
    expected = trace_entries(answer["trace"])
    for partial in answer["trace"]["partials"]:
        expected |= entries(f"∂{partial['of']}/∂{partial['wrt']}", partial["value"])
    for partial in answer["trace"]["partials"]:
        expected |= entries(f"∂C/∂{partial['wrt']}", partial["contribution"])
    assert shown == {name: expected[name] for name in shown}
    assert shown.keys() == expected.keys()


def test_inspector_of_a_node_shows_the_numbers_of_the_api(explorer: Explorer) -> None:
    explorer.open("#beat=13&select=W0")
    answer = explorer.step(explorer.example("lecture"))
    expected = trace_entries(answer["trace"])
    expect(explorer.page.locator(".inspector .numbers")).to_have_count(2)
    shown = explorer.table_numbers(".inspector")
    assert shown == {
        name: expected[name] for name in (*entries("W0", [[0] * 3] * 2), *entries("∂C/∂W0", [[0] * 3] * 2))
    }


def test_inspector_of_an_edge_shows_local_partial_upstream_gradient_and_contribution(explorer: Explorer) -> None:
    explorer.open("#beat=13&select=a1>m1")
    answer = explorer.step(explorer.example("lecture"))
    edge = next(it for it in answer["trace"]["partials"] if (it["of"], it["wrt"]) == ("a1", "m1"))
    upstream = next(it for it in answer["trace"]["nodes"] if it["id"] == "a1")["gradient"]
    for title, name, tensor in (
        ("Local partial", "∂a1/∂m1", edge["value"]),
        ("Upstream gradient", "∂C/∂a1", upstream),
        ("Contribution", "∂C/∂m1", edge["contribution"]),
    ):
        block = explorer.page.locator(".inspector .numbers", has_text=title)
        expect(block).to_have_count(1)
        titles = block.locator("td").evaluate_all("cells => cells.map(it => it.dataset.tip)")
        assert len(titles) == len(entries(name, tensor))
    expected = entries("∂a1/∂m1", edge["value"]) | entries("∂C/∂a1", upstream)
    shown = explorer.table_numbers(".inspector")
    assert shown == expected | entries("∂C/∂m1", edge["contribution"])


def test_lecture_note_stands_where_its_formula_differs(explorer: Explorer) -> None:
    explorer.open("#beat=6")
    expect(explorer.page.locator(".narration .remark")).to_contain_text("2(a₁ − y)")


def test_readout_has_the_cost_with_all_digits(explorer: Explorer) -> None:
    explorer.open("#beat=5")
    cost = explorer.step(explorer.example("lecture"))["trace"]["cost"]
    shown = explorer.page.locator(".readout dd").nth(1)
    expect(shown).to_have_attribute("data-tip", f"C = {cost}")
    explorer.go(4)
    expect(shown).to_have_text("–")
