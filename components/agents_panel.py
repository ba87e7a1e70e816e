"""The sheet beside the board that lists its agents, and follows what they do while it is open."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from nicegui import ui
from nicegui.events import GenericEventArguments

from components.agent_row import AgentActions, AgentRow
from components.agents_now import AgentNow

TICK_SECONDS = 5.0
"""How often the times in it are told anew."""
OPENS = "(e) => { const card = e.target.closest('[data-opens]'); if (card) emit(Number(card.dataset.opens)); }"


class AgentsPanel(ui.element):
    """`on_close` is asked when the person wants it gone."""

    def __init__(self, actions: AgentActions, on_close: Callable[[], object]) -> None:
        super().__init__("aside")
        self._actions = actions
        self._agents: Sequence[AgentNow] = ()
        self._rows: dict[str, AgentRow] = {}
        self.classes("agents-panel").props('aria-label="Agents" tabindex="-1"')
        self.on("click", self._open_card, js_handler=OPENS)
        self.on("keydown.esc", lambda _: on_close(), [])
        self.on("vnodeMounted", js_handler="(node) => node.el.focus({ preventScroll: true })")
        with self:
            with ui.element("div").classes("agents-top"):
                ui.label("Agents").classes("agents-title").props('role="heading" aria-level="2"')
                close = ui.element("button").classes("icon-button").mark("close-agents")
                close.props('type="button" aria-label="Close" title="Close"').on("click", lambda _: on_close(), [])
                with close:
                    ui.element("span").classes("icon-close")
            with ui.element("div").classes("agents-empty") as self._empty:
                ui.label("No agent has been here yet").classes("agents-empty-title")
                with ui.element("p"):
                    ui.label("One shows up with its first call, over MCP, REST or the socket: ").classes("inline")
                    with ui.element("a").props('href="/docs" target="_blank"'):
                        ui.label("how they call").classes("inline")
            self._list = ui.element("ul").classes("agents-list")
            ui.timer(TICK_SECONDS, self.tick)

    def show(self, agents: Sequence[AgentNow]) -> None:
        self._agents = agents
        names = [agent.name for agent in agents]
        for name in [name for name in self._rows if name not in names]:
            self._rows.pop(name).delete()
        for agent in agents:
            if agent.name not in self._rows:
                with self._list:
                    self._rows[agent.name] = AgentRow(agent, self._actions)
        self._order([self._rows[name] for name in names])
        if self._empty.visible == bool(agents):
            self._empty.set_visibility(not agents)
        self.tick()

    def tick(self) -> None:
        """Time went by, or something changed."""
        now = datetime.now(UTC)
        for agent in self._agents:
            self._rows[agent.name].show(agent, now)

    def _order(self, rows: list[AgentRow]) -> None:
        if any(row.asks for row in rows):
            return  # what somebody types in does not jump away
        if self._list.default_slot.children != rows:
            self._list.default_slot.children[:] = rows
            self._list.update()

    async def _open_card(self, event: GenericEventArguments) -> None:
        if isinstance(event.args, int):
            await self._actions.open_card(event.args)
