"""What keeps leases going and ends them asks this often, so each is one cheap statement."""

from datetime import datetime

from sqlalchemy import bindparam, select

from app.store import Store
from app.store.rows import BOARD, CARD, CLAIM
from app.views import Actor
from models.claim import wants_renewal


def has_lapsed(store: Store) -> bool:
    """Whether a claim has ended that nobody has cleared away yet; those on archived boards wait."""
    with store.reading() as connection:
        return connection.execute(_LAPSED, {"now": store.clock()}).first() is not None


def wants_keeping(store: Store, actor: Actor) -> bool:
    """Whether the actor holds a claim whose lease a sign of life would make noticeably longer."""
    now: datetime = store.clock()
    with store.reading() as connection:
        held = connection.execute(_HELD, {"holder": actor.name, "kind": actor.kind.value, "now": now})
        return any(wants_renewal(now, row.kept_until, row.lease_seconds) for row in held)


_LAPSED = (
    select(CLAIM.c.card_id)
    .join(CARD, CARD.c.id == CLAIM.c.card_id)
    .join(BOARD, BOARD.c.id == CARD.c.board_id)
    .where(CLAIM.c.kept_until <= bindparam("now"), BOARD.c.archived_at.is_(None))
    .limit(1)
)
_HELD = select(CLAIM.c.kept_until, CLAIM.c.lease_seconds).where(
    CLAIM.c.holder == bindparam("holder"), CLAIM.c.kind == bindparam("kind"), CLAIM.c.kept_until > bindparam("now")
)
