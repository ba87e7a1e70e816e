"""The bar under a field that another person changed while it is being edited: what it is now, and the choice."""

from collections.abc import Callable

from nicegui import ui

from components.buttons import plain_button


class ConflictBar:
    def __init__(self, *, on_keep: Callable[[], None], on_take: Callable[[], None]) -> None:
        self._box = ui.element("div").classes("conflict").props('role="alert" tabindex="-1"')
        with self._box:
            self._words = ui.label().classes("conflict-words")
            self._theirs = ui.label().classes("conflict-theirs").props('dir="auto"')
            with ui.element("div").classes("conflict-choice"):
                plain_button("Keep mine", on_keep, kind="")
                plain_button("Take theirs", on_take, kind="")
        self._urgent = False
        self._box.visible = False

    @property
    def shown(self) -> bool:
        return self._box.visible

    def show(self, theirs: str, by: str) -> None:
        self._words.set_text(f"{by} changed this to:")
        self._theirs.set_text(theirs if theirs.strip() else "nothing (it is empty now)")
        self._theirs.classes(**({"remove": "is-empty"} if theirs.strip() else {"add": "is-empty"}))
        self._box.visible = True

    def insist(self) -> None:
        """A choice is wanted before anything is saved."""
        self._urgent = not self._urgent
        # One of two classes with the same animation: swapping them plays it again.
        names = ("insists-a", "insists-b")
        self._box.classes(add=names[self._urgent], remove=names[not self._urgent])

    def hide(self) -> None:
        self._box.visible = False
        self._box.classes(remove="insists-a insists-b")
