"""A server that stops, is too busy, stalls or is hidden by a broken proxy: the page says so, keeps what it has, asks
again by itself, and the run goes on with no iteration lost and none doubled."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Guard
from tests.browser.explorer import API, Explorer, entries
from tests.tools.serving import Restartable

Answer = dict[str, Any]
PARAMETERS = ("W0", "W1")
AGAIN = "asks again by itself"
MANY = 100  # more than a page asks while a test looks
PROXY_PAGE = "<html><body><h1>Bad Gateway</h1></body></html>"


def problem(status: int, detail: str, **headers: str) -> Answer:
    body = json.dumps({"type": "about:blank", "title": detail, "status": status, "detail": detail})
    return {"status": status, "headers": {"content-type": "application/problem+json", **headers}, "body": body}


def html(status: int) -> Answer:
    return {"status": status, "content_type": "text/html", "body": PROXY_PAGE}


@pytest.fixture
def lone_server(guard: Guard) -> Iterator[Restartable]:
    """A server of this test alone, that may be stopped; what the browser prints of that is allowed."""
    server = Restartable()
    guard.host = urlsplit(server.url).netloc
    guard.allow("Failed to load resource")
    yield server
    server.stop()


@pytest.fixture
def lone(lone_server: Restartable, page: Page) -> Explorer:
    """The page of that server, open."""
    page.goto(lone_server.url)
    explorer = Explorer(page)
    expect(page.locator(".chooser option").nth(1)).to_be_attached()
    return explorer


class Faults:
    """Between the page and the server: the next requests of a path are answered by `answers`, all others by the server.

    It is put there before the page is loaded: a browser that is short of time lets a request pass after that.
    """

    def __init__(self, page: Page, path: str) -> None:
        self.answers: list[Answer] = []
        self.asked = 0
        page.route(f"**{API}/{path}", self._handle)

    def begin(self, answers: list[Answer]) -> None:
        self.answers, self.asked = list(answers), 0

    def _handle(self, route: Route) -> None:
        self.asked += 1
        if self.answers:
            route.fulfill(**self.answers.pop(0))
        else:
            route.continue_()


def iteration(explorer: Explorer) -> int:
    return int(explorer.page.locator(".readout dd").first.inner_text())


def expect_run(explorer: Explorer, url: str = "") -> None:
    """The parameters that are shown are those of the lecture after so many iterations, to the last bit."""
    number = iteration(explorer)
    request = explorer.page.request
    experiment = request.get(f"{url}{API}/examples/lecture").json()
    if number > 0:
        lines = request.post(f"{url}{API}/train?steps={number}&every={number}", data=experiment).text().splitlines()
        experiment = json.loads(lines[-1])["experiment"]
    wanted: dict[str, float] = {}
    for at, name in enumerate(PARAMETERS):
        wanted |= entries(name, experiment["network"]["layers"][at]["weights"])
    explorer.go(0)
    shown = explorer.graph_numbers()
    assert {name: shown[name] for name in wanted} == wanted


def test_a_step_at_a_dead_server_is_taken_when_it_is_back(lone_server: Restartable, lone: Explorer) -> None:
    lone.press("n")
    lone.expect_iteration(1)
    lone_server.stop()
    lone.press("n")
    expect(lone.alert).to_contain_text("The server does not answer")
    expect(lone.alert).to_contain_text(AGAIN)
    lone.expect_iteration(1)
    expect(lone.card("W0")).to_be_visible()
    lone_server.start()
    lone.expect_iteration(2)
    expect(lone.alert).to_have_count(0)
    expect_run(lone, lone_server.url)


def test_training_goes_on_when_a_dead_server_is_back(lone_server: Restartable, lone: Explorer) -> None:
    lone.press("t")
    expect(lone.page.locator(".readout dd").first).not_to_have_text("0")
    lone_server.stop()
    expect(lone.alert).to_contain_text(AGAIN)
    expect(lone.button("Stop")).to_be_visible()
    reached = iteration(lone)
    lone_server.start()
    expect(lone.page.locator(".readout dd").first).not_to_have_text(str(reached))
    expect(lone.alert).to_have_count(0)
    lone.button("Stop").click()
    lone.settle()
    assert iteration(lone) > reached
    expect_run(lone, lone_server.url)


def test_a_weight_that_is_dragged_at_a_dead_server_is_not_lost(lone_server: Restartable, lone: Explorer) -> None:
    cell = lone.card("W1").locator(".block.value .cell").first
    box = cell.bounding_box()
    assert box is not None
    mouse, x, y = lone.page.mouse, box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    mouse.move(x, y)
    lone.page.evaluate("() => import('/js/graph/drag-number-dom.js')")  # which comes with the pointer
    mouse.down()
    mouse.move(x + 20, y, steps=5)
    expect(lone.page.locator(".changed")).to_contain_text("W1[0,0]")
    lone_server.stop()
    mouse.move(x + 60, y, steps=10)
    expect(lone.alert).to_contain_text(AGAIN)
    mouse.move(x + 80, y, steps=5)
    mouse.up()
    before = lone.graph_numbers()["W1[0,0]"]
    lone_server.start()
    expect(lone.alert).to_have_count(0)
    lone.settle()
    assert lone.graph_numbers()["W1[0,0]"] > before > -0.5
    lone.expect_iteration(0)
    lone.button("Put back").first.click()
    expect(lone.page.locator(".changed")).to_have_count(0)
    expect_run(lone, lone_server.url)


def test_a_part_that_is_not_loaded_yet_is_had_when_the_server_is_back(lone_server: Restartable, lone: Explorer) -> None:
    lone_server.stop()
    lone.press("w")
    expect(lone.alert).to_contain_text("could not be loaded")
    lone_server.start()
    expect(lone.page.locator(".walk")).to_be_visible()
    expect(lone.alert).to_have_count(0)


@pytest.mark.parametrize(("keys", "title"), [("lx?", "help"), ("?lx", "take"), ("x?l", "share")])
def test_of_dialogs_that_are_not_loaded_yet_the_last_asked_for_opens_alone(
    lone_server: Restartable, lone: Explorer, keys: str, title: str
) -> None:
    lone_server.stop()
    lone.press(*keys)
    expect(lone.alert).to_contain_text("could not be loaded")
    lone_server.start()
    expect(lone.page.locator(f"#{title}-title")).to_be_visible()
    expect(lone.alert).to_have_count(0)
    lone.settle()
    expect(lone.page.locator("dialog")).to_have_count(1)
    lone.press("Escape")
    expect(lone.page.locator("dialog")).to_have_count(0)
    lone.press("l")
    expect(lone.page.locator("#share-title")).to_be_visible()


def test_waiting_for_a_dead_server_can_be_given_up(lone_server: Restartable, lone: Explorer) -> None:
    lone.press("n")
    lone.expect_iteration(1)
    lone_server.stop()
    lone.press("n", "n")
    expect(lone.alert).to_contain_text(AGAIN)
    lone.alert.get_by_role("button").click()
    expect(lone.alert).to_have_count(0)
    lone_server.start()
    lone.press("n")
    lone.expect_iteration(2)
    expect_run(lone, lone_server.url)


BUSY = {
    "busy": problem(503, "too much to do at the moment", **{"retry-after": "1"}),
    "too many": problem(429, "too many requests", **{"retry-after": "1"}),
    "late": problem(408, "the body did not arrive in time"),
    "bad gateway": html(502),
    "gateway timeout": html(504),
    "unavailable, as a page": html(503),
}


@pytest.mark.parametrize("answer", BUSY.values(), ids=BUSY)
def test_an_answer_that_is_worth_asking_again_for_is_asked_for_again(
    explorer: Explorer, guard: Guard, answer: Answer
) -> None:
    guard.allow("Failed to load resource")
    faults = Faults(explorer.page, "step*")
    explorer.open()
    faults.begin([answer] * MANY)
    explorer.press("n")
    expect(explorer.alert).to_contain_text(AGAIN)
    expect(explorer.page.locator(".waiting")).to_have_count(0)
    faults.begin([])
    explorer.expect_iteration(1)
    expect(explorer.alert).to_have_count(0)
    expect_run(explorer)


FINAL = {
    "too long": (problem(413, "the body is too long"), "the body is too long"),
    "too long, as a page": (html(413), "413"),
    "a page": (html(200), "not in JSON"),
    "nothing": ({"status": 200, "body": ""}, "not in JSON"),
    "null": ({"status": 500, "json": None}, "500"),
    "words": ({"status": 400, "json": "no"}, "400"),
}


@pytest.mark.parametrize(("answer", "words"), FINAL.values(), ids=FINAL)
def test_an_answer_that_stays_as_it_is_is_told_once_and_nothing_is_lost(
    explorer: Explorer, guard: Guard, answer: Answer, words: str
) -> None:
    guard.allow("Failed to load resource")
    faults = Faults(explorer.page, "step*")
    explorer.open()
    explorer.press("n")
    explorer.expect_iteration(1)
    faults.begin([answer])
    explorer.press("n")
    expect(explorer.alert).to_contain_text(words)
    explorer.expect_iteration(1)
    explorer.alert.get_by_role("button").click()
    assert faults.asked == 1
    explorer.press("n")
    explorer.expect_iteration(2)
    expect_run(explorer)


ODD_ANSWER = {"status": 200, "json": {}}


def test_after_an_answer_that_cannot_be_read_everything_works_again(explorer: Explorer, guard: Guard) -> None:
    guard.allow("uncaught")
    faults = Faults(explorer.page, "step*")
    explorer.open()
    number = explorer.card("W1").locator(".block.value .cell").first

    def type_number(typed: str) -> None:
        number.dblclick()
        explorer.page.locator(".board .cell-editor").fill(typed)
        explorer.press("Enter")

    faults.begin([ODD_ANSWER])
    explorer.press("n")
    expect(explorer.alert).to_contain_text("could not be read")
    explorer.press("n")
    explorer.expect_iteration(1)
    faults.begin([ODD_ANSWER])
    type_number("0.9")
    expect(explorer.alert).to_contain_text("could not be read")
    explorer.alert.get_by_role("button").click()
    type_number("0.8")
    expect(explorer.page.locator(".changed")).to_contain_text("0.8")
    explorer.button("Put back").first.click()
    expect(explorer.page.locator(".changed")).to_have_count(0)
    faults.begin([ODD_ANSWER])
    explorer.press("Escape", "t")
    expect(explorer.alert).to_contain_text("could not be read")
    expect(explorer.button("Train")).to_be_visible()


def without_end(text: str) -> str:
    """Lines without the last, and half of the one before it."""
    return text.rstrip("\n").rpartition("\n")[0]


CUTS: dict[str, Callable[[str], str]] = {
    "without its last line": without_end,
    "within its last line": lambda text: text[:-40],
    "before its first line": lambda text: "",
    "with a proxy's page at its end": lambda text: without_end(text) + "\n" + PROXY_PAGE,
}


@pytest.mark.parametrize("cut", CUTS.values(), ids=CUTS)
def test_training_that_is_cut_off_goes_on_from_where_it_was(explorer: Explorer, cut: Callable[[str], str]) -> None:
    seen: list[int] = []

    def handle(route: Route) -> None:
        answer = route.fetch()
        seen.append(answer.status)
        text = cut(answer.text()) if len(seen) in (3, 4) else answer.text()
        route.fulfill(status=200, content_type="application/x-ndjson", body=text)

    explorer.page.route(f"**{API}/train*", handle)
    explorer.open()
    explorer.press("t")
    expect(explorer.alert).to_contain_text(AGAIN)
    reached = iteration(explorer)
    expect(explorer.alert).to_have_count(0)
    expect(explorer.page.locator(".readout dd").first).not_to_have_text(str(reached))
    explorer.button("Stop").click()
    explorer.settle()
    expect_run(explorer)


def stalled(explorer: Explorer) -> list[Route]:
    """Open the page; the second step that it asks for is never answered. Gives that one's route, once it is there."""
    held: list[Route] = []
    steps: list[str] = []

    def handle(route: Route) -> None:
        steps.append(route.request.url)
        if len(steps) == 2:
            held.append(route)
        else:
            route.continue_()

    explorer.page.route(f"**{API}/step*", handle)
    explorer.open()
    return held


def test_a_step_that_is_no_longer_waited_for_holds_nothing_up(explorer: Explorer) -> None:
    held = stalled(explorer)
    explorer.press("n")
    explorer.button("Stop waiting").click()
    explorer.press("n")
    explorer.expect_iteration(1)
    assert len(held) == 1
    expect_run(explorer)


def test_an_answer_that_never_comes_is_asked_for_again(explorer: Explorer) -> None:
    """As after a laptop has slept: the connection is dead, and nobody says so."""
    explorer.page.clock.install()
    held = stalled(explorer)
    explorer.press("n")
    expect(explorer.button("Stop waiting")).to_be_visible()
    explorer.page.clock.fast_forward("10:00")
    explorer.expect_iteration(1)
    assert len(held) == 1
    expect(explorer.alert).to_have_count(0)
    expect_run(explorer)


def test_a_page_that_was_frozen_goes_on_where_it_was(explorer: Explorer) -> None:
    explorer.open()
    explorer.press("t")
    expect(explorer.page.locator(".readout dd").first).not_to_have_text("0")
    devtools = explorer.page.context.new_cdp_session(explorer.page)
    devtools.send("Page.setWebLifecycleState", {"state": "frozen"})
    devtools.send("Page.setWebLifecycleState", {"state": "active"})
    reached = iteration(explorer)
    expect(explorer.page.locator(".readout dd").first).not_to_have_text(str(reached))
    explorer.button("Stop").click()
    explorer.settle()
    expect_run(explorer)


def test_a_panel_asks_again_by_itself(explorer: Explorer, guard: Guard) -> None:
    guard.allow("Failed to load resource")
    faults = Faults(explorer.page, "chain*")
    explorer.open("#beat=13&select=W1[0,0]&panel=chain")
    faults.begin([BUSY["busy"], BUSY["bad gateway"]])
    explorer.card("W1").locator(".block.value .cell").nth(1).click()
    expect(explorer.page.locator("#chain-title, .chain").first).to_contain_text("W1[0,1]")
    expect(explorer.page.locator(".chain td.product").first).to_contain_text("0.1757")
    expect(explorer.alert).to_have_count(0)


def test_a_workshop_without_a_server_waits_and_does_not_ask_without_end(explorer: Explorer, guard: Guard) -> None:
    guard.allow("Failed to load resource")
    faults = Faults(explorer.page, "catalog")
    faults.begin([html(502)] * 2)
    explorer.open()
    explorer.press("u")
    expect(explorer.page.get_by_label("Neurons of layer 0")).to_be_visible()
    assert faults.asked == 3
    expect(explorer.alert).to_have_count(0)
