"""Agents and gates on a board's page, without a browser: what is seen of them, and what a person can do about it."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from nicegui.testing import User

from app.commands import boards, cards, claims
from app.commands.boards import NewColumn
from app.errors import AgentPaused
from app.service import Service
from app.views import Actor, BoardView
from components.agent_row import AgentFacts, AgentRow
from components.agents_button import AgentsButton
from components.column import ColumnHead
from models.vocabulary import ActorKind, ColumnKind, Requirement, Via

BOT = Actor(name="agent-7", kind=ActorKind.AGENT, via=Via.MCP)


@pytest.fixture
async def board(service: Service, ada: Actor) -> BoardView:
    """Columns A, B and C; `one`, by agent-7, and `two` in A."""
    run = service.store.run
    kinds = (("A", ColumnKind.QUEUE), ("B", ColumnKind.ACTIVE), ("C", ColumnKind.DONE))
    made = await run(boards.create_board, name="R", key="RW", columns=[NewColumn(*one) for one in kinds], actor=ada)
    for title, actor in (("one", BOT), ("two", ada)):
        await run(cards.create_card, made.id, title=title, actor=actor)
    return await service.feed.view(made.id)


async def test_the_header_counts_who_is_at_work(user: User, board: BoardView, service: Service) -> None:
    await opened(user)
    assert told(user) == "Agents: none here yet"
    await service.store.run(claims.claim_card, "RW-1", actor=BOT)
    await until(lambda: told(user) == "Agents: 1 at work")
    await service.store.run(claims.claim_card, "RW-2", actor=BOT)
    await service.store.run(cards.archive_card, "RW-1", actor=BOT)
    await service.store.run(cards.archive_card, "RW-2", actor=BOT)
    await until(lambda: told(user) == "Agents: none here yet")


async def test_silence_is_seen_though_no_change_tells_of_it(user: User, board: BoardView, service: Service) -> None:
    await service.store.run(claims.claim_card, "RW-1", lease_seconds=1, actor=BOT)
    await opened(user)
    await until(lambda: told(user) == "Agents: 1 silent")


async def test_pausing_bites_on_the_next_write_and_resuming_ends_it(
    user: User, board: BoardView, service: Service
) -> None:
    await opened(user)
    user.find(kind=AgentsButton).click()
    await user.should_see("agent-7", retries=20)
    user.find("Pause…").click()
    await submit(user, "wrong shop")
    await until(lambda: told(user) == "Agents: 1 paused")
    with pytest.raises(AgentPaused, match="wrong shop"):
        await service.store.run(cards.update_card, "RW-1", changes={"title": "uno"}, actor=BOT)
    user.find("Resume").click()
    await until(lambda: told(user) == "Agents: 1 idle")
    await service.store.run(cards.update_card, "RW-1", changes={"title": "uno"}, actor=BOT)


async def test_the_sheet_follows_what_agents_do(user: User, board: BoardView, service: Service) -> None:
    await opened(user)
    user.find(kind=AgentsButton).click()
    await user.should_see("Idle", retries=20)
    claimed = await service.store.run(claims.claim_card, "RW-1", actor=BOT)
    await user.should_see("At work", retries=20)
    await service.store.run(claims.report_progress, "RW-1", percent=70, text="nearly", actor=BOT, fence=claimed.fence)
    await until(lambda: "70&nbsp;% · nearly" in facts(user))
    other = BOT.model_copy(update={"name": "build-bot"})
    await service.store.run(cards.create_card, "RW", title="three", actor=other)
    await user.should_see("build-bot", retries=20)
    user.find(kind=AgentsButton).click()
    await user.should_not_see("build-bot", retries=20)


async def test_what_an_agent_did_is_undone_but_not_what_a_person_changed_since(
    user: User, board: BoardView, service: Service, ada: Actor
) -> None:
    run = service.store.run
    await run(cards.update_card, "RW-2", changes={"title": "zwei", "description": "by a machine"}, actor=BOT)
    await run(cards.move_card, "RW-1", to_column=board.columns[1].id, actor=BOT)
    await run(cards.update_card, "RW-2", changes={"title": "deux"}, actor=ada)
    await opened(user)
    user.find(kind=AgentsButton).click()
    await user.should_see("Undo what it did…", retries=20)
    user.find("Undo what it did…").click()
    await user.should_see("Will be undone", retries=20)
    await user.should_see("Ada has", retries=20)
    user.find("Undo 3 changes").click()
    await user.should_see("3 changes undone", retries=20)


async def test_a_column_is_told_what_it_requires_and_says_so(user: User, board: BoardView, service: Service) -> None:
    await opened(user)
    tell(user, "click", {"action": "menu", "column": board.columns[1].id})
    await user.should_see("Requires…", retries=20)
    user.find("column-requires").click()
    await user.should_see("To enter B, a card needs", retries=20)
    user.find("Checklist done").click()
    user.find("Approval by a person").click()
    user.find("Save").click()
    await until(lambda: "Requires: checklist done, approval by a person" in heads(user)[1])
    view = await service.feed.view("RW")
    assert view.columns[1].requires == (Requirement.CHECKLIST_DONE, Requirement.APPROVAL)
    assert "Requires" not in heads(user)[0]


async def opened(user: User) -> None:
    await user.open("/b/RW")
    await user.should_see("RW-2", retries=20)


def told(user: User) -> str:
    (button,) = user.find(kind=AgentsButton).elements
    assert button._props["title"] == button._props["aria-label"]
    return str(button._props["title"])


def facts(user: User) -> str:
    return "".join(one._props["innerHTML"] for one in user.find(kind=AgentFacts).elements)


def heads(user: User) -> list[str]:
    assert user.client is not None
    return [one._props["innerHTML"] for one in user.client.elements.values() if isinstance(one, ColumnHead)]


async def submit(user: User, reason: str) -> None:
    (row,) = user.find(kind=AgentRow).elements
    with user:
        row._reason.set_value(reason)
    await row._do_pause()


def tell(user: User, event: str, said: Any) -> None:
    """As if the browser had sent this from the board."""
    assert user.client is not None
    (root,) = (one for one in user.client.elements.values() if "board-scroll" in one.classes)
    listener = next(one for one in root._event_listeners.values() if one.type.split(".")[0] == event)
    user.client.handle_event({"id": root.id, "listener_id": listener.id, "args": [json.dumps(said)]})


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not true():  # noqa: ASYNC110  (nothing to wait for says so)
            await asyncio.sleep(0.01)
