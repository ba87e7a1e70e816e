"""The sheet of agents: what it says of each, what a person types into it, and what it asks for."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from nicegui import ui
from nicegui.testing import User
from nicegui.testing.user_interaction import UserInteraction
from nicegui.testing.user_simulation import user_simulation

from app.views import PausedAgent, Progress
from components.agent_row import AgentActions, AgentFacts
from components.agents_now import AgentNow
from components.agents_panel import AgentsPanel
from components.undo_dialog import Line, UndoActions, UndoDialog, Undoing
from tests.components import test_agents_now as views
from tests.components.dialog_user import settled


def at_work() -> AgentNow:
    """At work at the moment of asking: a time that was taken when the tests were collected may be minutes old."""
    now = datetime.now(UTC)
    claim = views.claim("agent-7").model_copy(update={"claimed_at": now, "expires_at": now + timedelta(seconds=300)})
    card = views.card(12, claim, title="Import <b>", progress=Progress(percent=40, text="4 of 10"))
    return AgentNow("agent-7", (card,), None, now)


def paused() -> AgentNow:
    now = datetime.now(UTC)
    return AgentNow("build-bot", (), PausedAgent(name="build-bot", reason="too loud", by="Ana", at=now), now)


class Panel:
    """What was asked of it."""

    shown: AgentsPanel
    user: User

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.closed = 0
        self.succeeds = True

    def build(self) -> None:
        self.shown = AgentsPanel(AgentActions(self._pause, self._resume, self._undo, self._open), self._close)

    async def _pause(self, name: str, reason: str) -> bool:
        self.asked.append(("pause", name, reason))
        return self.succeeds

    async def _resume(self, name: str) -> bool:
        self.asked.append(("resume", name))
        return True

    async def _undo(self, name: str, at_work: bool, _: str) -> None:
        self.asked.append(("undo", name, at_work))

    async def _open(self, card_id: int) -> None:
        self.asked.append(("open", card_id))

    def _close(self) -> None:
        self.closed += 1


@pytest.fixture
async def panel() -> AsyncIterator[Panel]:
    panel = Panel()
    async with user_simulation(panel.build) as panel.user:
        await panel.user.open("/")
        yield panel


def show(panel: Panel, *agents: AgentNow) -> None:
    with panel.user:
        panel.shown.show(agents)


def html(user: User, name: str) -> str:
    return next(one._props["innerHTML"] for one in user.find(kind=AgentFacts).elements if name in one._words)


async def send(user: User, element: ui.element, event: str, args: Any = None) -> None:
    UserInteraction(user, {element}, None).trigger(event, args)
    await settled()


async def test_it_says_who_does_what(panel: Panel) -> None:
    await panel.user.should_see("No agent has been here yet")
    show(panel, at_work(), paused())
    await panel.user.should_not_see("No agent has been here yet")
    working, stopped = html(panel.user, "agent-7"), html(panel.user, "build-bot")
    for words in (
        "At work",
        "DEMO-12",
        "Import &lt;b&gt;",
        'aria-valuenow="40"',
        "4 of 10",
        "Last change here just now",
    ):
        assert words in working
    assert "Paused by Ana just now: too loud" in stopped
    show(panel, paused())
    await panel.user.should_not_see("agent-7")


async def test_a_reason_that_is_being_typed_stays_while_the_agent_works_on(panel: Panel) -> None:
    show(panel, at_work())
    panel.user.find("Pause…").click()
    await settled()
    panel.user.find(kind=ui.input).type("wrong")
    further = at_work().cards[0].model_copy(update={"progress": Progress(percent=50, text="5 of 10")})
    show(panel, AgentNow("agent-7", (further,), None, datetime.now(UTC)), AgentNow("abe", (further,)))
    assert "5 of 10" in html(panel.user, "agent-7")
    panel.user.find(kind=ui.input).type(" shop")
    (form,) = (row._form for row in panel.shown._rows.values() if row.asks)
    await send(panel.user, form, "submit.prevent")
    assert panel.asked == [("pause", "agent-7", "wrong shop")]
    assert not any(row.asks for row in panel.shown._rows.values())


async def test_a_pause_that_was_refused_keeps_the_reason(panel: Panel) -> None:
    panel.succeeds = False
    show(panel, at_work())
    panel.user.find("Pause…").click()
    await settled()
    panel.user.find(kind=ui.input).type("wrong shop")
    row = panel.shown._rows["agent-7"]
    await send(panel.user, row._form, "submit.prevent")
    assert row.asks
    assert row._reason.value == "wrong shop"


async def test_a_paused_agent_can_be_resumed_and_undone(panel: Panel) -> None:
    show(panel, paused())
    await panel.user.should_not_see("Pause…")
    panel.user.find("Resume").click()
    panel.user.find("Undo what it did…").click()
    await settled()
    assert panel.asked == [("resume", "build-bot"), ("undo", "build-bot", False)]


async def test_its_cards_open_and_escape_closes_it(panel: Panel) -> None:
    show(panel, at_work())
    await send(panel.user, panel.shown, "click", 12)
    await send(panel.user, panel.shown, "click", "12; drop")
    assert panel.asked == [("open", 12)]
    await send(panel.user, panel.shown, "keydown.esc", [])
    assert panel.closed == 1


async def test_undo_shows_what_it_would_do_and_then_what_it_did() -> None:
    ran: list[int] = []
    plan = Undoing(
        7,
        [Line("Move DEMO-3 back to Doing")],
        [
            Line("DEMO-4: updated", "Ship it", "Ana changed it since"),
            Line("DEMO-4: comment added", record="comments"),
            Line("DEMO-4: claimed", record="claims"),
        ],
    )
    planned: list[datetime | int] = []

    async def make_plan(since: datetime | int) -> Undoing:
        planned.append(since)
        return plan if len(planned) > 1 else Undoing(40, [], [])

    async def run(since: int) -> Undoing:
        ran.append(since)
        return plan

    async def changes() -> dict[int, str]:
        return {7: "1 h ago: DEMO-3 moved"}

    dialogs: list[UndoDialog] = []

    async def root() -> None:
        dialogs.append(UndoDialog("agent-7", UndoActions(make_plan, run, changes), at_work=True, back_to="x"))
        await dialogs[0].start()

    async with user_simulation(root) as user:
        await user.open("/")
        await user.should_see("It changed nothing in that time.")
        await user.should_see("agent-7 is at work. Pause it first, or it may do the same again.")
        assert isinstance(planned[0], datetime)
        assert "disabled" in dialogs[0]._undo.props
        user.find("A change…").click()
        await settled()
        with user:
            dialogs[0]._from.set_value(7)
        for words in (
            "Will be undone (1)",
            "Move DEMO-3 back to Doing",
            "Ana changed it since",
            "2 more are records and stay: claims, comments",
            "Undo 1 change",
        ):
            await user.should_see(words)
        assert planned[1] == 7
        user.find("Undo 1 change").click()
        for words in ("1 change undone", "Undone (1)", "Left as it is (3)"):
            await user.should_see(words)
        assert ran == [7]
