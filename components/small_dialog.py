"""A question with one answer and a way out."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from components.button import Button


class SmallDialog(ui.dialog):
    """What is asked goes into `body`. When it closes it goes, and the focus is back where it came from."""

    def __init__(self, title: str, back_to: str) -> None:
        super().__init__()
        self._back_to = back_to
        with self, ui.card().classes("small-dialog") as self.body:
            ui.label(title).classes("small-dialog-title").props('role="heading" aria-level="2"')
        self.on("hide", self._go)
        self.open()

    def answers(self, label: str, on_click: Callable[[], Awaitable[None]], *, danger: bool = False) -> Button:
        with ui.element("div").classes("small-dialog-answers"):
            Button("Cancel", self.close, classes="button is-quiet")
            return Button(label, on_click, classes=f"button {'is-danger' if danger else 'is-primary'}")

    def _go(self) -> None:
        self.client.run_javascript(f"document.getElementById('{self._back_to}')?.focus()")
        self.delete()
