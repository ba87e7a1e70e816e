"""The button in the header that says how many agents are at work, and marks when one needs a look."""

from collections.abc import Callable, Mapping

from nicegui import ui

from components.agents_now import State


class AgentsButton(ui.element):
    def __init__(self, on_click: Callable[[], object]) -> None:
        super().__init__("button")
        self.classes("icon-button agents-button").props('type="button" aria-expanded="false"')
        self.on("click", lambda _: on_click(), [])
        self._shown: tuple[int, str] | None = None
        with self:
            ui.element("span").classes("icon-agent").props('aria-hidden="true"')
            self._count = ui.label().classes("agents-count")
            self._mark = ui.label("!").classes("agents-mark").props('aria-hidden="true"')

    def show(self, counted: Mapping[State, int]) -> None:
        told = ", ".join(f"{number} {state.lower()}" for state, number in counted.items() if number) or "none here yet"
        if (counted[State.WORKING], told) == self._shown:
            return
        self._shown = (counted[State.WORKING], told)
        self._count.set_text(str(counted[State.WORKING]))
        self._mark.set_visibility(bool(counted[State.SILENT] or counted[State.PAUSED]))
        self._props.update({"aria-label": f"Agents: {told}", "title": f"Agents: {told}"})
        self.classes(**{"add" if counted[State.WORKING] else "remove": "is-busy"})
        self.update()

    def expanded(self, expanded: bool) -> None:
        self.props(f'aria-expanded="{str(expanded).lower()}"')
