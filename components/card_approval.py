"""A person's word that the card is good: who gave it and when, and the way to give it or take it back."""

from datetime import UTC, datetime

from nicegui import ui

from app.views import BoardView, CardView
from components.buttons import plain_button
from components.card_actions import Doing
from components.moments import ago, exact
from models.gate import counts, who_worked
from models.vocabulary import Requirement


class CardApproval:
    """`fact` is shown where an approval is asked for or given, and nowhere else."""

    def __init__(self, fact: ui.element, card: CardView, view: BoardView, doing: Doing) -> None:
        self._fact = fact
        self._card, self._view = card, view
        self._doing = doing
        self._enabled = True
        with ui.element("div").classes("approval"):
            self._words = ui.label().props('dir="auto"')
            self._approve = plain_button("Approve", self._give, kind="").mark("approve")
            self._withdraw = plain_button("Withdraw", self._take_back).mark("withdraw")
        self.show(card, view)

    def show(self, card: CardView, view: BoardView) -> None:
        self._card, self._view = card, view
        approval = card.approval
        asked_for = any(Requirement.APPROVAL in column.requires for column in view.columns)
        self._fact.visible = approval is not None or (asked_for and card.done_at is None)
        self._approve.visible = not self._counts and not self._own_work and self._enabled
        self._withdraw.visible = approval is not None and self._enabled
        self.tick()

    def enable(self, enabled: bool) -> None:
        self._enabled = enabled
        self.show(self._card, self._view)

    def tick(self) -> None:
        approval = self._card.approval
        if approval is not None:
            counting = "" if self._counts else ". It does not count: they worked on it"
            self._words.set_text(f"By {approval.name}, {ago(approval.at, datetime.now(UTC))}{counting}")
            if self._words.props.get("title") != exact(approval.at):
                self._words.props["title"] = exact(approval.at)
        elif self._own_work:
            self._words.set_text("You worked on it: another person approves")
        else:
            self._words.set_text("Not yet")

    @property
    def _workers(self) -> frozenset[str]:
        card = self._card
        return who_worked(card.worker, card.claim.holder if card.claim else None, card.assignee)

    @property
    def _own_work(self) -> bool:
        return self._doing.viewer_name() in self._workers

    @property
    def _counts(self) -> bool:
        approval = self._card.approval
        return counts(approval.name if approval else None, self._workers)

    async def _give(self) -> None:
        await self._doing.tried(self._doing.actions.approve(self._card.id))

    async def _take_back(self) -> None:
        await self._doing.tried(self._doing.actions.withdraw(self._card.id))
