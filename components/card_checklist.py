"""The checklist of a card: tick, add, edit and delete, while others do the same. One element an item.

An item that a person edits stays as it is, also when another deletes it meanwhile: the text is theirs to keep or drop.
"""

from collections.abc import Callable

from nicegui import ui
from nicegui.events import ValueChangeEventArguments

from app.views import CardView, CheckItem
from components.buttons import plain_button
from components.card_actions import Doing
from components.editable import Editable, Save, focus_within
from components.fields import MOST_TYPED
from components.inline_editor import InlineEditor
from models.checklist import TEXT_LENGTH


class CardChecklist:
    def __init__(self, card: CardView, doing: Doing) -> None:
        self._card = card
        self._doing = doing
        self._rows: dict[int, ItemRow] = {}
        self._enabled = True
        with ui.element("section").classes("checklist").props('aria-label="Checklist"'):
            with ui.element("h3"):
                ui.label("Checklist")
                self._count = ui.label().classes("comment-count")
            self._list = ui.element("ul").classes("check-list")
            self._place = ui.element("div").classes("check-new")
            self._add = plain_button("Add an item", self._compose).mark("add-item")
        self.show(card)

    def show(self, card: CardView, by: str | None = None) -> None:
        """The card as it is now; `by` is whose change that was, unless one's own."""
        self._card = card
        present = {item.id: item for item in card.checklist}
        for item_id in [item_id for item_id, row in self._rows.items() if item_id not in present and not row.editing]:
            self._rows.pop(item_id).element.delete()
        for item in card.checklist:
            if item.id in self._rows:
                self._rows[item.id].take(item, by)
            else:
                with self._list:
                    self._rows[item.id] = ItemRow(item, self._doing, on_left=self._prune, enabled=self._enabled)
        self._arrange()
        done = sum(item.done for item in card.checklist)
        self._count.set_text(f"{done}/{len(present)}" if present else "")

    def enable(self, enabled: bool) -> None:
        self._enabled = enabled
        self._add.visible = enabled
        self._place.visible = enabled
        for row in self._rows.values():
            row.enable(enabled)

    async def save(self) -> bool:
        """Save the items that are being edited; False when one of them stays."""
        return all([await row.field.save() for row in list(self._rows.values())])

    async def keep(self) -> None:
        for row in list(self._rows.values()):
            await row.field.keep()

    def _arrange(self) -> None:
        order = [self._rows[item.id].element for item in self._card.checklist]
        stray = [row.element for row in self._rows.values() if row.element not in order]
        if self._list.default_slot.children != order + stray:
            self._list.default_slot.children[:] = order + stray
            self._list.update()

    def _prune(self) -> None:
        """An editor closed: its item may be one that was deleted while it was open."""
        self.show(self._card)

    def _compose(self) -> None:
        self._add.visible = False
        with self._place:
            InlineEditor(
                "Add an item",
                on_submit=self._submit,
                on_close=self._composed,
                longest=TEXT_LENGTH,
                stays=True,
            ).mark("item-composer")

    def _composed(self) -> None:
        self._place.clear()
        self._add.visible = self._enabled

    async def _submit(self, text: str) -> bool:
        return await self._doing.tried(self._doing.actions.add_item(self._card.id, text))


class ItemRow:
    def __init__(self, item: CheckItem, doing: Doing, *, on_left: Callable[[], None], enabled: bool) -> None:
        self._item = item
        self._doing = doing
        with ui.element("li").classes("check-item") as self.element:
            self._box = ui.checkbox(value=item.done).props("dense").mark("tick")
            self._box.on_value_change(self._ticked)
            self.field = ItemField(item.text, self._save, on_left)
            with ui.element("button").classes("icon-button check-delete").props('type="button"') as self._delete:
                self._delete.on("click", self._drop).mark("delete-item")
                ui.element("span").classes("icon-close")
        self._describe()
        self.enable(enabled)

    @property
    def editing(self) -> bool:
        return self.field.editing

    def take(self, item: CheckItem, by: str | None) -> None:
        news = item.text != self._item.text
        self._item = item
        self._box.set_value(item.done)
        if news or item.text != self.field.value:
            self.field.take(item.text, by)
        self._describe()

    def enable(self, enabled: bool) -> None:
        self._box.set_enabled(enabled)
        self._delete.visible = enabled
        self.field.enable(enabled)

    def _describe(self) -> None:
        self.element.classes(**({"add": "is-done"} if self._item.done else {"remove": "is-done"}))
        if self._box.props.get("aria-label") != self._item.text:
            self._box.props["aria-label"] = self._item.text
            self._delete.props["aria-label"] = f"Delete {self._item.text}"

    async def _ticked(self, event: ValueChangeEventArguments) -> None:
        done = bool(event.value)
        if done == self._item.done:
            return
        if not await self._doing.tried(self._doing.actions.update_item(self._item.id, {"done": done})):
            self._box.set_value(self._item.done)

    async def _save(self, text: str, _: str) -> str:
        await self._doing.actions.update_item(self._item.id, {"text": text})
        return text

    async def _drop(self) -> None:
        self.field.cancel()
        await self._doing.tried(self._doing.actions.delete_item(self._item.id))


class ItemField(Editable):
    """The text of an item, edited where it stands."""

    one_line = True

    def __init__(self, text: str, save: Save, on_left: Callable[[], None]) -> None:
        self._on_left = on_left
        super().__init__("Item", text, save)

    def _build_view(self) -> None:
        self._open = ui.element("button").classes("check-text").props('type="button" dir="auto" title="Edit"')
        with self._open.on("click", self.start):
            self._text = ui.label()

    def _draw(self) -> None:
        self._text.set_text(self.value)

    def _show_view(self, shown: bool) -> None:
        self._open.visible = shown

    def _build_editor(self, text: str) -> ui.input:
        editor = ui.textarea(value=text).classes("item-editor").mark("item-editor")
        editor.props('autogrow autofocus borderless dense rows=1 aria-label="Item" dir="auto"')
        return editor.props(f"maxlength={MOST_TYPED}")

    def _finish(self, *, refocus: bool) -> None:
        was_open = self.editing
        super()._finish(refocus=refocus)
        if was_open:
            self._on_left()

    def _focus_view(self) -> None:
        focus_within(self.box, ".check-text")

    def _cleaned(self, text: str) -> str:
        return " ".join(text.split())

    def _problem(self, text: str) -> str | None:
        if not text:
            return "An item needs some words."
        if len(text) > TEXT_LENGTH:
            return f"An item has at most {TEXT_LENGTH} characters; this one has {len(text)}."
        return None

    def enable(self, enabled: bool) -> None:
        super().enable(enabled)
        self._open.props(remove="disabled") if enabled else self._open.props("disabled")
