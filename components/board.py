"""The board: columns side by side, cards in them, kept equal to a `BoardView`.

There is one way to bring the screen up to date, whatever happened: `show(view)` compares what is there with what should
be and sends the difference, which for one change is one card, or two lanes. Nothing is cleared and built again.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from nicegui import ui
from nicegui.element import Element
from nicegui.events import GenericEventArguments

from app.views import BoardView
from components.board_actions import BoardActions
from components.board_events import CardDropped, ColumnDropped, Meant, told
from components.column import Column
from components.column_menu import ColumnMenu
from components.inline_editor import InlineEditor
from components.lane import STEP, CardElement, Lane
from components.pending import Drop, PendingDrops
from components.sortable import make_sortable
from models.column import NAME_LENGTH
from models.vocabulary import ColumnKind

CLICK = "(e) => { const said = kanban.meant(e); if (said) emit(said); }"
DOUBLE_CLICK = """(e) => {
    const column = e.target.closest('.column-name')?.closest('[data-column]')?.dataset.column;
    if (column) emit({ action: 'rename', column: Number(column) });
}"""
KEY = """(e) => {
    if (!['Enter', ' '].includes(e.key) || !e.target.dataset.card) return;
    e.preventDefault();
    emit({ action: 'open', card: Number(e.target.dataset.card) });
}"""
SCROLL = "(e) => { const lane = kanban.hungry(e); if (lane) emit(lane); }"
ADD_COLUMN = (
    '<button type="button" class="button is-quiet" data-action="add-column">'
    '<span class="icon-plus"></span>Add column</button>'
)


@dataclass(frozen=True)
class Touch:
    """What another person just changed, and who it was."""

    sequence: int
    by: str
    card_id: int | None = None
    column_id: int | None = None


class Board:
    def __init__(self, view: BoardView, actions: BoardActions) -> None:
        self.view = view
        self._actions = actions
        self._columns: dict[int, Column] = {}
        self._cards: dict[int, CardElement] = {}
        self._pending = PendingDrops()
        self._build()
        self.show(view)

    def show(self, view: BoardView, touches: Iterable[Touch] = (), faces: Iterable[int] | None = None) -> None:
        """Make the screen show `view`, and mark what the touches name.

        `faces` are the ids of the cards that can look different now; without it every card shown is compared.
        """
        self.view = view
        self._pending.settle(view)
        self._add_columns()
        self._arrange_cards()
        self._drop_columns()
        self._order_columns()
        for column in view.columns:
            self._columns[column.id].show(column, len(view.lanes[column.id]))
        for card_id in self._cards if faces is None else faces:
            element, card = self._cards.get(card_id), view.cards.get(card_id)
            if element is None or card is None:
                continue
            # A label or a blocker changes the face of a card that is itself the same.
            if card is not element.card or card.labels or card.blocked_by:
                element.show(card, view)
        for touch in touches:
            self._mark(touch)

    @property
    def order(self) -> list[tuple[int, list[int]]]:
        """The columns and their cards as they stand on the screen."""
        return [(column.lane._props["data-lane"], column.lane.card_ids) for column in self._in_order()]

    # Bringing the screen in line with the view.

    def _add_columns(self) -> None:
        for column in self.view.columns:
            if column.id not in self._columns:
                with self._list:
                    self._columns[column.id] = Column(column, on_add=self._add_card, on_rename=self._rename_column)

    def _arrange_cards(self) -> None:
        changed = list(self._lanes_to_arrange())
        gone: set[int] = set()
        come: set[int] = set()
        for lane, ids in changed:
            gone.update(set(lane.card_ids).difference(ids))
            come.update(set(ids).difference(lane.card_ids))
        for card_id in gone - come:
            self._cards.pop(card_id).delete()
        for lane, ids in changed:
            for card_id in [card_id for card_id in ids if card_id in come]:
                self._bring(card_id, lane)
            lane.arrange(ids, [self._cards[card_id] for card_id in ids])

    def _lanes_to_arrange(self) -> Iterator[tuple[Lane, list[int]]]:
        """Each lane that shows other cards than it should, and those it should show, in their order."""
        pending = bool(self._pending)
        for column_id, order in self.view.lanes.items():
            lane = self._columns[column_id].lane
            if lane.order is order and not pending:
                continue  # a view keeps the order of the lanes where nothing moved
            ids = self._wanted(column_id, lane)
            lane.order = None if pending else order
            if ids != lane.card_ids:
                yield lane, ids

    def _wanted(self, column_id: int, lane: Lane) -> list[int]:
        order = self._pending.order(column_id, self.view.lanes[column_id])
        end = lane.cut(order)
        # Who drops a card below all others sees it there.
        while end < len(order) and order[end] in self._pending:
            end += 1
        return list(order[:end])

    def _bring(self, card_id: int, lane: Lane) -> None:
        if card_id in self._cards:
            lane.take(self._cards[card_id])
            return
        with lane:
            self._cards[card_id] = CardElement(self.view.cards[card_id], self.view)

    def _drop_columns(self) -> None:
        for column_id in [key for key in self._columns if key not in self.view.lanes]:
            gone = self._columns.pop(column_id)
            for element in gone.lane.cards:
                del self._cards[element.card.id]
            gone.element.delete()

    def _order_columns(self) -> None:
        wanted = [self._columns[column.id].element for column in self.view.columns]
        if self._list.default_slot.children != wanted:
            self._list.default_slot.children[:] = wanted
            self._list.update()

    def _in_order(self) -> Sequence[Column]:
        return [self._columns[column.id] for column in self.view.columns]

    def _mark(self, touch: Touch) -> None:
        if touch.card_id in self._cards:
            self._cards[touch.card_id].touch(touch.sequence, touch.by)
        if touch.column_id in self._columns:
            self._columns[touch.column_id].head.touch(touch.sequence, touch.by)

    # What people do.

    async def _meant(self, event: GenericEventArguments) -> None:
        meant = told(Meant, event)
        if meant is None:
            return
        if meant.action == "open" and meant.card is not None:
            await self._actions.open_card(meant.card)
        elif meant.action == "add-column":
            self._open_new_column()
        elif meant.column in self._columns:
            column = self._columns[meant.column]
            if meant.action == "menu":
                ColumnMenu(column, self.view, self._actions, place=self._overlays)
            elif meant.action == "rename":
                column.rename()
            else:
                column.compose(first=meant.action == "add-first")

    async def _card_dropped(self, event: GenericEventArguments) -> None:
        dropped = told(CardDropped, event)
        if dropped is None:
            return
        # One anchor is enough: the card above, which is what people aim below, unless it went elsewhere meanwhile.
        lane = self.view.lanes.get(dropped.to, ())
        after = dropped.after if dropped.after in lane else None
        drop = Drop(dropped.card, dropped.to, after, dropped.before if after is None else None)
        if drop.card_id in self.view.cards and drop.column_id in self._columns:
            self._pending.add(drop)
        self._arrange_cards()
        for column_id in {dropped.source, dropped.to}:
            # Sent although nothing may have changed here: the browser has moved the card already, and may have
            # done so against an order that is no more.
            if column_id in self._columns:
                self._columns[column_id].lane.update()
        moved = await self._actions.move_card(drop.card_id, drop.column_id, before=drop.before, after=drop.after)
        if moved is None:
            self._pending.refused(drop)
        else:
            drop.version = moved.version
        if not self.root.is_deleted:
            self.show(self.view)

    async def _column_dropped(self, event: GenericEventArguments) -> None:
        dropped = told(ColumnDropped, event)
        if dropped is None:
            return
        before = dropped.before if dropped.after is None else None
        moved = await self._actions.move_column(dropped.column, before=before, after=dropped.after)
        if not moved and not self.root.is_deleted:
            self._list.update()

    async def _wants_more(self, event: GenericEventArguments) -> None:
        column = self._columns.get(event.args) if isinstance(event.args, int) else None
        if column is not None and len(column.lane.card_ids) < len(self.view.lanes[column.view.id]):
            column.lane.window += STEP
            column.lane.order = None
            self.show(self.view)

    async def _add_card(self, column_id: int, title: str, first: bool) -> bool:
        lane = self.view.lanes.get(column_id, ())
        card = await self._actions.add_card(column_id, title, before=lane[0] if first and lane else None)
        if card is None:
            return False
        if self.root.is_deleted or column_id not in self._columns:
            return True
        if not first:
            # The new card shall be seen, so all above it are shown too.
            column = self._columns[column_id].lane
            column.window, column.order = max(column.window, len(self.view.lanes[column_id]) + 1), None
            self.show(self.view)
        self.root.client.run_javascript(f"kanban.showCard({card.id})")
        return True

    async def _rename_column(self, column_id: int, name: str) -> None:
        await self._actions.update_column(column_id, {"name": name})

    def _open_new_column(self) -> None:
        def close() -> None:
            if not editor.is_deleted:
                editor.delete()

        async def submit(name: str) -> None:
            if await self._actions.add_column(name, ColumnKind.QUEUE) and not self.root.is_deleted:
                self.root.client.run_javascript("kanban.showEnd()")

        with self._end:
            editor = InlineEditor("Name of the column", on_submit=submit, on_close=close, longest=NAME_LENGTH)

    def _build(self) -> None:
        with ui.element("div").classes("board-scroll") as self.root:
            self.root.on("click", self._meant, js_handler=CLICK)
            self.root.on("dblclick", self._meant, js_handler=DOUBLE_CLICK)
            self.root.on("keydown", self._meant, js_handler=KEY)
            self.root.on("scroll.capture", self._wants_more, throttle=0.1, js_handler=SCROLL)
            self.root.on("dropcard", self._card_dropped, js_handler="(e) => emit(e.detail)")
            self.root.on("dropcolumn", self._column_dropped, js_handler="(e) => emit(e.detail)")
            self.root.on("vnodeMounted", js_handler="() => kanban.attach()")
            with ui.list().classes("board").props('role="presentation"') as self._list:
                pass
            with ui.element("div").classes("board-end") as self._end:
                Element("div")._props["innerHTML"] = ADD_COLUMN
            self._overlays = ui.element("div").classes("board-overlays")
        make_sortable(self._list, group="columns", handle=".column-head", filter="button, input", preventOnFilter=False)
