"""A board that is deleted: whoever follows it is told as the last change, and comes to an end; nobody else finds it."""

import asyncio
from collections.abc import AsyncIterator

import orjson
import pytest

from app.commands import boards, cards
from app.errors import NotFound
from app.feed import Feed, Follower, Published, Resync, doorbells
from app.feed import tail as tail_module
from app.store import Store
from app.views import SYSTEM, Change
from models.vocabulary import Verb
from tests.feed.following import read, sequences
from tests.support import ANNA, Desk, only, until


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


@pytest.fixture
async def elsewhere(database_url: str) -> AsyncIterator[Store]:
    """A second server's store on the same database."""
    second = await asyncio.to_thread(Store.open, database_url)
    yield second
    await asyncio.to_thread(second.close)


async def to_the_end(follower: Follower) -> list[Published | Resync]:
    async with asyncio.timeout(20):
        return [item async for item in follower]


def events(items: list[Published | Resync]) -> list[str]:
    return [item.change.event if isinstance(item, Published) else "resync" for item in items]


async def test_those_who_follow_are_told_last_and_end(
    feed: Feed, store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tail_module, "AT_ONCE", 3)  # not all of them in one turn of the loop
    last = desk.sequence
    readers = [await feed.follow(desk.id, since=last - 1) for _ in range(5)]
    listeners, heard = [await feed.follow(desk.id) for _ in range(5)], list[str]()
    for listener in listeners:
        listener.listen(lambda item: heard.extend(events([item])))
    waiting = asyncio.create_task(feed.changes(desk.id, last, 10, wait=60))
    await until(lambda: len(feed._tails[desk.id].followers) == 11)
    await store.run(cards.update_card, desk.first, changes={"title": "x"}, actor=ANNA)
    assert [item.change.event for item in await waiting] == ["card_updated"]
    waiting = asyncio.create_task(feed.changes(desk.id, last + 1, 10, wait=60))
    await until(lambda: len(feed._tails[desk.id].followers) == 11)
    tail = feed._tails[desk.id]
    await store.run(boards.delete_board, desk.id, actor=ANNA)
    for reader in readers:
        items = await to_the_end(reader)
        assert events(items) == ["comment_added", "card_updated", "board_deleted"]
        assert sequences(items) == [last, last + 1, last + 2]  # type: ignore[arg-type]
        assert reader.view.sequence == last + 2
    assert [item.change.event for item in await waiting] == ["board_deleted"]
    await until(lambda: not tail.followers)
    assert heard == ["card_updated"] * 5 + ["board_deleted"] * 5
    assert feed._tails == {}


async def test_who_comes_afterwards_finds_no_such_board(feed: Feed, store: Store, desk: Desk) -> None:
    await feed.snapshot_json("desk")
    await store.run(boards.delete_board, desk.id, actor=ANNA)
    for name in (desk.id, "DESK"):
        for attempt in (feed.view(name), feed.snapshot_json(name)):
            with pytest.raises(NotFound):
                await attempt
    for later in (feed.follow(desk.id, 3), feed.changes(desk.id, 0, 10, wait=60)):
        with pytest.raises(NotFound):
            await later
    again = await store.run(boards.create_board, name="Again", key="DESK", actor=ANNA)
    assert (await feed.view("DESK")).board == again


async def test_a_board_that_nobody_has_looked_at_goes_without_a_word(feed: Feed, store: Store, desk: Desk) -> None:
    arrival = asyncio.ensure_future(anext(aiter(feed.lobby())))
    await until(lambda: feed._lobby)
    await store.run(boards.delete_board, desk.id, actor=ANNA)
    async with asyncio.timeout(10):
        await arrival  # the list of boards hears of it
    assert feed._tails == {}


async def test_who_is_too_slow_for_its_queue_is_told_all_the_same(feed: Feed, store: Store, desk: Desk) -> None:
    await feed.view(desk.id)
    slow = Follower(feed._tails[desk.id], desk.sequence, capacity=2)
    for number in range(2):
        await store.run(cards.create_card, desk.id, title=f"{number}", actor=ANNA)
    last = desk.sequence
    await store.run(boards.delete_board, desk.id, actor=ANNA)
    resync, deleted = await to_the_end(slow)
    assert isinstance(resync, Resync)
    assert isinstance(deleted, Published)
    assert (resync.sequence, deleted.change.sequence) == (last, last + 1)
    assert deleted.change.event is Verb.BOARD_DELETED


async def test_one_who_is_catching_up_while_it_is_deleted_is_told_too(
    feed: Feed, store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await feed.view(desk.id)
    older = feed._older

    async def deleted_meanwhile(*asked: int) -> list[Published]:
        await store.run(boards.delete_board, desk.id, actor=ANNA)
        await until(lambda: not feed._tails)
        return await older(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr(feed, "_older", deleted_meanwhile)
    follower = await feed.follow(desk.id, since=1)
    assert events(await to_the_end(follower)) == ["resync", "board_deleted"]


@only("postgresql")
async def test_followers_in_another_process_are_told_in_nobodys_name(
    feed: Feed, desk: Desk, elsewhere: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doorbells, "POLL_SECONDS", 3_600)
    follower, last = await feed.follow(desk.id), desk.sequence
    gone = Desk(elsewhere, key="OTHER")
    await feed.view("OTHER")
    await elsewhere.run(boards.delete_board, gone.id, actor=ANNA)
    with pytest.raises(NotFound):
        await feed.view("OTHER")
    await elsewhere.run(boards.delete_board, desk.id, actor=ANNA)
    [item] = await to_the_end(follower)
    assert isinstance(item, Published)
    assert (item.change.event, item.change.sequence, item.change.actor) == (Verb.BOARD_DELETED, last + 1, SYSTEM)
    assert Change.model_validate(orjson.loads(item.json)) == item.change
    assert feed._tails == {}


@only("postgresql")
async def test_a_deletion_that_was_missed_is_found_by_the_poll(feed: Feed, desk: Desk, elsewhere: Store) -> None:
    follower = await feed.follow(desk.id)
    assert feed._doorbell is not None
    feed._doorbell._rung = lambda board_id, sequence: None
    await elsewhere.run(cards.create_card, desk.id, title="never seen", actor=ANNA)
    await elsewhere.run(boards.delete_board, desk.id, actor=ANNA)
    assert events(await to_the_end(follower))[-1] == "board_deleted"


async def test_a_change_that_comes_late_is_not_told_after_the_end(feed: Feed, store: Store, desk: Desk) -> None:
    """The word of the deletion overtook another change: that one went with the board."""
    follower, last = await feed.follow(desk.id), desk.sequence
    heard: list[Change] = []
    receive, store.on_commit = store.on_commit, heard.extend

    def both(store: Store) -> None:
        cards.create_card(store, desk.id, title="late", actor=ANNA)
        boards.delete_board(store, desk.id, actor=ANNA)

    await store.run(both)  # in one transaction: no bell lets the first be read before the second
    created, deleted = heard
    receive([deleted])
    [item] = await read(follower, 1)
    receive([created])
    assert (item.change.event, item.change.sequence) == (Verb.BOARD_DELETED, last + 1)
    assert await to_the_end(follower) == []
