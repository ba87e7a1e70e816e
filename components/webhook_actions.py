"""What the dialog of webhooks asks for. The page does it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from app.views import WebhookView
from app.webhooks.views import DeliveryView, NewWebhook


@dataclass(frozen=True)
class WebhookActions:
    """Each raises Refusal when it cannot."""

    list: Callable[[], Awaitable[Sequence[WebhookView]]]
    create: Callable[[str, Sequence[str]], Awaitable[NewWebhook]]
    update: Callable[[int, dict[str, Any]], Awaitable[object]]
    delete: Callable[[int], Awaitable[object]]
    deliveries: Callable[[int], Awaitable[Sequence[DeliveryView]]]
    """Newest first, as many as one looks at."""
    resend: Callable[[int], Awaitable[object]]
