"""The page of a board, without a browser: what it shows, what it asks the store for, and what it leaves behind."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from nicegui.element import Element
from nicegui.testing import User

from app.commands import boards, cards, columns
from app.commands.boards import NewColumn
from app.service import Service
from app.views import Actor, BoardView
from components.inline_editor import InlineEditor
from components.lane import STEP, CardElement, Lane
from models.vocabulary import ColumnKind


@pytest.fixture
async def board(service: Service, ada: Actor) -> BoardView:
    """Columns A (two cards), B (one, which is its limit) and C (none)."""
    run = service.store.run
    made = await run(
        boards.create_board,
        name="Release week",
        key="RW",
        columns=[NewColumn("A"), NewColumn("B", ColumnKind.ACTIVE, 1), NewColumn("C", ColumnKind.DONE)],
        actor=ada,
    )
    view = await service.feed.view(made.id)
    first, second, _ = (column.id for column in view.columns)
    for title, column in (("one", first), ("two", first), ("three", second)):
        await run(cards.create_card, made.id, title=title, column_id=column, actor=ada)
    return await service.feed.view(made.id)


async def test_the_board_shows_its_name_columns_and_cards(user: User, board: BoardView) -> None:
    await user.open("/b/RW")
    for text in ("Release week", "A", "B", "C", "one", "two", "three", "RW-3"):
        await user.should_see(text, retries=20)


async def test_the_key_may_be_typed_in_any_case(user: User, board: BoardView) -> None:
    await user.open("/b/rw")
    await user.should_see("three", retries=20)


async def test_an_unknown_board_is_a_page_that_says_so(user: User) -> None:
    answer = await user.http_client.get("/b/NOPE")
    assert answer.status_code == 404
    assert "There is no such board." in answer.text


async def test_an_unknown_card_in_the_address_is_told(user: User, board: BoardView) -> None:
    await user.open("/b/RW?card=RW-77")
    await user.should_see("There is no card RW-77 on this board", retries=20)
    await user.should_see("three")


async def test_a_card_of_another_board_is_not_opened(
    user: User, board: BoardView, service: Service, ada: Actor
) -> None:
    other = await service.store.run(boards.create_board, name="Other", key="OTHER", actor=ada)
    await service.store.run(cards.create_card, other.id, title="secret", actor=ada)
    await user.open("/b/RW?card=OTHER-1")
    await user.should_see("There is no card OTHER-1 on this board", retries=20)
    await user.should_not_see("secret")


async def test_changes_by_others_arrive_without_a_reload(
    user: User, board: BoardView, service: Service, ada: Actor
) -> None:
    run, (one, two, three) = service.store.run, sorted(board.cards)
    await user.open("/b/RW")
    await user.should_see("three", retries=20)
    lanes = _lanes(user)
    await run(cards.update_card, one, changes={"title": "uno"}, actor=ada)
    await run(cards.move_card, two, to_column=board.columns[2].id, actor=ada)
    await run(cards.archive_card, three, actor=ada)
    await run(cards.create_card, "RW", title="four", actor=ada)
    await run(boards.rename_board, "RW", name="Release month", actor=ada)
    await run(columns.create_column, "RW", name="D", actor=ada)
    for text in ("uno", "four", "D", "Release month"):
        await user.should_see(text, retries=20)
    await user.should_not_see("three")
    assert _order(user) == await _order_in(service, board)
    assert set(lanes) < set(_lanes(user))


async def test_an_unchanged_lane_is_not_sent_again(user: User, board: BoardView, service: Service, ada: Actor) -> None:
    await user.open("/b/RW")
    await user.should_see("three", retries=20)
    sent: list[Lane] = []
    for lane in _lanes(user):
        lane.update = lambda lane=lane: sent.append(lane)  # type: ignore[method-assign,misc]
    await service.store.run(cards.update_card, min(board.cards), changes={"title": "uno"}, actor=ada)
    await user.should_see("uno", retries=20)
    assert not sent


async def test_a_drop_moves_the_card_next_to_the_one_above_it(user: User, board: BoardView, service: Service) -> None:
    one, two, _ = sorted(board.cards)
    first, _, last = (column.id for column in board.columns)
    await _ready(user)
    _tell(user, "dropcard", {"card": one, "source": first, "to": last, "after": None, "before": None})
    await _settled(user, service, board, [[two], [3], [one]])
    _tell(user, "dropcard", {"card": one, "source": last, "to": first, "after": two, "before": None})
    await _settled(user, service, board, [[two, one], [3], []])


async def test_a_refused_drop_puts_the_card_back_and_says_why(user: User, board: BoardView, service: Service) -> None:
    one, two, three = sorted(board.cards)
    first, second, _ = (column.id for column in board.columns)
    await _ready(user)
    _tell(user, "dropcard", {"card": one, "source": first, "to": second, "after": three, "before": None})
    await user.should_see("B is full (1 of 1): move one out first", retries=20)
    await _settled(user, service, board, [[one, two], [three], []])


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ("dropcard", {"card": "1; drop table", "source": 1, "to": 1, "after": None, "before": None}),
        ("dropcard", {"card": 4711, "source": 1, "to": 4712, "after": 5, "before": None}),
        ("dropcard", None),
        ("dropcolumn", {"column": 4711, "after": None, "before": 3}),
        ("dropcolumn", ["what"]),
        ("click", {"action": "menu", "column": 4711}),
        ("click", {"action": "open", "card": 4711}),
        ("click", {"action": "explode"}),
        ("scroll", "many"),
        ("scroll", 4711),
    ],
)
async def test_what_no_browser_of_ours_would_say_changes_nothing(
    user: User, board: BoardView, service: Service, event: str, said: Any
) -> None:
    before = await _order_in(service, board)
    await _ready(user)
    _tell(user, event, said)
    await asyncio.sleep(0.1)
    assert await _order_in(service, board) == before
    assert _order(user) == before


async def test_cards_are_added_at_the_top_and_at_the_end(user: User, board: BoardView, service: Service) -> None:
    first = board.columns[0].id
    await _ready(user)
    for action, title in (("add-first", "top"), ("add-last", "bottom")):
        _tell(user, "click", {"action": action, "column": first})
        await user.should_see(kind=InlineEditor, retries=20)
        _type(user, title)
        await user.should_see(title, retries=20)
    view = await service.feed.view("RW")
    assert [card.title for card in view.lane(first)] == ["top", "one", "two", "bottom"]


async def test_a_long_column_starts_with_its_first_cards_and_grows(
    user: User, board: BoardView, service: Service, ada: Actor
) -> None:
    last = board.columns[2].id
    for n in range(STEP + 10):
        await service.store.run(cards.create_card, "RW", title=f"many {n}", column_id=last, actor=ada)
    await _ready(user)
    lane = _lanes(user)[2]
    assert len(lane.cards) == STEP
    assert lane._props["data-more"] == "1"
    _tell(user, "scroll", last)
    await _until(lambda: len(lane.cards) == STEP + 10)
    assert lane._props["data-more"] == ""


async def test_a_deleted_board_says_so_and_leads_home(
    user: User, service: Service, board: BoardView, ada: Actor
) -> None:
    await user.open("/b/RW")
    await user.should_see("three", retries=20)
    await service.store.run(boards.delete_board, "RW", actor=ada)
    await user.should_see("This board was deleted", retries=20)
    await user.should_see("See all boards")
    await user.should_not_see("Restore the board")
    assert (await user.http_client.get("/b/RW")).status_code == 404


async def test_an_archived_board_says_so_and_can_be_restored(
    user: User, board: BoardView, service: Service, ada: Actor
) -> None:
    await _ready(user)
    await service.store.run(boards.archive_board, "RW", actor=ada)
    await user.should_see("This board is archived", retries=20)
    user.find("Restore the board").click()
    await user.should_not_see("This board is archived", retries=20)
    assert (await service.feed.view("RW")).board.archived_at is None


async def test_a_page_that_is_gone_follows_no_longer(user: User, board: BoardView, service: Service) -> None:
    await _ready(user)
    tail = service.feed._tails[board.board.id]
    assert len(tail.followers) == 1
    assert user.client is not None
    user.client.delete()
    assert not tail.followers


async def test_five_thousand_cards_make_no_larger_page_than_five_hundred(
    create_user: Callable[..., User], service: Service, ada: Actor
) -> None:
    sizes = []
    for key, count in (("SMALL", 500), ("LARGE", 5_000)):
        made = await service.store.run(boards.create_board, name=key, key=key, actor=ada)
        view = await service.feed.view(made.id)
        await service.store.run(_fill, made.id, [column.id for column in view.columns], count, ada)
        user = create_user()
        await user.open(f"/b/{key}")
        await user.should_see(f"{key}-1", retries=40)
        assert user.client is not None
        sizes.append(len(user.client.elements))
    assert sizes[0] == sizes[1]


def _fill(store: Any, board_id: int, column_ids: list[int], count: int, actor: Actor) -> None:
    for n in range(count):
        cards.create_card(store, board_id, title=f"card {n}", column_id=column_ids[n % 5], actor=actor)


async def _ready(user: User) -> None:
    await user.open("/b/RW")
    await user.should_see("three", retries=20)


def _tell(user: User, event: str, said: Any) -> None:
    """As if the browser had sent this from the board."""
    assert user.client is not None
    (root,) = (one for one in user.client.elements.values() if "board-scroll" in one.classes)
    listener = next(one for one in root._event_listeners.values() if one.type.split(".")[0] == event)
    user.client.handle_event({"id": root.id, "listener_id": listener.id, "args": [json.dumps(said)]})


def _type(user: User, text: str) -> None:
    """As if the text were typed and Enter pressed, then Escape."""
    (editor,) = user.find(kind=InlineEditor).elements
    listener = next(one for one in editor._event_listeners.values() if one.type == "keydown")
    assert user.client is not None
    for said in ({"action": "submit", "text": text}, {"action": "cancel", "text": ""}):
        user.client.handle_event({"id": editor.id, "listener_id": listener.id, "args": [json.dumps(said)]})


def _lanes(user: User) -> list[Lane]:
    """In the order of the screen."""
    assert user.client is not None
    (root,) = (one for one in user.client.elements.values() if "board" in one.classes)
    return [_lane_of(column) for column in root.default_slot.children]


def _lane_of(column: Element) -> Lane:
    return next(one for one in column.default_slot.children if isinstance(one, Lane))


def _order(user: User) -> list[list[int]]:
    return [[one.card.id for one in lane.cards if isinstance(one, CardElement)] for lane in _lanes(user)]


async def _order_in(service: Service, board: BoardView) -> list[list[int]]:
    view = await service.feed.view(board.board.id)
    return [list(view.lanes[column.id]) for column in view.columns]


async def _settled(user: User, service: Service, board: BoardView, wanted: list[list[int]]) -> None:
    async with asyncio.timeout(5):
        while _order(user) != wanted or await _order_in(service, board) != wanted:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def _until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not true():  # noqa: ASYNC110  (nothing to wait for says so)
            await asyncio.sleep(0.01)
