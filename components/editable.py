"""A field edited in place: it shows a value, opens an editor on it, and loses nobody's text to somebody else's change.

While an editor is open, nothing but its person writes into it: everything else is updated around it. What others do to
the same field meanwhile is shown in a bar below and wants a choice before the text is saved.
"""

import asyncio
from collections.abc import Awaitable, Callable

from nicegui import ui
from nicegui.events import GenericEventArguments

from app.errors import FieldChanged, InvalidInput, Refusal
from components.buttons import plain_button
from components.conflict_bar import ConflictBar

SOMEONE = "Someone"

Save = Callable[[str, str], Awaitable[str]]
"""Given the text and the value it is based on, answers the value as it is kept; raises Refusal."""

LEFT = """(e) => {
    const input = e.currentTarget.querySelector('textarea, input');
    if (input && document.hasFocus() && !e.currentTarget.contains(e.relatedTarget)) emit(input.value);
}"""
"""Leaving the field, and not just the window; carries the text, so that none typed last is missed."""

KEYS = """(e) => {
    const input = e.currentTarget.querySelector('textarea, input');
    if (!input || e.isComposing) return;
    const saves = e.key === 'Enter' && (e.ctrlKey || e.metaKey || (ONE_LINE && e.target === input));
    if (!saves && e.key !== 'Escape') return;
    e.preventDefault();
    e.stopPropagation();
    emit(saves ? 'save' : 'cancel', input.value);
}"""


class Editable:
    """Subclasses say how the value looks (`_build_view`, `_draw`) and what its editor is (`_build_editor`)."""

    one_line = False

    def __init__(self, label: str, value: str, save: Save) -> None:
        self.label = label
        self.value = value
        self._save = save
        self._editor: ui.input | None = None
        self._opened_on = value
        """What the editor held when it was opened: a text that still equals it is no draft."""
        self._base = value
        """The value that the draft is based on; the store refuses to save over another."""
        self._theirs: str | None = None
        self._by = SOMEONE
        self._saving = False
        self._one_at_a_time = asyncio.Lock()
        self._flashed = False
        self._enabled = True
        self.box = ui.element("div").classes("editable")
        self.box.on("focusout", self._left, js_handler=LEFT)
        self.box.on("keydown", self._key, js_handler=KEYS.replace("ONE_LINE", str(self.one_line).lower()))
        with self.box:
            self._build_view()
            self._who = ui.label().classes("editable-who")
            self._place = ui.element("div").classes("editable-editor")
            with ui.element("div").classes("editable-problem") as self._problem_line:
                self._error = ui.label().classes("editable-error").props('role="alert"')
                # A one-line editor has no buttons of its own, and a phone has no Escape.
                plain_button("Discard", self.cancel).set_visibility(self.one_line)
            self._bar = ConflictBar(on_keep=self.keep_mine, on_take=self.take_theirs)
        self._place.visible = self._problem_line.visible = False
        self._draw()

    # What a kind of field fills in.

    def _build_view(self) -> None:
        raise NotImplementedError

    def _draw(self) -> None:
        """Show `self.value`."""
        raise NotImplementedError

    def _show_view(self, shown: bool) -> None:
        raise NotImplementedError

    def _build_editor(self, text: str) -> ui.input:
        raise NotImplementedError

    def _focus_view(self) -> None:
        """Put the focus where the editor was opened from."""

    def _cleaned(self, text: str) -> str:
        return text

    def _problem(self, text: str) -> str | None:
        """Why `text` cannot be saved."""
        return None

    # What the dialog asks and tells.

    @property
    def editing(self) -> bool:
        return self._editor is not None

    def take(self, value: str, by: str | None = None) -> None:
        """The field has the value `value` now; `by` is whose change that was, None when it was one's own."""
        news = value != self.value
        self.value = value
        self._by = by or "You, in another window,"
        if news:
            self._draw()
        if self._editor is not None:
            # While a save is on its way, its own change may come back first: what is so is known when it is answered.
            if not self._saving:
                self._compare()
        elif news and by is not None:
            self._flash(by)

    def enable(self, enabled: bool) -> None:
        self._enabled = enabled

    # What its person does.

    def start(self) -> None:
        if self._editor is not None or not self._enabled:
            return
        self._opened_on = self._base = self.value
        self._theirs = None
        self._show_view(False)
        self._place.visible = True
        with self._place:
            self._editor = self._build_editor(self.value)

    def cancel(self) -> None:
        self._finish(refocus=True)

    def keep_mine(self) -> None:
        if self._theirs is not None:
            self._base, self._theirs = self._theirs, None
            # From here on the text stands against theirs, even if it is the one the editor was opened on.
            self._opened_on = self._base
        self._bar.hide()
        self._focus_editor()

    def take_theirs(self) -> None:
        self._finish(refocus=True)

    async def save(self, text: str | None = None, *, refocus: bool = False) -> bool:
        """Save the draft, `text` being its latest form; False when it stays, with the reason shown."""
        async with self._one_at_a_time:
            editor = self._editor
            if editor is None:
                return True
            if text is not None:
                text = text.replace("\r\n", "\n")
            cleaned = self._cleaned((editor.value or "") if text is None else text)
            if cleaned in (self._opened_on, self.value):
                self._finish(refocus=refocus)
                return True
            if self._theirs is not None:
                self._bar.insist()
                return False
            problem = self._problem(cleaned)
            if problem is not None:
                self._fail(problem)
                return False
            return await self._store(cleaned, editor.value, refocus=refocus)

    async def keep(self) -> None:
        """Save a draft that wants nothing more than saving, and leave its editor open for who may come back to it."""
        async with self._one_at_a_time:
            editor = self._editor
            if editor is None or self._theirs is not None:
                return
            text = self._cleaned(editor.value or "")
            if text not in (self._opened_on, self.value) and self._problem(text) is None:
                await self._store(text, editor.value, stay=True)

    async def _store(self, text: str, typed: str | None, *, refocus: bool = False, stay: bool = False) -> bool:
        self._saving = True
        try:
            kept = await self._save(text, self._base)
        except FieldChanged as refusal:
            current = str(refusal.data.get("current") or "")
            if current != self.value:
                self.value, self._by = current, SOMEONE
                self._draw()
            self._compare()
            self._bar.insist()
            return False
        except Refusal as refusal:
            self._fail(refusal.detail if isinstance(refusal, InvalidInput) else f"Not saved. {refusal.detail}")
            self._compare()
            return False
        finally:
            self._saving = False
        if self._editor is not None and (stay or self._editor.value not in (typed, text)):
            # Not to stay: then its person typed on while the text was being saved.
            self._opened_on = self._base = kept
            self._fail(None)
            return True
        self._finish(refocus=refocus)
        return True

    def _compare(self) -> None:
        """Whether the value by now is one that the draft does not know."""
        if self._editor is None:
            return
        if self.value in (self._base, self._cleaned(self._editor.value or "")):
            self._base, self._theirs = self.value, None
            self._bar.hide()
        else:
            self._theirs = self.value
            self._bar.show(self.value, self._by)

    def _finish(self, *, refocus: bool) -> None:
        if self._editor is None:
            return
        self._editor, self._theirs = None, None
        self._place.clear()
        self._place.visible = False
        self._bar.hide()
        self._fail(None)
        self._show_view(True)
        if refocus:
            self._focus_view()

    def _fail(self, problem: str | None) -> None:
        self._error.set_text(problem or "")
        self._problem_line.visible = problem is not None

    def _focus_editor(self) -> None:
        focus_within(self.box, "textarea, input")

    def _flash(self, by: str) -> None:
        self._who.set_text(f"{by}, just now")
        self._flashed = not self._flashed
        names = ("flash-a", "flash-b")
        self.box.classes(add=names[self._flashed], remove=names[not self._flashed])

    async def _left(self, event: GenericEventArguments) -> None:
        await self.save(event.args if isinstance(event.args, str) else None)

    async def _key(self, event: GenericEventArguments) -> None:
        wish, text = event.args
        if wish == "save":
            await self.save(text, refocus=True)
        else:
            self.cancel()


def focus_within(element: ui.element, selector: str) -> None:
    """Focus what matches inside `element`, once the update that may have made it is painted."""
    element.client.run_javascript(
        f"setTimeout(() => document.querySelector('#{element.html_id} :is({selector})')?.focus())"
    )
