"""A text typed where it will stand: a new card in its column, a new name in place of the old.

The text lives in the browser until it is handed over. Nothing that a broadcast changes touches the editor.
"""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from nicegui.element import Element
from nicegui.events import GenericEventArguments

TEXT_MOST = 1_000
"""Longer input is cut before it reaches a command, which has its own, narrower idea of too long."""


class InlineEditor(Element):
    """`on_submit` gets the text; `on_close` hears that the editor is no longer wanted.

    With `stays`, Enter empties the editor for the next text instead of closing it, and a text for which `on_submit`
    answers False is put back.
    """

    def __init__(
        self,
        label: str,
        *,
        on_submit: Callable[[str], Awaitable[bool | None]],
        on_close: Callable[[], None],
        text: str = "",
        longest: int,
        stays: bool = False,
    ) -> None:
        super().__init__("textarea" if stays else "input")
        self._on_submit = on_submit
        self._on_close = on_close
        self._stays = stays
        self.classes("inline-editor field")
        self._props.update({"aria-label": label, "placeholder": label, "maxlength": longest, "data-text": text})
        self._props.update({"rows": 2, "data-stays": "1"} if stays else {"type": "text", "autocomplete": "off"})
        self.on("keydown", self._heard, js_handler="(e) => kanban.editorKey(e, emit)")
        self.on("blur", self._heard, js_handler="(e) => kanban.editorLeft(e, emit)")
        self.on("vnodeMounted", js_handler="(node) => kanban.editorOpened(node.el)")

    async def _heard(self, event: GenericEventArguments) -> None:
        said: Any = event.args
        action, text = (said.get("action"), said.get("text")) if isinstance(said, dict) else (None, None)
        submits = action == "submit" and isinstance(text, str) and bool(text.strip())
        if not (submits and self._stays):
            self._on_close()
        if submits and isinstance(text, str):
            taken = await self._on_submit(text.strip()[:TEXT_MOST])
            if taken is False and self._stays and not self.is_deleted:
                self.client.run_javascript(f"kanban.putBack('{self.html_id}', {json.dumps(text)})")
