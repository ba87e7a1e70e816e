"""The dialog of a card: opened and closed by the page, told of every change of the board, and doing no I/O itself.

Closing never drops a text without a word. The browser only asks to close; the server saves what is typed first, and
what cannot be saved keeps the dialog open and says why.
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

from nicegui import background_tasks, ui

from app.errors import Refusal
from app.views import BoardView, CardView, Change, CommentView
from components import notices
from components.card_actions import CardActions
from components.card_sheet import CardSheet
from models.vocabulary import Verb

__all__ = ["CardActions", "CardDialog"]

SECONDS_TO_FADE = 0.4
SECONDS_TO_COME_BACK = 2.0
"""A reload or a closed window is taken for what it is after this long without a connection."""

BOARD_ARCHIVED = "The board is archived: its cards can be read"

REFOCUS = """setTimeout(() => {
    const active = document.activeElement;
    if (active && active !== document.body && !active.closest('.card-dialog')) return;
    document.querySelector('.board [data-card="%d"]')?.focus({preventScroll: true});
}, 60)"""
"""Quasar gives the focus back to where it was; the card may have been made anew since, or never had it."""


class CardDialog:
    """`on_close` is called with the card's id when the dialog goes, however that came about."""

    def __init__(self, actions: CardActions, viewer_name: str, on_close: Callable[[int], object] | None = None) -> None:
        self.viewer_name = viewer_name
        self.on_close = on_close
        self._actions = actions
        self._holder = ui.element("div").classes("hidden")
        self._dialog: ui.dialog | None = None
        self._sheet: CardSheet | None = None
        self._names: set[str] = set()
        self._unsent: dict[int, str] = {}
        """Comments that were written but not sent, by card: they are there again when the card is opened again."""
        ui.context.client.on_disconnect(self._rescue)

    @property
    def card_id(self) -> int | None:
        return self._sheet.card.id if self._sheet is not None else None

    async def open(
        self,
        card: CardView,
        comments: Iterable[CommentView],
        view: BoardView,
        names: Iterable[str] = (),
    ) -> None:
        """Show the card; `names` are offered as assignees. Stays with the present card if that cannot be left."""
        if self.card_id == card.id or not await self.leave():
            return
        self._names = {*names, *([card.assignee] if card.assignee else [])}
        with self._holder, ui.dialog() as dialog:
            self._dialog = dialog
            dialog.classes("card-dialog").props(
                f"persistent no-shake maximized transition-duration=150 transition-show=fade transition-hide=fade"
                f' aria-label="{card.ref}"'
            )
            self._sheet = CardSheet(
                card,
                comments,
                view,
                actions=self._actions,
                viewer_name=lambda: self.viewer_name,
                names=self._known_names,
                unsent_comment=self._unsent.pop(card.id, ""),
                on_comment_failed=lambda text, refusal: self._keep_comment(dialog, card, text, refusal),
                on_close=self.leave,
                on_archive=self._archive,
            )
        if card.archived_at is not None:
            self._sheet.stop("This card is archived", restorable=True)
        elif view.board.archived_at is not None:
            self._sheet.stop(BOARD_ARCHIVED, restorable=False)
        dialog.open()

    def close(self) -> None:
        """Ask the dialog to go; it stays if a text cannot be saved."""
        background_tasks.create(self.leave(), name="close the card dialog")

    async def leave(self) -> bool:
        """Save what is typed and go; False when something stays, and with it the dialog."""
        sheet = self._sheet
        if sheet is None:
            return True
        stays = await sheet.save()
        if sheet is not self._sheet:
            return True
        if stays:
            self._say(f"{' and '.join(stays)}: not saved yet. Save or discard it before you close.", "warn")
            return False
        self._go()
        return True

    def apply(self, change: Change, view: BoardView) -> None:
        """Show what `change` made of the open card; `view` is the board after it."""
        sheet = self._sheet
        if sheet is None:
            return
        if change.card_id == sheet.card.id:
            sheet.view = view
            self._apply_to_open_card(sheet, change)
            return
        sheet.show_board(view)
        if change.card_id is None and sheet.card.id in view.cards:
            # A deleted column moves its cards along.
            sheet.show(view.cards[sheet.card.id])
            self._freeze(sheet, view)

    def renew(self, view: BoardView, comments: Iterable[CommentView]) -> None:
        """Show the card as it is in `view`, after changes that were missed."""
        sheet = self._sheet
        if sheet is None:
            return
        sheet.show_board(view)
        sheet.comments.renew(comments)
        card = view.cards.get(sheet.card.id)
        if card is None:
            sheet.stop("This card was archived meanwhile", restorable=True)
        else:
            sheet.show(card, by="Someone")
            self._freeze(sheet, view)

    def say_why(self, card_id: int, words: list[str]) -> None:
        """What keeps the open card from where it may be wanted next."""
        if self._sheet is not None and self._sheet.card.id == card_id:
            self._sheet.facts.say_why(words)

    def _freeze(self, sheet: CardSheet, view: BoardView) -> None:
        """A card that is on the board takes changes, unless the board takes none."""
        if view.board.archived_at is None:
            sheet.go_on()
        else:
            sheet.stop(BOARD_ARCHIVED, restorable=False)

    def _apply_to_open_card(self, sheet: CardSheet, change: Change) -> None:
        by = change.actor.name
        match change.event:
            case Verb.CARD_ARCHIVED:
                sheet.stop(f"Archived by {by}", restorable=True)
            case Verb.CARD_DELETED:
                sheet.stop(f"Deleted by {by}", restorable=False)
            case Verb.CARD_RESTORED:
                sheet.go_on()
            case Verb.COMMENT_ADDED | Verb.COMMENT_EDITED:
                sheet.comments.take(CommentView.model_validate(change.data["comment"]))
            case Verb.COMMENT_DELETED:
                sheet.comments.drop(change.data["comment"]["id"])
        # The card as it was right after this change, so that each field is put down to who changed it.
        card = CardView.model_validate(change.data["card"])
        sheet.show(card, change.data.get("changed", {}), by if by != self.viewer_name else None)
        if card.assignee:
            self._names.add(card.assignee)

    def _known_names(self) -> list[str]:
        """Oneself first, then the others by name."""
        others = sorted(self._names - {self.viewer_name}, key=str.casefold)
        return [self.viewer_name, *others] if self.viewer_name else others

    async def _archive(self) -> None:
        sheet = self._sheet
        if sheet is None:
            return
        stays = await sheet.save()
        if stays:
            self._say(f"{' and '.join(stays)}: not saved yet. Save or discard it before you archive.", "warn")
            return
        try:
            await self._actions.archive(sheet.card.id)
        except Refusal as refusal:
            with self._holder:
                notices.refuse(refusal)
            return
        if sheet is self._sheet:
            self._go()

    def _go(self) -> None:
        sheet, dialog = self._sheet, self._dialog
        self._sheet = self._dialog = None
        if sheet is None or dialog is None:
            return
        if sheet.comments.unsent:
            self._unsent[sheet.card.id] = sheet.comments.unsent
            self._say(f"Your comment on {sheet.card.ref} is not sent. It is kept here with the card.", "info")
        dialog.close()
        with self._holder:
            ui.timer(SECONDS_TO_FADE, lambda: self._remove(dialog), once=True)
        self._holder.client.run_javascript(REFOCUS % sheet.card.id)
        if self.on_close is not None:
            self.on_close(sheet.card.id)

    def _keep_comment(self, dialog: ui.dialog, card: CardView, text: str, refusal: Refusal) -> None:
        """A comment that was on its way when its dialog closed came back."""
        if dialog is self._dialog or self._holder.is_deleted:
            return
        if self._sheet is not None and self._sheet.card.id == card.id:
            self._sheet.comments.write(text)
        else:
            self._unsent[card.id] = "\n\n".join(filter(None, (text, self._unsent.get(card.id))))
        self._say(f"Your comment on {card.ref} was not sent, and is kept with the card. {refusal.detail}", "bad")

    def _remove(self, dialog: ui.dialog) -> None:
        if not dialog.is_deleted:
            dialog.delete()
        if self._dialog is None:
            self._holder.clear()

    def _say(self, words: str, kind: Any) -> None:
        with self._holder:
            notices.say(words, kind=kind)

    async def _rescue(self) -> None:
        """The browser is gone, maybe for good: what was typed into the card's fields is saved all the same."""
        await asyncio.sleep(SECONDS_TO_COME_BACK)
        if self._sheet is not None and not self._holder.client.has_socket_connection:
            await self._sheet.keep()
