"""The floor: what the same work costs with nothing around it.

Starlette on uvicorn, set up as the board is. A change is one SQLite commit with the board's pragmas, then the same
bytes to every listener in turn, then an answer of the same bytes. The commit is made in the event loop: handing it to
a thread made a fan-out a little slower, and writers not measurably faster. A read answers bytes that lie in memory.
"""

import sqlite3
import sys
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

SEQUENCE = "{sequence}"


class Bare:
    """`folder` holds what to send: `change.json` with a place for the sequence, `answer.json`, and files to be read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, bytes] = {}
        self._answer = (folder / "answer.json").read_bytes()
        self._before, self._after = (folder / "change.json").read_text().split(SEQUENCE)
        self._listeners: list[WebSocket] = []
        self._sequence = 0
        self._database = sqlite3.connect(folder / "bare.db", isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            self._database.execute(f"PRAGMA {pragma}")
        self._database.execute("CREATE TABLE IF NOT EXISTS change (sequence INTEGER PRIMARY KEY, data TEXT NOT NULL)")

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/change", self.change, methods=["POST"]),
                Route("/read/{name}", self.read),
                WebSocketRoute("/listen", self.listen),
            ]
        )

    async def change(self, request: Request) -> Response:
        await request.body()
        self._sequence += 1
        text = f"{self._before}{self._sequence}{self._after}"
        self._database.execute("BEGIN IMMEDIATE")
        self._database.execute("INSERT INTO change VALUES (?, ?)", (self._sequence, text))
        self._database.execute("COMMIT")
        for listener in self._listeners:
            await listener.send_text(text)
        return Response(self._answer, media_type="application/json")

    async def read(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in self._read:
            self._read[name] = (self._folder / name).read_bytes()
        return Response(self._read[name], media_type="application/json")

    async def listen(self, listener: WebSocket) -> None:
        await listener.accept()
        self._listeners.append(listener)
        await listener.send_text('{"event":"connected"}')
        try:
            while True:
                await listener.receive_text()
        except WebSocketDisconnect:
            self._listeners.remove(listener)


def main(folder: str, port: str) -> None:
    uvicorn.run(
        Bare(Path(folder).resolve()).app(),
        host="127.0.0.1",
        port=int(port),
        backlog=2048,
        ws="websockets-sansio",
        ws_ping_interval=15,
        ws_ping_timeout=15,
        ws_per_message_deflate=False,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
