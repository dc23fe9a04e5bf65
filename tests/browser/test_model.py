"""A model that others trained is opened in Share like a saved experiment, and told where it is opened as data."""

import json
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Guard
from tests.browser.explorer import Explorer
from tests.models.reading import FILES


def choose(explorer: Explorer, path: Path) -> Page:
    explorer.open("#example=scalar")
    page = explorer.page
    page.get_by_role("button", name="Share").click()
    page.get_by_label("Open a file").set_input_files(path)
    return page


def test_layers_are_opened_with_what_was_chosen_for_them(explorer: Explorer) -> None:
    page = choose(explorer, FILES / "torch_mlp.onnx")
    expect(page.get_by_role("dialog")).to_have_count(0)
    told = page.locator(".error.notice")
    expect(told).to_contain_text("Cost binary_cross_entropy")
    expect(told).to_contain_text("put your own in their place")
    explorer.settle()
    assert {"W1[3,1]", "a1[3,1]"} <= explorer.graph_numbers().keys()


def test_a_convolution_is_opened_as_formulas(explorer: Explorer) -> None:
    page = choose(explorer, FILES / "torch_cnn.onnx")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(".error.notice")).to_contain_text("log softmax")


def test_what_cannot_be_read_is_told_in_the_dialog(explorer: Explorer, guard: Guard, tmp_path: Path) -> None:
    guard.allow("status of 415")
    path = tmp_path / "broken.onnx"
    path.write_bytes(b"no model")
    page = choose(explorer, path)
    expect(page.get_by_role("dialog")).to_contain_text("text, and no JSON object, not an ONNX file")


def test_a_model_among_the_data_is_told_and_opened(explorer: Explorer) -> None:
    explorer.open("#example=xor&panel=data")
    page = explorer.page
    page.get_by_role("button", name="Other data").click()
    page.get_by_label("Open a file").set_input_files(FILES / "torch_mlp.onnx")
    expect(page.locator(".data-panel")).to_contain_text("This is a model, not a table.")
    explorer.button("Open the model").click()
    expect(page.locator(".error.notice")).to_contain_text("Cost binary_cross_entropy")
    explorer.settle()
    assert {"W1[3,1]", "a1[3,1]"} <= explorer.graph_numbers().keys()
    explorer.button("Dismiss").click()
    expect(page.locator(".error.notice")).to_have_count(0)
    explorer.press("Control+z")
    expect(page.locator(".chooser select")).to_have_value("xor")


def test_weights_that_fit_both_ways_ask_which(explorer: Explorer, guard: Guard) -> None:
    """A book's 2-2-2 network: as a table it could be read too, which is never meant."""
    guard.allow("status of 4")
    explorer.open("#example=xor&panel=data")
    page = explorer.page
    page.get_by_role("button", name="Other data").click()
    book = {"W0": [[0.15, 0.2], [0.25, 0.3]], "b0": [0.35, 0.36], "W1": [[0.4, 0.45], [0.5, 0.55]], "b1": [0.6, 0.61]}
    page.get_by_label("Paste rows here").fill(json.dumps(book))
    expect(page.get_by_role("alert")).to_contain_text("W0, W1 fit in two ways")
    expect(page.get_by_role("alert")).not_to_contain_text("weights=")
    explorer.button("for W · x: a row for each output").click()
    expect(page.locator(".data-panel")).to_contain_text("This is a model, not a table.")
    expect(page.locator(".data-panel")).to_contain_text("As asked for, matrices have a row for each output (W · x)")
    explorer.button("Open the model").click()
    explorer.settle()
    assert explorer.graph_numbers()["W0[1,0]"] == 0.2


def test_weights_pasted_among_the_data_are_told_and_opened(explorer: Explorer, guard: Guard) -> None:
    guard.allow("status of 4")  # as a table they are none
    explorer.open("#example=xor&panel=data")
    page = explorer.page
    page.get_by_role("button", name="Other data").click()
    state = {"fc.weight": [[0.5, -0.25, 2.0], [1.0, 0.75, -1.5]], "fc.bias": [0.125, -0.5]}
    page.get_by_label("Paste rows here").fill(json.dumps(state))
    expect(page.locator(".data-panel")).to_contain_text("This is a model, not a table.")
    explorer.button("Open the model").click()
    explorer.settle()
    numbers = explorer.graph_numbers()
    # Given as W · x, a row for each output; here it is x · W.
    assert numbers["W0[2,1]"] == -1.5, numbers
