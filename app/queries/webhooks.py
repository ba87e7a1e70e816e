"""Webhooks of a board, the log of their deliveries, and which of them have something to send."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, func, select

from app.errors import InvalidInput, NotFound
from app.queries.boards import find_board
from app.store import Store
from app.store.webhook_rows import DELIVERIES, DELIVERY, WEBHOOK, WEBHOOKS, delivery_view, wanted, webhook_view
from app.views import Actor, WebhookView
from app.webhooks.addresses import destination
from app.webhooks.views import DeliveryState, DeliveryView
from models.board import Board
from models.types import LARGEST_ID, table_of
from models.vocabulary import ActorKind

PAGE_MOST = 500
FAR_BEHIND = 500
"""Unwanted changes after which a cursor is moved on all the same, so that nobody looks through them again and again."""


@dataclass(frozen=True)
class DeliveryPage:
    deliveries: list[DeliveryView]
    next_cursor: str | None


@dataclass(frozen=True)
class Outlook:
    """An active webhook: when the head of its line is due, or else whether there is something to take up."""

    webhook_id: int
    due_at: datetime | None
    behind: bool


def list_webhooks(store: Store, board: int | str, *, actor: Actor | None = None) -> list[WebhookView]:
    """Oldest first, as the actor may see them. Raises NotFound when there is no such board."""
    board_id = find_board(store, board).id
    with store.reading() as connection:
        return [_for(actor, webhook_view(row)) for row in connection.execute(_OF_BOARD, {"board": board_id})]


def get_webhook(store: Store, webhook_id: int, *, actor: Actor | None = None) -> WebhookView:
    with store.reading() as connection:
        row = connection.execute(_ONE, {"webhook": webhook_id}).first()
    if row is None:
        raise NotFound(f"there is no webhook {webhook_id}")
    return _for(actor, webhook_view(row))


def _for(actor: Actor | None, webhook: WebhookView) -> WebhookView:
    """Agents see the host alone: path and query are often the key to the receiver."""
    if actor is None or actor.kind is ActorKind.HUMAN:
        return webhook
    return webhook.model_copy(update={"url": destination(webhook.url).shown})


def list_deliveries(store: Store, webhook_id: int, *, limit: int = 50, cursor: str | None = None) -> DeliveryPage:
    """Newest first, `limit` (1 to 500) a page; new ones do not disturb the pages after the first. Raises NotFound."""
    if not 1 <= limit <= PAGE_MOST:
        raise InvalidInput(f"limit is a whole number from 1 to {PAGE_MOST}", field="limit")
    get_webhook(store, webhook_id)
    query = DELIVERIES.where(DELIVERY.c.webhook_id == webhook_id)
    if cursor is not None:
        query = query.where(DELIVERY.c.id < _parsed(cursor))
    with store.reading() as connection:
        rows = connection.execute(query.order_by(DELIVERY.c.id.desc()).limit(limit + 1)).all()
    found = [delivery_view(row) for row in rows[:limit]]
    return DeliveryPage(found, str(found[-1].id) if len(rows) > limit else None)


def outlook(store: Store) -> list[Outlook]:
    """Of all active webhooks."""
    with store.reading() as connection:
        return [Outlook(row.id, row.due_at, bool(row.behind)) for row in connection.execute(_OUTLOOK)]


def _parsed(cursor: str) -> int:
    if not (cursor.isascii() and cursor.isdecimal() and len(cursor) <= 18 and int(cursor) <= LARGEST_ID):
        raise InvalidInput("cursor is the next_cursor of an earlier page", field="cursor")
    return int(cursor)


_BOARD = table_of(Board)
_OF_BOARD = WEBHOOKS.where(WEBHOOK.c.board_id == bindparam("board")).order_by(WEBHOOK.c.id)
_ONE = WEBHOOKS.where(WEBHOOK.c.id == bindparam("webhook"))
_HEAD_DUE: Any = (
    select(func.coalesce(DELIVERY.c.next_attempt_at, DELIVERY.c.created_at))
    .where(DELIVERY.c.webhook_id == WEBHOOK.c.id, DELIVERY.c.state == DeliveryState.PENDING.value)
    .order_by(DELIVERY.c.sequence, DELIVERY.c.id)
    .limit(1)
    .correlate(WEBHOOK)
    .scalar_subquery()
)
_OUTLOOK = (
    select(
        WEBHOOK.c.id,
        _HEAD_DUE.label("due_at"),
        (exists().where(wanted()).correlate(WEBHOOK) | (_BOARD.c.sequence - WEBHOOK.c.cursor > FAR_BEHIND)).label(
            "behind"
        ),
    )
    .join_from(WEBHOOK, _BOARD, _BOARD.c.id == WEBHOOK.c.board_id)
    .where(WEBHOOK.c.active)
)
