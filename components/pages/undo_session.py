"""What an agent did, taken back from a board's page: the questions of the dialog become queries and one command."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from app.commands.undo import undo_agent
from app.errors import Refusal
from app.queries import activity
from app.queries.undo import plan_undo
from app.service import Service
from app.undo_report import UndoEntry, UndoPlan, UndoReport
from app.views import BoardView, Change
from components.moments import ago
from components.pages.shell import Shell
from components.undo_dialog import Line, UndoActions, UndoDialog, Undoing
from models.vocabulary import ActorKind, Verb, Via

if TYPE_CHECKING:
    from components.pages.board_session import BoardSession

LOOKED_AT = 1_000
"""The latest changes of the board, among which one is chosen to undo from."""
MOST_OFFERED = 50
TITLE_SHOWN = 40
RECORDS = {
    Verb.COMMENT_ADDED: "comments",
    Verb.COMMENT_EDITED: "comments",
    Verb.CARD_CLAIMED: "claims",
    Verb.CLAIM_RELEASED: "claims",
    Verb.PROGRESS_REPORTED: "progress",
}
"""What only tells how it went: it stays, and nobody needs to look at each."""
PAST = {
    "add": "added", "archive": "archived", "delete": "deleted", "make": "made", "move": "moved", "release": "released",
    "rename": "renamed", "restore": "restored", "take": "took", "tick": "ticked", "untick": "unticked",
}  # fmt: skip
"""Of the verbs that an undo begins with; `put`, `set` and `let` are their own past."""


class UndoSession:
    def __init__(self, service: Service, shell: Shell, board: "BoardSession") -> None:
        self._store, self._shell, self._board = service.store, shell, board

    async def open(self, name: str, at_work: bool, back_to: str) -> None:
        actions = UndoActions(
            plan=lambda since: self._plan(name, since),
            run=lambda since: self._run(name, since),
            changes=lambda: self._changes(name),
        )
        with self._shell.client.content:
            dialog = UndoDialog(name, actions, at_work=at_work, back_to=back_to)
        await dialog.start()

    async def _plan(self, name: str, since: datetime | int) -> Undoing | None:
        board_id = self._board.view.board.id
        try:
            if isinstance(since, datetime):
                since = await self._store.read(activity.sequence_at, board_id, since)
            # Where writing is done: a plan is the undo itself, taken back.
            plan = await self._store.run(plan_undo, board_id, name=name, since=since)
        except Refusal as refusal:
            self._board.tell(refusal)
            return None
        return _undoing(plan, _titles(self._board.view))

    async def _run(self, name: str, since: int) -> Undoing | None:
        before = _titles(self._board.view)
        report = await self._board.do(undo_agent, self._board.view.board.id, name=name, since=since)
        # What is archived now keeps the title that it had.
        return None if report is None else _undoing(report, before | _titles(self._board.view))

    async def _changes(self, name: str) -> dict[int, str]:
        board = self._board.view
        since = max(0, board.sequence - LOOKED_AT)
        try:
            changes = await self._store.read(activity.changes_after, board.board.id, since, LOOKED_AT)
        except Refusal as refusal:
            self._board.tell(refusal)
            return {}
        now = datetime.now(UTC)
        own = [change for change in reversed(changes) if _is_work_of(name, change)]
        return {change.sequence - 1: f"{ago(change.at, now)}: {_in_words(change)}" for change in own[:MOST_OFFERED]}


def _titles(view: BoardView) -> dict[str, str]:
    return {card.ref: card.title for card in view.cards.values()}


def _undoing(plan: UndoPlan, titles: Mapping[str, str]) -> Undoing:
    was_done = isinstance(plan, UndoReport)

    def title(entry: UndoEntry) -> str:
        return titles.get(entry.card or "", "")

    done = [
        Line(_past(entry.would) if was_done else _capital(entry.would), title(entry), entry.skipped or "")
        for entry in plan.entries
        if entry.done
    ]
    left = [
        Line(_stays(entry), title(entry), entry.skipped or "", RECORDS.get(entry.event, ""))
        for entry in plan.entries
        if not entry.done
    ]
    return Undoing(plan.since, done, left, plan.more)


def _stays(entry: UndoEntry) -> str:
    """`DEMO-3: moved`, or what was done to the board and what would take that back."""
    words = entry.event.value.replace("_", " ")
    if entry.card is None:
        return f"{_capital(words)}, not taken back: {entry.would}"
    return f"{entry.card}: {words.removeprefix('card ')}"


def _past(would: str) -> str:
    """`move DEMO-3 back` becomes `Moved DEMO-3 back`."""
    verb, _, rest = would.partition(" ")
    return f"{_capital(PAST.get(verb, verb))} {rest}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _is_work_of(name: str, change: Change) -> bool:
    actor = change.actor
    by_it = (actor.name, actor.kind) == (name, ActorKind.AGENT) and actor.via is not Via.SYSTEM
    return by_it and change.event is not Verb.CLAIM_RENEWED


def _in_words(change: Change) -> str:
    """`DEMO-3 moved, Checkout in one page`, or `column created`."""
    words = change.event.value.replace("_", " ")
    card = change.data.get("card")
    if card is None:
        return words
    title = card["title"] if len(card["title"]) <= TITLE_SHOWN else card["title"][: TITLE_SHOWN - 1] + "…"
    return f"{card['ref']} {words.removeprefix('card ')}, {title}"
