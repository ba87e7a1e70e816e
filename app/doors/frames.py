"""Reading a socket's frames. Unknown fields of a frame are ignored; those of a command's arguments are not."""

import hashlib
from dataclasses import dataclass
from typing import Any

import orjson
from pydantic_core import to_json

from app.commands.batch import batch
from app.doors.catalog import Command, command
from app.doors.limits import FRAME_BYTES, KEY_LENGTH, LARGEST_ID, STATE_LENGTH
from app.errors import InvalidInput, TooLarge
from app.store import Once, Store
from app.views import Actor


@dataclass(frozen=True)
class Carried:
    """A command frame, ready to be carried out."""

    command: Command
    target: tuple[int | str, ...]
    arguments: dict[str, Any]
    actor: Actor
    once: Once | None

    @classmethod
    def parse(cls, frame: dict[str, Any], actor: Actor, owner: str) -> "Carried":
        """`owner` is whose request ids these are. Raises what is wrong with the frame."""
        wanted = command(frame.get("name"))
        args = frame.get("args", {})
        if not isinstance(args, dict):
            raise InvalidInput("args: an object is expected", field="args")
        target, arguments = wanted.parse(args)
        fence = parse_fence(frame)
        if fence is not None and wanted.run is batch:
            raise InvalidInput("fence: give each step of a batch its own `fence`", field="fence")
        if fence is not None and wanted.fenced:
            arguments["fence"] = fence
        key = frame.get("request_id")
        once = None
        if key is not None:
            if not isinstance(key, str) or not 1 <= len(key) <= KEY_LENGTH or not key.isprintable():
                raise InvalidInput(f"request_id takes 1 to {KEY_LENGTH} printable characters", field="request_id")
            asked = orjson.dumps([wanted.name, args], option=orjson.OPT_SORT_KEYS)
            once = Once(owner, key, hashlib.sha256(asked).hexdigest(), to_json)
        return cls(wanted, target, arguments, actor, once)

    @property
    def commands(self) -> int:
        """How many this counts for, where the speed of callers is limited."""
        return len(self.arguments["steps"]) if self.command.run is batch else 1

    async def out(self, store: Store) -> str:
        """Run it; the result as JSON. Raises what the command refuses."""
        result = await store.run(self.command.run, *self.target, **self.arguments, actor=self.actor, once=self.once)
        return (result if self.once is not None else to_json(result)).decode()


def parse_frame(message: Any) -> dict[str, Any]:
    """The JSON object of a received message."""
    text = message.get("text")
    if text is None:
        raise InvalidInput("frames are JSON text, not binary")
    if len(text) > FRAME_BYTES or (not text.isascii() and len(text.encode()) > FRAME_BYTES):
        raise TooLarge(f"a frame has at most {FRAME_BYTES} bytes", allowed=[FRAME_BYTES])
    try:
        frame = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise InvalidInput(f"a frame is a JSON object, and this is no JSON: {error}") from None
    if not isinstance(frame, dict):
        raise InvalidInput("a frame is a JSON object")
    return frame


def parse_id(frame: dict[str, Any]) -> int | str | None:
    """What the client calls this frame; the answer carries it."""
    given = frame.get("id")
    if given is None or (isinstance(given, int) and not isinstance(given, bool)):
        return given
    if isinstance(given, str) and len(given) <= KEY_LENGTH:
        return given
    raise InvalidInput(f"id is a number, or a text of at most {KEY_LENGTH} characters", field="id")


def parse_fence(frame: dict[str, Any]) -> int | None:
    """What the holder of a claim sends along, so that it is refused once the claim is lost."""
    given = frame.get("fence")
    if given is None or (isinstance(given, int) and not isinstance(given, bool) and 1 <= given <= LARGEST_ID):
        return given
    raise InvalidInput("fence is the fence of your claim, a whole number from 1", field="fence")


def parse_since(given: Any) -> int | None:
    if isinstance(given, str) and given.isascii() and given.isdecimal() and len(given) <= 19:
        given = int(given)
    if given is None or (isinstance(given, int) and not isinstance(given, bool) and 0 <= given <= LARGEST_ID):
        return given
    raise InvalidInput("since is the sequence you have, a whole number from 0", field="since")


def parse_card_id(frame: dict[str, Any]) -> int | None:
    given = frame.get("card_id")
    if given is None or (isinstance(given, int) and not isinstance(given, bool)):
        return given
    raise InvalidInput("card_id is the number of a card", field="card_id")


def parse_state(frame: dict[str, Any]) -> str | None:
    given = frame.get("state")
    if given is None or (isinstance(given, str) and len(given) <= STATE_LENGTH and given.isprintable()):
        return given
    raise InvalidInput(f"state is one line of at most {STATE_LENGTH} characters", field="state")
