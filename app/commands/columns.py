"""Columns: create, change, move, delete. The server assigns the rank from the wished neighbours."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, delete, insert, update

from app.commands import gates, places
from app.commands.access import admitted
from app.commands.card_changes import NO_APPROVAL, NO_PROGRESS, end_claim
from app.commands.checks import known, limit, line, one_anchor, word, words
from app.errors import ColumnNotEmpty, InvalidInput, LastColumn, NotFound
from app.store import Store
from app.store.rows import CARD, CARDS, COLUMN, COLUMNS, card_view, column_view
from app.store.transaction import Changing, board_of_column, changing
from app.store.transaction import board as board_target
from app.views import FINISHED, Actor, CardView, ColumnView
from models import rank
from models.board import COLUMNS_MOST
from models.column import NAME_LENGTH, WIP_LIMIT_MOST
from models.vocabulary import ColumnKind, Requirement, Verb


def create_column(
    store: Store,
    board: int | str,
    *,
    name: str,
    kind: ColumnKind = ColumnKind.QUEUE,
    wip_limit: int | None = None,
    requires: Sequence[Requirement] = (),
    before: int | None = None,
    after: int | None = None,
    actor: Actor,
) -> ColumnView:
    """A new column next to the given one, or at the right end. `requires` is what cards need to enter it."""
    required = words("requires", requires, Requirement)
    name = line("name", name, NAME_LENGTH)
    kind = word("kind", kind, ColumnKind)
    wip_limit = limit("wip_limit", wip_limit, WIP_LIMIT_MOST)
    one_anchor(before, after)
    with changing(store, board_target(board)) as change:
        present = _columns(change)
        if len(present) >= COLUMNS_MOST:
            raise InvalidInput(f"a board holds at most {COLUMNS_MOST} columns; delete one first")
        place, ranks = _take_place(change, present, _position(present, before, after))
        values: dict[str, Any] = {
            "board_id": change.board.id,
            "name": name,
            "kind": kind,
            "wip_limit": wip_limit,
            "rank": place,
            "requires": required,
        }
        made = change.connection.execute(_ADD, _stored(values)).scalar_one()
        column = ColumnView.model_construct(id=made, **values)
        change.record(Verb.COLUMN_CREATED, actor, column=column.model_dump(mode="json"), **_dealt(ranks))
        return column


def update_column(store: Store, column_id: int, *, changes: dict[str, Any], actor: Actor) -> ColumnView:
    """Change name, kind, wip_limit or requires. A limit below the present count, or a requirement that cards in the
    column do not meet, is allowed: it refuses newcomers only. In a column that becomes done, claims end.
    """
    known(changes, ("name", "kind", "wip_limit", "requires"))
    wished = dict(changes)
    if "name" in wished:
        wished["name"] = line("name", wished["name"], NAME_LENGTH)
    if "kind" in wished:
        wished["kind"] = word("kind", wished["kind"], ColumnKind)
    if "wip_limit" in wished:
        wished["wip_limit"] = limit("wip_limit", wished["wip_limit"], WIP_LIMIT_MOST)
    if "requires" in wished:
        wished["requires"] = words("requires", wished["requires"], Requirement)
    with changing(store, board_of_column(column_id)) as change:
        before = _column(change, column_id)
        values = {field: value for field, value in wished.items() if getattr(before, field) != value}
        if not values:
            return before
        if values.get("kind") is ColumnKind.DONE:
            for card in _cards_of(change, column_id, actor):
                end_claim(change, card)
                change.connection.execute(_MOVE, {"card": card.id, **NO_PROGRESS})
        return _set(change, Verb.COLUMN_UPDATED, actor, before, values)


def move_column(
    store: Store, column_id: int, *, before: int | None = None, after: int | None = None, actor: Actor
) -> ColumnView:
    """Put the column next to another, or at the right end."""
    one_anchor(before, after)
    with changing(store, board_of_column(column_id)) as change:
        column = _column(change, column_id)
        present = _columns(change)
        others = [other for other in present if other.id != column_id]
        position = _position(others, before, after)
        if position == present.index(column):
            return column
        place, ranks = _take_place(change, others, position)
        return _set(change, Verb.COLUMN_MOVED, actor, column, {"rank": place}, ranks)


def delete_column(store: Store, column_id: int, *, move_cards_to: int | None = None, actor: Actor) -> None:
    """Delete a column; its cards go to the end of `move_cards_to`, in their order.

    Raises ColumnNotEmpty when it has cards and no place for them is given, ColumnFull when that place has no room for
    them, LastColumn when it is the board's only one.
    Archived cards go to the place given, or else to a neighbour, so that they can still be restored.
    """
    with changing(store, board_of_column(column_id)) as change:
        column = _column(change, column_id)
        present = _columns(change)
        others = [other for other in present if other.id != column_id]
        if not others:
            raise LastColumn(f"{column.name} is the only column of {change.board.name}; add another first")
        cards = _cards_of(change, column_id, actor)
        live = sum(card.archived_at is None for card in cards)
        if live and move_cards_to is None:
            raise ColumnNotEmpty(
                f"{column.name} holds {live} card{'s' * (live != 1)}; say which column they move to",
                field="move_cards_to",
                allowed=[other.id for other in others],
            )
        target = _target(change, others, move_cards_to, present.index(column))
        gates.refuse_entry(change, target, [card for card in cards if card.archived_at is None])
        moved = _move_all(change, cards, target)
        change.connection.execute(delete(COLUMN).where(COLUMN.c.id == column_id))
        change.record(
            Verb.COLUMN_DELETED,
            actor,
            column=column.model_dump(mode="json"),
            moved_to=target.id if cards else None,
            cards=[card.model_dump(mode="json") for card in moved if card.archived_at is None],
        )


def _cards_of(change: Changing, column_id: int, actor: Actor) -> list[CardView]:
    """Live and archived, in order. Raises CardClaimed when the actor may not change one of them."""
    rows = change.connection.execute(_CARDS, {"column": column_id}).all()
    return [admitted(change, card_view(row), actor) for row in rows]


def _target(change: Changing, others: list[ColumnView], wished: int | None, position: int) -> ColumnView:
    if wished is None:
        return others[max(position - 1, 0)]
    for other in others:
        if other.id == wished:
            return other
    raise InvalidInput(
        f"move_cards_to names no other column of {change.board.name}",
        field="move_cards_to",
        allowed=[other.id for other in others],
    )


def _move_all(change: Changing, cards: list[CardView], target: ColumnView) -> list[CardView]:
    last = places.last_rank(change.connection, target.id)
    moved = []
    for card in cards:
        last = rank.between(last, None)
        values: dict[str, Any] = {
            "column_id": target.id,
            "rank": last,
            "column_entered_at": change.now,
            "updated_at": change.now,
            "version": card.version + 1,
        }
        derived: dict[str, Any] = {"done_at": None}
        finished: dict[str, Any] = {}
        if target.kind is ColumnKind.DONE:
            end_claim(change, card)
            finished, derived = NO_PROGRESS, {"done_at": change.now, **FINISHED}
        elif card.done_at is not None:
            finished, derived = NO_APPROVAL, {"done_at": None, "approval": None}
        change.connection.execute(_MOVE, {"card": card.id, **values, **finished})
        moved.append(card.model_copy(update={**values, **derived}))
    return moved


def _set(
    change: Changing,
    verb: Verb,
    actor: Actor,
    before: ColumnView,
    values: dict[str, Any],
    ranks: dict[int, str] | None = None,
) -> ColumnView:
    change.connection.execute(update(COLUMN).where(COLUMN.c.id == before.id).values(**_stored(values)))
    after = before.model_copy(update=values)
    was, now = before.model_dump(mode="json"), after.model_dump(mode="json")
    changed = {field: [was[field], now[field]] for field in values}
    change.record(verb, actor, column=now, changed=changed, **_dealt(ranks or {}))
    return after


def _stored(values: dict[str, Any]) -> dict[str, Any]:
    stored = dict(values)
    if "kind" in values:
        stored["kind"] = values["kind"].value
    if "requires" in values:
        stored["requires"] = ",".join(values["requires"])
    return stored


def _columns(change: Changing) -> list[ColumnView]:
    return [column_view(row) for row in change.connection.execute(_OF_BOARD, {"board": change.board.id})]


def _column(change: Changing, column_id: int) -> ColumnView:
    row = change.connection.execute(_ONE, {"column": column_id}).first()
    if row is None:
        raise NotFound(f"there is no column {column_id}")
    return column_view(row)


def _position(others: list[ColumnView], before: int | None, after: int | None) -> int:
    """How many columns stand left of the place; an anchor that is not there means the right end."""
    ids = [other.id for other in others]
    if before in ids:
        return ids.index(before)
    return ids.index(after) + 1 if after in ids else len(ids)


def _take_place(change: Changing, others: list[ColumnView], position: int) -> tuple[str, dict[int, str]]:
    """A rank at the position, and the ranks of the others where they had to be dealt anew."""
    ranks = [None, *(other.rank for other in others), None]
    wished = rank.between(ranks[position], ranks[position + 1])
    if len(wished) <= rank.LONGEST:
        return wished, {}
    present = _columns(change)
    dealt = rank.evenly(len(others) + 1)
    last = max(present[-1].rank, dealt[-1])
    for column in present:  # out of the way first: no two columns share a rank while they are dealt
        last = rank.between(last, None)
        change.connection.execute(_DEAL, {"column": column.id, "rank": last})
    wished = dealt.pop(position)
    anew = {other.id: place for other, place in zip(others, dealt, strict=True)}
    for column_id, place in anew.items():
        change.connection.execute(_DEAL, {"column": column_id, "rank": place})
    return wished, anew


def _dealt(ranks: dict[int, str]) -> dict[str, Any]:
    return {"ranks": {str(column_id): place for column_id, place in ranks.items()}} if ranks else {}


_ADD = insert(COLUMN).returning(COLUMN.c.id)
_ONE = COLUMNS.where(COLUMN.c.id == bindparam("column"))
_OF_BOARD = COLUMNS.where(COLUMN.c.board_id == bindparam("board")).order_by(COLUMN.c.rank)
_CARDS = CARDS.where(CARD.c.column_id == bindparam("column")).order_by(CARD.c.rank)
_DEAL = update(COLUMN).where(COLUMN.c.id == bindparam("column"))
_MOVE = update(CARD).where(CARD.c.id == bindparam("card"))
