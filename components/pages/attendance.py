"""One browser's place among those who look at a board: taken while it is connected, given back when it is not."""

from collections.abc import Callable

from nicegui import Client

from app.feed import Seat
from app.feed.presence import PresenceEvent, Who
from app.service import Service
from components.identity import Viewer
from components.pages.refresher import Refresher
from models.vocabulary import ActorKind

WHO_IS_HERE = {"joined", "left", "renamed"}
"""The events that change it; others tell what somebody does."""


class Attendance:
    """`on_people` is called with the names of the others, in order of coming, whenever they may have changed.

    A hundred who come at once are told to a hundred others: not one by one, but together a moment later.
    """

    def __init__(
        self,
        service: Service,
        client: Client,
        viewer: Viewer,
        board_id: int,
        refresher: Refresher,
        on_people: Callable[[list[str]], None],
    ) -> None:
        self._presence = service.feed.presence
        self._client, self._viewer, self._on_people = client, viewer, on_people
        self.board_id = board_id
        self.seat: Seat | None = None
        self._refresher = refresher
        self._unwatch = self._presence.watch(board_id, self._hear)
        client.on_connect(self._take)
        client.on_disconnect(self._give_back)
        client.on_delete(self._end)
        self._take()

    def rename(self, name: str) -> None:
        if self.seat is not None:
            self.seat.rename(name)

    def look_at(self, card_id: int | None) -> None:
        """Let the others know which card is open here."""
        if self.seat is not None:
            self.seat.update(card_id=card_id)

    def _take(self) -> None:
        if self.seat is None:
            who = Who(client_id=self._client.id, name=self._viewer.name, kind=ActorKind.HUMAN)
            self.seat = self._presence.join(self.board_id, who)
        self._tell()

    def _give_back(self) -> None:
        # A browser that reconnects is there before its old socket is found dead.
        if self.seat is not None and not self._client.has_socket_connection:
            self.seat.leave()
            self.seat = None

    def _end(self) -> None:
        self._unwatch()
        if self.seat is not None:
            self.seat.leave()
            self.seat = None

    def _hear(self, event: PresenceEvent) -> None:
        if event.state in WHO_IS_HERE and event.who.client_id != self._client.id:
            self._refresher.ask_later(self._tell)

    def _tell(self) -> None:
        if self._client.is_deleted:
            return
        others = [seat.who.name for seat in self._presence.here(self.board_id) if seat.who.client_id != self._client.id]
        self._on_people(list(dict.fromkeys(others)))
