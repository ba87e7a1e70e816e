"""Short words at the lower edge of the page: what happened, what was refused, and the way back (Undo).

Each page has one region for them. They are plain elements rather than Quasar notifications: an Undo is a button with
a handler, and a browser that was away does not get a pile of old ones at once.
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Literal
from weakref import WeakKeyDictionary

from nicegui import Client, ui

from app.errors import Refusal
from components.button import Button

Kind = Literal["info", "good", "warn", "bad"]

SECONDS = 5.0
UNDO_SECONDS = 8.0
MOST_SHOWN = 3

_regions: WeakKeyDictionary[Client, ui.element] = WeakKeyDictionary()


def place() -> ui.element:
    """Make the region for the notices of the present page; called once by the page's shell."""
    region = ui.element("section").classes("notices").props('aria-label="Notices"')
    _regions[ui.context.client] = region
    return region


def say(text: str, *, kind: Kind = "info", seconds: float = SECONDS) -> None:
    """Show a text on the present page for some seconds."""
    _show(text, kind, seconds)


def refuse(refusal: Refusal | str) -> None:
    """Say why something was not done."""
    _show(refusal.detail if isinstance(refusal, Refusal) else refusal, "bad", SECONDS + 2)


@contextmanager
def refusals_told() -> Iterator[None]:
    """What is refused inside is told to the person, and the rest of the block is left out."""
    try:
        yield
    except Refusal as refusal:
        refuse(refusal)


def undo(
    text: str,
    on_undo: Callable[[], Awaitable[None] | None],
    *,
    label: str = "Undo",
    seconds: float = UNDO_SECONDS,
) -> None:
    """Show a text with a button that takes back what was done."""
    _show(text, "info", seconds, (label, on_undo))


def dismiss_refusals() -> None:
    """The person went on to something else, over which they would lie."""
    region = _regions.get(ui.context.client)
    if region is None or region.is_deleted:
        return
    for notice in [notice for notice in _shown(region) if notice.kind in ("warn", "bad")]:
        notice.delete()


def caught_up(changes: int) -> None:
    """Tell someone whose connection came back what they missed."""
    if changes == 1:
        say("Back online: 1 change caught up", kind="good")
    elif changes:
        say(f"Back online: {changes:,} changes caught up", kind="good")
    else:
        say("Back online: nothing was missed", kind="good")


class Notice(ui.element):
    def __init__(self, text: str, kind: Kind) -> None:
        super().__init__("div")
        self.text, self.kind = text, kind
        self.classes(f"notice is-{kind}").mark(f"notice-{kind}")
        self.props('role="alert"' if kind == "bad" else 'role="status"')
        with self:
            ui.label(text).classes("notice-text")


def _show(
    text: str,
    kind: Kind,
    seconds: float,
    action: tuple[str, Callable[[], Awaitable[None] | None]] | None = None,
) -> None:
    region = _regions.get(ui.context.client)
    if region is None or region.is_deleted:
        return
    older = _shown(region)
    if action is None:
        for same in [notice for notice in older if notice.text == text]:
            same.delete()
    while len(older) >= MOST_SHOWN:
        older[0].delete()
    with region:
        notice = Notice(text, kind)
    with notice:
        if action is not None:
            _button(notice, *action)
        ui.timer(seconds, notice.delete, once=True)


def _shown(region: ui.element) -> list[Notice]:
    return region.default_slot.children  # type: ignore[return-value]


def _button(notice: ui.element, label: str, handler: Callable[[], Awaitable[None] | None]) -> None:
    async def act() -> None:
        # Entered before the notice goes, so that what the handler shows lands on the same page.
        with notice.client:
            notice.delete()
            result = handler()
            if result is not None:
                await result

    Button(label, act, classes="notice-action")
