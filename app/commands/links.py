"""Links: which card waits for which. Both are on one board, and no card waits for itself, however far the way."""

from sqlalchemy import bindparam, delete, insert, select

from app.commands.access import changing_card, find_card
from app.commands.card_changes import refuse_archived, set_card
from app.errors import Cycle, InvalidInput, NotFound
from app.store import Store
from app.store.rows import CARD, LINK
from app.store.transaction import Changing
from app.views import Actor, CardView
from models.card import parse_ref
from models.link import BLOCKERS_MOST, way
from models.vocabulary import Verb


def block_card(store: Store, card: int | str, other: int | str, *, actor: Actor, fence: int | None = None) -> CardView:
    """From now on the card waits for `other`. Raises Cycle when that one waits for the card already."""
    with changing_card(store, card, actor=actor, fence=fence) as (change, before):
        refuse_archived(before)
        blocker = _on_this_board(change, other)
        if blocker.id in before.blocked_by:
            return before
        _refuse_cycle(change, before, blocker)
        if len(before.blocked_by) >= BLOCKERS_MOST:
            raise InvalidInput(f"a card waits for at most {BLOCKERS_MOST} others; unblock it first", field="other_id")
        change.connection.execute(_ADD, {"card_id": before.id, "blocker_id": blocker.id})
        return _set(change, Verb.CARD_BLOCKED, actor, before, {*before.blocked_by, blocker.id}, blocker)


def unblock_card(
    store: Store, card: int | str, other: int | str, *, actor: Actor, fence: int | None = None
) -> CardView:
    """The card does not wait for `other` any more."""
    with changing_card(store, card, actor=actor, fence=fence) as (change, before):
        refuse_archived(before)
        blocker = _on_this_board(change, other)
        if blocker.id not in before.blocked_by:
            return before
        change.connection.execute(_REMOVE, {"card": before.id, "blocker": blocker.id})
        return _set(change, Verb.CARD_UNBLOCKED, actor, before, {*before.blocked_by} - {blocker.id}, blocker)


def _set(
    change: Changing, verb: Verb, actor: Actor, before: CardView, blocker_ids: set[int], blocker: CardView
) -> CardView:
    derived = {"blocked_by": tuple(sorted(blocker_ids))}
    told = {"id": blocker.id, "ref": blocker.ref, "title": blocker.title}
    return set_card(change, verb, actor, before, {}, derived, blocker=told)


def _on_this_board(change: Changing, other: int | str) -> CardView:
    """Raises NotFound when there is no such card, InvalidInput when it is on another board."""
    ref = parse_ref(other) if isinstance(other, str) else None
    if ref is not None and ref[0] != change.board.key:
        raise _elsewhere(change, other)
    if ref is None and isinstance(other, str):
        raise NotFound(f"there is no card {other}")
    try:
        return find_card(change, other)
    except NotFound:
        if ref is None and change.connection.execute(_ANYWHERE, {"card": other}).first() is not None:
            raise _elsewhere(change, other) from None
        raise


def _elsewhere(change: Changing, other: int | str) -> InvalidInput:
    return InvalidInput(
        f"card {other} is not of {change.board.name}: cards wait for cards of their board", field="other_id"
    )


def _refuse_cycle(change: Changing, card: CardView, blocker: CardView) -> None:
    links = [(row.card_id, row.blocker_id) for row in change.connection.execute(_REACHED, {"start": blocker.id})]
    back = way(links, blocker.id, card.id)
    if back:
        refs = _refs(change, back)
        path = [card.ref, *(refs[card_id] for card_id in back)]
        raise Cycle(f"{card.ref} would wait for itself: {_shown(path)}", path=path, next="unblock_card")


def _refs(change: Changing, card_ids: list[int]) -> dict[int, str]:
    rows = change.connection.execute(_NUMBERS, {"cards": card_ids})
    return {row.id: f"{change.board.key}-{row.number}" for row in rows}


def _shown(path: list[str]) -> str:
    """A long way shows how it begins and how it ends."""
    few = path if len(path) <= 7 else [*path[:4], f"{len(path) - 6} more", *path[-2:]]
    return " waits for ".join(few)


_ADD = insert(LINK)
_REMOVE = delete(LINK).where(LINK.c.card_id == bindparam("card"), LINK.c.blocker_id == bindparam("blocker"))
_ANYWHERE = select(CARD.c.id).where(CARD.c.id == bindparam("card"))
_NUMBERS = select(CARD.c.id, CARD.c.number).where(CARD.c.id.in_(bindparam("cards", expanding=True)))
_FROM = (
    select(LINK.c.card_id, LINK.c.blocker_id).where(LINK.c.card_id == bindparam("start")).cte("reached", recursive=True)
)
_REACHED_LINKS = _FROM.union(
    select(LINK.c.card_id, LINK.c.blocker_id).join_from(LINK, _FROM, LINK.c.card_id == _FROM.c.blocker_id)
)
_REACHED = select(_REACHED_LINKS.c.card_id, _REACHED_LINKS.c.blocker_id)
