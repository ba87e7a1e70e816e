"""Two processes on one PostgreSQL: each hears of the other at once, and misses nothing when a connection drops."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.commands import boards, cards
from app.feed import Feed, Published, doorbells
from app.store import Store
from app.store.unit import DOORBELL
from tests import postgres, processes
from tests.feed.following import read, sequences
from tests.support import ANNA, Desk, assert_same_view, only, until

pytestmark = only("postgresql")


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


@pytest.fixture
async def elsewhere(database_url: str) -> AsyncIterator[Store]:
    """A second server's store on the same database; nothing but the database connects the two."""
    second = await asyncio.to_thread(Store.open, database_url)
    yield second
    await asyncio.to_thread(second.close)


@pytest.fixture
def no_poll(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the poll every two seconds, what is heard in time was heard by the bell."""
    monkeypatch.setattr(doorbells, "POLL_SECONDS", 3_600)


@pytest.mark.usefixtures("no_poll")
async def test_a_change_of_another_server_wakes_the_followers(feed: Feed, desk: Desk, elsewhere: Store) -> None:
    follower = await feed.follow(desk.id)
    view = follower.start_view
    for number in range(20):
        await elsewhere.run(cards.create_card, desk.id, title=f"{number}", actor=ANNA)
        [item] = await read(follower, 1)
        view = view.apply(item.change)
    assert_same_view(view, desk.view)


@pytest.mark.usefixtures("no_poll")
async def test_a_long_wait_and_the_lobby_end_with_a_change_of_another_server(
    feed: Feed, desk: Desk, elsewhere: Store
) -> None:
    lobby = feed.lobby()
    arrival = asyncio.ensure_future(anext(lobby))
    waiting = asyncio.create_task(feed.changes(desk.id, desk.sequence, 10, wait=60))
    await until(lambda: feed._lobby and feed._tails.get(desk.id) and feed._tails[desk.id].followers)
    async with asyncio.timeout(20):
        await elsewhere.run(boards.rename_board, desk.id, name="from elsewhere", actor=ANNA)
        assert [item.change.event for item in await waiting] == ["board_renamed"]
        await arrival
    await lobby.aclose()


async def test_the_view_holds_what_another_server_has_acknowledged(feed: Feed, desk: Desk, elsewhere: Store) -> None:
    for number in range(30):
        card = await elsewhere.run(cards.create_card, desk.id, title=f"{number}", actor=ANNA)
        assert card.id in (await feed.view(desk.id)).cards


@pytest.mark.usefixtures("no_poll")
async def test_a_process_that_writes_beside_this_one_leaves_no_gap(
    feed: Feed, store: Store, desk: Desk, database_url: str
) -> None:
    followers = [await feed.follow(desk.id) for _ in range(3)]
    start = desk.sequence
    with processes.writing(database_url, desk.first, 150) as other:
        processes.begin(other)
        for number in range(150):
            await store.run(cards.create_card, desk.id, title=f"{number}", actor=ANNA)
        for follower in followers:
            assert sequences(await read(follower, 300, seconds=60)) == list(range(start + 1, start + 301))
        assert await asyncio.to_thread(other.wait, 30) == 0
    assert_same_view(followers[0].view, desk.view)


async def test_a_lost_connection_of_the_doorbell_loses_nothing(
    feed: Feed, desk: Desk, elsewhere: Store, postgres_server: postgres.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doorbells, "RETRY_SECONDS", 0.05)
    follower = await feed.follow(desk.id)
    start = desk.sequence
    for turn in range(1, 4):
        pid = listener(postgres_server, desk.store)
        assert pid
        postgres_server.execute(f"SELECT pg_terminate_backend({pid})")
        await elsewhere.run(cards.create_card, desk.id, title="while nobody listened", actor=ANNA)
        assert sequences(await read(follower, 1)) == [start + turn]
        await until(lambda gone=pid: listener(postgres_server, desk.store) not in (None, gone))  # type: ignore[misc]


async def test_words_at_the_door_that_nobody_understands_do_no_harm(
    feed: Feed, desk: Desk, elsewhere: Store, store: Store, postgres_server: postgres.Server
) -> None:
    follower = await feed.follow(desk.id)
    url = store.url.set(drivername="postgresql").render_as_string(hide_password=False)
    for word in ("", "hello", "1", "1 2 3", f"{desk.id} 99999"):
        postgres_server.execute(f"NOTIFY {DOORBELL}, '{word}'", url)
    await elsewhere.run(cards.create_card, desk.id, title="x", actor=ANNA)
    assert sequences(await read(follower, 1)) == [desk.sequence]
    assert listener(postgres_server, store)


@pytest.mark.usefixtures("no_poll")
async def test_a_ring_while_the_table_is_being_read_is_not_lost(
    feed: Feed, desk: Desk, elsewhere: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reading under way began before the change that rings: only another one finds it."""
    follower = await feed.follow(desk.id)
    read_of_store, held, go_on = feed._store.read, asyncio.Event(), asyncio.Event()
    held_once = False

    async def slow(query, *arguments, **named):  # type: ignore[no-untyped-def]
        nonlocal held_once
        answer = await read_of_store(query, *arguments, **named)
        if not held_once:
            held_once = True
            held.set()
            await go_on.wait()
        return answer

    monkeypatch.setattr(feed._store, "read", slow)
    rung, words = feed._rung, []

    def note(board_id: int, sequence: int) -> None:
        words.append(sequence)
        rung(board_id, sequence)

    assert feed._doorbell is not None
    monkeypatch.setattr(feed._doorbell, "_rung", note)
    start = desk.sequence
    await elsewhere.run(cards.create_card, desk.id, title="first", actor=ANNA)
    await held.wait()
    await elsewhere.run(cards.create_card, desk.id, title="second", actor=ANNA)
    await until(lambda: start + 2 in words)
    go_on.set()
    assert sequences(await read(follower, 2)) == [start + 1, start + 2]


async def test_a_start_without_a_doorbell_in_reach_still_reads_the_table(
    store: Store, desk: Desk, elsewhere: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    import psycopg

    async def unreachable(*arguments: object, **named: object) -> None:
        raise psycopg.OperationalError("nobody opens")

    monkeypatch.setattr(psycopg.AsyncConnection, "connect", unreachable)
    monkeypatch.setattr(doorbells, "RETRY_SECONDS", 0.05)
    feed = Feed(store)
    async with asyncio.timeout(10):
        await feed.start()
    follower = await feed.follow(desk.id)
    await elsewhere.run(cards.create_card, desk.id, title="x", actor=ANNA)
    [item] = await read(follower, 1)
    assert isinstance(item, Published)
    await feed.stop()


def listener(server: postgres.Server, store: Store) -> int | None:
    """The connection that listens now."""
    found = server.execute(
        f"SELECT pid FROM pg_stat_activity WHERE datname = '{store.url.database}' AND query = 'LISTEN {DOORBELL}'"
    )
    return found[0][0] if found else None


async def test_the_bell_is_reached_by_the_same_url_as_the_store(store: Store, postgres_server: postgres.Server) -> None:
    url = store.url.update_query_dict({"options": "-c application_name=bell -c search_path=public"})
    bell = doorbells.PostgresDoorbell(url, rung=lambda board_id, sequence: None, poll=lambda: None)
    async with asyncio.timeout(10):
        await bell.start()
        named = "SELECT pid FROM pg_stat_activity WHERE application_name = 'bell'"
        assert [(listener(postgres_server, store),)] == postgres_server.execute(named)
    await bell.stop()


async def test_a_server_that_never_answers_does_not_hold_up_the_poll(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection into a network that went away would otherwise be waited for while another could be had."""
    monkeypatch.setattr(doorbells, "CONNECT_SECONDS", 1)
    polled = asyncio.Event()
    silent = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    url = store.url.set(host="127.0.0.1", port=silent.sockets[0].getsockname()[1])
    bell = doorbells.PostgresDoorbell(url, rung=lambda board_id, sequence: None, poll=polled.set)
    starting = asyncio.create_task(bell.start())
    async with asyncio.timeout(20):
        await polled.wait()
        await starting
    await bell.stop()
    silent.close()
