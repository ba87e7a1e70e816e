"""One reader of a board's changes: a cursor and a bounded queue. A slow one harms only itself."""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable

from app.feed.tail import Published, Tail
from app.views import BoardView

CAPACITY = 1_000
"""Changes that may wait for a follower before it is told to start again from the present state."""

log = logging.getLogger(__name__)

__all__ = ["CAPACITY", "Follower", "Published", "Resync"]


class Resync:
    """The follower missed too much: take the board as it is now, and go on after `sequence`."""

    __slots__ = ("_tail", "sequence")

    def __init__(self, tail: Tail, sequence: int) -> None:
        self._tail = tail
        self.sequence = sequence

    @property
    def board_id(self) -> int:
        return self._tail.board_id

    @property
    def view(self) -> BoardView:
        return self._tail.view


Item = Published | Resync


class Follower:
    """Read it with `async for item in follower`, or with `listen`; close it when done.

    `cursor` is the sequence up to which everything was handed out.
    """

    def __init__(self, tail: Tail, cursor: int, capacity: int = CAPACITY) -> None:
        self.board_id = tail.board_id
        self.cursor = cursor
        self.overflowed = False
        self._tail = tail
        self._capacity = capacity
        self._queue: deque[Item] = deque()
        self._arrived = asyncio.Event()
        self._callback: Callable[[Item], None] | None = None
        self._closed = False
        self._joined_at = tail.head
        tail.join(self)

    @property
    def view(self) -> BoardView:
        """The board as it is now."""
        return self._tail.view

    start_view = view

    def listen(self, callback: Callable[[Item], None]) -> None:
        """Hand every item, those waiting first, to `callback`, on the event loop and in order, instead of queueing."""
        self._callback = callback
        while self._queue:
            callback(self._taken())

    def close(self) -> None:
        """Stop following; a reader that waits comes to its end."""
        self._closed = True
        self._tail.leave(self)
        self._queue.clear()
        self._arrived.set()

    def finish(self) -> None:
        """Nothing comes any more: the reader takes what waits, and then comes to its end."""
        self._closed = True
        self._tail.leave(self)
        self._arrived.set()

    async def wait(self, seconds: float) -> bool:
        """Whether something is there to read within `seconds`."""
        if not self._queue and not self._closed:
            self._arrived.clear()
            try:
                async with asyncio.timeout(seconds):
                    await self._arrived.wait()
            except TimeoutError:
                return False
        return bool(self._queue)

    def __aiter__(self) -> AsyncIterator[Item]:
        return self

    async def __anext__(self) -> Item:
        while not self._queue:
            if self._closed:
                raise StopAsyncIteration
            self._arrived.clear()
            await self._arrived.wait()
        return self._taken()

    def offer(self, item: Item) -> None:
        """Called by the tail, in sequence. What was published before this one joined is not for it."""
        if self._closed or _sequence(item) <= self._joined_at:
            return
        if self._callback is not None:
            self.cursor = _sequence(item)
            try:
                self._callback(item)
            except Exception:  # whatever is wrong with this reader: the others get theirs
                log.exception("a follower of board %s could not take change %s", self.board_id, self.cursor)
            return
        if len(self._queue) >= self._capacity:
            self.start_over()
            return
        self._queue.append(item)
        self._arrived.set()

    def start_over(self) -> None:
        """Forget what waits; the reader is told to begin again from the present state. That a board was deleted is
        told all the same: there is no state that would tell it.
        """
        self._queue.clear()
        last = self._tail.last
        self._queue.append(Resync(self._tail, self._tail.head - (last is not None)))
        if last is not None:
            self._queue.append(last)
        self._joined_at = self._tail.head  # what is still being handed out lies before it
        self.overflowed = True
        self._arrived.set()

    def precede(self, items: Iterable[Item]) -> None:
        """Put what was missed before what has arrived since."""
        missed = list(items)
        self._capacity += len(missed)
        self._queue.extendleft(reversed(missed))
        if missed:
            self._arrived.set()

    def _taken(self) -> Item:
        item = self._queue.popleft()
        self.cursor = _sequence(item)
        return item


def _sequence(item: Item) -> int:
    return item.change.sequence if isinstance(item, Published) else item.sequence
