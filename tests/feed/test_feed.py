"""The feed: the board now, the list of changes and its long wait, the lobby, and what it keeps in memory."""

import asyncio
import contextlib

import orjson
import pytest

from app.commands import boards, cards, comments
from app.feed import Feed
from app.feed import feed as feed_module
from app.feed import tail as tail_module
from app.feed.tail import Tail
from app.store import Store
from app.views import BoardInfo, CardView, ColumnView
from tests.support import ANNA, Desk, assert_same_view, until, until_current


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


async def test_who_writes_reads_their_own_change_at_once(feed: Feed, store: Store, desk: Desk) -> None:
    for number in range(30):
        card = await store.run(cards.create_card, desk.id, title=f"{number}", actor=ANNA)
        view = await feed.view(desk.id if number % 2 else "desk")
        assert view.cards[card.id] == card
        assert f'"id":{card.id},' in (await feed.snapshot_json(desk.id)).decode()


async def test_the_snapshot_is_the_board_in_its_wire_form(feed: Feed, desk: Desk) -> None:
    said = orjson.loads(await feed.snapshot_json("DESK"))
    view = desk.view
    assert list(said) == ["board", "columns", "cards", "labels", "sequence"]
    assert BoardInfo.model_validate(said["board"]) == view.board
    assert tuple(map(ColumnView.model_validate, said["columns"])) == view.columns
    in_order = [card for column in view.columns for card in view.lane(column.id)]
    assert list(map(CardView.model_validate, said["cards"])) == in_order
    assert said["sequence"] == view.sequence
    assert said["board"]["created_at"].endswith("Z")


async def test_the_snapshot_follows_every_change(feed: Feed, store: Store, desk: Desk) -> None:
    for change in (
        lambda: cards.move_card(store, desk.first, to_column=desk.done, actor=ANNA),
        lambda: cards.delete_card(store, desk.second, actor=ANNA),
        lambda: comments.add_comment(store, desk.first, text="x", actor=ANNA),
        lambda: boards.rename_board(store, desk.id, name="Other", actor=ANNA),
    ):
        change()
        await until_current(feed, desk)
        said = orjson.loads(await feed.snapshot_json(desk.id))
        assert said["sequence"] == desk.sequence
        assert {card["id"] for card in said["cards"]} == set(desk.view.cards)
        assert CardView.model_validate(next(c for c in said["cards"] if c["id"] == desk.first)) == desk.card(desk.first)


async def test_many_who_come_at_once_read_the_board_once(
    feed: Feed, store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, read_of_store = [], store.read

    def read(query, *arguments, **named):  # type: ignore[no-untyped-def]
        asked.append(query.__name__)
        return read_of_store(query, *arguments, **named)

    monkeypatch.setattr(store, "read", read)
    views = await asyncio.gather(*(feed.view(desk.id) for _ in range(50)))
    assert asked.count("snapshot") == 1
    assert len(asked) < 10
    for view in views:
        assert_same_view(view, desk.view)


async def test_a_long_wait_ends_with_the_change(feed: Feed, store: Store, desk: Desk) -> None:
    last = desk.sequence
    waiting = asyncio.create_task(feed.changes(desk.id, last, 10, wait=60))
    await until(lambda: feed._tails.get(desk.id) and feed._tails[desk.id].followers)
    assert not waiting.done()
    await store.run(cards.create_card, desk.id, title="x", actor=ANNA)
    async with asyncio.timeout(5):
        [item] = await waiting
    assert item.change.sequence == last + 1
    assert feed._tails[desk.id].followers == set()


async def test_a_wait_for_what_is_there_already_does_not_wait(feed: Feed, desk: Desk) -> None:
    async with asyncio.timeout(5):
        items = await feed.changes(desk.id, 2, 3, wait=60)
    assert [item.change.sequence for item in items] == [3, 4, 5]


async def test_a_wait_in_which_nothing_happens_ends_empty(feed: Feed, desk: Desk) -> None:
    assert await feed.changes(desk.id, desk.sequence, 10, wait=0.05) == []
    assert await feed.changes(desk.id, desk.sequence + 7, 10, wait=0.05) == []
    assert await feed.changes(desk.id, desk.sequence, 10) == []
    assert feed._tails[desk.id].followers == set()


async def test_a_wait_that_is_given_up_leaves_nothing_behind(feed: Feed, desk: Desk) -> None:
    waiting = asyncio.create_task(feed.changes(desk.id, desk.sequence, 10, wait=60))
    await until(lambda: feed._tails.get(desk.id) and feed._tails[desk.id].followers)
    waiting.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await waiting
    assert feed._tails[desk.id].followers == set()


async def test_the_end_of_the_feed_ends_a_long_wait(store: Store, desk: Desk) -> None:
    feed = Feed(store)
    await feed.start()
    waiting = asyncio.create_task(feed.changes(desk.id, desk.sequence, 10, wait=60))
    await until(lambda: feed._tails.get(desk.id) and feed._tails[desk.id].followers)
    async with asyncio.timeout(5):
        await feed.stop()
        assert await waiting == []


async def test_the_lobby_hears_of_every_board_and_takes_many_changes_as_one(
    feed: Feed, store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_module, "LOBBY_PAUSE_SECONDS", 0.01)
    heard = asyncio.Semaphore(0)

    async def listen() -> None:
        async for _ in feed.lobby():
            heard.release()

    listening = asyncio.create_task(listen())
    await until(lambda: feed._lobby)
    async with asyncio.timeout(10):
        boards.create_board(store, name="new", actor=ANNA)
        await heard.acquire()
        desk.add("x")
        await heard.acquire()
    await feed.stop()
    async with asyncio.timeout(5):
        await listening


async def test_memory_of_the_past_is_bounded(feed: Feed, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tail_module, "KEPT", 10)
    monkeypatch.setattr(tail_module, "KEPT_CHARACTERS", 6_000)
    view = await feed.view(desk.id)
    tail = Tail(desk.id, lambda: None)
    tail.begin(view)
    with desk.store.joining():
        for number in range(30):
            desk.add(f"{number}", description="x" * (2_000 if number > 15 else 10))
    for number, change in enumerate(desk.changes(view.sequence)):
        tail.receive(change)
        if number == 14:
            assert len(tail._recent) <= 10
    assert sum(len(item.json) for item in tail._recent) == tail._recent_characters <= 6_000
    assert len(tail._recent) == 2
    assert tail.after(tail.head - 2) is not None
    assert tail.after(tail.head - 3) is None


async def test_texts_of_cards_that_are_gone_are_forgotten(feed: Feed, store: Store, desk: Desk) -> None:
    await feed.snapshot_json(desk.id)
    await store.run(cards.delete_card, desk.first, actor=ANNA)
    await store.run(cards.archive_card, desk.second, actor=ANNA)
    await feed.snapshot_json(desk.id)
    assert set(feed._tails[desk.id]._card_json) == set(desk.view.cards)


async def test_boards_that_nobody_follows_are_forgotten_in_time(
    feed: Feed, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_module, "IDLE_TAILS", 3)
    with store.joining():
        ids = [boards.create_board(store, name=f"{number}", key=f"B{number}", actor=ANNA).id for number in range(10)]
    followed = await feed.follow(ids[0])
    for board_id in ids:
        await feed.view(board_id)
    await feed.view(ids[1])
    assert len(feed._tails) <= 3 + 1
    assert ids[0] in feed._tails
    boards.rename_board(store, ids[0], name="still heard", actor=ANNA)
    async with asyncio.timeout(10):
        await anext(followed)


async def test_a_board_forgotten_while_it_is_asked_for_is_followed_all_the_same(
    feed: Feed, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_module, "IDLE_TAILS", 1)
    with store.joining():
        ids = [boards.create_board(store, name=f"{number}", key=f"B{number}", actor=ANNA).id for number in range(6)]
    for _ in range(5):
        followers = await asyncio.gather(*(feed.follow(board_id) for board_id in ids for _ in range(3)))
        viewed = await asyncio.gather(*(feed.view(board_id) for board_id in ids))
        assert [view.board.id for view in viewed] == ids
        for board_id in ids:
            boards.archive_board(store, board_id, actor=ANNA)
            boards.restore_board(store, board_id, actor=ANNA)
        for follower in followers:
            async with asyncio.timeout(10):
                await anext(follower)
                await anext(follower)
            follower.close()
