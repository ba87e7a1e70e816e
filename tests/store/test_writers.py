"""Many writers at once, and batches in which one is refused: no error, no gap, no trace of the refused."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from app.commands import boards, cards, comments
from app.errors import ColumnFull, NotFound, StoreUnavailable
from app.queries import boards as board_queries
from app.store import Store
from app.store.transaction import board as board_target
from app.store.transaction import changing
from app.views import Change
from models.vocabulary import Verb
from tests import processes
from tests.support import (
    ANNA,
    ROBOT,
    Desk,
    assert_gap_free,
    nothing_stored,
    only,
    rows,
)


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
