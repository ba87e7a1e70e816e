"""The agents of a board's page: the button in the header, the sheet that it opens, and what people do there."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from nicegui import background_tasks

from app.commands import agents as commands
from app.errors import Refusal
from app.queries import agents as queries
from app.service import Service
from app.views import Change
from components.agent_row import AgentActions
from components.agents_button import AgentsButton
from components.agents_now import AgentNow, agents_now, count
from components.agents_panel import AgentsPanel
from components.pages.shell import Shell
from components.pages.undo_session import UndoSession
from models.vocabulary import ActorKind, Via

if TYPE_CHECKING:
    from components.pages.board_session import BoardSession


class AgentsSession:
    def __init__(self, service: Service, shell: Shell, board: "BoardSession") -> None:
        self._store, self._shell, self._board = service.store, shell, board
        self._undo = UndoSession(service, shell, board)
        self._panel: AgentsPanel | None = None
        self._seen: dict[str, datetime | None] = {}
        self._next_silence: asyncio.TimerHandle | None = None
        with shell.header.tools:
            self._button = AgentsButton(self._toggle)
        shell.client.on_delete(self._wait_no_more)
        self._show()

    def refresh(self, changes: list[Change], *, missed: bool) -> None:
        """Show what happened on the board."""
        if self._panel is not None:
            for change in changes:
                if change.actor.kind is ActorKind.AGENT and change.actor.via is not Via.SYSTEM:
                    self._seen[change.actor.name] = change.at
            if missed:
                background_tasks.create(self._read_again(), name="agents of a board")
        self._show()

    async def _toggle(self) -> None:
        if self._panel is not None:
            self._close()
            return
        await self._read()
        if self._shell.client.is_deleted or self._panel is not None:
            return
        actions = AgentActions(
            pause=lambda name, reason: self._do(commands.pause_agent, name=name, reason=reason),
            resume=lambda name: self._do(commands.resume_agent, name=name),
            undo=self._undo.open,
            open_card=self._board.open_card,
        )
        with self._shell.main:
            self._panel = AgentsPanel(actions, self._close)
        self._button.expanded(True)
        self._show()

    def _close(self) -> None:
        if self._panel is not None:
            self._panel.delete()
            self._panel = None
            self._button.expanded(False)
            self._shell.client.run_javascript(f"document.getElementById('{self._button.html_id}')?.focus()")

    def _show(self) -> None:
        """Bring both up to date, and once more when the next agent falls silent: no change tells of that."""
        self._wait_no_more()
        if self._shell.client.is_deleted:
            return
        now = datetime.now(UTC)
        agents = agents_now(self._board.view, self._seen)
        with self._shell.client:
            self._button.show(count(agents, now))
            if self._panel is not None:
                self._panel.show(agents)
        self._wait_for_silence(agents, now)

    def _wait_for_silence(self, agents: list[AgentNow], now: datetime) -> None:
        silences = [moment for agent in agents if (moment := agent.next_silence(now)) is not None]
        if silences:
            seconds = (min(silences) - now).total_seconds() + 0.1
            self._next_silence = asyncio.get_running_loop().call_later(seconds, self._show)

    def _wait_no_more(self) -> None:
        if self._next_silence is not None:
            self._next_silence.cancel()
            self._next_silence = None

    async def _read_again(self) -> None:
        await self._read()
        self._show()

    async def _read(self) -> None:
        """Who has been here, though the board need not show it any more."""
        try:
            known = await self._store.read(queries.agents_of, self._board.view.board.id)
        except Refusal as refusal:
            self._board.tell(refusal)
            return
        self._seen = {agent.name: agent.last_seen_at for agent in known}

    async def _do(self, command: Callable[..., Any], *, name: str, **wishes: Any) -> bool:
        return await self._board.do(command, self._board.view.board.id, name=name, **wishes) is not None
