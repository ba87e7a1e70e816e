"""`python main.py mcp`: real clients that start it as a program, and a board that comes and goes behind it."""

import asyncio
import warnings
from pathlib import Path
from typing import Any

import mcp_types as types
import pytest
from mcp import MCPDeprecationWarning, MCPError

from app import mcp_stdio
from app.commands import boards, cards, comments
from app.doors.mcp.tools import NAMES
from app.service import Service
from tests.doors.conftest import PATIENCE, Live, Serve
from tests.doors.mcp_clients import bridge
from tests.support import ANNA


async def test_the_newest_protocol_passes_through(live: Live, service: Service, tmp_path: Path) -> None:
    async with bridge(live.port, tmp_path / "errors") as one:
        client = one.client
        assert client.protocol_version == "2026-07-28"
        assert [tool.name for tool in (await client.list_tools()).tools] == NAMES
        assert (await one.say("claim_card", card_id="DEMO-1")).startswith("DEMO-1 is yours: fence 1")
        assert "claimed by Jürgen 🤖" in await one.say("get_board", board_id="DEMO", since=2)
        assert await one.refused("get_card", card_id="DEMO-9") == (
            "not_found: there is no card DEMO-9 | next: list_boards or search_cards"
        )
        assert [prompt.name for prompt in (await client.list_prompts()).prompts] == ["work_the_board"]
        [message] = (await client.get_prompt("work_the_board", {"board_id": "DEMO"})).messages
        assert "DEMO" in message.content.text
        assert [str(found.uri) for found in (await client.list_resources()).resources] == ["board://DEMO"]
        assert len((await client.list_resource_templates()).resource_templates) == 2
        assert (await client.read_resource("board://DEMO")).contents[0].text.startswith('DEMO "Demo"')
        with pytest.raises(MCPError, match="not_found"):
            await client.read_resource("board://NONE")
        async with client.listen(resource_subscriptions=["card://DEMO-1", "card://DEMO-9"]) as notices:
            assert notices.honored.resource_subscriptions == ["card://DEMO-1"]
            await service.store.run(comments.add_comment, "DEMO-1", text="hello", actor=ANNA)
            assert (await anext(notices)).uri == "card://DEMO-1"
    assert (tmp_path / "errors").read_text() == ""


async def test_an_older_client_outlives_the_board(serve: Serve, service: Service, tmp_path: Path) -> None:
    await service.store.run(boards.create_board, name="Demo", key="DEMO", actor=ANNA)
    await service.store.run(cards.create_card, "DEMO", title="one", actor=ANNA)
    told: asyncio.Queue[str] = asyncio.Queue()

    async def hear(message: Any) -> None:
        if isinstance(message, types.ResourceUpdatedNotification):
            told.put_nowait(message.params.uri)

    async with serve() as live:
        port = live.port
        leaving = bridge(port, tmp_path / "errors", mode="legacy", message_handler=hear)
        one = await leaving.__aenter__()
        await one.client.list_tools()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", MCPDeprecationWarning)
            await one.client.subscribe_resource("board://DEMO")
            with pytest.raises(MCPError, match="not_found"):
                await one.client.subscribe_resource("board://NONE")
        assert await one.say("add_comment", card_id="DEMO-1", text="hello") == "comment 1 added"
        async with asyncio.timeout(PATIENCE):
            assert await told.get() == "board://DEMO"
        waiting = asyncio.create_task(one.say("wait_for_changes", board_id="DEMO", timeout=60))
        live.server.should_exit = True
        assert (await waiting).startswith("The server is stopping.")
    assert await one.refused("list_boards") == (
        f"unreachable: no board answers at http://localhost:{port}"
        " | next: start it (python main.py), then the same call again"
    )
    assert [tool.name for tool in (await one.client.list_tools()).tools] == NAMES
    with pytest.raises(MCPError, match="unreachable"):
        await one.client.list_resources()
    async with serve(port=port):
        assert (await one.say("list_boards")).startswith('DEMO "Demo" #3')
        async with asyncio.timeout(PATIENCE):  # what happened meanwhile may have been missed
            assert await told.get() == "board://DEMO"
        await leaving.__aexit__(None, None, None)
    [line] = (tmp_path / "errors").read_text().splitlines()
    assert line == (
        f"agent-kanban mcp: no board answers at http://localhost:{port}; is it running? The next call tries again."
    )


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--url", "localhost:8000"], "--url cannot be 'localhost:8000'"),
        (["--url", "ftp://localhost"], "--url cannot be 'ftp://localhost'"),
        (["--actor", " "], "--actor takes 1 to 60 printable characters"),
        (["--actor", "a\nb"], "--actor takes 1 to 60 printable characters"),
    ],
)
def test_a_flag_at_fault_is_told_in_one_line(capsys: pytest.CaptureFixture[str], flags: list[str], said: str) -> None:
    assert mcp_stdio.main(flags) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith(f"agent-kanban mcp: {said}")
