"""The only write gate.

`changing` opens one transaction whose first statement numbers the change and locks its board, so that numbers have no
gaps and their order is the order of commits. What is not recorded is rolled back. After the commit, and only then,
the store hears of the change. Only `app.commands` may import this module.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import BindParameter, Connection, Select, Update, bindparam, insert, select, text, update
from sqlalchemy.sql.dml import ReturningInsert, ReturningUpdate

from app.errors import AgentPaused, BoardArchived, NotFound
from app.store.rows import board_of
from app.store.unit import DOORBELL, Unit
from app.views import SYSTEM, Actor, BoardInfo, Change
from models.activity import Activity
from models.board import Board
from models.card import Card, parse_ref
from models.checklist import ChecklistItem
from models.column import BoardColumn
from models.comment import Comment
from models.label import Label
from models.types import table_of
from models.vocabulary import ActorKind, Verb
from models.webhook import Webhook

if TYPE_CHECKING:
    from app.store.store import Store

BOARD, COLUMN, CARD, COMMENT, ACTIVITY = (table_of(m) for m in (Board, BoardColumn, Card, Comment, Activity))
LABEL, ITEM, WEBHOOK = (table_of(m) for m in (Label, ChecklistItem, Webhook))


@dataclass(frozen=True)
class Target:
    """Which board a change belongs to: the statement that locks and numbers it, and the words when there is none."""

    statement: ReturningUpdate[Any] | ReturningInsert[Any]
    parameters: dict[str, Any]
    missing: str
    even_archived: bool = False


class Changing:
    """An open change of one board: the connection inside its transaction, the time, and `record` to make it count."""

    def __init__(self, connection: Connection, board: BoardInfo, last_card_number: int, now: datetime) -> None:
        self.connection = connection
        self.board = board
        self.last_card_number = last_card_number
        self.now = now
        self.recorded: Change | None = None

    def record(self, verb: Verb, actor: Actor, *, card_id: int | None = None, **data: Any) -> Change:
        """Write the one activity of this change; `data` is JSON-able and goes over the wire as it is.

        Raises AgentPaused when a person has paused the actor on this board: it is here, so that no write escapes it.
        """
        assert self.recorded is None, "one change has one activity"
        self.refuse_when_paused(actor)
        self.connection.execute(
            _RECORD,
            {
                "board_id": self.board.id,
                "sequence": self.board.sequence,
                "verb": verb.value,
                "at": self.now,
                "actor_name": actor.name,
                "actor_kind": actor.kind.value,
                "via": actor.via.value,
                "card_id": card_id,
                "data": orjson.dumps(data).decode(),
            },
        )
        self.recorded = Change.model_construct(
            event=verb,
            board_id=self.board.id,
            sequence=self.board.sequence,
            at=self.now,
            actor=actor,
            card_id=card_id,
            data=data,
        )
        return self.recorded

    def refuse_when_paused(self, actor: Actor) -> None:
        """Raises AgentPaused; what the board does in nobody's name goes on, whatever agents are called."""
        if self.board.paused and actor.kind is ActorKind.AGENT and actor != SYSTEM:
            _refuse_when_paused(self.board, actor)


@contextmanager
def changing(store: "Store", target: Target) -> Iterator[Changing]:
    """One change of one board, in the unit of work that is open in this thread or in one of its own.

    Raises NotFound when the target is not there, BoardArchived when its board takes no changes, and StoreUnavailable
    when the database does not answer; in each case nothing is changed.
    """
    with store.joining() as unit, _step(unit, store.clock(), target) as change:
        yield change


@contextmanager
def _step(unit: Unit, now: datetime, target: Target) -> Iterator[Changing]:
    unit.savepoint("change")
    try:
        row = unit.connection.execute(target.statement, {**target.parameters, "now": now}).first()
        if row is None:
            raise NotFound(target.missing)
        fields = dict(row._mapping)
        last_card_number = fields.pop("last_card_number")
        board = board_of(fields)
        if board.archived_at is not None and not target.even_archived:
            raise BoardArchived(f"{board.name} is archived; restore it to change it", next="restore_board")
        change = Changing(unit.connection, board, last_card_number, now)
        yield change
    except BaseException:
        unit.roll_back_to("change")
        raise
    if change.recorded is None:
        unit.roll_back_to("change")
        return
    if unit.rings:
        unit.connection.execute(_RING, {"channel": DOORBELL, "word": f"{board.id} {board.sequence}"})
    unit.release("change")
    unit.changes.append(change.recorded)


def board(which: int | str, *, even_archived: bool = False, new_card: bool = False) -> Target:
    """A board by id or key; with `new_card`, `last_card_number` is the number of a card that is being added."""
    missing = f"there is no board {which}"
    if isinstance(which, int):
        return Target(_NUMBERING_BY_ID if new_card else _BY_ID, {"which": which}, missing, even_archived)
    by_key = _NUMBERING_BY_KEY if new_card else _BY_KEY
    return Target(by_key, {"which": which.upper()}, missing, even_archived)


def board_of_card(which: int | str) -> Target:
    """The board of a card, by id or ref."""
    if isinstance(which, int):
        return Target(_BY_CARD, {"which": which}, f"there is no card {which}")
    key, number = parse_ref(which) or ("", 0)
    return Target(_BY_REF, {"which": key, "number": number}, f"there is no card {which}")


def board_of_column(column_id: int) -> Target:
    return Target(_BY_COLUMN, {"which": column_id}, f"there is no column {column_id}")


def board_of_item(item_id: int) -> Target:
    """The board of a checklist item."""
    return Target(_BY_ITEM, {"which": item_id}, f"there is no checklist item {item_id}")


def board_of_label(label_id: int) -> Target:
    return Target(_BY_LABEL, {"which": label_id}, f"there is no label {label_id}")


def board_of_webhook(webhook_id: int) -> Target:
    return Target(_BY_WEBHOOK, {"which": webhook_id}, f"there is no webhook {webhook_id}")


def board_of_comment(comment_id: int) -> Target:
    return Target(_BY_COMMENT, {"which": comment_id}, f"there is no comment {comment_id}")


def new_board(key: str, name: str) -> Target:
    """A board that does not exist yet: its creation is change 1. Raises IntegrityError when the key is taken."""
    return Target(_NEW, {"new_key": key, "new_name": name}, "")


def _refuse_when_paused(board: BoardInfo, actor: Actor) -> None:
    for paused in board.paused:
        if paused.name == actor.name:
            because = f": {paused.reason}" if paused.reason else ""
            raise AgentPaused(
                f"{paused.by} has paused {actor.name} on {board.name}{because}",
                reason=paused.reason,
                by=paused.by,
                next="wait_for_changes",
            )


_INFO = (
    BOARD.c.id,
    BOARD.c.key,
    BOARD.c.name,
    BOARD.c.sequence,
    BOARD.c.created_at,
    BOARD.c.updated_at,
    BOARD.c.archived_at,
    BOARD.c.paused,
    BOARD.c.last_card_number,
)
_RECORD = insert(ACTIVITY)
_RING = text("SELECT pg_notify(:channel, :word)")


def _next(where: Any, **more: Any) -> ReturningUpdate[Any]:
    statement: Update = update(BOARD).where(where)
    return statement.values(sequence=BOARD.c.sequence + 1, updated_at=bindparam("now"), **more).returning(*_INFO)


def _owner(query: Select[Any]) -> Any:
    return BOARD.c.id == query.scalar_subquery()


_WHICH: BindParameter[Any] = bindparam("which")
_BY_ID = _next(BOARD.c.id == _WHICH)
_BY_KEY = _next(BOARD.c.key == _WHICH)
_NUMBERING_BY_ID = _next(BOARD.c.id == _WHICH, last_card_number=BOARD.c.last_card_number + 1)
_NUMBERING_BY_KEY = _next(BOARD.c.key == _WHICH, last_card_number=BOARD.c.last_card_number + 1)
_BY_CARD = _next(_owner(select(CARD.c.board_id).where(CARD.c.id == _WHICH)))
_BY_COLUMN = _next(_owner(select(COLUMN.c.board_id).where(COLUMN.c.id == _WHICH)))
_BY_COMMENT = _next(
    _owner(select(CARD.c.board_id).join(COMMENT, COMMENT.c.card_id == CARD.c.id).where(COMMENT.c.id == _WHICH))
)
_BY_ITEM = _next(_owner(select(CARD.c.board_id).join(ITEM, ITEM.c.card_id == CARD.c.id).where(ITEM.c.id == _WHICH)))
_BY_LABEL = _next(_owner(select(LABEL.c.board_id).where(LABEL.c.id == _WHICH)))
_BY_WEBHOOK = _next(_owner(select(WEBHOOK.c.board_id).where(WEBHOOK.c.id == _WHICH)))
_BY_REF = _next(
    (BOARD.c.key == _WHICH)
    & (
        BOARD.c.id
        == select(CARD.c.board_id)
        .where(CARD.c.number == bindparam("number"))
        .where(CARD.c.board_id == BOARD.c.id)
        .correlate(BOARD)
        .scalar_subquery()
    )
)
_NEW = (
    insert(BOARD)
    .values(
        key=bindparam("new_key"),
        name=bindparam("new_name"),
        sequence=1,
        last_card_number=0,
        created_at=bindparam("now"),
        updated_at=bindparam("now"),
    )
    .returning(*_INFO)
)
