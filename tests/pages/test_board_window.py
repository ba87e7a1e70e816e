"""What a long column shows while cards come and go: a card must never be out of reach, nor seen where it is not."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from nicegui.testing import User

from app.commands import boards, cards
from app.commands.boards import NewColumn
from app.service import Service
from app.views import Actor, BoardView
from components.lane import SLACK, STEP, Lane


@pytest.fixture
async def board(service: Service, ada: Actor) -> BoardView:
    """A column of sixty cards and an empty one."""
    columns = [NewColumn("Long"), NewColumn("Other")]
    made = await service.store.run(boards.create_board, name="Long", key="LO", columns=columns, actor=ada)
    for n in range(STEP + 10):
        await service.store.run(cards.create_card, made.id, title=f"card {n}", actor=ada)
    return await service.feed.view(made.id)


async def test_cards_that_leave_are_made_up_for_by_scrolling(
    user: User, board: BoardView, service: Service, ada: Actor
) -> None:
    lane, other = await _lanes(user)
    await _move_first(service, board, 5, ada)
    await _until(lambda: len(other.cards) == 5)
    assert _shown(lane) == await _order(service, board, 0, STEP - 5), "the rest stays out of sight"
    assert lane._props["data-more"] == "1"
    _tell(user, "scroll", board.columns[0].id)
    await _until(lambda: len(lane.cards) == STEP + 5)
    assert _shown(lane) == await _order(service, board, 0)
    assert lane._props["data-more"] == ""


async def test_a_column_is_filled_up_again_when_many_cards_left(
    user: User, board: BoardView, service: Service, ada: Actor
) -> None:
    lane, other = await _lanes(user)
    await _move_first(service, board, SLACK - 2, ada)
    await _until(lambda: len(other.cards) == SLACK - 2)
    assert len(lane.cards) == STEP - SLACK + 2
    for n in range(5):  # more below, so that the column stays longer than what is shown at first
        await service.store.run(cards.create_card, "LO", title=f"more {n}", column_id=board.columns[0].id, actor=ada)
    await _move_first(service, board, 4, ada)
    await _until(lambda: len(other.cards) == SLACK + 2)
    # Filled up when the third of them left, then one less.
    assert _shown(lane) == await _order(service, board, 0, STEP - 1)


async def test_a_column_without_more_cards_than_a_window_shows_all(
    user: User, board: BoardView, service: Service, ada: Actor
) -> None:
    lane, other = await _lanes(user)
    await _move_first(service, board, 10, ada)
    await _until(lambda: len(other.cards) == 10)
    assert _shown(lane) == await _order(service, board, 0)
    assert lane._props["data-more"] == ""


async def test_cards_that_come_above_push_the_last_ones_out_only_when_they_are_many(
    user: User, board: BoardView, service: Service, ada: Actor
) -> None:
    lane, _ = await _lanes(user)
    for count, shown in ((SLACK, STEP + SLACK), (1, STEP)):
        for n in range(count):
            top = (await _order(service, board, 0))[0]
            await service.store.run(cards.create_card, "LO", title=f"new {n}", before=top, actor=ada)
        order = await _order(service, board, 0)
        await _until(lambda order=order: _shown(lane)[:1] == order[:1])
        assert _shown(lane) == order[:shown]


async def test_the_last_card_shown_may_go_elsewhere(user: User, board: BoardView, service: Service, ada: Actor) -> None:
    lane, other = await _lanes(user)
    await service.store.run(cards.move_card, _shown(lane)[-1], to_column=board.columns[1].id, actor=ada)
    await _until(lambda: len(other.cards) == 1)
    assert _shown(lane) == await _order(service, board, 0, STEP)


async def test_who_drops_a_card_below_all_that_are_shown_sees_it_there(
    user: User, board: BoardView, service: Service, ada: Actor
) -> None:
    long, short = (column.id for column in board.columns)
    card = await service.store.run(cards.create_card, "LO", title="mine", column_id=short, actor=ada)
    lane, other = await _lanes(user)
    await _until(lambda: _shown(other) == [card.id])
    dropped = {"card": card.id, "source": short, "to": long, "after": _shown(lane)[-1], "before": None}
    _tell(user, "dropcard", dropped)
    await _until(lambda: _shown(lane)[-1] == card.id)
    while card.id not in await _order(service, board, 0):  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
    assert _shown(lane) == await _order(service, board, 0, STEP + 1)
    assert _shown(lane)[-1] == card.id


async def _move_first(service: Service, board: BoardView, count: int, actor: Actor) -> None:
    for card_id in await _order(service, board, 0, count):
        await service.store.run(cards.move_card, card_id, to_column=board.columns[1].id, actor=actor)


async def _order(service: Service, board: BoardView, column: int, count: int | None = None) -> list[int]:
    view = await service.feed.view(board.board.id)
    return list(view.lanes[board.columns[column].id][:count])


async def _lanes(user: User) -> list[Lane]:
    await user.open("/b/LO")
    await user.should_see("card 0", retries=20)
    assert user.client is not None
    return [one for one in user.client.elements.values() if isinstance(one, Lane)]


def _shown(lane: Lane) -> list[int]:
    return [one.card.id for one in lane.cards]


def _tell(user: User, event: str, said: Any) -> None:
    """As if the browser had sent this from the board."""
    assert user.client is not None
    (root,) = (one for one in user.client.elements.values() if "board-scroll" in one.classes)
    listener = next(one for one in root._event_listeners.values() if one.type.split(".")[0] == event)
    user.client.handle_event({"id": root.id, "listener_id": listener.id, "args": [json.dumps(said)]})


async def _until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not true():  # noqa: ASYNC110  (nothing to wait for says so)
            await asyncio.sleep(0.01)
