"""Where others on the network find the server, for a link that is to be opened on another machine."""

import ipaddress
import socket
from pathlib import Path
from typing import NamedTuple

# In a container the address is that of a network which nobody else is in.
_CONTAINERS = (Path("/.dockerenv"), Path("/run/.containerenv"))
# Addresses for documentation, which are nobody's: no packet is sent to choose the way there.
_ELSEWHERE = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
_ANY_PORT = 9


class Listening(NamedTuple):
    """Where the server listens, as it was told; `address` is what others open, where it was told that too."""

    host: str
    port: int
    address: str | None = None


def known_to_others(listening: Listening | None) -> list[str]:
    """The URLs that other machines can open, the likeliest first; none where none is known."""
    if listening is None:
        return []
    if listening.address:
        return [listening.address]
    return [f"http://{in_url(it)}:{listening.port}/" for it in _hosts(listening.host)]


def _hosts(host: str) -> list[str]:
    try:
        at = ipaddress.ip_address(host)
    except ValueError:
        return [] if host == "localhost" else [host]
    if at.is_loopback:
        return []
    if not at.is_unspecified:
        return [host]
    if any(mark.exists() for mark in _CONTAINERS):
        return []
    found = [*_towards_others(), *_of_this_machine()]
    return [it for it in dict.fromkeys(found) if _is_of_use(it) and (at.version == 6 or ":" not in it)]


def _towards_others() -> list[str]:
    """This machine's address on the way to others."""
    found = []
    for family, elsewhere in _ELSEWHERE:
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((elsewhere, _ANY_PORT))
                found.append(str(probe.getsockname()[0]))
        except OSError:
            continue  # no such network
    return found


def _of_this_machine() -> list[str]:
    try:
        return [str(it[4][0]) for it in socket.getaddrinfo(socket.gethostname(), None, type=socket.SOCK_STREAM)]
    except OSError:
        return []


def _is_of_use(host: str) -> bool:
    at = ipaddress.ip_address(host.partition("%")[0])
    return not (at.is_loopback or at.is_link_local or at.is_unspecified)


def in_url(host: str) -> str:
    """As it stands in a URL."""
    return f"[{host}]" if ":" in host else host
