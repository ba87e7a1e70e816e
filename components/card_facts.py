"""The facts of a card beside its texts: where it is, how urgent, whose, and since when.

A choice here acts at once. Refused, it goes back to what is so.
"""

from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime

from nicegui import ui
from nicegui.events import ValueChangeEventArguments

from app.views import CardView, ColumnView
from components.buttons import plain_button
from components.editable import Save
from components.fields import NameField
from components.moments import ago, exact
from models.vocabulary import Priority

_CHOSEN = """
<span class="priority-word">
    <span class="face-priority" :class="'is-' + props.opt.label.toLowerCase()"></span>{{ props.opt.label }}
</span>
"""
_OPTION = f"""<q-item v-bind="props.itemProps">{_CHOSEN}</q-item>"""


class CardFacts:
    def __init__(
        self,
        card: CardView,
        columns: Iterable[ColumnView],
        *,
        viewer_name: Callable[[], str],
        names: Callable[[], Iterable[str]],
        save_assignee: Save,
        on_assign: Callable[[str], Awaitable[bool]],
        on_move: Callable[[int], Awaitable[bool]],
        on_priority: Callable[[Priority], Awaitable[bool]],
    ) -> None:
        self._card = card
        self._viewer_name = viewer_name
        self._on_assign, self._on_move, self._on_priority = on_assign, on_move, on_priority
        self._enabled = True
        names_by_id = {column.id: column.name for column in columns}
        with ui.element("div").classes("facts"):
            with _fact("Column"):
                self._column = ui.select(names_by_id, value=card.column_id).mark("card-column")
                self._dress(self._column, "Column")
            with _fact("Priority"):
                words = {priority: priority.capitalize() for priority in Priority}
                self._priority = ui.select(words, value=card.priority).mark("card-priority")
                self._priority.add_slot("option", _OPTION)
                self._priority.add_slot("selected-item", _CHOSEN)
                self._dress(self._priority, "Priority")
            with _fact("Assignee") as fact:
                fact.classes("is-assignee")
                self.assignee = NameField("Assignee", card.assignee or "", save_assignee, names=names)
                self._to_me = plain_button("Assign to me", self._assign_to_me)
            with ui.element("div").classes("fact-times"):
                self._created = ui.label()
                self._updated = ui.label()
        self._column.on_value_change(self._moved)
        self._priority.on_value_change(self._weighed)
        self.show(card)

    def show(self, card: CardView) -> None:
        """The card as it is now; the assignee is told by the dialog, as the texts are."""
        self._card = card
        self._column.set_value(card.column_id)
        self._priority.set_value(card.priority)
        self.tick()

    def show_columns(self, columns: Iterable[ColumnView]) -> None:
        names_by_id = {column.id: column.name for column in columns}
        if names_by_id != self._column.options:
            self._column.set_options(names_by_id, value=self._column.value)

    def enable(self, enabled: bool) -> None:
        self._enabled = enabled
        self._column.set_enabled(enabled)
        self._priority.set_enabled(enabled)
        self.assignee.enable(enabled)
        self.tick()

    def tick(self) -> None:
        """Time went by, or the card changed."""
        now = datetime.now(UTC)
        for label, word, moment in (
            (self._created, "Created", self._card.created_at),
            (self._updated, "Updated", self._card.updated_at),
        ):
            label.set_text(f"{word} {ago(moment, now)}")
            if label.props.get("title") != exact(moment):
                label.props["title"] = exact(moment)
        self._to_me.visible = self._enabled and self.assignee.value != self._viewer_name()

    async def _moved(self, event: ValueChangeEventArguments) -> None:
        if event.value not in (None, self._card.column_id) and not await self._on_move(event.value):
            self._column.set_value(self._card.column_id)

    async def _weighed(self, event: ValueChangeEventArguments) -> None:
        if event.value not in (None, self._card.priority) and not await self._on_priority(Priority(event.value)):
            self._priority.set_value(self._card.priority)

    async def _assign_to_me(self) -> None:
        await self._on_assign(self._viewer_name())

    @staticmethod
    def _dress(select: ui.select, label: str) -> None:
        select.classes("fact-select").props(
            f'borderless dense options-dense hide-bottom-space behavior=menu aria-label="{label}"'
        )


def _fact(label: str) -> ui.element:
    fact = ui.element("div").classes("fact")
    with fact:
        ui.label(label).classes("fact-label")
    return fact
