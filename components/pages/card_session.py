"""The card that is open on a board's page: made when a card is first opened, named in the address while it is."""

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from nicegui import background_tasks, ui
from nicegui.events import GenericEventArguments

from app.commands import approvals, cards, checklists, claims, comments, labels, links
from app.errors import NotFound, Refusal
from app.queries import cards as card_queries
from app.queries import comments as comment_queries
from app.queries.why import Why, why
from app.service import Service
from app.views import BoardView, CardView, Change, LabelView
from components import notices
from components.card_dialog import CardActions, CardDialog
from components.pages.shell import Shell
from models.vocabulary import LabelColour, Requirement, Verb

if TYPE_CHECKING:
    from components.pages.board_session import BoardSession


PERSON_SECONDS = 8 * 3600
"""How long a person who takes a card says to be busy: a page gives no signs of life, and this is a working day."""
QUIET = (Verb.CLAIM_RENEWED, Verb.PROGRESS_REPORTED, Verb.COMMENT_ADDED, Verb.COMMENT_EDITED, Verb.COMMENT_DELETED)
"""Changes of a card that open or close no gate."""


class CardSession:
    def __init__(self, service: Service, shell: Shell, board: "BoardSession") -> None:
        self._service = service
        self._shell = shell
        self._board = board
        self._dialog: CardDialog | None = None
        self._asking = False
        self._ask_again = False
        ui.on("card_address", self._follow_address)

    async def open_ref(self, ref: str) -> None:
        """Open the card of that ref, if it is one of this board."""
        try:
            card = await self._service.store.read(card_queries.get_card, ref)
        except NotFound:
            card = None
        if card is None or card.board_id != self._board.view.board.id:
            self._board.tell(f"There is no card {ref[:20]} on this board")
            self._show_address(None)
            return
        await self._open(self._board.view.cards.get(card.id, card))

    async def open(self, card_id: int) -> None:
        card = self._board.view.cards.get(card_id)
        if card is None:
            self._board.tell("Somebody archived this card")
            return
        with self._shell.client:
            notices.dismiss_refusals()
        await self._open(card)

    def refresh(self, changes: list[Change], view: BoardView, *, missed: bool) -> None:
        """Show what happened to the open card, if one is open."""
        dialog = self._dialog
        if dialog is None or dialog.card_id is None:
            return
        for change in changes:
            dialog.apply(change, view)
        if missed:
            background_tasks.create(self._renew(dialog.card_id), name="renew the open card")
        if missed or any(self._concerns(change, view) for change in changes):
            background_tasks.create(self._ask_why(), name="ask why the open card is kept out")

    async def _open(self, card: CardView) -> None:
        said = await self._service.store.read(comment_queries.list_comments, card.id)
        if self._shell.client.is_deleted:
            return
        view = self._board.view
        names = {other.assignee for other in view.cards.values() if other.assignee}
        names |= {seat.who.name for seat in self._service.feed.presence.here(view.board.id)}
        with self._shell.client:
            dialog = self._dialog = self._dialog or self._make()
            dialog.viewer_name = self._shell.viewer.name
            await dialog.open(view.cards.get(card.id, card), said, view, names)
            if dialog.card_id == card.id:
                self._look_at(card)
        now = self._board.view.cards.get(card.id)
        if now is not None and now.comment_count != len(said):
            await self._renew(card.id)  # somebody spoke while the dialog opened
        await self._ask_why()

    async def _renew(self, card_id: int) -> None:
        try:
            said = await self._service.store.read(comment_queries.list_comments, card_id)
        except Refusal:
            said = []
        dialog = self._dialog
        if dialog is not None and dialog.card_id == card_id and not self._shell.client.is_deleted:
            with self._shell.client:
                dialog.renew(self._board.view, said)

    def _concerns(self, change: Change, view: BoardView) -> bool:
        """Whether the change can open or close a gate to the open card."""
        dialog = self._dialog
        open_card = dialog.card_id if dialog is not None else None
        if open_card is None or change.event in QUIET:
            return False
        card = view.cards.get(open_card)
        return change.card_id in (None, open_card) or (card is not None and change.card_id in card.blocked_by)

    async def _ask_why(self) -> None:
        """Say what keeps the open card out of other columns; asked once more when something came in between."""
        self._ask_again = True
        if self._asking:
            return
        self._asking = True
        try:
            while self._ask_again and self._dialog is not None and self._dialog.card_id is not None:
                self._ask_again = False
                card_id = self._dialog.card_id
                with suppress(NotFound):
                    answer = await self._service.store.read(why, card_id, actor=self._shell.viewer.actor)
                    if not self._shell.client.is_deleted:
                        with self._shell.client:
                            self._dialog.say_why(card_id, _in_words(answer))
        finally:
            self._asking = False

    def _make(self) -> CardDialog:
        board = self._board

        async def update(card_id: int, changes: dict[str, Any], based_on: dict[str, Any]) -> CardView:
            card: CardView = await board.act(cards.update_card, card_id, changes=changes, based_on=based_on)
            return card

        async def create_label(name: str, colour: LabelColour) -> LabelView:
            label: LabelView = await board.act(labels.create_label, board.view.board.id, name=name, colour=colour)
            return label

        actions = CardActions(
            update=update,
            archive=board.archive_card,
            restore=lambda card_id: board.act(cards.restore_card, card_id),
            move=lambda card_id, column_id: board.act(cards.move_card, card_id, to_column=column_id),
            comment=lambda card_id, text: board.act(comments.add_comment, card_id, text=text),
            edit_comment=lambda comment_id, text: board.act(comments.edit_comment, comment_id, text=text),
            delete_comment=lambda comment_id: board.act(comments.delete_comment, comment_id),
            claim=lambda card_id: board.act(claims.claim_card, card_id, busy_for=PERSON_SECONDS),
            release=lambda card_id: board.act(claims.release_card, card_id),
            add_label=lambda card_id, label_id: board.act(labels.add_label, card_id, label_id),
            remove_label=lambda card_id, label_id: board.act(labels.remove_label, card_id, label_id),
            create_label=create_label,
            add_item=lambda card_id, text: board.act(checklists.add_check_item, card_id, text=text),
            update_item=lambda item_id, changes: board.act(checklists.update_check_item, item_id, changes=changes),
            delete_item=lambda item_id: board.act(checklists.delete_check_item, item_id),
            block=lambda card_id, other_id: board.act(links.block_card, card_id, other_id),
            unblock=lambda card_id, other_id: board.act(links.unblock_card, card_id, other_id),
            approve=lambda card_id: board.act(approvals.approve_card, card_id),
            withdraw=lambda card_id: board.act(approvals.withdraw_approval, card_id),
        )
        with self._shell.client.content:
            return CardDialog(actions, self._shell.viewer.name, on_close=lambda _: self._look_at(None))

    def _look_at(self, card: CardView | None) -> None:
        if self._shell.attendance is not None:
            self._shell.attendance.look_at(card.id if card else None)
        self._show_address(card)

    async def _follow_address(self, event: GenericEventArguments) -> None:
        """Somebody went back or forward: the card of the address opens, or the open one closes if it can be left."""
        ref, dialog = event.args, self._dialog
        if isinstance(ref, str) and ref:
            await self.open_ref(ref)
        elif dialog is not None and dialog.card_id is not None and not await dialog.leave():
            self._show_address(self._board.view.cards.get(dialog.card_id))

    def _show_address(self, card: CardView | None) -> None:
        if not self._shell.client.is_deleted:
            self._shell.client.run_javascript(f"kanban.showAddress({json.dumps(card.ref if card else None)})")


def _in_words(answer: Why) -> list[str]:
    """A line for each column that requires more of the card. Limits are left out: the columns themselves show them."""
    lines = []
    for move in answer.moves:
        lacks = [lack.detail for lack in move.missing if lack.requirement in set(Requirement)]
        if lacks:
            lines.append(f"{move.name} requires: {'; '.join(lacks)}")
    return lines
