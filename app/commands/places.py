"""Where a card goes: the server turns the wish (before or after a card, or the end) into a rank."""

from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select, update

from app.errors import ColumnFull
from app.store.rows import CARD
from app.views import CardView, ColumnView
from models import rank
from models.column import has_room


def take_place(
    connection: Connection, column_id: int, before: int | None, after: int | None, moving: CardView | None = None
) -> tuple[str, dict[int, str]]:
    """A rank in the column next to the anchor, and the ranks of other cards where they had to be dealt anew.

    An anchor that is not in the column, because it moved or vanished meanwhile, means the end. `moving` is the card
    that is being placed: it is no neighbour of its own, and keeps its rank when it stands there already.
    """
    card_id = moving.id if moving else 0
    low, high = _neighbours(connection, column_id, before, after, card_id)
    if moving and moving.column_id == column_id and (low or "") < moving.rank and (not high or moving.rank < high):
        return moving.rank, {}
    wished = rank.between(low, high)
    if len(wished) <= rank.LONGEST:
        return wished, {}
    _deal_anew(connection, column_id)
    wished = rank.between(*_neighbours(connection, column_id, before, after, card_id))
    return wished, _ranks(connection, column_id, card_id)


def last_rank(connection: Connection, column_id: int) -> str | None:
    return connection.execute(_LAST, {"column": column_id, "moving": 0}).scalar()


def refuse_when_full(connection: Connection, column: ColumnView, entering: int = 1) -> None:
    """Raises ColumnFull when the column's limit leaves no room for so many cards more."""
    if column.wip_limit is None or entering == 0:
        return
    count = connection.execute(_COUNT, {"column": column.id}).scalar_one()
    if not has_room(column.wip_limit, count, entering):
        raise ColumnFull(
            f"{column.name} is full ({count} of {column.wip_limit}): move one out first"
            if entering == 1
            else f"{column.name} has no room for {entering} cards more ({count} of {column.wip_limit})",
            column_id=column.id,
            count=count,
            wip_limit=column.wip_limit,
        )


def _neighbours(
    connection: Connection, column_id: int, before: int | None, after: int | None, moving: int
) -> tuple[str | None, str | None]:
    where = {"column": column_id, "moving": moving}
    anchor = before if before is not None else after
    if anchor is not None and anchor != moving:
        beside = connection.execute(_ABOVE if before is None else _BELOW, {**where, "anchor": anchor}).first()
        if beside is not None:
            return (beside.rank, beside.neighbour) if before is None else (beside.neighbour, beside.rank)
    return connection.execute(_LAST, where).scalar(), None


def _deal_anew(connection: Connection, column_id: int) -> None:
    in_order = list(connection.execute(_IN_ORDER, {"column": column_id}).scalars())
    # past the present last rank first, then back to the start: no two cards share a rank on the way
    last = last_rank(connection, column_id)
    for card_id in in_order:
        last = rank.between(last, None)
        connection.execute(_DEAL, {"card": card_id, "rank": last})
    for card_id, dealt in zip(in_order, rank.evenly(len(in_order)), strict=True):
        connection.execute(_DEAL, {"card": card_id, "rank": dealt})


def _ranks(connection: Connection, column_id: int, moving: int) -> dict[int, str]:
    return {row.id: row.rank for row in connection.execute(_ALL_RANKS, {"column": column_id}) if row.id != moving}


_ANCHOR = CARD.alias("anchor")
_IN_COLUMN = CARD.c.column_id == bindparam("column")
_OTHERS = _IN_COLUMN & (CARD.c.id != bindparam("moving"))
_LAST = select(func.max(CARD.c.rank)).where(_OTHERS)


def _beside(neighbour: Select[Any]) -> Select[Any]:
    """The rank of the anchor, if it is in the column, and that of its neighbour on one side."""
    where = (_ANCHOR.c.id == bindparam("anchor"), _ANCHOR.c.column_id == bindparam("column"))
    return select(_ANCHOR.c.rank, neighbour.where(_OTHERS).scalar_subquery().label("neighbour")).where(*where)


_BELOW = _beside(select(func.max(CARD.c.rank)).where(CARD.c.rank < _ANCHOR.c.rank))
_ABOVE = _beside(select(func.min(CARD.c.rank)).where(CARD.c.rank > _ANCHOR.c.rank))
_COUNT = select(func.count()).where(_IN_COLUMN, CARD.c.archived_at.is_(None))
_IN_ORDER = select(CARD.c.id).where(_IN_COLUMN).order_by(CARD.c.rank)
_ALL_RANKS = select(CARD.c.id, CARD.c.rank).where(_IN_COLUMN)
_DEAL = update(CARD).where(CARD.c.id == bindparam("card"))
