"""Numbers to trust: a wrong sign is seen, a rounded activation does no harm, what cannot be meant is said."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.explorer import API, Explorer
from tests.tools.fixtures import CASES
from tests.tools.serving import started

# The app with one sign turned: of the slope that sigmoid says it has.
MUTATED = """
from dataclasses import replace
from app.core.graph.activations import ACTIVATIONS
row = ACTIVATIONS["sigmoid"]
ACTIVATIONS["sigmoid"] = replace(row, derivative=lambda *arrays: -row.derivative(*arrays))
from app.__main__ import main
main()
"""


@pytest.fixture(scope="module")
def mutated() -> Iterator[str]:
    with started("--port", "0", program=("-c", MUTATED)) as (url, _):
        yield url.rstrip("/")


def ask_another(page: Page, server: str) -> None:
    """From here on the page's questions go to another server."""

    def answer(route: Route) -> None:
        url = urlsplit(route.request.url)
        query = f"?{url.query}" if url.query else ""
        route.fulfill(response=route.fetch(url=f"{server}{url.path}{query}"))

    page.route(f"**{API}/**", answer)


def test_a_wrong_sign_is_told_loudly(explorer: Explorer, mutated: str) -> None:
    ask_another(explorer.page, mutated)
    explorer.open("#panel=check")
    head = explorer.page.locator(".outcome.bad .verdict-line")
    expect(head).to_contain_text("✗ ")
    expect(head).to_contain_text("gradients DIFFER from what was measured. The worst is ∂C/∂W")
    rows = explorer.page.locator(".check tbody tr")
    expect(rows.first.locator(".said")).to_have_text("✗ differs")
    expect(explorer.page.locator(".outcome")).not_to_contain_text("right")


def test_the_chain_rule_tells_it_too(explorer: Explorer, mutated: str) -> None:
    ask_another(explorer.page, mutated)
    explorer.open("#beat=11&select=W1[0,0]&panel=chain")
    expect(explorer.page.locator(".verdict .verdict-line.bad")).to_contain_text("✗ It DIFFERS")


def test_where_a_has_rounded_the_page_has_the_right_numbers(explorer: Explorer) -> None:
    explorer.serve_as_lecture(CASES["rounded"])
    explorer.open()
    explorer.go(explorer.beats)
    expect(explorer.page.locator(".readout")).to_contain_text("40")
    numbers = explorer.graph_numbers()
    assert numbers["C"] == 40
    assert numbers["∂C/∂W0[0,0]"] == pytest.approx(40, rel=1e-12)
    expect(explorer.page.locator("body")).not_to_contain_text("diverged")
    explorer.visit("#beat=5&select=a0>m0&panel=inspect")
    expect(explorer.page.locator(".inspector .remark")).to_contain_text("is 1 to all 16 digits")
    explorer.visit("#beat=5&select=W0[0,0]&panel=check")
    expect(explorer.page.locator(".verdict-line")).to_contain_text("✓ The one gradient agrees")


def test_the_beat_of_the_edge_says_how_its_number_came_to_be(explorer: Explorer) -> None:
    explorer.serve_as_lecture(CASES["rounded"])
    explorer.open("#beat=5")
    expect(explorer.page.locator(".narration .remark")).to_contain_text("is 1 to all 16 digits")
    explorer.go(3)
    expect(explorer.page.locator(".narration .remark")).to_contain_text("Computed from")


def test_the_chain_rule_goes_straight_from_m(explorer: Explorer) -> None:
    explorer.serve_as_lecture(CASES["straight"])
    explorer.open("#beat=6&select=W0[0,0]&panel=chain")
    expect(explorer.page.locator("table.routes tbody")).to_contain_text("has rounded to 1; so from")
    expect(explorer.page.locator("td.product").first).to_contain_text("1000")
    expect(explorer.page.locator(".verdict .verdict-line.good")).to_contain_text("✓ It agrees")
    expect(explorer.page.locator("body")).not_to_contain_text("diverged")


def test_what_cannot_be_meant_is_said_over_every_panel(explorer: Explorer) -> None:
    explorer.serve_as_lecture(CASES["unfit"])
    explorer.open("#beat=3")
    warnings = explorer.page.locator(".warnings")
    for panel in ("beat", "inspect", "check", "build"):
        explorer.visit(f"#beat=3&panel={panel}")
        expect(warnings).to_contain_text("takes outputs between 0 and 1")
    explorer.page.get_by_role("button", name="Take sigmoid in layer 0").click()
    expect(warnings).to_have_count(0)


def test_logits_are_shown_as_probabilities_too(explorer: Explorer) -> None:
    explorer.serve_as_lecture(CASES["logits"])
    explorer.open("#beat=3&select=a0&panel=inspect")
    expect(explorer.page.locator(".inspector")).to_contain_text("As probabilities: softmax of each row")
