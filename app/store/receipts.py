"""Exactly once: the answer to a write is kept under its idempotency key, in the transaction of the write itself."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, text, tuple_

from app.errors import IdempotencyKeyReused
from app.store.unit import Unit
from models.receipt import Receipt
from models.types import table_of

KEPT_FOR = timedelta(hours=48)
FORGOTTEN_AT_ONCE = 20
"""Old receipts that a new one clears away: more than one, so that they become fewer, and never a writer's second."""


@dataclass(frozen=True)
class Once:
    """What makes a write the same write: who asked under which key, and a fingerprint (SHA-256, hex) of what was asked.

    `encode` turns the command's result into the answer that is kept.
    """

    actor: str
    key: str
    fingerprint: str
    encode: Callable[[Any], bytes]


def once(unit: Unit, asked: Once, now: datetime, command: Callable[[], Any]) -> bytes:
    """The first answer to this key; `command` runs only if there is none yet.

    Raises IdempotencyKeyReused when the key came before with something else. A refused command keeps no receipt:
    it changed nothing, so trying it again is harmless.
    """
    if unit.rings:
        # two equal calls at once: on PostgreSQL the second waits here until the first has committed
        unit.connection.execute(_ALONE, {"word": f"{asked.actor}\n{asked.key}"})
    kept = unit.connection.execute(_KEPT, {"actor": asked.actor, "key": asked.key}).first()
    if kept is not None:
        if kept.fingerprint != asked.fingerprint:
            raise IdempotencyKeyReused(
                f"the idempotency key {asked.key!r} was used for another request; use a new key for each request"
            )
        return bytes(kept.answer)
    answer = asked.encode(command())
    unit.connection.execute(_FORGET, {"before": now - KEPT_FOR})
    unit.connection.execute(
        _KEEP,
        {
            "actor": asked.actor,
            "key": asked.key,
            "fingerprint": asked.fingerprint,
            "answer": answer,
            "created_at": now,
        },
    )
    return answer


_RECEIPT = table_of(Receipt)
_ALONE = text("SELECT pg_advisory_xact_lock(hashtextextended(:word, 0))")
_KEPT = select(_RECEIPT.c.fingerprint, _RECEIPT.c.answer).where(
    _RECEIPT.c.actor == bindparam("actor"), _RECEIPT.c.key == bindparam("key")
)
_OLD = (
    select(_RECEIPT.c.actor, _RECEIPT.c.key)
    .where(_RECEIPT.c.created_at < bindparam("before"))
    .order_by(_RECEIPT.c.created_at)
    .limit(FORGOTTEN_AT_ONCE)
    .with_for_update(skip_locked=True)  # on PostgreSQL two boards would otherwise wait for one another here
)
_FORGET = delete(_RECEIPT).where(tuple_(_RECEIPT.c.actor, _RECEIPT.c.key).in_(_OLD))
_KEEP = insert(_RECEIPT)
