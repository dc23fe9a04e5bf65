"""A notebook as somebody would run it: its cell shows the page in a frame, and the page behind that frame answers."""

import ast
import re
import urllib.error
import urllib.request
from pathlib import Path

import nbclient
import nbformat
import pytest

from app import examples

SECONDS = 120
CELLS = (
    """import numpy as np
from backprop_explorer import explore

weights = [np.array([[0.3, -0.2, 0.5], [0.1, 0.4, -0.6]]), np.array([[0.7, -0.1], [0.2, 0.3], [-0.4, 0.6]])]
x = np.array([[0.5, -1.0], [1.5, 0.3], [0.1, 0.2]])
shown = explore(weights, x, np.array([0, 1, 1]), activation=["tanh", "softmax"], show=False)
shown""",
    """import urllib.request
address = shown.url.partition("#")[0]
page = urllib.request.urlopen(address)
(page.status, page.headers["content-security-policy"].partition("frame-ancestors")[2].split(";")[0].strip())""",
    """import json
print(json.load(urllib.request.urlopen(address + "api/v1/examples/lecture"))["title"])""",
)


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> list[nbformat.NotebookNode]:
    """What the cells gave, run one after another in a kernel of their own."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    folder = tmp_path_factory.mktemp("notebook")
    root = str(Path(__file__).parent.parent)
    client = nbclient.NotebookClient(
        notebook, timeout=SECONDS, kernel_name="python3", resources={"metadata": {"path": root}}
    )
    client.execute()
    nbformat.write(notebook, folder / "run.ipynb")
    return [cell.outputs[-1] for cell in notebook.cells]


def test_a_cell_shows_the_page_in_a_frame(outputs: list[nbformat.NotebookNode]) -> None:
    html = outputs[0]["data"]["text/html"]
    assert re.search(r'<iframe [^>]*src="http://127\.0\.0\.1:\d+/#', html)


def test_the_page_behind_the_frame_answers_and_lets_itself_be_framed(outputs: list[nbformat.NotebookNode]) -> None:
    status, ancestors = ast.literal_eval(outputs[1]["data"]["text/plain"])
    assert status == 200
    assert ancestors not in ("", "'none'")
    assert outputs[2]["text"].strip() == examples.load()["lecture"].experiment["title"]


def test_the_server_ends_with_the_kernel(outputs: list[nbformat.NotebookNode]) -> None:
    address = re.search(r'src="(http://127\.0\.0\.1:\d+/)', outputs[0]["data"]["text/html"])
    assert address is not None
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(address[1], timeout=5)
