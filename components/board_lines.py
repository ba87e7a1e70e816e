"""What stands around the board: its name in the header, the line for a first visit, the line of an archived board."""

from collections.abc import Awaitable, Callable

from nicegui import ui
from nicegui.element import Element

from app.views import BoardInfo
from components.button import Button
from components.inline_editor import InlineEditor
from models.board import NAME_LENGTH


class BoardName(ui.element):
    """The name, which becomes an editor when it is clicked."""

    def __init__(self, name: str, on_rename: Callable[[str], Awaitable[None]]) -> None:
        super().__init__("div")
        self.classes("top-title")
        self._on_rename = on_rename
        self._editor: InlineEditor | None = None
        with self, ui.element("h1").classes("board-heading") as self._heading:
            self._button = Button(name, self.edit, classes="board-name").props('dir="auto" title="Rename the board"')

    def show(self, name: str) -> None:
        self._button.set_text(name)

    def edit(self) -> None:
        self._close()
        with self:
            self._editor = InlineEditor(
                "Name of the board",
                on_submit=self._on_rename,
                on_close=self._close,
                text=self._button.text,
                longest=NAME_LENGTH,
            )
        self._heading.set_visibility(False)

    def _close(self) -> None:
        self._heading.set_visibility(True)
        if self._editor is not None and not self._editor.is_deleted:
            self._editor.delete()
        self._editor = None


class FirstVisit(Element):
    """Says what to try first; the browser remembers when it was sent away."""

    def __init__(self) -> None:
        super().__init__("div")
        self.classes("board-line")
        self._props.update({"hidden": True, "role": "note"})
        self._props["innerHTML"] = (
            "<span>Open this page in a second window and drag a card.</span>"
            '<button type="button" class="button is-quiet">Got it</button>'
        )
        self.on("vnodeMounted", js_handler="(node) => kanban.hint(node.el)")


class ArchivedLine(ui.element):
    """Above a board that is archived: it can be looked at, and brought back."""

    def __init__(self, on_restore: Callable[[], Awaitable[None]]) -> None:
        super().__init__("div")
        self.classes("board-line is-archived").props('role="status"')
        with self:
            ui.label("This board is archived: it can be read, and takes no changes.")
            Button("Restore the board", on_restore)
        self.set_visibility(False)

    def show_deleted(self) -> None:
        """Nothing brings it back."""
        self.clear()
        with self:
            ui.label("This board was deleted. You still see how it was.")
            with ui.element("a").classes("button").props('href="/"'):
                ui.label("See all boards")
        self.set_visibility(True)

    def show(self, board: BoardInfo) -> None:
        if self.visible != (board.archived_at is not None):
            self.set_visibility(not self.visible)
