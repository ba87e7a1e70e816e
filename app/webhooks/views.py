"""What readers see of webhooks beyond `WebhookView`: the secret, once, and what became of each delivery."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from app.views import View, WebhookView


class DeliveryState(StrEnum):
    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


class NewWebhook(WebhookView):
    """A webhook as it is answered to its maker. The secret is never told again."""

    secret: str


class DeliveryView(View):
    """A change on its way to a webhook, and what its receiver said last."""

    id: int
    webhook_id: int
    sequence: int = Field(description="Of the change that is sent.")
    event: str
    state: DeliveryState = Field(description="Pending until it is delivered (answered 2xx) or given up.")
    attempts: int
    next_attempt_at: datetime | None
    status_code: int | None = Field(description="What the receiver answered last; null when it did not.")
    error: str | None = Field(description="Why the last attempt failed.")
    duration_ms: int | None
    created_at: datetime
    updated_at: datetime
