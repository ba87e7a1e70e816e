"""What the rule of a column's gate wants to know, read from the store: for the commands that refuse by it and for the
query that explains it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, bindparam, func, select

from app.store.rows import BOARD, CARD, COLUMN, LINK
from app.views import CardView
from models.gate import Facts, who_worked
from models.vocabulary import ColumnKind


def facts_of(connection: Connection, cards: Sequence[CardView]) -> list[Facts]:
    """One a card, in their order."""
    blockers = open_blockers(connection, cards)
    return [
        Facts(
            ref=card.ref,
            open_blockers=blockers.get(card.id, ()),
            items=len(card.checklist),
            open_items=sum(not item.done for item in card.checklist),
            approver=card.approval.name if card.approval else None,
            workers=workers_of(card),
        )
        for card in cards
    ]


def workers_of(card: CardView) -> frozenset[str]:
    """Whose approval of the card does not count."""
    return who_worked(card.worker, card.claim.holder if card.claim else None, card.assignee)


def open_blockers(connection: Connection, cards: Iterable[CardView]) -> dict[int, list[str]]:
    """Refs of the cards that each waits for, neither done nor archived, by card id; no entry where there are none."""
    waiting = [card.id for card in cards if card.blocked_by]
    found: dict[int, list[str]] = defaultdict(list)
    if waiting:
        for row in connection.execute(_OPEN_BLOCKERS, {"cards": waiting}):
            found[row.card_id].append(f"{row.key}-{row.number}")
    return found


def live_counts(connection: Connection, column_ids: Sequence[int]) -> dict[int, int]:
    """How many live cards each column holds."""
    counted = {row.column_id: row.live for row in connection.execute(_COUNTS, {"columns": column_ids})}
    return {column_id: counted.get(column_id, 0) for column_id in column_ids}


_OPEN_BLOCKERS = (
    select(LINK.c.card_id, BOARD.c.key, CARD.c.number)
    .join_from(LINK, CARD, CARD.c.id == LINK.c.blocker_id)
    .join(COLUMN, COLUMN.c.id == CARD.c.column_id)
    .join(BOARD, BOARD.c.id == CARD.c.board_id)
    .where(
        LINK.c.card_id.in_(bindparam("cards", expanding=True)),
        CARD.c.archived_at.is_(None),
        COLUMN.c.kind != ColumnKind.DONE.value,
    )
    .order_by(CARD.c.number)
)
_COUNTS = (
    select(CARD.c.column_id, func.count().label("live"))
    .where(CARD.c.column_id.in_(bindparam("columns", expanding=True)), CARD.c.archived_at.is_(None))
    .group_by(CARD.c.column_id)
)
