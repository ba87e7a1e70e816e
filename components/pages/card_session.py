"""The card that is open on a board's page: made when a card is first opened, named in the address while it is."""

import json
from typing import TYPE_CHECKING, Any

from nicegui import background_tasks, ui
from nicegui.events import GenericEventArguments

from app.commands import cards, comments
from app.errors import NotFound, Refusal
from app.queries import cards as card_queries
from app.queries import comments as comment_queries
from app.service import Service
from app.views import BoardView, CardView, Change
from components.card_dialog import CardActions, CardDialog
from components.pages.shell import Shell

if TYPE_CHECKING:
    from components.pages.board_session import BoardSession


class CardSession:
    def __init__(self, service: Service, shell: Shell, board: "BoardSession") -> None:
        self._service = service
        self._shell = shell
        self._board = board
        self._dialog: CardDialog | None = None
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
            archived = view.board.archived_at is not None
            await dialog.open(view.cards.get(card.id, card), said, view.columns, names, board_archived=archived)
            if dialog.card_id == card.id:
                self._look_at(card)
        now = self._board.view.cards.get(card.id)
        if now is not None and now.comment_count != len(said):
            await self._renew(card.id)  # somebody spoke while the dialog opened

    async def _renew(self, card_id: int) -> None:
        try:
            said = await self._service.store.read(comment_queries.list_comments, card_id)
        except Refusal:
            said = []
        dialog = self._dialog
        if dialog is not None and dialog.card_id == card_id and not self._shell.client.is_deleted:
            with self._shell.client:
                dialog.renew(self._board.view, said)

    def _make(self) -> CardDialog:
        board = self._board

        async def update(card_id: int, changes: dict[str, Any], based_on: dict[str, Any]) -> CardView:
            card: CardView = await board.act(cards.update_card, card_id, changes=changes, based_on=based_on)
            return card

        actions = CardActions(
            update=update,
            archive=board.archive_card,
            restore=lambda card_id: board.act(cards.restore_card, card_id),
            move=lambda card_id, column_id: board.act(cards.move_card, card_id, to_column=column_id),
            comment=lambda card_id, text: board.act(comments.add_comment, card_id, text=text),
            edit_comment=lambda comment_id, text: board.act(comments.edit_comment, comment_id, text=text),
            delete_comment=lambda comment_id: board.act(comments.delete_comment, comment_id),
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
