"""The walks through formulas: each stop stands at the beat it speaks of, and what its words say is so."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.explorer import Explorer

# Each stop: the beat's sentence, and what is selected.
WALKS = {
    "attention": [
        (r"Iteration 0 begins", None),
        (r"that is V\.", None),
        (r"Multiply the matrices Q and K.*that is S\.2\.", "S.2[1,0]"),
        (r"that is S\.", "S[0,1]"),
        (r"through softmax: that is A\.", "A[2,1]"),
        (r"that is O\.", "O[2,0]"),
        (r"that is ∂C/∂A\.", "A[1,0]"),
        (r"the product is ∂C/∂S\.", "S[1,2]"),
        (r"the product is ∂C/∂WQ\.", "WQ[0,0]"),
        (r"Move W", None),
    ],
    "recurrent": [
        (r"Iteration 0 begins", None),
        (r"that is h1\.", None),
        (r"that is h2\.", None),
        (r"that is C\.", None),
        (r"h3\.3 meets h2, transposed: the product is part of ∂C/∂W\.", "W[0,0]"),
        (r"h2\.3 comes back through W, transposed: that is ∂C/∂h1\.", "h1"),
        (r"h1\.3 meets h0, transposed: the product is part of ∂C/∂W\.", "W[0,0]"),
        (r"Move ", None),
    ],
}


@pytest.mark.parametrize("example", WALKS)
def test_each_stop_stands_at_what_it_speaks_of(explorer: Explorer, example: str) -> None:
    explorer.open(f"#example={example}")
    explorer.button("Walk through this example").click()
    title = explorer.page.locator("#walk-title")
    stops = WALKS[example]
    for number, (said, selected) in enumerate(stops, 1):
        expect(title).to_contain_text(f"{number} of {len(stops)}")
        if number < len(stops):
            expect(explorer.page.locator("[data-sentence]").first).to_have_text(re.compile(said))
            if selected:
                expect(explorer.page).to_have_url(re.compile(f"select={re.escape(selected)}(&|$)"))
            explorer.button("Next").click()
    # The last stop has taken its step by itself; a hundred more, and the example has learned.
    explorer.expect_iteration(1)
    expect(title).to_contain_text("C is smaller")
    explorer.button("A hundred more").click()
    explorer.expect_iteration(101)
    expect(title).to_contain_text("What was learned")
    explorer.button("Finish").click()
    expect(explorer.page.locator(".walk")).to_have_count(0)
    expect(explorer.page.locator(".chooser select")).to_have_value(example)


def test_a_link_leads_to_a_stop_and_reload_stays_there(explorer: Explorer) -> None:
    explorer.open("#example=attention&stop=7&beat=18&select=S[1,2]&panel=inspect")
    title = explorer.page.locator("#walk-title")
    expect(title).to_contain_text("Attention, 8 of 10")
    explorer.page.reload()
    expect(title).to_contain_text("Attention, 8 of 10")
    explorer.press("PageUp")
    expect(title).to_contain_text("Attention, 7 of 10")
    expect(explorer.page.locator("[data-sentence]").first).to_contain_text("∂C/∂A")


def test_the_lecture_is_walked_from_what_has_no_walk_of_its_own(explorer: Explorer) -> None:
    explorer.open("#example=moons")
    explorer.button("Walk through the lecture").click()
    expect(explorer.page.locator("#walk-title")).to_contain_text("The lecture, 1 of 13")
    expect(explorer.page.locator(".chooser select")).to_have_value("lecture")
