"""Who works on the card now, how far it got, and the way to end that: for oneself, or for an agent that went astray."""

from typing import Any

from nicegui import ui

from app.views import CardView
from components import card_face
from components.buttons import plain_button
from components.card_actions import Doing
from components.editable import focus_within
from components.identity import is_guest

HOLDS = """(e) => {
    if (e.detail > 1) return e.stopPropagation();
    if (!e.detail) return;
    const box = e.currentTarget, let_go = () => { box.style.minHeight = ''; };
    box.style.minHeight = `${box.offsetHeight}px`;
    if (e.pointerType === 'touch') setTimeout(let_go, 600);
    else box.onpointerleave = let_go;
}"""
"""What follows does not move up under the pointer, and the second click of two does nothing: it was meant for what was
there before."""


class CardWork:
    def __init__(self, card: CardView, doing: Doing) -> None:
        self._card = card
        self._doing = doing
        self._enabled = True
        with ui.element("section").classes("work").props('aria-label="Work"') as self.box:
            self.box.on("click.capture", js_handler=HOLDS)
            ui.label("Work").classes("fact-label")
            self._now = WorkNow()
            self._left = ui.label().classes("work-left").props('dir="auto"')
            self._claim = plain_button("Claim for me", self._take, kind="").mark("claim-card")
            self._release = plain_button("Release", self._end, kind="").mark("release-card")
            with plain_button("", self._ask, kind="").mark("take-off") as self._take_off:
                self._whom = ui.label()
            with ui.element("div").classes("work-sure") as self._sure:
                self._question = ui.label().props('role="alert"')
                plain_button("Take off", self._end, kind="is-danger").mark("take-off-now")
                plain_button("Leave it", self._keep)
        self._asked: int | None = None
        """The fence of the claim that a person was asked about: the answer is for no other."""
        self.show(card)

    def show(self, card: CardView) -> None:
        self._card = card
        claim, progress, enabled = card.claim, card.progress, self._enabled
        own = claim is not None and claim.holder == self._doing.viewer_name()
        if claim is None or claim.fence != self._asked or not enabled:
            self._asked = None
        self._now.show(card)
        free = claim is None and card.done_at is None
        self._left.set_text(_left_behind(card) if claim is None and progress is not None else "")
        self._left.visible = bool(self._left.text)
        self._claim.visible = free and enabled and not is_guest(self._doing.viewer_name())
        self._release.visible = own and enabled
        self._take_off.visible = claim is not None and not own and enabled and self._asked is None
        self._sure.visible = self._asked is not None
        if claim is not None:
            self._whom.set_text(f"Take off {claim.holder}")
            self._question.set_text(f"{claim.holder} loses the card, and what it still writes on it is refused.")
        self.box.visible = claim is not None or self._claim.visible or self._left.visible

    def enable(self, enabled: bool) -> None:
        self._enabled = enabled
        self.show(self._card)

    async def _take(self) -> None:
        await self._doing.tried(self._doing.actions.claim(self._card.id))

    async def _end(self) -> None:
        self._keep()
        await self._doing.tried(self._doing.actions.release(self._card.id))

    def _ask(self) -> None:
        self._asked = self._card.claim.fence if self._card.claim else None
        self.show(self._card)
        focus_within(self._sure, ".is-danger")

    def _keep(self) -> None:
        self._asked = None
        self.show(self._card)


class WorkNow(ui.element):
    """The claim of a card and the progress reported; the browser adds what depends on the time."""

    def __init__(self) -> None:
        super().__init__("div")
        self._said: list[str] = []

    def show(self, card: CardView) -> None:
        self.visible = card.claim is not None
        html = card_face.render_work(card) if card.claim is not None else ""
        if html != self._props.get("innerHTML", ""):
            self._props["innerHTML"] = html
        progress = card.progress
        self._said = [card.claim.holder] if card.claim is not None else []
        if self._said and progress is not None:
            self._said += [progress.text, f"{progress.percent} %"]

    def _displayed_contents(self, *, only_visible: bool) -> list[Any]:
        return [*super()._displayed_contents(only_visible=only_visible), *self._said]


def _left_behind(card: CardView) -> str:
    """What the last worker said of a card that nobody works on now."""
    progress = card.progress
    if progress is None:
        return ""
    measure = "" if progress.percent is None else f"at {progress.percent}\N{NO-BREAK SPACE}%"
    return f"{card.worker or 'Someone'} left it {measure}{': ' + progress.text if progress.text else ''}".strip()
