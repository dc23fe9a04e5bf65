"""Storage that is forbidden, full, broken or shared: the page works without, and no tab takes another's run."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.explorer import Explorer

FORBIDDEN = """for (const name of ["localStorage", "sessionStorage", "indexedDB"])
    Object.defineProperty(window, name, { get() { throw new DOMException("forbidden", "SecurityError"); } });"""
FULL = """Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };
IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); };"""
FULL_LATER = """const put = IDBObjectStore.prototype.put;
IDBObjectStore.prototype.put = function (...given) {
    const request = put.apply(this, given);
    setTimeout(() => { try { request.transaction.abort(); } catch {} });
    return request;
};"""
SILENT = """IDBFactory.prototype.open = () => ({});"""
BROKEN = {"forbidden": FORBIDDEN, "full": FULL, "full at last": FULL_LATER, "silent": SILENT}


@pytest.mark.parametrize("script", BROKEN.values(), ids=BROKEN)
def test_the_page_works_without_storage(explorer: Explorer, script: str) -> None:
    explorer.page.add_init_script(script)
    explorer.open("#example=xor")
    explorer.press("n")
    explorer.expect_iteration(1)
    explorer.command("Switch between light and dark")
    expect(explorer.page).to_have_url(having("iteration=1"))
    explorer.page.reload()
    explorer.expect_iteration(1)
    expect(explorer.page.locator(".chooser select")).to_have_value("xor")
    explorer.press("n")
    explorer.expect_iteration(2)
    expect(explorer.alert).to_have_count(0)


def having(part: str) -> re.Pattern[str]:
    return re.compile(re.escape(part))


LEFT = {
    "no JSON": "{",
    "another form": '{"root":[0],"parts":[{"list":[]}]}',
    "no place": '{"root":[0],"parts":[{"names":{"fragment":"#iteration=1"}}]}',
    "a circle": '{"root":[0],"parts":[{"names":{"fragment":"#iteration=1","place":[0],"undo":[0],"redo":[0]}}]}',
}


@pytest.mark.parametrize("text", LEFT.values(), ids=LEFT)
def test_what_an_older_page_has_left_does_no_harm(explorer: Explorer, text: str) -> None:
    explorer.open()
    explorer.page.evaluate(
        """text => { sessionStorage.setItem("backprop-explorer.tab", "1 1");
        sessionStorage.setItem("backprop-explorer.left", text); }""",
        text,
    )
    explorer.open("#iteration=1")
    explorer.expect_iteration(1)
    explorer.press("n")
    explorer.expect_iteration(2)


def typed(page: Page, value: str) -> Explorer:
    """A page with a weight of its own, that is kept."""
    explorer = Explorer(page)
    number = page.get_by_label("W1[0,0], as a number")
    number.fill(value)
    number.press("Enter")
    expect(page.locator(".changed")).to_contain_text("W1[0,0] −0.5 →")
    return explorer


SLOPE = "/#beat=13&select=W1[0,0]&panel=slope"


def test_two_tabs_of_a_page_keep_apart(context: BrowserContext) -> None:
    """The second is opened by the first, so that it begins with a copy of all that the first keeps."""
    first = context.new_page()
    first.goto(SLOPE)
    a = typed(first, "0.25")
    expect(first).to_have_url(having("&x="))
    with context.expect_page() as opened:
        first.evaluate("open(location.href)")
    second = opened.value
    expect(second.get_by_label("W1[0,0], as a number")).to_have_value("0.25")
    b = typed(second, "0.75")
    second.locator(".card").first.focus()
    b.press("n")
    b.expect_iteration(1)
    a.press("Escape")
    a.expect_iteration(0)
    names = [it.evaluate("sessionStorage.getItem('backprop-explorer.tab')") for it in (first, second)]
    assert names[0] != names[1]
    for page in (first, second):
        page.reload()
    a.expect_iteration(0)
    b.expect_iteration(1)
    assert a.graph_numbers()["W1[0,0]"] == 0.25
    first.get_by_role("button", name="Undo").first.click()
    expect(first.locator(".changed")).to_have_count(0)
