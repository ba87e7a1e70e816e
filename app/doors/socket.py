"""`/ws/connect`: accepts sockets, keeps count of them, and closes them all when the server stops."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from starlette.types import Receive, Scope, Send

from app.doors.guard import refuse_socket
from app.doors.limits import CommandLimit, Places, SocketLimits
from app.doors.outbox import Outbox
from app.doors.rooms import Rooms
from app.doors.session import Session
from app.errors import TooMuch
from app.service import Service

GOING_AWAY = 1012
GOODBYE_SECONDS = 0.3


class SocketDoor:
    """The ASGI application of the path, and what all its sockets share."""

    def __init__(self, service: Service, limits: SocketLimits, places: Places, command_limit: CommandLimit) -> None:
        self.service = service
        self.limits = limits
        self.command_limit = command_limit
        self.rooms = Rooms(service.feed.presence, limits.crowd)
        self._places = places
        self._outboxes: set[Outbox] = set()
        self._closing = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        address = scope["client"][0] if scope.get("client") else ""
        try:
            self._places.take(address)
        except TooMuch as refusal:
            await refuse_socket(refusal, scope, receive, send)
            return
        try:
            await self._serve(scope, receive, send)
        finally:
            self._places.give_back(address)

    async def close_all(self) -> None:
        """Every socket is told that the server goes away, which takes a moment at most."""
        self._closing = True
        outboxes = tuple(self._outboxes)
        for outbox in outboxes:
            outbox.close(GOING_AWAY, "the server is stopping: come back with since")
        if outboxes:
            await asyncio.wait([asyncio.ensure_future(o.finish()) for o in outboxes], timeout=GOODBYE_SECONDS)

    def stats(self) -> dict[str, Any]:
        """Open sockets, boards that have one, and the age of the server in seconds."""
        uptime = (datetime.now(UTC) - self.service.started_at).total_seconds()
        return {"connections": len(self._outboxes), "boards": len(self.rooms), "uptime_seconds": round(uptime)}

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await send({"type": "websocket.accept"})
        except OSError:
            return  # hung up during the handshake
        outbox = Outbox(send, self.limits)
        self._outboxes.add(outbox)
        if self._closing:
            outbox.close(GOING_AWAY, "the server is stopping")
        session = Session(self, outbox, scope["query_string"])
        try:
            await session.run(receive)
        finally:
            session.leave_all()
            self._outboxes.discard(outbox)
            await outbox.finish()
