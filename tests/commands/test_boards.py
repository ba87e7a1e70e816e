"""Boards: create, rename, archive, restore."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from app.commands import boards, cards, columns, comments
from app.commands.boards import NewColumn
from app.errors import BoardArchived, InvalidInput, KeyTaken, NotFound, Refusal
from app.queries import boards as board_queries
from app.store import Store
from models.vocabulary import ColumnKind, Requirement
from tests.commands.refusing import NOBODY, Attempt, assert_refused, case
from tests.support import ANNA, Clock, Desk, nothing_stored


def test_a_board_starts_with_the_usual_five_columns(store: Store, clock: Clock) -> None:
    board = boards.create_board(store, name="  Release\tweek ", actor=ANNA)
    view = board_queries.snapshot(store, board.id)
    assert (board.name, board.key, board.sequence, board.archived_at) == ("Release week", "RW", 1, None)
    assert [(column.name, column.kind, column.wip_limit) for column in view.columns] == [
        ("Not Started", ColumnKind.QUEUE, None),
        ("In Progress", ColumnKind.ACTIVE, None),
        ("Blocked", ColumnKind.ACTIVE, None),
        ("Ready for QC", ColumnKind.ACTIVE, None),
        ("Done", ColumnKind.DONE, None),
    ]
    assert board.created_at == board.updated_at >= clock.START
    assert view.board == board


def test_a_board_starts_with_the_columns_asked_for_in_their_order(store: Store) -> None:
    gates = [(), (Requirement.CHECKLIST_DONE, Requirement.APPROVAL)]
    wished = [NewColumn(f"Stage {number}", ColumnKind.ACTIVE, number, gates[number % 2]) for number in range(1, 51)]
    board = boards.create_board(store, name="Stages", columns=wished, actor=ANNA)
    view = board_queries.snapshot(store, board.id)
    assert [NewColumn(column.name, column.kind, column.wip_limit, column.requires) for column in view.columns] == wished


def test_a_key_is_made_from_the_name_and_numbered_when_taken(store: Store) -> None:
    names = ("Demo", "Demo", "demo", "Demonstration", "Q", "日本", "日本", "2024 plan", "a b c d e f g h")
    made = [boards.create_board(store, name=name, actor=ANNA).key for name in names]
    assert made == ["DEMO", "DEMO2", "DEMO3", "DEMON", "BOARD", "BOARD2", "BOARD3", "BOARD4", "ABCDE"]


def test_a_key_is_the_one_asked_for_in_capitals(store: Store) -> None:
    board = boards.create_board(store, name="Demo", key="x1", actor=ANNA)
    assert board.key == "X1"
    assert boards.rename_board(store, "x1", name="By key", actor=ANNA).id == board.id


def test_a_renamed_board_keeps_its_key(desk: Desk) -> None:
    renamed = boards.rename_board(desk.store, desk.id, name="Launch", actor=ANNA)
    assert (renamed.name, renamed.key) == ("Launch", "DESK")
    assert renamed == desk.view.board


def test_an_archived_board_comes_back_as_it_was(desk: Desk) -> None:
    before = desk.view
    archived = boards.archive_board(desk.store, desk.id, actor=ANNA)
    assert archived.archived_at is not None
    assert desk.view.board == archived
    assert boards.restore_board(desk.store, desk.id, actor=ANNA).archived_at is None
    assert (desk.view.cards, desk.view.lanes, desk.view.columns) == (before.cards, before.lanes, before.columns)


def test_what_changes_nothing_records_nothing(desk: Desk, other: Desk) -> None:
    boards.archive_board(desk.store, other.id, actor=ANNA)
    with nothing_stored(desk.store):
        assert boards.rename_board(desk.store, desk.id, name=" Release  week", actor=ANNA) == desk.view.board
        assert boards.restore_board(desk.store, desk.id, actor=ANNA) == desk.view.board
        assert boards.archive_board(desk.store, other.id, actor=ANNA) == other.view.board


def test_boards_of_one_name_made_at_once_get_a_key_each(store: Store) -> None:
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: boards.create_board(store, name="Same name", actor=ANNA), range(8)))
    assert {board.key for board in made} == {"SN", *(f"SN{number}" for number in range(2, 9))}


def create(**wishes: Any) -> Attempt:
    return lambda desk: boards.create_board(desk.store, **{"name": "New", "actor": ANNA, **wishes})


KINDS = ["queue", "active", "done"]
ODD_COLUMN = NewColumn("x", "later")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("attempt", "refusal", "data"),
    [
        case("no-name", InvalidInput, create(name=" \n "), field="name"),
        case("long-name", InvalidInput, create(name="x" * 101), field="name"),
        case("name-with-nul", InvalidInput, create(name="a\x00b"), field="name"),
        case("name-with-half-a-pair", InvalidInput, create(name="\ud83d"), field="name"),
        case("name-no-text", InvalidInput, create(name=7), field="name"),
        case("key-too-short", InvalidInput, create(key="D"), field="key"),
        case("key-begins-with-a-digit", InvalidInput, create(key="1ABC"), field="key"),
        case("key-too-long", InvalidInput, create(key="ABCDEFGHIJK"), field="key"),
        case("key-with-a-dash", InvalidInput, create(key="DE-SK"), field="key"),
        case("key-with-an-umlaut", InvalidInput, create(key="ÄBC"), field="key"),
        case("key-taken-whatever-its-case", KeyTaken, create(key="desk"), field="key"),
        case("no-columns", InvalidInput, create(columns=[]), field="columns"),
        case("51-columns", InvalidInput, create(columns=[NewColumn("x")] * 51), field="columns"),
        case("column-without-a-name", InvalidInput, create(columns=[NewColumn("")]), field="columns.name"),
        case("column-of-no-kind", InvalidInput, create(columns=[ODD_COLUMN]), field="columns.kind", allowed=KINDS),
        case("column-limit", InvalidInput, create(columns=[NewColumn("x", wip_limit=0)]), field="columns.wip_limit"),
        case(
            "rename-to-nothing",
            InvalidInput,
            lambda desk: boards.rename_board(desk.store, desk.id, name="", actor=ANNA),
            field="name",
        ),
        case("rename-none", NotFound, lambda desk: boards.rename_board(desk.store, NOBODY, name="x", actor=ANNA)),
        case("archive-none", NotFound, lambda desk: boards.archive_board(desk.store, "NONE", actor=ANNA)),
        case("restore-none", NotFound, lambda desk: boards.restore_board(desk.store, -1, actor=ANNA)),
    ],
)
def test_a_board_is_refused_with_a_reason(
    desk: Desk, attempt: Attempt, refusal: type[Refusal], data: dict[str, Any]
) -> None:
    assert_refused(desk, attempt, refusal, data)


def test_an_archived_board_takes_no_change_but_its_restoring(desk: Desk) -> None:
    desk.archive()
    attempts: list[Attempt] = [
        lambda desk: boards.rename_board(desk.store, desk.id, name="x", actor=ANNA),
        lambda desk: columns.create_column(desk.store, desk.id, name="x", actor=ANNA),
        lambda desk: columns.update_column(desk.store, desk.todo, changes={"name": "x"}, actor=ANNA),
        lambda desk: columns.move_column(desk.store, desk.todo, actor=ANNA),
        lambda desk: columns.delete_column(desk.store, desk.review, actor=ANNA),
        lambda desk: cards.create_card(desk.store, desk.id, title="x", actor=ANNA),
        lambda desk: cards.update_card(desk.store, desk.first, changes={"title": "x"}, actor=ANNA),
        lambda desk: cards.move_card(desk.store, desk.first, to_column=desk.doing, actor=ANNA),
        lambda desk: cards.archive_card(desk.store, desk.first, actor=ANNA),
        lambda desk: cards.restore_card(desk.store, desk.shelved, actor=ANNA),
        lambda desk: cards.delete_card(desk.store, desk.first, actor=ANNA),
        lambda desk: comments.add_comment(desk.store, desk.first, text="x", actor=ANNA),
        lambda desk: comments.edit_comment(desk.store, desk.remark, text="x", actor=ANNA),
        lambda desk: comments.delete_comment(desk.store, desk.remark, actor=ANNA),
    ]
    for attempt in attempts:
        assert_refused(desk, attempt, BoardArchived, {"next": "restore_board"})
