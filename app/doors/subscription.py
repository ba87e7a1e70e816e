"""A socket on a board: the board's changes from one sequence on, and a seat among those who are here."""

from collections.abc import Callable

import orjson

from app.doors.outbox import Outbox
from app.feed import Feed, Follower, Published, Resync, Seat, Who
from models.vocabulary import Verb


class Subscription:
    """`on_end` is called when the board was deleted, once the peer has been told."""

    def __init__(self, follower: Follower, seat: Seat, outbox: Outbox, on_end: Callable[[int], None]) -> None:
        self.board_id = follower.board_id
        self.key = follower.view.board.key
        self.seat = seat
        self._follower = follower
        self._outbox = outbox
        self._on_end = on_end

    @classmethod
    async def open(
        cls, feed: Feed, board_id: int, since: int | None, who: Who, outbox: Outbox, on_end: Callable[[int], None]
    ) -> "Subscription":
        """Raises NotFound. Nothing is delivered before `begin`."""
        follower = await feed.follow(board_id, since)
        return cls(follower, feed.presence.join(board_id, who), outbox, on_end)

    @property
    def sequence(self) -> int:
        """The sequence of the board now."""
        return self._follower.view.sequence

    def holds(self, card_id: int) -> bool:
        return card_id in self._follower.view.cards

    async def begin(self) -> None:
        """What was missed first, at the pace of the reader; from then on each change as it happens."""
        while await self._follower.wait(0):
            await self._outbox.room()
            if self._outbox.closed:
                return
            self._deliver(await anext(self._follower))
        self._follower.listen(self._deliver)

    def close(self) -> None:
        self._follower.close()
        self.seat.leave()

    def _deliver(self, item: Published | Resync) -> None:
        if isinstance(item, Published):
            self._outbox.push(item.json)
            if item.change.event is Verb.BOARD_DELETED:
                self._on_end(self.board_id)
        else:
            resync = {"event": "resync", "board_id": item.board_id, "data": {"sequence": item.sequence}}
            self._outbox.push(orjson.dumps(resync).decode())
