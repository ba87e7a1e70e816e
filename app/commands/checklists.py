"""Checklists: the items of a card, in order. The server assigns the rank from the wished neighbours."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Row, Select, bindparam, delete, insert, select, update

from app.commands.access import admitted, changing_card, find_card
from app.commands.card_changes import refuse_archived, set_card
from app.commands.checks import known, line, one_anchor
from app.commands.places import deal_anew
from app.errors import InvalidInput, NotFound
from app.store import Store
from app.store.rows import ITEM
from app.store.transaction import Changing, board_of_item, changing
from app.views import Actor, CardView, CheckItem
from models import rank
from models.checklist import ITEMS_MOST, TEXT_LENGTH
from models.vocabulary import Verb


def add_check_item(
    store: Store,
    card: int | str,
    *,
    text: str,
    before: int | None = None,
    after: int | None = None,
    actor: Actor,
    fence: int | None = None,
) -> CardView:
    """A new item next to the given one, or at the end. Answers the card."""
    text = line("text", text, TEXT_LENGTH)
    one_anchor(before, after)
    with changing_card(store, card, actor=actor, fence=fence) as (change, present):
        refuse_archived(present)
        if len(present.checklist) >= ITEMS_MOST:
            raise InvalidInput(f"a checklist has at most {ITEMS_MOST} items; delete one first")
        position = _position(_others(change, present), before, after)
        place = _take_place(change, present, position)
        values = {"card_id": present.id, "text": text, "done": False, "rank": place}
        made = change.connection.execute(_ADD, values).scalar_one()
        item = CheckItem.model_construct(id=made, text=text, done=False)
        listed = [*present.checklist[:position], item, *present.checklist[position:]]
        return _set(change, Verb.CHECKLIST_ITEM_ADDED, actor, present, listed, item)


def update_check_item(
    store: Store, item_id: int, *, changes: dict[str, Any], actor: Actor, fence: int | None = None
) -> CardView:
    """Change text or done. Answers the card."""
    known(changes, ("text", "done"))
    wished = dict(changes)
    if "text" in wished:
        wished["text"] = line("text", wished["text"], TEXT_LENGTH)
    if not isinstance(wished.get("done", False), bool):
        raise InvalidInput("done is true or false", field="done", allowed=[True, False])
    with _changing_item(store, item_id, actor, fence) as (change, card, before):
        values = {field: value for field, value in wished.items() if getattr(before, field) != value}
        if not values:
            return card
        change.connection.execute(_UPDATE, {"item": item_id, **values})
        after = before.model_copy(update=values)
        listed = [after if item.id == item_id else item for item in card.checklist]
        return _set(change, Verb.CHECKLIST_ITEM_CHANGED, actor, card, listed, after)


def move_check_item(
    store: Store,
    item_id: int,
    *,
    before: int | None = None,
    after: int | None = None,
    actor: Actor,
    fence: int | None = None,
) -> CardView:
    """Put the item next to another, or at the end, also when that other has vanished. Answers the card."""
    one_anchor(before, after)
    with _changing_item(store, item_id, actor, fence) as (change, card, item):
        position = _position(_others(change, card, item_id), before, after)
        if item_id in (before, after) or position == card.checklist.index(item):
            return card
        place = _take_place(change, card, position, item_id)
        change.connection.execute(_UPDATE, {"item": item_id, "rank": place})
        listed = [other for other in card.checklist if other.id != item_id]
        listed.insert(position, item)
        return _set(change, Verb.CHECKLIST_ITEM_MOVED, actor, card, listed, item)


def delete_check_item(store: Store, item_id: int, *, actor: Actor, fence: int | None = None) -> CardView:
    """Answers the card without it."""
    with _changing_item(store, item_id, actor, fence) as (change, card, item):
        change.connection.execute(delete(ITEM).where(ITEM.c.id == item_id))
        listed = [other for other in card.checklist if other.id != item_id]
        return _set(change, Verb.CHECKLIST_ITEM_DELETED, actor, card, listed, item)


@contextmanager
def _changing_item(
    store: Store, item_id: int, actor: Actor, fence: int | None
) -> Iterator[tuple[Changing, CardView, CheckItem]]:
    """The lock on the board, the card as the actor may change it, and the item. Raises as `changing_card` does."""
    with changing(store, board_of_item(item_id)) as change:
        card_id = change.connection.execute(_CARD, {"item": item_id}).scalar()
        if card_id is None:
            raise NotFound(f"there is no checklist item {item_id}")
        card = admitted(change, find_card(change, card_id), actor, fence)
        refuse_archived(card)
        yield change, card, next(item for item in card.checklist if item.id == item_id)


def _set(
    change: Changing, verb: Verb, actor: Actor, card: CardView, listed: Sequence[CheckItem], item: CheckItem
) -> CardView:
    derived = {"checklist": tuple(listed)}
    return set_card(change, verb, actor, card, {}, derived, item=item.model_dump(mode="json"))


def _others(change: Changing, card: CardView, moving: int = 0) -> list[Row[Any]]:
    """Ids and ranks, in order, of all items but the one that moves."""
    return [row for row in change.connection.execute(_OF_CARD, {"card": card.id}) if row.id != moving]


def _position(others: list[Row[Any]], before: int | None, after: int | None) -> int:
    """How many items stand above the place; an anchor that is not there means the end."""
    ids = [other.id for other in others]
    if before in ids:
        return ids.index(before)
    return ids.index(after) + 1 if after in ids else len(ids)


def _take_place(change: Changing, card: CardView, position: int, moving: int = 0) -> str:
    """A rank at the position. A card shows its items without their ranks, so nobody need hear of ranks dealt anew."""
    wished = _rank_at(_others(change, card, moving), position)
    if len(wished) <= rank.LONGEST:
        return wished
    present = _others(change, card)
    deal_anew(
        lambda item_id, dealt: change.connection.execute(_UPDATE, {"item": item_id, "rank": dealt}),
        [item.id for item in present],
        present[-1].rank,
    )
    return _rank_at(_others(change, card, moving), position)


def _rank_at(others: list[Row[Any]], position: int) -> str:
    ranks = [None, *(other.rank for other in others), None]
    return rank.between(ranks[position], ranks[position + 1])


_ADD = insert(ITEM).returning(ITEM.c.id)
_UPDATE = update(ITEM).where(ITEM.c.id == bindparam("item"))
_CARD = select(ITEM.c.card_id).where(ITEM.c.id == bindparam("item"))
_OF_CARD: Select[Any] = select(ITEM.c.id, ITEM.c.rank).where(ITEM.c.card_id == bindparam("card")).order_by(ITEM.c.rank)
