"""One socket's conversation: frames come in and are answered one after the other, changes go out as they happen."""

from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl
from uuid import uuid4

import orjson
from pydantic_core import to_json
from starlette.types import Receive

from app.doors.actors import actor_of
from app.doors.frames import Carried, parse_card_id, parse_frame, parse_id, parse_since, parse_state
from app.doors.handles import handle
from app.doors.limits import CLIENT_ID_LENGTH, HEARTBEAT_SECONDS, Bucket
from app.doors.outbox import Outbox
from app.doors.problems import error_data
from app.doors.stepping import resumed
from app.doors.subscription import Subscription
from app.errors import InvalidInput, NotFound, Refusal, TooMuch
from app.feed import Who
from app.views import Actor
from models.vocabulary import Via

if TYPE_CHECKING:
    from app.doors.socket import SocketDoor

FLOOD = 1008


class Session:
    def __init__(self, door: "SocketDoor", outbox: Outbox, query_string: bytes) -> None:
        self.client_id = uuid4().hex
        self.tell = outbox.push
        self._door = door
        self._outbox = outbox
        self._query = dict(parse_qsl(query_string.decode("latin-1"), keep_blank_values=True))
        self._actor: Actor = actor_of(None, None, Via.SOCKET, "username", "kind")
        self._who = Who(self.client_id, "", self._actor.kind)
        # who gives no name has another one after reconnecting, and may repeat a command then all the same
        self._owner = f"{self._actor.kind}:{self._actor.name}"
        self._boards: dict[int, Subscription] = {}
        self._hasty = Bucket(door.limits.hasty_frames_a_second, door.limits.hasty_frames_at_once)
        self._ahead = 0
        self._answers: dict[str, Callable[[dict[str, Any]], Awaitable[None]]] = {
            "ping": self._ping,
            "subscribe_board": self._subscribe,
            "unsubscribe_board": self._unsubscribe,
            "command": self._command,
            "presence": self._presence,
            "get_stats": self._stats,
        }

    async def run(self, receive: Receive) -> None:
        """Until the peer leaves or is sent away."""
        await self._greet()
        while not self._outbox.closed:
            await self._outbox.room()
            message = await self._next(receive)
            if message is None or message["type"] != "websocket.receive":
                return
            await self._answer(message)

    def leave_all(self) -> None:
        for board_id in tuple(self._boards):
            self._leave(board_id)

    async def _greet(self) -> None:
        problems: list[Refusal] = []
        for step in (self._take_client_id, self._take_name):
            try:
                step()
            except Refusal as refusal:
                problems.append(refusal)
        subscription = None
        if "board_id" in self._query:
            try:
                since = parse_since(self._query.get("since"))
                subscription = await self._enter(self._query["board_id"], since)
            except Refusal as refusal:
                problems.append(refusal)
        data = {
            "client_id": self.client_id,
            "message": "Connected to Agent Kanban Board WebSocket",
            "board_id": subscription and subscription.board_id,
            "server_time": _now(),
            "sequence": subscription and subscription.sequence,
            "heartbeat_seconds": HEARTBEAT_SECONDS,
        }
        self._say({"event": "connected", "data": data})
        for told in problems:
            self._refuse(told, {})
        if subscription is not None:
            await subscription.begin()

    def _take_client_id(self) -> None:
        given = self._query.get("client_id")
        if given is not None:
            if not (1 <= len(given) <= CLIENT_ID_LENGTH and given.isprintable()):
                raise InvalidInput(f"client_id takes 1 to {CLIENT_ID_LENGTH} printable characters", field="client_id")
            self.client_id = given
            self._who = Who(given, self._who.name, self._who.kind)

    def _take_name(self) -> None:
        # the name others see stands even when what was asked for is refused
        self._who = Who(self.client_id, f"anonymous-{self.client_id[:4]}", self._actor.kind)
        self._actor = self._actor.model_copy(update={"name": self._who.name})
        name = self._query.get("username", self._who.name)
        self._actor = actor_of(name, self._query.get("kind"), Via.SOCKET, "username", "kind")
        self._who = Who(self.client_id, self._actor.name, self._actor.kind)
        if "username" in self._query:
            self._owner = f"{self._actor.kind}:{self._actor.name}"

    async def _next(self, receive: Receive) -> Any:
        """The next message. None when the peer sends ahead of the answers for too long: that is a flood."""
        waiting = receive()
        assert isinstance(waiting, Coroutine)
        try:
            pending = waiting.send(None)
        except StopIteration as arrived:
            # it lay there before the last answer was out
            self._ahead += 1
            if self._ahead > self._door.limits.frames_ahead and self._hasty.take():
                self._refuse(TooMuch("too many frames at once: wait for answers between them"), {})
                self._outbox.close(FLOOD, "flood")
                return None
            return arrived.value
        self._ahead = 0
        return await resumed(waiting, pending)

    async def _answer(self, message: Any) -> None:
        """One frame; a bad one is told so, and the socket lives on."""
        named: dict[str, Any] = {}
        try:
            frame = parse_frame(message)
            named = {"id": parse_id(frame)}
            await self._door.service.leases.alive(self._actor)
            await self._handler(frame)(frame)
        except Refusal as refusal:
            self._refuse(refusal, named)

    def _handler(self, frame: dict[str, Any]) -> Callable[[dict[str, Any]], Awaitable[None]]:
        kind = frame.get("type")
        answer = self._answers.get(kind) if isinstance(kind, str) else None
        if answer is None:
            raise InvalidInput("type: this server knows no such frame", field="type", allowed=list(self._answers))
        return answer

    async def _ping(self, frame: dict[str, Any]) -> None:
        self._say({"event": "pong", "id": frame.get("id"), "server_time": _now()})

    async def _stats(self, frame: dict[str, Any]) -> None:
        self._tell_of("stats", frame, self._door.stats())

    async def _subscribe(self, frame: dict[str, Any]) -> None:
        since = parse_since(frame.get("since"))
        subscription = await self._enter(frame.get("board_id"), since)
        data = {"board_id": subscription.board_id, "sequence": subscription.sequence}
        self._tell_of("subscribed", frame, data)
        await subscription.begin()

    async def _unsubscribe(self, frame: dict[str, Any]) -> None:
        board_id = self._subscribed(frame.get("board_id"))
        self._leave(board_id)
        self._tell_of("unsubscribed", frame, {"board_id": board_id})

    async def _command(self, frame: dict[str, Any]) -> None:
        carried = Carried.parse(frame, self._actor, self._owner)
        self._door.command_limit.spend(self._actor.name, carried.commands)
        data = await carried.out(self._door.service.store)
        head = orjson.dumps({"event": "result", "id": frame.get("id")}).decode()
        self.tell(f'{head[:-1]},"data":{data}}}')

    async def _presence(self, frame: dict[str, Any]) -> None:
        card_id, state = parse_card_id(frame), parse_state(frame)
        boards = [self._subscribed(frame["board_id"])] if "board_id" in frame else list(self._boards)
        there = [self._boards[board] for board in boards if card_id is None or self._boards[board].holds(card_id)]
        if not there:
            raise NotFound("no board you follow here has that card", field="card_id", next="subscribe_board")
        for subscription in there:
            subscription.seat.update(card_id, state)

    async def _enter(self, board: Any, since: int | None) -> Subscription:
        wanted = handle("board_id", board)
        view = await self._door.service.feed.view(wanted)
        board_id = view.board.id
        present = self._boards.get(board_id)
        if present is not None and since is None:
            return present
        self._leave(board_id)
        if len(self._boards) >= self._door.limits.boards:
            raise TooMuch(f"a socket follows at most {self._door.limits.boards} boards", next="unsubscribe_board")
        feed = self._door.service.feed
        subscription = await Subscription.open(feed, board_id, since, self._who, self._outbox, self._leave)
        self._boards[board_id] = subscription
        self._door.rooms.enter(board_id, self)
        return subscription

    def _subscribed(self, board: Any) -> int:
        """The id of a board that this socket follows, named by id or key."""
        wanted = handle("board_id", board)
        for board_id, subscription in self._boards.items():
            if wanted in (board_id, subscription.key):
                return board_id
        raise NotFound(f"this socket does not follow board {wanted}", field="board_id", allowed=list(self._boards))

    def _leave(self, board_id: int) -> None:
        subscription = self._boards.pop(board_id, None)
        if subscription is not None:
            self._door.rooms.leave(board_id, self)
            subscription.close()

    def _refuse(self, refusal: Refusal, frame: dict[str, Any]) -> None:
        self._tell_of("error", frame, error_data(refusal))

    def _tell_of(self, event: str, frame: dict[str, Any], data: dict[str, Any]) -> None:
        """An event that answers a frame carries the frame's id, if it had one."""
        answered = {"id": frame["id"]} if frame.get("id") is not None else {}
        self._say({"event": event, **answered, "data": data})

    def _say(self, message: dict[str, Any]) -> None:
        self.tell(to_json(message).decode())


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
