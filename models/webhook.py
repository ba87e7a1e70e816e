"""Where a board's changes are sent, and what became of each sending.

The activity table is the outbox: a webhook keeps a cursor in it. `cursor` is the sequence of the last change that was
looked at: its delivery is in the log, or it was not wanted.
"""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel, Text

from models.types import UtcDateTime

URL_LENGTH = 2_000
SECRET_LENGTH = 100
ERROR_LENGTH = 300
WEBHOOKS_MOST = 20
"""Webhooks of one board."""


class Webhook(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    board_id: int = Field(foreign_key="board.id", ondelete="CASCADE", index=True)
    url: str = Field(max_length=URL_LENGTH)
    secret: str = Field(max_length=SECRET_LENGTH)
    events: str = Field(default="", sa_type=Text)
    """Verbs, comma-joined; empty for all."""
    active: bool = True
    cursor: int
    created_by: str = Field(max_length=60)
    created_at: datetime = Field(sa_type=UtcDateTime)
    failing_since: datetime | None = Field(default=None, sa_type=UtcDateTime)


class WebhookDelivery(SQLModel, table=True):
    __tablename__ = "webhook_delivery"
    __table_args__ = (
        Index("ix_webhook_delivery_webhook_id", "webhook_id", "id"),
        Index("ix_webhook_delivery_state", "state", "webhook_id", "sequence"),
    )

    id: int | None = Field(default=None, primary_key=True)
    webhook_id: int = Field(foreign_key="webhook.id", ondelete="CASCADE")
    sequence: int
    event: str = Field(max_length=30)
    attempts: int = 0
    state: str = Field(max_length=10)
    next_attempt_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    status_code: int | None = None
    error: str | None = Field(default=None, max_length=ERROR_LENGTH)
    duration_ms: int | None = None
    body: str = Field(sa_type=Text)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
