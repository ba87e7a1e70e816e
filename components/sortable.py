"""Drag and drop on a list, with NiceGUI's own SortableJS, but placed by what the browser names and not by index.

NiceGUI's controller moves the Python element by index as soon as a drop arrives, and fails when the element is gone.
Here a drop is an event like any other: `static/board.js` names the card and its neighbours, the board decides.
"""

from typing import Any, Self

from nicegui import ui
from nicegui.elements.sortable import Sortable
from nicegui.events import Handler, SortableEventArguments

TOUCH = {"delay": 150, "delayOnTouchOnly": True, "touchStartThreshold": 6}
"""A finger that stays for 150 ms drags; one that moves at once scrolls."""
POINTER = {"forceFallback": True, "fallbackOnBody": True, "fallbackTolerance": 4}
"""SortableJS draws what is dragged, the same for mouse and finger; a click that trembles is still a click."""
SCROLL = {"scrollSensitivity": 50, "scrollSpeed": 8, "bubbleScroll": True}
LOOK = {"dragClass": "is-dragged", "fallbackClass": "is-dragged", "chosenClass": "is-chosen"}


class BoardSortable(Sortable):
    def on_end(self, callback: Handler[SortableEventArguments]) -> Self:
        """Nothing: no element is moved by index."""
        return self


def make_sortable(element: ui.list, *, group: str, handle: str | None = None, **options: Any) -> BoardSortable:
    """Let people reorder the children of `element`, and drag between all lists of the same group."""
    with element.client.layout:
        sortable = BoardSortable(
            element,
            {**TOUCH, **POINTER, **SCROLL, **LOOK, **options},
            on_end=None,
            animation=0.15,
            handle=handle,
            group=group,
            ghost_class="is-placeholder",
        )
    element._sortable = sortable  # so that it goes when the list goes
    return sortable
