"""The verbs of claims at work, as in `tests.verbs`, whose list these acts join."""

from app.commands import approvals, cards, claims, columns, comments, leases
from app.views import Actor, ClaimedCard
from models.vocabulary import ActorKind, Verb, Via
from tests.support import ANNA, ROBOT, Clock, Desk
from tests.verbs import Act, act

OTHER = Actor(name="Other", kind=ActorKind.AGENT, via=Via.MCP)

LEASE = 100
"""Seconds, in these acts."""


def claimed(desk: Desk, by: Actor = ROBOT, after: float = 0) -> ClaimedCard:
    """A card that was claimed so many seconds ago."""
    card = claims.claim_card(desk.store, desk.first, lease_seconds=LEASE, actor=by)
    clock = desk.store.clock
    assert isinstance(clock, Clock)
    clock.advance(seconds=after)
    return card


@act(Verb.CARD_CLAIMED)
def claim_card(desk: Desk) -> Act:
    approvals.approve_card(desk.store, desk.first, actor=ANNA)
    return lambda: claims.claim_card(desk.store, desk.card(desk.first).ref, busy_for=900, actor=ROBOT)


@act(Verb.CARD_CLAIMED)
def claim_card_again(desk: Desk) -> Act:
    claimed(desk)
    claims.report_progress(desk.store, desk.first, percent=10, actor=ROBOT)
    return lambda: claims.claim_card(desk.store, desk.first, actor=ROBOT)


@act(Verb.CARD_CLAIMED)
def claim_next_card_after_another(desk: Desk) -> Act:
    claimed(desk, OTHER)
    claims.report_progress(desk.store, desk.first, percent=10, actor=OTHER)
    claims.release_card(desk.store, desk.first, actor=OTHER)
    return lambda: claims.claim_next_card(desk.store, desk.id, actor=ROBOT)


@act(Verb.CLAIM_RENEWED)
def renew_claim(desk: Desk) -> Act:
    claimed(desk)
    return lambda: claims.renew_claim(desk.store, desk.first, busy_for=600, lease_seconds=30, actor=ROBOT)


@act(Verb.CLAIM_RENEWED)
def keep_claim_alive(desk: Desk) -> Act:
    claimed(desk, after=LEASE * 0.6)
    return lambda: leases.keep_alive(desk.store, ROBOT)


@act(Verb.CARD_UPDATED)
def update_a_card_of_ones_own(desk: Desk) -> Act:
    fence = claimed(desk, after=LEASE * 0.9).fence
    return lambda: cards.update_card(desk.store, desk.first, changes={"title": "Better"}, actor=ROBOT, fence=fence)


@act(Verb.CLAIM_RELEASED)
def release_card(desk: Desk) -> Act:
    claimed(desk)
    return lambda: claims.release_card(desk.store, desk.first, actor=ROBOT)


@act(Verb.CLAIM_EXPIRED)
def expire_claims(desk: Desk) -> Act:
    claimed(desk, after=LEASE)
    return lambda: leases.expire_claims(desk.store)


@act(Verb.PROGRESS_REPORTED)
def report_progress(desk: Desk) -> Act:
    claimed(desk)
    return lambda: claims.report_progress(desk.store, desk.first, percent=40, text="Half of it", actor=ROBOT)


@act(Verb.CARD_MOVED)
def finish_a_claimed_card(desk: Desk) -> Act:
    claimed(desk)
    claims.report_progress(desk.store, desk.first, percent=40, actor=ROBOT)
    return lambda: cards.move_card(desk.store, desk.first, to_column=desk.done, actor=ROBOT)


@act(Verb.COLUMN_UPDATED)
def make_column_with_a_claimed_card_done(desk: Desk) -> Act:
    claimed(desk)
    claims.report_progress(desk.store, desk.first, percent=40, actor=ROBOT)
    return lambda: columns.update_column(desk.store, desk.todo, changes={"kind": "done"}, actor=ROBOT)


@act(Verb.COMMENT_ADDED)
def comment_on_a_card_of_anothers(desk: Desk) -> Act:
    claimed(desk, OTHER)
    return lambda: comments.add_comment(desk.store, desk.first, text="Careful", actor=ROBOT)
