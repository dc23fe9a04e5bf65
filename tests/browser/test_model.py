"""A model that others trained is opened like a saved experiment: in Share, as a file."""

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
    told = page.get_by_role("alert")
    expect(told).to_contain_text("Cost binary_cross_entropy")
    expect(told).to_contain_text("put your own in their place")
    explorer.settle()
    assert {"W1[3,1]", "a1[3,1]"} <= explorer.graph_numbers().keys()


def test_a_convolution_is_opened_as_formulas(explorer: Explorer) -> None:
    page = choose(explorer, FILES / "torch_cnn.onnx")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("alert")).to_contain_text("log softmax")


def test_what_cannot_be_read_is_told_in_the_dialog(explorer: Explorer, guard: Guard, tmp_path: Path) -> None:
    guard.allow("status of 400")
    path = tmp_path / "broken.onnx"
    path.write_bytes(b"no model")
    page = choose(explorer, path)
    expect(page.get_by_role("dialog")).to_contain_text("no ONNX model")
