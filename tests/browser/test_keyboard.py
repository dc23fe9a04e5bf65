"""The whole page by keyboard: every control is reached, seen to be reached, and works."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.explorer import Explorer

MOST_TABS = 60

# Names each focusable control, so that two ways of finding them can be compared.
CONTROLS = """() => {
    window.nameOf = element => [element.tagName.toLowerCase(), element.getAttribute("aria-label")
        ?? element.dataset?.walk ?? element.textContent.trim().slice(0, 40)].join(" ");
    return [...document.querySelectorAll("a[href], button:enabled, select:enabled, input:enabled, [tabindex]")]
        .filter(it => it.tabIndex >= 0 && it.checkVisibility())
        .map(window.nameOf);
}"""
FOCUSED = """() => {
    const it = document.activeElement;
    if (it === document.body) return null;
    const box = it.getBoundingClientRect();
    const shape = it.querySelector(":scope .card-shape, :scope .chip-shape");
    const outline = getComputedStyle(it);
    const ring = shape ? parseFloat(getComputedStyle(shape).strokeWidth)
        : outline.outlineStyle === "none" ? 0 : parseFloat(outline.outlineWidth);
    const onTop = [0.1, 0.5, 0.9].some(share => {
        const [x, y] = [box.left + box.width / 2, box.top + box.height * share];
        const top = document.elementFromPoint(x, y);
        return top !== null && (it.contains(top) || top.contains(it));
    });
    return { name: window.nameOf(it), ring, onTop };
}"""


@pytest.mark.parametrize("fragment", ["#beat=13&select=m0", "#example=xor&view=neurons", "#view=table&select=a1>m1"])
@pytest.mark.parametrize("width", [1440, 390])
def test_every_control_is_reached_by_tab_and_seen_to_be(explorer: Explorer, fragment: str, width: int) -> None:
    explorer.page.set_viewport_size({"width": width, "height": 900})
    explorer.page.emulate_media(reduced_motion="reduce")  # the page has scrolled where it scrolls
    explorer.open(fragment)
    if "select" in fragment:
        expect(explorer.page.locator(".inspector")).to_be_visible()  # the page scrolls to it once
        explorer.settle()
    controls = explorer.page.evaluate(CONTROLS)
    reached: list[str] = []
    for _ in range(MOST_TABS):
        explorer.press("Tab")
        focused = explorer.page.evaluate(FOCUSED)
        if focused is None:
            break
        assert focused["ring"] >= 2, f"{focused['name']} does not show that it has the focus"
        assert focused["onTop"], f"{focused['name']} has the focus under something else"
        reached.append(focused["name"])
    # Boxes that scroll are reached too, in browsers that think of it.
    assert {name: controls.count(name) for name in controls} == {name: reached.count(name) for name in controls}


def test_arrows_walk_the_graph_and_enter_selects(explorer: Explorer) -> None:
    explorer.open()
    explorer.press("Tab")
    expect(explorer.page.get_by_role("link", name="Skip to the graph")).to_be_focused()
    explorer.press("Enter")
    expect(explorer.card("x")).to_be_focused()
    for key, name in (("ArrowRight", "m0>x"), ("ArrowRight", "m0"), ("ArrowLeft", "m0>x"), ("ArrowLeft", "x")):
        explorer.press(key)
        expect(explorer.page.locator(f'[data-walk="{name}"]')).to_be_focused()
    explorer.press("ArrowRight", "ArrowRight", "Enter")
    expect(explorer.card("m0")).to_have_attribute("aria-current", "true")
    expect(explorer.page.locator(".callout")).to_contain_text("pre-activation")
    expect(explorer.card("m0")).to_be_focused()
    explorer.press("Escape")
    expect(explorer.page.locator(".callout")).to_have_count(0)
    explorer.expect_beat(0)


def test_a_click_selects_and_a_second_one_lets_go(explorer: Explorer) -> None:
    explorer.open()
    explorer.chip("a1>m1").click()
    expect(explorer.page.locator(".callout")).to_contain_text("local partial")
    explorer.chip("a1>m1").click()
    expect(explorer.page.locator(".callout")).to_have_count(0)


def test_links_of_the_inspector_lead_on(explorer: Explorer) -> None:
    explorer.open("#beat=13&select=a0")
    explorer.page.locator(".inspector").get_by_role("button", name="m1 → a0").click()
    expect(explorer.chip("m1>a0")).to_have_attribute("aria-current", "true")
    explorer.page.locator(".inspector").get_by_role("button", name="W1", exact=True).click()
    expect(explorer.card("W1")).to_have_attribute("aria-current", "true")


def test_single_keys_do_what_help_says(explorer: Explorer) -> None:
    explorer.open()
    explorer.press("Space")
    expect(explorer.button("Pause")).to_be_visible()
    explorer.press("Space")
    expect(explorer.button("Play")).to_be_visible()
    explorer.press("n")
    explorer.expect_iteration(1)
    explorer.press("n")
    explorer.expect_iteration(2)
    explorer.press("b")
    explorer.expect_iteration(1)
    explorer.press("r")
    explorer.expect_iteration(0)
    explorer.press("t")
    expect(explorer.button("Stop")).to_be_visible()
    explorer.press("t")
    expect(explorer.button("Train")).to_be_visible()
    for key, view in (("2", "neurons"), ("3", "table"), ("1", "graph")):
        explorer.press(key)
        expect(explorer.view).to_have_value(view)
    graph = explorer.page.locator("svg.graph")
    expect(explorer.card("C")).to_be_visible()
    explorer.settle()
    whole = graph.get_attribute("viewBox") or ""
    explorer.press("+")
    expect(graph).not_to_have_attribute("viewBox", whole)
    explorer.press("f")
    expect(graph).to_have_attribute("viewBox", whole)


def test_single_keys_can_be_switched_off_and_stay_off(explorer: Explorer) -> None:
    explorer.open()
    explorer.press("?")
    explorer.page.get_by_role("checkbox").uncheck()
    explorer.page.get_by_role("button", name="Close").click()
    explorer.press("n", "3")
    explorer.settle()
    explorer.expect_iteration(0)
    expect(explorer.view).to_have_value("graph")
    explorer.open()
    explorer.press("3")
    explorer.settle()
    expect(explorer.view).to_have_value("graph")
    explorer.command("Help and keys")
    explorer.page.get_by_role("checkbox").check()
    explorer.press("Escape")
    explorer.press("3")
    expect(explorer.view).to_have_value("table")


def test_keys_with_a_modifier_are_the_browsers(explorer: Explorer) -> None:
    explorer.open()
    explorer.press("Alt+n", "Control+b")
    explorer.settle()
    explorer.expect_iteration(0)


def test_help_opens_closes_and_gives_the_focus_back(explorer: Explorer) -> None:
    explorer.open()
    button = explorer.button("Menu")
    explorer.command("Help and keys")
    dialog = explorer.page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("button", name="Close")).to_be_focused()
    explorer.press("Escape")
    expect(dialog).to_have_count(0)
    expect(button).to_be_focused()
    explorer.command("Help and keys")
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)
    expect(button).to_be_focused()


def test_beats_are_told_to_a_screen_reader(explorer: Explorer) -> None:
    explorer.open()
    explorer.press("ArrowRight")
    expect(explorer.scrubber).to_have_attribute("aria-valuetext", re.compile("Multiply x by the weights W0"))
    expect(explorer.card("m0")).to_have_attribute(
        "aria-label", re.compile(r"pre-activation m0, 1 by 3\. Value: 0\.44,")
    )


def test_the_numbers_of_the_neurons_are_one_tab_stop_and_arrows_walk_them(explorer: Explorer) -> None:
    page = explorer.open("#view=neurons&beat=13").page
    first = page.locator(".neuron").first
    expect(page.locator(".neuron[tabindex='0']")).to_have_count(1)
    first.focus()
    explorer.press("ArrowRight")
    hidden = page.locator(".neuron:focus")
    expect(hidden).to_have_attribute("data-entry", re.compile(r"a0\[0,[01]\]"))
    explorer.press("ArrowDown", "Enter")
    name = page.locator(".neuron:focus").get_attribute("data-entry") or ""
    expect(page.locator(".callout h2")).to_contain_text("a")
    expect(page.locator(".neuron[tabindex='0']")).to_have_attribute("data-entry", name)
    explorer.expect_beat(13)


def test_the_numbers_of_the_tables_are_one_tab_stop_and_arrows_walk_them(explorer: Explorer) -> None:
    page = explorer.open("#view=table&beat=13").page
    stop = page.locator(".tables td[tabindex='0']")
    expect(stop).to_have_attribute("data-entry", "x[0,0]")
    stop.focus()
    explorer.press("ArrowRight")
    expect(page.locator("td:focus")).to_have_attribute("data-entry", "x[0,1]")
    explorer.press("ArrowDown")
    expect(page.locator("td:focus")).to_have_attribute("data-entry", re.compile(r"^W0\[0,"))
    explorer.press("Enter")
    expect(page.locator(".callout h2")).to_contain_text("W")
    explorer.expect_beat(13)
