"""The menu of a column, made when it is opened and gone when it closes, and the questions it asks."""

from nicegui import ui

from app.views import BoardView
from components import gate
from components.board_actions import BoardActions
from components.column import KINDS, Column
from components.small_dialog import SmallDialog
from models.column import NAME_LENGTH, WIP_LIMIT_MOST
from models.vocabulary import ColumnKind, Requirement


class ColumnMenu:
    def __init__(self, column: Column, board: BoardView, actions: BoardActions, place: ui.element) -> None:
        self._column = column
        self._board = board
        self._actions = actions
        self._place = place
        with place, ui.menu().classes("column-menu") as self._menu:
            self._menu._props.update({"target": f"#column-menu-{column.view.id}", "no-parent-event": True})
            self._menu._props.update({"anchor": "bottom right", "self": "top right", "transition-duration": 120})
            self._build()
        self._menu.on("hide", self._menu.delete)
        self._menu.open()

    def _build(self) -> None:
        view = self._column.view
        ui.menu_item("Rename", self._column.rename)
        ui.menu_item("Change the limit" if view.wip_limit else "Set a limit", self._ask_limit)
        with ui.menu_item(on_click=self._ask_gate).mark("column-requires"), ui.element("div"):
            ui.label("Requires…")
            if view.requires:
                ui.label(", ".join(gate.SHORT[one] for one in view.requires)).classes("menu-more")
        ui.separator()
        for kind, words in KINDS.items():
            self._kind(kind, words)
        ui.separator()
        ui.menu_item("Add a column to the left", lambda: self._ask_name(before=view.id))
        ui.menu_item("Add a column to the right", lambda: self._ask_name(after=view.id))
        if len(self._board.columns) > 1:
            ui.separator()
            ui.menu_item("Delete the column", self._delete).classes("is-danger")

    def _kind(self, kind: ColumnKind, words: str) -> None:
        chosen = self._column.view.kind is kind
        with ui.menu_item(on_click=lambda: self._actions.update_column(self._column.view.id, {"kind": kind})) as item:
            ui.element("span").classes(f"kind is-{kind}")
            ui.label(words)
            if chosen:
                ui.element("span").classes("icon-check")
        item.props(f'role="menuitemradio" aria-checked="{str(chosen).lower()}"')

    def _ask_limit(self) -> None:
        view = self._column.view

        async def set_limit() -> None:
            if not number.validate():
                return
            limit = None if number.value is None else int(number.value)
            dialog.close()
            await self._actions.update_column(view.id, {"wip_limit": limit})

        with self._dialog(f"Limit of {view.name}") as dialog, dialog.body:
            ui.label("How many cards may be here at once. Leave it empty for no limit.").classes("muted")
            # Without min and max, which would make another number of what was typed.
            number = ui.number("Limit", value=view.wip_limit, format="%d", validation=_problem_with_limit)
            number.props("outlined dense autofocus clearable min=1").on("keydown.enter", set_limit)
            dialog.answers("Set the limit", set_limit)

    def _ask_gate(self) -> None:
        view = self._column.view

        async def require(requires: list[Requirement]) -> None:
            await self._actions.update_column(view.id, {"requires": requires})

        with self._place:
            gate.GateQuestion(view.name, view.requires, require, back_to=f"column-menu-{view.id}")

    def _ask_name(self, *, before: int | None = None, after: int | None = None) -> None:
        async def add() -> None:
            name = (field.value or "").strip()
            if not name:
                return
            dialog.close()
            await self._actions.add_column(name, ColumnKind.QUEUE, before=before, after=after)

        with self._dialog("Add a column") as dialog, dialog.body:
            field = ui.input("Name").props(f"outlined dense autofocus maxlength={NAME_LENGTH}").on("keydown.enter", add)
            dialog.answers("Add", add)

    async def _delete(self) -> None:
        view = self._column.view
        count = len(self._column.lane.cards)
        if not count:
            await self._actions.delete_column(view.id, move_cards_to=None)
            return
        others = {column.id: column.name for column in self._board.columns if column.id != view.id}

        async def delete() -> None:
            dialog.close()
            await self._actions.delete_column(view.id, move_cards_to=target.value)

        with self._dialog(f"Delete {view.name}") as dialog, dialog.body:
            ui.label("Its cards are kept and move to the end of another column.").classes("muted")
            target = ui.select(others, value=next(iter(others)), label="Move the cards to").props("outlined dense")
            dialog.answers("Move the cards and delete", delete, danger=True)

    def _dialog(self, title: str) -> "SmallDialog":
        with self._place:
            return SmallDialog(title, back_to=f"column-menu-{self._column.view.id}")


def _problem_with_limit(limit: float | None) -> str | None:
    if limit is None or 1 <= limit <= WIP_LIMIT_MOST:
        return None
    return f"Between 1 and {WIP_LIMIT_MOST}, or empty for no limit"
