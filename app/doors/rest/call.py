"""One REST call: who asks, with which conditions, and how a command or a query is run for it and answered."""

import hashlib
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from app.doors.actors import actor_of
from app.doors.answers import Answer, json_response, kept_answer
from app.doors.bodies import Body
from app.doors.catalog import takes_fence
from app.doors.limits import KEY_LENGTH, LARGEST_ID, CommandLimit
from app.errors import InvalidInput
from app.service import Service
from app.store import Once
from app.views import ANONYMOUS, Actor
from models.vocabulary import Via


class Call(Request):
    @property
    def service(self) -> Service:
        return self.app.state.service

    @property
    def actor(self) -> Actor:
        """From the headers X-Actor and X-Actor-Kind. Raises InvalidInput."""
        return actor_of(self.header(b"x-actor"), self.header(b"x-actor-kind"), Via.REST, "X-Actor", "X-Actor-Kind")

    async def begin(self) -> None:
        """Word of an agent keeps its leases, whatever the call is about. Raises InvalidInput when it names nobody."""
        actor = self.actor
        if actor.name != ANONYMOUS:
            await self.service.leases.alive(actor)

    async def carry_out(
        self,
        command: Callable[..., Any],
        *target: int | str,
        body: Body | None = None,
        status: int = 200,
        asked: BaseModel | None = None,
        commands: int = 1,
        **arguments: Any,
    ) -> Response:
        """Run the command as this caller and answer its result; with an Idempotency-Key at most once.

        `asked` is a body whose arguments are given already; `commands` is how many the call counts for, where the
        speed of callers is limited.
        """
        actor = self.actor
        self.spend(commands)
        if body is not None:
            arguments = {**body.arguments(), **arguments}
        fence = self.fence()
        if fence is not None and takes_fence(command):
            arguments["fence"] = fence
        key = self.idempotency_key()
        store = self.service.store
        if key is None:
            answer = Answer.of(await store.run(command, *target, **arguments, actor=actor))
        else:
            once = Once(f"{actor.kind}:{actor.name}", key, self._fingerprint(body or asked), kept_answer)
            answer = Answer.from_kept(await store.run(command, *target, **arguments, actor=actor, once=once))
        return answer.response(status)

    def spend(self, commands: int = 1) -> None:
        """Raises TooMuch when this caller sends more commands than anybody may."""
        limit: CommandLimit = self.app.state.command_limit
        limit.spend(self.actor.name, commands)

    async def ask(self, query: Callable[..., Any], *args: Any, **arguments: Any) -> Response:
        """Run the query and answer its result."""
        return Answer.of(await self.service.store.read(query, *args, **arguments)).response(200)

    def header(self, name: bytes) -> str | None:
        """A header by its lower-case name: UTF-8 where it is that, else Latin-1."""
        for key, value in self.scope["headers"]:
            if key == name:
                try:
                    return str(value, "utf-8")
                except UnicodeDecodeError:
                    return str(value, "latin-1")
        return None

    def idempotency_key(self) -> str | None:
        key = self.header(b"idempotency-key")
        if key is not None and not (1 <= len(key) <= KEY_LENGTH and key.isprintable()):
            raise InvalidInput(f"Idempotency-Key takes 1 to {KEY_LENGTH} printable characters", field="Idempotency-Key")
        return key

    def fence(self) -> int | None:
        """From X-Fence. Raises InvalidInput."""
        given = self.header(b"x-fence")
        if given is None:
            return None
        if not (given.isascii() and given.isdecimal() and len(given) <= 19 and 1 <= int(given) <= LARGEST_ID):
            raise InvalidInput("X-Fence takes the fence of your claim, a whole number from 1", field="X-Fence")
        return int(given)

    def expected_version(self) -> int | None:
        """From If-Match: `3`, `"3"` or `W/"3"`; None without it or for `*`. Raises InvalidInput."""
        given = self.header(b"if-match")
        if given is None or given.strip() == "*":
            return None
        digits = given.strip().removeprefix("W/").removeprefix('"').removesuffix('"')
        if not (digits.isascii() and digits.isdecimal() and len(digits) <= 18):
            raise InvalidInput('If-Match takes the version of the card, such as "3"', field="If-Match")
        return int(digits)

    @property
    def address(self) -> str:
        return self.client.host if self.client else ""

    async def gone(self) -> None:
        """Returns when the caller has hung up."""
        try:
            await self.body()
        except ClientDisconnect:
            return
        while (await self.receive())["type"] != "http.disconnect":
            pass

    def json(self, body: bytes) -> Response:  # type: ignore[override]
        return json_response(body)

    def _fingerprint(self, body: BaseModel | None) -> str:
        """Of method, path, query and body; how the body's JSON was spelled does not matter."""
        asked = hashlib.sha256()
        for part in (
            self.scope["method"].encode(),
            self.scope["path"].encode(),
            self.scope["query_string"],
            body.model_dump_json(exclude_unset=True).encode() if body is not None else b"",
        ):
            asked.update(b"%d:" % len(part) + part)
        return asked.hexdigest()
