"""Where a card goes: the server turns the wish (before or after a card, or the end) into a rank."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select, update

from app.store.rows import CARD
from app.views import CardView
from models import rank


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
    _deal_column_anew(connection, column_id)
    wished = rank.between(*_neighbours(connection, column_id, before, after, card_id))
    return wished, _ranks(connection, column_id, card_id)


def last_rank(connection: Connection, column_id: int) -> str | None:
    return connection.execute(_LAST, {"column": column_id, "moving": 0}).scalar()


def deal_anew(store_rank: Callable[[int, str], Any], in_order: Sequence[int], highest: str) -> None:
    """Short ranks for things in their order, the highest of whose ranks is given. On the way no two share a rank."""
    dealt = rank.evenly(len(in_order))
    last = max(highest, dealt[-1])
    for one in in_order:  # out of the way of the old and of the new ranks first
        last = rank.between(last, None)
        store_rank(one, last)
    for one, place in zip(in_order, dealt, strict=True):
        store_rank(one, place)


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


def _deal_column_anew(connection: Connection, column_id: int) -> None:
    in_order = connection.execute(_ALL_RANKS, {"column": column_id}).all()
    deal_anew(
        lambda card_id, dealt: connection.execute(_DEAL, {"card": card_id, "rank": dealt}),
        [card.id for card in in_order],
        in_order[-1].rank,
    )


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
_ALL_RANKS = select(CARD.c.id, CARD.c.rank).where(_IN_COLUMN).order_by(CARD.c.rank)
_DEAL = update(CARD).where(CARD.c.id == bindparam("card"))
