"""One agent in the panel: what it is doing, and what a person can do about it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from nicegui import ui

from app.views import ClaimView
from components import moments
from components.agents_now import AgentNow, State, last_sign
from components.button import Button
from components.editable import focus_within
from components.lean import LeanElement
from components.people import avatar
from models.vocabulary import ActorKind

REASON_LENGTH = 200
_facts = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
).get_template("agent_row.html")


@dataclass(frozen=True)
class AgentActions:
    """`pause` and `resume` answer whether it was done; if not, the person has been told why. `undo` gets the agent,
    whether it is at work, and the id of the element that has the focus when all is done.
    """

    pause: Callable[[str, str], Awaitable[bool]]
    resume: Callable[[str], Awaitable[bool]]
    undo: Callable[[str, bool, str], Awaitable[None]]
    open_card: Callable[[int], Awaitable[None]]


class AgentRow(ui.element):
    """The facts are one element that is drawn anew; what a person types stands beside it and stays."""

    def __init__(self, agent: AgentNow, actions: AgentActions) -> None:
        super().__init__("li")
        self.agent = agent
        self._actions = actions
        self.classes("agent")
        with self:
            self._facts = AgentFacts()
            with ui.element("div").classes("agent-actions") as self._buttons:
                # One button for both, so that it keeps the focus.
                self._hold = Button("", self._hold_or_let_go)
                self._undo = Button("Undo what it did…", self._ask_undo, classes="button is-quiet")
            with ui.element("form").classes("agent-reason") as self._form:
                self._form.on("submit.prevent", self._do_pause).on("keydown.esc.stop", self._close_form)
                self._reason = ui.input("Reason (optional)").props(f"outlined dense maxlength={REASON_LENGTH}")
                self._reason.props('hint="Told to the agent when it is refused"')
                with ui.element("div").classes("agent-actions"):
                    pause = Button("Pause", classes="button is-primary").props('type="submit"')
                    pause._props["aria-label"] = f"Pause {agent.name}"
                    Button("Cancel", self._close_form, classes="button is-quiet")
        self._form.set_visibility(False)

    @property
    def asks(self) -> bool:
        """Whether somebody is about to pause it."""
        return self._form.visible

    def show(self, agent: AgentNow, now: datetime) -> None:
        self.agent = agent
        self._facts.show(agent, now)
        paused = agent.paused is not None
        if paused and self.asks:
            self._close_form()
        word = "Resume" if paused else "Pause…"
        if word != self._hold.text:
            self._hold._props["aria-label"] = f"{word.rstrip('…')} {agent.name}"
            self._hold.set_text(word)

    async def _hold_or_let_go(self) -> None:
        if self.agent.paused is not None:
            await self._actions.resume(self.agent.name)
        else:
            self._ask_reason()

    def _ask_reason(self) -> None:
        self._reason.set_value("")
        self._buttons.set_visibility(False)
        self._form.set_visibility(True)
        focus_within(self._form, "input")

    def _close_form(self) -> None:
        self._form.set_visibility(False)
        self._buttons.set_visibility(True)
        focus_within(self._buttons, "button")

    async def _do_pause(self) -> None:
        if await self._actions.pause(self.agent.name, str(self._reason.value or "").strip()) and not self.is_deleted:
            self._close_form()

    async def _ask_undo(self) -> None:
        at_work = self.agent.state(datetime.now(UTC)) is State.WORKING
        await self._actions.undo(self.agent.name, at_work, self._undo.html_id)


class AgentFacts(LeanElement):
    def __init__(self) -> None:
        super().__init__("div")
        self.classes("agent-facts")
        self._words: list[str] = []

    def show(self, agent: AgentNow, now: datetime) -> None:
        state = agent.state(now)
        html = _facts.render(
            agent=agent,
            state=state,
            avatar=avatar(agent.name, ActorKind.AGENT),
            ago=partial(_ago, now=now),
            exact=moments.exact,
            lease=lambda claim: _lease(claim, state, now),
        )
        self._words = [agent.name, state.value, *(card.title for card in agent.cards)]
        if self._props.get("innerHTML") != html:
            self._set({"innerHTML": html})

    def _displayed_contents(self, *, only_visible: bool) -> list[str]:
        return self._words


def _ago(moment: datetime, *, now: datetime) -> str:
    return moments.ago(moment, now)


def _lease(claim: ClaimView, state: State, now: datetime) -> str:
    if claim.busy_until is not None and claim.busy_until > now:
        return f", busy for another {_span(claim.busy_until - now)}"
    if state is State.SILENT:
        ends = f"lease ends in {_span(claim.expires_at - now)}" if claim.expires_at > now else "lease is ending"
        return f", no sign for {_span(now - last_sign(claim))}, {ends}"
    return ""


def _span(time: timedelta) -> str:
    seconds = int(time.total_seconds())
    if seconds < moments.MINUTE:
        return f"{seconds} s"
    return f"{seconds // moments.MINUTE} min" if seconds < moments.HOUR else f"{seconds // moments.HOUR} h"
