"""A TCP proxy in the test's own event loop that loses what passes through it, as a bad network does."""

import asyncio
from contextlib import suppress
from typing import Self


class LossyProxy:
    """`url` leads to the server at `target`. `lose()` swallows everything in both directions, and new connections with
    it; `cut()` resets all connections; `heal()` lets new ones through again.
    """

    def __init__(self, target: str) -> None:
        host, _, port = target.removeprefix("http://").partition(":")
        self._target = (host, int(port))
        self._losing = False
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        self.cut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def lose(self) -> None:
        self._losing = True

    def cut(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    def heal(self) -> None:
        """What was half lost is of no use any more: such a connection is cut."""
        self.cut()
        self._losing = False

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._writers.add(writer)
        with suppress(OSError, asyncio.CancelledError):
            there_reader, there_writer = await asyncio.open_connection(*self._target)
            self._writers.add(there_writer)
            await asyncio.gather(self._pump(reader, there_writer), self._pump(there_reader, writer))
            self._writers.discard(there_writer)
        self._writers.discard(writer)
        self._tasks.discard(task)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                if not self._losing:
                    writer.write(data)
                    await writer.drain()
        writer.transport.abort() if self._losing else writer.close()
