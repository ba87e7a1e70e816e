"""The wire at /mcp: what is no message, who may call, and how the door opens and closes."""

import asyncio
import subprocess
import sys

import httpx

from app.doors import Guard, build
from app.doors.mcp.door import McpDoor
from app.doors.patience import Patience
from app.service import Service
from app.settings import Settings
from tests.processes import ROOT

LIST_TOOLS = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
JSON = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
MODERN = {**JSON, "MCP-Protocol-Version": "2026-07-28"}
MALFORMED = [
    b"",
    b"{",
    b"null",
    b"[]",
    b'"text"',
    b"\xff\xfe",
    b"[" * 50_000,
    b'{"jsonrpc":"2.0","id":{},"method":"ping"}',
    b'[{"jsonrpc":"2.0","id":1,"method":"ping"}]',
    b'{"jsonrpc":"2.0","id":1}',
    b'{"jsonrpc":"2.0","id":1,"method":"no/such"}',
    b'{"jsonrpc":"2.0","id":1,"method":"tools/call"}',
    b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":[]}',
    b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":5}}',
    b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_board","arguments":[]}}',
    b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_card","arguments":{"card_id":"\\u0000"}}}',
    b'{"jsonrpc":"2.0","id":1,"result":{}}',
]


async def test_malformed_messages_are_answered_and_never_a_500(api: httpx.AsyncClient) -> None:
    for headers in (JSON, MODERN, {}, {"Content-Type": "application/json"}):
        for body in MALFORMED:
            answer = await api.post("/mcp", content=body, headers=headers)
            assert answer.status_code < 500, (body, answer.text)
    for method in ("GET", "DELETE", "PUT"):
        answer = await api.request(method, "/mcp", headers=JSON)
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


async def test_the_door_lets_in_whom_the_guard_lets_in(service: Service) -> None:
    opened = Settings(host="0.0.0.0", open=True, allowed_hosts=("board.example",))
    kept = Settings()
    cases = [
        (kept, {"host": "localhost:1234"}, 200),
        (kept, {"host": "LOCALHOST"}, 200),
        (kept, {"host": "[::1]:9"}, 200),
        (kept, {"host": "10.1.2.3:8000"}, 421),
        (kept, {"host": "evil.example"}, 421),
        (kept, {"host": "localhost:1", "origin": "http://localhost:1"}, 200),
        (kept, {"host": "localhost:1", "origin": "http://localhost:2"}, 403),
        (kept, {"host": "localhost:1", "origin": "null"}, 403),
        (opened, {"host": "10.1.2.3:99"}, 200),
        (opened, {"host": "10.1.2.3:99", "origin": "http://10.1.2.3:99"}, 200),
        (opened, {"host": "10.1.2.3:99", "origin": "http://evil.example"}, 403),
        (opened, {"host": "board.example"}, 200),
        (opened, {"host": "10.1.2.3", "origin": "https://board.example"}, 200),
        (opened, {"host": "evil.example"}, 421),
    ]
    for settings in (kept, opened):
        service.settings = settings
        app = build(service)
        for guarded in (Guard(app, settings), app):  # the door asks by itself, too
            async with httpx.AsyncClient(transport=httpx.ASGITransport(guarded), base_url="http://x") as client:
                for one, headers, status in cases:
                    if one is settings:
                        answer = await client.post("/mcp", json=LIST_TOOLS, headers=headers)
                        assert answer.status_code == status, (headers, answer.text)
        await app.state.close_all()


async def test_after_the_end_nobody_is_let_in(service: Service) -> None:
    app = build(service)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
        assert (await client.post("/mcp", json=LIST_TOOLS)).is_success
        await app.state.close_all()
        answer = await client.post("/mcp", json=LIST_TOOLS)
        assert (answer.status_code, answer.json()["code"]) == (503, "store_unavailable")


async def test_many_first_calls_wake_one_server(service: Service) -> None:
    app = build(service)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
        answers = await asyncio.gather(*(client.post("/mcp", json=LIST_TOOLS) for _ in range(10)))
        assert {answer.status_code for answer in answers} == {200}
    await app.state.close_all()


async def test_a_door_that_nobody_called_closes_at_once(service: Service) -> None:
    door = McpDoor(service, Patience.__new__(Patience))
    await door.close()
    assert door.closing.is_set()


def test_the_mcp_package_is_not_imported_before_the_first_call() -> None:
    found = "import sys, app.doors; sys.exit(any(name.split('.')[0] in ('mcp', 'httpx2') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", found], cwd=ROOT, timeout=60, check=False).returncode == 0
