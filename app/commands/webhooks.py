"""Webhooks: create, change, delete. People decide where a board's changes are sent."""

import secrets
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from app.commands.access import people_only
from app.commands.checks import known, word
from app.errors import InvalidInput, NotFound
from app.store import Store
from app.store.transaction import Changing, board_of_webhook, changing
from app.store.transaction import board as board_target
from app.store.webhook_rows import DELIVERY, WEBHOOK, WEBHOOKS, webhook_view
from app.views import Actor, WebhookView
from app.webhooks.addresses import destination
from app.webhooks.views import DeliveryState, NewWebhook
from models.vocabulary import Verb
from models.webhook import SECRET_LENGTH, WEBHOOKS_MOST

SECRET_LEAST = 16
DECIDING = "to decide where changes are sent"


def create_webhook(
    store: Store,
    board: int | str,
    *,
    url: str,
    events: Sequence[str] = (),
    secret: str | None = None,
    actor: Actor,
) -> NewWebhook:
    """A webhook that is told of the changes from now on; without `events`, of all but `claim_renewed`.

    Without a secret one is made. Raises PeopleOnly, and InvalidInput for a malformed url, event or secret.
    """
    people_only(actor, DECIDING)
    destination(url)
    wanted = _events(events)
    secret = _secret(secret)
    with changing(store, board_target(board)) as change:
        present = change.connection.execute(_COUNT, {"board": change.board.id}).scalar_one()
        if present >= WEBHOOKS_MOST:
            raise InvalidInput(f"a board has at most {WEBHOOKS_MOST} webhooks; delete one first")
        values: dict[str, Any] = {
            "board_id": change.board.id,
            "url": url,
            "active": True,
            "created_by": actor.name,
            "created_at": change.now,
            "failing_since": None,
        }
        stored = {**values, "events": ",".join(wanted), "secret": secret, "cursor": change.board.sequence}
        made = change.connection.execute(_ADD, stored).scalar_one()
        webhook = NewWebhook.model_construct(id=made, events=wanted, secret=secret, **values)
        change.record(Verb.WEBHOOK_CREATED, actor, webhook=_told(webhook))
        return webhook


def update_webhook(store: Store, webhook_id: int, *, changes: dict[str, Any], actor: Actor) -> WebhookView:
    """Change url, events or active. A paused webhook is not told, also not later, of what happens meanwhile; what was
    on its way before goes on when it is active again.
    """
    people_only(actor, DECIDING)
    known(changes, ("url", "events", "active"))
    wished = dict(changes)
    if "url" in wished:
        destination(wished["url"])
    if "events" in wished:
        wished["events"] = _events(wished["events"])
    if "active" in wished and not isinstance(wished["active"], bool):
        raise InvalidInput("active is true or false", field="active")
    with changing(store, board_of_webhook(webhook_id)) as change:
        before = _find(change, webhook_id)
        values = {field: value for field, value in wished.items() if getattr(before, field) != value}
        if not values:
            return before
        stored = {**values, "events": ",".join(values["events"])} if "events" in values else dict(values)
        if values.get("active"):
            stored["cursor"] = change.board.sequence
        change.connection.execute(update(WEBHOOK).where(WEBHOOK.c.id == webhook_id).values(**stored))
        if values.get("active") or "url" in values:
            change.connection.execute(_AT_ONCE, {"webhook": webhook_id, "now": change.now})
        after = before.model_copy(update=values)
        was, now = _told(before), _told(after)
        changed = {field: [was[field], now[field]] for field in values}
        change.record(Verb.WEBHOOK_UPDATED, actor, webhook=now, changed=changed)
        return after


def delete_webhook(store: Store, webhook_id: int, *, actor: Actor) -> WebhookView:
    """Deletes it with its log; answers the webhook as it was."""
    people_only(actor, DECIDING)
    with changing(store, board_of_webhook(webhook_id)) as change:
        webhook = _find(change, webhook_id)
        change.connection.execute(delete(WEBHOOK).where(WEBHOOK.c.id == webhook_id))
        change.record(Verb.WEBHOOK_DELETED, actor, webhook=_told(webhook))
        return webhook


def _find(change: Changing, webhook_id: int) -> WebhookView:
    row = change.connection.execute(_ONE, {"webhook": webhook_id}).first()
    if row is None:
        raise NotFound(f"there is no webhook {webhook_id}")
    return webhook_view(row)


def _told(webhook: WebhookView) -> dict[str, Any]:
    """For everybody on the board: without the secret, and without a path that may be one."""
    told = webhook.model_dump(mode="json", exclude={"secret"})
    return {**told, "url": destination(webhook.url).shown}


def _events(events: Iterable[str]) -> tuple[str, ...]:
    if isinstance(events, str) or not isinstance(events, Iterable):
        raise InvalidInput("events is a list of events", field="events")
    wanted = {word("events", event, Verb) for event in events}
    return tuple(verb.value for verb in Verb if verb in wanted)


def _secret(given: str | None) -> str:
    if given is None:
        return f"whsec_{secrets.token_urlsafe(32)}"
    if not (isinstance(given, str) and given.isascii() and given.isprintable()):
        raise InvalidInput("secret takes printable ASCII characters", field="secret")
    if not SECRET_LEAST <= len(given) <= SECRET_LENGTH:
        raise InvalidInput(f"secret takes {SECRET_LEAST} to {SECRET_LENGTH} characters", field="secret")
    return given


_COUNT = select(func.count()).select_from(WEBHOOK).where(WEBHOOK.c.board_id == bindparam("board"))
_ADD = insert(WEBHOOK).returning(WEBHOOK.c.id)
_ONE = WEBHOOKS.where(WEBHOOK.c.id == bindparam("webhook"))
_AT_ONCE = (
    update(DELIVERY)
    .where(
        DELIVERY.c.webhook_id == bindparam("webhook"),
        DELIVERY.c.state == DeliveryState.PENDING.value,
        DELIVERY.c.next_attempt_at.is_not(None),
    )
    .values(next_attempt_at=bindparam("now"))
)
