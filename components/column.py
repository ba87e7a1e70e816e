"""A column: a head that stays, a lane that scrolls, and a foot to add a card."""

from collections.abc import Awaitable, Callable
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from nicegui import ui
from nicegui.element import Element

from app.views import ColumnView
from components import gate
from components.inline_editor import InlineEditor
from components.lane import Lane
from components.lean import LeanElement
from models.card import TITLE_LENGTH
from models.column import NAME_LENGTH
from models.vocabulary import ColumnKind

KINDS = {
    ColumnKind.QUEUE: "Queue: work waits here",
    ColumnKind.ACTIVE: "Active: work happens here",
    ColumnKind.DONE: "Done: work ends here",
}
_EMPTY = {
    ColumnKind.QUEUE: "Work that waits to be picked up goes here.",
    ColumnKind.ACTIVE: "Drag a card here when somebody starts on it.",
    ColumnKind.DONE: "Finished work ends here.",
}
_EMPTY_BY_WORD = {
    "block": "Cards that wait for something else go here.",
    "qc": "Cards whose work wants a second look go here.",
    "review": "Cards whose work wants a second look go here.",
}
_head = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
).get_template("column_head.html")


class ColumnHead(LeanElement):
    def __init__(self) -> None:
        super().__init__("header")
        self.classes("column-head")
        self._name = ""

    def show(self, column: ColumnView, count: int) -> None:
        self._name = column.name
        html = _head_html(column.id, column.name, column.kind, column.wip_limit, gate.in_words(column.requires), count)
        if self._props.get("innerHTML") != html:
            self._set({"innerHTML": html})

    def touch(self, sequence: int, by: str) -> None:
        self._set({"data-touch": sequence, "data-by": by})

    def _displayed_contents(self, *, only_visible: bool) -> list[str]:
        return [self._name]


class Column:
    def __init__(
        self,
        column: ColumnView,
        *,
        on_add: Callable[[int, str, bool], Awaitable[bool]],
        on_rename: Callable[[int, str], Awaitable[None]],
    ) -> None:
        self.view = column
        self._shown: tuple[object, ...] = ()
        self._on_add = on_add
        self._on_rename = on_rename
        self._composer: InlineEditor | None = None
        self._renaming: InlineEditor | None = None
        with ui.list().classes("column") as self.element:
            self.element._props.update({"tag": "section", "data-column": column.id})
            with ui.list().classes("column-top").props('role="presentation"') as self._top:
                self.head = ColumnHead()
            self.lane = Lane(column.id)
            foot = Element("footer").classes("column-foot")
            foot._props["innerHTML"] = (
                '<button type="button" class="button is-quiet" data-action="add-last">'
                '<span class="icon-plus"></span>Add a card</button>'
            )

    def show(self, column: ColumnView, count: int) -> None:
        shown = (column.name, column.kind, column.wip_limit, column.requires, count, count > len(self.lane.card_ids))
        self.view = column
        if shown == self._shown:
            return
        self._shown = shown
        self.head.show(column, count)
        self.lane.describe(column.name, _empty(column.name, column.kind), more=shown[-1])
        if self.element._props.get("aria-label") != column.name:
            self.element._props["aria-label"] = column.name

    def compose(self, first: bool) -> None:
        """Open the editor for new cards, above the first card or below the last."""
        if self.element.is_deleted:
            return
        self._close_composer()

        async def submit(title: str) -> bool:
            return await self._on_add(self.view.id, title, first)

        with self._top if first else self.element:
            self._composer = InlineEditor(
                "What is to be done?", on_submit=submit, on_close=self._close_composer, longest=TITLE_LENGTH, stays=True
            )
        if not first:
            self._composer.move(self.element, target_index=2)

    def rename(self) -> None:
        """Open an editor over the name."""
        if self.element.is_deleted:
            return
        self._close_renaming()

        async def submit(name: str) -> None:
            await self._on_rename(self.view.id, name)

        with self._top:
            self._renaming = InlineEditor(
                "Name of the column",
                on_submit=submit,
                on_close=self._close_renaming,
                text=self.view.name,
                longest=NAME_LENGTH,
            )
        self._renaming.classes("over-name")

    def _close_composer(self) -> None:
        if self._composer is not None and not self._composer.is_deleted:
            self._composer.delete()
        self._composer = None

    def _close_renaming(self) -> None:
        if self._renaming is not None and not self._renaming.is_deleted:
            self._renaming.delete()
        self._renaming = None


@lru_cache(maxsize=2_000)
def _head_html(column_id: int, name: str, kind: ColumnKind, limit: int | None, requires: str, count: int) -> str:
    """Rendered once for all browsers."""
    over, full = limit is not None and count > limit, limit is not None and count == limit
    hover = _count_in_words(count, limit, over, full)
    words = {"name": name, "kind": kind, "kind_in_words": KINDS[kind], "limit": limit, "count": count, "hover": hover}
    return _head.render(id=column_id, over=over, full=full, requires=requires, **words)


@lru_cache(maxsize=2_000)
def _empty(name: str, kind: ColumnKind) -> str:
    folded = name.casefold()
    return next((text for word, text in _EMPTY_BY_WORD.items() if word in folded), _EMPTY[kind])


def _count_in_words(count: int, limit: int | None, over: bool, full: bool) -> str:
    cards = f"{count:,} card{'' if count == 1 else 's'}"
    if limit is None:
        return cards
    state = ": over the limit" if over else ": full" if full else ""
    return f"{cards}, limit {limit}{state}"
