"""Why a card cannot be claimed, or cannot enter a column: the rules that refuse, asked beforehand and put in words."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, bindparam, select

from app.errors import NotFound
from app.queries.cards import get_card
from app.store import Store
from app.store.entry import facts_of, live_counts
from app.store.rows import BOARD, BOARDS, CARD, CARDS, CLAIM, COLUMN, COLUMNS, board_info, card_view, column_view
from app.views import ANONYMOUS, Actor, BoardInfo, CardView, ColumnView, View
from models.gate import Facts, Missing, missing, waits_for
from models.vocabulary import ActorKind, ColumnKind, Via

ANY_AGENT = Actor(name="", kind=ActorKind.AGENT, via=Via.SYSTEM)
NOT_QUEUED = "not_in_a_queue"


class Reason(View):
    """`code` is that of the refusal that a claim would meet, `next` the call that helps."""

    code: str
    detail: str
    next: str | None = None


class Move(View):
    """Whether the card may enter a column now, and if not what is missing, as the refusal would say."""

    column_id: int
    name: str
    open: bool
    missing: tuple[Missing, ...] = ()


class Why(View):
    """What stands in the way of a card. Not being in a queue keeps it from `claim_next_card` only."""

    card: str
    claimable: bool
    reasons: tuple[Reason, ...]
    moves: tuple[Move, ...]


@dataclass(frozen=True)
class _Situation:
    board: BoardInfo
    columns: list[ColumnView]
    counts: dict[int, int]
    card: CardView
    facts: Facts
    claimed_until: datetime | None
    """When the claim really ends; None when there is none that runs."""


def why(store: Store, card: int | str, *, actor: Actor | None = None) -> Why:
    """For the actor, or for an agent that holds nothing. Raises NotFound."""
    asking = actor or ANY_AGENT
    card_id = get_card(store, card).id
    with store.reading() as connection:
        situation = _situation(connection, card_id, store.clock())
    found = situation.card
    closed = _in_any_way(situation, asking)
    reasons = [*closed, *_unclaimable(situation, asking)]
    return Why(
        card=found.ref,
        claimable=all(reason.code == NOT_QUEUED for reason in reasons),
        reasons=tuple(reasons),
        moves=tuple(_move(situation, column, closed) for column in situation.columns if column.id != found.column_id),
    )


def _in_any_way(situation: _Situation, actor: Actor) -> list[Reason]:
    """What refuses this actor both a claim and every move."""
    board, card = situation.board, situation.card
    found = []
    if board.archived_at is not None:
        found.append(Reason(code="board_archived", detail=f"{board.name} is archived", next="restore_board"))
    if card.archived_at is not None:
        found.append(Reason(code="card_archived", detail=f"{card.ref} is archived", next="restore_card"))
    if actor.kind is not ActorKind.AGENT:
        return found
    for paused in board.paused:
        if paused.name == actor.name:
            because = f": {paused.reason}" if paused.reason else ""
            detail = f"{paused.by} has paused {actor.name} on {board.name}{because}"
            found.append(Reason(code="agent_paused", detail=detail, next="wait_for_changes"))
    claim, until = card.claim, situation.claimed_until
    if claim is not None and until is not None and (actor.name, actor.kind) != (claim.holder, claim.kind):
        detail = f"{claim.holder} has claimed it until {_told(until)}"
        found.append(Reason(code="card_claimed", detail=detail, next="claim_next_card"))
    return found


def _unclaimable(situation: _Situation, actor: Actor) -> list[Reason]:
    """What refuses it a claim besides."""
    card = situation.card
    column = next(column for column in situation.columns if column.id == card.column_id)
    found = []
    if actor.name == ANONYMOUS:
        found.append(Reason(code="invalid_input", detail="a claim carries a name"))
    if card.done_at is not None:
        found.append(Reason(code="card_done", detail=f"{card.ref} is done", next="claim_next_card"))
    elif column.kind is not ColumnKind.QUEUE:
        detail = f"{column.name} is no queue: claim_next_card takes it only when asked for that column"
        found.append(Reason(code=NOT_QUEUED, detail=detail, next="claim_card"))
    if situation.facts.open_blockers and actor.kind is ActorKind.AGENT:
        detail = waits_for(situation.facts.open_blockers)
        found.append(Reason(code="card_blocked", detail=detail, next="claim_next_card"))
    return found


def _move(situation: _Situation, column: ColumnView, closed: list[Reason]) -> Move:
    lacks = [Missing(requirement=reason.code, detail=reason.detail) for reason in closed]
    lacks += missing(column.requires, column.wip_limit, situation.counts[column.id], [situation.facts])
    return Move(column_id=column.id, name=column.name, open=not lacks, missing=tuple(lacks))


def _situation(connection: Connection, card_id: int, now: datetime) -> _Situation:
    row = connection.execute(_CARD, {"card": card_id}).first()
    if row is None:
        raise NotFound(f"there is no card {card_id}")
    card = card_view(row)
    board = board_info(connection.execute(_BOARD, {"board": card.board_id}).one())
    columns = [column_view(row) for row in connection.execute(_COLUMNS, {"board": card.board_id})]
    until = connection.execute(_CLAIMED_UNTIL, {"card": card.id, "now": now}).scalar()
    counts = live_counts(connection, [column.id for column in columns])
    [facts] = facts_of(connection, [card])
    return _Situation(board, columns, counts, card, facts, until)


def _told(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


_CARD = CARDS.where(CARD.c.id == bindparam("card"))
_BOARD = BOARDS.where(BOARD.c.id == bindparam("board"))
_COLUMNS = COLUMNS.where(COLUMN.c.board_id == bindparam("board")).order_by(COLUMN.c.rank)
_CLAIMED_UNTIL = select(CLAIM.c.kept_until).where(
    CLAIM.c.card_id == bindparam("card"), CLAIM.c.kept_until > bindparam("now")
)
