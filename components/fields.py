"""The kinds of field that a card is edited in: a title, a Markdown text, a name picked from those at hand."""

from collections.abc import Callable, Iterable
from typing import Any

from nicegui import ui
from nicegui.events import GenericEventArguments

from components.buttons import KEEP_FOCUS, plain_button
from components.editable import Editable, Save, focus_within
from components.people import avatar
from components.text import to_html
from models.card import ASSIGNEE_LENGTH, TEXT_LENGTH, TITLE_LENGTH

MOST_SUGGESTED = 6
MOST_TYPED = 200_000
"""Characters that an editor takes: more than can be saved, so that one is told; less than a message may hold."""

OPENS = """(e) => {
    if (!e.target.closest('a') && !String(getSelection())) emit();
}"""
"""A click on a text opens its editor, unless it follows a link or ends a selection."""


class RichText(ui.element):
    """Markdown, shown; its source is what a person reads, so tests see it too."""

    def __init__(self, markdown: str = "") -> None:
        super().__init__("div")
        self.classes("prose").props('dir="auto"')
        self.show(markdown)

    def show(self, markdown: str) -> None:
        self.markdown = markdown
        self._props["innerHTML"] = to_html(markdown)
        self.update()

    def _displayed_contents(self, *, only_visible: bool) -> list[Any]:
        return [*super()._displayed_contents(only_visible=only_visible), self.markdown]


class TitleField(Editable):
    one_line = True

    def _build_view(self) -> None:
        self._view = ui.element("h2").classes("title-view")
        with self._view:
            self._open = ui.element("button").props('type="button" dir="auto" title="Edit the title"')
            with self._open.mark("edit-title").on("click", self.start):
                self._text = ui.label()

    def _draw(self) -> None:
        self._text.set_text(self.value)

    def _show_view(self, shown: bool) -> None:
        self._view.visible = shown

    def _build_editor(self, text: str) -> ui.input:
        editor = ui.textarea(value=text).classes("title-editor").mark("title-editor")
        return editor.props('autogrow autofocus borderless dense rows=1 aria-label="Title" dir="auto"').props(
            f"maxlength={MOST_TYPED}"
        )

    def _focus_view(self) -> None:
        focus_within(self._view, "button")

    def _cleaned(self, text: str) -> str:
        return " ".join(text.split())

    def _problem(self, text: str) -> str | None:
        if not text:
            return "A card needs a title."
        if len(text) > TITLE_LENGTH:
            return f"A title has at most {TITLE_LENGTH} characters; this one has {len(text)}."
        return None

    def enable(self, enabled: bool) -> None:
        super().enable(enabled)
        self._open.props(remove="disabled") if enabled else self._open.props("disabled")


class MarkdownField(Editable):
    def __init__(self, label: str, value: str, save: Save, *, invitation: str, required: str | None = None) -> None:
        self._invitation = invitation
        self._required = required
        super().__init__(label, value, save)

    def _build_view(self) -> None:
        if self.label:
            with ui.element("div").classes("editable-head"):
                with ui.element("h3"):
                    ui.label(self.label)
                self._open = plain_button("Edit", self.start, label=f"Edit {self.label.lower()}")
        self._text = RichText().on("click", self.start, js_handler=OPENS)
        self._empty = ui.element("button").classes("editable-empty").props('type="button"')
        with self._empty.on("click", self.start):
            ui.label(self._invitation)

    def _draw(self) -> None:
        self._text.show(self.value)
        self._show_view(not self.editing)

    def _show_view(self, shown: bool) -> None:
        self._text.visible = shown and bool(self.value.strip())
        self._empty.visible = shown and not self.value.strip()
        if self.label:
            self._open.visible = self._text.visible and self._enabled

    def _build_editor(self, text: str) -> ui.input:
        editor = ui.textarea(value=text).classes("text-editor")
        editor.props(f'autogrow autofocus borderless dense aria-label="{self.label or "Comment"}" dir="auto"')
        editor.props(f"maxlength={MOST_TYPED}")
        with ui.element("div").classes("editable-actions"):
            plain_button("Save", self._save_pressed, kind="is-primary")
            plain_button("Cancel", self.cancel)
            ui.label("Markdown. Ctrl+Enter saves, Esc cancels").classes("editable-hint")
        return editor

    async def _save_pressed(self) -> None:
        await self.save(refocus=True)

    def _focus_view(self) -> None:
        focus_within(self.box, ".editable-head button, .editable-empty")

    def _problem(self, text: str) -> str | None:
        if self._required and not text.strip():
            return self._required
        if len(text) > TEXT_LENGTH:
            return f"At most {TEXT_LENGTH:,} characters; this text has {len(text):,}."
        return None

    def enable(self, enabled: bool) -> None:
        super().enable(enabled)
        self._show_view(not self.editing)
        self._empty.props(remove="disabled") if enabled else self._empty.props("disabled")


class NameField(Editable):
    """One name or nobody; typing offers the names known so far."""

    one_line = True

    def __init__(self, label: str, value: str, save: Save, *, names: Callable[[], Iterable[str]]) -> None:
        self._names = names
        super().__init__(label, value, save)

    def _build_view(self) -> None:
        self._open = ui.element("button").classes("fact-value").props('type="button"').mark("edit-assignee")
        with self._open.on("click", self.start):
            self._face = ui.label().props('aria-hidden="true"')
            self._text = ui.label().props('dir="auto"')

    def _draw(self) -> None:
        _show_name(self._face, self._text, self.value)
        self._open.props["aria-label"] = f"{self.label}: {self.value or 'nobody'}"

    def _show_view(self, shown: bool) -> None:
        self._open.visible = shown

    def _build_editor(self, text: str) -> ui.input:
        editor = ui.input(value=text, placeholder="A name, or empty for nobody")
        editor.classes("name-editor").mark("assignee-editor")
        editor.props(f'autofocus borderless dense autocomplete=off aria-label="{self.label}" dir="auto"')
        editor.props(f"maxlength={MOST_TYPED}")
        self._offers = ui.element("div").classes("name-offers").props('role="group" aria-label="Names on the board"')
        editor.on("focus", js_handler="(e) => e.target.select()")
        editor.on_value_change(lambda event: self._offer(event.value or ""))
        self._offer(text)
        return editor

    def _offer(self, typed: str) -> None:
        """Names that hold what is typed; all of them, and nobody, before anything is."""
        untouched = typed == self.value
        wanted = "" if untouched else typed.strip().casefold()
        found = [name for name in self._names() if wanted in name.casefold() and name != self.value]
        offers = [*found[:MOST_SUGGESTED], *([""] if self.value and untouched else [])]
        self._offers.clear()
        with self._offers:
            for name in offers:
                button = ui.element("button").classes("name-offer").props('type="button"')
                with button.on("mousedown", js_handler=KEEP_FOCUS).on("click", self._chooser(name)):
                    _show_name(ui.label().props('aria-hidden="true"'), ui.label().props('dir="auto"'), name)

    def _chooser(self, name: str) -> Callable[[GenericEventArguments], Any]:
        async def choose(_: GenericEventArguments) -> None:
            await self.save(name, refocus=True)

        return choose

    def _focus_view(self) -> None:
        focus_within(self.box, ".fact-value")

    def _cleaned(self, text: str) -> str:
        return " ".join(text.split())

    def _problem(self, text: str) -> str | None:
        if len(text) > ASSIGNEE_LENGTH:
            return f"A name has at most {ASSIGNEE_LENGTH} characters; this one has {len(text)}."
        return None

    def enable(self, enabled: bool) -> None:
        super().enable(enabled)
        self._open.props(remove="disabled") if enabled else self._open.props("disabled")


def _show_name(face: ui.label, text: ui.label, name: str) -> None:
    shown = avatar(name) if name else None
    face.classes(replace=shown.classes if shown else "avatar is-nobody")
    face.set_text(shown.initials if shown else "")
    text.set_text(name or "Nobody")
