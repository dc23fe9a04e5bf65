"""Nothing on the page is cut off, and no two texts lie on each other, from a phone to a wide screen."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.explorer import Explorer
from tests.tools.serving import ROOT

MEASURE = (ROOT / "tests" / "browser" / "texts.js").read_text(encoding="utf-8")
EXAMPLES = ("lecture", "scalar", "xor", "face-or-car")
VIEWS = ("graph", "neurons", "table")
SIZES = [(1440, 900), (1024, 768), (390, 844), (320, 700)]
# Where in an iteration most is to be seen: after the last gradient.
LAST_GRADIENT = {"lecture": 13, "scalar": 13, "xor": 15, "face-or-car": 15}
LEAST_PX = 9
LEAST_INDEX_PX = 6.5


def measure(explorer: Explorer) -> dict[str, Any]:
    found: dict[str, Any] = explorer.page.evaluate(MEASURE)
    return found


def faults_of(explorer: Explorer, fragment: str, width: int) -> list[str]:
    """What is cut, what overlaps, and how wide the page is where it is wider than the screen."""
    faults = [f"{fragment}: {it}" for it in measure(explorer)["faults"]]
    wide = explorer.page.evaluate("() => document.documentElement.scrollWidth")
    return faults + ([f"{fragment}: {wide} px"] if wide > width else [])


def moments(example: str, view: str) -> list[str]:
    """The start; and where most is to be seen, with a selection, but for tables of thousands of cells."""
    here = f"#example={example}&view={view}"
    late = f"{here}&beat={LAST_GRADIENT[example]}"
    return [here] if (example, view) == ("face-or-car", "table") else [here, f"{late}&select=W0"]


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_no_text_is_cut_or_overlaps_and_the_page_does_not_scroll_sideways(
    explorer: Explorer, width: int, height: int
) -> None:
    explorer.page.set_viewport_size({"width": width, "height": height})
    explorer.open()
    faults = []
    for example in EXAMPLES:
        for view in VIEWS:
            for fragment in moments(example, view):
                explorer.visit(fragment)
                faults += faults_of(explorer, fragment, width)
    assert not faults, "\n".join(faults)


PANELS = ("inspect", "chain", "slope", "cache", "check")


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_no_panel_makes_the_page_scroll_sideways_or_cuts_the_graphs_texts(
    explorer: Explorer, width: int, height: int
) -> None:
    explorer.page.set_viewport_size({"width": width, "height": height})
    explorer.open()
    faults = []
    for example in EXAMPLES:
        for panel in PANELS:
            here = f"#example={example}&beat={LAST_GRADIENT[example]}&panel={panel}&select=W0[0,0]"
            explorer.visit(here)
            expect(explorer.page.locator(f".panel.{PANEL_CLASSES.get(panel, panel)} h2")).to_be_visible()
            faults += faults_of(explorer, here, width)
    assert not faults, "\n".join(faults)


PANEL_CLASSES = {"inspect": "inspector"}


def test_the_smallest_text_of_the_graph_can_be_read_on_a_laptop(explorer: Explorer) -> None:
    explorer.page.set_viewport_size({"width": 1440, "height": 900})
    explorer.open()
    sizes = {}
    for example in EXAMPLES:
        explorer.visit(f"#example={example}&beat={LAST_GRADIENT[example]}")
        sizes[example] = measure(explorer)["smallest"]
    print(sizes)
    small = {
        example: size for example, size in sizes.items() if size["text"] < LEAST_PX or size["index"] < LEAST_INDEX_PX
    }
    assert small == {}


def test_a_cut_text_and_an_overlap_are_seen(explorer: Explorer) -> None:
    explorer.open("#beat=13")
    explorer.page.evaluate("""() => {
        document.querySelector(".card .cell-text").textContent = "−0.123456789";
        const [one, other] = document.querySelectorAll(".card .card-symbol");
        other.closest(".card").setAttribute("transform", one.closest(".card").getAttribute("transform"));
        document.querySelector(".play span").textContent = "Something that is too long for its button";
        document.querySelector(".play").style.width = "80px";
    }""")
    faults = "\n".join(measure(explorer)["faults"])
    assert "−0.123456789" in faults
    assert "overlap" in faults
    assert "Something that is too long" in faults


# What of the page's controls lies over a card, or out of the screen.
OVER_CARDS = """() => {
    const boxes = selector => [...document.querySelectorAll(selector)].map(it => it.getBoundingClientRect());
    const cards = boxes(".board .card, .board .chip");
    return boxes(".stage button, .folder").filter(it => it.width > 0 && (it.right > innerWidth || it.left < 0
        || cards.some(card => card.left < it.right - 1 && card.right > it.left + 1
            && card.top < it.bottom - 1 && card.bottom > it.top + 1))).length;
}"""
STAGE_SIZES = [(1920, 1080), (1280, 720), (768, 1024), (720, 450), (390, 844)]  # the header is another in each


@pytest.mark.parametrize(("width", "height"), STAGE_SIZES)
def test_no_control_of_the_stage_covers_a_card(explorer: Explorer, width: int, height: int) -> None:
    explorer.page.set_viewport_size({"width": width, "height": height})
    explorer.count_requests().open()
    folders = 0
    for it in explorer.page.request.get("/api/v1/examples").json():
        explorer.visit(f"#example={it['id']}")
        explorer.rest()
        assert explorer.page.evaluate(OVER_CARDS) == 0, it["id"]
        masthead = explorer.page.locator(".masthead").bounding_box()
        assert masthead
        assert masthead["height"] <= 52, f"{it['id']}: the header has two lines"
        folders += explorer.page.locator(".folder:visible").count()
    assert (folders > 0) == (width >= 700)
