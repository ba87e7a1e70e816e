"""The changes of a board after a cursor: the truth that every feed catches up from."""

from datetime import datetime

from sqlalchemy import bindparam, select

from app.store import Store
from app.store.rows import ACTIVITY, BOARD, change_view
from app.views import Change


def changes_after(store: Store, board_id: int, since: int, limit: int) -> list[Change]:
    """At most `limit` changes whose sequence is above `since`, in order, without a gap."""
    with store.reading() as connection:
        rows = connection.execute(_AFTER, {"board": board_id, "since": since, "most": limit}).all()
    return [change_view(row) for row in rows]


def changes_if_there(store: Store, board_id: int, since: int, limit: int) -> list[Change] | None:
    """Like `changes_after`, and None when there is no such board any more: its activity went with it."""
    with store.reading() as connection:
        rows = connection.execute(_IF_THERE, {"board": board_id, "since": since, "most": limit}).all()
    if not rows:
        return None
    return [change_view(row) for row in rows if row.sequence is not None]


def sequence_at(store: Store, board_id: int, at: datetime) -> int:
    """The sequence of the last change before a time, 0 when there is none: what came since is after it."""
    with store.reading() as connection:
        return connection.execute(_BEFORE, {"board": board_id, "at": at}).scalar() or 0


_AFTER = (
    select(ACTIVITY)
    .where(ACTIVITY.c.board_id == bindparam("board"), ACTIVITY.c.sequence > bindparam("since"))
    .order_by(ACTIVITY.c.sequence)
    .limit(bindparam("most"))
)
_IF_THERE = (
    select(ACTIVITY)
    .select_from(BOARD)
    .outerjoin(ACTIVITY, (ACTIVITY.c.board_id == BOARD.c.id) & (ACTIVITY.c.sequence > bindparam("since")))
    .where(BOARD.c.id == bindparam("board"))
    .order_by(ACTIVITY.c.sequence)
    .limit(bindparam("most"))
)
_BEFORE = (
    select(ACTIVITY.c.sequence)
    .where(ACTIVITY.c.board_id == bindparam("board"), ACTIVITY.c.at < bindparam("at"))
    .order_by(ACTIVITY.c.sequence.desc())  # back from the newest: no longer a way than what happened since
    .limit(1)
)
