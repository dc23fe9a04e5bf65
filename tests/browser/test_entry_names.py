"""An entry has an index for each axis of its node, wherever it is named: w[1] of a vector, b of a number."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.explorer import Explorer

# All that is read or heard on the page: texts, labels, popovers.
TOLD = """() => {
    const labels = ["aria-label", "data-tip", "title", "placeholder"];
    const all = [...document.querySelectorAll("body *")];
    const told = all.flatMap(it => labels.map(label => it.getAttribute(label) ?? ""));
    return [document.body.textContent, ...told].join("\\n");
}"""
# Nothing in the example has two axes.
WRONG = re.compile(r"\w+(?:\.\d+)?\[\d+,\d+\]")
END = "&beat=19"  # all gradients are there


def told(explorer: Explorer) -> str:
    explorer.rest()
    text: str = explorer.page.evaluate(TOLD)
    return text


@pytest.mark.parametrize("panel", ["beat", "inspect", "chain", "slope", "cache", "check", "formulas"])
@pytest.mark.parametrize(("entry", "other"), [("w[1]", "w[0,1]"), ("b", "b[0,0]")])
def test_no_panel_gives_a_vector_two_indices(explorer: Explorer, panel: str, entry: str, other: str) -> None:
    explorer.count_requests()
    for link in (entry, other):
        explorer.open(f"#example=neuron{END}&panel={panel}&select={link}")
        text = told(explorer)
        assert not WRONG.findall(text)
        assert entry in text


@pytest.mark.parametrize(("key", "name"), [("w[0,1]", "w[1]"), ("b[0,0]", "b"), ("z.1[0,0]", "z.1")])
def test_a_link_names_what_was_selected(explorer: Explorer, key: str, name: str) -> None:
    explorer.open(f"#example=neuron{END}")
    explorer.page.locator(f'svg.graph [data-entry="{key}"]').click()
    expect(explorer.page).to_have_url(re.compile(re.escape(f"select={name}") + "(&|$)"))
    explorer.page.reload()
    expect(explorer.page.locator(".callout h2")).to_contain_text(name.removesuffix(".1"))
    expect(explorer.page.locator(f'svg.graph .chosen[data-entry="{key}"]')).to_be_visible()


def test_no_view_gives_a_vector_two_indices(explorer: Explorer) -> None:
    explorer.count_requests().open(f"#example=neuron{END}&view=table&select=w[1]&panel=beat")
    assert "∂C/∂w[1]" in told(explorer)
    assert not WRONG.findall(told(explorer))
    explorer.visit("#example=neuron&beat=1&panel=beat&select=w[1]")
    for beat in range(2, explorer.beats + 1):
        explorer.go(beat)
        assert not WRONG.findall(told(explorer)), beat
    explorer.press("p")
    assert not WRONG.findall(told(explorer))


def test_an_edited_entry_of_a_vector_is_named_by_one_index(explorer: Explorer) -> None:
    explorer.count_requests().open(f"#example=neuron{END}&panel=inspect&select=w[1]")
    editor = explorer.page.get_by_label("w[1]: a number, Enter to take it")
    editor.fill("0")
    editor.press("Enter")
    expect(explorer.button("Undo: w[1]")).to_be_visible()
    expect(explorer.page.locator(".about")).to_contain_text("w[1] −0.9 → 0")
    assert "∂C/∂x[1] = 0 because the weight that leads on is 0: w[1]" in told(explorer)
    assert not WRONG.findall(told(explorer))


def test_a_weight_is_chosen_by_as_many_indices_as_it_has_axes(explorer: Explorer) -> None:
    explorer.open(f"#example=neuron{END}&panel=chain&select=w[1]")
    picker = explorer.page.locator(".picker")
    expect(picker.locator("input")).to_have_count(1)
    picker.get_by_label("index").fill("0")
    picker.get_by_label("index").press("Enter")
    expect(explorer.page.locator("#chain-title")).to_contain_text("w[0]")
    picker.get_by_label("Parameter").select_option("b")
    expect(picker.locator("input")).to_have_count(0)
    # Of formulas any leaf may be asked about.
    picker.get_by_label("Parameter").select_option("x")
    expect(explorer.page.locator("#chain-title")).to_contain_text("x[0]")
    expect(picker.get_by_label("Parameter")).to_have_value("x")
