"""What it takes to claim a card, and on which terms it is claimed."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from app.commands.access import claimed_by_another, holds, running_claim
from app.commands.card_changes import NO_APPROVAL, NO_PROGRESS, refuse_archived, set_card
from app.commands.checks import limit
from app.errors import CardBlocked, CardDone, InvalidInput
from app.store.entry import open_blockers
from app.store.rows import CARD, CLAIM
from app.store.transaction import Changing
from app.views import ANONYMOUS, Actor, CardView, ClaimedCard, ClaimView
from models.claim import BUSY_SECONDS_MOST, LEASE_SECONDS, LEASE_SECONDS_MOST, end_of_lease
from models.gate import shortened
from models.vocabulary import ActorKind, Verb


@dataclass(frozen=True)
class Terms:
    """What the caller asks for: the length of the lease, and how long not to be missed."""

    lease_seconds: int | None = None
    busy_for: int | None = None


def take(change: Changing, card: CardView, terms: Terms, actor: Actor) -> ClaimedCard:
    """The card under a new claim of the actor. Raises CardArchived, CardDone; for agents CardClaimed, CardBlocked."""
    refuse_archived(card)
    if card.done_at is not None:
        raise CardDone(f"{card.ref} is done; claim another", card=card.ref, next="claim_next_card")
    claim, ends = running_claim(change, card)
    evicted = claim if claim is not None and not holds(actor, claim) else None
    if actor.kind is ActorKind.AGENT:
        if evicted is not None and ends is not None:
            raise claimed_by_another(card, evicted, ends)
        _refuse_blocked(change, card)
    fence = change.connection.execute(_FENCE, {"card": card.id}).scalar_one() + 1
    given = on_terms(
        change,
        ClaimView.model_construct(
            holder=actor.name,
            kind=actor.kind,
            fence=fence,
            claimed_at=change.now,
            expires_at=change.now,
            lease_seconds=LEASE_SECONDS,
        ),
        terms,
    )
    _put(change, card, given)
    values: dict[str, Any] = {"worker": actor.name, "fence": fence, **NO_APPROVAL}
    derived: dict[str, Any] = {"claim": given, "approval": None}
    if card.worker != actor.name:  # how far another got says nothing about this one
        values |= NO_PROGRESS
        derived["progress"] = None
    more: dict[str, Any] = {"holder": evicted.holder, "evicted": True} if evicted else {}
    after = set_card(change, Verb.CARD_CLAIMED, actor, card, values, derived, edits=False, **more)
    return with_fence(after, fence)


def _put(change: Changing, card: CardView, claim: ClaimView) -> None:
    values = {
        "holder": claim.holder,
        "kind": claim.kind.value,
        "fence": claim.fence,
        "claimed_at": claim.claimed_at,
        "lease_seconds": claim.lease_seconds,
        "expires_at": claim.expires_at,
        "kept_until": claim.expires_at,
        "busy_until": claim.busy_until,
    }
    if card.claim is None:
        change.connection.execute(_ADD, {"card_id": card.id, **values})
    else:
        change.connection.execute(_REPLACE, {"card": card.id, **values})


def on_terms(change: Changing, claim: ClaimView, terms: Terms) -> ClaimView:
    """The claim from now on, for as long as it is asked for."""
    lease = terms.lease_seconds or claim.lease_seconds
    busy_until = claim.busy_until if terms.busy_for is None else change.now + timedelta(seconds=terms.busy_for)
    end = end_of_lease(change.now, lease, busy_until)
    return claim.model_copy(update={"lease_seconds": lease, "busy_until": busy_until, "expires_at": end})


def checked_terms(lease_seconds: int | None, busy_for: int | None, actor: Actor) -> Terms:
    if actor.name == ANONYMOUS:
        raise InvalidInput("a claim needs a name: say who you are with X-Actor", field="actor")
    return Terms(
        limit("lease_seconds", lease_seconds, LEASE_SECONDS_MOST), limit("busy_for", busy_for, BUSY_SECONDS_MOST)
    )


def _refuse_blocked(change: Changing, card: CardView) -> None:
    blockers = open_blockers(change.connection, [card]).get(card.id)
    if blockers:
        raise CardBlocked(
            f"{card.ref} waits for {shortened(blockers)}; claim another",
            card=card.ref,
            blockers=blockers,
            next="claim_next_card",
        )


def with_fence(card: CardView, fence: int) -> ClaimedCard:
    return ClaimedCard.model_construct(**dict(card), fence=fence)


_FENCE = select(CARD.c.fence).where(CARD.c.id == bindparam("card"))
_ADD = insert(CLAIM)
_REPLACE = update(CLAIM).where(CLAIM.c.card_id == bindparam("card"))
