"""The cards of a column: one element a card, and only as many of them as people have scrolled to."""

from collections.abc import Sequence
from typing import Any

from nicegui import ui

from app.views import BoardView, CardView
from components import card_face
from components.lean import LeanElement
from components.sortable import make_sortable

STEP = 50
"""Cards shown at first, and added each time the scroller nears their end."""
SLACK = 10
"""By how many cards more or less may be shown, so that one that comes or goes above does not change the last one."""


class CardElement(LeanElement):
    """A card on the board. All of its inside is one string, the same for every browser."""

    def __init__(self, card: CardView, view: BoardView) -> None:
        super().__init__("article")
        self.card = card
        self._classes.append("card")
        with self._props.suspend_updates():
            self._props.update({"data-card": card.id, "tabindex": 0, "role": "button"})
            self._props.update(_shown(card, view))

    def show(self, card: CardView, view: BoardView) -> None:
        """Show the card as it is now; nothing is sent when it looks the same."""
        self.card = card
        shown = _shown(card, view)
        if any(self._props[name] != value for name, value in shown.items()):
            self._set(shown)

    def touch(self, sequence: int, by: str) -> None:
        """Mark the card as changed by somebody, which the browser shows for a second."""
        self._set({"data-touch": sequence, "data-by": by})

    def _displayed_contents(self, *, only_visible: bool) -> list[str]:
        return [self.card.title, self.card.ref]


class Lane(ui.list):
    """A Vue component of its own, so that a change in it renders its cards anew and nobody else's."""

    def __init__(self, column_id: int) -> None:
        super().__init__()
        self.window = STEP
        self.card_ids: list[int] = []
        self.order: Sequence[int] | None = None
        """The order it was arranged after, when that has not to be looked at again."""
        self._listeners: list[dict[str, Any]] | None = None
        self.classes("lane")
        self._props.update({"data-lane": column_id, "role": "group"})
        make_sortable(self, group="cards")

    @property
    def cards(self) -> list[CardElement]:
        return self.default_slot.children  # type: ignore[return-value]

    def describe(self, name: str, empty: str, more: bool) -> None:
        """The column's name, what to say when there are no cards, and whether there are more than those shown."""
        described = {"aria-label": f"Cards in {name}", "data-empty": empty, "data-more": "1" if more else ""}
        if any(self._props.get(key) != value for key, value in described.items()):
            self._props.update(described)

    def cut(self, order: Sequence[int]) -> int:
        """How many cards of `order` to show: the window, or a few more or less to end with the same card as now."""
        if len(order) <= self.window or not self.card_ids:
            return self.window
        near = order[: self.window + SLACK]
        end = near.index(self.card_ids[-1]) + 1 if self.card_ids[-1] in near else 0
        return end if end >= self.window - SLACK else self.window

    def take(self, card: CardElement) -> None:
        """Take a card from another lane; `arrange` gives it its place."""
        slot = card.parent_slot
        if slot is None or slot is self.default_slot:
            return
        if card in slot.children:
            slot.children.remove(card)
            slot.parent.update()
        card.parent_slot = self.default_slot

    def arrange(self, card_ids: list[int], cards: Sequence[CardElement]) -> None:
        """Hold exactly these cards, in this order. They are in this lane already, or were taken."""
        self.default_slot.children[:] = cards
        self.card_ids = card_ids
        self.update()

    def _to_dict(self) -> dict[str, Any]:
        """What NiceGUI sends of it. Its listeners stay as they are, and to describe them anew took half the time."""
        if self._listeners is None:
            self._listeners = [listener.to_dict() for listener in self._event_listeners.values()]
        children = [card.id for card in self.default_slot.children]
        told = {"tag": self.tag, "class": self._classes, "props": self._props, "events": self._listeners}
        return {**told, "children": children} if children else told


def _shown(card: CardView, view: BoardView) -> dict[str, str]:
    beside = card_face.beside(card, view)
    return {"innerHTML": card_face.render(card, beside), "aria-label": card_face.spoken(card, beside)}
