"""Columns: create, change, move, delete."""

from typing import Any

import pytest

from app.commands import cards, columns
from app.errors import ColumnFull, ColumnNotEmpty, InvalidInput, LastColumn, NotFound, Refusal
from app.queries import cards as card_queries
from models.rank import LONGEST
from models.vocabulary import ColumnKind
from tests.commands.refusing import NOBODY, Attempt, assert_refused, case
from tests.support import ANNA, Clock, Desk, assert_same_view, nothing_stored, view_before_creation


def names(desk: Desk) -> list[str]:
    return [column.name for column in desk.view.columns]


def test_a_new_column_stands_where_it_was_asked_for(desk: Desk) -> None:
    def create(name: str, **place: Any) -> None:
        columns.create_column(desk.store, "desk", name=name, actor=ANNA, **place)

    create("last")
    create("first", before=desk.todo)
    create("second", after=desk.todo)
    create("stale", before=NOBODY)
    assert names(desk) == ["first", "To do", "second", "Doing", "Review", "Done", "last", "stale"]


def test_a_column_has_the_kind_and_limit_asked_for(desk: Desk) -> None:
    made = columns.create_column(desk.store, desk.id, name=" Wait  ", kind=ColumnKind.DONE, wip_limit=999, actor=ANNA)
    assert (made.name, made.kind, made.wip_limit) == ("Wait", ColumnKind.DONE, 999)
    assert desk.column(made.id) == made


def test_a_column_moves_next_to_another_or_to_the_right_end(desk: Desk) -> None:
    def move(which: int, **place: Any) -> list[str]:
        columns.move_column(desk.store, which, actor=ANNA, **place)
        return names(desk)

    assert move(desk.done, before=desk.todo) == ["Done", "To do", "Doing", "Review"]
    assert move(desk.done, after=desk.doing) == ["To do", "Doing", "Done", "Review"]
    assert move(desk.todo) == ["Doing", "Done", "Review", "To do"]
    assert move(desk.done, before=NOBODY) == ["Doing", "Review", "To do", "Done"]


def test_columns_swapped_a_thousand_times_keep_short_ranks_and_one_order(desk: Desk) -> None:
    with desk.store.joining():
        expected = [desk.todo, desk.doing, desk.review, desk.done]
        for _ in range(400):
            columns.move_column(desk.store, expected[2], before=expected[1], actor=ANNA)
            expected[1], expected[2] = expected[2], expected[1]
    view = desk.view
    assert [column.id for column in view.columns] == expected
    assert max(len(column.rank) for column in view.columns) <= LONGEST
    copy = view_before_creation(view)
    for change in desk.changes():
        copy = copy.apply(change)
    assert_same_view(copy, view)


def test_done_at_follows_the_kind_of_the_column(desk: Desk) -> None:
    entered = desk.card(desk.first).column_entered_at
    assert desk.card(desk.first).done_at is None
    columns.update_column(desk.store, desk.todo, changes={"kind": ColumnKind.DONE}, actor=ANNA)
    assert desk.card(desk.first).done_at == entered
    columns.update_column(desk.store, desk.todo, changes={"kind": "active"}, actor=ANNA)
    assert desk.card(desk.first).done_at is None


def test_a_limit_below_the_present_count_is_allowed(desk: Desk) -> None:
    columns.update_column(desk.store, desk.todo, changes={"wip_limit": 1}, actor=ANNA)
    assert len(desk.lane(desk.todo)) == 3
    cards.move_card(desk.store, desk.third, to_column=desk.todo, before=desk.first, actor=ANNA)
    assert desk.lane(desk.todo) == [desk.third, desk.first, desk.second]


def test_the_cards_of_a_deleted_column_go_to_the_end_of_another_in_their_order(desk: Desk, clock: Clock) -> None:
    clock.advance(hours=1)
    columns.delete_column(desk.store, desk.todo, move_cards_to=desk.done, actor=ANNA)
    assert names(desk) == ["Doing", "Review", "Done"]
    assert desk.lane(desk.done) == [desk.finished, desk.first, desk.second, desk.third]
    moved = desk.card(desk.first)
    assert moved.done_at == moved.column_entered_at == moved.updated_at > clock.START.replace(hour=4)
    assert moved.version == 2


def test_an_archived_card_of_a_deleted_column_can_still_be_restored(desk: Desk) -> None:
    columns.delete_column(desk.store, desk.todo, move_cards_to=desk.review, actor=ANNA)
    restored = cards.restore_card(desk.store, desk.shelved, actor=ANNA)
    assert desk.lane(desk.review)[-1] == desk.shelved
    assert restored.column_id == desk.review


def test_a_column_of_archived_cards_needs_no_place_for_them(desk: Desk) -> None:
    cards.archive_card(desk.store, desk.busy, actor=ANNA)
    columns.delete_column(desk.store, desk.doing, actor=ANNA)
    assert card_queries.get_card(desk.store, desk.busy).column_id == desk.todo


def test_cards_of_a_deleted_column_need_room_where_they_go(desk: Desk) -> None:
    coming, there = len(desk.lane(desk.todo)), len(desk.lane(desk.done))
    columns.update_column(desk.store, desk.done, changes={"wip_limit": coming + there - 1}, actor=ANNA)
    with nothing_stored(desk.store), pytest.raises(ColumnFull, match=f"no room for {coming} cards more"):
        columns.delete_column(desk.store, desk.todo, move_cards_to=desk.done, actor=ANNA)
    columns.update_column(desk.store, desk.done, changes={"wip_limit": coming + there}, actor=ANNA)
    columns.delete_column(desk.store, desk.todo, move_cards_to=desk.done, actor=ANNA)
    assert len(desk.lane(desk.done)) == coming + there


def test_what_changes_nothing_records_nothing(desk: Desk) -> None:
    with nothing_stored(desk.store):
        same = {"name": "Doing ", "kind": "active", "wip_limit": 3}
        assert columns.update_column(desk.store, desk.doing, changes=same, actor=ANNA) == desk.column(desk.doing)
        assert columns.update_column(desk.store, desk.doing, changes={}, actor=ANNA) == desk.column(desk.doing)
        columns.move_column(desk.store, desk.doing, after=desk.todo, actor=ANNA)
        columns.move_column(desk.store, desk.doing, before=desk.review, actor=ANNA)
        columns.move_column(desk.store, desk.done, actor=ANNA)


def test_the_last_column_stays(desk: Desk) -> None:
    for column in (desk.doing, desk.review, desk.done):
        columns.delete_column(desk.store, column, move_cards_to=desk.todo, actor=ANNA)
    assert_refused(desk, lambda desk: columns.delete_column(desk.store, desk.todo, actor=ANNA), LastColumn, {})


def test_a_board_holds_at_most_fifty_columns(desk: Desk) -> None:
    with desk.store.joining():
        for number in range(46):
            columns.create_column(desk.store, desk.id, name=f"C{number}", actor=ANNA)
    assert_refused(
        desk, lambda desk: columns.create_column(desk.store, desk.id, name="x", actor=ANNA), InvalidInput, {}
    )


def test_cards_do_not_leave_for_another_board(desk: Desk, other: Desk) -> None:
    assert_refused(
        desk,
        lambda desk: columns.delete_column(desk.store, desk.todo, move_cards_to=other.todo, actor=ANNA),
        InvalidInput,
        {"field": "move_cards_to"},
    )


def create(**wishes: Any) -> Attempt:
    return lambda desk: columns.create_column(desk.store, desk.id, **{"name": "New", "actor": ANNA, **wishes})


def update(**changes: Any) -> Attempt:
    return lambda desk: columns.update_column(desk.store, desk.doing, changes=changes, actor=ANNA)


def delete_todo(to: int | None = None) -> Attempt:
    return lambda desk: columns.delete_column(desk.store, desk.todo, move_cards_to=to, actor=ANNA)


def others_of_todo(desk: Desk) -> list[int]:
    return [desk.doing, desk.review, desk.done]


KINDS = ["queue", "active", "done"]
EDITABLE = ["name", "kind", "wip_limit", "requires"]
LIMITS = (0, -1, 1000, 1.5, True, "3")


@pytest.mark.parametrize(
    ("attempt", "refusal", "data"),
    [
        case("no-name", InvalidInput, create(name="  "), field="name"),
        case("long-name", InvalidInput, create(name="x" * 61), field="name"),
        case("no-kind", InvalidInput, create(kind="later"), field="kind", allowed=KINDS),
        *(case(f"limit-{limit!r}", InvalidInput, create(wip_limit=limit), field="wip_limit") for limit in LIMITS),
        case("before-and-after", InvalidInput, create(before=1, after=1), field="before"),
        case("no-board", NotFound, lambda desk: columns.create_column(desk.store, NOBODY, name="x", actor=ANNA)),
        case("update-no-name", InvalidInput, update(name=""), field="name"),
        case("update-no-kind", InvalidInput, update(kind=None), field="kind", allowed=KINDS),
        case("update-limit", InvalidInput, update(wip_limit=0), field="wip_limit"),
        case("update-rank", InvalidInput, update(rank="a0"), field="rank", allowed=EDITABLE),
        case(
            "update-none",
            NotFound,
            lambda desk: columns.update_column(desk.store, NOBODY, changes={"name": "x"}, actor=ANNA),
        ),
        case("move-none", NotFound, lambda desk: columns.move_column(desk.store, NOBODY, actor=ANNA)),
        case(
            "move-before-and-after",
            InvalidInput,
            lambda desk: columns.move_column(desk.store, desk.todo, before=desk.done, after=desk.doing, actor=ANNA),
            field="before",
        ),
        case("delete-none", NotFound, lambda desk: columns.delete_column(desk.store, NOBODY, actor=ANNA)),
        case("delete-with-cards", ColumnNotEmpty, delete_todo(), field="move_cards_to", allowed=others_of_todo),
        case("delete-to-nowhere", InvalidInput, delete_todo(NOBODY), field="move_cards_to", allowed=others_of_todo),
        case(
            "delete-to-itself",
            InvalidInput,
            lambda desk: delete_todo(desk.todo)(desk),
            field="move_cards_to",
            allowed=others_of_todo,
        ),
    ],
)
def test_a_column_is_refused_with_a_reason(
    desk: Desk, attempt: Attempt, refusal: type[Refusal], data: dict[str, Any]
) -> None:
    assert_refused(desk, attempt, refusal, data)
