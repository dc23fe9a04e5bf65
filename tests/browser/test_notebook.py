"""What `explore` gives a notebook: a frame whose page answers, though the notebook is of another origin."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from backprop_explorer import explore
from tests.browser.conftest import Guard

X = np.array([[0.5, -1.0], [1.5, 0.3], [0.1, 0.2]])


@pytest.fixture
def notebook() -> Iterator[str]:
    """The address of a page that holds what a notebook would show."""
    weights = [np.array([[0.3, -0.2, 0.5], [0.1, 0.4, -0.6]]), np.array([[0.7, -0.1], [0.2, 0.3], [-0.4, 0.6]])]
    shown = explore(weights, X, np.array([0, 1, 1]), activation=["tanh", "softmax"], show=False)._repr_html_()

    class Notebook(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.end_headers()
            if self.path == "/":
                self.wfile.write(f"<!doctype html><link rel=icon href=data:,><title>A notebook</title>{shown}".encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Notebook) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def test_the_page_answers_in_the_frame_of_a_notebook(page: Page, guard: Guard, notebook: str) -> None:
    guard.allow("request to another host")  # both servers are this test's own
    page.goto(notebook)
    frame = page.frame_locator("iframe")
    expect(frame.locator("[data-verdict]")).to_have_text("The network gets 1 of 3 right.")
    frame.get_by_role("button", name="Teach it one step").click()
    expect(frame.locator(".readout dd").first).to_have_text("1")
