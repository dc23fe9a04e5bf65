"""What is pressed first is done first, however slow the server is; what is asked for last is what is shown."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Route, expect

from tests.browser.conftest import Guard
from tests.browser.explorer import Explorer


def held(explorer: Explorer, pattern: str) -> Callable[[], None]:
    """From now on answers wait; what is returned lets all of them go."""
    routes: list[Route] = []
    waiting = [True]

    def answer(route: Route) -> None:
        if waiting:
            routes.append(route)
        else:
            route.continue_()

    def let_go() -> None:
        waiting.clear()
        for route in routes:
            route.continue_()

    explorer.page.route(pattern, answer)
    return let_go


def test_after_a_first_answer_that_cannot_be_read_one_may_try_again(explorer: Explorer, guard: Guard) -> None:
    guard.allow("Cannot read properties")
    page = explorer.page
    page.route("**/api/v1/step?**", lambda route: route.fulfill(json={}))
    page.goto("/")
    expect(explorer.alert).to_contain_text("could not be read")
    page.unroute("**/api/v1/step?**")
    explorer.alert.get_by_role("button", name="Try again").click()
    expect(page.locator(".card").first).to_be_visible()
    explorer.press("n")
    explorer.expect_iteration(1)


def test_the_page_works_while_a_far_link_is_on_its_way_and_a_newer_one_wins(explorer: Explorer) -> None:
    page = explorer.page
    let_go = held(explorer, "**/api/v1/train**")
    page.goto("/#iteration=999&example=moons")
    expect(page.locator(".card").first).to_be_visible()
    explorer.press("u")
    expect(page.locator("#build-title")).to_be_visible()
    page.evaluate("location.hash = '#example=xor'")
    expect(page.locator(".chooser select")).to_have_value("xor")
    let_go()
    explorer.rest()
    expect(page.locator(".chooser select")).to_have_value("xor")
    explorer.expect_iteration(0)


def test_undo_waits_for_all_that_was_pressed_before_it(explorer: Explorer) -> None:
    explorer.open("#panel=build")
    page = explorer.page
    title = page.locator("#build-title")
    let_go = held(explorer, "**/api/v1/initialize")
    more = page.get_by_role("button", name="One neuron more in layer 0", exact=True)
    for _ in range(3):
        more.click()
    explorer.press("Control+z")
    let_go()
    expect(title).to_contain_text("2 – 5 – 2 neurons")
    expect(page.get_by_role("button", name="Redo: +1 neuron in layer 0")).to_be_enabled()


def test_who_opens_another_example_waits_for_no_change(explorer: Explorer) -> None:
    explorer.open("#panel=build")
    page = explorer.page
    let_go = held(explorer, "**/api/v1/initialize")
    add = page.get_by_role("button", name="Add a layer before layer 1")
    for _ in range(3):
        add.click()
    page.locator(".chooser select").select_option("spiral")
    let_go()
    expect(page.locator("#build-title")).to_contain_text("2 – 10 – 10 – 2 neurons")
    explorer.rest()
    expect(page.locator(".chooser select")).to_have_value("spiral")


def test_a_double_click_removes_one_layer(explorer: Explorer) -> None:
    explorer.open("#panel=build")
    page = explorer.page
    page.get_by_role("button", name="Add a layer before layer 1").click()
    expect(page.locator("#build-title")).to_contain_text("2 – 3 – 3 – 2 neurons")
    page.get_by_role("button", name="Remove layer 0").dblclick()
    expect(page.locator("#build-title")).to_contain_text("2 – 3 – 2 neurons")
    explorer.rest()
    expect(page.locator("#build-title")).to_contain_text("2 – 3 – 2 neurons")
    expect(explorer.alert).to_have_count(0)


def test_an_edit_after_a_change_of_the_network_is_one_of_the_new_network(explorer: Explorer) -> None:
    explorer.open("#panel=build")
    page = explorer.page
    let_go = held(explorer, "**/api/v1/initialize")
    page.get_by_role("button", name="Add a layer before layer 1").click()
    page.get_by_label("Activation of layer 0").select_option("tanh")
    let_go()
    expect(page.locator("#build-title")).to_contain_text("2 – 3 – 3 – 2 neurons")
    expect(page.get_by_label("Activation of layer 0")).to_have_value("tanh")


def test_presses_of_undo_are_all_counted(explorer: Explorer) -> None:
    explorer.open("")
    for _ in range(3):
        explorer.press("n")
    explorer.expect_iteration(3)
    let_go = held(explorer, "**/api/v1/step**")
    for _ in range(3):
        explorer.press("Control+z")
    let_go()
    explorer.expect_iteration(0)


def test_build_asks_again_for_what_was_refused(explorer: Explorer, guard: Guard) -> None:
    guard.allow("Failed to load resource")
    page = explorer.page
    answer: dict[str, Any] = {"status": 422, "json": {"detail": "not now"}}
    page.route("**/api/v1/catalog", lambda route: route.fulfill(**answer))
    explorer.open("")
    explorer.press("u")
    expect(explorer.alert).to_contain_text("not now")
    page.unroute("**/api/v1/catalog")
    explorer.alert.get_by_role("button", name="Dismiss").click()
    expect(page.locator("#build-title")).to_be_visible()
