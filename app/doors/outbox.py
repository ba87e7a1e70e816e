"""What goes out on one socket: in order, bounded, and without a task in between as long as the reader keeps up.

A change to a hundred sockets is a hundred calls of `push`. Each takes the server's send coroutine one step, which is
all it needs while the connection takes more; only where it would wait does a task take over and later frames queue.
"""

import asyncio
from collections import deque
from collections.abc import Coroutine
from typing import Any

from starlette.types import Send

from app.doors.limits import SocketLimits
from app.doors.stepping import resumed

TOO_SLOW = 4008


class Outbox:
    def __init__(self, send: Send, limits: SocketLimits) -> None:
        self.closed = False
        self._send = send
        self._limits = limits
        self._waiting: deque[str] = deque()
        self._writer: asyncio.Task[None] | None = None
        self._closing: asyncio.Task[None] | None = None
        self._moved = asyncio.Event()

    def push(self, text: str) -> None:
        """Send the frame, or queue it behind those that wait. A reader that is too far behind is closed."""
        if self.closed:
            return
        if self._writer is not None:
            if len(self._waiting) < self._limits.waiting_frames:
                self._waiting.append(text)
            else:
                self.close(TOO_SLOW, "too slow: come back with since")
            return
        sending = self._send({"type": "websocket.send", "text": text})
        assert isinstance(sending, Coroutine)
        try:
            pending = sending.send(None)
        except StopIteration:
            return
        except (OSError, RuntimeError):
            self.closed = True  # the peer is gone; the session hears of it where it reads
            return
        self._writer = asyncio.ensure_future(self._write(resumed(sending, pending)))

    async def room(self) -> None:
        """Returns when the reader is hardly behind, or the socket is closed. Who answers or replays waits for this."""
        while len(self._waiting) > self._limits.waiting_frames // 10 and not self.closed:
            self._moved.clear()
            await self._moved.wait()

    def close(self, code: int, reason: str) -> None:
        """Close the socket now; frames that wait are dropped."""
        if self.closed:
            return
        self._stop()
        self._closing = asyncio.ensure_future(self._say_goodbye(code, reason))

    async def finish(self) -> None:
        """After the last push: nothing of this outbox is left running."""
        self._stop()
        if self._closing is not None:
            await self._closing

    def _stop(self) -> None:
        self.closed = True
        self._waiting.clear()
        self._moved.set()
        if self._writer is not None and self._writer is not asyncio.current_task():
            self._writer.cancel()

    async def _write(self, first: Coroutine[Any, Any, None]) -> None:
        try:
            async with asyncio.timeout(self._limits.send_seconds):
                await first
            while self._waiting:
                text = self._waiting.popleft()
                self._moved.set()
                async with asyncio.timeout(self._limits.send_seconds):
                    await self._send({"type": "websocket.send", "text": text})
        except TimeoutError:
            self.close(TOO_SLOW, "too slow: come back with since")
        except (OSError, RuntimeError):
            self._stop()
        finally:
            self._writer = None

    async def _say_goodbye(self, code: int, reason: str) -> None:
        try:
            async with asyncio.timeout(self._limits.send_seconds):
                await self._send({"type": "websocket.close", "code": code, "reason": reason})
        except TimeoutError:
            self._abort()
        except (OSError, RuntimeError):
            pass  # it was closed already

    def _abort(self) -> None:
        """Cut the connection of a reader that takes not even the close. ASGI has no word for it; uvicorn's send is a
        method of the connection, and without this it would keep the connection until the system gives up on it.
        """
        transport = getattr(getattr(self._send, "__self__", None), "transport", None)
        if transport is not None:
            transport.abort()
