"""One browser's page of a board: what the person does becomes commands, what the feed tells becomes the screen."""

from collections.abc import Callable
from time import monotonic
from typing import Any

from nicegui import ui

from app.commands import boards, cards, columns
from app.errors import Refusal
from app.feed import Follower, Published, Resync
from app.service import Service
from app.views import BoardView, CardView, Change
from components import notices
from components.board import Board, Touch
from components.board_lines import ArchivedLine, BoardName, FirstVisit
from components.board_menu import BoardMenu
from components.pages.agents_session import AgentsSession
from components.pages.card_session import CardSession
from components.pages.refresher import Refresher
from components.pages.shell import Shell
from components.pages.webhooks_session import WebhooksSession
from models.vocabulary import ColumnKind, Verb

OWN_SECONDS = 1.0
"""How long after acting a change by the same name counts as one's own, which needs no outline."""

SIGN_OF_LIFE_SECONDS = 60.0

SIGNS_OF_LIFE = (Verb.CLAIM_RENEWED, Verb.PROGRESS_REPORTED)
"""What an agent at work tells again and again: its card shows it, and nobody's eye is called to it."""
COMINGS_AND_GOINGS = (Verb.CARD_ARCHIVED, Verb.CARD_RESTORED, Verb.CARD_DELETED)


class BoardSession:
    """The actions of `components.board_actions.BoardActions`, done by commands on the store."""

    def __init__(self, service: Service, shell: Shell, follower: Follower, refresher: Refresher) -> None:
        self._service = service
        self._shell = shell
        self._refresher = refresher
        self._follower = follower
        self._changes: list[Change] = []
        self._missed = False
        self._acted = 0.0
        self.view = follower.view
        self._shown_name = self.view.board.name
        with shell.header.title:
            ui.label("/").classes("slash").props('aria-hidden="true"')
            self._name = BoardName(self._shown_name, self._rename)
            menu = BoardMenu()
            menu.add("Webhooks", WebhooksSession(service, shell, self).open)
        with shell.main.classes("board-page"):
            self._archived = ArchivedLine(self._restore)
            self._archived.show(self.view.board)
            FirstVisit()
            self._board = Board(self.view, self)
        self._card = CardSession(service, shell, self)
        self._agents = AgentsSession(service, shell, self)
        shell.attend(self.view.board.id, refresher)
        shell.client.on_delete(follower.close)
        ui.timer(SIGN_OF_LIFE_SECONDS, self._be_alive, immediate=False)
        follower.listen(self._hear)

    async def open_ref(self, ref: str) -> None:
        """Open the card that the address names."""
        await self._card.open_ref(ref)

    # From the feed to the screen.

    def _hear(self, item: Published | Resync) -> None:
        if isinstance(item, Published):
            self._changes.append(item.change)
        else:
            self._missed = True
        self._refresher.ask(self._refresh)

    def _refresh(self) -> None:
        changes, self._changes = self._changes, []
        missed, self._missed = self._missed, False
        if self._shell.client.is_deleted:
            return
        self.view = self._follower.view
        with self._shell.client:
            touches = [touch for change in changes if not self._is_own(change) and (touch := _touched(change))]
            self._board.show(self.view, touches, _cards_of(changes) if not missed else None)
            self._show_info(self.view)
            if any(change.event is Verb.BOARD_DELETED for change in changes):
                self._archived.show_deleted()
            self._card.refresh(changes, self.view, missed=missed)
            self._agents.refresh(changes, missed=missed)

    def _show_info(self, view: BoardView) -> None:
        if view.board.name != self._shown_name:
            self._shown_name = view.board.name
            self._name.show(view.board.name)
            ui.page_title(view.board.name)
        self._archived.show(view.board)

    def _is_own(self, change: Change) -> bool:
        return monotonic() - self._acted < OWN_SECONDS and change.actor == self._shell.viewer.actor

    # From the person to the store.

    async def open_card(self, card_id: int) -> None:
        await self._card.open(card_id)

    async def add_card(self, column_id: int, title: str, *, before: int | None) -> CardView | None:
        return await self.do(cards.create_card, self.view.board.id, title=title, column_id=column_id, before=before)

    async def move_card(
        self, card_id: int, to_column: int, *, before: int | None, after: int | None
    ) -> CardView | None:
        if card_id not in self.view.cards:
            self.tell("Somebody archived this card while you moved it")
            return None
        if to_column not in self.view.lanes:
            self.tell("Somebody deleted this column while you moved the card")
            return None
        return await self.do(cards.move_card, card_id, to_column=to_column, before=before, after=after)

    async def archive_card(self, card_id: int) -> None:
        """Raises Refusal."""
        card = await self.act(cards.archive_card, card_id)
        with self._shell.client:
            notices.undo(f"{card.ref} is archived", lambda: self.restore_card(card_id))

    async def restore_card(self, card_id: int) -> None:
        await self.do(cards.restore_card, card_id)

    async def add_column(
        self, name: str, kind: ColumnKind, *, before: int | None = None, after: int | None = None
    ) -> bool:
        made = await self.do(
            columns.create_column, self.view.board.id, name=name, kind=kind, before=before, after=after
        )
        return made is not None

    async def move_column(self, column_id: int, *, before: int | None, after: int | None) -> bool:
        return await self._on_column(columns.move_column, column_id, before=before, after=after)

    async def update_column(self, column_id: int, changes: dict[str, Any]) -> bool:
        return await self._on_column(columns.update_column, column_id, changes=changes)

    async def delete_column(self, column_id: int, *, move_cards_to: int | None) -> bool:
        return await self._on_column(columns.delete_column, column_id, move_cards_to=move_cards_to)

    async def act(self, command: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run a command in the name of the person. Raises Refusal."""
        self._acted = monotonic()
        await self._be_alive()
        try:
            return await self._service.store.run(command, *args, actor=self._shell.viewer.actor, **kwargs)
        finally:
            self._acted = monotonic()

    async def do(self, command: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run a command; when it is refused, say why and answer None."""
        try:
            return await self.act(command, *args, **kwargs)
        except Refusal as refusal:
            self.tell(refusal)
            return None

    def tell(self, why: Refusal | str) -> None:
        """Say why something was not done."""
        if not self._shell.client.is_deleted:
            with self._shell.client:
                notices.refuse(why)

    async def _on_column(self, command: Callable[..., Any], column_id: int, **kwargs: Any) -> bool:
        if column_id not in self.view.lanes:
            self.tell("Somebody deleted this column meanwhile")
            return False
        done: list[bool] = []

        def run(*args: Any, **wanted: Any) -> None:
            command(*args, **wanted)
            done.append(True)

        await self.do(run, column_id, **kwargs)
        return bool(done)

    async def _be_alive(self) -> None:
        """Whoever has the board open is here: what the person has claimed stays so."""
        await self._service.leases.alive(self._shell.viewer.actor)

    async def _rename(self, name: str) -> None:
        await self.do(boards.rename_board, self.view.board.id, name=name)

    async def _restore(self) -> None:
        await self.do(boards.restore_board, self.view.board.id)


def _touched(change: Change) -> Touch | None:
    if change.event in SIGNS_OF_LIFE:
        return None
    by = change.actor.name
    if change.card_id is not None:
        return Touch(change.sequence, by, card_id=change.card_id)
    column = change.data.get("column")
    return Touch(change.sequence, by, column_id=column["id"]) if column else None


def _cards_of(changes: list[Change]) -> set[int] | None:
    """The cards whose faces can have changed; None when any can."""
    if any(change.card_id is None or "ranks" in change.data or _frees_others(change) for change in changes):
        return None
    return {change.card_id for change in changes if change.card_id is not None}


def _frees_others(change: Change) -> bool:
    """Whether cards that wait for this one can look different now."""
    return change.event in COMINGS_AND_GOINGS or "done_at" in change.data.get("changed", ())
