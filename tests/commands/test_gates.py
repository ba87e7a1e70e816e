"""The gate of a column: one rule and one refusal, whichever way a card comes."""

from collections.abc import Sequence

import pytest

from app.commands import approvals, cards, checklists, claims, columns, links
from app.errors import ColumnFull, GateClosed
from app.views import Actor
from models.vocabulary import Requirement
from tests.commands.refusing import Attempt, assert_refused
from tests.noun_verbs import items
from tests.support import ANNA, ROBOT, Desk, nothing_stored
from tests.verbs import PERSON


def require(desk: Desk, column: int, *requires: Requirement, wip_limit: int | None = None) -> None:
    changes = {"requires": requires, "wip_limit": wip_limit}
    columns.update_column(desk.store, column, changes=changes, actor=ANNA)


def move(desk: Desk, card: int, column: int, actor: Actor = ANNA) -> None:
    cards.move_card(desk.store, card, to_column=column, actor=actor)


def test_a_card_enters_step_by_step_as_it_gets_what_was_missing(desk: Desk) -> None:
    require(desk, desk.done, *Requirement, wip_limit=1)
    one, two = items(desk, "one", "two")
    links.block_card(desk.store, desk.first, desk.second, actor=ANNA)
    claims.claim_card(desk.store, desk.first, actor=PERSON)

    def refused(detail: str, following: str, *requirements: str) -> None:
        for actor in (ANNA, PERSON):
            with nothing_stored(desk.store), pytest.raises(GateClosed) as caught:
                move(desk, desk.first, desk.done, actor)
            assert caught.value.detail == f"Done requires: {detail}"
            assert [lack["requirement"] for lack in caught.value.data["missing"]] == list(requirements)
            assert (caught.value.data["column_id"], caught.value.data["next"]) == (desk.done, following)

    person, full = "an approval by a person other than Bo", "it is full (1 of 1)"
    all_missing = f"it waits for DESK-2; 2 of 2 checklist items are open; {person}; {full}"
    refused(all_missing, "claim_card", *Requirement, "wip_limit")
    links.unblock_card(desk.store, desk.first, desk.second, actor=ANNA)
    for item in (one, two):
        checklists.update_check_item(desk.store, item, changes={"done": True}, actor=PERSON)
    refused(f"{person}; {full}", "approve_card by a person", "approval", "wip_limit")
    approvals.approve_card(desk.store, desk.first, actor=ANNA)
    full_still = {"column_id": desk.done, "count": 1, "wip_limit": 1}
    assert_refused(desk, lambda desk: move(desk, desk.first, desk.done), ColumnFull, full_still)
    cards.archive_card(desk.store, desk.finished, actor=ANNA)
    move(desk, desk.first, desk.done)
    assert desk.lane(desk.done) == [desk.first]


def test_the_refusal_carries_what_programs_need(desk: Desk) -> None:
    require(desk, desk.review, Requirement.CHECKLIST_DONE, Requirement.NO_OPEN_BLOCKERS)
    items(desk, "one", "two")
    for blocker in (desk.second, desk.third, desk.busy, desk.finished):
        links.block_card(desk.store, desk.first, blocker, actor=ANNA)
    with pytest.raises(GateClosed) as caught:
        move(desk, desk.first, desk.review)
    refs = ["DESK-2", "DESK-3", "DESK-4"]
    assert caught.value.data["missing"] == [
        {"requirement": "no_open_blockers", "detail": f"it waits for {', '.join(refs)}", "blockers": refs},
        {"requirement": "checklist_done", "detail": "2 of 2 checklist items are open", "open": 2},
    ]


def test_the_rule_is_the_same_whichever_way_a_card_comes(desk: Desk) -> None:
    require(desk, desk.review, Requirement.CHECKLIST_DONE)
    items(desk, "one")
    cards.archive_card(desk.store, desk.first, actor=ANNA)
    require(desk, desk.todo, Requirement.CHECKLIST_DONE)
    ways: Sequence[Attempt] = (
        lambda desk: desk.add("new", column_id=desk.review, checklist=["one"]),
        lambda desk: cards.restore_card(desk.store, desk.first, actor=ANNA),
    )
    for way in ways:
        assert_refused(
            desk,
            way,
            GateClosed,
            {"missing": [{"requirement": "checklist_done", "detail": "1 of 1 checklist items is open", "open": 1}]},
        )
    desk.add("new", column_id=desk.review)


def test_the_cards_of_a_deleted_column_are_judged_one_by_one(desk: Desk) -> None:
    require(desk, desk.review, Requirement.APPROVAL)
    cards.update_card(desk.store, desk.second, changes={"assignee": "Bo"}, actor=ANNA)
    approvals.approve_card(desk.store, desk.third, actor=ANNA)
    assert_refused(
        desk,
        lambda desk: columns.delete_column(desk.store, desk.todo, move_cards_to=desk.review, actor=ANNA),
        GateClosed,
        {
            "missing": [
                {"requirement": "approval", "detail": "an approval by a person", "card": "DESK-1"},
                {"requirement": "approval", "detail": "an approval by a person other than Bo", "card": "DESK-2"},
            ]
        },
    )
    for card in (desk.first, desk.second):
        approvals.approve_card(desk.store, card, actor=ANNA)
    columns.delete_column(desk.store, desk.todo, move_cards_to=desk.review, actor=ROBOT)
    assert len(desk.lane(desk.review)) == 3


def test_cards_that_are_in_the_column_are_not_judged_again(desk: Desk) -> None:
    items(desk, "one")
    require(desk, desk.todo, Requirement.CHECKLIST_DONE, Requirement.APPROVAL, wip_limit=1)
    cards.move_card(desk.store, desk.first, to_column=desk.todo, after=desk.third, actor=ANNA)
    assert desk.lane(desk.todo) == [desk.second, desk.third, desk.first]
    cards.update_card(desk.store, desk.first, changes={"title": "still here"}, actor=ANNA)


def test_an_approval_of_ones_own_work_does_not_open_the_gate(desk: Desk) -> None:
    require(desk, desk.done, Requirement.APPROVAL)
    approvals.approve_card(desk.store, desk.first, actor=PERSON)
    cards.update_card(desk.store, desk.first, changes={"assignee": "Bo"}, actor=ANNA)
    with nothing_stored(desk.store), pytest.raises(GateClosed, match="other than Bo"):
        move(desk, desk.first, desk.done)
