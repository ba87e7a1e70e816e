"""Buttons beside editors."""

from collections.abc import Callable
from typing import Any

from nicegui import ui

KEEP_FOCUS = "(e) => e.preventDefault()"
"""For buttons beside an editor: pressing one must not take the focus, which would save the text first."""


def plain_button(
    text: str, handler: Callable[..., Any], *, kind: str = "is-quiet", label: str | None = None
) -> ui.element:
    """A button that does not take the focus from an editor when it is pressed."""
    button = ui.element("button").classes(f"button {kind}").props('type="button"')
    if label is not None:
        button.props["aria-label"] = label
    with button.on("mousedown", js_handler=KEEP_FOCUS).on("click", handler):
        ui.label(text)
    return button
