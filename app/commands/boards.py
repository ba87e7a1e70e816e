"""Boards: create, rename, archive, restore, delete."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from app.commands.access import claimed_by_another
from app.commands.checks import limit, line, word, words
from app.errors import InvalidInput, KeyTaken
from app.store import Store
from app.store.rows import BOARD, BOARDS, CARD, CARDS, CLAIM, COLUMN, board_info, card_view
from app.store.transaction import Changing, changing, new_board
from app.store.transaction import board as board_target
from app.views import SYSTEM, Actor, BoardInfo, ColumnView
from models.board import COLUMNS_MOST, DEFAULT_COLUMNS, KEY_LENGTH, KEY_PATTERN, NAME_LENGTH, key_from_name
from models.column import NAME_LENGTH as COLUMN_NAME_LENGTH
from models.column import WIP_LIMIT_MOST
from models.rank import evenly
from models.vocabulary import ActorKind, ColumnKind, Requirement, Verb

KEYS_TRIED = 50


@dataclass(frozen=True)
class NewColumn:
    name: str
    kind: ColumnKind = ColumnKind.QUEUE
    wip_limit: int | None = None
    requires: Sequence[Requirement] = ()


def create_board(
    store: Store,
    *,
    name: str,
    key: str | None = None,
    columns: Sequence[NewColumn] | None = None,
    actor: Actor,
) -> BoardInfo:
    """A new board with the given columns, or the usual five. Without a key it gets one from its name.

    Raises KeyTaken for a key that is in use, InvalidInput for a malformed name, key or column.
    """
    name = line("name", name, NAME_LENGTH)
    wanted = _checked(columns) if columns is not None else [NewColumn(*default) for default in DEFAULT_COLUMNS]
    with store.joining() as unit:
        if key:
            return _create(store, _checked_key(key), name, wanted, actor)
        for _ in range(KEYS_TRIED):
            try:
                return _create(store, _free_key(unit.connection, key_from_name(name)), name, wanted, actor)
            except KeyTaken:
                continue  # another board of that name was made at the same moment
        raise KeyTaken("many boards of this name are being made; give a key", field="key")


def rename_board(store: Store, board: int | str, *, name: str, actor: Actor) -> BoardInfo:
    name = line("name", name, NAME_LENGTH)
    with changing(store, board_target(board)) as change:
        if change.board.name != name:
            return _set(change, Verb.BOARD_RENAMED, actor, name=name)
    return _unchanged(store, change)


def archive_board(store: Store, board: int | str, *, actor: Actor) -> BoardInfo:
    """Takes the board off the list; it can be looked at, and takes no changes until it is restored.

    Raises CardClaimed when an agent would take it from others who are at work on it.
    """
    with changing(store, board_target(board, even_archived=True)) as change:
        if change.board.archived_at is None:
            _refuse_when_claimed(change, actor)
            return _set(change, Verb.BOARD_ARCHIVED, actor, archived_at=change.now)
    return _unchanged(store, change)


def restore_board(store: Store, board: int | str, *, actor: Actor) -> BoardInfo:
    with changing(store, board_target(board, even_archived=True)) as change:
        if change.board.archived_at is not None:
            return _set(change, Verb.BOARD_RESTORED, actor, archived_at=None)
    return _unchanged(store, change)


def delete_board(store: Store, board: int | str, *, actor: Actor) -> BoardInfo:
    """Delete the board for good, archived or not, with all that is on it and its whole history.

    Those who follow it are told as the last change. Answers the board as it was. Raises CardClaimed as above.
    """
    with changing(store, board_target(board, even_archived=True)) as change:
        _refuse_when_claimed(change, actor)
        change.record(Verb.BOARD_DELETED, actor, board=change.board.model_dump(mode="json"))
        # the cards first: a column does not go while cards are in it; all else goes with its owner
        change.connection.execute(delete(CARD).where(CARD.c.board_id == change.board.id))
        change.connection.execute(delete(BOARD).where(BOARD.c.id == change.board.id))
        return change.board


def _refuse_when_claimed(change: Changing, actor: Actor) -> None:
    """People may always act; an agent takes no board away from others at work."""
    if actor.kind is not ActorKind.AGENT or actor == SYSTEM:
        return
    who = {"board": change.board.id, "now": change.now, "name": actor.name, "kind": actor.kind.value}
    row = change.connection.execute(_CLAIMED_BY_OTHERS, who).first()
    if row is not None:
        card = card_view(row)
        assert card.claim is not None
        kept_until = change.connection.execute(_KEPT_UNTIL, {"card": card.id}).scalar_one()
        raise claimed_by_another(card, card.claim, kept_until)


def _create(store: Store, key: str, name: str, columns: Sequence[NewColumn], actor: Actor) -> BoardInfo:
    try:
        with changing(store, new_board(key, name)) as change:
            ranks = evenly(len(columns))
            made = [_insert_column(change, column, rank) for column, rank in zip(columns, ranks, strict=True)]
            change.record(
                Verb.BOARD_CREATED,
                actor,
                board=change.board.model_dump(mode="json"),
                columns=[column.model_dump(mode="json") for column in made],
            )
            return change.board
    except IntegrityError:
        raise KeyTaken(f"there is a board {key} already; choose another key", field="key") from None


def _set(change: Changing, verb: Verb, actor: Actor, **values: object) -> BoardInfo:
    change.connection.execute(update(BOARD).where(BOARD.c.id == change.board.id).values(**values))
    after = change.board.model_copy(update=values)
    before = change.board.model_dump(mode="json")
    now = after.model_dump(mode="json")
    change.record(verb, actor, board=now, changed={field: [before[field], now[field]] for field in values})
    return after


def _unchanged(store: Store, change: Changing) -> BoardInfo:
    """The board as it is: in a change that was not recorded, `change.board` stood one sequence ahead."""
    with store.joining() as unit:
        return board_info(unit.connection.execute(_ONE, {"board": change.board.id}).one())


def _checked(columns: Sequence[NewColumn]) -> list[NewColumn]:
    if not 1 <= len(columns) <= COLUMNS_MOST:
        raise InvalidInput(f"a board starts with 1 to {COLUMNS_MOST} columns", field="columns")
    return [
        NewColumn(
            line("columns.name", column.name, COLUMN_NAME_LENGTH),
            word("columns.kind", column.kind, ColumnKind),
            limit("columns.wip_limit", column.wip_limit, WIP_LIMIT_MOST),
            words("columns.requires", column.requires, Requirement),
        )
        for column in columns
    ]


def _checked_key(key: str) -> str:
    upper = key.upper()
    if not KEY_PATTERN.fullmatch(upper):
        raise InvalidInput(
            f"key takes 2 to {KEY_LENGTH} letters and digits and starts with a letter, like DEMO", field="key"
        )
    return upper


def _free_key(connection: Connection, wish: str) -> str:
    """`wish`, or with the first number behind it that makes it free. A race for it ends in KeyTaken, harmlessly."""
    taken = set(connection.execute(_KEYS_LIKE, {"start": f"{wish[:6]}%"}).scalars())
    if wish not in taken:
        return wish
    number = 2
    while f"{wish[:6]}{number}" in taken:
        number += 1
    return f"{wish[:6]}{number}"


def _insert_column(change: Changing, column: NewColumn, rank: str) -> ColumnView:
    kind, requires = ColumnKind(column.kind), tuple(column.requires)
    values: dict[str, Any] = {
        "board_id": change.board.id,
        "name": column.name,
        "wip_limit": column.wip_limit,
        "rank": rank,
    }
    stored = {**values, "kind": kind.value, "requires": ",".join(requires)}
    made = change.connection.execute(_ADD_COLUMN, stored).scalar_one()
    return ColumnView.model_construct(id=made, kind=kind, requires=requires, **values)


_ONE = BOARDS.where(BOARD.c.id == bindparam("board"))
_KEYS_LIKE = select(BOARD.c.key).where(BOARD.c.key.like(bindparam("start")))
_ADD_COLUMN = insert(COLUMN).returning(COLUMN.c.id)
_CLAIMED_BY_OTHERS = (
    CARDS.where(
        CARD.c.board_id == bindparam("board"),
        CLAIM.c.kept_until > bindparam("now"),
        or_(CLAIM.c.holder != bindparam("name"), CLAIM.c.kind != bindparam("kind")),
    )
    .order_by(CARD.c.id)
    .limit(1)
)
_KEPT_UNTIL = select(CLAIM.c.kept_until).where(CLAIM.c.card_id == bindparam("card"))
