"""One card, and pages of cards that no move makes skip or repeat."""

from dataclasses import dataclass

from sqlalchemy import bindparam

from app.errors import InvalidInput, NotFound
from app.store import Store
from app.store.rows import BOARD, CARD, CARDS, card_view
from app.views import CardView
from models.card import parse_ref
from models.vocabulary import Priority

PAGE_MOST = 500


@dataclass(frozen=True)
class CardPage:
    cards: list[CardView]
    next_cursor: str | None


def get_card(store: Store, card: int | str) -> CardView:
    """By id or ref; archived ones too. Raises NotFound."""
    ref = parse_ref(card) if isinstance(card, str) else None
    with store.reading() as connection:
        if ref is not None:
            row = connection.execute(_BY_REF, {"key": ref[0], "number": ref[1]}).first()
        else:
            row = connection.execute(_BY_ID, {"which": card}).first() if isinstance(card, int) else None
    if row is None:
        raise NotFound(f"there is no card {card}")
    return card_view(row)


def list_cards(
    store: Store,
    *,
    board_id: int | None = None,
    column_id: int | None = None,
    assignee: str | None = None,
    priority: Priority | None = None,
    q: str | None = None,
    archived: bool = False,
    limit: int = 100,
    cursor: str | None = None,
) -> CardPage:
    """Cards by id, `limit` (1 to 500) a page. Ids do not change when cards move, so pages skip and repeat nothing.

    `q` finds text in titles, descriptions and acceptance criteria, whatever its case.
    """
    if not 1 <= limit <= PAGE_MOST:
        raise InvalidInput(f"limit is a whole number from 1 to {PAGE_MOST}", field="limit")
    query = CARDS.where(CARD.c.archived_at.is_not(None) if archived else CARD.c.archived_at.is_(None))
    for column, value in (
        (CARD.c.board_id, board_id),
        (CARD.c.column_id, column_id),
        (CARD.c.assignee, assignee),
        (CARD.c.priority, priority),
    ):
        if value is not None:
            query = query.where(column == value)
    if q:
        words = [CARD.c.title, CARD.c.description, CARD.c.acceptance_criteria]
        found = words[0].icontains(q, autoescape=True)
        for column in words[1:]:
            found = found | column.icontains(q, autoescape=True)
        query = query.where(found)
    if cursor is not None:
        query = query.where(CARD.c.id > _parsed(cursor))
    with store.reading() as connection:
        rows = connection.execute(query.order_by(CARD.c.id).limit(limit + 1)).all()
    cards = [card_view(row) for row in rows[:limit]]
    return CardPage(cards, str(cards[-1].id) if len(rows) > limit else None)


def _parsed(cursor: str) -> int:
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= 18):
        raise InvalidInput("cursor is the next_cursor of an earlier page", field="cursor")
    return int(cursor)


_BY_ID = CARDS.where(CARD.c.id == bindparam("which"))
_BY_REF = CARDS.where(BOARD.c.key == bindparam("key"), CARD.c.number == bindparam("number"))
