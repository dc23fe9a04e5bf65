"""Data of one's own: what is pasted or opened, good and bad; the table; what is said before it happens."""

import random
import re
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Locator, expect

from tests.browser.conftest import Guard
from tests.browser.explorer import Explorer

IRIS = "length,width,kind\n5.1,3.5,rose\n7.0,3.2,lily\n6.3,3.3,tulip\n4.9,3.0,rose\n"


def own(explorer: Explorer) -> Locator:
    """The box for one's own rows, in the open panel."""
    explorer.open("#panel=data")
    explorer.page.get_by_role("button", name="Other data").click()
    return explorer.page.get_by_label("Paste rows here")


def named(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "text/csv", "buffer": content}


def used(explorer: Explorer) -> Locator:
    """What is said of the rows that were read."""
    return explorer.page.locator(".data-read")


def becomes(explorer: Explorer, column: str) -> Locator:
    """The choice of what a column becomes."""
    return explorer.page.get_by_label(f"What {column} becomes", exact=True)


def why(explorer: Explorer, column: str) -> Locator:
    """The reason of what a column becomes."""
    rows = explorer.page.locator(".table-columns li").filter(has=becomes(explorer, column))
    return rows.locator(".column-why")


def drop(explorer: Explorer, name: str, content: bytes) -> None:
    """A file onto the panel."""
    transfer = explorer.page.evaluate_handle(
        """([name, bytes]) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([Uint8Array.from(bytes)], name));
            return transfer;
        }""",
        [name, [*content]],
    )
    explorer.page.locator(".data-panel").dispatch_event("drop", {"dataTransfer": transfer})


def test_rows_are_pasted_and_the_network_fits_them(explorer: Explorer) -> None:
    own(explorer).fill(IRIS)
    page = explorer.page
    expect(used(explorer)).to_have_text("4 rows of 3 columns: all are used")
    expect(page.locator(".table-flow")).to_have_text(
        re.compile(r"2 inputs length, width\s+→\s+3 outputs rose, lily, tulip")
    )
    becoming = page.locator(".data-becomes")
    expect(becoming).to_contain_text("cost squared_error → cross_entropy, which suit these targets")
    page.get_by_label("Learn by").select_option("present")
    expect(becoming).not_to_contain_text("→ cross_entropy")
    page.get_by_label("Learn by").select_option("suited")
    page.get_by_role("button", name="Use these 4 rows: the network gets 2 inputs and 3 outputs").click()
    expect(page.locator("#data-title")).to_contain_text("4 rows, 2 inputs, 3 outputs")
    expect(page.locator(".data-panel")).to_contain_text("lily")
    explorer.press("n")
    explorer.expect_iteration(1)
    page.get_by_role("button", name="Undo: iteration 1").click()
    page.get_by_role("button", name="Undo: data: My own data").click()
    expect(page.locator("#data-title")).to_contain_text("1 row, 2 inputs, 2 outputs")


def test_a_bad_cell_is_told_with_its_line_and_nothing_typed_is_lost(explorer: Explorer) -> None:
    more = "5.8,2.7,rose\n6.0,2.9,lily\n"
    text = IRIS.replace("7.0", "seven").replace("6.3,", ",") + more
    box = own(explorer)
    box.fill(text)
    page = explorer.page
    expect(used(explorer)).to_have_text("6 rows of 3 columns: 4 are used, 2 left out")
    told = page.locator(".left-out li")
    expect(told).to_have_text(
        [
            re.compile(r'line 3, column 1\s+"length" is "seven", and this column holds numbers\.'),
            re.compile(r'line 4, column 1\s+"length" is empty\.'),
        ]
    )
    expect(box).to_have_value(text)
    expect(page.get_by_role("button", name="Use these 4 rows")).to_be_visible()
    box.fill(IRIS)
    expect(used(explorer)).to_have_text("4 rows of 3 columns: all are used")
    expect(told).to_have_count(0)


def test_the_reason_of_a_role_is_shown_and_another_role_changes_what_is_loaded(explorer: Explorer) -> None:
    own(explorer).fill("id,size,weight,price\n7,1.5,2,30.5\n8,2.5,1,40.5\n9,3.5,5,10.5\n10,4.5,4,20.5\n")
    page = explorer.page
    expect(why(explorer, "id")).to_have_text("Each row has a number of its own in it, as an id has.")
    expect(why(explorer, "price")).to_have_text('Its name is "price".')
    expect(becomes(explorer, "id")).to_have_value("skip")
    becomes(explorer, "size").select_option("skip")
    expect(page.locator(".table-flow")).to_contain_text("1 input weight")
    expect(why(explorer, "size")).to_contain_text("You chose this.")
    # What was chosen stays when something else is.
    becomes(explorer, "price").select_option("input")
    becomes(explorer, "weight").select_option("target")
    expect(page.locator(".table-flow")).to_contain_text("1 input price")
    page.get_by_label("Scale inputs").check()
    page.get_by_label("Hold back").select_option("2")
    expect(becomes(explorer, "size")).to_have_value("skip")
    page.get_by_role("button", name="Use these 2 rows, 2 held back").click()
    expect(page.locator("#data-title")).to_contain_text("2 rows and 2 held back, 1 input, 1 output")
    cells = page.locator(".data-rows tbody tr").first.locator("input")
    # Of 30.5 and 10.5: one standard deviation above their mean.
    expect(cells.first).to_have_value("1")
    expect(cells.last).to_have_value("2")


def test_two_choices_before_the_next_picture_both_count(explorer: Explorer) -> None:
    own(explorer).fill("a,b,c,d\n1,2,3,4.5\n2,1,4,5.5\n3,4,2,7.5\n")
    flow = explorer.page.locator(".table-flow")
    expect(flow).to_contain_text("3 inputs a, b, c")
    explorer.page.locator(".table-columns select").evaluate_all(
        """selects => {
            for (const select of selects.slice(0, 2)) {
                select.value = "skip";
                select.dispatchEvent(new Event("change", { bubbles: true }));
            }
        }"""
    )
    expect(flow).to_contain_text("1 input c")


def test_a_role_that_was_chosen_is_found_again_and_one_that_cannot_be_says_why(
    explorer: Explorer, guard: Guard
) -> None:
    guard.allow("422")
    own(explorer).fill("a,b\n1,2.5\n2,3.5\n3,9.5\n")
    page = explorer.page
    becomes(explorer, "a").select_option("skip")
    expect(page.locator(".table-refused")).to_have_text("No column is an input; at least one is needed.")
    expect(page.get_by_role("button", name="Use these")).to_have_count(0)
    why(explorer, "a").get_by_role("button", name="As found").click()
    expect(becomes(explorer, "a")).to_have_value("input")
    expect(page.get_by_role("button", name="Use these 3 rows")).to_be_visible()


def test_a_file_with_semicolons_and_decimal_commas_is_read_by_itself(explorer: Explorer) -> None:
    own(explorer)
    page = explorer.page
    content = "Länge;Breite\n0,5;1,25\n1,5;2,75\n2,5;3,25\n".encode("cp1252")
    page.get_by_label("Open a file").set_input_files(named("maße.csv", content))
    expect(used(explorer)).to_have_text("3 rows of 2 columns: all are used")
    for label, found in {
        "Encoding": "WINDOWS-1252",
        "Cells are parted by": "semicolons",
        "Decimals follow": "a comma, 0,5",
        "The first line": "has the names",
    }.items():
        expect(page.get_by_label(label).locator("option:checked")).to_have_text(found)
    expect(page.locator(".data-bring textarea")).to_have_value(re.compile("^Länge;"))
    # Commas part too: it is another table then, and back again.
    page.get_by_label("Cells are parted by").select_option("comma")
    expect(page.locator(".table-columns li")).to_have_count(3)
    page.get_by_label("Cells are parted by").select_option("")
    page.get_by_role("button", name="Use these 3 rows").click()
    expect(page.locator(".data-rows tbody tr").first.locator("input").first).to_have_value("0.5")


def test_a_dropped_file_in_utf_16_is_read_and_its_draft_survives_a_reload(explorer: Explorer) -> None:
    explorer.open("#panel=data")
    page = explorer.page
    drop(explorer, "blumen.csv", "größe,art\n1.5,Rose\n2.5,Tulpe\n3.5,Rose\n".encode("utf-16"))
    expect(used(explorer)).to_have_text("3 rows of 2 columns: all are used")
    expect(page.get_by_label("Encoding").locator("option:checked")).to_have_text("UTF-16")
    expect(page.locator(".table-flow")).to_contain_text("2 outputs Rose, Tulpe")
    becomes(explorer, "größe").select_option("one_hot")
    expect(page.locator(".table-flow")).to_contain_text("3 inputs größe=1.5")
    page.reload()
    expect(page.locator(".table-flow")).to_contain_text("3 inputs größe=1.5")
    expect(page.locator(".data-bring textarea")).to_have_value(re.compile("^größe,art\n1.5,Rose"))
    expect(page.locator(".data-bring")).to_contain_text("blumen.csv")


TRAINING_TIMEOUT_MS = 60_000
CASES = {
    "empty": (b"", "nothing in this file"),
    "header": (b"a,b,c\n", "at least one row is needed"),
    "one column": (b"1\n2\n", "only one column"),
    "binary": (bytes(range(256)) * 40, "not text"),
    "workbook": (
        b"PK\x03\x04" + bytes(30) + b"xl/workbook.xml",
        "This is a workbook (xlsx), not a table in text; open it",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_file_that_cannot_be_used_says_what_to_do_and_what_was_typed_comes_back(
    explorer: Explorer, guard: Guard, name: str
) -> None:
    guard.allow("Failed to load resource")
    content, words = CASES[name]
    box = own(explorer)
    box.fill(IRIS)
    explorer.page.get_by_label("Open a file").set_input_files(named(f"{name}.csv", content))
    refusal = explorer.page.locator(".data-panel [role=alert]").first
    expect(refusal).to_contain_text(words, ignore_case=True)
    expect(refusal).to_contain_text(f"{name}.csv")
    explorer.button("Back to the text you typed").click()
    expect(used(explorer)).to_have_text("4 rows of 3 columns: all are used")
    expect(box).to_have_value(IRIS)


def test_other_data_takes_room_and_gives_it_back(explorer: Explorer) -> None:
    box = own(explorer)
    page = explorer.page
    large = page.locator(".page.enlarged")
    expect(large).to_be_visible()
    explorer.button("Smaller").click()
    expect(large).to_have_count(0)
    box.fill(IRIS)
    expect(used(explorer)).to_be_visible()
    expect(large).to_have_count(0)
    explorer.button("Larger").click()
    page.get_by_role("button", name="Use these 4 rows").click()
    expect(page.locator(".data-rows")).to_be_visible()
    expect(large).to_have_count(0)


def test_an_empty_box_asks_nothing(explorer: Explorer) -> None:
    box = own(explorer)
    asked: list[str] = []
    explorer.page.on("request", lambda request: asked.append(request.url))
    box.fill(IRIS)
    expect(used(explorer)).to_be_visible()
    box.fill("")
    expect(used(explorer)).to_have_count(0)
    expect(explorer.page.locator(".data-panel [role=alert]")).to_have_count(0)
    assert sum("/table" in url for url in asked) == 1


def test_while_the_server_is_away_it_is_asked_again(explorer: Explorer, guard: Guard) -> None:
    guard.allow("Failed to load resource")
    box = own(explorer)
    page = explorer.page
    page.route("**/api/v1/table?**", lambda route: route.abort())
    box.fill(IRIS)
    expect(explorer.alert.first).to_contain_text("The server does not answer")
    expect(box).to_have_value(IRIS)
    page.unroute("**/api/v1/table?**")
    expect(used(explorer)).to_have_text("4 rows of 3 columns: all are used")
    expect(explorer.alert).to_have_count(0)


def test_hundreds_of_columns_and_ten_megabytes_are_read(explorer: Explorer, tmp_path: Path) -> None:
    draw = random.Random(1)
    names = ["label", *(f"pixel{at}" for at in range(784))]
    rows = [",".join(str(n) for n in [at % 10, *draw.choices(range(256), k=784)]) for at in range(40)]
    own(explorer).fill("\n".join([",".join(names), *rows]))
    page = explorer.page
    expect(used(explorer)).to_have_text("40 rows of 785 columns: all are used")
    expect(page.locator(".table-flow")).to_contain_text("784 inputs")
    expect(page.locator(".table-columns li")).to_have_count(2)
    explorer.button("Show each").click()
    expect(page.locator(".table-columns li")).to_have_count(785)
    cells = ",".join(f"{draw.random():.6f}" for _ in range(12))
    lines = f"{cells},yes\n{cells},no\n"
    large = tmp_path / "large.csv"
    large.write_text(lines * (10 * 1024 * 1024 // len(lines)), encoding="utf-8")
    page.get_by_label("Open a file").set_input_files(large)
    expect(used(explorer)).to_contain_text("10,000 of them are taken", timeout=20_000)
    expect(page.get_by_role("button", name="Use these 10,000 rows")).to_be_enabled()
    expect(page.locator(".data-bring")).to_contain_text("too long to be shown here")


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
