"""An element of which a board has many, in every browser.

What NiceGUI does for any element (describe its slots, listeners and styles, look for observers of each value) costs as
much as the rest of a change when it is done for a hundred browsers. These elements have none of that.
"""

from typing import Any

from nicegui.element import Element


class LeanElement(Element):
    """A tag, classes and plain values; no children, listeners or style."""

    def _set(self, values: dict[str, Any]) -> None:
        """Set these values and send the element."""
        dict.update(self._props, values)
        self.update()

    def _to_dict(self) -> dict[str, Any]:
        return {"tag": self.tag, "class": self._classes, "props": self._props}
