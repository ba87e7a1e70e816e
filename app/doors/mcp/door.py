"""What stands at `/mcp`: it lets in whom the guard lets in, and wakes the MCP server when it is first called.

To import the `mcp` package takes most of a second, so that happens in a thread and not when the board starts.
"""

import asyncio
import importlib
import logging
from contextlib import suppress
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from app.doors.guard import Guard
from app.doors.patience import Patience
from app.doors.problems import problem
from app.errors import Refusal, StoreUnavailable
from app.service import Service

MCP_PATH = "/mcp"
FAREWELL_SECONDS = 0.3
"""How long calls may take to say their last word once the server is asked to stop."""

log = logging.getLogger(__name__)


class PostOnly(Refusal):
    code, status, title = "method_not_allowed", 405, "Method not allowed"


class McpDoor:
    """An ASGI application for the path above; `close` is to be awaited when the server is asked to stop."""

    def __init__(self, service: Service, patience: Patience) -> None:
        self.service = service
        self.patience = patience
        self.closing = asyncio.Event()
        self._judge = Guard(_nobody, service.settings).judge
        self._entrance: asyncio.Future[ASGIApp] | None = None
        self._running: asyncio.Task[None] | None = None
        self._open = 0
        self._quiet = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(scope)
        if refusal is not None:
            headers = {"Allow": "POST"} if isinstance(refusal, PostOnly) else None
            await problem(refusal, headers)(scope, receive, send)
            return
        self._open += 1
        try:
            entrance = await self._awake()
            await entrance(scope, receive, send)
        finally:
            self._open -= 1
            if self._open == 0 and self.closing.is_set():
                self._quiet.set()

    async def close(self) -> None:
        """Everybody who waits or listens is told, and the MCP server ends."""
        self.closing.set()
        if self._open == 0:
            self._quiet.set()
        if self._running is not None:
            with suppress(asyncio.CancelledError):
                await self._running

    def _refusal(self, scope: Scope) -> Refusal | None:
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        origins = [value for name, value in scope["headers"] if name == b"origin"]
        foreign = self._judge(hosts[0] if len(hosts) == 1 else b"", origins[-1] if origins else b"")
        if foreign is not None:
            return foreign
        if scope["method"] != "POST":
            # without sessions there is no stream to open with GET and nothing to end with DELETE
            return PostOnly("MCP clients send POST here, as streamable HTTP without a session", allowed=["POST"])
        return StoreUnavailable("the server is stopping") if self.closing.is_set() else None

    async def _awake(self) -> ASGIApp:
        if self._entrance is None:
            self._entrance = asyncio.get_running_loop().create_future()
            self._running = asyncio.create_task(self._run(self._entrance))
        return await asyncio.shield(self._entrance)

    async def _run(self, entrance: "asyncio.Future[ASGIApp]") -> None:
        """Holds the MCP server's task group, which has to be left by the task that entered it."""
        try:
            server: Any = await asyncio.to_thread(importlib.import_module, "app.doors.mcp.server")
            manager = server.build(self)
        except BaseException as error:
            self._entrance = None  # the next call tries again
            entrance.set_exception(error)
            raise
        async with manager.run():
            entrance.set_result(manager.handle_request)
            await self.closing.wait()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._quiet.wait(), FAREWELL_SECONDS)


async def _nobody(scope: Scope, receive: Receive, send: Send) -> None:
    """The guard is asked for its judgement only."""
