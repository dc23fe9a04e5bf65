"""What the server tells of where others find it."""

import socket
import sys
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.__main__ import _options as parsed
from app.main import create_app
from app.server import addresses
from app.server.addresses import Listening, known_to_others


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.9", "::1", "localhost"])
def test_a_server_of_this_machine_alone_has_none(host: str) -> None:
    assert known_to_others(Listening(host, 8000)) == []


def test_nothing_is_known_of_a_server_that_was_not_told() -> None:
    assert known_to_others(None) == []


def test_an_address_that_was_chosen_is_the_one() -> None:
    assert known_to_others(Listening("192.168.1.5", 8000)) == ["http://192.168.1.5:8000/"]
    assert known_to_others(Listening("fd00::5", 80)) == ["http://[fd00::5]:80/"]
    assert known_to_others(Listening("tower.example", 80)) == ["http://tower.example:80/"]


def test_what_it_was_told_goes_before_all() -> None:
    told = "https://explorer.example.org/"
    assert known_to_others(Listening("127.0.0.1", 8000, told)) == [told]


class _Probe:
    """A socket of a machine with one network."""

    def __init__(self, family: int, _kind: int) -> None:
        self._family = family

    def __enter__(self) -> "_Probe":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def connect(self, _to: tuple[str, int]) -> None:
        if self._family == socket.AF_INET6:
            raise OSError("no such network")

    def getsockname(self) -> tuple[str, int]:
        return "192.168.7.20", 0


def test_one_that_listens_to_all_names_this_machines_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    def looked_up(*_: Any, **__: Any) -> list[Any]:
        names = ("127.0.1.1", "192.168.7.20", "10.0.0.3", "169.254.3.3", "fe80::1%eth0", "fd00::7")
        return [(0, 0, 0, "", (it, 0)) for it in names]

    monkeypatch.setattr(addresses, "_CONTAINERS", ())
    monkeypatch.setattr(socket, "socket", _Probe)
    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    assert known_to_others(Listening("0.0.0.0", 80)) == ["http://192.168.7.20:80/", "http://10.0.0.3:80/"]
    assert known_to_others(Listening("::", 80))[-1] == "http://[fd00::7]:80/"


def test_in_a_container_nothing_is_guessed(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr(addresses, "_CONTAINERS", (tmp_path,))
    assert known_to_others(Listening("0.0.0.0", 80)) == []


def test_the_endpoint_tells_them() -> None:
    listening = Listening("127.0.0.1", 1, "http://tower:8000/")
    answer = TestClient(create_app(listening=listening)).get("/api/v1/addresses")
    assert answer.json() == {"addresses": ["http://tower:8000/"]}
    assert TestClient(create_app()).get("/api/v1/addresses").json() == {"addresses": []}


@pytest.mark.parametrize("text", ["ftp://a/", "explorer", "http://", "http://a b/", "http://me@a/", "http://a/#b"])
def test_what_is_no_address_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["app", "--address", text])
    with pytest.raises(SystemExit):
        parsed()


def test_an_address_ends_where_the_page_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["app", "--address", "https://a.example/deep"])
    assert parsed().address == "https://a.example/deep/"
