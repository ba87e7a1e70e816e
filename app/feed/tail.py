"""The in-memory end of a board's activity: a change is applied once and serialised once, then handed to all.

The tail is a cache of the activity table. It takes changes in any order and publishes them in sequence; what it
misses it is given again from the table. A board that is deleted takes its activity with it: that is the last change,
and afterwards every follower comes to its end.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

import orjson

from app.views import SYSTEM, BoardView, CardView, Change
from models.vocabulary import Verb

if TYPE_CHECKING:
    from app.feed.follower import Follower

KEPT = 1_000
"""Changes kept in memory for those who come back; older ones are read from the table."""
KEPT_CHARACTERS = 4_000_000
AT_ONCE = 100
"""Changes that are handed to followers, all counted, before the event loop has its turn."""


class Published:
    """A change with its wire form. `view` is the board as it is now: at this change or later."""

    __slots__ = ("_tail", "change", "json")

    def __init__(self, tail: "Tail", change: Change, json: str) -> None:
        self._tail = tail
        self.change = change
        self.json = json

    @property
    def view(self) -> BoardView:
        return self._tail.view


class Tail:
    def __init__(self, board_id: int, closed: Callable[[], None]) -> None:
        self.board_id = board_id
        self.followers: set[Follower] = set()
        self.last: Published | None = None
        """That the board was deleted: nothing comes after it."""
        self._closed = closed
        self._view: BoardView | None = None
        self._ahead: dict[int, Change] = {}
        self._recent: deque[Published] = deque()
        self._recent_characters = 0
        self._due: deque[Published] = deque()
        self._handing_out: Iterator[Follower] | None = None
        self._left: int | None = None
        self._card_json: dict[int, tuple[CardView, bytes]] = {}
        self._snapshot: tuple[int, bytes] = (-1, b"")

    @property
    def view(self) -> BoardView:
        assert self._view is not None, "the tail is used before its board was read"
        return self._view

    @property
    def head(self) -> int:
        """The sequence of the last change published."""
        return self.view.sequence

    def begin(self, view: BoardView) -> None:
        """Start from a snapshot; changes that came in while it was read follow at once."""
        self._view = view
        self._ahead = {sequence: change for sequence, change in self._ahead.items() if sequence > view.sequence}
        self._drain()

    def receive(self, change: Change) -> bool:
        """Take a change, in whatever order it comes. False when one before it is missing still."""
        if self.last is not None:
            return True
        if self._view is not None and change.sequence == self._view.sequence + 1:
            self._publish(change)
        elif self._view is None or change.sequence > self._view.sequence:
            self._ahead[change.sequence] = change
        if self._ahead:
            self._drain()
        return not self._ahead

    def end(self, now: datetime) -> None:
        """The board is gone from the table. Who deleted it is known where that was done, and here when the word of it
        waits for a change that nobody can read any more; otherwise it is told in nobody's name, with the next number.
        """
        if self.last is None:
            waiting = [change for change in self._ahead.values() if change.event is Verb.BOARD_DELETED]
            self._ahead.clear()
            told = waiting[0] if waiting else self._deleted(now)
            self._publish(told.model_copy(update={"sequence": self.head + 1}))

    def after(self, since: int, limit: int | None = None) -> list[Published] | None:
        """What was published after `since`, or None when the memory does not reach back that far."""
        first = self._recent[0].change.sequence if self._recent else self.head + 1
        if since < first - 1:
            return None
        skipped = since - first + 1
        return list(islice(self._recent, skipped, None if limit is None else skipped + limit))

    def published(self, changes: Iterable[Change]) -> list[Published]:
        """Older changes, read from the table, in the form that followers take."""
        return [Published(self, change, wire(change)) for change in changes]

    @property
    def has_snapshot(self) -> bool:
        """Whether `snapshot_json` has its answer ready."""
        return self._snapshot[0] == self.head

    def snapshot_json(self) -> bytes:
        """The board in its wire form; a card is serialised again only after it changed. May be called in a thread."""
        view = self.view
        sequence, kept = self._snapshot
        if sequence == view.sequence:
            return kept
        cards = b",".join(self._card(card) for column in view.columns for card in view.lane(column.id))
        columns = b",".join(column.model_dump_json().encode() for column in view.columns)
        labels = b",".join(label.model_dump_json().encode() for label in view.labels.values())
        made = b'{"board":%b,"columns":[%b],"cards":[%b],"labels":[%b],"sequence":%d}' % (
            view.board.model_dump_json().encode(),
            columns,
            cards,
            labels,
            view.sequence,
        )
        self._snapshot = (view.sequence, made)
        return made

    def join(self, follower: "Follower") -> None:
        self.followers.add(follower)

    def leave(self, follower: "Follower") -> None:
        self.followers.discard(follower)
        if not self.followers:
            self._closed()

    def _card(self, card: CardView) -> bytes:
        kept = self._card_json.get(card.id)
        if kept is not None and kept[0] is card:
            return kept[1]
        made = card.model_dump_json().encode()
        self._card_json[card.id] = (card, made)
        return made

    def _drain(self) -> None:
        while self._view is not None and self._ahead:
            change = self._ahead.pop(self._view.sequence + 1, None)
            if change is None:
                return
            self._publish(change)

    def _deleted(self, now: datetime) -> Change:
        board = self.view.board.model_copy(update={"sequence": self.head + 1, "updated_at": now})
        return Change(
            event=Verb.BOARD_DELETED,
            board_id=self.board_id,
            sequence=board.sequence,
            at=now,
            actor=SYSTEM,
            card_id=None,
            data={"board": board.model_dump(mode="json")},
        )

    def _publish(self, change: Change) -> None:
        self._view = self.view.apply(change)
        item = Published(self, change, wire(change))
        if change.event is Verb.BOARD_DELETED:
            self.last = item
        self._recent.append(item)
        self._recent_characters += len(item.json)
        while len(self._recent) > KEPT or self._recent_characters > KEPT_CHARACTERS:
            self._recent_characters -= len(self._recent.popleft().json)
        if change.card_id is not None and change.card_id not in self._view.cards:
            self._card_json.pop(change.card_id, None)
        if not self.followers:
            return
        self._due.append(item)
        if self._left is None:
            self._begin_turn()
        self._hand_out()

    def _begin_turn(self) -> None:
        self._left = AT_ONCE
        asyncio.get_running_loop().call_soon(self._end_turn)

    def _end_turn(self) -> None:
        self._left = None
        if self._due:
            self._begin_turn()
            self._hand_out()

    def _hand_out(self) -> None:
        """Give what is due to the followers, no more in one turn than leaves the loop free for others in between."""
        while self._due and self._left:
            self._handing_out = self._handing_out or iter(tuple(self.followers))
            for follower in self._handing_out:
                self._left -= 1
                follower.offer(self._due[0])
                if not self._left:
                    return
            given = self._due.popleft()
            self._handing_out = None
            if given is self.last:
                for follower in tuple(self.followers):
                    follower.finish()


def wire(change: Change) -> str:
    """The wire form of a change, as the contract has it."""
    return orjson.dumps(
        {
            "event": change.event,
            "board_id": change.board_id,
            "sequence": change.sequence,
            "at": change.at,
            "actor": {"name": change.actor.name, "kind": change.actor.kind, "via": change.actor.via},
            "card_id": change.card_id,
            "data": change.data,
        },
        option=orjson.OPT_UTC_Z,
    ).decode()
