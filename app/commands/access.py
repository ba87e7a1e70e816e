"""Who may touch a card: people always, an agent unless another has claimed it, and nobody with a fence that is old.

Every command that changes a card comes through `changing_card`, so that none forgets to ask.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, bindparam, select, update

from app.errors import CardClaimed, LeaseLost, NotFound, NotTheHolder, PeopleOnly
from app.store import Store
from app.store.rows import CARD, CARDS, CLAIM, card_view
from app.store.transaction import Changing, board_of_card, changing
from app.views import SYSTEM, Actor, CardView, ClaimView
from models.card import parse_ref
from models.claim import end_of_lease
from models.vocabulary import ActorKind


@contextmanager
def changing_card(
    store: Store, card: int | str, *, actor: Actor, fence: int | None = None, commenting: bool = False
) -> Iterator[tuple[Changing, CardView]]:
    """One change of a card: the lock on its board, and the card as the actor may change it.

    What the holder of a claim does renews its lease. Raises NotFound, CardClaimed when an agent meets the claim of
    another (who is `commenting` may all the same), and LeaseLost when `fence` is not that of the actor's own claim.
    """
    with changing(store, board_of_card(card)) as change:
        yield change, admitted(change, find_card(change, card), actor, fence, commenting=commenting)


def people_only(actor: Actor, what: str) -> None:
    """Raises PeopleOnly when an agent asks for `what` ("to pause an agent")."""
    if actor.kind is not ActorKind.HUMAN:
        raise PeopleOnly(f"it takes a person {what}; ask one in a comment", next="add_comment")


def find_card(change: Changing, card: int | str) -> CardView:
    """The card by id or ref, on the board whose lock is held."""
    number = parse_ref(card) if isinstance(card, str) else None
    query, which = (_BY_NUMBER, number[1]) if number else (_BY_ID, card)
    row = change.connection.execute(query, {"which": which, "board": change.board.id}).first()
    if row is None:
        raise NotFound(f"there is no card {card}")
    return card_view(row)


def admitted(
    change: Changing, card: CardView, actor: Actor, fence: int | None = None, *, commenting: bool = False
) -> CardView:
    """The card, its lease renewed when the actor holds it. Raises CardClaimed and LeaseLost as `changing_card` does."""
    claim, ends = running_claim(change, card)
    refuse_old_fence(card, claim, actor, fence)
    if claim is None or ends is None:
        return card
    if holds(actor, claim):
        return card.model_copy(update={"claim": renewed(change, card.id, claim, ends)})
    if actor.kind is ActorKind.AGENT and not commenting and actor != SYSTEM:
        raise claimed_by_another(card, claim, ends)
    return card


def held(change: Changing, card: CardView, actor: Actor, fence: int | None) -> ClaimView:
    """The actor's own running claim of the card, its lease renewed. Raises LeaseLost and NotTheHolder."""
    claim, ends = running_claim(change, card)
    refuse_old_fence(card, claim, actor, fence)
    if claim is None or ends is None:
        raise NotTheHolder(f"{card.ref} is not claimed; claim it first", card=card.ref, holder=None, next="claim_card")
    if not holds(actor, claim):
        raise not_the_holder(card, claim)
    return renewed(change, card.id, claim, ends)


def running_claim(change: Changing, card: CardView) -> tuple[ClaimView, datetime] | tuple[None, None]:
    """The card's claim and when it really ends. One that has ended is none, also before it is cleared away."""
    if card.claim is None:
        return None, None
    ends = change.connection.execute(_KEPT_UNTIL, {"card": card.id}).scalar_one()
    return (card.claim, ends) if ends > change.now else (None, None)


def holds(actor: Actor, claim: ClaimView) -> bool:
    return (actor.name, actor.kind) == (claim.holder, claim.kind)


def renewed(change: Changing, card_id: int, claim: ClaimView, ends: datetime) -> ClaimView:
    """The claim, which runs until `ends`, with its lease renewed from now on."""
    busy_until = claim.busy_until if claim.busy_until is not None and claim.busy_until > change.now else None
    end = max(ends, end_of_lease(change.now, claim.lease_seconds, busy_until))
    return keep(change, card_id, claim.model_copy(update={"expires_at": end, "busy_until": busy_until}))


def keep(change: Changing, card_id: int, claim: ClaimView) -> ClaimView:
    """Store the terms of a claim: how long its lease is, and until when it runs."""
    terms = {"lease_seconds": claim.lease_seconds, "expires_at": claim.expires_at, "busy_until": claim.busy_until}
    change.connection.execute(_KEEP, {"card": card_id, "kept_until": claim.expires_at, **terms})
    return claim


def refuse_for_others_at_work(change: Changing, actor: Actor, claimed: Select[Any], which: dict[str, Any]) -> None:
    """For what changes several cards at once: raises CardClaimed when an agent meets another's claim among them."""
    if actor.kind is not ActorKind.AGENT or actor == SYSTEM:
        return
    for row in change.connection.execute(claimed, which):
        card = card_view(row)
        claim, ends = running_claim(change, card)
        if claim is not None and ends is not None and not holds(actor, claim):
            raise claimed_by_another(card, claim, ends)


def claimed_by_another(card: CardView, claim: ClaimView, kept_until: datetime) -> CardClaimed:
    until = kept_until.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return CardClaimed(
        f"{card.ref} is claimed by {claim.holder} until {until}; comment on it, or claim another",
        card=card.ref,
        holder=claim.holder,
        kind=claim.kind.value,
        expires_at=until,
        allowed=["add_comment"],
        next="claim_next_card",
    )


def not_the_holder(card: CardView, claim: ClaimView) -> NotTheHolder:
    return NotTheHolder(
        f"{claim.holder} has claimed {card.ref}, and only the holder may do this; comment on it, or claim another",
        card=card.ref,
        holder=claim.holder,
        allowed=["add_comment"],
        next="claim_next_card",
    )


def refuse_old_fence(card: CardView, claim: ClaimView | None, actor: Actor, fence: int | None) -> None:
    """A fence is good for as long as the very claim runs that it was given with, and for its holder alone."""
    if fence is None:
        return
    if claim is None:
        over = card.archived_at is not None or card.done_at is not None
        raise LeaseLost(
            f"fence {fence} of {card.ref} is old: that claim has ended, "
            + ("and the card is finished; claim another" if over else "claim the card anew"),
            card=card.ref,
            holder=None,
            next="claim_next_card" if over else "claim_card",
        )
    if claim.fence != fence and holds(actor, claim):
        raise LeaseLost(
            f"fence {fence} of {card.ref} is old: you claimed it again since, under a newer one",
            card=card.ref,
            holder=claim.holder,
            next="get_card",
        )
    if claim.fence != fence or not holds(actor, claim):
        raise LeaseLost(
            f"fence {fence} of {card.ref} is not that of its claim, which {claim.holder} holds now",
            card=card.ref,
            holder=claim.holder,
            next="claim_next_card",
        )


_OF_BOARD = CARD.c.board_id == bindparam("board")
_BY_ID = CARDS.where(CARD.c.id == bindparam("which"), _OF_BOARD)
_BY_NUMBER = CARDS.where(CARD.c.number == bindparam("which"), _OF_BOARD)
_KEPT_UNTIL = select(CLAIM.c.kept_until).where(CLAIM.c.card_id == bindparam("card"))
_KEEP = update(CLAIM).where(CLAIM.c.card_id == bindparam("card"))
