"""Who is here, on which card: in memory, by board, gone when they leave. Nothing of this is stored or numbered."""

from collections.abc import Callable
from dataclasses import dataclass

from models.vocabulary import ActorKind


@dataclass(frozen=True)
class Who:
    """A connected person or agent. `client_id` tells two windows of the same person apart."""

    client_id: str
    name: str
    kind: ActorKind


@dataclass(frozen=True)
class PresenceEvent:
    """`state` is `joined`, `left`, `renamed`, or what the client said of itself (such as `typing`)."""

    board_id: int
    who: Who
    card_id: int | None
    state: str | None


Watcher = Callable[[PresenceEvent], None]


class Seat:
    """One connection's place at a board, from `join` to `leave`."""

    def __init__(self, presence: "Presence", board_id: int, who: Who) -> None:
        self.board_id = board_id
        self.who = who
        self.card_id: int | None = None
        self.state: str | None = None
        self._presence = presence

    def update(self, card_id: int | None = None, state: str | None = None) -> None:
        self.card_id, self.state = card_id, state
        self._presence.tell(self, state)

    def rename(self, name: str) -> None:
        self.who = Who(self.who.client_id, name, self.who.kind)
        self._presence.tell(self, "renamed")

    def leave(self) -> None:
        self._presence.remove(self)


class Presence:
    def __init__(self) -> None:
        self._seats: dict[int, list[Seat]] = {}
        self._watchers: dict[int, list[Watcher]] = {}

    def join(self, board_id: int, who: Who) -> Seat:
        seat = Seat(self, board_id, who)
        self._seats.setdefault(board_id, []).append(seat)
        self.tell(seat, "joined")
        return seat

    def here(self, board_id: int) -> tuple[Seat, ...]:
        """Those at the board, in the order they came."""
        return tuple(self._seats.get(board_id, ()))

    def watch(self, board_id: int, callback: Watcher) -> Callable[[], None]:
        """`callback` hears of everyone who comes, goes or says something. Answers the way to stop it."""
        self._watchers.setdefault(board_id, []).append(callback)

        def unwatch() -> None:
            watchers = self._watchers.get(board_id, [])
            if callback in watchers:
                watchers.remove(callback)
            if not watchers:
                self._watchers.pop(board_id, None)

        return unwatch

    def tell(self, seat: Seat, state: str | None) -> None:
        event = PresenceEvent(seat.board_id, seat.who, seat.card_id, state)
        for callback in tuple(self._watchers.get(seat.board_id, ())):
            callback(event)

    def remove(self, seat: Seat) -> None:
        seats = self._seats.get(seat.board_id, [])
        if seat not in seats:
            return
        seats.remove(seat)
        if not seats:
            del self._seats[seat.board_id]
        self.tell(seat, "left")
