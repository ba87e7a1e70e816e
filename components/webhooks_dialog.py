"""The webhooks of a board: where changes are sent, whether that works, and what was sent of late.

What becomes of deliveries is no change of the board, so the feed does not tell of it: the dialog asks again every few
seconds while it is open, and draws anew only what differs.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

from nicegui import ui

from app.errors import Refusal
from app.views import WebhookView
from components import notices
from components.board_menu import BUTTON
from components.button import Button
from components.moments import ago
from components.small_dialog import SmallDialog
from components.webhook_actions import WebhookActions
from components.webhook_form import WebhookForm, event_in_words
from components.webhook_log import WebhookLog

ASK_SECONDS = 2.0


class WebhooksDialog(ui.dialog):
    """Open once made, and gone once closed."""

    def __init__(self, actions: WebhookActions, webhooks: Sequence[WebhookView], *, archived: bool = False) -> None:
        super().__init__()
        self._actions = actions
        self._rows: dict[int, WebhookRow] = {}
        self.props('aria-label="Webhooks"')
        with self, ui.card().classes("webhooks"):
            with ui.element("div").classes("webhooks-head"):
                ui.label("Webhooks").classes("small-dialog-title").props('role="heading" aria-level="2"')
                with ui.element("button").classes("icon-button").on("click", self.close) as close:
                    close.props('type="button" aria-label="Close" title="Close"')
                    ui.element("span").classes("icon-close")
            ui.label("What happens on this board is sent to these addresses, signed and in order.")
            self._list = ui.element("ul").classes("webhook-list").props('role="list"')
            self._empty = ui.label("None yet. A webhook tells another program of every change.").classes("muted")
            if archived:
                ui.label("The board is archived: its webhooks cannot be changed.").classes("muted")
            else:
                WebhookForm(actions.create, self.refresh)
            ui.timer(ASK_SECONDS, self.refresh, immediate=False)
        self._show(webhooks)
        self.on("hide", self._go)
        self.open()

    async def refresh(self) -> None:
        try:
            webhooks = await self._actions.list()
            unfolded = [one.id for one in webhooks if one.id in self._rows and self._rows[one.id].log is not None]
            logs = {webhook_id: await self._actions.deliveries(webhook_id) for webhook_id in unfolded}
        except Refusal:
            return  # one was deleted between the two questions, or the store is away: the next time, then
        if self.is_deleted:
            return
        self._show(webhooks)
        for key, deliveries in logs.items():
            row = self._rows.get(key)
            if row is not None and row.log is not None:
                row.log.show(deliveries)

    def _show(self, webhooks: Sequence[WebhookView]) -> None:
        present = {webhook.id: webhook for webhook in webhooks}
        for gone in [webhook_id for webhook_id in self._rows if webhook_id not in present]:
            self._rows.pop(gone).delete()
        for webhook in webhooks:
            if webhook.id not in self._rows:
                with self._list:
                    self._rows[webhook.id] = WebhookRow(webhook, self._actions, self.refresh)
            self._rows[webhook.id].show(webhook)
        self._empty.set_visibility(not present)
        self._list.set_visibility(bool(present))

    def _go(self) -> None:
        self.client.run_javascript(f"document.getElementById('{BUTTON}')?.focus()")
        self.delete()


class WebhookRow(ui.element):
    """One webhook; `log` is there while it is unfolded."""

    def __init__(self, webhook: WebhookView, actions: WebhookActions, refresh: Callable[[], Awaitable[None]]) -> None:
        super().__init__("li")
        self.classes("webhook")
        self.webhook = webhook
        self.log: WebhookLog | None = None
        self._actions = actions
        self._refresh = refresh
        with self:
            self._url = ui.label().classes("webhook-url").props('dir="ltr"')
            with ui.element("div").classes("webhook-facts"):
                self._state = ui.label()
                self._events = ui.label().classes("muted")
            with ui.element("div").classes("webhook-tools"):
                self._unfold = Button("Deliveries", self._toggle_log).props('aria-expanded="false"')
                self._pause = Button("Pause", self._toggle)
                Button("Delete", self._ask_delete, classes="button is-danger").props(
                    f'id="delete-webhook-{webhook.id}"'
                )

    def show(self, webhook: WebhookView) -> None:
        self.webhook = webhook
        kind, words = state_in_words(webhook)
        self._url.set_text(webhook.url)
        self._url.props["title"] = webhook.url
        self._state.classes(replace=f"webhook-state is-{kind}").set_text(words)
        self._events.set_text(events_in_words(webhook.events))
        self._events.props["title"] = ", ".join(map(event_in_words, webhook.events))
        self._pause.set_text("Pause" if webhook.active else "Activate")

    async def _toggle(self) -> None:
        with notices.refusals_told():
            await self._actions.update(self.webhook.id, {"active": not self.webhook.active})
        await self._refresh()

    async def _toggle_log(self) -> None:
        if self.log is not None:
            self.log.delete()
            self.log = None
        else:
            with self:
                self.log = WebhookLog(self._resend)
            await self._refresh()
        self._unfold.props(f'aria-expanded="{str(self.log is not None).lower()}"')

    async def _resend(self, delivery_id: int) -> None:
        with notices.refusals_told():
            await self._actions.resend(delivery_id)
        await self._refresh()

    def _ask_delete(self) -> None:
        async def delete() -> None:
            question.close()
            with self, notices.refusals_told():
                await self._actions.delete(self.webhook.id)
            await self._refresh()

        title, back_to = "Delete this webhook", f"delete-webhook-{self.webhook.id}"
        with self, SmallDialog(title, back_to=back_to) as question, question.body:
            ui.label("Nothing more is sent there, and its log is gone.").classes("muted")
            question.answers("Delete", delete, danger=True)


def state_in_words(webhook: WebhookView) -> tuple[str, str]:
    """Its kind for the style sheet, and the words."""
    if not webhook.active:
        return "paused", "Paused"
    if webhook.failing_since is not None:
        return "failing", f"Failing, first {ago(webhook.failing_since, datetime.now(UTC))}"
    return "active", "Active"


def events_in_words(events: Sequence[str]) -> str:
    if not events:
        return "All changes"
    first = ", ".join(map(event_in_words, events[:2]))
    return f"{first} and {len(events) - 2} more" if len(events) > 2 else first
