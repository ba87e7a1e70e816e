"""Cards: create, update, move, archive, restore, delete."""

from typing import Any

import pytest

from app.commands import cards, columns, comments
from app.errors import ColumnFull, NotFound
from app.queries import cards as card_queries
from app.queries import comments as comment_queries
from app.store import Store
from models.rank import LONGEST
from models.vocabulary import Priority
from tests.commands.refusing import NOBODY, assert_refused
from tests.support import ANNA, ROBOT, Clock, Desk, assert_same_view, nothing_stored, rows


def test_a_new_card_goes_to_the_end_of_the_first_column(desk: Desk) -> None:
    card = cards.create_card(desk.store, desk.id, title="  New\nidea ", actor=ANNA)
    assert (card.title, card.ref, card.column_id, card.version) == ("New idea", "DESK-7", desk.todo, 1)
    assert (card.priority, card.assignee, card.description, card.comment_count) == (Priority.NORMAL, None, "", 0)
    assert desk.lane(desk.todo) == [desk.first, desk.second, desk.third, card.id]
    assert desk.card(card.id) == card


def test_a_new_card_stands_where_it_was_asked_for(desk: Desk) -> None:
    front = desk.add("front", before=desk.first)
    between = desk.add("between", column_id=desk.todo, after=desk.first)
    last = desk.add("last", after=desk.third)
    stale = desk.add("stale", before=NOBODY)
    assert desk.lane(desk.todo) == [front, desk.first, between, desk.second, desk.third, last, stale]


def test_a_card_keeps_every_field_it_was_given(desk: Desk) -> None:
    text = "# Über\n\n<script>alert(1)</script> \U0001f600\n" + "x" * 19_000
    given: dict[str, Any] = {"title": "É" * 200, "description": text, "acceptance_criteria": text, "assignee": "A" * 60}
    card = cards.create_card(desk.store, desk.id, priority=Priority.LOW, actor=ANNA, **given)
    kept = card_queries.get_card(desk.store, card.ref)
    assert {field: getattr(kept, field) for field in given} == given
    assert kept == card
    assert kept.priority is Priority.LOW


def test_a_number_is_never_given_twice(desk: Desk) -> None:
    last = card_queries.get_card(desk.store, desk.add("last"))
    cards.delete_card(desk.store, last.id, actor=ANNA)
    following = card_queries.get_card(desk.store, desk.add("next"))
    assert (last.ref, following.ref) == ("DESK-7", "DESK-8")
    assert following.id > last.id


def test_a_card_in_a_done_column_is_done_since_it_came_there(desk: Desk, clock: Clock) -> None:
    assert desk.card(desk.first).done_at is None
    clock.advance(days=1)
    moved = cards.move_card(desk.store, desk.first, to_column=desk.done, actor=ANNA)
    assert moved.done_at == moved.column_entered_at > desk.card(desk.second).created_at
    clock.advance(days=1)
    again = cards.move_card(desk.store, desk.first, to_column=desk.done, before=desk.finished, actor=ANNA)
    assert again.done_at == moved.done_at
    back = cards.move_card(desk.store, desk.first, to_column=desk.todo, actor=ANNA)
    assert back.done_at is None


def test_an_update_changes_the_fields_named_and_no_other(desk: Desk) -> None:
    before = desk.card(desk.first)
    after = cards.update_card(desk.store, "desk-1", changes={"title": "Better", "assignee": ""}, actor=ANNA)
    assert after.title == "Better"
    assert after.version == before.version + 1
    assert after.updated_at > before.updated_at
    assert after.model_copy(update={"title": before.title, "version": 1, "updated_at": before.updated_at}) == before


def test_a_change_tells_only_of_the_fields_that_differ(desk: Desk) -> None:
    before = desk.sequence
    cards.update_card(desk.store, desk.first, changes={"title": "Better", "priority": "normal"}, actor=ANNA)
    [change] = desk.changes(before)
    assert change.data["changed"] == {"title": ["Card one", "Better"]}


def test_two_who_edit_different_fields_do_not_disturb_each_other(desk: Desk) -> None:
    seen = {"title": "Card one", "description": ""}
    cards.update_card(desk.store, desk.first, changes={"title": "Mine"}, based_on={"title": "Card one"}, actor=ANNA)
    after = cards.update_card(
        desk.store,
        desk.first,
        changes={"description": "Theirs"},
        based_on={"description": seen["description"]},
        actor=ROBOT,
    )
    assert (after.title, after.description) == ("Mine", "Theirs")


def test_who_wants_what_is_so_already_is_not_refused(desk: Desk) -> None:
    cards.update_card(desk.store, desk.first, changes={"title": "Same"}, actor=ROBOT)
    with nothing_stored(desk.store):
        cards.update_card(desk.store, desk.first, changes={"title": "Same"}, based_on={"title": "Card one"}, actor=ANNA)


def test_an_update_of_the_version_that_was_read_is_taken(desk: Desk) -> None:
    after = cards.update_card(desk.store, desk.first, changes={"title": "x"}, expected_version=1, actor=ANNA)
    assert after.version == 2


def test_a_card_moves_next_to_another_or_to_the_end(desk: Desk) -> None:
    def move(which: int, to: int = desk.todo, **place: Any) -> list[int]:
        cards.move_card(desk.store, which, to_column=to, actor=ANNA, **place)
        return desk.lane(to)

    one, two, three = desk.first, desk.second, desk.third
    assert move(three, before=one) == [three, one, two]
    assert move(three, after=one) == [one, three, two]
    assert move(one) == [three, two, one]
    assert move(three, after=two) == [two, three, one]
    assert move(two, desk.doing, before=desk.busy) == [two, desk.busy]
    assert desk.lane(desk.todo) == [three, one]


@pytest.mark.parametrize("how", ["before", "after"])
def test_a_vanished_anchor_means_the_end_of_the_column(desk: Desk, how: str) -> None:
    gone = desk.add("gone")
    cards.delete_card(desk.store, gone, actor=ANNA)
    for anchor in (gone, desk.finished, NOBODY):
        cards.move_card(desk.store, desk.first, to_column=desk.review, actor=ANNA)
        cards.move_card(desk.store, desk.first, to_column=desk.todo, actor=ANNA, **{how: anchor})
        assert desk.lane(desk.todo) == [desk.second, desk.third, desk.first]


def test_an_archived_anchor_still_marks_its_place(desk: Desk) -> None:
    cards.archive_card(desk.store, desk.second, actor=ANNA)
    cards.move_card(desk.store, desk.busy, to_column=desk.todo, before=desk.second, actor=ANNA)
    assert desk.lane(desk.todo) == [desk.first, desk.busy, desk.third]


def test_moving_a_card_rewrites_that_card_only(desk: Desk) -> None:
    def others() -> list[tuple[Any, ...]]:
        return [row for row in rows(desk.store)["card"] if row[0] != desk.third]

    before = others()
    cards.move_card(desk.store, desk.third, to_column=desk.todo, before=desk.first, actor=ANNA)
    cards.move_card(desk.store, desk.third, to_column=desk.doing, before=desk.busy, actor=ANNA)
    assert others() == before


def test_a_column_dealt_anew_keeps_its_order_and_tells_the_new_ranks(desk: Desk) -> None:
    """Drops into one gap make ranks longer until the column's cards get new ones."""
    top, bottom = desk.add("top", column_id=desk.review), desk.add("bottom", column_id=desk.review)
    shelved = desk.add("shelved", column_id=desk.review, before=bottom)
    cards.archive_card(desk.store, shelved, actor=ANNA)
    expected = [top, bottom]
    view, dealt = desk.view, 0
    for number in range(500):
        with desk.store.joining():
            expected.insert(1, desk.add(f"{number} a", column_id=desk.review, after=top))
            expected.insert(1, desk.add(f"{number} b", column_id=desk.review, before=expected[1]))
        for change in desk.changes(view.sequence):
            dealt += "ranks" in change.data
            view = view.apply(change)
        if dealt:
            break
    assert dealt, "the ranks were never dealt anew"
    assert_same_view(view, desk.view)
    assert desk.lane(desk.review) == expected
    assert max(len(card.rank) for card in desk.view.lane(desk.review)) <= LONGEST
    restored = cards.restore_card(desk.store, shelved, actor=ANNA)
    assert restored.id == desk.lane(desk.review)[-2]


def test_a_move_that_has_the_column_dealt_anew_is_not_lost(store: Store, desk: Desk) -> None:
    """The new rank may be the very one that the card had before all were dealt anew: it still moved."""
    one, two, three = desk.first, desk.second, desk.third
    with store.joining() as unit:
        long = "a0" + "0" * (LONGEST - 2)
        for card_id, rank in ((one, long + "1"), (two, long + "2"), (three, "a0V")):
            unit.connection.exec_driver_sql(f"UPDATE card SET rank = '{rank}' WHERE id = {card_id}")
        unit.connection.exec_driver_sql(f"DELETE FROM card WHERE id = {desk.shelved}")
    before = desk.view
    assert before.lanes[desk.todo] == (one, two, three)
    cards.move_card(store, three, to_column=desk.todo, before=two, actor=ANNA)
    assert desk.lane(desk.todo) == [one, three, two]
    [change] = desk.changes(before.sequence)
    assert_same_view(before.apply(change), desk.view)


def test_a_full_column_takes_no_newcomer_but_lets_its_own_move(desk: Desk) -> None:
    desk.set_limit(desk.doing, 2)
    added = desk.add("second", column_id=desk.doing)
    full = {"column_id": desk.doing, "count": 2, "wip_limit": 2}
    store = desk.store
    assert_refused(
        desk,
        lambda desk: cards.create_card(store, desk.id, title="x", column_id=desk.doing, actor=ANNA),
        ColumnFull,
        full,
    )
    assert_refused(
        desk, lambda desk: cards.move_card(store, desk.first, to_column=desk.doing, actor=ANNA), ColumnFull, full
    )
    cards.move_card(store, added, to_column=desk.doing, before=desk.busy, actor=ANNA)
    assert desk.lane(desk.doing) == [added, desk.busy]


def test_an_archived_card_makes_room_and_waits_when_there_is_none(desk: Desk) -> None:
    desk.set_limit(desk.doing, 1)
    cards.archive_card(desk.store, desk.busy, actor=ANNA)
    cards.move_card(desk.store, desk.first, to_column=desk.doing, actor=ANNA)
    assert_refused(
        desk,
        lambda desk: cards.restore_card(desk.store, desk.busy, actor=ANNA),
        ColumnFull,
        {"count": 1, "wip_limit": 1},
    )


def test_an_archived_card_comes_back_to_its_place(desk: Desk) -> None:
    before = desk.card(desk.second)
    archived = cards.archive_card(desk.store, desk.second, actor=ANNA)
    assert archived.archived_at is not None
    assert desk.lane(desk.todo) == [desk.first, desk.third]
    assert card_queries.get_card(desk.store, desk.second) == archived
    restored = cards.restore_card(desk.store, desk.second, actor=ANNA)
    assert desk.lane(desk.todo) == [desk.first, desk.second, desk.third]
    assert (restored.rank, restored.version, restored.archived_at) == (before.rank, 3, None)


def test_a_deleted_card_takes_its_comments_along_and_leaves_its_history(desk: Desk) -> None:
    deleted = cards.delete_card(desk.store, desk.first, actor=ANNA)
    assert (deleted.id, deleted.comment_count) == (desk.first, 1)
    for query in (card_queries.get_card, comment_queries.list_comments):
        with pytest.raises(NotFound):
            query(desk.store, desk.first)  # type: ignore[operator]
    assert rows(desk.store)["comment"] == []
    assert [change.event for change in desk.changes() if change.card_id == desk.first] == [
        "card_created",
        "comment_added",
        "card_deleted",
    ]


def test_what_changes_nothing_records_nothing(desk: Desk) -> None:
    store, first = desk.store, desk.card(desk.first)
    same = {"title": " Card  one", "description": "", "priority": Priority.NORMAL, "assignee": None}
    with nothing_stored(store):
        assert cards.update_card(store, desk.first, changes=same, actor=ANNA) == first
        assert cards.update_card(store, desk.first, changes={}, actor=ANNA) == first
        assert cards.move_card(store, desk.first, to_column=desk.todo, before=desk.second, actor=ANNA) == first
        cards.move_card(store, desk.second, to_column=desk.todo, after=desk.first, actor=ANNA)
        cards.move_card(store, desk.second, to_column=desk.todo, before=desk.third, actor=ANNA)
        cards.move_card(store, desk.finished, to_column=desk.done, actor=ANNA)
        assert cards.restore_card(store, desk.first, actor=ANNA) == first
        cards.archive_card(store, desk.shelved, actor=ANNA)


def test_the_last_card_asked_to_go_to_the_end_stays(store: Store) -> None:
    desk = Desk(store, key="END")
    cards.delete_card(store, desk.shelved, actor=ANNA)
    with nothing_stored(store):
        cards.move_card(store, desk.third, to_column=desk.todo, actor=ANNA)
        cards.move_card(store, desk.third, to_column=desk.todo, after=desk.second, actor=ANNA)


def test_comments_and_columns_leave_the_version_of_a_card_alone(desk: Desk) -> None:
    """Who edits a card is not refused because another commented on it."""
    comments.add_comment(desk.store, desk.first, text="hm", actor=ROBOT)
    columns.update_column(desk.store, desk.todo, changes={"name": "Next"}, actor=ROBOT)
    cards.update_card(desk.store, desk.first, changes={"title": "x"}, expected_version=1, actor=ANNA)
