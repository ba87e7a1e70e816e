"""A plain button with a word on it, in the look of the style sheet."""

from nicegui.elements.mixins.text_element import TextElement
from nicegui.events import ClickEventArguments, Handler, handle_event


class Button(TextElement):
    def __init__(
        self, text: str, on_click: Handler[ClickEventArguments] | None = None, *, classes: str = "button"
    ) -> None:
        super().__init__(tag="button", text=text)
        self.classes(classes).props('type="button"')
        if on_click is not None:
            self.on("click", lambda _: handle_event(on_click, ClickEventArguments(sender=self, client=self.client)), [])
