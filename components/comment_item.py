"""One comment of a card: who, when and what; its author edits and deletes it in place."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from nicegui import ui

from app.views import CommentView
from components.buttons import plain_button
from components.editable import focus_within
from components.fields import MarkdownField, RichText
from components.moments import ago, exact
from components.people import avatar
from models.vocabulary import ActorKind


class CommentItem:
    def __init__(
        self,
        comment: CommentView,
        own: bool,
        on_edit: Callable[[int, str], Awaitable[object]],
        on_delete: Callable[[int], Awaitable[object]],
    ) -> None:
        self._comment = comment
        self._on_edit, self._on_delete = on_edit, on_delete
        self._field: MarkdownField | None = None
        self._tools: ui.element | None = None
        self.element = ui.element("li").classes("comment")
        with self.element:
            face = avatar(comment.author, comment.author_kind)
            ui.label(face.initials).classes(face.classes).props('aria-hidden="true"')
            with ui.element("div").classes("comment-body"):
                with ui.element("div").classes("comment-head"):
                    ui.label(comment.author).classes("comment-author").props('dir="auto"')
                    if comment.author_kind is ActorKind.AGENT:
                        ui.label("agent").classes("comment-kind")
                    self._when = ui.label().classes("comment-when")
                    if own:
                        self._build_tools()
                if own:
                    self._field = MarkdownField(
                        "", comment.text, self._store, invitation="Empty", required="A comment needs some words."
                    )
                else:
                    self._text = RichText(comment.text)
        self.tick()

    def _build_tools(self) -> None:
        self._tools = ui.element("div").classes("comment-tools")
        with self._tools:
            self._asks = [
                plain_button("Edit", self._edit, label="Edit your comment"),
                plain_button("Delete", self._ask, label="Delete your comment"),
            ]
            self._sure = [
                plain_button("Delete for good", self._delete, kind="is-quiet is-danger"),
                plain_button("Keep", self._keep),
            ]
        self._keep()

    def take(self, comment: CommentView) -> None:
        self._comment = comment
        if self._field is not None:
            self._field.take(comment.text)
        elif self._text.markdown != comment.text:
            self._text.show(comment.text)
        self.tick()

    async def save(self) -> bool:
        return self._field is None or await self._field.save()

    def enable(self, enabled: bool) -> None:
        if self._tools is not None and self._field is not None:
            self._tools.visible = enabled
            self._field.enable(enabled)

    def tick(self) -> None:
        comment = self._comment
        edited = f", edited {exact(comment.edited_at)}" if comment.edited_at else ""
        self._when.set_text(ago(comment.created_at, datetime.now(UTC)) + (", edited" if edited else ""))
        if self._when.props.get("title") != exact(comment.created_at) + edited:
            self._when.props["title"] = exact(comment.created_at) + edited

    def _edit(self) -> None:
        if self._field is not None:
            self._field.start()

    def _ask(self) -> None:
        self._choose(sure=True)
        focus_within(self.element, ".is-danger")

    def _keep(self) -> None:
        self._choose(sure=False)

    def _choose(self, *, sure: bool) -> None:
        for button in self._asks:
            button.visible = not sure
        for button in self._sure:
            button.visible = sure

    async def _store(self, text: str, _: str) -> str:
        await self._on_edit(self._comment.id, text)
        return text

    async def _delete(self) -> None:
        self._keep()
        await self._on_delete(self._comment.id)
