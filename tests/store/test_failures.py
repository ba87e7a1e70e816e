"""A full disk, a lost connection, a killed process: nothing acknowledged is lost, and the next writer is served."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, make_url, text
from sqlalchemy.engine import Engine

from app.commands import cards
from app.errors import StoreUnavailable
from app.queries import boards as board_queries
from app.store import Store
from app.store.transaction import board as board_target
from app.store.transaction import changing
from models.vocabulary import Verb
from tests import postgres, processes
from tests.support import (
    ANNA,
    Desk,
    assert_gap_free,
    only,
    rows,
)


@only("sqlite")
@pytest.mark.parametrize("how", ["direct", "run"])
async def test_a_full_disk_refuses_the_change_and_the_writer_lives_on(store: Store, how: str) -> None:
    desk = Desk(store)
    limit_pages(store, lambda present: present + 4)
    big = "x" * 20_000

    async def add_one() -> None:
        if how == "direct":
            desk.add("big", description=big)
        else:
            await store.run(cards.create_card, desk.id, title="big", description=big, actor=ANNA)

    async def add_five() -> None:
        for _ in range(5):
            await add_one()

    with pytest.raises(StoreUnavailable):
        await add_five()
    before = desk.sequence
    assert_gap_free(desk)
    limit_pages(store, lambda present: present + 1_000)
    async with asyncio.timeout(10):
        await add_one()
    assert desk.sequence == before + 1


@only("sqlite")
async def test_a_full_disk_tells_all_of_a_batch_and_keeps_the_sequence_whole(store: Store) -> None:
    desk = Desk(store)
    limit_pages(store, lambda present: present + 20)
    async with asyncio.timeout(20):
        answers = await asyncio.gather(
            *(
                store.run(cards.create_card, desk.id, title=f"{n}", description="x" * 10_000, actor=ANNA)
                for n in range(40)
            ),
            return_exceptions=True,
        )
    assert {type(answer).__name__ for answer in answers} <= {"CardView", "StoreUnavailable"}
    kept = {card.id for card in desk.view.cards.values()}
    assert all(answer.id in kept for answer in answers if not isinstance(answer, BaseException))
    refused = [answer for answer in answers if isinstance(answer, BaseException)]
    assert refused
    assert len(desk.lane(desk.todo)) == 3 + len(answers) - len(refused)
    assert_gap_free(desk)


def limit_pages(store: Store, of: Callable[[int], int]) -> None:
    """As if the disk held no more than this."""
    with store.joining() as unit:
        present = unit.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        unit.connection.exec_driver_sql(f"PRAGMA max_page_count={of(present)}")


@only("postgresql")
@pytest.mark.parametrize("how", ["direct", "run"])
async def test_a_lost_connection_refuses_the_change_and_the_next_one_works(
    store: Store, postgres_server: postgres.Server, how: str
) -> None:
    desk = Desk(store)

    def cut_off(store: Store) -> None:
        with changing(store, board_target(desk.id)) as change:
            pid = change.connection.execute(text("SELECT pg_backend_pid()")).scalar()
            postgres_server.execute(f"SELECT pg_terminate_backend({pid})")
            change.record(Verb.BOARD_RENAMED, ANNA, board=change.board.model_dump(mode="json"))

    before = rows(store)
    with pytest.raises(StoreUnavailable):
        await store.run(cut_off) if how == "run" else cut_off(store)
    assert rows(store) == before
    desk.add("x")
    assert_gap_free(desk)


@only("postgresql")
def test_a_restarted_database_is_written_and_read_again(store: Store, postgres_server: postgres.Server) -> None:
    desk = Desk(store)
    for _ in range(2):
        name = store.url.database
        postgres_server.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        desk.add("x")
    assert_gap_free(desk)


@only("sqlite")
@pytest.mark.parametrize("acknowledged", [1, 7, 40])
def test_an_acknowledged_change_survives_a_killed_process(store: Store, database_url: str, acknowledged: int) -> None:
    desk = Desk(store)
    store.close()
    with processes.writing(database_url, desk.first, 100_000) as other:
        processes.begin(other)
        assert other.stdout is not None
        for _ in range(acknowledged):
            last = int(other.stdout.readline())
        other.kill()
        other.wait()
        rest = [int(line) for line in other.stdout if line.endswith("\n")]
        last = max([last, *rest])
    path = make_url(database_url).database
    assert path is not None
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
    again = Store.open(database_url)
    assert_survived(again, desk.id, desk.first, last)
    again.close()


def assert_survived(store: Store, board_id: int, card_id: int, acknowledged: int) -> None:
    view = board_queries.snapshot(store, board_id)
    kept: list[tuple[Any, ...]] = rows(store)["activity"]
    assert len(kept) == max(row[1] for row in kept) == view.sequence
    assert acknowledged <= view.cards[card_id].comment_count <= acknowledged + 1
    assert len([row for row in rows(store)["comment"] if row[1] == card_id]) == view.cards[card_id].comment_count


@only("sqlite")
def test_a_caller_whose_loop_is_gone_does_not_stop_the_writer(store: Store) -> None:
    """As at a stop, when a request is cut off while its change waits for the disk."""
    desk, begun, go_on = Desk(store), threading.Event(), threading.Event()

    def slow(store: Store) -> None:
        begun.set()
        assert go_on.wait(30)
        desk.add("from the one who left")

    async def leave() -> None:
        leaving = asyncio.ensure_future(store.run(slow))
        await asyncio.to_thread(begun.wait, 30)
        leaving.cancel()

    async def stay() -> None:
        async with asyncio.timeout(10):
            await store.run(cards.create_card, desk.id, title="from one who stayed", actor=ANNA)

    asyncio.run(leave())
    go_on.set()
    asyncio.run(stay())
    assert len(desk.lane(desk.todo)) == 5
    assert_gap_free(desk)


@only("sqlite")
async def test_a_database_that_another_program_locks_keeps_a_batch_waiting_once(store: Store) -> None:
    desk = Desk(store)
    with store.joining() as unit:
        unit.connection.exec_driver_sql("PRAGMA busy_timeout=100")
    tries = 0

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        nonlocal tries
        tries += statement == "BEGIN IMMEDIATE"

    other = sqlite3.connect(store.url.database or "", isolation_level=None)
    event.listen(Engine, "before_cursor_execute", note)
    try:
        other.execute("BEGIN IMMEDIATE")
        writes = (store.run(cards.create_card, desk.id, title=f"{n}", actor=ANNA) for n in range(30))
        answers = await asyncio.gather(*writes, return_exceptions=True)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
        other.close()
    assert {type(answer) for answer in answers} == {StoreUnavailable}
    assert tries < 10
    await store.run(cards.create_card, desk.id, title="and then it works", actor=ANNA)
    assert_gap_free(desk)


@only("sqlite")
async def test_whatever_goes_wrong_the_writer_lives_on(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(store)

    def broken() -> None:
        raise ZeroDivisionError("a bug below the commands")

    async def write() -> None:
        async with asyncio.timeout(10):
            await store.run(cards.create_card, desk.id, title="x", actor=ANNA)

    with monkeypatch.context() as patch:
        patch.setattr(store._units, "opening", broken)
        with pytest.raises(ZeroDivisionError):
            await write()
    await write()
    assert_gap_free(desk)
