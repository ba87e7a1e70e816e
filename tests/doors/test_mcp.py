"""Agents at /mcp: a real client, in the newest protocol and in the older ones, against a running server."""

import asyncio
import json
import re
from typing import Any

import pytest
from mcp import MCPError

from app import errors
from app.commands import boards, cards, claims, columns, comments
from app.doors.mcp import reading, work
from app.doors.mcp.refusals import MOST, teach
from app.doors.mcp.tools import NAMES
from app.service import Service
from app.views import Actor
from models.vocabulary import ActorKind, Via
from tests.doors.conftest import Live, Serve
from tests.doors.mcp_clients import MODES, agent
from tests.support import ANNA, until

TOOLS = {
    *("list_boards", "get_board", "list_cards", "get_card", "create_card", "update_card", "move_card", "claim_card"),
    *("claim_next_card", "renew_claim", "release_card", "report_progress", "add_comment", "check_item", "block_card"),
    *("search_cards", "wait_for_changes"),
}


@pytest.mark.parametrize("mode", MODES)
async def test_an_agent_works_on_a_card(live: Live, service: Service, mode: str) -> None:
    async with agent(live.port, mode=mode) as one:
        assert {tool.name for tool in (await one.client.list_tools()).tools} == TOOLS == set(NAMES)
        assert await one.say("list_boards") == 'DEMO "Demo" #2: 1 card, 0 done'
        made = await one.say("create_card", board_id="demo", title="two", checklist=["try"], priority="urgent")
        assert made == "DEMO-2 created in Not Started"
        claimed = await one.say("claim_next_card", board_id="DEMO")
        assert claimed.startswith("DEMO-2 is yours: fence 1, lease 300 s\n")
        item = (await service.feed.view("DEMO")).cards[2].checklist[0].id
        assert await one.say("check_item", item_id=item, fence=1) == "DEMO-2 checklist 1/1"
        assert await one.say("report_progress", card_id="DEMO-2", percent="60", fence=1) == (
            "DEMO-2 shows your progress: 60%"
        )
        assert "agent-1 60%" in await one.say("get_board", board_id="DEMO")
        assert (await one.say("move_card", card_id="DEMO-2", column="done", fence=1)).startswith("DEMO-2 is in Done")
        told = (await one.say("get_board", board_id="DEMO", since=2)).splitlines()
        assert told[-1] == "#7 DEMO-2 moved Not Started -> Done by agent-1"
    last = (await service.feed.changes(1, 6, 10))[-1].change
    assert last.actor == Actor(name="agent-1", kind=ActorKind.AGENT, via=Via.MCP)


async def test_every_other_tool_does_what_it_says(live: Live, service: Service) -> None:
    async with agent(live.port) as one:
        await one.say("create_card", board_id="DEMO", title="two", assignee="bob")
        assert await one.say("block_card", card_id="DEMO-2", blocked_by="DEMO-1") == "DEMO-2 waits for DEMO-1"
        assert await one.say("list_cards", board_id="DEMO", blocked="true") == (
            "DEMO-2 two @bob waits for DEMO-1 (Not Started)"
        )
        await one.say("block_card", card_id="DEMO-2", blocked_by="DEMO-1", remove=True)
        await one.say("update_card", card_id="DEMO-2", title="second", assignee="", description=None)
        await one.say("move_card", card_id="DEMO-2", column="Not Started", before="DEMO-1")
        await one.say("add_comment", card_id="DEMO-2", text="needle in a comment")
        assert await one.say("search_cards", q="NEEDLE") == "DEMO-2 second (Not Started)"
        assert "agent-1: needle" in await one.say("get_card", card_id="DEMO-2")
        card = json.loads(await one.say("get_card", card_id=2, full=True))
        assert (card["ref"], card["assignee"], card["comments"][0]["text"]) == ("DEMO-2", None, "needle in a comment")
        board = json.loads(await one.say("get_board", board_id="DEMO", full=True))
        assert [one["ref"] for one in board["cards"]] == ["DEMO-2", "DEMO-1"]
        page = await one.say("list_cards", board_id="DEMO", column="Not Started", limit=1)
        assert page.splitlines()[0] == "DEMO-1 one (Not Started)"
        rest = await one.say("list_cards", board_id="DEMO", limit=1, cursor=page.rpartition("=")[2])
        assert rest == "DEMO-2 second (Not Started)"
        assert await one.say("claim_card", card_id="DEMO-1", lease_seconds=60)
        assert "busy for 600 s" in await one.say("renew_claim", card_id="DEMO-1", busy_for=600, fence=1)
        assert await one.say("release_card", card_id="DEMO-1", fence=1) == "DEMO-1 is free"


async def test_a_card_says_what_keeps_it_from_being_claimed_or_moved(live: Live, service: Service) -> None:
    done = (await service.feed.view("DEMO")).columns[-1]
    await service.store.run(columns.update_column, done.id, changes={"requires": ["checklist_done"]}, actor=ANNA)
    async with agent(live.port) as one:
        await one.say("check_item", card_id="DEMO-1", text="try it")
        closed = "Done requires: 1 of 1 checklist items is open"
        assert (await one.say("get_card", card_id="DEMO-1")).splitlines()[-1] == closed
        await service.store.run(claims.claim_card, 1, actor=ANNA)
        told = (await one.say("get_card", card_id="DEMO-1")).splitlines()[-1]
        assert told.startswith("cannot be claimed: Anna has claimed it until ")


async def test_refusals_teach(live: Live, service: Service) -> None:
    async with agent(live.port) as one, agent(live.port, "agent-2") as two, agent(live.port, None) as nobody:
        await one.say("claim_card", card_id="DEMO-1")
        told = await two.refused("move_card", card_id="DEMO-1", column="Done")
        assert told.startswith("card_claimed: DEMO-1 is claimed by agent-1 until ")
        assert told.endswith(" | allowed: add_comment | next: claim_next_card")
        assert (await one.refused("update_card", card_id="DEMO-1", title="x", fence=9)).startswith("lease_lost: ")
        assert "X-Actor" in await nobody.refused("claim_card", card_id="DEMO-1")
        column = (await service.feed.view("DEMO")).columns[1].id
        (await live.http.patch(f"/api/v1/columns/{column}", json={"wip_limit": 1})).raise_for_status()
        await one.say("move_card", card_id="DEMO-1", column="In Progress")
        told = await two.refused("create_card", board_id="DEMO", title="x", column="In Progress")
        assert told.startswith("column_full: In Progress is full")
        assert "allowed: Not Started, Blocked, Ready for QC, Done" in told
        await two.say("create_card", board_id="DEMO", title="x", column="Blocked")
        told = await two.refused("move_card", card_id="DEMO-2", column="In Progress")
        assert "allowed: Not Started, Ready for QC, Done |" in told
        told = await one.refused("move_card", card_id="DEMO-1", column="Nowhere")
        assert told.startswith(
            "invalid_input: column: DEMO has no column 'Nowhere' | allowed: Not Started, In Progress"
        )
        assert "titel: there is no such field" in await one.refused("create_card", board_id="DEMO", titel="x")
        assert "title: Field required" in await one.refused("create_card", board_id="DEMO")
        assert (await one.refused("fly")).startswith("not_found: there is no tool 'fly' | allowed: list_boards, ")
        assert "list_cards" in await one.refused("get_card", card_id="none such")
    async with agent(live.port, **{"X-Actor-Kind": "robot"}) as odd:
        assert "X-Actor-Kind is one of human, agent" in await odd.refused("list_boards")


def test_no_refusal_takes_more_than_80_tokens() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.Refusal)]
    assert len(kinds) > 25
    for kind in kinds:
        told = teach(kind("word " * 200, allowed=[f"a value that would have worked {one}" for one in range(100)]))
        assert told.startswith(f"{kind.code}: word")
        assert "…" in told
        assert len(told) <= MOST == 4 * 80
        assert len(teach(kind("word " * 200, next="call " * 50, allowed=["x" * 500]))) <= MOST


async def test_twenty_equal_calls_have_one_effect_and_equal_answers(live: Live, service: Service) -> None:
    async with agent(live.port) as one:
        wished: dict[str, Any] = {"board_id": "DEMO", "title": "once", "request_id": "r-1"}
        answers = await asyncio.gather(*(one.say("create_card", **wished) for _ in range(20)))
        assert set(answers) == {"DEMO-2 created in Not Started"}
        assert (await service.feed.view("DEMO")).sequence == 3
        assert await one.refused("create_card", **{**wished, "title": "twice"}) == (
            "idempotency_key_reused: this request_id came before with another call; each call takes a new one"
            " | next: the same call with a new request_id"
        )


async def test_waiting_ends_with_what_happens_to_the_one_card(live: Live, service: Service) -> None:
    run = service.store.run
    await run(cards.create_card, "DEMO", title="two", actor=ANNA)
    robot = Actor(name="agent-1", kind=ActorKind.AGENT, via=Via.MCP)
    await run(claims.claim_card, "DEMO-1", actor=robot)
    async with agent(live.port, "agent-2") as one:
        waiting = asyncio.create_task(one.say("wait_for_changes", card_id="DEMO-1", timeout=60))
        await _has_followers(service)
        await run(claims.renew_claim, "DEMO-1", actor=robot)  # a heartbeat
        await run(comments.add_comment, "DEMO-2", text="elsewhere", actor=ANNA)
        await run(comments.add_comment, "DEMO-1", text="here", actor=ANNA)
        assert (await waiting).splitlines()[1:] == ['#7 DEMO-1 comment "here" by Anna']
        told = await one.say("wait_for_changes", board_id="DEMO", since=4)
        assert [line.split()[0] for line in told.splitlines()[1:]] == ["#6", "#7"]
        assert await one.say("wait_for_changes", board_id="DEMO", timeout=0) == (
            "Nothing happened to DEMO within 0 s. Call again with since=7."
        )
        assert "DEMO is at #7" in await one.refused("wait_for_changes", board_id="DEMO", since=900)
        assert "board_id: " in await one.refused("wait_for_changes")
        assert "timeout: " in await one.refused("wait_for_changes", board_id="DEMO", timeout=61)
        await run(boards.create_board, name="Other", key="OTHER", actor=ANNA)
        told = await one.refused("wait_for_changes", board_id="OTHER", card_id="DEMO-1", timeout=0)
        assert told.startswith("invalid_input: card_id: DEMO-1 is not on OTHER")
        assert told.endswith("next: wait_for_changes card_id=DEMO-1")
        assert "DEMO-1" in await one.say("wait_for_changes", board_id="demo", card_id="DEMO-1", timeout=0)


async def test_waits_and_listeners_end_when_the_server_stops(serve: Serve, service: Service) -> None:
    await service.store.run(boards.create_board, name="Demo", key="DEMO", actor=ANNA)
    async with (
        serve() as live,
        agent(live.port) as new,
        agent(live.port, mode="legacy") as old,
        new.client.listen(resource_subscriptions=["board://DEMO"]) as notices,
    ):
        wished = {"board_id": "DEMO", "timeout": 60}
        waits = [asyncio.create_task(one.say("wait_for_changes", **wished)) for one in (new, old)]
        await _has_followers(service, 3)
        live.server.should_exit = True
        for told in await asyncio.gather(*waits):
            assert told == "The server is stopping. Call again in a few seconds with since=1."
        assert [notice async for notice in notices] == []  # a graceful end, else this raises


async def test_a_caller_who_hangs_up_is_not_waited_for(live: Live, service: Service) -> None:
    async with agent(live.port) as one:
        waiting = asyncio.create_task(one.say("wait_for_changes", board_id="DEMO", timeout=60))
        await _has_followers(service)
        waiting.cancel()
        await until(lambda: not _followers(service))


async def test_resources_and_their_notices(live: Live, service: Service) -> None:
    run = service.store.run
    async with agent(live.port) as one:
        client = one.client
        assert [str(found.uri) for found in (await client.list_resources()).resources] == ["board://DEMO"]
        templates = (await client.list_resource_templates()).resource_templates
        assert [template.uri_template for template in templates] == ["board://{key}", "card://{ref}"]
        [board] = (await client.read_resource("board://DEMO")).contents
        assert board.text == await one.say("get_board", board_id="DEMO")
        [card] = (await client.read_resource("card://DEMO-1")).contents
        assert json.loads(card.text)["title"] == "one"
        for uri in ("board://NONE", "card://DEMO-99", "file:///etc/passwd"):
            with pytest.raises(MCPError, match="not_found"):
                await client.read_resource(uri)
        wanted = ["board://DEMO", "card://DEMO-2", "card://DEMO-1"]
        async with client.listen(resource_subscriptions=wanted, resources_list_changed=True) as notices:
            assert notices.honored.resource_subscriptions == ["board://DEMO", "card://DEMO-1"]
            await run(cards.create_card, "DEMO", title="two", actor=ANNA)
            assert (await anext(notices)).uri == "board://DEMO"
            await run(comments.add_comment, "DEMO-1", text="hello", actor=ANNA)
            assert {(await anext(notices)).uri, (await anext(notices)).uri} == {"board://DEMO", "card://DEMO-1"}
            await run(boards.create_board, name="Other", actor=ANNA)
            assert type(await anext(notices)).__name__ == "ResourcesListChanged"


@pytest.mark.parametrize("mode", MODES)
async def test_the_prompt_names_the_board_and_only_tools_there_are(live: Live, mode: str) -> None:
    async with agent(live.port, mode=mode) as one:
        [prompt] = (await one.client.list_prompts()).prompts
        assert prompt.name == "work_the_board"
        [message] = (await one.client.get_prompt("work_the_board", {"board_id": "demo"})).messages
        assert "claim_next_card board_id=DEMO" in message.content.text
        assert re.search("cannot go on: .* block_card .* move_card to .* only then release_card", message.content.text)
        assert len(message.content.text) < 2_400
        with pytest.raises(MCPError, match="board_id"):
            await one.client.get_prompt("work_the_board", {})


async def test_a_mistake_in_here_is_no_stack_trace(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*anything: Any) -> str:
        raise RuntimeError("secret detail")

    monkeypatch.setitem(work.READING, "list_boards", broken)
    monkeypatch.setattr(reading.board_queries, "list_boards", None)
    for mode in MODES:
        async with agent(live.port, mode=mode) as one:
            told = await one.refused("list_boards")
            assert told.startswith("internal_error: something went wrong here at ")
            assert "secret" not in told
            with pytest.raises(MCPError, match="something went wrong here"):
                await one.client.list_resources()


def _followers(service: Service) -> int:
    return sum(len(tail.followers) for tail in service.feed._tails.values())


async def _has_followers(service: Service, count: int = 1) -> None:
    await until(lambda: _followers(service) >= count)
