"""Every command that the README shows works as it stands there."""

import json
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.__main__ import _options as parsed

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = [line.strip() for line in README.splitlines() if line.startswith("    ")]
WAIT_SECONDS = 60
MOST_OF_A_PICTURE = 1_500_000


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A server started the way the README says, on a free port: host:port."""
    command = next(line for line in COMMANDS if line.startswith("python -m app")).split()
    command = [sys.executable, *command[1:]]
    command[command.index("--port") + 1] = "0"
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        found = re.search(r"http://([\d.:]+)/", process.stdout.readline())
        assert found
        try:
            yield found[1]
        finally:
            process.terminate()
            process.wait(WAIT_SECONDS)


def test_the_readme_begins_with_a_picture_that_is_there() -> None:
    pictures = re.findall(r'(?:src|srcset)="([^"]+)"', README)
    assert README.startswith("<picture>")
    assert pictures
    assert all((ROOT / picture).is_file() for picture in pictures)


@pytest.mark.parametrize("picture", ["docs/page-light.gif", "docs/page-dark.gif"])
def test_the_picture_moves_and_is_soon_there(picture: str) -> None:
    content = (ROOT / picture).read_bytes()
    assert f'"{picture}"' in README
    assert content.startswith(b"GIF89a")
    assert content.count(b"\x21\xf9\x04") > 30, "one for each of its frames"
    assert len(content) < MOST_OF_A_PICTURE
    assert (ROOT / picture).with_suffix(".png").is_file(), "for readers who want less motion"


@pytest.mark.parametrize("line", [line for line in COMMANDS if line.startswith("python -m app ")])
def test_the_app_knows_the_options(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", line.split()[2:])
    assert parsed().no_browser, "else it exits with what is wrong"


def test_every_command_shown_is_tested_here() -> None:
    known = ("make ", "python -m app ", "curl ")
    assert [line for line in COMMANDS if not line.startswith(known)] == []


@pytest.mark.parametrize("line", [line for line in COMMANDS if line.startswith("make ")])
def test_make_knows_the_target(line: str) -> None:
    target = line.split("#")[0].split()[1]
    answer = subprocess.run(
        ["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True, timeout=WAIT_SECONDS
    )
    assert answer.returncode == 0, answer.stderr


def test_the_addresses_of_the_curl_line_answer(address: str) -> None:
    line = next(line for line in COMMANDS if line.startswith("curl "))
    first, second = [url.replace("localhost:8000", address) for url in re.findall(r"localhost:8000\S+", line)]
    with urllib.request.urlopen(f"http://{first}", timeout=WAIT_SECONDS) as answer:
        experiment = answer.read()
    headers = {"content-type": "application/json"}
    request = urllib.request.Request(f"http://{second}", experiment, headers)
    with urllib.request.urlopen(request, timeout=WAIT_SECONDS) as answer:
        assert json.load(answer)["experiment"]["iteration"] == 1


@pytest.mark.skipif(
    shutil.which("curl") is None, reason="this machine has no curl; the endpoints have tests of their own"
)
@pytest.mark.parametrize(
    ("endpoint", "field"),
    [
        ("/step", "experiment"),
        ("/chain", "terms"),
        ("/slope", "costs"),
        ("/check", "entries"),
        ("/train", "experiment"),
        ("/initialize", "network"),
        ("/table", "data"),
        ("onnx localhost:8000/api/v1/model", "experiment"),
        ("]]}' localhost:8000/api/v1/model", "experiment"),
    ],
)
def test_every_curl_line_answers_in_a_shell(address: str, endpoint: str, field: str) -> None:
    line = next(line for line in COMMANDS if line.startswith("curl ") and endpoint in line)
    line = line.replace("localhost:8000", address)
    answer = subprocess.run(line, shell=True, capture_output=True, text=True, timeout=WAIT_SECONDS, cwd=ROOT)
    assert json.loads(answer.stdout.splitlines()[-1])[field]
