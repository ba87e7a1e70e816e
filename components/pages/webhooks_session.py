"""The dialog of webhooks on a board's page: what is asked there becomes commands and queries."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.commands import deliveries, webhooks
from app.errors import Refusal
from app.queries import webhooks as queries
from app.service import Service
from app.webhooks.views import DeliveryView
from components.pages.shell import Shell
from components.webhook_actions import WebhookActions
from components.webhooks_dialog import WebhooksDialog

if TYPE_CHECKING:
    from components.pages.board_session import BoardSession

LOOKED_AT = 30
"""Deliveries that the log of a webhook shows; the rest is told by REST."""


class WebhooksSession:
    def __init__(self, service: Service, shell: Shell, board: "BoardSession") -> None:
        self._store = service.store
        self._shell = shell
        self._board = board

    async def open(self) -> None:
        board = self._board.view.board
        try:
            present = await self._store.read(queries.list_webhooks, board.id)
        except Refusal as refusal:
            self._board.tell(refusal)
            return
        if not self._shell.client.is_deleted:
            with self._shell.client.content:
                WebhooksDialog(self._actions(board.id), present, archived=board.archived_at is not None)

    def _actions(self, board_id: int) -> WebhookActions:
        act, read = self._board.act, self._store.read

        async def log(webhook_id: int) -> Sequence[DeliveryView]:
            return (await read(queries.list_deliveries, webhook_id, limit=LOOKED_AT)).deliveries

        return WebhookActions(
            list=lambda: read(queries.list_webhooks, board_id),
            create=lambda url, events: act(webhooks.create_webhook, board_id, url=url, events=events),
            update=lambda webhook_id, changes: act(webhooks.update_webhook, webhook_id, changes=changes),
            delete=lambda webhook_id: act(webhooks.delete_webhook, webhook_id),
            deliveries=log,
            resend=lambda delivery_id: act(deliveries.resend_delivery, delivery_id),
        )
