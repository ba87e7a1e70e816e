"""One card, open: its texts, facts and comments in a sheet over the board, kept up to date in place.

The sheet lives from opening to closing and is never rebuilt in between: what a change touches is updated, and the
element that a person types into is not among it.
"""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from nicegui import ui

from app.errors import FieldChanged, Refusal
from app.views import BoardView, CardView, CommentView
from components import notices
from components.buttons import plain_button
from components.card_actions import CardActions, Doing
from components.card_checklist import CardChecklist
from components.card_facts import CardFacts
from components.comment_list import CommentList
from components.editable import Editable
from components.fields import MarkdownField, TitleField

SECONDS_BETWEEN_TICKS = 20.0

CLOSES = """(e) => {
    const taken = e.defaultPrevented && !e.target.closest('.q-select');
    if (e.key !== 'Escape' || taken || document.querySelector('.q-menu')) return;
    e.stopPropagation();
    emit();
}"""
"""Quasar's select takes every Escape, also those that it does nothing with."""
PRESSED = "(e) => { e.currentTarget._pressed = e.target === e.currentTarget && e.clientX < e.target.clientWidth; }"
RELEASED = "(e) => { if (e.currentTarget._pressed && e.target === e.currentTarget) emit(); }"
"""A press that began on a text and ended outside is a selection, and one on the scroll bar scrolls: neither closes."""

COPIES = """async (e) => {
    const button = e.currentTarget;
    const link = new URL((window.path_prefix || '') + 'PATH', location.origin).href;
    try {
        await navigator.clipboard.writeText(link);
    } catch {
        const area = document.createElement('textarea');
        area.value = link;
        button.append(area);
        area.select();
        document.execCommand('copy');
        area.remove();
        button.focus();
    }
    button.classList.add('is-copied');
    setTimeout(() => button.classList.remove('is-copied'), 1600);
}"""
"""Pages that are not served from a secure origin have no clipboard, so there the older way is gone."""


class CardSheet:
    def __init__(
        self,
        card: CardView,
        comments: Iterable[CommentView],
        view: BoardView,
        *,
        actions: CardActions,
        viewer_name: Callable[[], str],
        names: Callable[[], Iterable[str]],
        unsent_comment: str,
        on_comment_failed: Callable[[str, Refusal], object],
        on_close: Callable[[], Awaitable[object]],
        on_archive: Callable[[], Awaitable[object]],
    ) -> None:
        self.card = card
        self.view = view
        self._actions = actions
        self._doing = Doing(actions, self._tried, viewer_name)
        self._settled: dict[str, int] = {}
        """By field, the version of the card with its latest own change: news from before that is old."""
        with ui.element("div").classes("sheet-room") as self.room:
            # It has the focus from its first moment, so that Escape is heard; Quasar gives it again after the fade.
            self.room.props("tabindex=-1 data-autofocus")
            self.room.on("vnodeMounted", js_handler="(node) => node.el.focus({ preventScroll: true })")
            self.room.on("keydown", on_close, js_handler=CLOSES)
            self.room.on("mousedown", js_handler=PRESSED).on("click", on_close, js_handler=RELEASED)
            with ui.element("div").classes("sheet"):
                with ui.element("header").classes("sheet-head"):
                    self._build_head(on_archive, on_close)
                with ui.element("div").classes("sheet-banner").props('role="status"') as self._banner:
                    self._banner_text = ui.label()
                    self._restore = plain_button("Restore", self._restore_card, kind="")
                with ui.element("div").classes("sheet-title"):
                    self.title = TitleField("Title", card.title, self._saver("title"))
                with ui.element("aside").classes("sheet-facts").props('aria-label="Facts"'):
                    self.facts = CardFacts(
                        card,
                        view,
                        doing=self._doing,
                        names=names,
                        save_assignee=self._saver("assignee"),
                        on_fact=self._set_fact,
                    )
                with ui.element("div").classes("sheet-texts"):
                    self._build_texts()
                    self.comments = CommentList(
                        comments,
                        viewer_name=viewer_name,
                        unsent=unsent_comment,
                        on_add=lambda text: actions.comment(card.id, text),
                        on_failed=on_comment_failed,
                        on_edit=actions.edit_comment,
                        on_delete=self._delete_comment,
                    )
            ui.timer(SECONDS_BETWEEN_TICKS, self._tick, immediate=False)
        self._banner.visible = False
        self.fields: dict[str, Editable] = {
            "title": self.title,
            "assignee": self.facts.assignee,
            "description": self.description,
            "acceptance_criteria": self.criteria,
        }

    def _build_head(
        self, on_archive: Callable[[], Awaitable[object]], on_close: Callable[[], Awaitable[object]]
    ) -> None:
        ref = self.card.ref
        link = f"/b/{ref.rpartition('-')[0]}?card={ref}"
        with ui.element("button").classes("button is-quiet sheet-ref") as copy:
            copy.props('type="button" title="Copy a link to this card"').mark("copy-link")
            copy.on("click", js_handler=COPIES.replace("PATH", link))
            ui.label(ref)
            ui.label("Copy link").classes("copy-word")
            ui.label("Copied").classes("copied-word").props('aria-live="polite"')
        ui.element("div").classes("sheet-space")
        with ui.element("button").classes("button is-quiet").props('type="button"') as self._archive:
            self._archive.on("click", on_archive).mark("archive-card")
            ui.element("span").classes("icon-archive")
            ui.label("Archive")
        with ui.element("button").classes("icon-button").props('type="button" aria-label="Close"') as close:
            close.on("click", on_close).mark("close-card")
            ui.element("span").classes("icon-close")

    def _build_texts(self) -> None:
        card = self.card
        self.description = MarkdownField(
            "Description", card.description, self._saver("description"), invitation="Say what this is about"
        )
        self.criteria = MarkdownField(
            "Acceptance criteria",
            card.acceptance_criteria,
            self._saver("acceptance_criteria"),
            invitation="Say how one sees that it is done",
        )
        self.checklist = CardChecklist(card, self._doing)

    # What others do.

    def show(self, card: CardView, changed: Iterable[str] = (), by: str | None = None) -> None:
        """The card as it is now; `changed` names the fields of this change and `by` who made it, unless oneself."""
        if card.version < self.card.version:
            return
        self.card = card
        for name, field in self.fields.items():
            value = getattr(card, name) or ""
            if (value != field.value or name in changed) and card.version >= self._settled.get(name, 0):
                field.take(value, by)
        self.facts.show(card, self.view)
        self.checklist.show(card, by)

    def show_board(self, view: BoardView) -> None:
        """What of the board the card shows: columns, labels, and how far its blockers are."""
        self.view = view
        self.facts.show_board(view)

    def stop(self, words: str, *, restorable: bool) -> None:
        """The card is off the board: say so, and let nobody type in vain. An open editor keeps its text."""
        self._banner_text.set_text(words)
        self._banner.visible = True
        self._restore.visible = restorable and self._actions.restore is not None
        self._enable(False)

    def go_on(self) -> None:
        """The card is back on the board."""
        if self._banner.visible:
            self._banner.visible = False
            self._enable(True)

    def _enable(self, enabled: bool) -> None:
        for field in self.fields.values():
            field.enable(enabled)
        self.facts.enable(enabled)
        self.checklist.enable(enabled)
        self.comments.enable(enabled)
        self._archive.visible = enabled

    def _tick(self) -> None:
        self.facts.tick()
        self.comments.tick()

    # What its person does.

    async def save(self) -> list[str]:
        """Save every draft; answers the names of what could not be saved and stays."""
        stays = [field.label for field in self.fields.values() if not await field.save()]
        if not await self.checklist.save():
            stays.append("Checklist")
        return stays if await self.comments.save() else [*stays, "Comment"]

    async def keep(self) -> None:
        """Save what can be saved of the drafts, and leave everything as it is on the screen."""
        for field in self.fields.values():
            await field.keep()
        await self.checklist.keep()

    def _saver(self, name: str) -> Callable[[str, str], Awaitable[str]]:
        async def save(text: str, base: str) -> str:
            nothing = None if name == "assignee" else ""
            card = await self._actions.update(self.card.id, {name: text or nothing}, {name: base or nothing})
            kept = getattr(card, name) or ""
            self._settled[name] = card.version
            self.fields[name].take(kept)
            self.facts.tick()
            return kept

        return save

    async def _set_fact(self, name: str, value: Any) -> bool:
        """Set a field that is chosen and not written; the assignee is both."""
        if name == "assignee":
            return await self._tried(self._saver(name)(value, self.facts.assignee.value))
        base = getattr(self.card, name)
        return value == base or await self._tried(self._actions.update(self.card.id, {name: value}, {name: base}))

    async def _delete_comment(self, comment_id: int) -> None:
        await self._tried(self._actions.delete_comment(comment_id))

    async def _restore_card(self) -> None:
        if self._actions.restore is not None:
            await self._tried(self._actions.restore(self.card.id))

    async def _tried(self, action: Awaitable[object]) -> bool:
        """Whether it was done; a refusal is said."""
        try:
            await action
        except FieldChanged:
            with self.room:
                notices.refuse("Another person changed this at the same moment. See what it is now, then choose again.")
            return False
        except Refusal as refusal:
            with self.room:
                notices.refuse(refusal)
            return False
        return True
