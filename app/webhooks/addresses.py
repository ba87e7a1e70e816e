"""Where a webhook may go. Who may name an address must not reach, through the server, what only the server can reach.

A name is looked up once for each connection, what it stands for is checked, and the connection goes to that very
address: there is no second look-up that could answer something else.
"""

import asyncio
import ipaddress
import socket
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.errors import InvalidInput
from models.webhook import URL_LENGTH

Lookup = Callable[[str, int], Awaitable[list[str]]]
"""From a host and a port to addresses; raises OSError."""

PORTS = {"http": 80, "https": 443}
PRIVATE = [
    ipaddress.ip_network(network)
    for network in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "::1/128",
        "fc00::/7",
    )
]
"""What the setting opens. Link-local addresses are not among them: clouds hand out their credentials there."""
NEVER = [ipaddress.ip_network(network) for network in ("168.63.129.16/32", "100.100.100.200/32", "fd00:ec2::254/128")]
"""Where clouds hand out credentials at addresses that look public or private (the rest of those are link-local)."""
ROUTED_V6 = ipaddress.ip_network("2000::/3")
"""All of IPv6 that is routed in the Internet; forms of IPv4 such as ::ffff:0:0/96 and 64:ff9b::/96 lie outside."""
UNFIT = [
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",
        "100.64.0.0/10",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "224.0.0.0/3",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
    )
]
"""Tunnels, tests and multicast, some of which `is_global` lets pass in some versions of Python."""


class Unreachable(Exception):
    """No connection is even tried; the text says why."""


@dataclass(frozen=True)
class Destination:
    scheme: str
    host: str
    port: int
    target: str
    """Path and query."""

    @property
    def host_header(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def shown(self) -> str:
        """For everybody: without path and query, which often are the key to the receiver."""
        return f"{self.scheme}://{self.host_header}/" + ("…" if self.target != "/" else "")

    def at(self, address: str) -> str:
        """The URL with an address in place of the name."""
        return f"{self.scheme}://{f'[{address}]' if ':' in address else address}:{self.port}{self.target}"


def destination(url: str) -> Destination:
    """Raises InvalidInput unless it is a http or https URL without a user, a password or a fragment."""
    if not isinstance(url, str) or len(url) > URL_LENGTH:
        raise InvalidInput(f"url is a text of at most {URL_LENGTH} characters", field="url")
    if " " in url or not url.isprintable():
        raise InvalidInput("url holds characters that have to be percent-encoded", field="url")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        host = host if host.isascii() else host.encode("idna").decode()
    except ValueError:
        raise InvalidInput("url cannot be read as a URL", field="url") from None
    if parts.scheme not in PORTS or not host:
        raise InvalidInput("url begins with https:// or http:// and names a host", field="url")
    if parts.username is not None or parts.password is not None:
        raise InvalidInput("url takes no user and no password; the signature says who sends", field="url")
    if "#" in url:
        raise InvalidInput("url has a part after #, which is never sent; leave it out", field="url")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not (host + target).isascii() or "\\" in url or "%" in host or port == 0:
        raise InvalidInput("url holds characters that have to be percent-encoded", field="url")
    return Destination(parts.scheme, host, port or PORTS[parts.scheme], target)


def may_be_reached(address: str, *, private: bool) -> bool:
    """Whether it is a public address, or with `private` also one of a private network or of this machine."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if any(ip in network for network in NEVER):
        return False
    if private and any(ip in network for network in PRIVATE):
        return True
    routed = ip.version == 4 or ip in ROUTED_V6
    return routed and ip.is_global and not any(ip in network for network in UNFIT)


async def addresses_of(place: Destination, lookup: Lookup, *, private: bool) -> list[str]:
    """The addresses of the host that may be connected to, at least one. Raises Unreachable."""
    try:
        found = await lookup(place.host, place.port)
    except OSError:
        raise Unreachable(f"the name {place.host} cannot be found") from None
    allowed = [address for address in found if may_be_reached(address, private=private)]
    if not allowed:
        raise Unreachable(
            f"{place.host} is no public address"
            if private
            else f"{place.host} is a private or local address; the setting webhooks_private allows those"
        )
    return allowed


async def look_up(host: str, port: int) -> list[str]:
    """Asks the system, in a thread that may be left behind: a name server that hangs holds up nobody else."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[str]] = loop.create_future()

    def ask() -> None:
        found: list[str] = []
        problem: OSError | None = None
        try:
            told = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found = list(dict.fromkeys(str(entry[4][0]) for entry in told))
        except (OSError, UnicodeError) as error:
            problem = OSError(str(error))

        def hand_over() -> None:
            if answer.done():
                return
            if problem is not None:
                answer.set_exception(problem)
            else:
                answer.set_result(found)

        with suppress(RuntimeError):  # the server has stopped meanwhile
            loop.call_soon_threadsafe(hand_over)

    threading.Thread(target=ask, name="look-up", daemon=True).start()
    return await answer
