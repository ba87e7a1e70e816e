"""Who calls a tool, and what the call may use."""

from dataclasses import dataclass
from typing import Any

from mcp.server.context import ServerRequestContext

from app.doors.actors import actor_of
from app.doors.limits import CommandLimit
from app.doors.patience import Patience
from app.doors.rest.call import Call
from app.service import Service
from app.views import Actor
from models.vocabulary import ActorKind, Via


@dataclass(frozen=True)
class Caller:
    call: Call
    actor: Actor

    @classmethod
    def of(cls, context: ServerRequestContext[Any, Any]) -> "Caller":
        """From the headers X-Actor and X-Actor-Kind; who says nothing is an agent. Raises InvalidInput."""
        asked = context.request
        assert asked is not None
        call = Call(asked.scope, asked.receive)
        kind = call.header(b"x-actor-kind") or ActorKind.AGENT.value
        return cls(call, actor_of(call.header(b"x-actor"), kind, Via.MCP, "X-Actor", "X-Actor-Kind"))

    @property
    def service(self) -> Service:
        return self.call.service

    @property
    def patience(self) -> Patience:
        patience: Patience = self.call.app.state.patience
        return patience

    @property
    def owner(self) -> str:
        """Whose request ids these are; the same as at the other doors."""
        return f"{self.actor.kind}:{self.actor.name}"

    async def begin(self) -> None:
        """Word of an agent keeps its leases."""
        await self.service.leases.alive(self.actor)

    def spend(self) -> None:
        """Raises TooMuch."""
        limit: CommandLimit = self.call.app.state.command_limit
        limit.spend(self.actor.name)
