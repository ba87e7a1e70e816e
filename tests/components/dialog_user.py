"""Someone in front of the dialog of a card: types, leaves fields and presses keys, as the browser would report it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from nicegui import ui
from nicegui.testing import User
from nicegui.testing.user_interaction import UserInteraction
from nicegui.testing.user_simulation import user_simulation

from components import notices
from components.card_dialog import CardDialog
from components.card_sheet import CardSheet
from components.editable import Editable
from tests.components.fake_board import FakeBoard

NAMES = ("Ana", "Bo", "Chandra", "agent-7")


class Reader:
    """Ana, with the card open."""

    def __init__(self, user: User, board: FakeBoard) -> None:
        self.user, self.board = user, board
        self.closed: list[int] = []

    @property
    def dialog(self) -> CardDialog:
        return self.board.dialog

    @property
    def sheet(self) -> CardSheet:
        sheet = self.dialog._sheet
        assert sheet is not None
        return sheet

    async def open(self) -> None:
        with self.user:
            await self.dialog.open(self.board.card, self.board.comments.values(), self.board.view, NAMES)

    def field(self, name: str) -> Editable:
        return self.sheet.fields[name]

    def edit(self, name: str) -> ui.input:
        """Open the editor of a field."""
        field = self.field(name)
        with self.user:
            field.start()
        assert field._editor is not None
        return field._editor

    def type(self, name: str, text: str) -> None:
        """Have `text` in the field's editor."""
        editor = self.field(name)._editor or self.edit(name)
        with self.user:
            editor.set_value(text)

    async def leave_field(self, name: str) -> None:
        editor = self.field(name)._editor
        await self.send(self.field(name).box, "focusout", editor.value if editor else "")

    async def press(self, name: str, wish: str) -> None:
        """`save` or `cancel`, by key."""
        editor = self.field(name)._editor
        await self.send(self.field(name).box, "keydown", [wish, editor.value if editor else ""])

    async def send(self, element: ui.element, event: str, args: Any = None) -> None:
        UserInteraction(self.user, {element}, None).trigger(event, args)
        await settled()

    async def click(self, **target: Any) -> None:
        """Click what is found; the click goes up to the first element that listens, as in a browser."""
        found = next(iter(self.user.find(**target).elements))
        for element in found.ancestors(include_self=True):
            if any(listener.type == "click" for listener in element._event_listeners.values()):
                await self.send(element, "click")
                return
        raise AssertionError(f"nothing listens to a click on {found}")


@asynccontextmanager
async def reading(board: FakeBoard) -> AsyncIterator[Reader]:
    reader: list[Reader] = []

    def root() -> None:
        notices.place()
        board.dialog = CardDialog(
            board.actions("Ana"), "Ana", on_close=lambda card_id: reader[0].closed.append(card_id)
        )

    async with user_simulation(root) as user:
        reader.append(Reader(user, board))
        await user.open("/")
        await reader[0].open()
        yield reader[0]


async def settled() -> None:
    """Let what was started by an event come to its end."""
    for _ in range(10):
        await asyncio.sleep(0)
