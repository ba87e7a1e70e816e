"""What concerns a board as a whole and is seldom wanted: a menu beside its name."""

from collections.abc import Awaitable, Callable

from nicegui import ui

BUTTON = "board-menu"


class BoardMenu(ui.element):
    def __init__(self) -> None:
        super().__init__("button")
        self.classes("icon-button board-menu").mark("board-menu")
        self.props(f'type="button" id="{BUTTON}" aria-haspopup="menu" aria-label="More of this board"')
        self.props('title="More of this board"')
        with self:
            ui.element("span").classes("icon-more")
            self._menu = ui.menu().props('anchor="bottom left" self="top left" transition-duration="120"')

    def add(self, label: str, on_click: Callable[[], Awaitable[None]]) -> None:
        with self._menu:
            ui.menu_item(label, on_click).mark(f"menu-{label.lower()}")
