"""What others have changed, down to the single field: it stays as they left it when an agent's work is undone."""

from collections.abc import Iterator
from typing import Any

from app.views import Change
from models.vocabulary import Verb

Facet = tuple[str | int, ...]
"""One thing that is changed by itself, as in `("card field", 12, "title")`."""


class Touched:
    def __init__(self) -> None:
        self._latest: dict[Facet, tuple[int, str]] = {}

    def note(self, change: Change) -> None:
        """Changes are noted in their order."""
        for facet, what in facets(change):
            self._latest[facet] = (change.sequence, f"{change.actor.name} has {what} since")

    def who(self, sequence: int, wanted: tuple[Facet, ...]) -> str | None:
        """Who touched one of these after `sequence`, in words: the latest of them."""
        found = [self._latest[facet] for facet in wanted if facet in self._latest]
        latest, words = max(found, default=(0, ""))
        return words if latest > sequence else None


def facets(change: Change) -> Iterator[tuple[Facet, str]]:
    """What a change touches, each with the words for it."""
    if change.card_id is not None:
        yield from _of_card(change, change.card_id)
        return
    data = change.data
    match change.event:
        case Verb.BOARD_RENAMED:
            yield ("board name",), "renamed the board"
        case Verb.BOARD_ARCHIVED | Verb.BOARD_RESTORED:
            yield ("board shelf",), f"{_done(change)} the board"
        case Verb.COLUMN_UPDATED:
            column = data["column"]["id"]
            yield ("column", column), "changed the column"
            for field in data["changed"]:
                yield ("column field", column, field), f"changed the {spoken(field)} of the column"
        case Verb.COLUMN_MOVED:
            yield ("column", data["column"]["id"]), "moved the column"
            yield ("column place", data["column"]["id"]), "moved the column"
        case Verb.COLUMN_DELETED:
            yield ("column gone", data["column"]["id"]), "deleted the column"
            for card in data["cards"]:
                yield ("card place", card["id"]), "deleted the column it was in"
        case Verb.LABEL_UPDATED:
            label = data["label"]["id"]
            yield ("label", label), "changed the label"
            for field in data["changed"]:
                yield ("label field", label, field), f"changed the {spoken(field)} of the label"
        case Verb.LABEL_DELETED:
            yield ("label gone", data["label"]["id"]), "deleted the label"


def _of_card(change: Change, card: int) -> Iterator[tuple[Facet, str]]:
    data = change.data
    what = _ON_CARD.get(change.event, "worked on it")
    yield ("card", card), what
    match change.event:
        case Verb.CARD_CREATED:
            for label in data["card"]["labels"]:
                yield ("label use", label), "used the label"
        case Verb.CARD_UPDATED:
            for field in data["changed"]:
                yield ("card field", card, field), f"changed the {spoken(field)}"
        case Verb.CARD_MOVED:
            yield ("card place", card), what
        case Verb.CARD_ARCHIVED | Verb.CARD_RESTORED:
            yield ("card shelf", card), what
        case Verb.CARD_DELETED:
            yield ("card gone", card), what
        case Verb.CARD_LABELED | Verb.CARD_UNLABELED:
            yield ("card label", card, data["label"]["id"]), what
            yield ("label use", data["label"]["id"]), "used the label"
        case Verb.CARD_BLOCKED | Verb.CARD_UNBLOCKED:
            yield ("link", card, data["blocker"]["id"]), what
        case Verb.CHECKLIST_ITEM_ADDED:
            yield ("item text", card, data["item"]["text"]), "added such an item"
        case Verb.CHECKLIST_ITEM_CHANGED:
            item, before = data["item"], item_before(change)
            yield ("item", item["id"]), "changed the item"
            for field in ("text", "done"):
                if item[field] != before[field]:
                    yield ("item field", item["id"], field), _ON_ITEM[field]
        case Verb.CHECKLIST_ITEM_MOVED:
            yield ("item", data["item"]["id"]), "moved the item"
        case Verb.CHECKLIST_ITEM_DELETED:
            yield ("item gone", data["item"]["id"]), "deleted the item"


def item_before(change: Change) -> dict[str, Any]:
    """The checklist item of a change as it was before it."""
    listed = change.data["changed"]["checklist"][0]
    found: dict[str, Any] = next(item for item in listed if item["id"] == change.data["item"]["id"])
    return found


def spoken(field: str) -> str:
    return _SPOKEN.get(field, field.replace("_", " "))


def _done(change: Change) -> str:
    return change.event.value.rpartition("_")[2]


_SPOKEN = {"due_at": "due date", "wip_limit": "limit", "requires": "requirements"}
_ON_ITEM = {"text": "changed the item", "done": "ticked or unticked the item"}
_ON_CARD = {
    Verb.CARD_UPDATED: "edited it",
    Verb.CARD_MOVED: "moved it",
    Verb.CARD_ARCHIVED: "archived it",
    Verb.CARD_RESTORED: "restored it",
    Verb.CARD_DELETED: "deleted it",
    Verb.CARD_LABELED: "labeled it",
    Verb.CARD_UNLABELED: "taken the label off",
    Verb.CARD_BLOCKED: "said what blocks it",
    Verb.CARD_UNBLOCKED: "unblocked it",
    Verb.CARD_CLAIMED: "claimed it",
    Verb.CARD_APPROVED: "approved it",
    Verb.COMMENT_ADDED: "commented on it",
    Verb.COMMENT_EDITED: "commented on it",
}
