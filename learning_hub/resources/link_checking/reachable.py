"""Decides which addresses the checker may ask: public ones only, so that no link opens a way in."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

NOT_VALID = "It is not a valid address."
PORTS = {"http": 80, "https": 443}
# Addresses in here stand for IPv4 ones, which their last 32 bits hold (RFC 6052).
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


class NotReachable(Exception):
    """The address cannot or must not be asked; the message says why, for an editor."""


@dataclass(frozen=True)
class Target:
    """Where to connect for an address. `places` are what its name stood for when it was looked up.

    They are looked up once and used as they are: a name that changes between the look and the
    connection would get past the guard.
    """

    scheme: str
    host: str
    port: int
    path: str
    places: tuple[str, ...]

    @property
    def host_header(self) -> str:
        """The host as the request names it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def target_of(address: str, *, allow_private: bool = False) -> Target:
    """Where to connect for `address`. Raises NotReachable.

    `allow_private` lets this machine and its network be asked: for tests.
    """
    parts, port = _parts(address)
    host = _host_name(parts.hostname or "")
    places = _look_up(host, port)
    if not allow_private and not all(is_public(place) for place in places):
        raise NotReachable("It leads to an address that is not on the public internet.")
    path = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
    return Target(parts.scheme, host, port, path if path.startswith("/") else f"/{path}", places)


def is_public(place: str) -> bool:
    """Whether an IP address is one of the public internet."""
    found = ipaddress.ip_address(place.partition("%")[0])
    return all(each.is_global and not each.is_multicast for each in (found, *_embedded(found)))


def _embedded(found: IPAddress) -> list[IPAddress]:
    """The IPv4 addresses that an IPv6 one stands for."""
    if isinstance(found, ipaddress.IPv4Address):
        return []
    held: list[IPAddress | None] = [found.ipv4_mapped, found.sixtofour]
    if found in _TRANSLATED:
        held.append(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF))
    held += found.teredo or ()
    return [each for each in held if each is not None]


def _parts(address: str) -> tuple[SplitResult, int]:
    try:
        parts = urlsplit(address)
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        raise NotReachable(NOT_VALID) from None
    if parts.scheme not in PORTS:
        raise NotReachable("It does not lead to a web page.")
    if not parts.hostname:
        raise NotReachable(NOT_VALID)
    return parts, port


def _host_name(host: str) -> str:
    try:
        return host if ":" in host else host.encode("idna").decode("ascii")
    except UnicodeError:
        raise NotReachable(NOT_VALID) from None


def _look_up(host: str, port: int) -> tuple[str, ...]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotReachable("There is no server of this name.") from None
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
