"""What is the reader's own is called so, and is answered honestly: own data, drawings, another last activation."""

from typing import Any

from playwright.sync_api import expect

from tests.browser.explorer import Explorer

SIZES: Any = ({"width": 1440, "height": 900}, {"width": 1280, "height": 720})
CSV = "a,b,class\n0,0,no\n0,1,yes\n1,0,yes\n1,1,no\n"
CHOSEN = "it => it.selectedOptions[0].textContent"


def chosen(explorer: Explorer) -> str:
    name: str = explorer.page.locator(".chooser select").evaluate(CHOSEN)
    return name


def bring(explorer: Explorer) -> None:
    """Data of one's own in the place of the lecture's."""
    explorer.open("#panel=data")
    explorer.button("Other data").click()
    explorer.page.locator(".data-bring textarea").fill(CSV)
    explorer.page.get_by_role("button", name="Use these 4 rows").click()
    expect(explorer.page.locator(".data-rows")).to_be_visible()


def test_the_chooser_names_own_data_and_not_the_old_example(explorer: Explorer) -> None:
    bring(explorer)
    assert chosen(explorer) == "My own data"
    explorer.page.wait_for_function("() => location.hash.includes('x=')")
    link = explorer.page.evaluate("location.hash")
    explorer.page.reload()
    expect(explorer.page.locator(".chooser option").nth(1)).to_be_attached()
    expect(explorer.page.locator(".chooser option:checked")).to_have_text("My own data")
    explorer.open(link)
    expect(explorer.page.locator(".chooser option:checked")).to_have_text("My own data")
    explorer.page.locator(".chooser select").select_option("lecture")
    expect(explorer.page.locator(".chooser option:checked")).to_have_text("The lecture's network")
    expect(explorer.page.locator('.card[data-walk="W0"]')).to_contain_text("2 × 3")


def test_a_changed_example_is_called_changed(explorer: Explorer) -> None:
    explorer.open()
    explorer.page.locator('svg.graph [data-entry="W0[0,1]"]').dblclick()
    explorer.page.locator(".board .cell-editor").fill("0.75")
    explorer.press("Enter")
    expect(explorer.page.locator(".chooser option:checked")).to_have_text("The lecture's network, changed")
    explorer.press("Control+z")
    expect(explorer.page.locator(".chooser option:checked")).to_have_text("The lecture's network")


def test_the_whole_drawing_pad_is_in_sight(explorer: Explorer) -> None:
    for size in SIZES:
        explorer.page.set_viewport_size(size)
        explorer.open("#example=face-or-car&panel=data")
        explorer.button("Draw one").click()
        expect(explorer.page.locator(".draw-grid [role=row]").last).to_be_in_viewport(ratio=1)


def test_of_an_empty_pad_the_network_says_nothing(explorer: Explorer) -> None:
    explorer.open("#example=face-or-car&panel=data")
    explorer.button("Draw one").click()
    said = explorer.page.locator(".draw-said")
    expect(said).to_contain_text("Nothing is drawn yet")
    expect(said).to_contain_text("It has not learned yet")
    expect(said).not_to_contain_text("The network says")
    explorer.page.locator(".draw-grid .pixel").nth(9).click()
    expect(said).to_contain_text("The network says")
    expect(said).to_contain_text("It has not learned yet")
    explorer.press("n")
    expect(said).not_to_contain_text("It has not learned yet")


def test_softmax_does_not_leave_the_cost_behind_without_a_word(explorer: Explorer) -> None:
    explorer.open("#panel=build")
    panel = explorer.page.locator(".desk > .panel")
    panel.get_by_label("Activation of layer 1").select_option("softmax")
    expect(panel.get_by_role("status")).to_contain_text("the cost is still squared error")
    panel.get_by_role("button", name="Take cross entropy").click()
    cost = panel.locator("label", has_text="Cost").locator("select")
    expect(cost).to_have_value("cross_entropy")
    expect(panel.get_by_role("status")).to_have_count(0)
    explorer.press("Control+z")
    expect(cost).to_have_value("squared_error")
    expect(panel.get_by_role("button", name="Take cross entropy")).to_be_visible()
