"""The changes of a board after a cursor: the truth that every feed catches up from."""

from typing import Any

import orjson
from sqlalchemy import Row, bindparam, select

from app.store import Store
from app.views import Actor, Change
from models.activity import Activity
from models.types import table_of
from models.vocabulary import ActorKind, Verb, Via


def changes_after(store: Store, board_id: int, since: int, limit: int) -> list[Change]:
    """At most `limit` changes whose sequence is above `since`, in order, without a gap."""
    with store.reading() as connection:
        rows = connection.execute(_AFTER, {"board": board_id, "since": since, "most": limit}).all()
    return [_change(row) for row in rows]


def _change(row: Row[Any]) -> Change:
    return Change.model_construct(
        event=Verb(row.verb),
        board_id=row.board_id,
        sequence=row.sequence,
        at=row.at,
        actor=Actor.model_construct(name=row.actor_name, kind=ActorKind(row.actor_kind), via=Via(row.via)),
        card_id=row.card_id,
        data=orjson.loads(row.data),
    )


_ACTIVITY = table_of(Activity)
_AFTER = (
    select(_ACTIVITY)
    .where(_ACTIVITY.c.board_id == bindparam("board"), _ACTIVITY.c.sequence > bindparam("since"))
    .order_by(_ACTIVITY.c.sequence)
    .limit(bindparam("most"))
)
