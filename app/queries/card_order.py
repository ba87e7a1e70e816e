"""The orders in which cards are listed, and the cursors that go on where a page ended.

Each order is by something that does not change when a card moves, and then by id. A cursor names the last card of a
page by both, so it stays good while cards come, go and move.
"""

import base64
import binascii
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Select, func, null, or_

from app.errors import InvalidInput
from app.store.rows import CARD
from models.types import LARGEST_ID
from models.vocabulary import Priority


class Order(StrEnum):
    """What a list of cards may be sorted by. Equal ones follow by id."""

    OLDEST = "created_at"
    NEWEST = "-created_at"
    PRIORITY = "priority"
    DUE = "due_at"
    TITLE = "title"


def key_of(order: Order) -> Any:
    """The value that cards are sorted by; NULL where the id alone does it."""
    return _KEYS.get(order, null()).label("key")


def ordered(query: Select[Any], order: Order) -> Select[Any]:
    match order:
        case Order.OLDEST:
            return query.order_by(CARD.c.id)
        case Order.NEWEST:
            return query.order_by(CARD.c.id.desc())
        case Order.DUE:
            return query.order_by(CARD.c.due_at.is_(None), CARD.c.due_at, CARD.c.id)
        case _:
            return query.order_by(_KEYS[order], CARD.c.id)


def cursor_of(order: Order, key: Any, card_id: int) -> str:
    """The cursor behind a card with that key."""
    return base64.urlsafe_b64encode(orjson.dumps([order, key, card_id])).decode().rstrip("=")


def after(order: Order, cursor: str) -> ColumnElement[bool]:
    """Which cards come after the one that the cursor names. Raises InvalidInput."""
    key, last = _read(order, cursor)
    later = CARD.c.id > last
    match order:
        case Order.OLDEST:
            return later
        case Order.NEWEST:
            return CARD.c.id < last
        case Order.DUE if key is None:
            return CARD.c.due_at.is_(None) & later  # cards without a date come last
        case _:
            beyond = or_(_KEYS[order] > key, (_KEYS[order] == key) & later)
            return or_(beyond, CARD.c.due_at.is_(None)) if order is Order.DUE else beyond


def _read(order: Order, cursor: str) -> tuple[Any, int]:
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        name, key, last = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        made_for = Order(name)
        if type(last) is not int or not 0 <= last <= LARGEST_ID:
            raise ValueError("no id")
        value = _READ[made_for](key)
    except (ValueError, TypeError, OverflowError, binascii.Error):
        raise InvalidInput(
            "cursor is the next_cursor of an earlier page; start anew without one", field="cursor"
        ) from None
    if made_for is not order:
        raise InvalidInput(
            f"this cursor goes on with a list sorted by {made_for}: ask with sort={made_for}, "
            "or start anew without a cursor",
            field="cursor",
        )
    return value, last


def _nothing(key: Any) -> None:
    if key is not None:
        raise ValueError("a key where there is none")


def _moment(key: Any) -> datetime | None:
    if key is None:
        return None
    value = datetime.fromisoformat(key)
    if value.tzinfo is None:
        raise ValueError("a time without a zone")
    return value.astimezone(UTC)


def _text(key: Any) -> str:
    if not isinstance(key, str) or "\x00" in key:
        raise ValueError("no text")
    return key


_KEYS: dict[Order, Any] = {
    # cards are numbered as they are made: by id is by time
    Order.PRIORITY: CARD.c.priority,
    Order.DUE: CARD.c.due_at,
    Order.TITLE: func.lower(CARD.c.title),
}
_READ: dict[Order, Callable[[Any], Any]] = {
    Order.OLDEST: _nothing,
    Order.NEWEST: _nothing,
    Order.PRIORITY: Priority,
    Order.DUE: _moment,
    Order.TITLE: _text,
}
