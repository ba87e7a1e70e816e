"""The facts of a card beside its texts: where it is, how urgent, whose, and since when.

A choice here acts at once. Refused, it goes back to what is so.
"""

from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from nicegui import ui
from nicegui.events import ValueChangeEventArguments

from app.views import BoardView, CardView
from components.buttons import plain_button
from components.card_actions import Doing
from components.card_approval import CardApproval
from components.card_labels import CardLabels
from components.card_links import CardLinks
from components.card_work import CardWork
from components.editable import Save
from components.fields import NameField
from components.moments import ago, exact
from components.native_field import NativeField
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
        view: BoardView,
        *,
        doing: Doing,
        names: Callable[[], Iterable[str]],
        save_assignee: Save,
        on_fact: Callable[[str, Any], Awaitable[bool]],
    ) -> None:
        self._card = card
        self._doing = doing
        self._on_fact = on_fact
        self._enabled = True
        with ui.element("div").classes("facts"):
            self.work = CardWork(card, doing)
            with _fact("Column"):
                self._column = ui.select(_names(view), value=card.column_id).mark("card-column")
                self._dress(self._column, "Column")
                self._why = ui.element("ul").classes("why").props('aria-label="What is missing"')
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
            with _fact("Labels"):
                self._labels = CardLabels(card, view, doing)
            with _fact("Due"):
                self._due = NativeField("Due", "datetime-local", self._set_due).mark("card-due")
            with _fact("Estimate"):
                self._estimate = NativeField("Estimate", "number", self._set_estimate).mark("card-estimate")
            with _fact("Blocked by"):
                self._links = CardLinks(card, view, doing)
            with _fact("Approval") as approval:
                self._approval = CardApproval(approval, card, view, doing)
            with ui.element("div").classes("fact-times"):
                self._created = ui.label()
                self._updated = ui.label()
        self._column.on_value_change(self._moved)
        self._priority.on_value_change(self._weighed)
        self._said_why: list[str] = []
        self.say_why([])
        self.show(card, view)

    def show(self, card: CardView, view: BoardView) -> None:
        """The card and its board as they are now; the assignee is told by the dialog, as the texts are."""
        self._card = card
        self.show_board(view)
        self._column.set_value(card.column_id)
        self._priority.set_value(card.priority)
        self._due.show(card.due_at.isoformat() if card.due_at else "")
        self._estimate.show(f"{card.estimate:g}" if card.estimate is not None else "")
        self.work.show(card)
        self.tick()

    def show_board(self, view: BoardView) -> None:
        """What others did beside this card: a choice that is on its way here stays."""
        names_by_id = _names(view)
        if names_by_id != self._column.options:
            self._column.set_options(names_by_id, value=self._column.value)
        for part in (self._labels, self._links, self._approval):
            part.show(self._card, view)

    def say_why(self, words: list[str]) -> None:
        """What keeps the card from where it may be wanted next, a line each."""
        if words != self._said_why:
            self._said_why = words
            self._why.clear()
            with self._why:
                for line in words:
                    with ui.element("li"):
                        ui.label(line).props('dir="auto"')
        self._why.visible = bool(words)

    def enable(self, enabled: bool) -> None:
        self._enabled = enabled
        self._column.set_enabled(enabled)
        self._priority.set_enabled(enabled)
        for part in (self.assignee, self.work, self._labels, self._due, self._estimate, self._links, self._approval):
            part.enable(enabled)
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
        self._approval.tick()
        self._to_me.visible = self._enabled and self.assignee.value != self._doing.viewer_name()

    async def _set_due(self, text: str) -> None:
        with suppress(ValueError):
            await self._on_fact("due_at", datetime.fromisoformat(text) if text else None)

    async def _set_estimate(self, text: str) -> None:
        with suppress(ValueError):
            await self._on_fact("estimate", float(text) if text else None)

    async def _moved(self, event: ValueChangeEventArguments) -> None:
        actions = self._doing.actions
        if event.value in (None, self._card.column_id):
            return
        if not await self._doing.tried(actions.move(self._card.id, event.value)):
            self._column.set_value(self._card.column_id)

    async def _weighed(self, event: ValueChangeEventArguments) -> None:
        if event.value in (None, self._card.priority):
            return
        if not await self._on_fact("priority", Priority(event.value)):
            self._priority.set_value(self._card.priority)

    async def _assign_to_me(self) -> None:
        await self._on_fact("assignee", self._doing.viewer_name())

    @staticmethod
    def _dress(select: ui.select, label: str) -> None:
        select.classes("fact-select").props(
            f'borderless dense options-dense hide-bottom-space behavior=menu aria-label="{label}"'
        )


def _names(view: BoardView) -> dict[int, str]:
    return {column.id: column.name for column in view.columns}


def _fact(label: str) -> ui.element:
    fact = ui.element("div").classes("fact")
    with fact:
        ui.label(label).classes("fact-label")
    return fact
