"""Many writers at once, batches, broken connections, a full disk and a killed process: nothing acknowledged is lost."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import make_url, text

from app.commands import boards, cards, comments
from app.errors import ColumnFull, NotFound, StoreUnavailable
from app.queries import boards as board_queries
from app.store import Store
from app.store.transaction import board as board_target
from app.store.transaction import changing
from app.views import Change
from models.vocabulary import Verb
from tests import postgres, processes
from tests.support import ANNA, ROBOT, Desk, assert_same_view, nothing_stored, only, rows, view_before_creation


def assert_gap_free(desk: Desk) -> None:
    changes = desk.changes()
    assert [change.sequence for change in changes] == list(range(1, desk.sequence + 1))
    view = view_before_creation(desk.view)
    for change in changes:
        view = view.apply(change)
    assert_same_view(view, desk.view)


def test_twenty_threads_write_without_an_error_and_without_a_gap(store: Store) -> None:
    desk = Desk(store)
    heard: list[Change] = []
    store.on_commit = heard.extend
    before = desk.sequence

    def work(number: int) -> None:
        for turn in range(25):
            match (number + turn) % 4:
                case 0:
                    desk.add(f"{number}-{turn}", before=desk.first)
                case 1:
                    comments.add_comment(store, desk.first, text=f"{number}-{turn}", actor=ROBOT)
                case 2:
                    title = f"{number}-{turn}"
                    cards.update_card(store, desk.second, changes={"title": title}, actor=ANNA)
                case 3:
                    column = desk.review if turn % 8 < 4 else desk.done
                    made = cards.create_card(store, desk.id, title="moving", actor=ANNA)
                    cards.move_card(store, made.id, to_column=column, actor=ANNA)

    with ThreadPoolExecutor(20) as threads:
        list(threads.map(work, range(20)))
    assert desk.sequence == before + 20 * 25 + 20 * 25 // 4
    assert_gap_free(desk)
    assert sorted(change.sequence for change in heard) == list(range(before + 1, desk.sequence + 1))


async def test_twenty_tasks_write_without_an_error_and_are_answered_what_they_did(store: Store) -> None:
    desk = Desk(store)

    async def work(number: int) -> None:
        for turn in range(10):
            title = f"{number}-{turn}"
            made = await store.run(cards.create_card, desk.id, title=title, before=desk.first, actor=ANNA)
            assert made.title == title
            moved = await store.run(cards.move_card, made.id, to_column=desk.review, actor=ANNA)
            assert (moved.id, moved.column_id) == (made.id, desk.review)

    await asyncio.gather(*(work(number) for number in range(20)))
    assert len(desk.lane(desk.review)) == 200
    assert_gap_free(desk)


async def test_boards_written_at_once_keep_each_its_own_sequence(store: Store) -> None:
    desks = [Desk(store, key=f"D{number}") for number in range(4)]
    await asyncio.gather(
        *(store.run(cards.create_card, desk.id, title=f"{turn}", actor=ANNA) for turn in range(25) for desk in desks)
    )
    for desk in desks:
        assert_gap_free(desk)
        assert len(desk.lane(desk.todo)) == 28


@only("postgresql")
def test_two_processes_write_without_an_error_and_without_a_gap(store: Store, database_url: str) -> None:
    desk = Desk(store)
    before = desk.sequence
    with processes.writing(database_url, desk.first, 100) as other:
        processes.begin(other)
        for number in range(100):
            desk.add(f"{number}")
        assert other.wait(60) == 0
    assert desk.sequence == before + 200
    assert_gap_free(desk)


@only("postgresql")
async def test_a_change_that_is_numbered_later_never_commits_earlier(store: Store) -> None:
    """A reader that asks for what came after N would miss N + 1 for good if N + 2 could commit before it."""
    desk = Desk(store)
    before = desk.sequence
    entered, leave = threading.Event(), threading.Event()

    def slow(store: Store) -> None:
        with changing(store, board_target(desk.id)) as change:
            entered.set()
            assert leave.wait(30)
            change.record(Verb.BOARD_RENAMED, ANNA, board=change.board.model_dump(mode="json"))

    first = asyncio.create_task(store.run(slow))
    await asyncio.to_thread(entered.wait, 30)
    second = asyncio.create_task(store.run(cards.create_card, desk.id, title="second", actor=ANNA))
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    async with asyncio.timeout(30):
        while True:
            with store.joining() as unit:
                if unit.connection.execute(waiting).scalar():
                    break
            assert desk.changes(before) == []
            await asyncio.sleep(0.01)
    assert desk.changes(before) == []
    assert not second.done()
    leave.set()
    await asyncio.gather(first, second)
    assert [change.event for change in desk.changes(before)] == [Verb.BOARD_RENAMED, Verb.CARD_CREATED]


async def test_a_refused_job_leaves_no_trace_and_does_not_harm_its_neighbours(store: Store) -> None:
    desk = Desk(store)
    desk.set_limit(desk.doing, 1)
    before = desk.sequence
    create, wrong = cards.create_card, {"column_id": desk.doing}
    answers = await asyncio.gather(
        *(store.run(create, desk.id, title=f"{n}", actor=ANNA, **(wrong if n % 3 == 1 else {})) for n in range(30)),
        return_exceptions=True,
    )
    for number, answer in enumerate(answers):
        assert isinstance(answer, ColumnFull) == (number % 3 == 1)
    assert desk.sequence == before + 20
    assert_gap_free(desk)


async def test_a_command_that_fails_after_writing_is_undone_and_told_to_its_caller_alone(store: Store) -> None:
    desk = Desk(store)
    before = desk.sequence

    def fails(store: Store) -> None:
        desk.add("undone")
        with changing(store, board_target(desk.id)) as change:
            change.connection.execute(text("DELETE FROM comment"))
            raise ZeroDivisionError("a bug in a command")

    good = [store.run(cards.create_card, desk.id, title=f"{n}", actor=ANNA) for n in range(5)]
    bad = store.run(fails)
    answers = await asyncio.gather(*good[:2], bad, *good[2:], return_exceptions=True)
    assert [type(answer).__name__ for answer in answers].count("ZeroDivisionError") == 1
    assert desk.sequence == before + 5
    assert len(rows(store)["comment"]) == 1
    assert_gap_free(desk)


def test_commands_in_one_unit_are_one_transaction(store: Store) -> None:
    desk = Desk(store)

    def three_at_once() -> None:
        with store.joining():
            desk.add("first")
            desk.add("second")
            cards.archive_card(store, 999_999, actor=ANNA)

    with nothing_stored(store), pytest.raises(NotFound):
        three_at_once()


def test_a_change_is_told_after_it_can_be_read(store: Store) -> None:
    desk = Desk(store)
    found: list[bool] = []
    store.on_commit = lambda changes: found.extend(change in desk.changes() for change in changes)
    desk.add("x")
    boards.rename_board(store, desk.id, name="y", actor=ANNA)
    assert found == [True, True]


async def test_a_closed_store_answers_instead_of_hanging(store: Store) -> None:
    store.close()
    async with asyncio.timeout(5):
        with pytest.raises(StoreUnavailable):
            await store.run(boards.create_board, name="late", actor=ANNA)
        with pytest.raises(StoreUnavailable):
            await store.read(board_queries.list_boards)


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
