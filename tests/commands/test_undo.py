"""Undo of what an agent did: what it alone did is taken back, what others touched since stays, and the plan says so."""

from typing import Any

import pytest

from app.commands import boards, cards, checklists, claims, columns, comments, labels, links, undo
from app.commands.undo import undo_agent
from app.errors import InvalidInput, NotFound, PeopleOnly
from app.queries import activity
from app.queries.undo import UndoEntry, UndoReport, plan_undo
from app.store import Store
from app.views import SYSTEM, Actor
from models.vocabulary import ActorKind, Priority, Verb, Via
from tests.support import ANNA, ROBOT, Clock, Desk, assert_gap_free, nothing_stored

BO = Actor(name="Bo", kind=ActorKind.HUMAN, via=Via.UI)
OTHER_ROBOT = Actor(name="Other", kind=ActorKind.AGENT, via=Via.MCP)


def undone(desk: Desk, since: int) -> UndoReport:
    """What Bo's undo reports, which is what the plan foretold; the plan itself has left no trace."""
    with nothing_stored(desk.store):
        plan = plan_undo(desk.store, desk.board.key, name="Robot", since=since)
    report = undo_agent(desk.store, desk.id, name="Robot", since=since, actor=BO)
    assert report.entries == plan.entries
    assert_gap_free(desk)
    return report


def said(report: UndoReport) -> list[tuple[str, str | None]]:
    return [(entry.would, entry.skipped) for entry in report.entries]


def test_all_that_only_the_agent_did_is_taken_back_by_the_person(store: Store, desk: Desk) -> None:
    label = labels.create_label(store, desk.id, name="bug", actor=ANNA).id
    labels.add_label(store, desk.third, label, actor=ANNA)
    links.block_card(store, desk.third, desk.busy, actor=ANNA)
    for text in ("one", "two", "three"):
        checklist = checklists.add_check_item(store, desk.third, text=text, actor=ANNA).checklist
    checklists.update_check_item(store, checklist[1].id, changes={"done": True}, actor=ANNA)
    before, since = desk.view, desk.sequence

    def robot(command: Any, *target: Any, **arguments: Any) -> Any:
        return command(store, *target, **arguments, actor=ROBOT)

    robot(boards.rename_board, desk.id, name="Mine")
    robot(columns.create_column, desk.id, name="Later", after=desk.todo)
    robot(columns.update_column, desk.review, changes={"name": "QC", "wip_limit": 3, "requires": ["no_open_blockers"]})
    robot(columns.move_column, desk.done, before=desk.todo)
    new_label = robot(labels.create_label, desk.id, name="mine").id
    robot(labels.update_label, label, changes={"name": "Bug", "colour": "red"})
    robot(labels.remove_label, desk.third, label)
    robot(labels.add_label, desk.third, new_label)
    robot(links.unblock_card, desk.third, desk.busy)
    robot(links.block_card, desk.second, desk.first)
    robot(checklists.update_check_item, checklist[0].id, changes={"text": "1", "done": True})
    robot(checklists.update_check_item, checklist[1].id, changes={"text": "2"})
    robot(checklists.delete_check_item, checklist[1].id)
    robot(checklists.add_check_item, desk.third, text="mine")
    created = robot(cards.create_card, desk.id, title="Mine", column_id=desk.review, labels=[new_label])
    changes = {"title": "T", "description": "D", "priority": "urgent", "assignee": "Robot", "estimate": 3}
    robot(cards.update_card, desk.first, changes={**changes, "due_at": "2030-05-06T00:00:00Z"})
    robot(claims.claim_card, desk.first)
    robot(cards.move_card, desk.first, to_column=desk.doing, before=desk.busy)
    robot(cards.move_card, desk.first, to_column=desk.done)
    robot(cards.move_card, desk.third, to_column=desk.todo, before=desk.second)
    robot(cards.archive_card, desk.second)
    robot(cards.restore_card, desk.shelved)
    robot(claims.claim_card, desk.third)
    last = desk.sequence

    report = undone(desk, since)
    assert not report.more
    assert all(entry.done for entry in report.entries if entry.event is not Verb.CARD_CLAIMED)
    assert {change.actor for change in desk.changes(last)} == {BO}
    after = desk.view
    assert after.board.name == before.board.name
    assert [column.id for column in after.columns] == [column.id for column in before.columns]
    assert {c.id: (c.name, c.wip_limit, c.requires) for c in after.columns} == {
        c.id: (c.name, c.wip_limit, c.requires) for c in before.columns
    }
    assert after.lanes == before.lanes
    assert after.labels == before.labels
    kept = (*cards.EDITABLE, "labels", "blocked_by", "claim", "archived_at")
    for card_id, card in before.cards.items():
        assert [getattr(after.cards[card_id], field) for field in kept] == [getattr(card, field) for field in kept]
    now = [(item.text, item.done) for item in after.cards[desk.third].checklist]
    assert now == [("one", False), ("two", True), ("three", False)]
    assert created.id not in after.cards
    assert not any(entry.done for entry in undone(desk, since).entries), "the person has changed all of it since"


def test_what_others_changed_since_stays_and_the_report_says_who(store: Store, desk: Desk) -> None:
    since = desk.sequence
    item = checklists.add_check_item(store, desk.second, text="test it", actor=ROBOT).checklist[0].id
    label = labels.create_label(store, desk.id, name="bug", actor=ROBOT).id
    created = [cards.create_card(store, desk.id, title="Mine", actor=ROBOT).id for _ in range(2)]
    column = columns.create_column(store, desk.id, name="Later", actor=ROBOT).id
    cards.update_card(store, desk.first, changes={"title": "T", "priority": "high"}, actor=ROBOT)
    cards.update_card(store, desk.first, changes={"title": "Anna's"}, actor=ANNA)
    cards.update_card(store, desk.second, changes={"title": "T"}, actor=ROBOT)
    cards.move_card(store, desk.first, to_column=desk.review, actor=ROBOT)
    cards.update_card(store, desk.second, changes={"title": "Other's"}, actor=OTHER_ROBOT)
    cards.move_card(store, desk.first, to_column=desk.doing, actor=ANNA)
    checklists.update_check_item(store, item, changes={"done": True}, actor=ANNA)
    labels.add_label(store, desk.third, label, actor=ANNA)
    comments.add_comment(store, created[0], text="Good!", actor=ANNA)
    cards.delete_card(store, created[1], actor=ANNA)
    desk.add("Anna's", column_id=column)
    cards.update_card(store, desk.first, changes={"title": "T again"}, actor=ROBOT)
    report = undone(desk, since)
    assert said(report) == [
        ("set the title of DESK-1 back to “Anna's”", None),
        ("move DESK-1 back to To do", "Anna has moved it since"),
        ("set the title of DESK-2 back to “Card two”", "Other has changed the title since"),
        ("set the priority of DESK-1 back to “normal”", "Anna has changed the title since"),
        ("delete the column Later", "Later holds 1 card"),
        ("archive DESK-8", "Anna has deleted it since"),
        ("archive DESK-7", "Anna has commented on it since"),
        ("delete the label bug", "Anna has used the label since"),
        ("delete the item “test it” of DESK-2", "Anna has changed the item since"),
    ]
    assert [entry.done for entry in report.entries] == [True, False, False, True, *[False] * 5]
    first = desk.card(desk.first)
    assert (first.title, first.priority, first.column_id) == ("Anna's", Priority.NORMAL, desk.doing)


def test_what_cannot_be_taken_back_is_listed_with_the_reason(store: Store, desk: Desk) -> None:
    since = desk.sequence
    comments.add_comment(store, desk.first, text="x", actor=ROBOT)
    claims.claim_card(store, desk.first, actor=ROBOT)
    claims.report_progress(store, desk.first, percent=50, actor=ROBOT)
    claims.release_card(store, desk.first, actor=ROBOT)
    cards.update_card(store, desk.second, changes={"title": "x"}, actor=ROBOT)
    cards.delete_card(store, desk.second, actor=ROBOT)
    columns.delete_column(store, desk.review, actor=ROBOT)
    assert [entry.skipped for entry in undone(desk, since).entries] == [
        "it is deleted for good",
        "it is deleted for good",
        "it is deleted for good",
        "a claim that was given up is not given back",
        "a report passes by itself",
        "it does not hold this claim any more",
        "kept: comments are a record",
    ]


def test_what_a_rule_forbids_is_left_out_and_the_rest_goes_on(store: Store, desk: Desk) -> None:
    since = desk.sequence
    cards.move_card(store, desk.busy, to_column=desk.review, actor=ROBOT)
    cards.move_card(store, desk.first, to_column=desk.review, actor=ROBOT)
    cards.archive_card(store, desk.finished, actor=ROBOT)
    desk.add("Anna's", column_id=desk.doing)
    desk.set_limit(desk.doing, 1)
    columns.update_column(store, desk.done, changes={"requires": ["approval"]}, actor=ANNA)
    gate, moved, full = undone(desk, since).entries
    assert (moved.would, moved.done, moved.skipped) == ("move DESK-1 back to To do", True, None)
    assert not gate.done
    assert "Done" in (gate.skipped or "")
    assert (full.would, full.done) == ("move DESK-4 back to Doing", False)
    assert (full.skipped or "").startswith("Doing is full (1 of 1)")
    assert desk.card(desk.first).column_id == desk.todo


def test_a_claim_that_it_holds_is_released(store: Store, desk: Desk) -> None:
    since = desk.sequence
    claims.claim_card(store, desk.first, actor=ROBOT)
    claims.claim_card(store, desk.second, actor=ROBOT)
    claims.claim_card(store, desk.second, actor=ANNA)
    assert said(undone(desk, since)) == [
        ("release DESK-2", "it does not hold this claim any more"),
        ("release DESK-1", None),
    ]
    assert desk.card(desk.first).claim is None
    claim = desk.card(desk.second).claim
    assert claim is not None
    assert claim.holder == "Anna"


def test_a_card_goes_back_to_where_it_stood(store: Store, desk: Desk) -> None:
    since = desk.sequence
    cards.move_card(store, desk.second, to_column=desk.doing, actor=ROBOT)
    cards.move_card(store, desk.third, to_column=desk.todo, before=desk.first, actor=ANNA)
    between = desk.add("between", after=desk.first)
    assert said(undone(desk, since)) == [("move DESK-2 back to To do", None)]
    assert desk.lane(desk.todo)[:2] == [desk.third, desk.first]
    assert sorted(desk.lane(desk.todo)[2:]) == sorted([between, desk.second])


def test_an_archived_board_is_restored_only_where_the_agent_archived_it(store: Store, desk: Desk) -> None:
    since = desk.sequence
    cards.update_card(store, desk.first, changes={"title": "x"}, actor=ROBOT)
    boards.archive_board(store, desk.id, actor=ROBOT)
    assert [entry.done for entry in undone(desk, since).entries] == [True, True]
    cards.update_card(store, desk.first, changes={"title": "x"}, actor=ROBOT)
    desk.archive()
    [entry] = undone(desk, desk.sequence - 2).entries
    assert "archived" in (entry.skipped or "")


def test_a_label_that_it_deleted_is_made_again(store: Store, desk: Desk) -> None:
    label = labels.create_label(store, desk.id, name="bug", colour="teal", actor=ANNA).id  # type: ignore[arg-type]
    labels.add_label(store, desk.first, label, actor=ANNA)
    labels.add_label(store, desk.second, label, actor=ANNA)
    since = desk.sequence
    labels.remove_label(store, desk.first, label, actor=ROBOT)
    labels.delete_label(store, label, actor=ROBOT)
    undone(desk, since)
    [made] = desk.view.labels.values()
    assert (made.name, made.colour) == ("bug", "teal")
    assert [desk.card(card).labels for card in (desk.first, desk.second)] == [(made.id,), ()]
    assert not any(entry.done for entry in undone(desk, since).entries)


def test_only_what_the_agent_did_since_counts(store: Store, desk: Desk, clock: Clock) -> None:
    namesake = ANNA.model_copy(update={"name": "Robot"})
    cards.update_card(store, desk.first, changes={"title": "before"}, actor=ROBOT)
    clock.advance(hours=1)
    hour = clock()
    cards.update_card(store, desk.second, changes={"title": "a person's"}, actor=namesake)
    cards.update_card(store, desk.third, changes={"title": "since"}, actor=ROBOT)
    since = activity.sequence_at(store, desk.id, hour)
    assert since == desk.sequence - 2
    assert [entry.card for entry in undone(desk, since).entries] == ["DESK-3"]
    assert activity.sequence_at(store, desk.id, Clock.START.replace(year=2020)) == 0
    assert plan_undo(store, desk.id, name="Nobody", since=0).entries == ()
    assert all(entry.event is not Verb.CLAIM_EXPIRED for entry in _of(desk, SYSTEM.name))


def _of(desk: Desk, name: str) -> tuple[UndoEntry, ...]:
    return plan_undo(desk.store, desk.id, name=name, since=0).entries


def test_a_long_history_is_undone_from_its_end_and_says_that_there_is_more(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert undo.CHANGES_MOST == 500
    monkeypatch.setattr(undo, "CHANGES_MOST", 3)
    since = desk.sequence
    for number in range(5):
        cards.update_card(store, desk.first, changes={"title": f"{number}"}, actor=ROBOT)
    report = undone(desk, since)
    assert (len(report.entries), report.more) == (3, True)
    assert desk.card(desk.first).title == "1"


def test_only_people_undo_and_what_is_asked_for_must_be_there(store: Store, desk: Desk) -> None:
    cards.update_card(store, desk.first, changes={"title": "x"}, actor=ROBOT)
    with nothing_stored(store):
        with pytest.raises(PeopleOnly):
            undo_agent(store, desk.id, name="Robot", since=0, actor=OTHER_ROBOT)
        with pytest.raises(NotFound):
            undo_agent(store, "NOPE", name="Robot", since=0, actor=ANNA)
        with pytest.raises(NotFound):
            plan_undo(store, 999, name="Robot", since=0)
        for wrong in ({"since": -1}, {"name": ""}):
            with pytest.raises(InvalidInput):
                plan_undo(store, desk.id, **{"name": "Robot", "since": 0, **wrong})  # type: ignore[arg-type]
