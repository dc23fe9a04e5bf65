"""The files of deploy/ agree with the app and with each other. That the proxy does what it says is in test_balanced."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app import __version__, limits
from app.__main__ import _options as parsed
from tests.tools.serving import ROOT

DEPLOY = ROOT / "deploy"
PROXY = (DEPLOY / "haproxy.cfg").read_text("utf-8")
NODE = Path(sys.executable).with_name("node")
READ = """
const yaml = require("js-yaml"), fs = require("fs");
console.log(JSON.stringify(yaml.loadAll(fs.readFileSync(process.argv[1], "utf8"))));
"""
GRACE_SECONDS = 10
BYTES_OF_A_NUMBER = 16  # measured: up to 15.04 at the peak of a full trace, its writing included
SPARE = 2  # for what the allocator keeps, and lists that take more than the numbers in them
BASE_BYTES = 150 * 2**20  # a process with all routes warm, and its caches

pytestmark = pytest.mark.skipif(
    not (NODE.exists() and (ROOT / "node_modules" / "js-yaml").exists()),
    reason="NOT RUN: YAML is read by js-yaml, which came with the front end's tools; make js-test installs them",
)


def documents(name: str) -> list[dict[str, Any]]:
    """What a YAML file holds; a reader of YAML 1.2 refuses what is none, and keys given twice."""
    answer = subprocess.run(
        [NODE, "-e", READ, DEPLOY / name], cwd=ROOT, capture_output=True, text=True, timeout=30, check=False
    )
    assert answer.returncode == 0, answer.stderr
    found: list[dict[str, Any]] = json.loads(answer.stdout)
    return found


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    (document,) = documents("compose.yaml")
    return document


@pytest.fixture(scope="module")
def cluster() -> dict[str, Any]:
    """By kind."""
    found = documents("kubernetes.yaml")
    assert len({it["kind"] for it in found}) == len(found) == 4
    return {it["kind"]: it for it in found}


def started(monkeypatch: pytest.MonkeyPatch, command: list[str]) -> Any:
    """The options that a command line of the app's gives; a wrong one raises SystemExit."""
    assert command[:3] == ["python", "-m", "app"]
    monkeypatch.setattr(sys, "argv", command[2:])
    return parsed()


def test_two_replicas_stand_behind_the_proxy(compose: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    services = compose["services"]
    proxy = services["proxy"]
    assert sorted(services) == ["one", "proxy", "two"]
    for name in ("one", "two"):
        options = started(monkeypatch, services[name]["command"])
        assert (options.host, options.grace, options.log) == ("0.0.0.0", GRACE_SECONDS, "json")
        assert proxy["environment"][f"SERVER_{name.upper()}"] == f"{name}:{options.port}"
        assert proxy["depends_on"][name] == {"condition": "service_healthy"}
        assert int(services[name]["stop_grace_period"].removesuffix("s")) > GRACE_SECONDS
        assert "ports" not in services[name], "only the proxy is reached from outside"


def test_no_container_can_write_or_gain_rights(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert "privileged" not in service


def test_what_the_bounds_allow_fits_in_the_memory_that_is_given(
    compose: dict[str, Any], cluster: dict[str, Any]
) -> None:
    allowed = limits.NUMBERS_UNDER_WAY * BYTES_OF_A_NUMBER * SPARE + limits.BODIES_BYTES + BASE_BYTES
    (container,) = cluster["Deployment"]["spec"]["template"]["spec"]["containers"]
    given = [container["resources"]["limits"]["memory"].replace("Gi", "g")]
    given += [compose["services"][name]["mem_limit"] for name in ("one", "two")]
    assert all(allowed <= int(it.removesuffix("g")) * 2**30 for it in given)


def test_make_docker_builds_the_image_that_the_cluster_asks_for() -> None:
    told = subprocess.run(
        ["make", "--dry-run", "docker"], cwd=ROOT, capture_output=True, text=True, timeout=30, check=True
    ).stdout
    assert f"docker build --tag backprop-explorer --tag backprop-explorer:{__version__} ." in told


def test_the_proxy_is_given_all_that_it_reads(compose: dict[str, Any]) -> None:
    assert set(re.findall(r"\$\{(\w+)\}", PROXY)) == set(compose["services"]["proxy"]["environment"])
    assert compose["services"]["proxy"]["volumes"] == ["./haproxy.cfg:/usr/local/etc/haproxy/haproxy.cfg:ro"]


def test_the_proxy_has_the_bounds_of_the_app() -> None:
    assert f"req.body_size gt {limits.BODY_BYTES} }} !{{ path /api/v1/table }}" in PROXY
    assert f"req.body_size gt {limits.TABLE_BYTES} " in PROXY
    problems = [json.loads(it) for it in re.findall(r"application/problem\+json string '(.*?)'", PROXY)]
    assert [it["status"] for it in problems] == [400, 500, 413, 408, 502, 503, 504, 404]
    assert PROXY.count("hdr x-content-type-options nosniff") == len(problems)
    assert all(list(it) == ["type", "title", "status", "detail", "errors"] for it in problems)
    compressed = re.findall(r"compression type (.*)", PROXY)
    assert compressed
    assert "ndjson" not in compressed[0]


@pytest.mark.parametrize(
    "line", ["timeout http-request ", "timeout client ", "tune.bufsize 65536", "tune.http.maxhdr ", " maxconn 1000 "]
)
def test_the_proxy_ends_what_the_app_leaves_to_it(line: str) -> None:
    """Heads that are slow or endless, clients that do not read, too many connections."""
    assert line in PROXY


def test_everything_of_the_cluster_means_the_same_pods(cluster: dict[str, Any]) -> None:
    deployment = cluster["Deployment"]
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    assert deployment["spec"]["selector"]["matchLabels"] == labels
    assert cluster["Service"]["spec"]["selector"] == labels
    assert cluster["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"] == labels
    scaler = cluster["HorizontalPodAutoscaler"]["spec"]
    assert scaler["scaleTargetRef"]["name"] == deployment["metadata"]["name"]
    assert scaler["scaleTargetRef"]["apiVersion"] == deployment["apiVersion"]
    assert "replicas" not in deployment["spec"], "else every apply would undo the autoscaler"
    assert scaler["minReplicas"] > cluster["PodDisruptionBudget"]["spec"]["minAvailable"] >= 1
    versions = {kind: document["apiVersion"] for kind, document in cluster.items()}
    assert versions == {
        "Deployment": "apps/v1",
        "Service": "v1",
        "HorizontalPodAutoscaler": "autoscaling/v2",
        "PodDisruptionBudget": "policy/v1",
    }


def test_a_pod_has_no_rights_and_is_watched(cluster: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    pod = cluster["Deployment"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert container["image"] == f"backprop-explorer:{__version__}"
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert f"\nUSER {pod['securityContext']['runAsUser']}:{pod['securityContext']['runAsGroup']}\n" in (
        ROOT / "Dockerfile"
    ).read_text("utf-8")
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert set(container["resources"]) == {"requests", "limits"}
    assert "cpu" in container["resources"]["requests"], "the autoscaler counts in parts of it"
    (port,) = container["ports"]
    options = started(monkeypatch, [*container["command"], *container["args"]])
    assert (options.port, options.workers, options.metrics) == (port["containerPort"], 1, True)
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert container[probe]["httpGet"] == {"path": "/health", "port": port["name"]}
    assert cluster["Service"]["spec"]["ports"][0]["targetPort"] == port["name"]
    sleep = int(container["lifecycle"]["preStop"]["exec"]["command"][1])
    assert pod["terminationGracePeriodSeconds"] > sleep + options.grace
