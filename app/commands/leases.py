"""How a lease goes on and how it ends: a sign of life of its holder keeps it, silence ends it."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, select, update

from app.commands.access import find_card, holds, renewed, running_claim
from app.commands.card_changes import record_card, set_card
from app.errors import BoardArchived, NotFound
from app.store import Store
from app.store.rows import BOARD, CARD, CLAIM, paused_agents
from app.store.transaction import Changing, board_of_card, changing
from app.store.unit import Unit
from app.views import SYSTEM, Actor, CardView
from models.claim import end_of_lease, wants_renewal, wants_telling
from models.vocabulary import ActorKind, Verb

EXPIRED_AT_ONCE = 50
"""Claims that one transaction ends: it keeps the other writers waiting for as long as it runs."""


def expire_claims(store: Store) -> int:
    """End the claims whose holders fell silent, each with a change of its own; answers how many it found.

    There may be more: call it again while it answers `EXPIRED_AT_ONCE`. An archived board takes no changes; its claims
    end once it is restored.
    """
    with store.joining() as unit:
        # in the order of boards: two servers at this at once would otherwise wait for one another
        lapsed = unit.connection.execute(_LAPSED, {"now": store.clock()}).scalars().all()
        for card_id in lapsed:
            with suppress(NotFound, BoardArchived), changing(store, board_of_card(card_id)) as change:
                expire(change, find_card(change, card_id))
        return len(lapsed)


def expire(change: Changing, card: CardView) -> CardView:
    """The card without its claim, if that has ended. A sign of life that came in between wins."""
    if card.claim is None:
        return card
    ended = change.connection.execute(_END, {"card": card.id, "now": change.now}).rowcount
    if not ended:
        return card
    gone: dict[str, Any] = {"claim": None}
    return set_card(change, Verb.CLAIM_EXPIRED, SYSTEM, card, {}, gone, edits=False, holder=card.claim.holder)


def keep_alive(store: Store, actor: Actor) -> None:
    """Renew all leases of the actor. A change tells of it where little is left of what everybody was told before.

    Not on a board where the actor is paused, and never a lease that has ended.
    """
    with store.joining() as unit:
        now = store.clock()
        who = {"holder": actor.name, "kind": actor.kind.value, "now": now}
        claims = [row for row in unit.connection.execute(_OF_HOLDER, who) if not _is_paused(row, actor)]
        told = [row for row in claims if wants_telling(now, row.expires_at, row.lease_seconds)]
        # first those that take the locks of boards, in the order of boards; what follows waits for nobody's lock
        for row in told:
            with suppress(NotFound, BoardArchived):
                _tell(store, row.card_id, actor)
        _keep_silently(unit, now, [row for row in claims if row not in told])


def _tell(store: Store, card_id: int, actor: Actor) -> None:
    with changing(store, board_of_card(card_id)) as change:
        card = find_card(change, card_id)
        claim, ends = running_claim(change, card)
        paused = any(agent.name == actor.name for agent in change.board.paused)
        if claim is None or ends is None or paused or not holds(actor, claim):
            return
        record_renewal(change, actor, card, card.model_copy(update={"claim": renewed(change, card.id, claim, ends)}))


def record_renewal(change: Changing, actor: Actor, before: CardView, after: CardView) -> None:
    """Of the card only its claim has changed: its row, its version and its time stay what they were."""
    was, now = (card.model_dump(mode="json", include={"claim"})["claim"] for card in (before, after))
    record_card(change, Verb.CLAIM_RENEWED, actor, after, {"claim": [was, now]})


def _keep_silently(unit: Unit, now: datetime, claims: Sequence[Row[Any]]) -> None:
    wanted = [row for row in claims if wants_renewal(now, row.kept_until, row.lease_seconds)]
    if not wanted:
        return
    # one that another transaction is about to renew or to end is left to it
    free = unit.connection.execute(_LOCK, {"cards": [row.card_id for row in wanted], "now": now}).all()
    fences = {row.card_id: row.fence for row in free}
    for row in wanted:
        if fences.get(row.card_id) == row.fence:
            end = max(row.kept_until, end_of_lease(now, row.lease_seconds, row.busy_until))
            unit.connection.execute(_KEEP, {"card": row.card_id, "kept_until": end})


def _is_paused(row: Row[Any], actor: Actor) -> bool:
    return actor.kind is ActorKind.AGENT and any(agent.name == actor.name for agent in paused_agents(row.paused))


_OF_LIVE_BOARDS = (
    select(CLAIM.c.card_id)
    .join(CARD, CARD.c.id == CLAIM.c.card_id)
    .join(BOARD, BOARD.c.id == CARD.c.board_id)
    .where(BOARD.c.archived_at.is_(None))
    .order_by(BOARD.c.id, CLAIM.c.card_id)
)
_LAPSED = _OF_LIVE_BOARDS.where(CLAIM.c.kept_until <= bindparam("now")).limit(EXPIRED_AT_ONCE)
_OF_HOLDER = _OF_LIVE_BOARDS.where(
    CLAIM.c.holder == bindparam("holder"), CLAIM.c.kind == bindparam("kind"), CLAIM.c.kept_until > bindparam("now")
).add_columns(
    CLAIM.c.fence,
    CLAIM.c.lease_seconds,
    CLAIM.c.expires_at,
    CLAIM.c.kept_until,
    CLAIM.c.busy_until,
    BOARD.c.paused,
)
_LOCK = (
    select(CLAIM.c.card_id, CLAIM.c.fence)
    .where(CLAIM.c.card_id.in_(bindparam("cards", expanding=True)), CLAIM.c.kept_until > bindparam("now"))
    .with_for_update(skip_locked=True)
)
_KEEP = update(CLAIM).where(CLAIM.c.card_id == bindparam("card"))
_END = delete(CLAIM).where(CLAIM.c.card_id == bindparam("card"), CLAIM.c.kept_until <= bindparam("now"))
