"""Data of one's own: what is pasted or opened, good and bad; the table; what is said before it happens."""

import random
import re
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Locator, expect

from tests.browser.explorer import Explorer

IRIS = "length,width,kind\n5.1,3.5,rose\n7.0,3.2,lily\n6.3,3.3,tulip\n4.9,3.0,rose\n"


def own(explorer: Explorer) -> Locator:
    """The box for one's own rows, in the open panel."""
    explorer.open("#panel=data")
    explorer.page.get_by_role("button", name="Other data").click()
    return explorer.page.get_by_label("Paste rows here")


def named(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "text/csv", "buffer": content}


def test_rows_are_pasted_and_the_network_fits_them(explorer: Explorer) -> None:
    own(explorer).fill(IRIS)
    page = explorer.page
    expect(page.get_by_text("4 rows of 3 columns can be used.")).to_be_visible()
    page.get_by_role("button", name="Use these 4 rows: the network gets 2 inputs and 3 outputs").click()
    expect(page.locator("#data-title")).to_contain_text("4 rows, 2 inputs, 3 outputs")
    expect(page.locator(".data-panel")).to_contain_text("lily")
    explorer.press("n")
    explorer.expect_iteration(1)
    page.get_by_role("button", name="Undo: iteration 1").click()
    page.get_by_role("button", name="Undo: data: My own data").click()
    expect(page.locator("#data-title")).to_contain_text("1 row, 2 inputs, 2 outputs")


def test_a_bad_cell_is_told_with_its_line_and_nothing_typed_is_lost(explorer: Explorer) -> None:
    text = IRIS.replace("7.0", "seven")
    box = own(explorer)
    box.fill(text)
    page = explorer.page
    expect(page.get_by_text("1 row could not be read.")).to_be_visible()
    expect(page.locator(".data-faults")).to_contain_text("line 3")
    expect(page.locator(".data-faults")).to_contain_text("seven")
    expect(box).to_have_value(text)
    expect(page.get_by_role("button", name="Use these 3 rows")).to_be_visible()


TRAINING_TIMEOUT_MS = 60_000
CASES = {
    "empty": (b"", "nothing in it"),
    "header": (b"a,b,c\n", "row"),
    "binary": (bytes(range(256)) * 40, "not text"),
    "spreadsheet": (b"PK\x03\x04" + bytes(100), "spreadsheet"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_file_that_cannot_be_used_says_what_to_do(explorer: Explorer, name: str) -> None:
    content, words = CASES[name]
    own(explorer)
    explorer.page.get_by_label("Open a file").set_input_files(named(f"{name}.csv", content))
    expect(explorer.page.locator(".data-panel [role=alert]").first).to_contain_text(words)


def test_two_hundred_columns_and_ten_megabytes_are_read(explorer: Explorer, tmp_path: Path) -> None:
    draw = random.Random(1)
    wide = "\n".join(",".join(f"{draw.random():.3f}" for _ in range(200)) for _ in range(20))
    box = own(explorer)
    box.fill(wide)
    page = explorer.page
    expect(page.get_by_text("20 rows of 200 columns can be used.")).to_be_visible()
    cells = ",".join(f"{draw.random():.6f}" for _ in range(12))
    lines = f"{cells},yes\n{cells},no\n"
    large = tmp_path / "large.csv"
    large.write_text(lines * (10 * 1024 * 1024 // len(lines)), encoding="utf-8")
    page.get_by_label("Open a file").set_input_files(large)
    expect(page.locator(".data-panel")).to_contain_text("10,000", timeout=20_000)
    expect(page.get_by_role("button", name="Use these")).to_be_visible()


FAR_APART = {
    "inputs": ("a,b,kind\n-1e308,1,yes\n1e308,2,no\n", "the numbers of a are so far apart"),
    "targets": ("a,b\n1,-1e308\n2,1e308\n", "the targets are so far apart"),
}


@pytest.mark.parametrize(("text", "words"), FAR_APART.values(), ids=FAR_APART)
def test_numbers_too_far_apart_for_a_picture_are_told_and_nothing_is_asked(
    explorer: Explorer, text: str, words: str
) -> None:
    own(explorer).fill(text)
    explorer.page.get_by_role("button", name="Use these 2 rows").click()
    expect(explorer.page.locator(".data-map")).to_contain_text(words)
    explorer.settle()


def test_a_cell_is_edited_in_the_table(explorer: Explorer) -> None:
    explorer.open("#example=xor&panel=data")
    page = explorer.page
    field = page.locator(".data-panel td input").first
    field.fill("0.25")
    explorer.press("Enter")
    expect(page.get_by_role("button", name="Undo: data")).to_be_visible()
    explorer.settle()
    assert 0.25 in explorer.graph_numbers().values()


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_long_names_are_shortened_among_the_neurons(explorer: Explorer, width: int) -> None:
    explorer.page.set_viewport_size({"width": width, "height": 800})
    experiment = explorer.example("lecture")
    names = ["a class whose name " * 4 + "ends", "A CLASS IN CAPITALS " * 4 + "ENDS"]
    experiment["data"] |= {"classes": names, "features": names}
    explorer.serve_as_lecture(experiment)
    explorer.open("#view=neurons&beat=4")
    frame = explorer.page.locator(".neuron-picture").bounding_box()
    assert frame
    for kind in (".class-name", ".feature-name"):
        shown = explorer.page.locator(kind)
        expect(shown).to_have_count(2)
        for name, text in zip(names, shown.all(), strict=True):
            expect(text).to_have_attribute("data-tip", name)
            assert "…" in text.inner_html()
            box = text.bounding_box()
            assert box
            assert box["x"] >= frame["x"]
            assert box["x"] + box["width"] <= frame["x"] + frame["width"]


def test_held_back_rows_are_told_apart_and_not_traced(explorer: Explorer) -> None:
    explorer.open("#example=moons&panel=data")
    page = explorer.page
    expect(page.locator("#data-title")).to_contain_text("100 rows and 50 held back")
    page.get_by_label("Show").select_option("held")
    page.locator(".data-panel tbody tr button").first.click()
    expect(explorer.alert.first).to_contain_text("held back: it is part of no iteration")


@pytest.mark.parametrize("example", ["moons", "spiral"])
def test_a_newcomer_trains_it_to_few_errors_with_the_defaults(explorer: Explorer, example: str) -> None:
    explorer.open(f"#example={example}")
    page = explorer.page
    explorer.command("Train 1,000 iterations")
    # The page answers meanwhile.
    explorer.view.select_option("neurons")
    expect(page.locator(".stage.neurons")).to_be_visible()
    explorer.expect_iteration(1000, TRAINING_TIMEOUT_MS)
    score = page.locator(".heldback .score")
    expect(score).to_have_text(re.compile(r"\((9[5-9]|100) %\)"))
