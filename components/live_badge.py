"""The badge that tells the truth about the connection, and the pulse behind it.

The browser measures (static/live.js): it asks every five seconds, and draws what it learns. The server only answers
with its time, by which a browser that was away can later say since when it has missed things.
"""

import time
from typing import Any

from nicegui import core, ui

PULSE = "agent_kanban_pulse"


def install() -> None:
    """Answer the pulses of all browsers."""

    @core.sio.on(PULSE)
    async def answer(_sid: str, _data: Any = None) -> dict[str, int]:
        return {"now": round(time.time() * 1000)}


def place() -> None:
    """Put the badge here. The script fills it: what Vue does not know of, it does not repaint."""
    badge = ui.element("div").classes("live").props('data-live data-state="connecting"')
    badge.on("vnodeMounted", js_handler="() => AgentKanban.drawBadge()")
    with badge:
        ui.element("span").classes("live-shape").props('aria-hidden="true"')
        ui.element("span").classes("live-word").props('role="status"')
        ui.element("span").classes("live-time").props('aria-hidden="true"')
