"""The comments of a card, newest first, and the place to write one. What others write appears in place.

A text being written is never touched: the list changes around it, one element a comment.
"""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime

from nicegui import ui
from nicegui.events import GenericEventArguments

from app.errors import Refusal
from app.views import CommentView
from components.buttons import plain_button
from components.comment_item import CommentItem
from components.fields import MOST_TYPED
from models.comment import TEXT_LENGTH
from models.vocabulary import ActorKind

SHOWN_AT_FIRST = 30

SENDS = """(e) => {
    if (e.key !== 'Enter' || !(e.ctrlKey || e.metaKey) || e.isComposing || !e.target.matches('textarea')) return;
    e.preventDefault();
    emit(e.target.value);
}"""


class CommentList:
    def __init__(
        self,
        comments: Iterable[CommentView],
        *,
        viewer_name: Callable[[], str],
        unsent: str,
        on_add: Callable[[str], Awaitable[object]],
        on_failed: Callable[[str, Refusal], object],
        on_edit: Callable[[int, str], Awaitable[object]],
        on_delete: Callable[[int], Awaitable[object]],
    ) -> None:
        self._viewer_name = viewer_name
        self._on_add, self._on_failed = on_add, on_failed
        self._on_edit, self._on_delete = on_edit, on_delete
        self._items: dict[int, CommentItem] = {}
        self._older: list[CommentView] = []
        self._sending: str | None = None
        with ui.element("section").classes("comments").props('aria-label="Comments"'):
            with ui.element("h3"):
                ui.label("Comments")
                self._count = ui.label().classes("comment-count")
            self._build_composer(unsent)
            self._list = ui.element("ol").classes("comment-list")
            self._more = plain_button("", self._show_older)
            with self._more:
                self._more_text = ui.label()
        self._show(sorted(comments, key=_age, reverse=True))

    @property
    def unsent(self) -> str:
        """What is written but not sent, nor on its way."""
        text = (self._composer.value or "").strip()
        return "" if text == self._sending else text

    def write(self, text: str) -> None:
        """Put a text where comments are written, above what is there."""
        self._composer.set_value("\n\n".join(filter(None, (text, self._composer.value))))

    async def save(self) -> bool:
        """Save the comments that are being edited; False when one of them stays."""
        return all([await item.save() for item in self._items.values()])

    def take(self, comment: CommentView) -> None:
        """A comment was added or edited."""
        item = self._items.get(comment.id)
        if item is not None:
            item.take(comment)
            return
        older = [comment if other.id == comment.id else other for other in self._older]
        if older != self._older:
            self._older = older
            return
        with self._list:
            self._items[comment.id] = item = self._item(comment)
        item.element.move(target_index=0)
        item.element.classes("is-new")
        self._tell()

    def drop(self, comment_id: int) -> None:
        item = self._items.pop(comment_id, None)
        if item is not None:
            item.element.delete()
        self._older = [comment for comment in self._older if comment.id != comment_id]
        self._tell()

    def renew(self, comments: Iterable[CommentView]) -> None:
        """The comments as they are after some changes were missed."""
        comments = sorted(comments, key=_age)
        present = {comment.id for comment in comments}
        for comment_id in [*self._items, *(comment.id for comment in self._older)]:
            if comment_id not in present:
                self.drop(comment_id)
        for comment in comments:
            self.take(comment)

    def enable(self, enabled: bool) -> None:
        self._form.visible = enabled
        for item in self._items.values():
            item.enable(enabled)

    def tick(self) -> None:
        """Time went by."""
        for item in self._items.values():
            item.tick()

    def _build_composer(self, unsent: str) -> None:
        self._form = ui.element("div").classes("composer").on("keydown", self._send_keys, js_handler=SENDS)
        with self._form:
            self._composer = ui.textarea(value=unsent, placeholder="Write a comment").mark("comment-composer")
            self._composer.props('autogrow borderless dense rows=1 aria-label="Write a comment" dir="auto"')
            self._composer.props(f"maxlength={MOST_TYPED}")
            with ui.element("div").classes("composer-foot"):
                plain_button("Comment", self._send, kind="is-primary").mark("send-comment")
                ui.label("Markdown. Ctrl+Enter sends").classes("editable-hint")
            self._error = ui.label().classes("editable-error").props('role="alert"')
        self._error.visible = False

    async def _send_keys(self, event: GenericEventArguments) -> None:
        await self._send(event.args)

    async def _send(self, typed: object = None) -> None:
        text = typed if isinstance(typed, str) else self._composer.value or ""
        if self._sending is not None or not text.strip():
            return
        if len(text) > TEXT_LENGTH:
            self._fail(f"A comment has at most {TEXT_LENGTH:,} characters; this one has {len(text):,}.")
            return
        self._sending = text.strip()
        try:
            await self._on_add(self._sending)
        except Refusal as refusal:
            self._fail(f"Not sent. {refusal.detail}")
            self._on_failed(text.strip(), refusal)
            return
        finally:
            self._sending = None
        self._fail(None)
        if (self._composer.value or "").strip() == text.strip():
            self._composer.set_value("")

    def _fail(self, problem: str | None) -> None:
        self._error.set_text(problem or "")
        self._error.visible = problem is not None

    def _show(self, newest_first: list[CommentView]) -> None:
        with self._list:
            for comment in newest_first[:SHOWN_AT_FIRST]:
                self._items[comment.id] = self._item(comment)
        self._older = newest_first[SHOWN_AT_FIRST:]
        self._tell()

    def _show_older(self) -> None:
        self._show(self._older)

    def _item(self, comment: CommentView) -> CommentItem:
        own = comment.author == self._viewer_name() and comment.author_kind is ActorKind.HUMAN
        return CommentItem(comment, own, self._on_edit, self._on_delete)

    def _tell(self) -> None:
        count = len(self._items) + len(self._older)
        self._count.set_text(str(count) if count else "")
        self._more.visible = bool(self._older)
        self._more_text.set_text(f"Show {len(self._older)} older")


def _age(comment: CommentView) -> tuple[datetime, int]:
    return comment.created_at, comment.id
