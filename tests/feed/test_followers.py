"""Followers: everything in order, once, from wherever they were; a slow one harms only itself."""

import asyncio
import gc

import pytest

from app.commands import boards, cards
from app.errors import NotFound, StoreUnavailable
from app.feed import Feed, Follower, Published, Resync
from app.feed import tail as tail_module
from app.feed.feed import REPLAY_MOST
from app.feed.tail import wire
from app.store import Store
from app.views import Change
from tests.feed.following import read, sequences
from tests.support import ANNA, Desk, assert_same_view, until, until_current


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


async def test_a_follower_hears_of_every_change_from_now_on(feed: Feed, store: Store, desk: Desk) -> None:
    follower = await feed.follow(desk.id)
    view = follower.start_view
    assert_same_view(view, desk.view)
    for number in range(20):
        await store.run(cards.create_card, desk.id, title=f"{number}", actor=ANNA)
    for _ in range(20):
        [item] = await read(follower, 1)
        assert item.change.sequence == follower.cursor == view.sequence + 1
        assert Change.model_validate_json(item.json) == item.change
        view = view.apply(item.change)
    assert_same_view(view, desk.view)
    assert_same_view(follower.view, desk.view)
    follower.close()


async def test_everybody_is_handed_the_same_text_made_once(feed: Feed, desk: Desk) -> None:
    followers = [await feed.follow(desk.id) for _ in range(10)]
    desk.add("x")
    items = [(await read(follower, 1))[0] for follower in followers]
    assert len({id(item.json) for item in items}) == 1
    assert items[0].json == wire(desk.changes(desk.sequence - 1)[0])


async def test_who_was_away_gets_exactly_what_was_missed(feed: Feed, desk: Desk) -> None:
    last = desk.sequence
    for since in range(last + 1):
        follower = await feed.follow(desk.id, since)
        assert sequences(await read(follower, last - since)) == list(range(since + 1, last + 1))
        follower.close()


async def test_what_was_missed_comes_before_what_happens_now(feed: Feed, desk: Desk) -> None:
    since = desk.sequence
    for number in range(5):
        desk.add(f"{number}")
    follower = await feed.follow(desk.id, since + 2)
    desk.add("now")
    assert sequences(await read(follower, 4)) == [since + 3, since + 4, since + 5, since + 6]


async def test_a_late_joiner_starts_from_the_present(feed: Feed, desk: Desk) -> None:
    early = await feed.follow(desk.id)
    desk.add("before")
    await read(early, 1)
    late = await feed.follow(desk.id)
    assert_same_view(late.start_view, desk.view)
    desk.add("after")
    [item] = await read(late, 1)
    assert item.change.data["card"]["title"] == "after"


async def test_a_cursor_from_the_future_starts_over(feed: Feed, desk: Desk) -> None:
    follower = await feed.follow(desk.id, since=desk.sequence + 5)
    item = await anext(follower)
    assert isinstance(item, Resync)
    assert (item.board_id, item.sequence, follower.cursor) == (desk.id, desk.sequence, desk.sequence)
    assert_same_view(item.view, desk.view)
    desk.add("x")
    assert sequences(await read(follower, 1)) == [desk.sequence]


async def test_who_is_too_far_behind_starts_over(feed: Feed, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.feed.feed.REPLAY_MOST", 5)
    assert REPLAY_MOST > 1_000
    assert isinstance(await anext(await feed.follow(desk.id, since=0)), Resync)
    assert isinstance(await anext(await feed.follow(desk.id, since=desk.sequence - 5)), Published)


async def test_changes_of_many_characters_are_not_held_for_one_who_comes_back(
    feed: Feed, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.feed.feed.PAGE", 2)
    monkeypatch.setattr("app.feed.feed.REPLAY_CHARACTERS", 1_000)
    follower = await feed.follow(desk.id, since=0)
    assert isinstance(await anext(follower), Resync)
    desk.add("afterwards")
    assert sequences(await read(follower, 1)) == [desk.sequence]
    short = [item.change.sequence for item in await feed.changes(desk.id, 0, 500)]
    assert short == list(range(1, len(short) + 1))
    assert 1 <= len(short) < desk.sequence


async def test_a_board_that_is_not_there_cannot_be_followed(feed: Feed) -> None:
    for attempt in (feed.follow(999), feed.view("NONE"), feed.snapshot_json(999), feed.changes(999, 0, 10)):
        with pytest.raises(NotFound):
            await attempt


async def test_a_cursor_beyond_the_memory_is_served_from_the_table(
    feed: Feed, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tail_module, "KEPT", 3)
    monkeypatch.setattr("app.feed.feed.PAGE", 4)
    await feed.view(desk.id)
    for number in range(12):
        desk.add(f"{number}")
    await until_current(feed, desk)
    last = desk.sequence
    for since in (0, last - 9, last - 4, last - 3, last - 2, last - 1, last):
        follower = await feed.follow(desk.id, since)
        desk.add("meanwhile")
        expected = list(range(since + 1, desk.sequence + 1))
        assert sequences(await read(follower, len(expected))) == expected
        assert [item.change.sequence for item in await feed.changes(desk.id, since, 1_000)] == expected
        assert [item.change.sequence for item in await feed.changes(desk.id, since, 2)] == expected[:2]


async def test_changes_are_published_in_sequence_whatever_order_they_come_in(feed: Feed, desk: Desk) -> None:
    follower = await feed.follow(desk.id)
    heard: list[Change] = []
    hear, desk.store.on_commit = desk.store.on_commit, heard.extend
    for number in range(4):
        desk.add(f"{number}")
    for position in (2, 0, 0, 3, 1, 2):
        hear([heard[position]])
    start = heard[0].sequence
    assert sequences(await read(follower, 4)) == [start, start + 1, start + 2, start + 3]
    assert_same_view(follower.view, desk.view)


async def test_a_change_that_was_never_told_is_read_from_the_table(feed: Feed, desk: Desk) -> None:
    follower = await feed.follow(desk.id)
    hear, desk.store.on_commit = desk.store.on_commit, lambda changes: None
    desk.add("not told")
    desk.store.on_commit = hear
    desk.add("told")
    assert [item.change.data["card"]["title"] for item in await read(follower, 2)] == ["not told", "told"]


async def test_a_listener_gets_what_waits_first_and_then_each_change_in_order(feed: Feed, desk: Desk) -> None:
    follower = await feed.follow(desk.id, since=desk.sequence - 2)
    heard: list[Published | Resync] = []
    follower.listen(heard.append)
    assert len(heard) == 2
    start = desk.sequence
    desk.add("x")
    await until(lambda: len(heard) == 3)
    assert follower.cursor == start + 1
    follower.close()
    desk.add("y")
    await until_current(feed, desk)
    assert len(heard) == 3


async def test_a_closed_follower_leaves_nothing_behind(feed: Feed, desk: Desk) -> None:
    follower = await feed.follow(desk.id)
    reader = asyncio.create_task(anext(follower, None))
    await asyncio.sleep(0)
    follower.close()
    follower.close()
    assert await reader is None
    desk.add("x")
    await until_current(feed, desk)
    assert count_followers() == 0


async def test_one_who_gives_up_while_catching_up_leaves_nothing_behind(
    feed: Feed, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tail_module, "KEPT", 0)
    await feed.view(desk.id)
    desk.add("x")
    await until_current(feed, desk)
    read_of_store = desk.store.read
    begun = asyncio.Event()

    async def never(*arguments: object, **named: object) -> None:
        begun.set()
        await asyncio.Event().wait()

    async def broken(*arguments: object, **named: object) -> None:
        raise StoreUnavailable("out of reach")

    tail = feed._tails[desk.id]
    monkeypatch.setattr(desk.store, "read", never)
    if not desk.store.shared:
        joining = asyncio.create_task(feed.follow(desk.id, since=1))
        await begun.wait()
        joining.cancel()
        await asyncio.gather(joining, return_exceptions=True)
        assert tail.followers == set()
    monkeypatch.setattr(desk.store, "read", broken)
    with pytest.raises(StoreUnavailable):
        await feed.follow(desk.id, since=1)
    assert tail.followers == set()
    monkeypatch.setattr(desk.store, "read", read_of_store)
    assert sequences(await read(await feed.follow(desk.id, since=1), 2)) == [2, 3]


async def test_waiting_says_whether_something_is_there(feed: Feed, desk: Desk) -> None:
    follower = await feed.follow(desk.id)
    assert not await follower.wait(0)
    desk.add("x")
    assert await follower.wait(10)
    await read(follower, 1)
    waiting = asyncio.create_task(follower.wait(30))
    for _ in range(5):
        await asyncio.sleep(0)
    assert not waiting.done(), "what was read already is no news"
    desk.add("y")
    assert await waiting


async def test_the_end_of_the_feed_is_the_end_of_every_follower(store: Store, desk: Desk) -> None:
    feed = Feed(store)
    await feed.start()
    follower = await feed.follow(desk.id)
    reader = asyncio.create_task(anext(follower, None))
    await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await feed.stop()
        assert await reader is None
    boards.rename_board(store, desk.id, name="nobody listens", actor=ANNA)


def count_followers() -> int:
    gc.collect()
    return sum(isinstance(thing, Follower) and not thing._closed for thing in gc.get_objects())
