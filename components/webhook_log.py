"""What was sent to a webhook of late, and what came of it."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

from nicegui import ui

from app.webhooks.views import DeliveryState, DeliveryView
from components.button import Button
from components.moments import ago, exact
from components.webhook_form import event_in_words

STATES = {
    DeliveryState.PENDING: "Waiting",
    DeliveryState.DELIVERED: "Delivered",
    DeliveryState.FAILED: "Given up",
}


class WebhookLog(ui.element):
    def __init__(self, resend: Callable[[int], Awaitable[None]]) -> None:
        super().__init__("div")
        self.classes("webhook-log")
        self._resend = resend
        self._shown: list[tuple[int, str, str, str]] | None = None

    def show(self, deliveries: Sequence[DeliveryView]) -> None:
        now = datetime.now(UTC)
        wanted = [(one.id, one.state.value, ago(one.updated_at, now), outcome(one, now)) for one in deliveries]
        if wanted == self._shown:
            return
        self._shown = wanted
        self.clear()
        with self:
            if not deliveries:
                ui.label("Nothing was sent yet.").classes("muted")
                return
            with ui.element("ul").classes("deliveries").props('role="list"'):
                for delivery in deliveries:
                    self._row(delivery, now)

    def _row(self, delivery: DeliveryView, now: datetime) -> None:
        words = event_in_words(delivery.event)
        with ui.element("li").classes("delivery"):
            ui.label(STATES[delivery.state]).classes(f"webhook-state is-{delivery.state.value}")
            ui.label(words).classes("delivery-what").props(f'title="Change {delivery.sequence} of the board"')
            ui.label(ago(delivery.updated_at, now)).classes("delivery-when").props(
                f'title="{exact(delivery.updated_at)}"'
            )
            ui.label(outcome(delivery, now)).classes("delivery-outcome")
            if delivery.state is DeliveryState.PENDING and not delivery.attempts:
                return
            again = "Try now" if delivery.state is DeliveryState.PENDING else "Resend"
            button = Button(again, self._resender(delivery.id), classes="button is-quiet")
            button.props["aria-label"] = f"{again}: {words}, change {delivery.sequence}"

    def _resender(self, delivery_id: int) -> Callable[[], Awaitable[None]]:
        async def resend() -> None:
            await self._resend(delivery_id)

        return resend


def outcome(delivery: DeliveryView, now: datetime) -> str:
    """`answered 500 · attempt 2 · again in 30 s`"""
    said = []
    if delivery.error:
        said.append(delivery.error)
    elif delivery.status_code is not None:
        said.append(f"answered {delivery.status_code} in {delivery.duration_ms} ms")
    if delivery.attempts > 1:
        said.append(f"{delivery.attempts} attempts")
    if delivery.state is DeliveryState.PENDING and delivery.attempts and delivery.next_attempt_at is not None:
        said.append(f"again {_until(delivery.next_attempt_at, now)}")
    return " · ".join(said) or "in line"


def _until(moment: datetime, now: datetime) -> str:
    seconds = (moment - now).total_seconds()
    if seconds < 60:
        return "within a minute"
    return f"in {round(seconds / 60)} min" if seconds < 3600 else f"in {round(seconds / 3600)} h"
