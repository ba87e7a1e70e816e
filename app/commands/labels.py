"""Labels: those of a board, and putting them on its cards."""

from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from app.commands.access import changing_card, refuse_for_others_at_work
from app.commands.card_changes import refuse_archived, set_card
from app.commands.checks import known, line, word
from app.errors import InvalidInput, LabelTaken, NotFound
from app.store import Store
from app.store.rows import CARD, CARD_LABEL, CARDS, CLAIM, LABEL, LABELS, label_view
from app.store.transaction import Changing, board_of_label, changing
from app.store.transaction import board as board_target
from app.views import Actor, CardView, LabelView
from models.label import LABELS_MOST, NAME_LENGTH
from models.vocabulary import LabelColour, Verb


def create_label(
    store: Store, board: int | str, *, name: str, colour: LabelColour = LabelColour.GRAY, actor: Actor
) -> LabelView:
    """Raises LabelTaken when the board has one of that name, whatever its case."""
    name = line("name", name, NAME_LENGTH)
    colour = word("colour", colour, LabelColour)
    with changing(store, board_target(board)) as change:
        present = _labels(change)
        _refuse_taken(change, present, name)
        if len(present) >= LABELS_MOST:
            raise InvalidInput(f"a board has at most {LABELS_MOST} labels; delete one first")
        values: dict[str, Any] = {"board_id": change.board.id, "name": name, "colour": colour}
        made = change.connection.execute(_ADD, values).scalar_one()
        label = LabelView.model_construct(id=made, **values)
        change.record(Verb.LABEL_CREATED, actor, label=label.model_dump(mode="json"))
        return label


def update_label(store: Store, label_id: int, *, changes: dict[str, Any], actor: Actor) -> LabelView:
    """Change name or colour. Raises LabelTaken when another label has the name."""
    known(changes, ("name", "colour"))
    wished = dict(changes)
    if "name" in wished:
        wished["name"] = line("name", wished["name"], NAME_LENGTH)
    if "colour" in wished:
        wished["colour"] = word("colour", wished["colour"], LabelColour)
    with changing(store, board_of_label(label_id)) as change:
        present = _labels(change)
        before = _one(present, label_id)
        values = {field: value for field, value in wished.items() if getattr(before, field) != value}
        if not values:
            return before
        if "name" in values:
            _refuse_taken(change, [label for label in present if label.id != label_id], values["name"])
        change.connection.execute(_UPDATE, {"label": label_id, **values})
        after = before.model_copy(update=values)
        was, now = before.model_dump(mode="json"), after.model_dump(mode="json")
        changed = {field: [was[field], now[field]] for field in values}
        change.record(Verb.LABEL_UPDATED, actor, label=now, changed=changed)
        return after


def delete_label(store: Store, label_id: int, *, actor: Actor) -> LabelView:
    """Takes it off all cards. Raises CardClaimed when an agent would take it off the card of another at work."""
    with changing(store, board_of_label(label_id)) as change:
        label = _one(_labels(change), label_id)
        refuse_for_others_at_work(change, actor, _CLAIMED, {"label": label_id})
        change.connection.execute(delete(LABEL).where(LABEL.c.id == label_id))
        change.record(Verb.LABEL_DELETED, actor, label=label.model_dump(mode="json"))
        return label


def add_label(store: Store, card: int | str, label_id: int, *, actor: Actor, fence: int | None = None) -> CardView:
    """Raises InvalidInput, with the ids that would work, when the label is not of the card's board."""
    with changing_card(store, card, actor=actor, fence=fence) as (change, before):
        refuse_archived(before)
        label = _of_board(change, label_id)
        if label_id in before.labels:
            return before
        change.connection.execute(_PUT, {"card_id": before.id, "label_id": label_id})
        return _set(change, Verb.CARD_LABELED, actor, before, {*before.labels, label_id}, label)


def remove_label(store: Store, card: int | str, label_id: int, *, actor: Actor, fence: int | None = None) -> CardView:
    with changing_card(store, card, actor=actor, fence=fence) as (change, before):
        refuse_archived(before)
        label = _of_board(change, label_id)
        if label_id not in before.labels:
            return before
        change.connection.execute(_TAKE, {"card": before.id, "label": label_id})
        return _set(change, Verb.CARD_UNLABELED, actor, before, {*before.labels} - {label_id}, label)


def _set(
    change: Changing, verb: Verb, actor: Actor, before: CardView, label_ids: set[int], label: LabelView
) -> CardView:
    derived = {"labels": tuple(sorted(label_ids))}
    return set_card(change, verb, actor, before, {}, derived, label=label.model_dump(mode="json"))


def _labels(change: Changing) -> list[LabelView]:
    return [label_view(row) for row in change.connection.execute(_ALL, {"board": change.board.id})]


def _one(labels: list[LabelView], label_id: int) -> LabelView:
    for label in labels:
        if label.id == label_id:
            return label
    raise NotFound(f"there is no label {label_id}")


def _of_board(change: Changing, label_id: int) -> LabelView:
    present = _labels(change)
    for label in present:
        if label.id == label_id:
            return label
    raise InvalidInput(
        f"{change.board.name} has no label {label_id}", field="label_id", allowed=[label.id for label in present]
    )


def _refuse_taken(change: Changing, others: list[LabelView], name: str) -> None:
    for other in others:
        if other.name.casefold() == name.casefold():
            raise LabelTaken(
                f"{change.board.name} has a label {other.name} already; use that one, or choose another name",
                field="name",
                label_id=other.id,
            )


_ADD = insert(LABEL).returning(LABEL.c.id)
_UPDATE = update(LABEL).where(LABEL.c.id == bindparam("label"))
_ALL = LABELS.where(LABEL.c.board_id == bindparam("board")).order_by(LABEL.c.id)
_PUT = insert(CARD_LABEL)
_TAKE = delete(CARD_LABEL).where(CARD_LABEL.c.card_id == bindparam("card"), CARD_LABEL.c.label_id == bindparam("label"))
_CARRIED = select(CARD_LABEL.c.card_id).where(CARD_LABEL.c.label_id == bindparam("label"))
_CLAIMED = CARDS.where(CARD.c.id.in_(_CARRIED), CLAIM.c.holder.is_not(None)).order_by(CARD.c.id)
