"""What is sent to webhooks, and what came of it. This is bookkeeping: it writes, and records no activity.

The activity table is the outbox. A few changes at a time are taken up from behind a webhook's cursor into the log of
its deliveries, where each stays pending until it is delivered or given up. The pending one with the lowest sequence
is the head of the line; the others wait for it. So the order is kept, and a crash loses nothing: at worst the head is
sent once more, with the same id.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from app.commands.access import people_only
from app.errors import NotFound, WebhookPaused
from app.feed.tail import wire
from app.store import Store
from app.store.webhook_rows import ACTIVITY, DELIVERIES, DELIVERY, WEBHOOK, delivery_view, wanted
from app.views import Actor, Change
from app.webhooks.views import DeliveryState, DeliveryView
from models.board import Board
from models.types import table_of
from models.vocabulary import ActorKind, Verb, Via
from models.webhook import ERROR_LENGTH

PATIENCE = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800, 3600, 7200, 14400, 28800, 28800))
"""How long after each failed attempt the next follows; after the last, about a day on, a delivery is given up."""
TAKEN_UP = 20
KEPT = 1_000
"""Settled deliveries in the log of a webhook; older ones are cleared away as new ones come."""
CLEARED_AT_ONCE = 50


@dataclass(frozen=True)
class Job:
    """A delivery that is due."""

    delivery_id: int
    webhook_id: int
    sequence: int
    event: str
    attempts: int
    url: str
    secret: str
    body: str
    only_once: bool
    """A resend by hand: the person who asked for it sees what comes of it and decides."""


@dataclass(frozen=True)
class Outcome:
    """What a receiver answered, or why it did not: `error` is None when all is well."""

    status_code: int | None
    error: str | None
    duration_ms: int


def next_job(store: Store, webhook_id: int) -> Job | None:
    """What is due for the webhook now, taking up new changes when all before them are settled; None for nothing."""
    with store.joining() as unit:
        now = store.clock()
        webhook = unit.connection.execute(_WEBHOOK, {"webhook": webhook_id}).first()
        if webhook is None or not webhook.active:
            return None
        head = unit.connection.execute(_HEAD, {"webhook": webhook_id}).first()
        if head is None and _take_up(unit.connection, webhook, now):
            head = unit.connection.execute(_HEAD, {"webhook": webhook_id}).first()
        if head is None or (head.next_attempt_at is not None and head.next_attempt_at > now):
            return None
        return Job(
            delivery_id=head.id,
            webhook_id=webhook_id,
            sequence=head.sequence,
            event=head.event,
            attempts=head.attempts,
            url=webhook.url,
            secret=webhook.secret,
            body=head.body,
            only_once=head.next_attempt_at is None,
        )


def settle(store: Store, job: Job, outcome: Outcome) -> Job | None:
    """Note what came of an attempt; answers what is due next for the webhook."""
    with store.joining() as unit:
        unit.connection.execute(_LOCK, {"webhook": job.webhook_id})
        now = store.clock()
        state, next_attempt_at = DeliveryState.DELIVERED, None
        if outcome.error is not None:
            state = DeliveryState.FAILED
            if not job.only_once and job.attempts < len(PATIENCE):
                state, next_attempt_at = DeliveryState.PENDING, now + PATIENCE[job.attempts]
        noted = {
            "state": state.value,
            "attempts": job.attempts + 1,
            "next_attempt_at": next_attempt_at,
            "status_code": outcome.status_code,
            "error": outcome.error[:ERROR_LENGTH] if outcome.error is not None else None,
            "duration_ms": outcome.duration_ms,
            "updated_at": now,
        }
        unit.connection.execute(_NOTE, {"delivery": job.delivery_id, **noted})
        if outcome.error is None:
            unit.connection.execute(_WELL, {"webhook": job.webhook_id})
        elif not job.only_once:
            unit.connection.execute(_FAILING, {"webhook": job.webhook_id, "failing_since": now})
        if job.only_once and outcome.error is None:
            # the receiver is back: the line need not wait out its time
            unit.connection.execute(_HURRY, {"webhook": job.webhook_id, "next_attempt_at": now})
        return next_job(store, job.webhook_id)


def resend_delivery(store: Store, delivery_id: int, *, actor: Actor) -> DeliveryView:
    """Send it again, ahead of the line and once, as a delivery of its own; one that is pending is tried at once.

    Raises NotFound, PeopleOnly, and WebhookPaused.
    """
    people_only(actor, "to send a delivery again")
    with store.joining() as unit:
        now = store.clock()
        known = unit.connection.execute(_KNOWN, {"delivery": delivery_id}).first()
        if known is None:
            raise NotFound(f"there is no delivery {delivery_id}")
        unit.connection.execute(_LOCK, {"webhook": known.webhook_id})
        if not known.active:
            raise WebhookPaused("the webhook is paused; activate it first", next="update_webhook")
        waiting = unit.connection.execute(_WAITING, {"webhook": known.webhook_id, "sequence": known.sequence}).scalar()
        if waiting is None:
            waiting = unit.connection.execute(
                _ADD, _new(known.webhook_id, known.sequence, known.event, known.body, now, None)
            ).scalar_one()
        else:
            unit.connection.execute(_HURRY, {"webhook": known.webhook_id, "next_attempt_at": now})
        unit.stir()
        return delivery_view(unit.connection.execute(_ONE, {"delivery": waiting}).one())


def _take_up(connection: Connection, webhook: Any, now: datetime) -> bool:
    """Put the next changes that the webhook wants into its log, and move the cursor. False when there are none."""
    # the sequence first: a change that is committed between the two statements is then taken up the next time
    newest = connection.execute(_SEQUENCE, {"board": webhook.board_id}).scalar_one()
    if newest == webhook.cursor:
        return False
    changes = connection.execute(_CHANGES, {"webhook": webhook.id, "newest": newest, "most": TAKEN_UP}).all()
    cursor = changes[-1].sequence if len(changes) == TAKEN_UP else newest
    connection.execute(_MOVE_ON, {"webhook": webhook.id, "cursor": cursor})
    if not changes:
        return False
    connection.execute(
        insert(DELIVERY), [_new(webhook.id, row.sequence, row.verb, _body(row), now, now) for row in changes]
    )
    oldest = connection.execute(_OLDEST_KEPT, {"webhook": webhook.id}).scalar()
    if oldest is not None:
        connection.execute(_CLEAR, {"webhook": webhook.id, "oldest": oldest})
    return True


def _body(row: Any) -> str:
    """The change in its wire form, of which `data` is stored as it is sent."""
    actor = Actor.model_construct(name=row.actor_name, kind=ActorKind(row.actor_kind), via=Via(row.via))
    return wire(
        Change.model_construct(
            event=Verb(row.verb),
            board_id=row.board_id,
            sequence=row.sequence,
            at=row.at,
            actor=actor,
            card_id=row.card_id,
            data=orjson.Fragment(row.data),  # type: ignore[arg-type]
        )
    )


def _new(
    webhook_id: int, sequence: int, event: str, body: str, now: datetime, next_attempt_at: datetime | None
) -> dict[str, Any]:
    return {
        "webhook_id": webhook_id,
        "sequence": sequence,
        "event": event,
        "body": body,
        "state": DeliveryState.PENDING.value,
        "attempts": 0,
        "next_attempt_at": next_attempt_at,
        "created_at": now,
        "updated_at": now,
    }


_BOARD = table_of(Board)
_OWN = DELIVERY.c.webhook_id == bindparam("webhook")
_PENDING = DELIVERY.c.state == DeliveryState.PENDING.value
_THIS = WEBHOOK.c.id == bindparam("webhook")
_WEBHOOK = select(WEBHOOK).where(_THIS).with_for_update(key_share=True)
_LOCK = select(WEBHOOK.c.id).where(_THIS).with_for_update(key_share=True)  # first the webhook, then its log: everywhere
_HEAD = select(DELIVERY).where(_OWN, _PENDING).order_by(DELIVERY.c.sequence, DELIVERY.c.id).limit(1)
_SEQUENCE = select(_BOARD.c.sequence).where(_BOARD.c.id == bindparam("board"))
_CHANGES = (
    select(ACTIVITY)
    .join_from(WEBHOOK, ACTIVITY, wanted())
    .where(_THIS, ACTIVITY.c.sequence <= bindparam("newest"))
    .order_by(ACTIVITY.c.sequence)
    .limit(bindparam("most"))
)
_MOVE_ON = update(WEBHOOK).where(_THIS)
_OLDEST_KEPT = select(DELIVERY.c.id).where(_OWN).order_by(DELIVERY.c.id.desc()).offset(KEPT - 1).limit(1)
_CLEAR = delete(DELIVERY).where(
    DELIVERY.c.id.in_(
        select(DELIVERY.c.id)
        .where(_OWN, DELIVERY.c.id < bindparam("oldest"), ~_PENDING)
        .order_by(DELIVERY.c.id)
        .limit(CLEARED_AT_ONCE)
    )
)
_NOTE = update(DELIVERY).where(DELIVERY.c.id == bindparam("delivery"))
_WELL = update(WEBHOOK).where(_THIS, WEBHOOK.c.failing_since.is_not(None)).values(failing_since=None)
_FAILING = update(WEBHOOK).where(_THIS, WEBHOOK.c.failing_since.is_(None))
_HURRY = update(DELIVERY).where(_OWN, _PENDING, DELIVERY.c.next_attempt_at.is_not(None))
_KNOWN = (
    select(DELIVERY, WEBHOOK.c.active)
    .join_from(DELIVERY, WEBHOOK, WEBHOOK.c.id == DELIVERY.c.webhook_id)
    .where(DELIVERY.c.id == bindparam("delivery"))
)
_WAITING = select(func.min(DELIVERY.c.id)).where(_OWN, _PENDING, DELIVERY.c.sequence == bindparam("sequence"))
_ADD = insert(DELIVERY).returning(DELIVERY.c.id)
_ONE = DELIVERIES.where(DELIVERY.c.id == bindparam("delivery"))
