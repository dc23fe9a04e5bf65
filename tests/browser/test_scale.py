"""Large matrices and many layers: heat maps zoom to their numbers, layers fold into one card."""

import re

from playwright.sync_api import Locator, expect

from tests.browser.explorer import Explorer
from tests.browser.networks import deep, nodes

LAYERS = 12
ALL_READ = 200


def heat(explorer: Explorer, node: str) -> Locator:
    return explorer.card(node).locator(".block.value .heat-touch")


def cells(explorer: Explorer, node: str) -> Locator:
    return explorer.card(node).locator(".block.value .cell")


def pictured(explorer: Explorer) -> list[float]:
    """The part of the drawing that is in sight: x, y, width, height."""
    return [float(it) for it in (explorer.page.locator("svg.graph").get_attribute("viewBox") or "").split()]


def test_a_heat_map_zooms_to_its_numbers_and_back(explorer: Explorer) -> None:
    explorer.open("#example=face-or-car&beat=4")
    expect(cells(explorer, "W0")).to_have_count(0)
    heat(explorer, "W0").dblclick(position={"x": 12, "y": 30})
    chosen = explorer.card("W0").locator(".block.value .cell.chosen")
    expect(chosen.locator(".cell-bar")).to_be_attached()
    expect(chosen).to_be_in_viewport(ratio=1)
    drawn = cells(explorer, "W0").count()
    assert 20 < drawn < ALL_READ, "only what is in sight is drawn"
    name = chosen.get_attribute("data-entry")
    indices = explorer.page.locator(".ruler-text.chosen")
    assert f"W0[{','.join(reversed(indices.all_text_contents()))}]" == name
    expect(indices.first).to_be_in_viewport(ratio=1)
    expect(indices.last).to_be_in_viewport(ratio=1)
    shown = explorer.numbers(".card[data-walk=W0] .block.value .cell.chosen")
    assert list(shown) == [name]
    explorer.press("f")
    expect(heat(explorer, "W0")).to_be_attached()
    expect(cells(explorer, "W0")).to_have_count(0)
    expect(indices).to_have_count(0)


CLICKED_TWICE = """(heat) => {
  const { left, top, width, height } = heat.getBoundingClientRect();
  const at = { bubbles: true, clientX: left + width / 2, clientY: top + height / 2 };
  heat.dispatchEvent(new MouseEvent("click", { ...at, detail: 1 }));
  document.querySelector(".board").dispatchEvent(new MouseEvent("dblclick", { ...at, detail: 2 }));
}"""


def test_a_double_click_goes_nearer_also_where_its_first_click_moved_the_picture(explorer: Explorer) -> None:
    explorer.open("#example=face-or-car&beat=4")
    heat(explorer, "W0").evaluate(CLICKED_TWICE)
    chosen = explorer.card("W0").locator(".block.value .cell.chosen")
    expect(chosen).to_have_attribute("data-entry", re.compile(r"W0\[3\d,\d\]"))
    expect(chosen.locator(".cell-bar")).to_be_attached()


def test_keys_zoom_walk_and_edit(explorer: Explorer) -> None:
    explorer.page.emulate_media(reduced_motion="reduce")
    explorer.open("#example=face-or-car")
    explorer.card("W0").focus()
    explorer.press("Enter")
    expect(explorer.card("W0")).to_have_class(re.compile("selected"))
    explorer.press("Enter")
    chosen = explorer.card("W0").locator(".block.value .cell.chosen")
    expect(chosen).to_have_attribute("data-entry", "W0[0,0]")
    expect(chosen).to_be_in_viewport(ratio=1)
    explorer.press(*["ArrowDown"] * 30, *["ArrowRight"] * 5)
    expect(chosen).to_have_attribute("data-entry", "W0[30,5]")
    expect(chosen).to_be_in_viewport(ratio=1)
    explorer.press("0")
    expect(explorer.page.locator(".board .cell-editor")).to_be_focused()
    explorer.press(".", "5", "Enter")
    expect(chosen.locator(".cell-text")).to_have_text("0.5")
    expect(chosen.locator(".changed-mark")).to_be_attached()
    explorer.press("f")
    expect(heat(explorer, "W0")).to_be_attached()


def test_a_drag_moves_the_picture_over_cards_but_changes_a_leafs_number(explorer: Explorer) -> None:
    explorer.page.emulate_media(reduced_motion="reduce")
    explorer.open("#beat=4")
    explorer.command("Zoom in")
    expect(explorer.page.locator(".zoomed")).to_have_count(1)
    explorer.settle()
    before = pictured(explorer)
    box = explorer.card("a0").bounding_box()
    assert box
    explorer.page.mouse.move(box["x"] + 20, box["y"] + 20)
    explorer.page.mouse.down()
    explorer.page.mouse.move(box["x"] + 80, box["y"] + 50, steps=4)
    explorer.page.mouse.up()
    explorer.settle()
    after = pictured(explorer)
    assert after[0] < before[0]
    assert after[1] < before[1]
    assert after[2:] == before[2:]
    expect(explorer.page.locator(".card.selected")).to_have_count(0)


def test_layers_fold_and_unfold(explorer: Explorer) -> None:
    explorer.page.emulate_media(reduced_motion="reduce")
    explorer.serve_as_lecture(deep(LAYERS, bias=True))
    explorer.open()
    groups = explorer.page.locator(".card.group")
    expect(groups).to_have_count(1)
    expect(groups).to_contain_text("layers 1–10")
    expect(groups).to_contain_text("40 nodes")
    explorer.go(11)  # m5
    expect(groups).to_have_count(2)
    expect(explorer.card("m5")).to_be_in_viewport(ratio=0.9)
    groups.first.focus()
    explorer.press("Enter")
    expect(groups).to_have_count(1)
    expect(explorer.card("m1")).to_be_focused()
    expect(explorer.page).to_have_url(re.compile("layers=auto:1,2,3,4"))
    explorer.command("Show all layers")
    expect(explorer.page.locator(".card")).to_have_count(nodes(LAYERS, bias=True))
    explorer.command("Fold layers")
    expect(groups).to_have_count(2)


def test_folded_layers_light_up_and_say_what_is_computed_while_they_play(explorer: Explorer) -> None:
    explorer.serve_as_lecture(deep(LAYERS))
    explorer.open()
    explorer.command("Speed 8×")
    explorer.button("Play").click()
    lit = explorer.page.locator(".card.group.lit")
    expect(lit).to_contain_text(re.compile("now: [ma][1-9]"))
    explorer.button("Pause").click()
    expect(explorer.page.locator(".card.lit:not(.group)")).to_be_in_viewport()
