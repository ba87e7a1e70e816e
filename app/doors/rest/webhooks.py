"""Webhooks over REST, the log of their deliveries, and sending one again."""

from typing import Annotated

from fastapi import Query as QueryOf
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.commands import deliveries, webhooks
from app.doors.bodies.webhooks import CreateWebhook, UpdateWebhook
from app.doors.limits import CURSOR_LENGTH, PAGE_MOST
from app.doors.rest.call import Call
from app.doors.rest.refusals import refuses
from app.doors.rest.shapes import Query
from app.doors.rest.shapes import router as router_for
from app.errors import BoardArchived, PeopleOnly, WebhookPaused
from app.queries import webhooks as queries
from app.views import WebhookView
from app.webhooks.views import DeliveryView, NewWebhook

router = router_for("webhooks")


class DeliveriesQuery(Query):
    limit: Annotated[int, Field(ge=1, le=PAGE_MOST)] = 50
    cursor: Annotated[str, Field(max_length=CURSOR_LENGTH)] | None = Field(
        None, description="The `next_cursor` of the page before."
    )


class Deliveries(BaseModel):
    """Newest first."""

    deliveries: list[DeliveryView]
    next_cursor: str | None


@router.get("/boards/{board_id}/webhooks", response_model=list[WebhookView])
async def list_webhooks(call: Call, board_id: int | str) -> Response:
    """Where changes of the board are sent, oldest first. Agents see the hosts of the URLs alone."""
    return await call.ask(queries.list_webhooks, board_id, actor=call.actor)


@router.post("/boards/{board_id}/webhooks", response_model=NewWebhook, status_code=201)
@refuses(BoardArchived, PeopleOnly)
async def create_webhook(call: Call, board_id: int | str, body: CreateWebhook) -> Response:
    """People only. Each change from now on is posted to the URL as JSON, in order, and again until it is answered 2xx.

    `X-Kanban-Signature` is `sha256=` and the HMAC-SHA256 in hex, by the secret, of the header `X-Kanban-Timestamp`
    (unix seconds), a dot and the body. `X-Kanban-Delivery` is the delivery's id: one that comes twice has the same.
    """
    return await call.carry_out(webhooks.create_webhook, board_id, body=body, status=201)


@router.get("/webhooks/{webhook_id}", response_model=WebhookView)
async def get_webhook(call: Call, webhook_id: int) -> Response:
    """One webhook; its secret is not told, and agents see the host of its URL alone."""
    return await call.ask(queries.get_webhook, webhook_id, actor=call.actor)


@router.patch("/webhooks/{webhook_id}", response_model=WebhookView)
@refuses(BoardArchived, PeopleOnly)
async def update_webhook(call: Call, webhook_id: int, body: UpdateWebhook) -> Response:
    """People only."""
    return await call.carry_out(webhooks.update_webhook, webhook_id, body=body)


@router.delete("/webhooks/{webhook_id}", response_model=WebhookView)
@refuses(BoardArchived, PeopleOnly)
async def delete_webhook(call: Call, webhook_id: int) -> Response:
    """People only. Deletes the webhook with its log; answers it as it was."""
    return await call.carry_out(webhooks.delete_webhook, webhook_id)


@router.get("/webhooks/{webhook_id}/deliveries", response_model=Deliveries)
async def list_deliveries(call: Call, webhook_id: int, query: Annotated[DeliveriesQuery, QueryOf()]) -> Response:
    """What was sent, what came of it and when it is tried again, newest first; about the last thousand are kept."""
    return await call.ask(queries.list_deliveries, webhook_id, limit=query.limit, cursor=query.cursor)


@router.post("/deliveries/{delivery_id}/resend", response_model=DeliveryView, status_code=202)
@refuses(PeopleOnly, WebhookPaused)
async def resend_delivery(call: Call, delivery_id: int) -> Response:
    """People only. Sends the same body once more, at once and out of order, as a delivery of its own; one that is
    pending is tried at once.
    """
    return await call.carry_out(deliveries.resend_delivery, delivery_id, status=202)
