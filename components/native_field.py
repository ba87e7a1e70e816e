"""A plain input of the browser for a moment or a number: its own pickers, keys and words of the place.

The text lives in the browser (static/times.js) until it is whole; what the server has waits in `data-kept` meanwhile.
"""

from collections.abc import Awaitable, Callable

from nicegui.element import Element
from nicegui.events import GenericEventArguments

SYNC = "(node) => AgentKanban.plain.sync(node.el)"
HEARD = "(e) => AgentKanban.plain.heard(e, emit)"
LONGEST = 40


class NativeField(Element):
    """`on_change` gets the new text: a moment in ISO 8601 with its zone, a number in digits, or empty for none."""

    def __init__(self, label: str, kind: str, on_change: Callable[[str], Awaitable[object]]) -> None:
        super().__init__("input")
        self._on_change = on_change
        self.classes("native-field")
        self._props.update({"type": kind, "aria-label": label, "data-kept": ""})
        if kind == "number":
            self._props.update({"min": 0, "step": "any", "inputmode": "decimal"})
        else:
            self.on("click", js_handler="(e) => { try { e.target.showPicker(); } catch { /* it is typed then */ } }")
        self.on("vnodeMounted", js_handler=SYNC).on("vnodeUpdated", js_handler=SYNC)
        for event in ("input", "blur", "keydown"):
            self.on(event, self._heard, js_handler=HEARD)

    @property
    def kept(self) -> str:
        return str(self._props["data-kept"])

    def show(self, kept: str) -> None:
        if kept != self.kept:
            self._props["data-kept"] = kept

    def enable(self, enabled: bool) -> None:
        self.props(remove="disabled") if enabled else self.props("disabled")

    async def _heard(self, event: GenericEventArguments) -> None:
        if isinstance(event.args, str) and len(event.args) <= LONGEST:
            await self._on_change(event.args)
            # Sent in any case: where nothing came of it, the browser shows another text than the server has.
            if not self.is_deleted:
                self.update()
