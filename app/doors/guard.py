"""In front of everything, http and websocket alike: who may call by which name, how much may be sent, and the headers
that keep a browser from being turned against the board.

A page of another origin could otherwise use a visitor's browser to reach a board on this machine or network, by a
foreign Origin or by a name of its own that points here (DNS rebinding).
"""

import ipaddress
import re
import socket
from functools import lru_cache

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.doors.limits import BODY_BYTES
from app.doors.problems import problem
from app.errors import Refusal, TooLarge
from app.settings import Settings

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
HOST_PATTERN = re.compile(r"(\[[0-9a-fA-F:.]{2,45}\]|[A-Za-z0-9._-]{1,253})(?::([0-9]{1,5}))?")
ORIGIN_PATTERN = re.compile(r"(https?|wss?)://(.+)")
DEFAULT_PORTS = {"http": "80", "ws": "80", "https": "443", "wss": "443"}

# NiceGUI's pages hold inline scripts and styles, and its Vue compiles templates in the browser
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
SECURITY_HEADERS = [
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
]


class ForeignHost(Refusal):
    code, status, title = "foreign_host", 421, "Misdirected request"


class ForeignOrigin(Refusal):
    code, status, title = "foreign_origin", 403, "Foreign origin"


class Guard:
    def __init__(self, app: ASGIApp, settings: Settings, body_bytes: int = BODY_BYTES) -> None:
        self._app = app
        self._body_bytes = body_bytes
        self._named = frozenset(name.lower() for name in settings.allowed_hosts)
        self._beyond = not _is_loopback(settings.host)
        own = {socket.gethostname().lower()} if self._beyond else {settings.host.lower()}
        self._known = LOOPBACK | self._named | own
        self.judge = lru_cache(maxsize=1024)(self._judge)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kind = scope["type"]
        if kind not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        host = origin = length = b""
        chunked = False
        hosts = 0
        for name, value in scope["headers"]:
            if name == b"host":
                host, hosts = value, hosts + 1
            elif name == b"origin":
                origin = value
            elif name == b"content-length":
                length = value
            elif name == b"transfer-encoding":
                chunked = True
        refusal = self.judge(host if hosts == 1 else b"", origin)
        if refusal is None and length and not (length.isdigit() and int(length) <= self._body_bytes):
            refusal = self._too_large()
        if kind == "websocket":
            if refusal is None:
                await self._app(scope, receive, send)
            else:
                await refuse_socket(refusal, scope, receive, send)
            return
        guarded = _with_headers(send)
        if refusal is not None:
            await problem(refusal)(scope, receive, guarded)
        elif chunked:
            await self._measured(scope, receive, guarded)
        else:
            await self._app(scope, receive, guarded)

    def _judge(self, host: bytes, origin: bytes) -> Refusal | None:
        asked = HOST_PATTERN.fullmatch(host.decode("latin-1"))
        if asked is None or not self._is_ours(asked[1].lower()):
            return ForeignHost(
                "this server is not known by that name; set AGENT_KANBAN_ALLOWED_HOSTS to add names it is reached by"
            )
        if origin and not self._is_same(origin.decode("latin-1"), asked):
            return ForeignOrigin("pages of another origin may not use this server")
        return None

    def _is_ours(self, name: str) -> bool:
        return name in self._known or (self._beyond and _is_address(name))

    def _is_same(self, origin: str, asked: re.Match[str]) -> bool:
        parts = ORIGIN_PATTERN.fullmatch(origin)
        given = HOST_PATTERN.fullmatch(parts[2]) if parts else None
        if parts is None or given is None:
            return False
        if given[1].lower() in self._named:
            return True
        port = DEFAULT_PORTS[parts[1]]
        return (given[1].lower(), given[2] or port) == (asked[1].lower(), asked[2] or port)

    async def _measured(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A body of unknown length is counted as it comes; past the limit, the answer is 413 whatever the app says."""
        taken = 0
        started = refused = False

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self._body_bytes:
                await refuse()
                return {"type": "http.disconnect"}
            return message

        async def refuse() -> None:
            nonlocal refused
            if not started and not refused:
                refused = True
                await problem(self._too_large())(scope, receive, send)

        async def unless_refused(message: Message) -> None:
            nonlocal started
            if not refused:
                started = True
                await send(message)

        await self._app(scope, counted, unless_refused)

    def _too_large(self) -> TooLarge:
        return TooLarge(f"a body has at most {self._body_bytes} bytes", allowed=[self._body_bytes])


async def refuse_socket(refusal: Refusal, scope: Scope, receive: Receive, send: Send) -> None:
    """Say no before the handshake, with the refusal's status."""
    await receive()
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1008})
        return
    response: Response = problem(refusal)
    headers = [*response.raw_headers, *SECURITY_HEADERS]
    await send({"type": "websocket.http.response.start", "status": response.status_code, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": response.body})


def _with_headers(send: Send) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *SECURITY_HEADERS]
        await send(message)

    return guarded


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host.strip("[]")).is_loopback)
