"""The wheel: built, installed alone into a fresh environment, started by its command, asked."""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from app import __version__
from tests.test_main import ask

ROOT = Path(__file__).resolve().parents[1]
UV = Path(sys.executable).with_name("uv")
WAIT_SECONDS = 300


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    subprocess.run([UV, "build", "--quiet", "--wheel", "--out-dir", out, ROOT], check=True, timeout=WAIT_SECONDS)
    (built,) = out.glob("*.whl")
    return built


def installed(folder: Path, *packages: str | Path) -> Path:
    """The folder of the commands of a fresh environment that has the packages, and what they need, alone."""
    subprocess.run([UV, "venv", "--quiet", "--python", sys.executable, folder / "env"], check=True)
    scripts = folder / "env" / ("Scripts" if os.name == "nt" else "bin")
    install = [UV, "pip", "install", "--quiet", "--python", scripts / "python", *packages]
    subprocess.run(install, check=True, timeout=WAIT_SECONDS)
    return scripts


def test_the_wheel_holds_the_app_and_its_page_and_nothing_at_the_top_but_its_own(wheel: Path) -> None:
    assert wheel.name == f"backprop_explorer-{__version__}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {name.split("/")[0] for name in names} == {
        "backprop_explorer",
        f"backprop_explorer-{__version__}.dist-info",
    }
    inside = {name.removeprefix("backprop_explorer/") for name in names}
    listed = subprocess.run(["git", "ls-files", "app", "static"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(listed.stdout.split("\n")) - {""} <= inside
    assert not [name for name in names if "__pycache__" in name]


def test_installed_alone_its_command_serves_page_and_api(wheel: Path, tmp_path: Path) -> None:
    scripts = installed(tmp_path, wheel)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [str(scripts / "backprop-explorer"), "--port", "0", "--no-browser", "--workers", "2"]
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            found = re.search(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())
            assert found
            assert b"<html" in ask(found[0])
            assert json.loads(ask(found[0] + "health"))["version"] == __version__
            example = ask(found[0] + "api/v1/examples/attention")
            assert json.loads(ask(found[0] + "api/v1/step", example))["experiment"]["iteration"] == 1
        finally:
            process.terminate()
            process.wait(WAIT_SECONDS)


# Cross-entropy over the shares that scikit-learn itself gives.
EXPLORED = """
import json, urllib.request, warnings
import numpy as np
from sklearn.datasets import load_iris
from sklearn.metrics import log_loss
from sklearn.neural_network import MLPClassifier
from backprop_explorer import explore
warnings.simplefilter("ignore")
x, y = load_iris(return_X_y=True)
x = ((x - x.mean(axis=0)) / x.std(axis=0))[::5]
y = y[::5]
model = MLPClassifier(hidden_layer_sizes=(4,), max_iter=50, random_state=1).fit(x, y)
shown = explore(model, x, y, show=False)
address = shown.url.split("#")[0]
body = json.dumps(shown.experiment).encode()
request = urllib.request.Request(address + "api/v1/trace", body, {"content-type": "application/json"})
trace = json.load(urllib.request.urlopen(request, timeout=60))
assert b"<html" in urllib.request.urlopen(address, timeout=60).read()
print(json.dumps([trace["cost"], log_loss(y, model.predict_proba(x)), len(shown.experiment["network"]["layers"])]))
"""


def test_explore_opens_a_model_of_scikit_learn(wheel: Path, tmp_path: Path) -> None:
    python = installed(tmp_path, wheel, "scikit-learn") / "python"
    ran = subprocess.run([python, "-c", EXPLORED], cwd=tmp_path, capture_output=True, text=True, timeout=WAIT_SECONDS)
    assert ran.returncode == 0, ran.stderr
    cost, loss, layers = json.loads(ran.stdout)
    assert layers == 2
    assert cost == pytest.approx(loss, rel=1e-9)
