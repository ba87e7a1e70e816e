"""The agents of a board: who they are, what they hold, when they were last heard of, and whether they are paused."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from app.errors import NotFound
from app.store import Store
from app.store.rows import ACTIVITY, BOARD, BOARDS, CARD, CLAIM, board_info
from app.views import PausedAgent, View
from models.vocabulary import ActorKind, Via

LOOKED_AT = 5_000
"""The latest changes of the board, among which agents are looked for: a long history must not slow a small panel."""
AGENTS_MOST = 100


class AgentView(View):
    name: str
    kind: ActorKind = ActorKind.AGENT
    claims: tuple[str, ...] = ()
    """Refs of the cards that it has claimed."""
    last_seen_at: datetime | None = None
    """When it last changed something here."""
    changes: int = 0
    """How many of the board's last 5,000 changes are its own."""
    paused: PausedAgent | None = None


def agents_of(store: Store, board: int | str) -> list[AgentView]:
    """The hundred agents that last acted on the board, and all that hold a claim or are paused; the latest first.

    Raises NotFound.
    """
    query, which = (_BY_KEY, board.upper()) if isinstance(board, str) else (_BY_ID, board)
    with store.reading() as connection:
        row = connection.execute(query, {"which": which}).first()
        if row is None:
            raise NotFound(f"there is no board {board}")
        info = board_info(row)
        recent = {"board": info.id, "since": info.sequence - LOOKED_AT, "most": AGENTS_MOST}
        acted = {one.name: one for one in connection.execute(_ACTED, recent)}
        claims: dict[str, list[str]] = defaultdict(list)
        for claim in connection.execute(_CLAIMS, {"board": info.id}):
            claims[claim.holder].append(f"{info.key}-{claim.number}")
    paused = {agent.name: agent for agent in info.paused}
    agents = [
        AgentView(name=name, claims=tuple(claims.get(name, ())), paused=paused.get(name), **_seen(acted.get(name)))
        for name in sorted({*acted, *claims, *paused})
    ]
    never = datetime.min.replace(tzinfo=info.created_at.tzinfo)
    return sorted(agents, key=lambda agent: agent.last_seen_at or never, reverse=True)


def _seen(acted: Any) -> dict[str, Any]:
    return {"last_seen_at": acted.last_seen_at, "changes": acted.changes} if acted is not None else {}


_BY_ID = BOARDS.where(BOARD.c.id == bindparam("which"))
_BY_KEY = BOARDS.where(BOARD.c.key == bindparam("which"))
_LAST = func.max(ACTIVITY.c.at)
_ACTED = (
    select(ACTIVITY.c.actor_name.label("name"), _LAST.label("last_seen_at"), func.count().label("changes"))
    .where(
        ACTIVITY.c.board_id == bindparam("board"),
        ACTIVITY.c.sequence > bindparam("since"),
        ACTIVITY.c.actor_kind == ActorKind.AGENT.value,
        ACTIVITY.c.via != Via.SYSTEM.value,
    )
    .group_by(ACTIVITY.c.actor_name)
    .order_by(_LAST.desc(), ACTIVITY.c.actor_name)
    .limit(bindparam("most"))
)
_CLAIMS = (
    select(CLAIM.c.holder, CARD.c.number)
    .join(CARD, CARD.c.id == CLAIM.c.card_id)
    .where(CARD.c.board_id == bindparam("board"), CLAIM.c.kind == ActorKind.AGENT.value)
    .order_by(CARD.c.number)
)
