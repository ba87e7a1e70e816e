"""Rows of webhooks and their deliveries become views here, and what a webhook wants is said once, in SQL."""

from typing import Any

from sqlalchemy import ColumnElement, Row, Select, literal, select

from app.views import WebhookView
from app.webhooks.views import DeliveryState, DeliveryView
from models.activity import Activity
from models.types import table_of
from models.vocabulary import Verb
from models.webhook import Webhook, WebhookDelivery

WEBHOOK, DELIVERY, ACTIVITY = (table_of(model) for model in (Webhook, WebhookDelivery, Activity))

ONLY_BY_NAME = Verb.CLAIM_RENEWED
"""The heartbeat of agents at work: sent to those who ask for it, never just because nothing was left out."""

WEBHOOKS: Select[Any] = select(
    WEBHOOK.c.id,
    WEBHOOK.c.board_id,
    WEBHOOK.c.url,
    WEBHOOK.c.events,
    WEBHOOK.c.active,
    WEBHOOK.c.created_by,
    WEBHOOK.c.created_at,
    WEBHOOK.c.failing_since,
)
DELIVERIES: Select[Any] = select(*(DELIVERY.c[name] for name in DeliveryView.model_fields))


def wanted() -> ColumnElement[bool]:
    """Whether the webhook of a row wants the activity beside it."""
    named = ("," + WEBHOOK.c.events + ",").contains("," + ACTIVITY.c.verb + ",")
    everything = (WEBHOOK.c.events == "") & (ACTIVITY.c.verb != literal(ONLY_BY_NAME.value))
    return (ACTIVITY.c.board_id == WEBHOOK.c.board_id) & (ACTIVITY.c.sequence > WEBHOOK.c.cursor) & (everything | named)


def webhook_view(row: Row[Any]) -> WebhookView:
    events = tuple(event for event in row.events.split(",") if event)
    return WebhookView.model_construct(**{**row._mapping, "events": events})


def delivery_view(row: Row[Any]) -> DeliveryView:
    return DeliveryView.model_construct(**{**row._mapping, "state": DeliveryState(row.state)})
