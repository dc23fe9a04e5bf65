"""Where there are no rows of data and no layers, no word speaks of examples or of a network."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.explorer import Explorer
from tests.browser.test_formulas import EXAMPLES

WRONG = re.compile(r".{0,30}\b(?:[Ee]xamples? \d|one example|network)\b.{0,30}")
TOLD = """() => [...document.querySelectorAll("main, main *")].map(it =>
    [it === document.querySelector("main") ? it.textContent : "", it.getAttribute("aria-label") ?? "",
     it.getAttribute("data-tip") ?? ""].join("\\n")).join("\\n")"""
PANELS = ("beat", "inspect", "chain", "slope", "cache", "check", "compare")


@pytest.mark.parametrize("example", EXAMPLES)
def test_no_panel_speaks_of_examples_or_of_a_network(explorer: Explorer, example: str) -> None:
    explorer.count_requests().open(f"#example={example}")
    ends = explorer.beats
    for panel in PANELS:
        for beat in {0, ends - 2, ends}:
            explorer.visit(f"#example={example}&panel={panel}&beat={beat}")
            explorer.rest()
            assert not WRONG.findall(explorer.page.evaluate(TOLD)), (panel, beat)


def test_routes_are_grouped_by_the_rows_of_a_matrix(explorer: Explorer) -> None:
    explorer.open("#example=attention&panel=chain&select=WQ[0,0]")
    groups = explorer.page.locator(".routes .group button")
    expect(groups).to_have_text(["▸ via O[0]: 18 routes", "▸ via O[1]: 18 routes", "▸ via O[2]: 18 routes"])
    groups.nth(1).click()
    expect(groups.nth(1)).to_have_text("▾ via O[1]: 18 routes")
    expect(explorer.page.locator(".routes tbody tr:not(.group)")).to_have_count(18)
    explorer.open("#example=layer-norm&panel=chain&select=g[1]")
    expect(explorer.page.locator(".routes tbody th")).to_have_text(["via h[0]", "via h[1]"])


def test_examples_are_called_so_where_there_are_some(explorer: Explorer) -> None:
    explorer.open("#example=xor&panel=chain&select=W0[0,0]")
    expect(explorer.page.locator(".routes tbody th").nth(1)).to_have_text("via example 1")
    explorer.open("#example=xor&panel=formulas")
    explorer.button("Write this network down").click()
    explorer.page.get_by_role("button", name="Which way?").click()
    expect(explorer.page.locator(".routes tbody th").nth(1)).to_have_text("via example 1")
