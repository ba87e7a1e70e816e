"""One piece of work through every door: the same activities but for `via`, and one refusal where a gate is closed.

Each door is held against REST. A person on the page does it as people do, and an agent over MCP as agents do.
"""

import logging
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.doors import build
from app.doors.mcp.refusals import teach
from app.errors import GateClosed
from app.feed import Feed
from app.service import Service
from app.settings import Settings
from app.store import Store
from app.views import Actor
from models.vocabulary import ActorKind, Via
from tests.doors.conftest import Serve
from tests.doors.mcp_clients import agent, bridge
from tests.doors.on_the_page import over_page
from tests.doors.same_work import CARD, Do, Workshop, over_mcp, over_rest, over_socket

ANN = Actor(name="Ann", kind=ActorKind.HUMAN, via=Via.UI)
ROBOT = Actor(name="agent-7", kind=ActorKind.AGENT, via=Via.MCP)


@dataclass
class Elsewhere:
    """Another board, where the same is done over REST."""

    desk: Workshop
    http: httpx.AsyncClient


@pytest.fixture
async def elsewhere(tmp_path: Path, migrated_file: Path) -> AsyncIterator[Elsewhere]:
    shutil.copy(migrated_file, tmp_path / "elsewhere.db")
    store = Store.open(f"sqlite:///{tmp_path / 'elsewhere.db'}")
    feed = Feed(store)
    await feed.start()
    transport = httpx.ASGITransport(build(Service(Settings(), store, feed, datetime.now(UTC))))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as http:
        yield Elsewhere(Workshop(store), http)
    await feed.stop()
    store.close()


@asynccontextmanager
async def through(door: str, serve: Serve, service: Service, desk: Workshop, folder: Path) -> AsyncIterator[Do]:
    if door == "page":
        async with over_page(service, desk, ANN) as do:
            yield do
        return
    async with serve() as live:
        if door == "socket":
            yield await over_socket(live, ANN)
        elif door == "mcp":
            async with agent(live.port, ROBOT.name) as client:
                yield over_mcp(client, desk)
        else:
            async with bridge(live.port, folder / "errors", actor=ROBOT.name) as client:
                yield over_mcp(client, desk)
            assert (folder / "errors").read_text() == ""


@pytest.mark.parametrize(
    ("door", "actor", "via"),
    [("page", ANN, Via.UI), ("socket", ANN, Via.SOCKET), ("mcp", ROBOT, Via.MCP), ("stdio", ROBOT, Via.MCP)],
    ids=["page", "socket", "mcp", "stdio"],
)
async def test_the_same_work_leaves_the_same_trace(
    serve: Serve,
    service: Service,
    elsewhere: Elsewhere,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    door: str,
    actor: Actor,
    via: Via,
) -> None:
    desk = Workshop(service.store)
    told = await elsewhere.desk.work(over_rest(elsewhere.http, actor), actor.kind)
    async with through(door, serve, service, desk, tmp_path) as do:
        refused = await desk.work(do, actor.kind)
    assert desk.history() == elsewhere.desk.history()
    assert (desk.doors(), elsewhere.desk.doors()) == ({via}, {Via.REST})
    if via is Via.MCP:  # code and words in a line of text, and what to do next
        assert f"{GateClosed.code}: {refused.detail}".startswith(teach(told).partition(" | ")[0])
    else:
        assert refused.detail == told.detail
    if door == "socket":
        assert refused.data == told.data
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_a_batch_meets_the_same_gate(elsewhere: Elsewhere) -> None:
    desk, do = elsewhere.desk, over_rest(elsewhere.http, ANN)
    await do("create_card", board_id="DESK", title="Ship it", column_id=desk.todo, checklist=["Try it"])
    move: dict[str, Any] = {"card_id": CARD, "column_id": desk.review}
    with pytest.raises(GateClosed) as alone:
        await do("move_card", **move)
    with pytest.raises(GateClosed) as batched:
        await do("batch", board_id="DESK", steps=[{"command": "move_card", "args": move}])
    assert batched.value.data == {**alone.value.data, "index": 0, "command": "move_card"}
    assert batched.value.detail == f"step 1 (move_card): {alone.value.detail}"
