"""Cards: create, update, move, archive, restore, delete. The hot path of the product is `move_card`."""

from typing import Any

from sqlalchemy import bindparam, delete, insert, update

from app.commands import places
from app.commands.checks import body, known, line, one_anchor, word
from app.errors import CardArchived, FieldChanged, InvalidInput, NotFound, VersionMismatch
from app.store import Store
from app.store.rows import CARD, CARDS, COLUMN, COLUMNS, card_view, column_view
from app.store.transaction import Changing, board_of_card, changing
from app.store.transaction import board as board_target
from app.views import Actor, CardView, ColumnView
from models.card import ASSIGNEE_LENGTH, TEXT_LENGTH, TITLE_LENGTH, parse_ref
from models.vocabulary import ColumnKind, Priority, Verb

EDITABLE = ("title", "description", "acceptance_criteria", "priority", "assignee")


def create_card(
    store: Store,
    board: int | str,
    *,
    title: str,
    column_id: int | None = None,
    before: int | None = None,
    after: int | None = None,
    description: str = "",
    acceptance_criteria: str = "",
    priority: Priority = Priority.NORMAL,
    assignee: str | None = None,
    actor: Actor,
) -> CardView:
    """A new card next to the given one, or at the end of the column (the board's first unless one is named).

    Raises ColumnFull when the column's limit is reached.
    """
    fields = _checked(
        {
            "title": title,
            "description": description,
            "acceptance_criteria": acceptance_criteria,
            "priority": priority,
            "assignee": assignee,
        }
    )
    one_anchor(before, after)
    with changing(store, board_target(board, new_card=True)) as change:
        column = _column(change, column_id)
        places.refuse_when_full(change.connection, column)
        rank, ranks = places.take_place(change.connection, column.id, before, after)
        number = change.last_card_number
        values = {
            "board_id": change.board.id,
            "column_id": column.id,
            "rank": rank,
            **fields,
            "version": 1,
            "created_at": change.now,
            "updated_at": change.now,
            "column_entered_at": change.now,
            "archived_at": None,
        }
        made = change.connection.execute(_ADD, {**values, "number": number}).scalar_one()
        card = CardView.model_construct(
            id=made,
            ref=f"{change.board.key}-{number}",
            comment_count=0,
            done_at=change.now if column.kind is ColumnKind.DONE else None,
            **values,
        )
        _record(change, Verb.CARD_CREATED, actor, card, {}, ranks)
        return card


def update_card(
    store: Store,
    card: int | str,
    *,
    changes: dict[str, Any],
    expected_version: int | None = None,
    based_on: dict[str, Any] | None = None,
    actor: Actor,
) -> CardView:
    """Change title, description, acceptance_criteria, priority or assignee.

    `expected_version` refuses when the card changed at all since it was read (VersionMismatch, with the card now);
    `based_on`, {field: value the caller saw}, refuses when one of those fields did (FieldChanged).
    """
    known(changes, EDITABLE)
    wished = _checked(changes)
    with changing(store, board_of_card(card)) as change:
        before = find_card(change, card)
        if expected_version is not None and expected_version != before.version:
            raise VersionMismatch(
                f"{before.ref} is at version {before.version}, not {expected_version}: read it and try again",
                card=before.model_dump(mode="json"),
            )
        _live(before)
        for field, seen in (based_on or {}).items():
            known({field: seen}, EDITABLE)
            if getattr(before, field) not in (seen, wished.get(field, seen)):
                raise FieldChanged(
                    f"another changed the {field.replace('_', ' ')} meanwhile",
                    field=field,
                    current=getattr(before, field),
                )
        values = {field: value for field, value in wished.items() if getattr(before, field) != value}
        return _set(change, Verb.CARD_UPDATED, actor, before, values) if values else before


def move_card(
    store: Store,
    card: int | str,
    *,
    to_column: int,
    before: int | None = None,
    after: int | None = None,
    actor: Actor,
) -> CardView:
    """Put the card before or after another, or at the end of the column. An anchor that vanished means the end.

    Raises ColumnFull when the card would enter a column whose limit is reached.
    """
    one_anchor(before, after)
    with changing(store, board_of_card(card)) as change:
        present = find_card(change, card)
        _live(present)
        column = _column(change, to_column)
        enters = column.id != present.column_id
        if enters:
            places.refuse_when_full(change.connection, column)
        rank, ranks = places.take_place(change.connection, column.id, before, after, present)
        if not enters and rank == present.rank and not ranks:
            return present
        values: dict[str, Any] = {"rank": rank}
        if enters:
            values |= {"column_id": column.id, "column_entered_at": change.now}
        done_at = present.done_at if not enters else change.now if column.kind is ColumnKind.DONE else None
        return _set(change, Verb.CARD_MOVED, actor, present, values, ranks, {"done_at": done_at})


def archive_card(store: Store, card: int | str, *, actor: Actor) -> CardView:
    """Takes the card off the board; it keeps its place, to which `restore_card` puts it back."""
    with changing(store, board_of_card(card)) as change:
        present = find_card(change, card)
        if present.archived_at is not None:
            return present
        return _set(change, Verb.CARD_ARCHIVED, actor, present, {"archived_at": change.now})


def restore_card(store: Store, card: int | str, *, actor: Actor) -> CardView:
    """Raises ColumnFull when the column has filled up meanwhile."""
    with changing(store, board_of_card(card)) as change:
        present = find_card(change, card)
        if present.archived_at is None:
            return present
        places.refuse_when_full(change.connection, _column(change, present.column_id))
        return _set(change, Verb.CARD_RESTORED, actor, present, {"archived_at": None})


def delete_card(store: Store, card: int | str, *, actor: Actor) -> CardView:
    """Delete the card and its comments for good; its activity stays. Answers the card as it was."""
    with changing(store, board_of_card(card)) as change:
        present = find_card(change, card)
        change.connection.execute(delete(CARD).where(CARD.c.id == present.id))
        _record(change, Verb.CARD_DELETED, actor, present, {}, {})
        return present


def _set(
    change: Changing,
    verb: Verb,
    actor: Actor,
    before: CardView,
    values: dict[str, Any],
    ranks: dict[int, str] | None = None,
    derived: dict[str, Any] | None = None,
) -> CardView:
    stored = {**values, "version": before.version + 1, "updated_at": change.now}
    change.connection.execute(_UPDATE, {"card": before.id, **stored})
    after = before.model_copy(update={**stored, **(derived or {})})
    was, now = before.model_dump(mode="json", include={*values, *(derived or {})}), after.model_dump(mode="json")
    changed = {field: [old, now[field]] for field, old in was.items() if old != now[field]}
    change.record(
        verb, actor, card_id=after.id, card=now, changed=changed, **({"ranks": _keyed(ranks)} if ranks else {})
    )
    return after


def _record(
    change: Changing, verb: Verb, actor: Actor, card: CardView, changed: dict[str, Any], ranks: dict[int, str]
) -> None:
    data = {"card": card.model_dump(mode="json"), "changed": changed}
    if ranks:
        data["ranks"] = _keyed(ranks)
    change.record(verb, actor, card_id=card.id, **data)


def _keyed(ranks: dict[int, str]) -> dict[str, str]:
    return {str(card_id): rank for card_id, rank in ranks.items()}


def _checked(fields: dict[str, Any]) -> dict[str, Any]:
    checked = dict(fields)
    for field, value in fields.items():
        match field:
            case "title":
                checked[field] = line(field, value, TITLE_LENGTH)
            case "description" | "acceptance_criteria":
                checked[field] = body(field, value, TEXT_LENGTH)
            case "priority":
                checked[field] = word(field, value, Priority)
            case "assignee":
                checked[field] = line(field, value, ASSIGNEE_LENGTH) if value else None
    return checked


def find_card(change: Changing, card: int | str) -> CardView:
    """The card by id or ref, on the board whose lock is held."""
    number = parse_ref(card) if isinstance(card, str) else None
    query, which = (_BY_NUMBER, number[1]) if number else (_BY_ID, card)
    row = change.connection.execute(query, {"which": which, "board": change.board.id}).first()
    if row is None:
        raise NotFound(f"there is no card {card}")
    return card_view(row)


def _live(card: CardView) -> None:
    if card.archived_at is not None:
        raise CardArchived(f"{card.ref} is archived; restore it first", next="restore_card")


def _column(change: Changing, column_id: int | None) -> ColumnView:
    """The named column of the board, or its first."""
    if column_id is not None:
        named = change.connection.execute(_NAMED, {"board": change.board.id, "column": column_id}).first()
        if named is not None:
            return column_view(named)
    columns = [column_view(row) for row in change.connection.execute(_COLUMNS, {"board": change.board.id})]
    if column_id is None:
        return columns[0]
    raise InvalidInput(
        f"column_id names no column of {change.board.name}",
        field="column_id",
        allowed=[column.id for column in columns],
    )


_ADD = insert(CARD).returning(CARD.c.id)
_UPDATE = update(CARD).where(CARD.c.id == bindparam("card"))
_OF_BOARD = CARD.c.board_id == bindparam("board")
_BY_ID = CARDS.where(CARD.c.id == bindparam("which"), _OF_BOARD)
_BY_NUMBER = CARDS.where(CARD.c.number == bindparam("which"), _OF_BOARD)
_NAMED = COLUMNS.where(COLUMN.c.id == bindparam("column"), COLUMN.c.board_id == bindparam("board"))
_COLUMNS = COLUMNS.where(COLUMN.c.board_id == bindparam("board")).order_by(COLUMN.c.rank)
