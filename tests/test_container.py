"""What the image relies on: the app writes nothing, and only what it needs goes into it.

The image itself is not built here: that takes a container engine, and the network.
"""

import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request

from tests.helpers import lecture
from tests.tools.serving import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
WAIT_SECONDS = 30

# Runs `python -m app`, and tells on standard error of each attempt to change a file. Standard output is none.
TELLING = """
import os, runpy, sys
NONE = (os.devnull, "/proc/self/fd/1")
CHANGES = ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.chmod", "os.link", "os.symlink", "os.truncate",
    "os.utime", "tempfile.mkstemp", "tempfile.mkdtemp")
def watch(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes)):
        path, mode, flags = arguments
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) and path not in NONE:
            print("open", path, mode, file=sys.stderr)
    elif event in CHANGES:
        print(event, arguments, file=sys.stderr)
sys.addaudithook(watch)
sys.argv[0] = "app"
runpy.run_module("app", run_name="__main__", alter_sys=True)
"""


def test_the_app_writes_no_file() -> None:
    command = [sys.executable, "-c", TELLING, "--port", "0", "--no-browser", "--log", "json", "--metrics"]
    environment = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", "OPENBLAS_NUM_THREADS": "1"}
    if "PYTHONPATH" in os.environ:
        environment["PYTHONPATH"] = os.environ["PYTHONPATH"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            url = json.loads(process.stdout.readline())["url"]
            body = json.dumps(lecture()).encode()
            for path in ("", "docs", "js/main.js", "openapi.json", "metrics", "nothing", "api/v1/catalog"):
                answered(url + path)
            for path in ("trace", "step", "train?steps=100", "check", "slope?parameter=W0&row=0&column=0"):
                assert answered(f"{url}api/v1/{path}", body) == 200
        finally:
            process.terminate()
            _, told = process.communicate(timeout=WAIT_SECONDS)
    assert told == ""


def answered(url: str, body: bytes | None = None) -> int:
    request = urllib.request.Request(url, body, {"content-type": "application/json", "accept-encoding": "gzip"})
    try:
        with urllib.request.urlopen(request, timeout=WAIT_SECONDS) as answer:
            answer.read()
            status: int = answer.status
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    return status


def test_the_image_runs_as_a_user_without_rights_and_checks_itself() -> None:
    user = re.findall(r"^USER (\d+):(\d+)$", DOCKERFILE, re.M)
    assert user == [("10001", "10001")], "by number, as Kubernetes wants it"
    assert DOCKERFILE.rindex("USER ") < DOCKERFILE.rindex("CMD ")
    assert re.search(r"^HEALTHCHECK .*\n\s+CMD \[.*/health", DOCKERFILE, re.M)
    assert "--require-hashes" in DOCKERFILE
    assert "PYTHONDONTWRITEBYTECODE=1" in DOCKERFILE


def test_what_is_copied_is_there_and_is_not_ignored() -> None:
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    copied = {name for line in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.M) for name in line.split()}
    assert copied == kept
    assert all((ROOT / name).exists() for name in copied)
