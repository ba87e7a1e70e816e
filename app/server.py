"""uvicorn, set up for a board: few milliseconds from a change to every socket, and an end that is quick and quiet."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Awaitable, Callable
from types import FrameType
from typing import Any

import uvicorn

from app.doors.limits import HEARTBEAT_SECONDS

LARGEST_FRAME = 1024 * 1024
"""What NiceGUI's own socket may need; `/ws/connect` has a lower limit of its own."""
GRACE_SECONDS = 0.5
"""How long requests may go on once the server is asked to stop."""


class Server(uvicorn.Server):
    """`start` runs in the event loop ahead of the first request, `live` once requests are answered, and `end` when the
    server is asked to stop: it ends what waits for changes, so that hardly a request has to be cut off.
    """

    def __init__(
        self,
        app: Any,
        *,
        start: Callable[[], Awaitable[None]],
        live: Callable[[], None],
        end: Callable[[], Awaitable[None]],
        access_log: bool = False,
    ) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                lifespan="on",
                ws="websockets-sansio",
                ws_max_size=LARGEST_FRAME,
                ws_ping_interval=HEARTBEAT_SECONDS,
                ws_ping_timeout=HEARTBEAT_SECONDS,
                ws_per_message_deflate=False,  # it would double the cost of a change to a hundred sockets
                log_config=None,
                access_log=access_log,
                server_header=False,
                proxy_headers=False,
            )
        )
        self._start, self._live, self._end = start, live, end

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """To be asked to stop is no failure: unlike uvicorn, the signal is not raised again at the end."""
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await self._start()
        await super().startup(sockets)
        self._live()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._end(), GRACE_SECONDS)
        for connection in list(self.server_state.connections):
            connection.shutdown()
        if not await self._quiet():
            await self._cut_off()
        await super().shutdown(sockets)

    async def _cut_off(self) -> None:
        logging.getLogger("uvicorn.error").addFilter(_is_no_cancellation)
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        for task in list(self.server_state.tasks):
            task.cancel()
        await self._quiet()

    async def _quiet(self) -> bool:
        """Whether all connections and requests came to an end within the grace."""
        try:
            async with asyncio.timeout(GRACE_SECONDS):
                while self.server_state.connections or self.server_state.tasks:  # noqa: ASYNC110 (plain sets)
                    await asyncio.sleep(0.01)
        except TimeoutError:
            return False
        return True


def _is_no_cancellation(record: logging.LogRecord) -> bool:
    """uvicorn logs a request that was cut off as an error of the application, which it is not."""
    return not (record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError))
