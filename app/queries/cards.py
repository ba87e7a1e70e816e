"""One card, and pages of cards that no move makes skip or repeat."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, bindparam, exists, func, or_, select

from app.errors import InvalidInput, NotFound
from app.queries.card_order import Order, after, cursor_of, key_of, ordered
from app.store import Store
from app.store.rows import BOARD, CARD, CARD_LABEL, CARDS, CLAIM, COLUMN, COMMENT, LABEL, LINK, card_view
from app.views import CardView
from models.card import parse_ref
from models.types import LARGEST_ID
from models.vocabulary import ColumnKind, Priority

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
    label: int | str | None = None,
    priority: Priority | None = None,
    q: str | None = None,
    claimed: bool | None = None,
    blocked: bool | None = None,
    archived: bool = False,
    sort: Order = Order.OLDEST,
    limit: int = 100,
    cursor: str | None = None,
) -> CardPage:
    """Cards that match all that is given, `limit` (1 to 500) a page.

    `label` is an id or a name, `blocked` tells whether a card waits for others, and `q` finds text in titles,
    descriptions, acceptance criteria and comments; the case of names and texts does not matter.
    """
    if not 1 <= limit <= PAGE_MOST:
        raise InvalidInput(f"limit is a whole number from 1 to {PAGE_MOST}", field="limit")
    # the page is found first: what makes a card whole is then read for those on the page alone
    query = select(CARD.c.id, key_of(sort)).where(
        CARD.c.archived_at.is_not(None) if archived else CARD.c.archived_at.is_(None)
    )
    for column, value in (
        (CARD.c.board_id, board_id),
        (CARD.c.column_id, column_id),
        (CARD.c.assignee, assignee),
        (CARD.c.priority, priority),
    ):
        if value is not None:
            query = query.where(column == value)
    if label is not None:
        query = query.where(_labelled(label))
    if claimed is not None:
        query = query.where(_CLAIMED if claimed else ~_CLAIMED)
    if blocked is not None:
        query = query.where(_BLOCKED if blocked else ~_BLOCKED)
    if q:
        query = query.where(_says(q))
    if cursor is not None:
        query = query.where(after(sort, cursor))
    with store.reading() as connection:
        found = connection.execute(ordered(query, sort).limit(limit + 1)).all()
        page = found[:limit]
        rows = {row.id: row for row in connection.execute(_THESE, {"these": [one.id for one in page]})} if page else {}
    last = cursor_of(sort, page[-1].key, page[-1].id) if len(found) > limit else None
    return CardPage([card_view(rows[one.id]) for one in page], last)


def _labelled(label: int | str) -> ColumnElement[bool]:
    named = str(label).strip()
    fits = func.lower(LABEL.c.name) == func.lower(named)
    if named.isascii() and named.isdecimal() and len(named) <= 18 and int(named) <= LARGEST_ID:
        fits = or_(fits, LABEL.c.id == int(named))
    own = select(CARD_LABEL.c.card_id).join(LABEL, LABEL.c.id == CARD_LABEL.c.label_id).where(fits)
    return CARD.c.id.in_(own)


def _says(q: str) -> ColumnElement[bool]:
    texts = (CARD.c.title, CARD.c.description, CARD.c.acceptance_criteria)
    said = select(COMMENT.c.card_id).where(COMMENT.c.card_id == CARD.c.id, COMMENT.c.text.icontains(q, autoescape=True))
    return or_(*(text.icontains(q, autoescape=True) for text in texts), said.exists())


_BY_ID = CARDS.where(CARD.c.id == bindparam("which"))
_BY_REF = CARDS.where(BOARD.c.key == bindparam("key"), CARD.c.number == bindparam("number"))
_THESE = CARDS.where(CARD.c.id.in_(bindparam("these", expanding=True)))
_BLOCKER = CARD.alias("blocker")
_CLAIMED = exists().where(CLAIM.c.card_id == CARD.c.id)
_BLOCKED = (
    select(LINK.c.card_id)
    .join(_BLOCKER, _BLOCKER.c.id == LINK.c.blocker_id)
    .join(COLUMN, COLUMN.c.id == _BLOCKER.c.column_id)
    .where(LINK.c.card_id == CARD.c.id, _BLOCKER.c.archived_at.is_(None), COLUMN.c.kind != ColumnKind.DONE.value)
    .exists()
)
