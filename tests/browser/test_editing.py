"""Numbers edited where they stand, undo and redo, across a reload; the network built; things taken away."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.explorer import API, Explorer


def cell(explorer: Explorer, entry: str) -> Locator:
    return explorer.page.locator(f'.board [data-entry="{entry}"]').first


def put(explorer: Explorer, entry: str, text: str) -> None:
    """By keys."""
    node = entry.partition("[")[0]
    cell(explorer, entry).click()
    expect(explorer.page.locator(f'.card.selected[data-walk="{node}"]')).to_be_visible()
    explorer.card(node).focus()
    explorer.press("F2")
    field = explorer.page.locator(".board .cell-editor")
    expect(field).to_be_focused()
    field.fill(text)
    explorer.press("Enter")
    expect(field).to_have_count(0)


def about(explorer: Explorer) -> Locator:
    return explorer.page.locator(".about")


def undo_button(explorer: Explorer, name: str) -> Locator:
    return explorer.page.get_by_role("button", name=re.compile(rf"^(Nothing to )?{name}\b", re.I))


def test_a_number_is_typed_where_it_stands_and_all_follows(explorer: Explorer) -> None:
    explorer.open("#beat=15")
    before = explorer.graph_numbers()
    cell(explorer, "W0[0,1]").dblclick()
    field = explorer.page.locator(".board .cell-editor")
    expect(field).to_be_focused()
    field.fill("0.75")
    explorer.press("Tab")
    expect(about(explorer)).to_contain_text("W0[0,1] −0.6 → 0.75")
    expect(explorer.page.get_by_label("W0[0,2]: a number")).to_be_focused()
    explorer.press("ArrowUp", "Enter")
    expect(about(explorer)).to_contain_text("W0[0,2] 0.2 → 0.3")
    document = explorer.example("lecture")
    document["network"]["layers"][0]["weights"][0][1:] = [0.75, 0.3]
    answer = explorer.step(document)
    explorer.settle()
    after = explorer.graph_numbers()
    assert after["C"] == answer["trace"]["cost"] != before["C"]
    expect(explorer.page.locator(".changed-mark")).to_have_count(2)


def test_what_is_no_number_stays_typed_and_says_so(explorer: Explorer) -> None:
    explorer.open()
    cell(explorer, "x[0,0]").dblclick()
    field = explorer.page.locator(".board .cell-editor")
    field.fill("half")
    explorer.press("Enter")
    expect(field).to_have_value("half")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("half is not a number"))
    field.fill("1,000")
    explorer.press("Enter")
    expect(field).to_have_value("1,000")
    expect(field).to_have_accessible_description(re.compile("1,000 may be 1000 or 1.000"))
    explorer.press("Escape")
    expect(field).to_have_count(0)
    expect(about(explorer)).not_to_contain_text("Changed")


def test_by_keyboard_alone(explorer: Explorer) -> None:
    explorer.open("#select=y[0,1]&panel=inspect")
    explorer.card("y").focus()
    explorer.press("5")
    field = explorer.page.locator(".board .cell-editor")
    expect(field).to_be_focused()
    explorer.press("End", ".", "5", "Enter")
    expect(about(explorer)).to_contain_text("y[0,1] 0 → 5.5")
    expect(explorer.card("y")).to_be_focused()
    explorer.press("Shift+ArrowUp")
    expect(about(explorer)).to_contain_text("y[0,1] 0 → 5.6")


def test_a_number_is_dragged(explorer: Explorer) -> None:
    explorer.open()
    box = cell(explorer, "x[0,0]").bounding_box()
    assert box
    mouse = explorer.page.mouse
    mouse.move(box["x"] + 10, box["y"] + 8)
    mouse.down()
    # The first pixels make the page load what a drag needs.
    for by in (6, 20, 30):
        mouse.move(box["x"] + 10 + by, box["y"] + 8)
        explorer.settle()
        explorer.page.wait_for_function("() => true")
    expect(about(explorer)).to_contain_text("x[0,0] 0.5 → 0.")
    mouse.up()
    expect(explorer.page.locator(".card.selected")).to_have_count(0)


def test_everything_is_undone_and_redone_across_a_reload(explorer: Explorer) -> None:
    explorer.open()
    start = explorer.example("lecture")
    explorer.press("n", "n")
    explorer.expect_iteration(2)
    put(explorer, "W1[0,0]", "2")
    expect(about(explorer)).to_contain_text("W1[0,0]")
    explorer.press("ControlOrMeta+z")
    expect(about(explorer)).not_to_contain_text("Changed")
    explorer.expect_iteration(2)
    expect(undo_button(explorer, "redo")).to_have_accessible_name("Redo: W1[0,0]")
    explorer.page.reload()
    explorer.expect_iteration(2)
    expect(undo_button(explorer, "redo")).to_have_accessible_name("Redo: W1[0,0]")
    explorer.page.get_by_role("button", name="Redo: W1[0,0]").click()
    expect(undo_button(explorer, "undo")).to_have_accessible_name("Undo: W1[0,0]")
    for _ in range(3):
        undo_button(explorer, "undo").click()
        explorer.settle()
    explorer.expect_iteration(0)
    expect(undo_button(explorer, "undo")).to_have_accessible_name("Nothing to undo")
    assert start["network"] == explorer.example("lecture")["network"]


def test_a_network_is_built_and_keeps_what_it_can(explorer: Explorer) -> None:
    explorer.open("#example=xor&panel=build")
    page = explorer.page
    kept = explorer.graph_numbers()["W0[1,1]"]
    page.get_by_label("Neurons of layer 0").fill("2")
    explorer.press("Enter")
    expect(page.locator("#build-title")).to_contain_text("2 – 2 – 1 neurons, 9 parameters")
    assert explorer.graph_numbers()["W0[1,1]"] == kept
    page.get_by_role("button", name="One neuron more in layer 0").click()
    page.get_by_role("button", name="One neuron more in layer 0").click()
    expect(page.locator("#build-title")).to_contain_text("2 – 4 – 1 neurons, 17 parameters")
    page.get_by_role("button", name="Add a layer before layer 1").click()
    expect(page.locator("#build-title")).to_contain_text("2 – 4 – 4 – 1 neurons")
    page.get_by_label("Activation of layer 1").select_option("relu")
    page.get_by_label("Optimizer").select_option("adam")
    expect(page.get_by_label("beta1")).to_have_value("0.9")
    page.get_by_label("beta1").fill("1")
    explorer.press("Tab")
    expect(page.get_by_role("alert")).to_contain_text("1 is not a number from 0 to below 1")
    expect(page.get_by_label("beta1")).to_have_value("1")
    page.get_by_role("button", name="Remove layer 0").click()
    expect(page.locator("#build-title")).to_contain_text("2 – 4 – 1 neurons")
    page.get_by_label("Seed", exact=True).fill("7")
    explorer.press("Tab")
    page.get_by_role("button", name="Draw all weights").click()
    expect(undo_button(explorer, "undo")).to_have_accessible_name("Undo: weights drawn: xavier, 7")


def test_training_of_so_many_iterations_is_that_of_as_many_posts(explorer: Explorer) -> None:
    explorer.open("#example=moons")
    page = explorer.page
    explorer.command("Train 100 iterations")
    explorer.expect_iteration(100)
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_visible()
    answer = page.request.post(f"{API}/train?steps=100", data=explorer.example("moons")).text()
    explorer.settle()
    assert explorer.graph_numbers()["C"] == json.loads(answer.splitlines()[-1])["cost"]
    undo_button(explorer, "undo").click()
    explorer.expect_iteration(0)


def test_a_long_run_can_be_gone_back_into(explorer: Explorer) -> None:
    """To an iteration that was never shown: it is trained to again, bit for bit."""
    explorer.open("#example=lecture&iteration=5000&beat=12")
    explorer.expect_iteration(5000)
    explorer.press("b")
    explorer.expect_iteration(4999)
    answer = explorer.page.request.post(f"{API}/train?steps=4999", data=explorer.example("lecture")).text()
    explorer.go(12)
    assert explorer.graph_numbers()["C"] == json.loads(answer.splitlines()[-1])["cost"]


@pytest.mark.parametrize("form", ["curl", "NumPy", "PyTorch", "LaTeX"])
def test_what_is_shown_is_copied_as_text(explorer: Explorer, form: str) -> None:
    explorer.open("#select=W0[1,2]&panel=chain&beat=12")
    explorer.command("Copy as …")
    dialog = explorer.page.get_by_role("dialog")
    dialog.get_by_role("button", name=form, exact=True).click()
    words = {"curl": "/api/v1/chain?parameter=W0", "NumPy": "import numpy", "PyTorch": "import torch"}
    expect(dialog.get_by_label("The text")).to_contain_text(words.get(form, r"\begin{document}"))


def test_files_are_saved_and_an_experiment_opens_again_as_it_was(explorer: Explorer, tmp_path: Path) -> None:
    explorer.open("#example=xor&iteration=3&beat=9")
    numbers = explorer.graph_numbers()
    page = explorer.page
    explorer.command("Copy as …")
    saved = {}
    for name in ("Experiment (JSON)", "Trace (JSON)", "History (CSV)", "Picture (SVG)", "Picture (PNG)"):
        with page.expect_download() as download:
            page.get_by_role("button", name=name).click()
        saved[name] = tmp_path / download.value.suggested_filename
        download.value.save_as(saved[name])
    assert saved["Picture (PNG)"].read_bytes().startswith(b"\x89PNG")
    assert saved["Picture (SVG)"].read_text("utf-8").startswith("<svg")
    assert "url(http" not in saved["Picture (SVG)"].read_text("utf-8")
    assert saved["History (CSV)"].read_text("utf-8").startswith("iteration,cost\n0,")
    assert json.loads(saved["Trace (JSON)"].read_text("utf-8"))["cost"] == numbers["C"]
    opened(explorer, saved["Experiment (JSON)"])
    assert explorer.graph_numbers() == numbers


def opened(explorer: Explorer, path: Path) -> None:
    explorer.open("#example=scalar")
    page: Page = explorer.page
    page.get_by_role("button", name="Share").click()
    page.get_by_label("Open a file").set_input_files(path)
    expect(page.get_by_role("dialog")).to_have_count(0)
    explorer.expect_iteration(3)
    explorer.expect_beat(9)
    explorer.settle()


def test_an_edit_just_before_a_reload_is_not_lost(explorer: Explorer) -> None:
    explorer.open("#beat=12")
    put(explorer, "W0[0,1]", "0.75")
    expect(explorer.page.locator(".changed-mark")).to_have_count(1)
    explorer.page.reload()
    expect(about(explorer)).to_contain_text("W0[0,1] −0.6 → 0.75")
    expect(undo_button(explorer, "undo")).to_have_accessible_name("Undo: W0[0,1]")


def test_a_reload_in_the_middle_of_training_goes_on_where_it_was(explorer: Explorer) -> None:
    explorer.open("#example=moons")
    explorer.press("n")
    explorer.expect_iteration(1)
    explorer.press("t")
    expect(explorer.page.locator(".readout dd").first).to_have_text(re.compile(r"^\d{3,}$"))
    explorer.page.reload()
    expect(explorer.button("Train")).to_be_visible()
    expect(explorer.page.locator(".readout dd").first).to_have_text(re.compile(r"^\d{3,}$"))
    undo_button(explorer, "undo").click()
    explorer.expect_iteration(1)


def test_keys_that_come_faster_than_answers_are_all_counted(explorer: Explorer) -> None:
    explorer.open("#example=xor")
    explorer.press(*"nnnnn")
    explorer.expect_iteration(5)
    explorer.press(*"bb")
    explorer.expect_iteration(3)


def test_what_was_changed_in_an_iteration_is_there_when_one_comes_back(explorer: Explorer) -> None:
    explorer.open("#beat=12")
    explorer.press("n", "n")
    explorer.expect_iteration(2)
    put(explorer, "W1[0,0]", "2")
    expect(explorer.page.locator(".changed-mark")).to_have_count(1)
    for key, number in (("n", 3), ("b", 2), ("b", 1), ("n", 2)):
        explorer.press(key)
        explorer.expect_iteration(number)
    explorer.settle()
    assert explorer.graph_numbers()["W1[0,0]"] == 2


def test_the_browsers_back_leads_from_example_to_example(explorer: Explorer) -> None:
    explorer.open()
    chooser = explorer.page.locator(".chooser select")
    for name in ("xor", "wave"):
        chooser.select_option(name)
        expect(explorer.page).to_have_url(re.compile(f"example={name}"))
    explorer.page.go_back()
    expect(chooser).to_have_value("xor")
    explorer.page.go_back()
    expect(chooser).to_have_value("lecture")
    explorer.page.go_forward()
    expect(chooser).to_have_value("xor")
