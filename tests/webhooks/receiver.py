"""A receiver of webhooks on a free port of this machine, which answers as it is told to."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

HANG = 0
"""Instead of a status: read the request, and never answer."""


@dataclass
class Received:
    headers: dict[str, str]
    body: bytes

    @property
    def change(self) -> dict[str, Any]:
        change: dict[str, Any] = json.loads(self.body)
        return change

    @property
    def delivery(self) -> str:
        return self.headers["x-kanban-delivery"]


@dataclass
class Receiver:
    """`answers` are the statuses to come, one a request; then it is 204 for all."""

    answers: list[int] = field(default_factory=list)
    location: str = "http://127.0.0.1/"
    received: list[Received] = field(default_factory=list)
    port: int = 0
    _server: asyncio.Server | None = None

    async def start(self) -> "Receiver":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        await asyncio.sleep(0)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?key=k"

    @property
    def sequences(self) -> list[int]:
        return [one.change["sequence"] for one in self.received]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:] if line)}
            body = await reader.readexactly(int(headers["content-length"]))
            self.received.append(Received({**headers, "request": lines[0]}, body))
            status = self.answers.pop(0) if self.answers else 204
            if status == HANG:
                await reader.read()  # until the sender has had enough
                return
            writer.write(f"HTTP/1.1 {status} So\r\nLocation: {self.location}\r\nContent-Length: 0\r\n\r\n".encode())
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
