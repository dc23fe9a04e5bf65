"""The page as a reader uses it, for the tests of this folder: open, press, read numbers.

Nothing here waits for time to pass, only for what the page shows.
"""

import re
from typing import Any, Self
from urllib.parse import parse_qs

from playwright.sync_api import Locator, Page, Route, expect

API = "/api/v1"
NUMBER = re.compile(r"(?P<name>\S+) = (?P<value>\S+)(?: because (?P<reason>.+))?")
TIPS = "elements => elements.map(it => it.dataset.tip ?? '')"
GO = """fragment => {
    location.hash = fragment;
    return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done))));
}"""
TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
# Counts what is asked of the server and not answered yet.
COUNTED = """window.underWay = 0;
const { fetch } = window;
window.fetch = (...given) => {
    window.underWay += 1;
    return fetch(...given).finally(() => { window.underWay -= 1; });
};"""
# Says in the page itself when nothing has been under way for some frames.
REST = """() => {
    const { dataset } = document.documentElement;
    dataset.atRest = false;
    let still = 0;
    const look = () => {
        still = window.underWay > 0 ? 0 : still + 1;
        dataset.atRest = still >= 5;
        if (still < 5) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}"""

LOAD_TIMEOUT_MS = 30_000

Document = dict[str, Any]


def from_the_beginning(fragment: str) -> str:
    """The same link, at beat 0 where it names none."""
    if "beat=" in fragment or "stop=" in fragment:
        return fragment
    return f"{fragment}&beat=0" if len(fragment) > 1 else "#beat=0"


class Explorer:
    """One page of the app."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, fragment: str = "") -> Self:
        """Load the page anew, and wait until all of it answers: the graph, the keys, the list of examples.

        Where the link names no moment, the beginning of its iteration is shown, not its forward pass.
        """
        if self.page.url != "about:blank":
            self.page.goto("about:blank")
        self.page.goto("/" + from_the_beginning(fragment))
        # What comes last is waited for first, and by what looks more often than an expectation does.
        self.page.locator(".chooser option").nth(1).wait_for(state="attached", timeout=LOAD_TIMEOUT_MS)
        expect(self.page.get_by_label("Time", exact=True)).to_be_visible()
        self.settle()
        return self

    def visit(self, fragment: str) -> Self:
        """Follow a link to another moment of the page that is open, and wait until it is there."""
        wanted = {name: values[0] for name, values in parse_qs(fragment.removeprefix("#")).items()}
        self.page.evaluate(GO, from_the_beginning(fragment))
        expect(self.page.locator(".chooser select")).to_have_value(wanted.get("example", "lecture"))
        expect(self.scrubber).to_have_value(wanted.get("beat", "0"))
        view = wanted.get("view", "graph")
        # Where there is no room for both, there is the graph.
        expect(self.page.locator(f".stage:is(.{view}, .graph) :is(svg.graph, .neurons, .tables)").first).to_be_visible()
        if "select" in wanted and wanted.get("panel") != "check":
            expect(self.page.locator(".panel .close, .callout").first).to_be_visible()
        self.settle()
        return self

    def settle(self) -> None:
        self.page.evaluate(TWO_FRAMES)

    def begin_to_move(self) -> None:
        """Wait until what moves time is loaded and asks for its first frame: for tests that turn the clock by hand."""
        self.page.evaluate("async () => { for (let i = 0; i < 9; i++) await import('/js/time/clock.js'); }")

    def count_requests(self) -> Self:
        """From the next load on, for `rest`."""
        self.page.add_init_script(COUNTED)
        return self

    def rest(self) -> None:
        """Wait until nothing is asked of the server any more, and what was answered is shown."""
        self.page.evaluate(REST)
        expect(self.page.locator("html")).to_have_attribute("data-at-rest", "true")

    def serve_as_lecture(self, experiment: Document) -> None:
        """Let another experiment stand in for the example `lecture`."""

        def answer(route: Route) -> None:
            route.fulfill(json=experiment)

        self.page.route(f"**{API}/examples/lecture", answer)

    # --- controls

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def command(self, words: str) -> None:
        """From the menu, found by typing."""
        self.button("Menu").click()
        field = self.page.get_by_role("combobox", name="What do you want to do?")
        field.fill(words)
        expect(self.page.locator(".menu-words").first).to_contain_text(words)
        field.press("Enter")
        expect(field).to_have_count(0)

    @property
    def view(self) -> Locator:
        return self.page.get_by_label("View", exact=True)

    @property
    def scrubber(self) -> Locator:
        return self.page.get_by_role("slider", name="Beat")

    @property
    def alert(self) -> Locator:
        return self.page.get_by_role("alert")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def go(self, beat: int) -> None:
        """By the scrubber; single keys belong to the page again afterwards."""
        self.scrubber.fill(str(beat))
        self.expect_beat(beat)
        self.scrubber.blur()
        self.settle()

    # --- what is shown

    def expect_beat(self, beat: int) -> None:
        expect(self.scrubber).to_have_value(str(beat))

    def expect_iteration(self, number: int, timeout: float | None = None) -> None:
        expect(self.page.locator(".readout dd").first).to_have_text(str(number), timeout=timeout)

    @property
    def beats(self) -> int:
        return int(self.scrubber.get_attribute("max") or "")

    @property
    def phase(self) -> str:
        return self.page.locator(".phase-name").inner_text()

    def card(self, node: str) -> Locator:
        return self.page.locator(f'.card[data-walk="{node}"]')

    def chip(self, edge: str) -> Locator:
        return self.page.locator(f'.chip[data-walk="{edge}"]')

    def numbers(self, inside: str) -> dict[str, float]:
        """Each number's name and its full value, from what the popover says of each `inside`."""
        tips: list[str] = self.page.locator(inside).evaluate_all(TIPS)
        return {found["name"]: read_back(found["value"]) for text in tips if (found := NUMBER.match(text.strip()))}

    def graph_numbers(self) -> dict[str, float]:
        return self.numbers(".cell[data-tip]")

    def table_numbers(self, block: str) -> dict[str, float]:
        return self.numbers(f"{block} td")

    # --- the API behind it

    def step(self, experiment: Document) -> Document:
        response = self.page.request.post(f"{API}/step", data=experiment)
        assert response.ok, response.text()
        answer: Document = response.json()
        return answer

    def example(self, name: str) -> Document:
        answer: Document = self.page.request.get(f"{API}/examples/{name}").json()
        return answer


def read_back(text: str) -> float:
    """A number as the page writes it, with all its digits."""
    return float(text.replace("−", "-").replace("∞", "inf"))


def entries(name: str, tensor: Any) -> dict[str, float]:
    """The entries of a tensor of an answer, by the names that the page gives them."""
    if not isinstance(tensor, list):
        return {name: float(tensor)}
    if not isinstance(tensor[0], list):
        return {f"{name}[{c}]": float(value) for c, value in enumerate(tensor)}
    return {f"{name}[{r},{c}]": float(value) for r, row in enumerate(tensor) for c, value in enumerate(row)}


def trace_entries(trace: Document) -> dict[str, float]:
    """Every value and every gradient of a trace, by the names that the page gives them."""
    found: dict[str, float] = {}
    for node in trace["nodes"]:
        found |= entries(node["id"], node["value"]) | entries(f"∂C/∂{node['id']}", node["gradient"])
    return found
