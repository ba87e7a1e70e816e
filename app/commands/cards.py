"""Cards: create, update, move, archive, restore, delete. The hot path of the product is `move_card`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select

from app.commands import gates, places
from app.commands.access import changing_card, refuse_for_others_at_work
from app.commands.card_changes import NO_APPROVAL, NO_PROGRESS, end_claim, record_card, refuse_archived, set_card
from app.commands.checks import amount, body, known, line, moment, one_anchor, word
from app.errors import FieldChanged, InvalidInput, VersionMismatch
from app.store import Store
from app.store.rows import CARD, CARD_LABEL, CARDS, CLAIM, COLUMN, COLUMNS, ITEM, LABEL, LINK, column_view
from app.store.transaction import Changing, changing
from app.store.transaction import board as board_target
from app.views import FINISHED, Actor, CardView, CheckItem, ColumnView
from models.card import ASSIGNEE_LENGTH, ESTIMATE_MOST, TEXT_LENGTH, TITLE_LENGTH
from models.checklist import ITEMS_MOST
from models.checklist import TEXT_LENGTH as ITEM_LENGTH
from models.rank import evenly
from models.vocabulary import ActorKind, ColumnKind, Priority, Verb

WORK = {"title", "description", "acceptance_criteria"}
"""What a person approves."""
EDITABLE = ("title", "description", "acceptance_criteria", "priority", "assignee", "due_at", "estimate")


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
    due_at: datetime | None = None,
    estimate: float | None = None,
    labels: Sequence[int] = (),
    checklist: Sequence[str] = (),
    actor: Actor,
) -> CardView:
    """A new card next to the given one, or at the end of the column (the board's first unless one is named).

    `labels` are ids of labels of the board, `checklist` the texts of its items. Raises ColumnFull when the column's
    limit is reached, GateClosed when the column requires what a new card does not have.
    """
    fields = _checked(
        {
            "title": title,
            "description": description,
            "acceptance_criteria": acceptance_criteria,
            "priority": priority,
            "assignee": assignee,
            "due_at": due_at,
            "estimate": estimate,
        }
    )
    items = _checked_items(checklist)
    one_anchor(before, after)
    with changing(store, board_target(board, new_card=True)) as change:
        column = _column(change, column_id)
        wanted = _labels_of(change, labels)
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
        card = CardView.model_construct(
            id=0,
            ref=f"{change.board.key}-{number}",
            comment_count=0,
            done_at=change.now if column.kind is ColumnKind.DONE else None,
            labels=wanted,
            checklist=tuple(CheckItem.model_construct(id=0, text=text, done=False) for text in items),
            **values,
        )
        gates.refuse_entry(change, column, [card])
        made = change.connection.execute(_ADD, {**values, "number": number}).scalar_one()
        for label_id in wanted:
            change.connection.execute(_ADD_LABEL, {"card_id": made, "label_id": label_id})
        card = card.model_copy(update={"id": made, "checklist": _add_items(change, made, items)})
        record_card(change, Verb.CARD_CREATED, actor, card, {}, ranks)
        return card


def update_card(
    store: Store,
    card: int | str,
    *,
    changes: dict[str, Any],
    expected_version: int | None = None,
    based_on: dict[str, Any] | None = None,
    actor: Actor,
    fence: int | None = None,
) -> CardView:
    """Change title, description, acceptance_criteria, priority, assignee, due_at or estimate.

    `expected_version` refuses when the card changed at all since it was read (VersionMismatch, with the card now);
    `based_on`, {field: value the caller saw}, refuses when one of those fields did (FieldChanged).
    """
    known(changes, EDITABLE)
    wished = _checked(changes)
    with changing_card(store, card, actor=actor, fence=fence) as (change, before):
        if expected_version is not None and expected_version != before.version:
            raise VersionMismatch(
                f"{before.ref} is at version {before.version}, not {expected_version}: read it and try again",
                card=before.model_dump(mode="json"),
            )
        refuse_archived(before)
        for field, seen in (based_on or {}).items():
            known({field: seen}, EDITABLE)
            if field in ("due_at", "estimate"):
                seen = _checked({field: seen})[field]
            if getattr(before, field) not in (seen, wished.get(field, seen)):
                raise FieldChanged(
                    f"another changed the {field.replace('_', ' ')} meanwhile",
                    field=field,
                    current=getattr(before, field),
                )
        values = {field: value for field, value in wished.items() if getattr(before, field) != value}
        if not values:
            return before
        derived: dict[str, Any] = {}
        if before.approval is not None and actor.kind is ActorKind.AGENT and WORK & values.keys():
            # a person approved what stood there; what an agent writes after that is not approved
            values |= NO_APPROVAL
            derived = {"approval": None}
        return set_card(change, Verb.CARD_UPDATED, actor, before, values, derived)


def move_card(
    store: Store,
    card: int | str,
    *,
    to_column: int,
    before: int | None = None,
    after: int | None = None,
    actor: Actor,
    fence: int | None = None,
) -> CardView:
    """Put the card before or after another, or at the end of the column. An anchor that vanished means the end.

    Raises ColumnFull when the card would enter a column whose limit is reached, GateClosed when it would enter one
    that requires what the card does not have. A card that enters a done column is finished: its claim ends.
    """
    one_anchor(before, after)
    with changing_card(store, card, actor=actor, fence=fence) as (change, present):
        refuse_archived(present)
        column = _column(change, to_column)
        enters = column.id != present.column_id
        if enters:
            gates.refuse_entry(change, column, [present])
        rank, ranks = places.take_place(change.connection, column.id, before, after, present)
        if not enters and rank == present.rank and not ranks:
            return present
        values: dict[str, Any] = {"rank": rank}
        derived: dict[str, Any] = {}
        if enters:
            values |= {"column_id": column.id, "column_entered_at": change.now}
            derived = {"done_at": None}
            if column.kind is ColumnKind.DONE:
                end_claim(change, present)
                values |= NO_PROGRESS
                derived = {"done_at": change.now, **FINISHED}
            elif present.done_at is not None and present.approval is not None:
                values |= NO_APPROVAL  # it was for the work that was done; more of it follows
                derived["approval"] = None
        return set_card(change, Verb.CARD_MOVED, actor, present, values, derived, ranks)


def archive_card(store: Store, card: int | str, *, actor: Actor, fence: int | None = None) -> CardView:
    """Takes the card off the board, and ends its claim; it keeps its place, to which `restore_card` puts it back."""
    with changing_card(store, card, actor=actor, fence=fence) as (change, present):
        if present.archived_at is not None:
            return present
        end_claim(change, present)
        return set_card(change, Verb.CARD_ARCHIVED, actor, present, {"archived_at": change.now}, {"claim": None})


def restore_card(store: Store, card: int | str, *, actor: Actor, fence: int | None = None) -> CardView:
    """Raises ColumnFull when the column has filled up meanwhile, GateClosed when it requires more by now."""
    with changing_card(store, card, actor=actor, fence=fence) as (change, present):
        if present.archived_at is None:
            return present
        gates.refuse_entry(change, _column(change, present.column_id), [present])
        return set_card(change, Verb.CARD_RESTORED, actor, present, {"archived_at": None})


def delete_card(store: Store, card: int | str, *, actor: Actor, fence: int | None = None) -> CardView:
    """Delete the card and its comments for good; its activity stays. Answers the card as it was.

    Raises CardClaimed also when an agent would take it from what the card of another at work waits for.
    """
    with changing_card(store, card, actor=actor, fence=fence) as (change, present):
        refuse_for_others_at_work(change, actor, _CLAIMED_AND_WAITING, {"card": present.id})
        change.connection.execute(delete(CARD).where(CARD.c.id == present.id))
        record_card(change, Verb.CARD_DELETED, actor, present, {})
        return present


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
            case "due_at":
                checked[field] = moment(field, value)
            case "estimate":
                checked[field] = amount(field, value, ESTIMATE_MOST)
    return checked


def _checked_items(texts: Sequence[str]) -> list[str]:
    if len(texts) > ITEMS_MOST:
        raise InvalidInput(f"checklist takes at most {ITEMS_MOST} items", field="checklist")
    return [line("checklist", text, ITEM_LENGTH) for text in texts]


def _add_items(change: Changing, card_id: int, texts: list[str]) -> tuple[CheckItem, ...]:
    made = []
    for text, rank in zip(texts, evenly(len(texts)), strict=True):
        values = {"card_id": card_id, "text": text, "done": False, "rank": rank}
        item_id = change.connection.execute(_ADD_ITEM, values).scalar_one()
        made.append(CheckItem.model_construct(id=item_id, text=text, done=False))
    return tuple(made)


def _labels_of(change: Changing, labels: Sequence[int]) -> tuple[int, ...]:
    if not labels:
        return ()
    known_labels = set(change.connection.execute(_LABELS, {"board": change.board.id}).scalars())
    for label_id in labels:
        if label_id not in known_labels:
            raise InvalidInput(
                f"labels: {change.board.name} has no label {label_id}", field="labels", allowed=sorted(known_labels)
            )
    return tuple(sorted(set(labels)))


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
_ADD_LABEL = insert(CARD_LABEL)
_ADD_ITEM = insert(ITEM).returning(ITEM.c.id)
_LABELS = select(LABEL.c.id).where(LABEL.c.board_id == bindparam("board"))
_WAITING = select(LINK.c.card_id).where(LINK.c.blocker_id == bindparam("card"))
_CLAIMED_AND_WAITING = CARDS.where(CARD.c.id.in_(_WAITING), CLAIM.c.holder.is_not(None)).order_by(CARD.c.id)
_NAMED = COLUMNS.where(COLUMN.c.id == bindparam("column"), COLUMN.c.board_id == bindparam("board"))
_COLUMNS = COLUMNS.where(COLUMN.c.board_id == bindparam("board")).order_by(COLUMN.c.rank)
