"""What a column requires of the cards that enter it, in words and as a question."""

from collections.abc import Awaitable, Callable, Sequence

from nicegui import ui

from components.small_dialog import SmallDialog
from models.vocabulary import Requirement

SHORT = {
    Requirement.NO_OPEN_BLOCKERS: "no open blockers",
    Requirement.CHECKLIST_DONE: "checklist done",
    Requirement.APPROVAL: "approval by a person",
}
_SWITCHES = {
    Requirement.NO_OPEN_BLOCKERS: ("No open blockers", "All cards that a card waits for are done."),
    Requirement.CHECKLIST_DONE: ("Checklist done", "Every item is ticked."),
    Requirement.APPROVAL: ("Approval by a person", "Somebody other than who worked on the card."),
}


def in_words(requires: Sequence[Requirement]) -> str:
    """`Requires: checklist done, approval by a person`, and nothing when nothing is required."""
    return f"Requires: {', '.join(SHORT[one] for one in Requirement if one in requires)}" if requires else ""


class GateQuestion(SmallDialog):
    """Three switches: what cards need to enter the column."""

    def __init__(
        self,
        column_name: str,
        requires: Sequence[Requirement],
        on_answer: Callable[[list[Requirement]], Awaitable[None]],
        *,
        back_to: str,
    ) -> None:
        super().__init__(f"To enter {column_name}, a card needs", back_to=back_to)
        with self.body:
            with ui.element("div").classes("gate-switches"):
                switches = {one: _switch(*words, one in requires) for one, words in _SWITCHES.items()}
            ui.label("Cards that are here already stay.").classes("muted")

            async def answer() -> None:
                self.close()
                await on_answer([one for one, switch in switches.items() if switch.value])

            self.answers("Save", answer)


def _switch(label: str, explanation: str, on: bool) -> ui.switch:
    with ui.element("div").classes("gate-switch"):
        switch = ui.switch(label, value=on).props("dense")
        ui.label(explanation).classes("muted")
    return switch
