"""Approvals: a person's word, and never that of who did the work."""

from typing import Any

import pytest

from app.commands import approvals, cards, claims, columns
from app.errors import CardArchived, InvalidInput, NotFound, OwnWork, PeopleOnly, Refusal
from app.views import ANONYMOUS, Actor
from models.vocabulary import ColumnKind
from tests.commands.refusing import NOBODY, Attempt, assert_refused, case
from tests.support import ANNA, ROBOT, Clock, Desk, nothing_stored, only
from tests.verbs import PERSON


def approve(desk: Desk, card: int | str, actor: Actor = ANNA) -> Any:
    return approvals.approve_card(desk.store, card, actor=actor)


def test_the_first_approval_stays_and_makes_no_version_old(desk: Desk) -> None:
    card = approve(desk, "desk-1")
    assert card.approval is not None
    assert (card.approval.name, card.approval.at, card.version) == ("Anna", card.updated_at, 1)
    assert card == desk.card(desk.first)
    with nothing_stored(desk.store):
        assert approve(desk, desk.first) == approve(desk, desk.first, PERSON) == card
    assert approvals.withdraw_approval(desk.store, desk.first, actor=PERSON).approval is None
    with nothing_stored(desk.store):
        approvals.withdraw_approval(desk.store, desk.first, actor=PERSON)


def test_nobody_approves_their_own_work(desk: Desk) -> None:
    def refused(card: int, actor: Actor) -> None:
        with nothing_stored(desk.store), pytest.raises(OwnWork):
            approve(desk, card, actor)

    claims.claim_card(desk.store, desk.first, actor=PERSON)
    refused(desk.first, PERSON)
    claims.release_card(desk.store, desk.first, actor=PERSON)
    refused(desk.first, PERSON)
    cards.update_card(desk.store, desk.first, changes={"assignee": "Anna"}, actor=ANNA)
    approve(desk, desk.first)
    cards.update_card(desk.store, desk.second, changes={"assignee": "Anna"}, actor=ANNA)
    refused(desk.second, ANNA)
    approve(desk, desk.second, PERSON)


def test_an_approval_that_does_not_count_any_more_gives_way(desk: Desk) -> None:
    approve(desk, desk.first)
    cards.update_card(desk.store, desk.first, changes={"assignee": "Anna"}, actor=ANNA)
    approval = approve(desk, desk.first, PERSON).approval
    assert approval is not None
    assert approval.name == "Bo"


def test_an_approval_is_not_of_what_an_agent_writes_later(desk: Desk) -> None:
    claims.claim_card(desk.store, desk.first, actor=ROBOT)
    approve(desk, desk.first)
    for changes in ({"priority": "high"}, {"description": ""}):
        assert cards.update_card(desk.store, desk.first, changes=changes, actor=ROBOT).approval is not None
    assert cards.update_card(desk.store, desk.first, changes={"title": "By Anna"}, actor=ANNA).approval is not None
    changed = cards.update_card(desk.store, desk.first, changes={"description": "Sneaky"}, actor=ROBOT)
    assert changed.approval is None
    assert changed == desk.card(desk.first)
    assert desk.changes()[-1].data["changed"]["approval"][1] is None


def test_new_work_needs_a_new_approval(desk: Desk, clock: Clock) -> None:
    approve(desk, desk.first)
    assert claims.claim_card(desk.store, desk.first, actor=ROBOT).approval is None
    approve(desk, desk.first)
    assert cards.move_card(desk.store, desk.first, to_column=desk.done, actor=ROBOT).approval is not None
    assert cards.move_card(desk.store, desk.first, to_column=desk.todo, actor=ROBOT).approval is None
    assert desk.card(desk.first).approval is None
    approve(desk, desk.finished)
    shipped = columns.create_column(desk.store, desk.id, name="Shipped", kind=ColumnKind.DONE, actor=ANNA)
    assert cards.move_card(desk.store, desk.finished, to_column=shipped.id, actor=ROBOT).approval is not None
    columns.delete_column(desk.store, shipped.id, move_cards_to=desk.review, actor=ANNA)
    assert desk.card(desk.finished).approval is None


@only("sqlite")
@pytest.mark.parametrize(
    ("attempt", "refusal", "data"),
    [
        case("by-an-agent", PeopleOnly, lambda desk: approve(desk, desk.first, ROBOT), next="add_comment"),
        case(
            "withdraw-by-an-agent",
            PeopleOnly,
            lambda desk: approvals.withdraw_approval(desk.store, desk.first, actor=ROBOT),
        ),
        case(
            "by-nobody",
            InvalidInput,
            lambda desk: approve(desk, desk.first, ANNA.model_copy(update={"name": ANONYMOUS})),
            field="actor",
        ),
        case("archived", CardArchived, lambda desk: approve(desk, desk.shelved), next="restore_card"),
        case("no-card", NotFound, lambda desk: approve(desk, NOBODY)),
    ],
)
def test_an_approval_is_refused_with_a_reason(
    desk: Desk, attempt: Attempt, refusal: type[Refusal], data: dict[str, Any]
) -> None:
    assert_refused(desk, attempt, refusal, data)
