"""A present to take home: a link that others can open, a code for the room, a picture, a moving one, a file."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.explorer import API, Explorer

OTHERS = ["http://192.168.1.5:8000/", "http://10.0.0.3:8000/"]
MOST_BYTES = 8_000_000
SMALL: Any = {"width": 800, "height": 640}
# Whether the code is as large as the screen lets it be.
LARGE = """it => {
    const { width, height, top, bottom } = it.getBoundingClientRect();
    return Math.abs(width - height) < 1 && width > 0.6 * Math.min(innerWidth, innerHeight)
        && top >= 0 && bottom <= innerHeight;
}"""


def tell(page: Page, addresses: list[str]) -> None:
    """The server listens so that others find it there."""
    page.route(f"**{API}/addresses", lambda route: route.fulfill(json={"addresses": addresses}))


def link(explorer: Explorer) -> Locator:
    return explorer.page.get_by_label("Link to this view")


def saved(explorer: Explorer, name: str, tmp_path: Path) -> bytes:
    with explorer.page.expect_download() as saving:
        explorer.button(name).click()
    path = tmp_path / saving.value.suggested_filename
    saving.value.save_as(path)
    return path.read_bytes()


def test_the_link_has_an_address_that_others_can_open(explorer: Explorer) -> None:
    tell(explorer.page, OTHERS)
    explorer.open("#beat=3")
    explorer.press("l")
    expect(link(explorer)).to_have_value(OTHERS[0] + "#beat=3")
    explorer.page.get_by_label("Address").select_option(OTHERS[1])
    expect(link(explorer)).to_have_value(OTHERS[1] + "#beat=3")


def test_on_this_machine_alone_the_dialog_says_what_to_do(explorer: Explorer) -> None:
    tell(explorer.page, [])
    explorer.open("#beat=3")
    explorer.press("l")
    expect(link(explorer)).to_have_value(explorer.page.url)
    expect(explorer.page.get_by_role("dialog")).to_contain_text("--host 0.0.0.0")
    expect(explorer.button("QR code for the room")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_code_fills_the_screen_in_dark_on_white(explorer: Explorer, scheme: Any) -> None:
    tell(explorer.page, OTHERS)
    explorer.page.emulate_media(color_scheme=scheme)
    explorer.open("#beat=3")
    explorer.press("l")
    explorer.button("QR code for the room").click()
    code = explorer.page.get_by_role("img", name=f"QR code of {OTHERS[0]}")
    expect(code).to_be_visible()
    assert code.evaluate(LARGE)
    fills = code.locator("*").evaluate_all("all => all.map(it => getComputedStyle(it).fill)")
    assert fills == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
    explorer.button("Back").last.click()
    expect(link(explorer)).to_be_visible()


def test_a_beat_is_saved_as_a_moving_picture(explorer: Explorer, tmp_path: Path) -> None:
    explorer.page.emulate_media(reduced_motion="no-preference")
    explorer.page.set_viewport_size(SMALL)
    explorer.open("#beat=2")
    expect(explorer.page.locator("link[href$='films.css']")).to_be_attached()
    explorer.press("l")
    gif = saved(explorer, "This beat, moving (GIF)", tmp_path)
    assert gif.startswith(b"GIF89a")
    width, height = (int.from_bytes(gif[at : at + 2], "little") for at in (6, 8))
    assert 700 < width <= 1280
    assert height > 300
    assert gif.count(b"\x21\xf9\x04") >= 15, "a frame each"
    assert b"NETSCAPE2.0" in gif, "it begins again"
    assert len(gif) < MOST_BYTES
    expect(explorer.page.get_by_role("dialog")).to_contain_text("Saved, ")
    explorer.press("Escape")
    explorer.expect_beat(2)


def test_a_calm_reader_has_a_still_of_each_beat(explorer: Explorer, tmp_path: Path) -> None:
    explorer.page.set_viewport_size(SMALL)
    explorer.open("#example=scalar&beat=3")
    beats = explorer.beats
    explorer.press("l")
    gif = saved(explorer, "The iteration, moving (GIF)", tmp_path)
    assert gif.count(b"\x21\xf9\x04") == beats + 1


def test_a_moving_picture_is_cancelled(explorer: Explorer) -> None:
    explorer.page.emulate_media(reduced_motion="no-preference")
    explorer.open("#beat=2")
    explorer.press("l")
    explorer.button("The iteration, moving (GIF)").click()
    expect(explorer.page.get_by_label("Frames drawn")).to_be_visible()
    explorer.button("Cancel").click()
    expect(explorer.button("The iteration, moving (GIF)")).to_be_visible()
    explorer.press("Escape")
    explorer.expect_beat(2)
    expect(explorer.page.locator("html.recording")).to_have_count(0)


def test_without_a_picture_the_dialog_says_so(explorer: Explorer) -> None:
    explorer.open("#view=table&beat=2")
    explorer.press("l")
    for name in ("PNG", "This beat, moving (GIF)"):
        explorer.button(name).click()
        expect(explorer.page.get_by_role("dialog").get_by_role("alert")).to_contain_text("choose Graph or Neurons")


def test_a_picture_has_its_hatching(explorer: Explorer, tmp_path: Path) -> None:
    explorer.open("#beat=15")
    explorer.press("l")
    picture = saved(explorer, "SVG", tmp_path).decode()
    assert 'fill="url(&quot;#stale-hatch&quot;)"' in picture
    assert 'id="stale-hatch"' in picture
    assert saved(explorer, "PNG", tmp_path).startswith(b"\x89PNG")
