"""Much at once: slow followers, many writers, hundreds who come and go. Nobody misses or repeats a change."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

from app.commands import cards
from app.feed import Feed, Follower, Published, Resync
from app.feed import follower as follower_module
from app.feed import tail as tail_module
from app.store import Store
from app.views import Change
from tests.feed.following import read, sequences
from tests.support import ANNA, Desk, assert_same_view, until


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


async def test_a_slow_follower_is_told_to_start_over_and_harms_nobody(
    feed: Feed, store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick, slow = await feed.follow(desk.id), await feed.follow(desk.id)
    start, count = desk.sequence, follower_module.CAPACITY + 50
    reading = asyncio.create_task(read(quick, count, seconds=60))
    for _ in range(0, count, 50):
        await asyncio.gather(*(store.run(cards.create_card, desk.id, title="x", actor=ANNA) for _ in range(50)))
    assert sequences(await reading) == list(range(start + 1, start + count + 1))
    assert not quick.overflowed
    assert slow.overflowed
    resync = await anext(slow)
    assert isinstance(resync, Resync)
    assert start < resync.sequence <= start + count
    view = resync.view
    assert_same_view(view, desk.view)
    rest = start + count - resync.sequence
    assert sequences(await read(slow, rest)) == list(range(resync.sequence + 1, start + count + 1))


async def test_nothing_is_missed_between_the_replay_and_the_present(
    feed: Feed, store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tail_module, "KEPT", 1)
    monkeypatch.setattr("app.feed.feed.PAGE", 2)
    await feed.view(desk.id)
    done = False

    async def write() -> None:
        for number in range(150):
            await store.run(cards.create_card, desk.id, title=f"{number}", actor=ANNA)

    async def come_and_go() -> None:
        while not done:
            follower = await feed.follow(desk.id, since=3)
            first = await read(follower, 10)
            assert sequences(first) == list(range(4, 14))
            follower.close()

    going = asyncio.create_task(come_and_go())
    follower = await feed.follow(desk.id, since=0)
    before = desk.sequence
    await write()
    done = True
    await going
    total = desk.sequence
    assert total >= before + 150 - 1
    assert sequences(await read(follower, total)) == list(range(1, total + 1))


async def test_threads_that_write_at_once_leave_no_gap(feed: Feed, store: Store, desk: Desk) -> None:
    follower = await feed.follow(desk.id)
    start = desk.sequence

    def work(number: int) -> None:
        for turn in range(20):
            cards.create_card(store, desk.id, title=f"{number}-{turn}", actor=ANNA)

    with ThreadPoolExecutor(10) as threads:
        tasks = [asyncio.get_running_loop().run_in_executor(threads, work, number) for number in range(10)]
        items = await read(follower, 200, seconds=60)
        await asyncio.gather(*tasks)
    assert sequences(items) == list(range(start + 1, start + 201))
    assert_same_view(follower.view, desk.view)


async def test_hundreds_who_come_and_go_during_a_burst_miss_and_repeat_nothing(
    feed: Feed, store: Store, desk: Desk
) -> None:
    """So many are handed a change a hundred at a time, and others come in between."""
    followers = [await feed.follow(desk.id) for _ in range(250)]
    starts = [follower.cursor for follower in followers]
    burst = asyncio.gather(*(store.run(cards.create_card, desk.id, title=f"{n}", actor=ANNA) for n in range(40)))
    while not burst.done():
        since = max(0, desk_head(feed, desk) - 3)
        followers += [await feed.follow(desk.id), await feed.follow(desk.id, since)]
        starts += [followers[-2].cursor, since]
        followers[len(followers) // 3].close()
        await asyncio.sleep(0)
    await burst
    last = desk.sequence
    for follower, start in zip(followers, starts, strict=True):
        if not follower._closed:
            assert sequences(await read(follower, last - start)) == list(range(start + 1, last + 1))


async def test_one_who_starts_over_in_the_middle_of_a_burst_is_not_told_old_news(feed: Feed, desk: Desk) -> None:
    tail_of_others = [await feed.follow(desk.id) for _ in range(250)]
    slow = Follower(feed._tails[desk.id], desk.sequence, capacity=2)
    heard: list[Change] = []
    hear, desk.store.on_commit = desk.store.on_commit, heard.extend
    for number in range(12):
        desk.add(f"{number}")
    desk.store.on_commit = hear
    hear(heard)
    await read(tail_of_others[-1], 12)
    await until(lambda: not feed._tails[desk.id]._due)
    items = [slow._queue.popleft() for _ in range(len(slow._queue))]
    assert isinstance(items[0], Resync)
    rest = [item.change.sequence for item in items[1:] if isinstance(item, Published)]
    assert rest == list(range(items[0].sequence + 1, desk.sequence + 1))


async def test_a_burst_leaves_the_loop_free_for_others(feed: Feed, desk: Desk) -> None:
    """However the offers add up, by many followers or by many changes, each turn of the loop makes so many of them."""
    count, offered = tail_module.AT_ONCE - 1, 0

    def offer(item: Published | Resync) -> None:
        nonlocal offered
        offered += 1

    for _ in range(count):
        (await feed.follow(desk.id)).listen(offer)
    with desk.store.joining():
        for number in range(40):
            desk.add(f"{number}")
    turns = [0]
    async with asyncio.timeout(20):
        while offered < 40 * count:
            await asyncio.sleep(0)
            turns.append(offered)
    assert max(after - before for before, after in pairwise(turns)) <= tail_module.AT_ONCE


async def test_many_missed_changes_are_applied_bit_by_bit(feed: Feed, desk: Desk) -> None:
    await feed.view(desk.id)
    hear, desk.store.on_commit = desk.store.on_commit, lambda changes: None
    with desk.store.joining():
        for number in range(200):
            cards.update_card(desk.store, desk.first, changes={"title": f"{number}"}, actor=ANNA)
    desk.store.on_commit = hear
    follower, last = Follower(feed._tails[desk.id], 0), desk.sequence
    heads = [follower.view.sequence]
    desk.add("told")
    async with asyncio.timeout(20):
        while heads[-1] <= last:
            await asyncio.sleep(0)
            heads.append(follower.view.sequence)
    assert max(after - before for before, after in pairwise(heads)) <= 100


async def test_a_follower_that_fails_harms_only_itself(
    feed: Feed, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[list[int]] = []

    def fails(item: Published | Resync) -> None:
        raise ZeroDivisionError("a bug in a page")

    for number in range(6):
        follower = await feed.follow(desk.id)
        heard.append([])
        follower.listen(fails if number % 2 else lambda item, own=heard[-1]: own.append(item.change.sequence))
    start = desk.sequence
    for number in range(3):
        desk.add(f"{number}")
    await until(lambda: [len(own) for own in heard] == [3, 0, 3, 0, 3, 0])
    assert heard[0] == [start + 1, start + 2, start + 3]
    assert "a bug in a page" in caplog.text


def desk_head(feed: Feed, desk: Desk) -> int:
    return feed._tails[desk.id].head
