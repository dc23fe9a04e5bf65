"""Routes are drawn: a thread for each, as thick as its product, alike in graph and table; and the neurons' links."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.explorer import Explorer
from tests.browser.networks import deep

CHAIN = "#beat=13&select=W0[1,2]&panel=chain"
WIDTHS = "lines => lines.map(it => Number(it.getAttribute('stroke-width')))"


def test_each_route_is_a_thread_as_thick_as_its_product(explorer: Explorer) -> None:
    explorer.open(CHAIN)
    threads = explorer.page.locator("svg.graph .thread")
    expect(threads).to_have_count(2)
    thick, thin = threads.locator(".thread-line").evaluate_all(WIDTHS)
    assert thick > thin  # 0.0484 by face, 0.0055 by car
    rows = explorer.page.locator(".routes tbody tr")
    for at, look in enumerate(("route1", "route2")):
        expect(threads.nth(at)).to_have_class(re.compile(rf"\b{look}\b"))
        expect(rows.nth(at).locator(".swatch")).to_have_class(re.compile(rf"\b{look}\b"))
    colours = threads.locator(".thread-line").evaluate_all("lines => lines.map(it => getComputedStyle(it).stroke)")
    assert len(set(colours)) == 2
    explorer.press("Escape")
    expect(threads).to_have_count(0)


def test_pointing_at_either_lights_the_other_and_dims_the_rest(explorer: Explorer) -> None:
    explorer.open(CHAIN)
    threads = explorer.page.locator("svg.graph .thread")
    rows = explorer.page.locator(".routes tbody tr")
    expect(threads).to_have_count(2)
    rows.nth(1).locator("th").hover()
    expect(threads.nth(1)).to_have_class(re.compile(r"\blit\b"))
    expect(threads.nth(0)).to_have_class(re.compile(r"\bdim\b"))
    expect(rows.nth(0)).to_have_class(re.compile(r"\bdim\b"))
    rows.nth(0).locator("td.factor").first.focus()
    expect(threads.nth(0)).to_have_class(re.compile(r"\blit\b"))
    threads.nth(1).focus()
    expect(rows.nth(1)).to_have_class(re.compile(r"\blit\b"))
    expect(rows.nth(0)).to_have_class(re.compile(r"\bdim\b"))
    explorer.page.locator(".masthead h1").hover()
    expect(rows.nth(0)).not_to_have_class(re.compile(r"\bdim\b"))


def test_numbers_stand_over_the_threads(explorer: Explorer) -> None:
    explorer.open(CHAIN)
    expect(explorer.page.locator("svg.graph .thread")).to_have_count(2)
    behind = explorer.page.evaluate(
        """() => document.querySelector(".threads").compareDocumentPosition(document.querySelector(".card"))
            & Node.DOCUMENT_POSITION_FOLLOWING"""
    )
    assert behind


def test_of_many_routes_the_largest_are_drawn_and_it_says_so(explorer: Explorer) -> None:
    experiment = explorer.example("xor")
    rows = 5
    experiment["data"]["x"] = experiment["data"]["x"] * rows
    experiment["data"]["y"] = experiment["data"]["y"] * rows
    explorer.serve_as_lecture(experiment)
    explorer.open("#beat=19&select=W0[1,0]&panel=chain")
    expect(explorer.page.locator("svg.graph .thread")).to_have_count(12)
    expect(explorer.page.locator(".panel.chain")).to_contain_text("Drawn in the graph: the 12 largest of these 20.")
    expect(explorer.page.locator("svg.graph .thread.dashed")).to_have_count(4)


def test_folded_layers_are_passed_by_their_card(explorer: Explorer) -> None:
    explorer.serve_as_lecture(deep(12))
    explorer.open("#layers=folded&beat=0&select=W0[0,0]&panel=chain")
    expect(explorer.page.locator(".card.group").first).to_be_attached()
    expect(explorer.page.locator(".panel.chain table")).to_be_visible()
    expect(explorer.page.locator("svg.graph .thread").first).to_be_attached()
    paths = explorer.page.locator("svg.graph .thread-line").evaluate_all("all => all.map(it => it.getAttribute('d'))")
    assert all("NaN" not in path for path in paths)


def test_links_are_as_thick_as_weights_and_on_the_way_back_as_what_comes_back(explorer: Explorer) -> None:
    explorer.open("#view=neurons&beat=5")
    weights = explorer.page.locator(".synapse[data-entry^='W1']")
    trace = explorer.step(explorer.example("lecture"))["trace"]
    nodes = {node["id"]: node for node in trace["nodes"]}
    values = [value for line in nodes["W1"]["value"] for value in line]
    back = [
        value * slope
        for line in nodes["W1"]["value"]
        for value, slope in zip(line, nodes["m1"]["gradient"][0], strict=True)
    ]
    expect(weights).to_have_count(len(values))
    by_weight = weights.evaluate_all(WIDTHS)
    assert order(by_weight) == order(values)
    explorer.go(11)
    expect(explorer.page.locator(".synapse.back").first).to_be_attached()
    assert order(weights.evaluate_all(WIDTHS)) == order(back)


def order(numbers: list[float]) -> list[int]:
    return sorted(range(len(numbers)), key=lambda at: round(abs(numbers[at]), 6))


@pytest.mark.parametrize("view", ["neurons", "both"])
@pytest.mark.parametrize(("width", "height"), [(2560, 1440), (1440, 900), (1280, 720)])
def test_neurons_have_numbers_of_twelve_pixels_and_both_halves_fit(
    explorer: Explorer, view: str, width: int, height: int
) -> None:
    explorer.page.set_viewport_size({"width": width, "height": height})
    explorer.open(f"#view={view}&beat=13")
    expect(explorer.page.locator(".neuron-value")).to_have_count(7)
    explorer.settle()
    sizes = explorer.page.locator(".neuron-picture text").evaluate_all(
        """texts => texts.map(it => parseFloat(getComputedStyle(it).fontSize) * it.getScreenCTM().a)"""
    )
    assert min(sizes) >= 12
    cut = explorer.page.evaluate(
        """() => [...document.querySelectorAll("svg.graph .card, .neuron, .neuron-picture text")].filter(it => {
            const a = it.getBoundingClientRect();
            const b = (it.closest(".half") ?? it.closest(".board")).getBoundingClientRect();
            return a.left < b.left - 1 || a.right > b.right + 1 || a.top < b.top - 1 || a.bottom > b.bottom + 1;
        }).map(it => it.textContent.trim())"""
    )
    assert cut == []


def test_on_a_low_screen_the_first_route_is_in_sight(explorer: Explorer) -> None:
    explorer.page.set_viewport_size({"width": 1280, "height": 720})
    explorer.open("#beat=11&select=W0[1,2]&panel=chain")
    row = explorer.page.locator(".routes tbody tr").first
    expect(row).to_contain_text("via face")
    expect(explorer.page.locator(".routes .where").first).to_be_visible()
    explorer.settle()
    ends = """row => [row.querySelector("b"), row.closest(".panel")].map(it => it.getBoundingClientRect().bottom)"""
    number, panel = row.evaluate(ends)
    assert number <= panel
    fold = explorer.page.get_by_role("button", name="Fold one level").bounding_box()
    title = explorer.page.get_by_role("group", name="Form").bounding_box()
    assert fold
    assert title
    assert fold["x"] >= title["x"] + title["width"], "what is folded stands beside the title"
