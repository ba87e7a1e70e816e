"""What a column asks of the cards that enter it, whichever way they come: one rule, one refusal."""

from collections.abc import Sequence

from app.errors import ColumnFull, GateClosed
from app.store.entry import facts_of, live_counts
from app.store.transaction import Changing
from app.views import CardView, ColumnView
from models.gate import LIMIT, NEXT, Missing, missing, shortened


def refuse_entry(change: Changing, column: ColumnView, cards: Sequence[CardView]) -> None:
    """Raises ColumnFull when there is no room for the cards, GateClosed when one lacks what the column requires."""
    if not cards or (column.wip_limit is None and not column.requires):
        return
    count = 0 if column.wip_limit is None else live_counts(change.connection, [column.id])[column.id]
    facts = facts_of(change.connection, cards)
    lacks = missing(column.requires, column.wip_limit, count, facts)
    if not lacks:
        return
    if all(lack.requirement == LIMIT for lack in lacks):
        raise _full(column, count, len(cards))
    raise _closed(column, lacks)


def _full(column: ColumnView, count: int, entering: int) -> ColumnFull:
    return ColumnFull(
        f"{column.name} is full ({count} of {column.wip_limit}): move one out first"
        if entering == 1
        else f"{column.name} has no room for {entering} cards more ({count} of {column.wip_limit})",
        column_id=column.id,
        count=count,
        wip_limit=column.wip_limit,
    )


def _closed(column: ColumnView, lacks: list[Missing]) -> GateClosed:
    details = [f"{lack.card}: {lack.detail}" if lack.card else lack.detail for lack in lacks]
    return GateClosed(
        f"{column.name} requires: {shortened(details, 4, '; ')}",
        column_id=column.id,
        missing=[lack.model_dump(mode="json", exclude_none=True) for lack in lacks],
        next=NEXT[lacks[0].requirement],
    )
