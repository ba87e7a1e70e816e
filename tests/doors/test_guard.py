"""Nobody reaches the board through a foreign page or under a foreign name, and nobody sends too much."""

import socket
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import websockets

from app.doors import Guard
from app.settings import Settings


async def _app(scope: Any, receive: Any, send: Any) -> None:
    """Reads the body and answers its length."""
    length = 0
    while True:
        message = await receive()
        length += len(message.get("body", b""))
        if not message.get("more_body"):
            break
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(length).encode()})


async def _get(settings: Settings, host: str, **headers: str) -> httpx.Response:
    transport = httpx.ASGITransport(Guard(_app, settings))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        return await client.get("/", headers={"Host": host, **headers})


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8000", "127.0.0.1:1", "[::1]:8000", "LocalHost", "board.test"]
)
async def test_known_names_are_let_in(host: str) -> None:
    assert (await _get(Settings(allowed_hosts=("Board.test",)), host)).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "evil.example:8000",
        "10.0.0.5",
        "",
        "a b",
        "localhost:x",
        "localhost/x",
        "user@localhost",
        "[::1",
        "localhost:8000:8000",
        "x.localhost",
    ],
)
async def test_foreign_and_malformed_names_are_misdirected(host: str) -> None:
    refused = await _get(Settings(), host)
    assert (refused.status_code, refused.json()["code"]) == (421, "foreign_host")
    assert refused.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("host", ["10.0.0.5:8000", "[fe80::1]", socket.gethostname()])
async def test_beyond_loopback_addresses_and_the_own_name_are_known(host: str) -> None:
    assert (await _get(Settings(host="0.0.0.0", open=True), host)).status_code == 200
    assert (await _get(Settings(host="0.0.0.0", open=True), "evil.example")).status_code == 421


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("localhost:8000", "http://localhost:8000"),
        ("localhost", "http://localhost:80"),
        ("board.test", "https://board.test"),
        ("localhost:8000", "https://board.test:444"),
    ],
)
async def test_the_own_origin_is_let_in(host: str, origin: str) -> None:
    assert (await _get(Settings(allowed_hosts=("board.test",)), host, Origin=origin)).status_code == 200


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "http://evil.example",
        "http://localhost:8001",
        "http://localhost",
        "https://localhost:8000.evil.example",
        "file://",
        "http://",
        "http://127.0.0.1:8000",
        "nonsense",
    ],
)
async def test_a_foreign_origin_is_forbidden(origin: str) -> None:
    refused = await _get(Settings(), "localhost:8000", Origin=origin)
    assert (refused.status_code, refused.json()["code"]) == (403, "foreign_origin")


async def test_a_second_host_header_is_refused() -> None:
    transport = httpx.ASGITransport(Guard(_app, Settings()))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        request = httpx.Request("GET", "http://localhost/", headers=[("Host", "localhost"), ("Host", "evil.example")])
        assert (await client.send(request)).status_code == 421


async def test_every_answer_carries_the_security_headers(api: httpx.AsyncClient) -> None:
    for path in ("/healthz", "/api/v1/boards", "/api/v1/nothing", "/docs"):
        headers = (await api.get(path)).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "object-src 'none'" in headers["content-security-policy"]
        assert "connect-src 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
    refused = await api.get("/healthz", headers={"Origin": "null"})
    assert "content-security-policy" in refused.headers


async def _chunks(count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield b"x" * 10


@pytest.mark.parametrize(("count", "status"), [(10, 200), (11, 413)])
@pytest.mark.parametrize("chunked", [True, False])
async def test_a_body_past_the_limit_is_too_large(count: int, status: int, chunked: bool) -> None:
    transport = httpx.ASGITransport(Guard(_app, Settings(), body_bytes=100))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        content: Any = _chunks(count) if chunked else b"x" * 10 * count
        answer = await client.post("/", content=content)
    assert answer.status_code == status
    if status == 413:
        assert answer.json()["code"] == "too_large"


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
@pytest.mark.parametrize("path", ["/ws/connect", "/_nicegui_ws/socket.io/"])
async def test_a_socket_of_a_foreign_page_is_refused_before_the_handshake(live: Any, origin: str, path: str) -> None:
    with pytest.raises(websockets.InvalidStatus) as refused:
        await websockets.connect(f"ws://localhost:{live.port}{path}", origin=websockets.Origin(origin))
    assert refused.value.response.status_code == 403
    assert b"foreign_origin" in refused.value.response.body


async def test_a_socket_under_a_foreign_name_is_misdirected(live: Any) -> None:
    with pytest.raises(websockets.InvalidStatus) as refused:
        await websockets.connect(f"ws://evil.example:{live.port}/ws/connect", host="localhost", port=live.port)
    assert refused.value.response.status_code == 421


async def test_a_socket_of_the_own_page_is_let_in(live: Any) -> None:
    peer = await live.connect(origin=websockets.Origin(f"http://localhost:{live.port}"))
    assert (await peer.hear())["event"] == "connected"
