"""What the card waits for: its blockers with their state, and a place to find one more by ref or by words."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from nicegui import ui
from nicegui.events import GenericEventArguments

from app.views import BoardView, CardView
from components.buttons import KEEP_FOCUS, plain_button
from components.card_actions import Doing
from models.vocabulary import ColumnKind

MOST_OFFERED = 6


@dataclass(frozen=True)
class Blocker:
    """One row: which card, where it stands in a word, and how that looks."""

    card_id: int
    ref: str
    title: str
    word: str
    kind: str


class CardLinks:
    def __init__(self, card: CardView, view: BoardView, doing: Doing) -> None:
        self._card, self._view = card, view
        self._doing = doing
        self._shown: list[Blocker] | None = None
        self._enabled = True
        with ui.element("div").classes("links"):
            self._list = ui.element("ul").classes("link-list")
            self._place = ui.element("div")
            self._add = plain_button("Add a card", self._find).classes("chip-add").mark("add-blocker")
        self.show(card, view)

    def show(self, card: CardView, view: BoardView) -> None:
        self._card, self._view = card, view
        blockers = [_blocker(card_id, view) for card_id in card.blocked_by]
        if blockers != self._shown:
            self._shown = blockers
            self._draw()

    def enable(self, enabled: bool) -> None:
        self._enabled = enabled
        if not enabled:
            self._place.clear()
        self._add.visible = enabled
        self._draw()

    def _draw(self) -> None:
        self._list.clear()
        with self._list:
            for blocker in self._shown or ():
                self._row(blocker)

    def _row(self, blocker: Blocker) -> None:
        with ui.element("li").classes("link") as row:
            row.props["title"] = f"{blocker.ref} {blocker.title}".strip()
            ui.element("span").classes(f"kind is-{blocker.kind}")
            with ui.element("div").classes("link-words"):
                ui.label(f"{blocker.ref} {blocker.title}".strip()).classes("link-title").props('dir="auto"')
                ui.label(blocker.word).classes("link-state")
            if self._enabled:
                remove = ui.element("button").classes("icon-button").props('type="button"').mark("remove-blocker")
                remove.props["aria-label"] = f"Do not wait for {blocker.ref or 'it'}"
                with remove.on("click", lambda: self._remove(blocker.card_id)):
                    ui.element("span").classes("icon-close")

    def _find(self) -> None:
        self._add.visible = False
        with self._place:
            CardFinder(self._offers, on_choice=self._choose, on_close=self._found)

    def _found(self) -> None:
        self._place.clear()
        self._add.visible = self._enabled

    def _offers(self, typed: str) -> list[CardView]:
        """Open cards first; those that it waits for already, and itself, are no choice."""
        taken = {self._card.id, *self._card.blocked_by}
        cards = (card for card in self._view.cards.values() if card.id not in taken and _matches(card, typed))
        return sorted(cards, key=lambda card: (card.done_at is not None, -card.id))[:MOST_OFFERED]

    async def _choose(self, card_id: int) -> None:
        self._found()
        await self._doing.tried(self._doing.actions.block(self._card.id, card_id))

    async def _remove(self, card_id: int) -> None:
        await self._doing.tried(self._doing.actions.unblock(self._card.id, card_id))


class CardFinder(ui.element):
    """Type a ref or a part of a title, and choose."""

    def __init__(
        self,
        offers: Callable[[str], Iterable[CardView]],
        *,
        on_choice: Callable[[int], object],
        on_close: Callable[[], None],
    ) -> None:
        super().__init__("div")
        self._offers, self._on_choice, self._on_close = offers, on_choice, on_close
        self.classes("card-finder")
        self.on("keydown", self._key, js_handler=KEYS)
        self.on("focusout", self._left, js_handler=LEFT)
        with self:
            self._input = ui.input(placeholder="DEMO-12 or words").classes("name-editor").mark("find-card")
            self._input.props('autofocus borderless dense autocomplete=off aria-label="Card to wait for" dir="auto"')
            self._input.on_value_change(lambda event: self._offer(event.value or ""))
            self._list = ui.element("div").classes("name-offers").props('role="group" aria-label="Cards"')
        self._offer("")

    def _offer(self, typed: str) -> None:
        self._found = list(self._offers(typed))
        self._list.clear()
        with self._list:
            for card in self._found:
                button = ui.element("button").classes("name-offer").props('type="button"')
                button.props["title"] = card.title
                with button.on("mousedown", js_handler=KEEP_FOCUS).on("click", self._chooser(card.id)):
                    ui.label(f"{card.ref} {card.title}").props('dir="auto"')
            if not self._found:
                ui.label("No such card on this board").classes("link-state")

    def _chooser(self, card_id: int) -> Callable[[GenericEventArguments], object]:
        return lambda _: self._on_choice(card_id)

    async def _key(self, event: GenericEventArguments) -> None:
        if event.args == "cancel":
            self._on_close()
        elif event.args == "choose" and self._found and (self._input.value or "").strip():
            chosen = self._on_choice(self._found[0].id)
            if hasattr(chosen, "__await__"):
                await chosen

    def _left(self) -> None:
        self._on_close()


KEYS = """(e) => {
    if (!['Enter', 'Escape'].includes(e.key) || e.isComposing) return;
    if (e.key === 'Enter' && !e.target.matches('input')) return;
    e.preventDefault();
    e.stopPropagation();
    emit(e.key === 'Enter' ? 'choose' : 'cancel');
}"""
LEFT = "(e) => { if (document.hasFocus() && !e.currentTarget.contains(e.relatedTarget)) emit(); }"


def _matches(card: CardView, typed: str) -> bool:
    words = typed.casefold().split()
    text = f"{card.ref} {card.title}".casefold()
    return all(word in text for word in words)


def _blocker(card_id: int, view: BoardView) -> Blocker:
    card = view.cards.get(card_id)
    if card is None:
        return Blocker(card_id, "", "A card off the board", "archived: nothing waits for it", "done")
    column = view.column(card.column_id)
    kind = column.kind if column is not None else ColumnKind.QUEUE
    return Blocker(card_id, card.ref, card.title, column.name if column is not None else "", kind.value)
