"""Approvals: the word of a person, other than who did the work, that a card may pass a column that asks for it."""

from app.commands.access import changing_card, people_only
from app.commands.card_changes import NO_APPROVAL, refuse_archived, set_card
from app.errors import InvalidInput, OwnWork
from app.store import Store
from app.store.entry import workers_of
from app.views import ANONYMOUS, Actor, Approval, CardView
from models.gate import counts
from models.vocabulary import Verb


def approve_card(store: Store, card: int | str, *, actor: Actor) -> CardView:
    """The first approval stays, as long as it counts. Raises PeopleOnly, and OwnWork for who claimed the card last."""
    people_only(actor, "to approve a card")
    if actor.name == ANONYMOUS:
        raise InvalidInput("an approval carries a name; say who you are first", field="actor")
    with changing_card(store, card, actor=actor) as (change, before):
        refuse_archived(before)
        workers = workers_of(before)
        if actor.name in workers:
            raise OwnWork(f"{before.ref} is the work of {actor.name}: another person approves it", next="add_comment")
        if before.approval is not None and counts(before.approval.name, workers):
            return before
        approval = Approval(name=actor.name, at=change.now)
        values = {"approved_by": approval.name, "approved_at": approval.at}
        return set_card(change, Verb.CARD_APPROVED, actor, before, values, {"approval": approval}, edits=False)


def withdraw_approval(store: Store, card: int | str, *, actor: Actor) -> CardView:
    """Any person may; raises PeopleOnly."""
    people_only(actor, "to withdraw an approval")
    with changing_card(store, card, actor=actor) as (change, before):
        refuse_archived(before)
        if before.approval is None:
            return before
        return set_card(change, Verb.APPROVAL_WITHDRAWN, actor, before, NO_APPROVAL, {"approval": None}, edits=False)
