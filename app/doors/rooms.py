"""The sockets on each board, for presence: each event is put into words once and told to all others."""

from collections.abc import Callable
from typing import Protocol

import orjson

from app.feed import Presence, PresenceEvent

ARRIVALS = ("joined", "left")


class Member(Protocol):
    client_id: str

    def tell(self, text: str) -> None: ...


class Rooms:
    def __init__(self, presence: Presence, crowd: int) -> None:
        self._presence = presence
        self._crowd = crowd
        self._members: dict[int, set[Member]] = {}
        self._unwatch: dict[int, Callable[[], None]] = {}

    def __len__(self) -> int:
        """How many boards have a socket on them."""
        return len(self._members)

    def enter(self, board_id: int, member: Member) -> None:
        if board_id not in self._members:
            self._members[board_id] = set()
            self._unwatch[board_id] = self._presence.watch(board_id, self._tell)
        self._members[board_id].add(member)

    def leave(self, board_id: int, member: Member) -> None:
        members = self._members.get(board_id, set())
        members.discard(member)
        if board_id in self._members and not members:
            del self._members[board_id]
            self._unwatch.pop(board_id)()

    def _tell(self, event: PresenceEvent) -> None:
        members = self._members.get(event.board_id, set())
        if event.state in ARRIVALS and len(members) > self._crowd:
            return
        text = presence_text(event)
        for member in tuple(members):
            if member.client_id != event.who.client_id:
                member.tell(text)


def presence_text(event: PresenceEvent) -> str:
    who = {"client_id": event.who.client_id, "name": event.who.name, "kind": event.who.kind}
    return orjson.dumps(
        {
            "event": "presence",
            "board_id": event.board_id,
            "data": {"who": who, "card_id": event.card_id, "state": event.state},
        }
    ).decode()
