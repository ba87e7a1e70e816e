"""A service on a fresh SQLite file; its REST called in process, and its sockets through a real uvicorn on loopback."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import websockets

from app.doors import Guard, build
from app.doors.limits import SocketLimits
from app.doors.rest.route import DoorRoute
from app.feed import Feed
from app.server import Server
from app.service import Service
from app.settings import Settings
from app.store import Store

PATIENCE = 20
SMALL_BUFFER = 16 * 1024
DOCUMENT: dict[str, Any] = {}
"""What OpenAPI says, made once: it takes longer than most tests."""


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    store = Store.open(f"sqlite:///{tmp_path / 'board.db'}")
    feed = Feed(store)
    await feed.start()
    yield Service(Settings(), store, feed, datetime.now(UTC))
    await feed.stop()
    store.close()


class Promised:
    """Holds every answer against what OpenAPI says of its call: the status, the code of a refusal, the headers."""

    def __init__(self, doors: Any) -> None:
        doors.openapi_schema = DOCUMENT.get("made")
        self._document = DOCUMENT.setdefault("made", doors.openapi())
        self._routes = [route for route in doors.routes if isinstance(route, DoorRoute)]

    async def check(self, response: httpx.Response) -> None:
        request = response.request
        for route in self._routes:
            if request.method in (route.methods or ()) and route.path_regex.match(request.url.path):
                operation = self._document["paths"][route.path][request.method.lower()]
                await response.aread()
                self._hold(response, operation["responses"])

    def _hold(self, response: httpx.Response, promised: dict[str, Any]) -> None:
        told = promised.get(str(response.status_code))
        assert told is not None, f"{response.status_code} is not promised: {response.text}"
        if response.is_success:
            assert set(told.get("headers", ())) - {"Location"} == ({"ETag"} if "etag" in response.headers else set())
        else:
            (schema,) = (one["schema"] for one in told["content"].values())
            assert response.json()["code"] in schema["allOf"][1]["properties"]["code"]["enum"], response.text


@pytest.fixture
async def api(service: Service) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the REST doors, in process."""
    doors = build(service)
    transport = httpx.ASGITransport(Guard(doors, service.settings))
    promised = Promised(doors)
    hooks = {"response": [promised.check]}
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000", event_hooks=hooks) as client:
        yield client


@pytest.fixture
async def board(api: httpx.AsyncClient) -> dict[str, Any]:
    """The snapshot of a board DEMO with three cards in its first column."""
    made = await api.post("/api/v1/boards", json={"name": "Demo", "key": "DEMO"})
    assert made.status_code == 201
    for title in ("one", "two", "three"):
        assert (await api.post("/api/v1/cards", json={"board_id": "DEMO", "title": title})).status_code == 201
    snapshot: dict[str, Any] = (await api.get("/api/v1/boards/DEMO")).json()
    return snapshot


class Peer:
    """A WebSocket client that speaks JSON; `until` skips to the first event that fits."""

    def __init__(self, connection: websockets.ClientConnection) -> None:
        self.connection = connection

    async def say(self, **frame: Any) -> None:
        await self.connection.send(json.dumps(frame))

    async def hear(self) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE):
            heard: dict[str, Any] = json.loads(await self.connection.recv())
        return heard

    async def until(self, event: str) -> dict[str, Any]:
        while (heard := await self.hear())["event"] != event:
            pass
        return heard

    async def changes(self, count: int) -> list[dict[str, Any]]:
        """The next `count` events that carry a sequence."""
        found: list[dict[str, Any]] = []
        while len(found) < count:
            heard = await self.hear()
            if "sequence" in heard:
                found.append(heard)
        return found

    async def ask(self, name: str, **args: Any) -> dict[str, Any]:
        """Send a command and hear its result or error."""
        await self.say(type="command", id="asked", name=name, args=args)
        while (heard := await self.hear()).get("id") != "asked":
            pass
        return heard

    async def closed(self) -> int | None:
        """The code with which the server closes."""
        async with asyncio.timeout(PATIENCE):
            try:
                while True:
                    await self.connection.recv()
            except websockets.ConnectionClosed:
                return self.connection.close_code


@dataclass
class Live:
    """A running server."""

    port: int
    app: Any
    server: Server
    http: httpx.AsyncClient
    open: list[websockets.ClientConnection] = field(default_factory=list)

    async def connect(self, query: str = "", **options: Any) -> Peer:
        """A connected socket that has not yet read anything."""
        connection = await websockets.connect(f"ws://localhost:{self.port}/ws/connect{query}", **options)
        self.open.append(connection)
        return Peer(connection)

    async def connect_slow(self, query: str) -> Peer:
        """A socket that takes little in before it is read."""
        connected = socket.socket()
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
        connected.setblocking(False)
        await asyncio.get_running_loop().sock_connect(connected, ("127.0.0.1", self.port))
        return await self.connect(query, sock=connected, max_queue=1, compression=None)

    async def connections(self, most: int) -> None:
        """Returns when the server holds no more than that many."""
        for _ in range(200):
            if len(self.server.server_state.connections) <= most:
                return
            await asyncio.sleep(0.05)
        pytest.fail(f"the server still holds {len(self.server.server_state.connections)} connections")

    async def join(self, query: str = "?board_id=DEMO") -> Peer:
        """A socket that has heard that it is connected."""
        peer = await self.connect(query)
        assert (await peer.hear())["event"] == "connected"
        return peer


Serve = Callable[..., Any]


@pytest.fixture
async def serve(service: Service) -> Serve:
    """`async with serve(SocketLimits(...)) as live` runs the doors on a free loopback port."""

    @asynccontextmanager
    async def serving(limits: SocketLimits | None = None, port: int = 0) -> AsyncIterator[Live]:
        app = build(service, limits)
        listener = socket.create_server(("127.0.0.1", port))
        listener.setblocking(False)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # small, so that a reader that does not read is noticed soon
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL_BUFFER)
        started = asyncio.Event()
        server = Server(
            Guard(app, service.settings), start=_nothing, live=started.set, end=app.state.close_all, access_log=False
        )
        task = asyncio.create_task(server.serve([listener]))
        await started.wait()
        port = listener.getsockname()[1]
        async with httpx.AsyncClient(base_url=f"http://localhost:{port}") as http:
            live = Live(port, app, server, http)
            try:
                yield live
            finally:
                await asyncio.gather(*(connection.close() for connection in live.open))
                server.should_exit = True
                await task

    return serving


@pytest.fixture
async def live(serve: Serve) -> AsyncIterator[Live]:
    """A running server with a board DEMO that has one card, DEMO-1."""
    async with serve() as running:
        assert (await running.http.post("/api/v1/boards", json={"name": "Demo", "key": "DEMO"})).is_success
        assert (await running.http.post("/api/v1/cards", json={"board_id": "DEMO", "title": "one"})).is_success
        yield running


async def _nothing() -> None:
    """The service's feed runs already."""
