"""All boards as tiles, kept equal to the list of boards: what did not change is not touched, so a name being typed
stays where it is.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from nicegui import ui

from app.views import BoardSummary
from components.button import Button
from components.inline_editor import InlineEditor
from models.board import NAME_LENGTH


@dataclass(frozen=True)
class TileActions:
    create: Callable[[str], Awaitable[None]]
    rename: Callable[[BoardSummary, str], Awaitable[None]]
    archive: Callable[[BoardSummary], Awaitable[None]]
    restore: Callable[[BoardSummary], Awaitable[None]]


class BoardTiles(ui.element):
    def __init__(self, actions: TileActions) -> None:
        super().__init__("div")
        self._actions = actions
        self._tiles: dict[int, Tile] = {}
        self._rows: dict[int, ArchivedRow] = {}
        self.classes("boards")
        with self:
            self._empty = ui.element("div").classes("boards-empty")
            with self._empty:
                ui.label("No boards yet").classes("boards-empty-title")
                ui.label("A board holds the columns and cards of one effort. Name one and it is there for everybody.")
            self._grid = ui.element("ul").classes("tiles")
            with self._grid:
                NewBoard(actions.create)
            with ui.element("details").classes("archived") as self._archived:
                with ui.element("summary"):
                    self._archived_count = ui.label()
                self._archived_list = ui.element("ul").classes("archived-list")

    def show(self, live: Sequence[BoardSummary], archived: Sequence[BoardSummary]) -> None:
        self._keep(self._tiles, live, self._grid, lambda board: Tile(board, self._actions))
        self._keep(self._rows, archived, self._archived_list, lambda board: ArchivedRow(board, self._actions.restore))
        self._empty.set_visibility(not live)
        self._archived.set_visibility(bool(archived))
        self._archived_count.set_text(f"{len(archived)} archived")

    @staticmethod
    def _keep(
        shown: "dict[int, Tile] | dict[int, ArchivedRow]",
        boards: Sequence[BoardSummary],
        place: ui.element,
        make: "Callable[[BoardSummary], Tile | ArchivedRow]",
    ) -> None:
        wanted = {board.id for board in boards}
        for board_id in [known for known in shown if known not in wanted]:
            shown.pop(board_id).delete()
        for at, board in enumerate(boards):
            item = shown.get(board.id)
            if item is None:
                with place:
                    item = shown[board.id] = make(board)  # type: ignore[assignment]
            else:
                item.show(board)
            if place.default_slot.children[at] is not item:
                item.move(place, at)


class Tile(ui.element):
    """One board. The whole tile is its link; what else it offers is in its menu."""

    def __init__(self, board: BoardSummary, actions: TileActions) -> None:
        super().__init__("li")
        self._board, self._actions = board, actions
        self.classes("tile")
        with self:
            self._head = ui.element("div").classes("tile-head")
            with self._head:
                self._link = ui.element("a").classes("tile-link").props(f'href="/b/{board.key}"')
                with self._link:
                    self._name = ui.label().classes("tile-name")
            with ui.element("div").classes("tile-meta"):
                ui.label(board.key).classes("tile-key")
                self._cards = ui.label()
                self._changed = ui.element("time-ago").classes("tile-changed")
            with ui.element("div").classes("tile-bar").props('aria-hidden="true"'):
                self._bar = ui.element("div")
            self._menu()
        self.show(board)

    def show(self, board: BoardSummary) -> None:
        self._board = board
        self._name.set_text(board.name)
        self._cards.set_text(_count(board))
        self._changed.props["datetime"] = board.updated_at.isoformat()
        self._bar.style(f"width: {100 * board.done_count / max(1, board.card_count):.0f}%")
        self._more.props["aria-label"] = f"More for {board.name}"

    def _menu(self) -> None:
        with ui.element("button").classes("icon-button tile-more").props('type="button"') as self._more:
            ui.element("span").classes("icon-more")
            with ui.menu().props('anchor="bottom right" self="top right" auto-close'):
                ui.menu_item("Rename", self._rename).mark("rename")
                ui.menu_item("Archive", lambda: self._actions.archive(self._board)).mark("archive")

    def _rename(self) -> None:
        if not self._link.visible:
            return
        self._link.set_visibility(False)
        board = self._board
        with self._head:
            editor = InlineEditor(
                "Name of the board",
                text=board.name,
                longest=NAME_LENGTH,
                on_submit=lambda name: self._actions.rename(board, name),
                on_close=lambda: self._renamed(editor),
            )

    def _renamed(self, editor: ui.element) -> None:
        if not editor.is_deleted:
            editor.delete()
        self._link.set_visibility(True)


class NewBoard(ui.element):
    """The last tile: a button that becomes the place to type a name."""

    def __init__(self, on_create: Callable[[str], Awaitable[None]]) -> None:
        super().__init__("li")
        self._on_create = on_create
        self.classes("tile tile-new")
        with self:
            self._button = Button("New board", self._open, classes="tile-new-button")

    def _open(self) -> None:
        self._button.set_visibility(False)
        with self:
            editor = InlineEditor(
                "Name of the new board",
                longest=NAME_LENGTH,
                on_submit=self._on_create,
                on_close=lambda: self._close(editor),
            )

    def _close(self, editor: ui.element) -> None:
        if not editor.is_deleted:
            editor.delete()
        self._button.set_visibility(True)


class ArchivedRow(ui.element):
    def __init__(self, board: BoardSummary, on_restore: Callable[[BoardSummary], Awaitable[None]]) -> None:
        super().__init__("li")
        self._board = board
        self.classes("archived-row")
        with self:
            self._name = ui.label().classes("archived-name")
            self._cards = ui.label().classes("muted")
            Button("Restore", lambda: on_restore(self._board))
        self.show(board)

    def show(self, board: BoardSummary) -> None:
        self._board = board
        self._name.set_text(board.name)
        self._cards.set_text(_count(board))


def _count(board: BoardSummary) -> str:
    if not board.card_count:
        return "no cards yet"
    cards = "1 card" if board.card_count == 1 else f"{board.card_count:,} cards"
    return f"{cards}, {board.done_count:,} done" if board.done_count else cards
