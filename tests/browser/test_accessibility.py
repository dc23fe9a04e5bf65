"""No violation that axe-core finds: WCAG 2.2 A and AA and its best practices, light and dark, wide and narrow."""

from collections.abc import Callable
from typing import Any, Literal

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.explorer import Explorer
from tests.tools.serving import ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
# By light and dark alone only colours differ: what follows from them is asked again, and nothing else.
OF_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
RUN = """async runOnly => {
    const { violations } = await window.axe.run(document, { runOnly, resultTypes: ["violations"] });
    return violations.flatMap(it => it.nodes.map(node => `${it.id}: ${node.target.join(" ")}: ${node.failureSummary}`));
}"""
STATES = [
    "",
    "#beat=13&select=W0",
    "#beat=15&select=m1>W1",
    "#example=face-or-car&iteration=1&beat=9",
    "#example=xor&beat=16&view=neurons",
    "#example=face-or-car&view=neurons&beat=4",
    "#beat=13&view=table&select=a0",
    "#beat=13&select=W0[1,2]&panel=beat",
    "#beat=13&select=m0[0,1]&panel=inspect",
    "#beat=13&select=W0[1,2]&panel=chain",
    "#beat=3&select=W0[1,2]&panel=chain&stop=10",
    "#beat=13&select=W1[0,0]&panel=chain&form=matrices",
    "#beat=13&select=W1[0,0]&panel=slope",
    "#beat=13&select=W0[1,2]&panel=cache",
    "#beat=13&panel=check",
]


def violations(explorer: Explorer, asked: Any = TAGS) -> list[str]:
    """What axe finds now. The page's policy forbids adding script tags, so axe is evaluated."""
    if not explorer.page.evaluate("() => 'axe' in window"):
        explorer.page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = explorer.page.evaluate(RUN, asked)
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_axe_finds_nothing(
    new_context: Callable[..., BrowserContext], scheme: Literal["light", "dark"], width: int
) -> None:
    context = new_context(color_scheme=scheme, viewport={"width": width, "height": 900}, reduced_motion="reduce")
    explorer = Explorer(context.new_page()).open()
    asked = TAGS if scheme == "light" else OF_COLOURS
    found: dict[str, list[str]] = {}
    for fragment in STATES:
        explorer.visit(fragment or "#")
        found[fragment] = violations(explorer, asked)
    explorer.visit("#panel=data")
    explorer.button("Other data").click()
    explorer.page.locator(".data-bring textarea").fill("n,a,b,kind\n1,2,3,p\n2,x,1,q\n3,2,1,p\n4,1,2,q\n")
    explorer.page.get_by_label("What b becomes").select_option("skip")
    expect(explorer.button("As found")).to_be_visible()
    expect(explorer.page.locator(".left-out")).to_be_visible()
    found["a table"] = violations(explorer, asked)
    explorer.button("Rows").click()
    explorer.visit("#")
    explorer.command("Help and keys")
    expect(explorer.page.get_by_role("dialog")).to_be_visible()
    found["help"] = violations(explorer, asked)
    complaints = [f"{where or 'start'}: {it}" for where, what in found.items() for it in what]
    assert not complaints, "\n".join(complaints)


def test_axe_finds_what_is_wrong(explorer: Explorer) -> None:
    explorer.open()
    explorer.page.evaluate("document.querySelector('.says-said').style.color = 'color-mix(in srgb, gray, white)'")
    assert any("color-contrast" in it for it in violations(explorer, OF_COLOURS))
    explorer.page.evaluate("""() => {
        const button = document.querySelector(".play");
        button.replaceChildren();
        for (const name of ["aria-label", "title"]) button.removeAttribute(name);
    }""")
    assert any("button-name" in it for it in violations(explorer))


def test_the_switch_between_light_and_dark_works_and_is_kept(explorer: Explorer) -> None:
    explorer.open()
    paper = "() => getComputedStyle(document.body).backgroundColor"
    light = explorer.page.evaluate(paper)
    explorer.command("Switch between light and dark")
    dark = explorer.page.evaluate(paper)
    assert dark != light
    explorer.open()
    assert explorer.page.evaluate(paper) == dark
