"""The listening socket, bound before anything heavy is imported: a port in use or an unsafe address shows at once."""

import errno
import ipaddress
import os
import socket

from app.errors import CannotStart
from app.settings import InvalidSetting, Settings

BACKLOG = 2048
UNANSWERED_MS = 30_000
"""A connection whose peer acknowledges nothing for two heartbeats is dead, and the system closes it."""


def listen(settings: Settings) -> socket.socket:
    """A socket that listens on the host and port of the settings.

    Raises InvalidSetting for an address that is unknown or open by accident, CannotStart for a port that is taken.
    """
    family, address = _resolve(settings.host, settings.port)
    if not settings.open and not ipaddress.ip_address(address[0]).is_loopback:
        raise InvalidSetting(f"host {settings.host} would let everyone on the network in; add --open if that is meant")
    # the protocol is named for asyncio, which else leaves Nagle on and answers 40 ms late
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNANSWERED_MS)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as problem:
        listener.close()
        raise _refusal(problem, settings) from problem
    listener.setblocking(False)
    return listener


def url_of(listener: socket.socket) -> str:
    """Where this machine reaches the listener."""
    host, port = listener.getsockname()[:2]
    if ipaddress.ip_address(host).is_unspecified:
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _resolve(host: str, port: int) -> tuple[socket.AddressFamily, tuple]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as problem:
        raise InvalidSetting(f"host {host!r} is not known; write an address of this machine") from problem
    # localhost is often both ::1 and 127.0.0.1; the address that is printed should be the common one
    family, _, _, _, address = min(found, key=lambda entry: entry[0] != socket.AF_INET)
    return family, address


def _refusal(problem: OSError, settings: Settings) -> CannotStart:
    if problem.errno == errno.EADDRINUSE:
        return CannotStart(f"port {settings.port} of {settings.host} is in use; choose another with --port")
    if problem.errno == errno.EADDRNOTAVAIL:
        return InvalidSetting(f"host {settings.host} is no address of this machine")
    return CannotStart(f"cannot listen on port {settings.port} of {settings.host}: {problem.strerror}")
